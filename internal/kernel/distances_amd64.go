//go:build amd64 && !noasm

package kernel

import "unsafe"

func within(at []int32, d, x, y, z []float32, p [3]float32, limit float32) int {
	switch level {
	case 512:
		return within512(unsafe.SliceData(at), unsafe.SliceData(d), unsafe.SliceData(x), unsafe.SliceData(y), unsafe.SliceData(z), len(x), p[0], p[1], p[2], limit)
	case 256:
		return within256(unsafe.SliceData(at), unsafe.SliceData(d), unsafe.SliceData(x), unsafe.SliceData(y), unsafe.SliceData(z), len(x), p[0], p[1], p[2], limit)
	default:
		return withinPlain(at, d, x, y, z, p, limit)
	}
}

func ranks(r []int32, d []float32) {
	switch level {
	case 512:
		ranks512(unsafe.SliceData(r), unsafe.SliceData(d), len(d))
	case 256:
		ranks256(unsafe.SliceData(r), unsafe.SliceData(d), len(d))
	default:
		ranksPlain(r, d)
	}
}

func distanceScores(s, base, x, y, z []float32, p [3]float32, scale float32) {
	switch level {
	case 512:
		distanceScores512(unsafe.SliceData(s), unsafe.SliceData(base), unsafe.SliceData(x), unsafe.SliceData(y), unsafe.SliceData(z), len(s), p[0], p[1], p[2], scale)
	case 256:
		distanceScores256(unsafe.SliceData(s), unsafe.SliceData(base), unsafe.SliceData(x), unsafe.SliceData(y), unsafe.SliceData(z), len(s), p[0], p[1], p[2], scale)
	default:
		distanceScoresPlain(s, base, x, y, z, p, scale)
	}
}
