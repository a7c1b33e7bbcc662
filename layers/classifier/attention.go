package classifier

import (
	"math"
	"math/rand/v2"
	"slices"

	"setwise/layers"
	"setwise/layers/train"
	"setwise/pointcloud"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

// Attention returns how much each point of a cloud counts: numbers that sum to 1.
// Of a Set Transformer it is how much the pool attends to the point. Of a network
// of local groups, which takes largest numbers, it is how far the probability of
// its answer changes with the point: the norm of the gradient of the logarithm,
// over draws in which each point comes [Votes] times, and its mean over the
// nearest points. The points must have normals.
func (c *Classifier) Attention(cloud pointcloud.Cloud, extra []float64) []float64 {
	if m, ok := c.Net.(*layers.SetTransformer); ok {
		w := m.Attention(c.Features.Elements(cloud, extra))
		shares := make([]float64, w.Len())
		for i := range shares {
			for _, x := range w.Row(i) {
				shares[i] += float64(x) / float64(w.Dim)
			}
		}
		return shares
	}
	slopes := make([]float64, cloud.Len())
	rng := rand.New(rand.NewPCG(0, 4))
	for range Votes {
		for some := range slices.Chunk(rng.Perm(cloud.Len()), c.Features.Points) {
			for k, slope := range c.slopes(c.Features.Elements(cloud.Select(some...), extra)) {
				slopes[some[k]] += slope
			}
		}
	}
	near := cloud.Neighbours(around)
	shares, sum := make([]float64, cloud.Len()), 0.0
	for i := range shares {
		for _, j := range near.Of(i) {
			shares[i] += slopes[j]
		}
		sum += shares[i]
	}
	for i := range shares {
		if sum == 0 {
			shares[i] = 1 / float64(len(shares))
		} else {
			shares[i] /= sum
		}
	}
	return shares
}

// slopes returns, for each element of a set, the norm of the gradient of the
// logarithm of the probability of the answer.
func (c *Classifier) slopes(x set.Batch) []float64 {
	t := grad.NewTape(nil)
	t.Train(false)
	v := t.Input(x)
	logits := c.Net.Forward(t, v)
	g := t.Gradients(loss.CrossEntropy(t, logits, []int{train.Largest(logits.Values)}, 0))
	norms := make([]float64, 0, x.Len())
	for row := range slices.Chunk(g.At(v), x.Dim) {
		var square float64
		for _, d := range row {
			square += float64(float64(d) * float64(d))
		}
		norms = append(norms, math.Sqrt(square))
	}
	return norms
}
