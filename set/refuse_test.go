package set_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/set"
)

// What does not exist, does not fit or cannot be held panics with a
// *set.ShapeError, and never otherwise.
func TestRefused(t *testing.T) {
	b := three()
	short := set.Batch{Dim: 2, Values: make([]float32, 3), Offsets: set.Offsets{0, 2}}
	turned := set.Batch{Dim: 1, Values: make([]float32, 2), Offsets: set.Offsets{0, 5, 2}}
	related := func(r *set.Relation) set.Batch {
		x := set.New(1, 2)
		x.Relations = []*set.Relation{r}
		return x
	}
	var none set.Batch
	for name, f := range map[string]func(){
		"a negative size":       func() { set.Sizes(1, -1) },
		"sizes that overflow":   func() { set.Sizes(math.MaxInt, 1) },
		"a negative width":      func() { set.New(-1, 2) },
		"a negative set":        func() { set.New(2, -1) },
		"huge":                  func() { set.New(1<<40, 2) },
		"overflow to nothing":   func() { set.New(1<<32, 1<<32) },
		"overflow":              func() { set.New(1<<40, 1<<40) },
		"bounds before":         func() { b.Offsets.Bounds(-1) },
		"bounds beyond":         func() { b.Offsets.Bounds(3) },
		"bounds of the end":     func() { b.Offsets.Bounds(math.MaxInt) },
		"bounds of no sets":     func() { none.Offsets.Bounds(0) },
		"row before":            func() { b.Row(-1) },
		"row beyond":            func() { b.Row(4) },
		"row that wraps around": func() { b.Row(1 << 63 >> 1) },
		"row of nothing":        func() { none.Row(0) },
		"set before":            func() { b.Set(-1) },
		"set beyond":            func() { b.Set(3) },
		"at before":             func() { b.At(-1) },
		"at beyond":             func() { b.At(3) },
		"at the end of int":     func() { b.At(math.MaxInt) },
		"at of nothing":         func() { none.At(0) },
		"slice before":          func() { b.Slice(-1, 1) },
		"slice beyond":          func() { b.Slice(0, 4) },
		"slice turned":          func() { b.Slice(2, 1) },
		"slice of nothing":      func() { none.Slice(0, 1) },
		"select before":         func() { b.Select(0, -1) },
		"select beyond":         func() { b.Select(3) },
		"shuffle by no chance":  func() { b.Shuffle(nil) },
		"of before":             func() { b.Relations[0].Of(-1) },
		"of beyond":             func() { b.Relations[0].Of(4) },
		"short values":          func() { set.Concat(b, short) },
		"turned offsets":        func() { set.Concat(turned) },
		"no relation":           func() { set.Concat(related(nil)) },
		"another's relation":    func() { set.Concat(related(b.Relations[0])) },
		"pairs that are not":    func() { set.Concat(related(&set.Relation{Offsets: set.Offsets{0, 1, 2}})) },
		"set of no width":       func() { set.Of(0, nil) },
	} {
		var shape *set.ShapeError
		assert.ErrorAs(t, set.Try(f), &shape, name)
	}
	assert.Equal(t, none, none.Slice(0, 0))
	assert.Equal(t, 0, set.New(0, 1<<40).Dim, "elements of width 0 take no memory")

	for name, x := range map[string]set.Batch{
		"short values":        short,
		"turned offsets":      turned,
		"overflow":            {Dim: 1 << 40, Offsets: set.Offsets{0, 1 << 40}},
		"overflow to nothing": {Dim: 1 << 32, Offsets: set.Offsets{0, 1 << 32}},
		"values of no width":  {Values: make([]float32, 1), Offsets: set.Offsets{0}},
		"nil relation":        related(nil),
	} {
		var shape *set.ShapeError
		assert.ErrorAs(t, x.Validate(), &shape, name)
	}
	r := &set.Relation{Offsets: set.Sizes(0, 0, 0)}
	for name, err := range map[string]error{
		"nil":          (*set.Relation)(nil).Validate(set.Sizes(1), set.Sizes(1)),
		"turned from":  r.Validate(set.Offsets{0, 5, 3}, set.Sizes(1, 2)),
		"turned to":    r.Validate(set.Sizes(1, 2), set.Offsets{0, 5, 3}),
		"own offsets":  (&set.Relation{Offsets: set.Offsets{0, 1, 0, 0}}).Validate(set.Sizes(1, 2), set.Sizes(1, 2)),
		"set too many": r.Validate(set.Sizes(1, 2), set.Sizes(1)),
	} {
		var shape *set.ShapeError
		assert.ErrorAs(t, err, &shape, name)
	}
}
