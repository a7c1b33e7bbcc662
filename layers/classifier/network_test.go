package classifier_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/io/tensor"
	"setwise/layers"
	"setwise/layers/classifier"
	"setwise/layers/local"
	"setwise/pointcloud"
)

// A file of before there were kinds of networks describes a Set Transformer, and
// opens.
func TestOpenOld(t *testing.T) {
	name := written(t, func(config map[string]any, _ *tensor.File) {
		config["network"] = config["network"].(map[string]any)["set"]
	})
	c, err := classifier.Open(name)
	require.NoError(t, err)
	require.Equal(t, untrained(), c)
}

// Networks of either kind come back from a file, and count in their answers what
// they did before.
func TestKinds(t *testing.T) {
	f := classifier.Features{Points: 128, Unit: 1, Turn: "none"}
	for _, config := range []classifier.Config{
		{Set: &layers.Config{Dim: 16, Inducing: 4}},
		{Local: &local.Config{}},
		{Local: &local.Config{Dim: 32, Blocks: 1}},
	} {
		c, err := classifier.New([]string{"bottle", "chair"}, f, config, 3)
		require.NoError(t, err)
		name := filepath.Join(t.TempDir(), "m")
		require.NoError(t, c.Save(name))
		got, err := classifier.Open(name)
		require.NoError(t, err)
		require.Equal(t, c.Config, got.Config)
		cloud := example("chair", seeded(1)).Points(100, seeded(2))
		want, err := c.Classify(cloud)
		require.NoError(t, err)
		have, err := got.Classify(cloud)
		require.NoError(t, err)
		require.Equal(t, want.Guesses, have.Guesses)

		sum := 0.0
		for _, share := range c.Attention(cloud, nil) {
			require.GreaterOrEqual(t, share, 0.0)
			sum += share
		}
		require.InDelta(t, 1, sum, 1e-6)
		one := pointcloud.Cloud{Points: make([][3]float32, 1), Normals: make([][3]float32, 1)}
		require.InDeltaSlice(t, []float64{1}, c.Attention(one, nil), 1e-6)
	}
}
