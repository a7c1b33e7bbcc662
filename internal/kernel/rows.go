package kernel

// AddBias adds bias, of cols elements, to each row of the dense matrix y.
func AddBias(y []float32, rows, cols int, bias []float32) {
	extent("y", len(y), rows, cols, cols)
	addBias(y, head(bias, cols), rows, cols)
}

// BiasReLU sets y = max(y + bias, 0) for each row of the dense matrix y.
func BiasReLU(y []float32, rows, cols int, bias []float32) {
	extent("y", len(y), rows, cols, cols)
	biasReLU(y, head(bias, cols), rows, cols)
}

// ColSum adds to dst[j] the sum of column j of the dense matrix x, added up in float64 in the order of the rows.
func ColSum(dst []float32, x []float32, rows, cols int) {
	extent("x", len(x), rows, cols, cols)
	if rows > 0 {
		colSum(head(dst, cols), x, rows, cols)
	}
}

// ScaleRows multiplies row r of x by by[r].
func ScaleRows(x []float32, rows, cols, stride int, by []float32) {
	stride = extent("x", len(x), rows, cols, stride)
	scaleRows(x, rows, cols, stride, head(by, rows))
}

// RowDots sets dst[r] to the dot product of row r of x and row r of y.
func RowDots(dst, x, y []float32, rows, cols, strideX, strideY int) {
	strideX = extent("x", len(x), rows, cols, strideX)
	strideY = extent("y", len(y), rows, cols, strideY)
	rowDots(head(dst, rows), x, y, rows, cols, strideX, strideY)
}

func addBiasPlain(y, bias []float32, rows, cols int) {
	for r := range rows {
		row := y[r*cols : (r+1)*cols]
		addPlain(row, row, bias)
	}
}

func biasReLUPlain(y, bias []float32, rows, cols int) {
	addBiasPlain(y, bias, rows, cols)
	reluPlain(y[:rows*cols], y[:rows*cols])
}

func colSumPlain(dst, x []float32, rows, cols int) {
	x = x[:rows*cols]
	for j := range dst {
		var s float64
		for i := j; i < len(x); i += cols {
			s += float64(x[i])
		}
		dst[j] += float32(s)
	}
}

func scaleRowsPlain(x []float32, rows, cols, stride int, by []float32) {
	for r, a := range by {
		row := x[r*stride : r*stride+cols]
		scalePlain(row, a, row)
	}
}

func rowDotsPlain(dst, x, y []float32, rows, cols, strideX, strideY int) {
	for r := range dst {
		dst[r] = dotPlain(x[r*strideX:r*strideX+cols], y[r*strideY:r*strideY+cols])
	}
}

func rowMaxPlain(dst, x []float32, rows, cols, stride int) {
	for r := range dst {
		dst[r] = maxPlain(x[r*stride : r*stride+cols])
	}
}
