//go:build amd64 && !noasm

package kernel

import "unsafe"

// The functions below, and those of choices_amd64.go, choose by level between the instruction sets and the portable
// code. The slices are long enough.

func axpy(dst []float32, a float32, x []float32) {
	switch level {
	case 512:
		axpy512(unsafe.SliceData(dst), unsafe.SliceData(x), len(dst), a)
	case 256:
		axpy256(unsafe.SliceData(dst), unsafe.SliceData(x), len(dst), a)
	default:
		axpyPlain(dst, a, x)
	}
}

func scale(dst []float32, a float32, x []float32) {
	switch level {
	case 512:
		scale512(unsafe.SliceData(dst), unsafe.SliceData(x), len(dst), a)
	case 256:
		scale256(unsafe.SliceData(dst), unsafe.SliceData(x), len(dst), a)
	default:
		scalePlain(dst, a, x)
	}
}

func larger(dst, x, y []float32) {
	switch level {
	case 512:
		larger512(unsafe.SliceData(dst), unsafe.SliceData(x), unsafe.SliceData(y), len(dst))
	case 256:
		larger256(unsafe.SliceData(dst), unsafe.SliceData(x), unsafe.SliceData(y), len(dst))
	default:
		largerPlain(dst, x, y)
	}
}

func addEqual(dst, s, x, y []float32) {
	switch level {
	case 512:
		addEqual512(unsafe.SliceData(dst), unsafe.SliceData(s), unsafe.SliceData(x), unsafe.SliceData(y), len(dst))
	case 256:
		addEqual256(unsafe.SliceData(dst), unsafe.SliceData(s), unsafe.SliceData(x), unsafe.SliceData(y), len(dst))
	default:
		addEqualPlain(dst, s, x, y)
	}
}

func sum(x []float32) float64 {
	switch level {
	case 512:
		return sum512(unsafe.SliceData(x), len(x))
	case 256:
		return sum256(unsafe.SliceData(x), len(x))
	default:
		return sumPlain(x)
	}
}

func sumSquares(x []float32) float64 {
	switch level {
	case 512:
		return sumSquares512(unsafe.SliceData(x), len(x))
	case 256:
		return sumSquares256(unsafe.SliceData(x), len(x))
	default:
		return sumSquaresPlain(x)
	}
}
