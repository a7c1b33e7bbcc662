package classifier_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/layers/classifier"
	"setwise/layers/local"
	"setwise/layers/train"
	"setwise/set"
)

// few returns a classifier by local groups, and two shapes to learn from.
func few(t testing.TB) (*classifier.Classifier, []classifier.Labelled) {
	c, err := classifier.New([]string{"bottle", "chair"}, classifier.Features{Points: 64, Unit: 1, Turn: "free"},
		classifier.Config{Local: &local.Config{Dim: 16, Hidden: 16}}, 1)
	require.NoError(t, err)
	return c, []classifier.Labelled{{Example: example("bottle", seeded(1)), Class: 0}, {Example: example("chair", seeded(2)), Class: 1}}
}

// Points are drawn anew in every epoch, the same ones for the same seed, and
// their groups are found beforehand.
func TestDraws(t *testing.T) {
	c, examples := few(t)
	source, err := c.Draws(examples, 2)
	require.NoError(t, err)
	require.Equal(t, 1, source.Steps())
	epoch := func(seed uint64) map[int]set.Batch {
		sets := map[int]set.Batch{}
		for b, err := range source.Epoch(0, 0, seeded(seed)) {
			require.NoError(t, err)
			for _, e := range b.Examples {
				sets[e.Class] = e.Set
			}
		}
		return sets
	}
	one, again, other := epoch(1), epoch(1), epoch(2)
	require.Len(t, one, 2)
	require.Equal(t, one, again)
	for class, x := range one {
		require.Positive(t, x.Len())
		require.LessOrEqual(t, x.Len(), 64)
		require.Equal(t, "16 nearest to 96 farthest", x.Relations[0].Name)
		require.NotEqual(t, x.Values, other[class].Values)
	}
	c.Features.Turn = "up"
	_, err = c.Draws(examples, 2)
	require.ErrorContains(t, err, `got "up"`)
}

// A network of local groups learns by the recipe.
func TestRecipe(t *testing.T) {
	c, examples := few(t)
	source, err := c.Draws(examples, 2)
	require.NoError(t, err)
	c.Settle(examples)
	rule := train.Chunks(train.SmoothClassification(c.Net, 0.2), 1)
	require.NoError(t, train.Run(context.Background(), c.Net, source, rule, train.Recipe{Epochs: 30}.Options(1)))
	for _, e := range examples {
		require.Equal(t, e.Class, train.Largest(c.Probabilities([]classifier.Example{e.Example}, 2)[0]))
	}
}

// Drawing clouds and finding their groups, beside a step of training.
func BenchmarkDraws(b *testing.B) {
	for _, turn := range []string{"none", "free"} {
		c, examples := few(b)
		c.Features.Points, c.Features.Turn = 512, turn
		source, err := c.Draws(examples, 2)
		require.NoError(b, err)
		b.Run(turn, func(b *testing.B) {
			for b.Loop() {
				for range source.Epoch(0, 0, seeded(1)) {
				}
			}
			b.ReportMetric(2*float64(b.N)/b.Elapsed().Seconds(), "clouds/s")
		})
	}
}
