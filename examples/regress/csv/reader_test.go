package csv

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/examples/regress/folds"
	"setwise/examples/regress/regresstest"
	"setwise/set"
	"setwise/set/grad"
)

// Models are given scaled rows, with marks of what is missing, the size of the set
// and what is learned of categories.
func TestReader(t *testing.T) {
	gap := math.NaN()
	table := &sets{
		numbers: []string{"x", "y"}, words: []string{"kind"}, known: [][]string{{"rare", "red", "blue"}},
		samples: []*sample{
			{rows: 1, numbers: []float64{3, 10}, words: []int32{1}},
			{rows: 2, numbers: []float64{1, gap, 2, 30}, words: []int32{1, 2}},
			{rows: 1, numbers: []float64{0, 20}, words: []int32{2}},
		},
	}
	all := []int{0, 1, 2}
	table.samples[0].words[0] = 0
	features := table.learnedFrom(all)
	d := math.Sqrt(1.25)
	e := math.Sqrt(200.0 / 3)
	require.Equal(t, []feature{
		{Name: "x", Mean: 1.5, Deviation: d, Low: 0, High: 3},
		{Name: "y", Mean: 20, Deviation: e, Low: 10, High: 30, Gaps: true},
		{Name: "kind", Categories: []string{"blue"}},
	}, features)
	r := newReader("rff+mean", features, folds.Scaling{Mean: []float64{0}, Deviation: []float64{1}}, 1, regresstest.Rand(1))
	r.open(table)
	copy(r.Words[0].Data, []float32{1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2})
	x := r.elements(nil, table.samples)
	require.Equal(t, set.Sizes(1, 2, 1), x.Offsets)
	two := float32(math.Log(2))
	for i, want := range [][]float32{
		{float32(1.5 / d), float32(-10 / e), 0, 0, 1, 1},
		{float32(-0.5 / d), 0, 1, two, 1, 1},
		{float32(0.5 / d), float32(10 / e), 0, two, 2, 2},
		{float32(-1.5 / d), 0, 0, 0, 2, 2},
	} {
		require.InDeltaSlice(t, want, x.Row(i)[:6], 1e-6)
		require.Len(t, x.Row(i), 4+wordWidth)
	}
	require.Equal(t, [][]float64{{3, 10, 0}, {1.5, 30, math.Log(2)}, {0, 20, 0}}, table.summaries())
}

// A large set is looked at through some of its rows, whatever their order.
func TestThin(t *testing.T) {
	big := func(rng *rand.Rand) *sets {
		s := &sample{rows: 5 * mostElements}
		for k := range s.rows {
			s.numbers = append(s.numbers, float64(k%7))
		}
		rng.Shuffle(s.rows, func(i, j int) { s.numbers[i], s.numbers[j] = s.numbers[j], s.numbers[i] })
		return &sets{numbers: []string{"x"}, samples: []*sample{s}}
	}
	var seen [2][7]int
	for i := range seen {
		b := big(regresstest.Rand(uint64(i)))
		b.thin()
		s := b.samples[0]
		require.Len(t, s.rowsFor(nil), mostElements)
		for _, k := range s.rowsFor(nil) {
			seen[i][int(s.numbers[k])]++
		}
		require.NotEqual(t, s.rowsFor(nil), s.rowsFor(grad.NewTape(regresstest.Rand(1))))
	}
	require.Equal(t, seen[0], seen[1])
	for _, n := range seen[0] {
		require.InDelta(t, mostElements/7, n, 60)
	}
}
