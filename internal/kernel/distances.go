package kernel

import "math"

// Within finds the points (x[i], y[i], z[i]) that are not farther from p than limit: the sum of the squares of the
// differences, taken in the order x, y, z, is not above it. It sets the head of at to their numbers, which ascend, and
// that of d to those sums, and returns how many there are. Both need room for Slack more than len(x), which is written
// to. What is NaN is not found.
func Within(at []int32, d, x, y, z []float32, p [3]float32, limit float32) int {
	n := len(x)
	extent("at", len(at), 1, n+Slack, n+Slack)
	return within(at, head(d, n+Slack), x, head(y, n), head(z, n), p, limit)
}

// Slack is how far Within writes beyond what it finds.
const Slack = 16

// Ranks sets r[i] to how many of d are less than d[i]. O(len(d)^2).
func Ranks(r []int32, d []float32) {
	extent("r", len(r), 1, len(d), len(d))
	ranks(r, d)
}

// DistanceScores sets s[i] = (base[i] - |x[i] - p|) * scale, with the distance of the point (x[i], y[i], z[i]) from p.
// s may be base.
func DistanceScores(s, base, x, y, z []float32, p [3]float32, scale float32) {
	n := len(s)
	distanceScores(s, head(base, n), head(x, n), head(y, n), head(z, n), p, scale)
}

// Nearer lowers near[i] to the squared distance of the point (x[i], y[i], z[i]) from p, if that is less, and returns the
// number of the largest of them, the first of equal ones, -1 without any. Differences, squares and their sum in the order
// x, y, z are rounded to float64 each: the result is the same on every machine.
func Nearer(near []float64, x, y, z []float32, p [3]float32) int {
	n := len(near)
	return nearer(near, head(x, n), head(y, n), head(z, n), p)
}

func nearerPlain(near []float64, x, y, z []float32, p [3]float32) int {
	far := -1
	x, y, z = x[:len(near)], y[:len(near)], z[:len(near)]
	px, py, pz := float64(p[0]), float64(p[1]), float64(p[2])
	for i, d := range near {
		a, b, c := float64(x[i])-px, float64(y[i])-py, float64(z[i])-pz
		if s := float64(a*a) + float64(b*b) + float64(c*c); s < d {
			d = s
			near[i] = s
		}
		if far < 0 || d > near[far] {
			far = i
		}
	}
	return far
}

func withinPlain(at []int32, d, x, y, z []float32, p [3]float32, limit float32) (found int) {
	y, z = y[:len(x)], z[:len(x)]
	for i := range x {
		a, b, c := x[i]-p[0], y[i]-p[1], z[i]-p[2]
		// Conversions keep processors that can from rounding product and sum as one.
		s := float32(a*a) + float32(b*b) + float32(c*c)
		at[found], d[found] = int32(i), s
		var in int
		if s <= limit {
			in = 1
		}
		found += in
	}
	return found
}

func distanceScoresPlain(s, base, x, y, z []float32, p [3]float32, scale float32) {
	base, x, y, z = base[:len(s)], x[:len(s)], y[:len(s)], z[:len(s)]
	for i := range s {
		a, b, c := x[i]-p[0], y[i]-p[1], z[i]-p[2]
		d := float32(a*a) + float32(b*b) + float32(c*c)
		s[i] = (base[i] - float32(math.Sqrt(float64(d)))) * scale
	}
}

func ranksPlain(r []int32, d []float32) {
	r = r[:len(d)]
	clear(r)
	for i, a := range d {
		before := r[:i]
		var n int32
		for j, b := range d[:i] {
			var less, more int32
			if b < a {
				less = 1
			}
			if a < b {
				more = 1
			}
			n += less
			before[j] += more
		}
		r[i] = n
	}
}
