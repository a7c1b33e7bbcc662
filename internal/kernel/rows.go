package kernel

// AddBias adds bias, of cols elements, to each row of the dense matrix y.
func AddBias(y []float32, rows, cols int, bias []float32) {
	bias = bias[:cols]
	for r := range rows {
		AddTo(y[r*cols:(r+1)*cols], bias)
	}
}

// BiasReLU sets y = max(y + bias, 0) for each row of the dense matrix y.
func BiasReLU(y []float32, rows, cols int, bias []float32) {
	bias = bias[:cols]
	for r := range rows {
		row := y[r*cols : (r+1)*cols]
		for j, b := range bias {
			v := row[j] + b
			if v < 0 {
				v = 0
			}
			row[j] = v
		}
	}
}

// ColSum adds to dst[j] the sum of column j of the dense matrix x, added up in float64 in the order of the rows.
func ColSum(dst []float32, x []float32, rows, cols int) {
	dst, x = dst[:cols], x[:rows*cols]
	for j := range dst {
		var s float64
		for i := j; i < len(x); i += cols {
			s += float64(x[i])
		}
		dst[j] += float32(s)
	}
}

// ScaleRows multiplies row r of x by by[r].
func ScaleRows(x []float32, rows, cols, stride int, by []float32) {
	extent("x", len(x), rows, cols, stride)
	by = by[:rows]
	for r, a := range by {
		row := x[r*stride : r*stride+cols]
		Scale(row, a, row)
	}
}

// RowDots sets dst[r] to the dot product of row r of x and row r of y.
func RowDots(dst, x, y []float32, rows, cols, strideX, strideY int) {
	extent("x", len(x), rows, cols, strideX)
	extent("y", len(y), rows, cols, strideY)
	dst = dst[:rows]
	for r := range dst {
		dst[r] = Dot(x[r*strideX:r*strideX+cols], y[r*strideY:r*strideY+cols])
	}
}
