package layers_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

// rows are the elements of one set, in float64, for the blocks as their papers
// write them.
type rows [][]float64

func rowsOf(b set.Batch) rows {
	x := make(rows, b.Len())
	for i := range x {
		for _, v := range b.Row(i) {
			x[i] = append(x[i], float64(v))
		}
	}
	return x
}

func paramRows(p *grad.Param) rows {
	return rowsOf(set.Batch{Dim: p.Cols, Values: p.Data, Offsets: set.Offsets{0, p.Rows}})
}

func plus(x, y rows) rows {
	z := make(rows, len(x))
	for i := range x {
		for j := range x[i] {
			z[i] = append(z[i], x[i][j]+y[i][j])
		}
	}
	return z
}

func naiveLinear(l *layers.Linear, x rows) rows {
	w, b, y := paramRows(l.Weight), paramRows(l.Bias)[0], make(rows, len(x))
	for i := range x {
		for k := range b {
			sum := b[k]
			for j, a := range x[i] {
				sum += a * w[j][k]
			}
			y[i] = append(y[i], sum)
		}
	}
	return y
}

func naiveReLU(x rows) rows {
	for _, row := range x {
		for j := range row {
			row[j] = max(row[j], 0)
		}
	}
	return x
}

func naiveFeedForward(f *layers.FeedForward, x rows) rows {
	h := naiveReLU(naiveLinear(f.In, x))
	if f.Out == nil {
		return h
	}
	return naiveLinear(f.Out, h)
}

func naiveNorm(n *layers.Norm, x rows) rows {
	if n == nil || len(x) == 0 {
		return x
	}
	group := func(xs ...[]float64) (mean, deviation float64) {
		count := 0.0
		for _, row := range xs {
			for _, a := range row {
				mean, count = mean+a, count+1
			}
		}
		mean /= count
		for _, row := range xs {
			for _, a := range row {
				deviation += (a - mean) * (a - mean) / count
			}
		}
		return mean, math.Sqrt(deviation + 1e-5)
	}
	y := make(rows, len(x))
	for i := range x {
		mean, deviation := group(x[i])
		if n.OverSet {
			mean, deviation = group(x...)
		}
		for j, a := range x[i] {
			y[i] = append(y[i], (a-mean)/deviation*float64(n.Gain.Data[j])+float64(n.Bias.Data[j]))
		}
	}
	return y
}

// naiveWeights returns the attention of query i to key j in head h as
// [h][i][j].
func naiveWeights(heads int, scale float64, q, k rows) [][][]float64 {
	all := make([][][]float64, heads)
	for h := range heads {
		for _, qi := range q {
			w := len(qi) / heads
			var p []float64
			total := 0.0
			for _, kj := range k {
				dot := 0.0
				for c := h * w; c < (h+1)*w; c++ {
					dot += qi[c] * kj[c]
				}
				p = append(p, math.Exp(scale*dot))
				total += p[len(p)-1]
			}
			for j := range p {
				p[j] /= total
			}
			all[h] = append(all[h], p)
		}
	}
	return all
}

func naiveAttention(heads int, scale float64, q, k, v rows) rows {
	p, z := naiveWeights(heads, scale, q, k), make(rows, len(q))
	for i := range q {
		z[i] = make([]float64, len(q[i]))
		for c := range z[i] {
			for j := range k {
				z[i][c] += p[c/(len(z[i])/heads)][i][j] * v[j][c]
			}
		}
	}
	return z
}

func naiveMAB(m *layers.MAB, b layers.Block, x, y rows) rows {
	heads, d := 4, float64(b.Dim)
	if b.Heads != 0 {
		heads = b.Heads
	}
	if b.Scale == layers.ScaleHead {
		d /= float64(heads)
	}
	nx, ny := x, y
	if b.Norm == layers.NormPre || b.Norm == layers.NormSet {
		nx, ny = naiveNorm(m.NormX, x), naiveNorm(m.NormY, y)
	}
	q := naiveLinear(m.Attn.Query, nx)
	a := naiveAttention(heads, 1/math.Sqrt(d), q, naiveLinear(m.Attn.Key, ny), naiveLinear(m.Attn.Value, ny))
	switch b.Norm {
	case layers.NormPost:
		h := naiveNorm(m.Norm1, plus(q, a))
		return naiveNorm(m.Norm2, plus(h, naiveFeedForward(m.FF, h)))
	case layers.NormPre, layers.NormSet:
		residual := x
		if len(x) > 0 && len(x[0]) != b.Dim {
			residual = q
		}
		h := plus(residual, a)
		return plus(h, naiveFeedForward(m.FF, naiveNorm(m.Norm1, h)))
	}
	h := plus(q, a)
	return plus(h, naiveFeedForward(m.FF, h))
}

// near requires that numbers agree to within 1e-5 of the largest.
func near(t *testing.T, want rows, got set.Batch, what string) {
	t.Helper()
	var largest, worst float64
	require.Equal(t, len(want), got.Len(), what)
	for i, row := range rowsOf(got) {
		require.Len(t, row, len(want[i]))
		for j, a := range row {
			largest = max(largest, math.Abs(want[i][j]))
			worst = max(worst, math.Abs(a-want[i][j]))
		}
	}
	assert.LessOrEqual(t, worst, 1e-5*largest, what)
}

// blocks are all combinations of options, with gains and biases of norms that
// do something.
func blocks() []layers.Block {
	var all []layers.Block
	for _, norm := range []layers.Norming{layers.NormNone, layers.NormPost, layers.NormPre, layers.NormSet} {
		for _, scale := range []layers.Scaling{layers.ScaleWidth, layers.ScaleHead} {
			for _, hidden := range []int{0, 12} {
				for _, dropout := range []float32{0, 0.3} {
					all = append(all, layers.Block{Dim: 8, Heads: 2, Norm: norm, Scale: scale, Hidden: hidden, Dropout: dropout})
				}
			}
		}
	}
	return all
}

func disturb(model any, rng *rand.Rand) {
	for _, p := range layers.Params(model) {
		for i := range p.Data {
			p.Data[i] += 0.3 * float32(rng.NormFloat64())
		}
	}
}
