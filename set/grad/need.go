package grad

import "setwise/set"

// needParam panics unless p is a parameter with all of its numbers.
func needParam(p *Param) {
	if p == nil {
		panic(set.Mismatch("grad.Param", "a parameter, got nil"))
	}
	if p.Rows < 0 || p.Cols < 0 || float64(p.Rows)*float64(p.Cols) != float64(len(p.Data)) {
		panic(set.Mismatch("grad.Param", "a parameter of %d x %d numbers, got %d", p.Rows, p.Cols, len(p.Data)))
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
