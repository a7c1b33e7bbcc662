package train

import (
	"setwise/internal/parallel"
	"setwise/set"
)

// Segmented is a set whose elements are of parts, with what was predicted of
// them.
type Segmented struct {
	Class            int     // of the whole set, numbered from 0
	Truth, Predicted []int32 // the part of each element; where Truth is below 0 it is not known and does not count
}

// ClassIoU is what [MeanIoU] finds of the sets of a class.
type ClassIoU struct {
	Sets  int       // how many there are
	Mean  float64   // of their IoU; 0 without any
	Parts []float64 // for each part of the class the mean of its IoU over these sets; 0 without any
}

// IoU tells how well parts were found.
type IoU struct {
	Sets      []float64  // for each set
	Classes   []ClassIoU // for each class
	Instances float64    // the mean over all sets, 0 if there are none
	MeanClass float64    // the mean over the classes that have sets, each counting alike, 0 if there are none
}

// MeanIoU measures predicted parts by intersection over union, as it is reported
// for ShapeNetPart (L. Yi and others, 2016). For a part k and the elements of a
// set,
//
//	IoU(k) = |truly k and predicted as k| / |truly k or predicted as k|
//
// and 1 for a part that is neither there nor predicted. The IoU of a set is the
// mean over the parts of its class, whether the set has them or not: parts[c] has
// those of class c, each once. So an empty set has 1. What is predicted as a part
// of another class misses its own part, and counts for no other.
//
// It panics with a [*set.ShapeError] if predictions are not as many as truths, if
// a class is not one of parts, and for a truth that is no part of its class.
func MeanIoU(sets []Segmented, parts [][]int32) IoU {
	const op = "train.MeanIoU"
	at := make([]map[int32]int, len(parts))
	for c, list := range parts {
		at[c] = map[int32]int{}
		for i, k := range list {
			if _, twice := at[c][k]; twice || k < 0 {
				panic(set.Mismatch(op, "parts from 0, each once, got %d in class %d", k, c))
			}
			at[c][k] = i
		}
		if len(list) == 0 {
			panic(set.Mismatch(op, "a part or more in each class, got none in class %d", c))
		}
	}
	for i, s := range sets {
		if s.Class < 0 || s.Class >= len(parts) {
			panic(set.Mismatch(op, "classes from 0 to %d, got %d in set %d", len(parts)-1, s.Class, i))
		}
		if len(s.Predicted) != len(s.Truth) {
			panic(set.Mismatch(op, "predictions for %d elements of set %d, got %d", len(s.Truth), i, len(s.Predicted)))
		}
		for _, k := range s.Truth {
			if _, ok := at[s.Class][k]; !ok && k >= 0 {
				panic(set.Mismatch(op, "one of the %d parts of class %d, got %d in set %d", len(parts[s.Class]), s.Class, k, i))
			}
		}
	}
	found := make([][]float64, len(sets)) // for each set and part of its class
	parallel.Each(len(sets), func(i int) { found[i] = sets[i].iou(at[sets[i].Class]) })

	out := IoU{Sets: make([]float64, len(sets)), Classes: make([]ClassIoU, len(parts))}
	for c := range out.Classes {
		out.Classes[c].Parts = make([]float64, len(parts[c]))
	}
	for i, s := range sets {
		of := &out.Classes[s.Class]
		of.Sets++
		for k, x := range found[i] {
			of.Parts[k] += x
			out.Sets[i] += x / float64(len(found[i]))
		}
		of.Mean += out.Sets[i]
		out.Instances += out.Sets[i] / float64(len(sets))
	}
	classes := 0
	for c := range out.Classes {
		of := &out.Classes[c]
		if of.Sets == 0 {
			continue
		}
		classes++
		of.Mean /= float64(of.Sets)
		for k := range of.Parts {
			of.Parts[k] /= float64(of.Sets)
		}
		out.MeanClass += of.Mean
	}
	out.MeanClass /= float64(max(classes, 1))
	return out
}

// iou returns the IoU of each part, of which at gives the place.
func (s Segmented) iou(at map[int32]int) []float64 {
	both, either := make([]int, len(at)), make([]int, len(at))
	for i, truth := range s.Truth {
		if truth < 0 {
			continue
		}
		t := at[truth]
		either[t]++
		if p, ok := at[s.Predicted[i]]; ok && p == t {
			both[t]++
		} else if ok {
			either[p]++
		}
	}
	out := make([]float64, len(at))
	for k := range out {
		out[k] = 1
		if either[k] > 0 {
			out[k] = float64(both[k]) / float64(either[k])
		}
	}
	return out
}
