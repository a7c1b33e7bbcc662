package grad

import "setwise/set"

// needParams panics unless all of ps are parameters with all of their numbers.
func needParams(op string, ps ...*Param) {
	for _, p := range ps {
		if p == nil {
			panic(set.Mismatch(op, "a parameter, got nil"))
		}
		if p.Rows < 0 || p.Cols < 0 || float64(p.Rows)*float64(p.Cols) != float64(len(p.Data)) {
			panic(set.Mismatch(op, "a parameter of %d x %d numbers, got %d", p.Rows, p.Cols, len(p.Data)))
		}
	}
}

// needBias panics unless b, if there is one, is a parameter of a number for
// each of some columns.
func needBias(op string, b *Param, cols int) {
	if b == nil {
		return
	}
	needParams(op, b)
	if len(b.Data) != cols {
		panic(set.Mismatch(op, "a bias of %d numbers, got %d", cols, len(b.Data)))
	}
}

// needBatch panics if b is not well formed.
func needBatch(op string, b set.Batch) {
	if err := b.Validate(); err != nil {
		panic(set.Mismatch(op, "a batch that is well formed, got one of which %v", err))
	}
}

// needOffsets panics unless o are offsets.
func needOffsets(op string, o set.Offsets) {
	if err := o.Validate(); err != nil {
		panic(set.Mismatch(op, "valid offsets, got ones of which %v", err))
	}
}
