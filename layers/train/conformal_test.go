package train_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/layers/train"
	"setwise/set"
)

func TestConformal(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	ten := []float64{5, 3, 9, 1, 7, 2, 8, 4, 6} // nine scores, so ten places
	for _, c := range []struct {
		scores     []float64
		miss, want float64
	}{
		{ten, 0.1, 9},
		{ten, 0.11, 9},
		{ten, 0.2, 8},
		{ten, 0.25, 8},
		{ten, 0.58, 5}, // 4.2 places
		{ten, 0.9, 1},
		{ten, 0.999, 1},
		{ten, 0.09, inf},
		{ten, 0, inf},
		{nil, 0.5, inf},
		{[]float64{4}, 0.5, 4},
		{[]float64{4}, 0.49, inf},
		{[]float64{2, nan, 1}, 0.25, inf},
		{[]float64{2, nan, 1}, 0.5, 2},
		{[]float64{2, 2, 2}, 0.3, 2},
		{[]float64{-2, -3, -4}, 0.5, -3},
	} {
		assert.Equal(t, c.want, train.Conformal(c.scores, c.miss), "%v", c)
	}
	assert.Equal(t, 21.0, train.Conformal(upTo(49), 0.58), "rounding costs no place")
	assert.Equal(t, []float64{5, 3, 9, 1, 7, 2, 8, 4, 6}, ten, "scores are left alone")
	for _, miss := range []float64{-0.1, 1, nan} {
		require.Error(t, set.Try(func() { train.Conformal(ten, miss) }))
	}
}

// upTo returns 1 to n.
func upTo(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i + 1)
	}
	return x
}

// noisy returns sets of one number with a target about it, whose noise has
// heavy tails and grows with the number.
func noisy(n int, rng *rand.Rand) []train.Targeted {
	es := make([]train.Targeted, n)
	for i := range es {
		x := rng.Float64()
		es[i] = train.Targeted{
			Set:    set.Of(1, []float32{float32(x)}),
			Target: set.Of(1, []float32{float32(x + (0.1+x)*rng.NormFloat64()*rng.ExpFloat64())}),
		}
	}
	return es
}

// Over many calibrations, the targets that are missed are as many as promised:
// for n scores that are never equal, ⌊(n+1) miss⌋/(n+1) of them.
func TestCoverage(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	itself := layers.Stack{}
	for _, c := range []struct {
		n    int
		miss float64
	}{{9, 0.1}, {20, 0.1}, {40, 0.3}, {99, 0.05}} {
		t.Run(fmt.Sprintf("%d, %v", c.n, c.miss), func(t *testing.T) {
			missed, all := 0, 0
			for range 1000 {
				interval := train.Calibrate(itself, noisy(c.n, rng), c.miss)
				for _, e := range noisy(20, rng) {
					low, high := interval.Of(e.Set)
					if y := e.Target.Values[0]; y < low.Values[0] || y > high.Values[0] {
						missed++
					}
					all++
				}
			}
			places := float64(c.n + 1)
			want := math.Floor(places*c.miss+1e-9) / places
			// Misses of one calibration go together: the deviation of the true
			// share is at most that of a share of n+1 places.
			deviation := math.Sqrt(want * (1 - want) * (1/places + 1.0/20) / 1000)
			assert.InDelta(t, want, float64(missed)/float64(all), 4*deviation)
		})
	}
}

// Of the numbers of a set, the worst counts.
func TestCalibrateSets(t *testing.T) {
	itself := layers.Stack{}
	pair := func(x, y, a, b float32) train.Targeted {
		return train.Targeted{Set: set.Of(1, []float32{x, y}), Target: set.Of(1, []float32{a, b})}
	}
	i := train.Calibrate(itself, []train.Targeted{pair(0, 0, 1, -5), pair(0, 0, 2, 1)}, 1.0/3)
	assert.Equal(t, 5.0, i.Radius)
	low, high := i.Of(set.Of(1, []float32{1, 2}))
	assert.Equal(t, []float32{-4, -3}, low.Values)
	assert.Equal(t, []float32{6, 7}, high.Values)
	low, high = train.Calibrate(itself, nil, 0.1).Of(set.Of(1, []float32{1}))
	assert.Equal(t, []float32{float32(math.Inf(-1)), float32(math.Inf(1))}, []float32{low.Values[0], high.Values[0]})
	nan := pair(0, 0, float32(math.NaN()), 1)
	assert.Equal(t, math.Inf(1), train.Calibrate(itself, []train.Targeted{nan, pair(0, 0, 2, 1)}, 1.0/3).Radius)
	require.Error(t, set.Try(func() {
		train.Calibrate(itself, []train.Targeted{{Set: set.Of(1, []float32{1}), Target: set.Of(1, []float32{1, 2})}}, 0.5)
	}))
}

// How far off may the line y = x be, for data that scatter about it?
func ExampleCalibrate() {
	rng := rand.New(rand.NewPCG(1, 2))
	held := make([]train.Targeted, 99)
	for i := range held {
		x := rng.Float32()
		held[i] = train.Targeted{Set: set.Of(1, []float32{x}), Target: set.Of(1, []float32{x + float32(i-49)/100})}
	}
	interval := train.Calibrate(layers.Stack{}, held, 0.1)
	low, high := interval.Of(set.Of(1, []float32{3}))
	fmt.Printf("%.2f to %.2f\n", low.Values, high.Values)
	// Output: [2.55] to [3.45]
}
