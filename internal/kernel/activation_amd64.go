//go:build amd64 && !noasm

package kernel

import "unsafe"

// The functions below choose by level between the instruction sets and the portable code. The slices are long enough.

func exp(dst, x []float32) {
	switch level {
	case 512:
		exp512(unsafe.SliceData(dst), unsafe.SliceData(x), len(dst))
	case 256:
		exp256(unsafe.SliceData(dst), unsafe.SliceData(x), len(dst))
	default:
		expPlain(dst, x)
	}
}

func tanh(dst, x []float32) {
	switch level {
	case 512:
		tanh512(unsafe.SliceData(dst), unsafe.SliceData(x), len(dst))
	case 256:
		tanh256(unsafe.SliceData(dst), unsafe.SliceData(x), len(dst))
	default:
		tanhPlain(dst, x)
	}
}

func sigmoid(dst, x []float32) {
	switch level {
	case 512:
		sigmoid512(unsafe.SliceData(dst), unsafe.SliceData(x), len(dst))
	case 256:
		sigmoid256(unsafe.SliceData(dst), unsafe.SliceData(x), len(dst))
	default:
		sigmoidPlain(dst, x)
	}
}

func silu(dst, x []float32) {
	switch level {
	case 512:
		silu512(unsafe.SliceData(dst), unsafe.SliceData(x), len(dst))
	case 256:
		silu256(unsafe.SliceData(dst), unsafe.SliceData(x), len(dst))
	default:
		siluPlain(dst, x)
	}
}

func gelu(dst, x []float32) {
	switch level {
	case 512:
		gelu512(unsafe.SliceData(dst), unsafe.SliceData(x), len(dst))
	case 256:
		gelu256(unsafe.SliceData(dst), unsafe.SliceData(x), len(dst))
	default:
		geluPlain(dst, x)
	}
}

func relu(dst, x []float32) {
	switch level {
	case 512:
		relu512(unsafe.SliceData(dst), unsafe.SliceData(x), len(dst))
	case 256:
		relu256(unsafe.SliceData(dst), unsafe.SliceData(x), len(dst))
	default:
		reluPlain(dst, x)
	}
}

func tanhGrad(dx, dy, y []float32) {
	switch level {
	case 512:
		tanhGrad512(unsafe.SliceData(dx), unsafe.SliceData(dy), unsafe.SliceData(y), len(dx))
	case 256:
		tanhGrad256(unsafe.SliceData(dx), unsafe.SliceData(dy), unsafe.SliceData(y), len(dx))
	default:
		tanhGradPlain(dx, dy, y)
	}
}

func sigmoidGrad(dx, dy, y []float32) {
	switch level {
	case 512:
		sigmoidGrad512(unsafe.SliceData(dx), unsafe.SliceData(dy), unsafe.SliceData(y), len(dx))
	case 256:
		sigmoidGrad256(unsafe.SliceData(dx), unsafe.SliceData(dy), unsafe.SliceData(y), len(dx))
	default:
		sigmoidGradPlain(dx, dy, y)
	}
}

func siluGrad(dx, dy, x []float32) {
	switch level {
	case 512:
		siluGrad512(unsafe.SliceData(dx), unsafe.SliceData(dy), unsafe.SliceData(x), len(dx))
	case 256:
		siluGrad256(unsafe.SliceData(dx), unsafe.SliceData(dy), unsafe.SliceData(x), len(dx))
	default:
		siluGradPlain(dx, dy, x)
	}
}

func geluGrad(dx, dy, x []float32) {
	switch level {
	case 512:
		geluGrad512(unsafe.SliceData(dx), unsafe.SliceData(dy), unsafe.SliceData(x), len(dx))
	case 256:
		geluGrad256(unsafe.SliceData(dx), unsafe.SliceData(dy), unsafe.SliceData(x), len(dx))
	default:
		geluGradPlain(dx, dy, x)
	}
}

func reluGrad(dx, dy, y []float32) {
	switch level {
	case 512:
		reluGrad512(unsafe.SliceData(dx), unsafe.SliceData(dy), unsafe.SliceData(y), len(dx))
	case 256:
		reluGrad256(unsafe.SliceData(dx), unsafe.SliceData(dy), unsafe.SliceData(y), len(dx))
	default:
		reluGradPlain(dx, dy, y)
	}
}
