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

// nearer leaves what does not fill a block of eight to the portable code.
func nearer(near []float64, x, y, z []float32, p [3]float32) int {
	n := len(near) &^ 7
	if level < 256 || n == 0 {
		return nearerPlain(near, x, y, z, p)
	}
	var best [8]float64
	var at [8]int64
	px, py, pz := float64(p[0]), float64(p[1]), float64(p[2])
	if level == 512 {
		nearer512(unsafe.SliceData(near), unsafe.SliceData(x), unsafe.SliceData(y), unsafe.SliceData(z), n/8, px, py, pz, &best[0], &at[0])
	} else {
		nearer256(unsafe.SliceData(near), unsafe.SliceData(x), unsafe.SliceData(y), unsafe.SliceData(z), n/8, px, py, pz, &best[0], &at[0])
	}
	lane := 0
	for l, d := range best {
		if d > best[lane] || d == best[lane] && at[l] < at[lane] {
			lane = l
		}
	}
	far := int(at[lane])
	if rest := nearerPlain(near[n:], x[n:], y[n:], z[n:], p); rest >= 0 && near[n+rest] > near[far] {
		far = n + rest
	}
	return far
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
