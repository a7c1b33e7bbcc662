package set

// Labelled is one set with its class, numbered from 0.
type Labelled struct {
	Set   Batch // of one set
	Class int
}

// Targeted is one set with the set that should be predicted from it.
type Targeted struct {
	Set, Target Batch // of one set each
}
