//go:build amd64 && !noasm

package kernel

import "unsafe"

// The functions below choose by level between the instruction sets and the portable code. The slices are long enough.

func rowDots(dst, x, y []float32, rows, cols, strideX, strideY int) {
	switch level {
	case 512:
		rowDots512(unsafe.SliceData(dst), unsafe.SliceData(x), unsafe.SliceData(y), rows, cols, uintptr(4*strideX), uintptr(4*strideY))
	case 256:
		rowDots256(unsafe.SliceData(dst), unsafe.SliceData(x), unsafe.SliceData(y), rows, cols, uintptr(4*strideX), uintptr(4*strideY))
	default:
		rowDotsPlain(dst, x, y, rows, cols, strideX, strideY)
	}
}

func rowMax(dst, x []float32, rows, cols, stride int) {
	switch level {
	case 512:
		rowMax512(unsafe.SliceData(dst), unsafe.SliceData(x), rows, cols, uintptr(4*stride))
	case 256:
		rowMax256(unsafe.SliceData(dst), unsafe.SliceData(x), rows, cols, uintptr(4*stride))
	default:
		rowMaxPlain(dst, x, rows, cols, stride)
	}
}

func addBias(y, bias []float32, rows, cols int) {
	switch level {
	case 512:
		addBias512(unsafe.SliceData(y), unsafe.SliceData(bias), rows, cols)
	case 256:
		addBias256(unsafe.SliceData(y), unsafe.SliceData(bias), rows, cols)
	default:
		addBiasPlain(y, bias, rows, cols)
	}
}

func biasReLU(y, bias []float32, rows, cols int) {
	switch level {
	case 512:
		biasReLU512(unsafe.SliceData(y), unsafe.SliceData(bias), rows, cols)
	case 256:
		biasReLU256(unsafe.SliceData(y), unsafe.SliceData(bias), rows, cols)
	default:
		biasReLUPlain(y, bias, rows, cols)
	}
}

func scaleRows(x []float32, rows, cols, stride int, by []float32) {
	switch level {
	case 512:
		scaleRows512(unsafe.SliceData(x), rows, cols, uintptr(4*stride), unsafe.SliceData(by))
	case 256:
		scaleRows256(unsafe.SliceData(x), rows, cols, uintptr(4*stride), unsafe.SliceData(by))
	default:
		scaleRowsPlain(x, rows, cols, stride, by)
	}
}

func colSum(dst, x []float32, rows, cols int) {
	switch level {
	case 512:
		colSum512(unsafe.SliceData(dst), unsafe.SliceData(x), rows, cols)
	case 256:
		colSum256(unsafe.SliceData(dst), unsafe.SliceData(x), rows, cols)
	default:
		colSumPlain(dst, x, rows, cols)
	}
}

func softmaxMerge(fix, top, sum []float32, scale float32) {
	switch level {
	case 512:
		softmaxMerge512(unsafe.SliceData(fix), unsafe.SliceData(top), unsafe.SliceData(sum), len(fix), scale)
	case 256:
		softmaxMerge256(unsafe.SliceData(fix), unsafe.SliceData(top), unsafe.SliceData(sum), len(fix), scale)
	default:
		softmaxMergePlain(fix, top, sum, scale)
	}
}

func expSumRows(s []float32, rows, cols, stride int, scale float32, shift, sum []float32) {
	switch level {
	case 512:
		expSumRows512(unsafe.SliceData(s), rows, cols, uintptr(4*stride), scale, unsafe.SliceData(shift), unsafe.SliceData(sum))
	case 256:
		expSumRows256(unsafe.SliceData(s), rows, cols, uintptr(4*stride), scale, unsafe.SliceData(shift), unsafe.SliceData(sum))
	default:
		expSumRowsPlain(s, rows, cols, stride, scale, shift, sum)
	}
}

func expRows(s []float32, rows, cols, stride int, scale float32, shift []float32) {
	switch level {
	case 512:
		expRows512(unsafe.SliceData(s), rows, cols, uintptr(4*stride), scale, unsafe.SliceData(shift))
	case 256:
		expRows256(unsafe.SliceData(s), rows, cols, uintptr(4*stride), scale, unsafe.SliceData(shift))
	default:
		expRowsPlain(s, rows, cols, stride, scale, shift)
	}
}

func softmaxGrad(dp, p []float32, rows, cols, stride int, scale float32, delta []float32) {
	switch level {
	case 512:
		softmaxGrad512(unsafe.SliceData(dp), unsafe.SliceData(p), rows, cols, uintptr(4*stride), scale, unsafe.SliceData(delta))
	case 256:
		softmaxGrad256(unsafe.SliceData(dp), unsafe.SliceData(p), rows, cols, uintptr(4*stride), scale, unsafe.SliceData(delta))
	default:
		softmaxGradPlain(dp, p, rows, cols, stride, scale, delta)
	}
}

func layerNorm(y, x, gain, bias []float32, rows, cols int, eps float32, mean, rstd []float32) {
	switch level {
	case 512:
		layerNorm512(unsafe.SliceData(y), unsafe.SliceData(x), unsafe.SliceData(gain), unsafe.SliceData(bias), rows, cols, eps, unsafe.SliceData(mean), unsafe.SliceData(rstd))
	case 256:
		layerNorm256(unsafe.SliceData(y), unsafe.SliceData(x), unsafe.SliceData(gain), unsafe.SliceData(bias), rows, cols, eps, unsafe.SliceData(mean), unsafe.SliceData(rstd))
	default:
		layerNormPlain(y, x, gain, bias, rows, cols, eps, mean, rstd)
	}
}

func layerNormGrad(dx, dgain, dbias, dy, x, gain, mean, rstd []float32, rows, cols int) {
	switch level {
	case 512:
		layerNormGrad512(unsafe.SliceData(dx), unsafe.SliceData(dgain), unsafe.SliceData(dbias), unsafe.SliceData(dy), unsafe.SliceData(x), unsafe.SliceData(gain), unsafe.SliceData(mean), unsafe.SliceData(rstd), rows, cols)
	case 256:
		layerNormGrad256(unsafe.SliceData(dx), unsafe.SliceData(dgain), unsafe.SliceData(dbias), unsafe.SliceData(dy), unsafe.SliceData(x), unsafe.SliceData(gain), unsafe.SliceData(mean), unsafe.SliceData(rstd), rows, cols)
	default:
		layerNormGradPlain(dx, dgain, dbias, dy, x, gain, mean, rstd, rows, cols)
	}
}

func adam(w, grad, m, v []float32, numbers *[8]float32) {
	switch level {
	case 512:
		adam512(unsafe.SliceData(w), unsafe.SliceData(grad), unsafe.SliceData(m), unsafe.SliceData(v), len(w), numbers)
	case 256:
		adam256(unsafe.SliceData(w), unsafe.SliceData(grad), unsafe.SliceData(m), unsafe.SliceData(v), len(w), numbers)
	default:
		adamPlain(w, grad, m, v, numbers)
	}
}
