package pointcloud

import (
	"fmt"
	"math"
)

// A Comparison is how far two clouds are apart: the squared distance of each
// point of the first to the point of the second that is nearest to it, and of
// each point of the second to the nearest of the first. From these come the
// measures that are in use, and by the fields any other.
type Comparison struct {
	Forth, Back []float64
}

// Compare compares two clouds, point by point of each. Equal clouds have
// distances of 0, also where they hold a point more than once. Distances are
// those of [Tree], in float64, so coordinates may be as large as float32 holds.
// It is an error if a cloud is empty, or has a coordinate that is not finite.
// O((a + b) log(a + b)) time for most clouds, shared among the cores.
func Compare(a, b Cloud) (Comparison, error) {
	a, b = together(a, b)
	var trees [2]*Tree
	for i, c := range []Cloud{a, b} {
		var err error
		if trees[i], err = NewTree(c.Points); err != nil {
			return Comparison{}, err
		}
		if c.Len() == 0 {
			return Comparison{}, fmt.Errorf("pointcloud: compare: want points in both clouds, got %d and %d", a.Len(), b.Len())
		}
	}
	d := Comparison{make([]float64, a.Len()), make([]float64, b.Len())}
	trees[1].each(trees[0], 1, func(i int, near []Neighbour) { d.Forth[i] = near[0].Squared })
	trees[0].each(trees[1], 1, func(i int, near []Neighbour) { d.Back[i] = near[0].Squared })
	return d, nil
}

// Chamfer returns the Chamfer distance, in squared units of the points: the mean
// squared distance forth, and that back, added,
//
//	mean over p of min over q of |p - q|^2 + mean over q of min over p of |p - q|^2
//
// (H. Fan and others, "A point set generation network", 2017, with means for
// their sums). It is that of PyTorch3D's chamfer_distance as it comes, and twice
// that of who takes the mean of both. Open3D's compute_metrics takes means of
// distances that are not squared: see [Comparison.MeanDistances].
func (d Comparison) Chamfer() float64 { return mean(d.Forth) + mean(d.Back) }

// MeanDistances returns the mean distances forth and back, in units of the
// points. Their sum is the Chamfer distance of Open3D, half of it that of others.
func (d Comparison) MeanDistances() (forth, back float64) {
	return mean(roots(d.Forth)), mean(roots(d.Back))
}

// Hausdorff returns the Hausdorff distances, in units of the points: the largest
// distance of a point of the first cloud to the second, and the other way. The
// symmetric one is the larger of both.
func (d Comparison) Hausdorff() (forth, back float64) {
	return math.Sqrt(largest(d.Forth)), math.Sqrt(largest(d.Back))
}

// FScore returns how well the first cloud stands for the second (A. Knapitsch
// and others, "Tanks and temples", 2017): the precision is the part of the first
// cloud's points that are no farther than a threshold from the second, the recall
// the part of the second's no farther from the first, and f their harmonic mean
//
//	2 precision recall / (precision + recall)
//
// or 0 if both are. The threshold is in units of the points; a distance of it is
// included. Nothing is within one that is negative or NaN.
func (d Comparison) FScore(threshold float64) (f, precision, recall float64) {
	precision, recall = inside(d.Forth, threshold), inside(d.Back, threshold)
	if precision+recall > 0 {
		f = 2 * precision * recall / (precision + recall)
	}
	return f, precision, recall
}

func inside(squares []float64, threshold float64) float64 {
	n := 0
	for _, s := range squares {
		if math.Sqrt(s) <= threshold {
			n++
		}
	}
	return float64(n) / float64(max(len(squares), 1))
}

func mean(x []float64) float64 {
	var sum float64
	for _, v := range x {
		sum += v
	}
	return sum / float64(max(len(x), 1))
}

func largest(x []float64) float64 {
	var most float64
	for _, v := range x {
		most = max(most, v)
	}
	return most
}

func roots(x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = math.Sqrt(v)
	}
	return out
}
