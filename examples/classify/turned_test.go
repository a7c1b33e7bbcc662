package main

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/io/dataset"
	"setwise/io/dataset/solids"
	"setwise/layers/classifier"
	"setwise/pointcloud"
)

// Where the test part is turned and the training part is not, or the reverse,
// that is seen, unless turns of that kind do not matter.
func TestStandOtherwise(t *testing.T) {
	upright := func(m pointcloud.Mesh, _ *rand.Rand) pointcloud.Mesh { return m }
	free := func(m pointcloud.Mesh, rng *rand.Rand) pointcloud.Mesh {
		return m.Transform(pointcloud.RandomRotation(rng))
	}
	around := func(m pointcloud.Mesh, rng *rand.Rand) pointcloud.Mesh {
		return m.Transform(pointcloud.Rotation([3]float64{0, 0, 1}, 6*rng.Float64()))
	}
	over := func(m pointcloud.Mesh, _ *rand.Rand) pointcloud.Mesh {
		return m.Transform(pointcloud.Rotation([3]float64{1, 0, 0}, 3.14159265))
	}
	type turn = func(pointcloud.Mesh, *rand.Rand) pointcloud.Mesh
	for name, c := range map[string]struct {
		turn          string
		known, unseen turn
		want          bool
	}{
		"upright":           {"none", upright, upright, false},
		"free":              {"none", free, free, false},
		"test turned":       {"none", upright, free, true},
		"training turned":   {"none", free, upright, true},
		"test about z":      {"none", upright, around, true},
		"test upside down":  {"none", upright, over, true},
		"z does not matter": {"z", upright, around, false},
		"free about z":      {"z", upright, free, true},
		"upside down, z":    {"z", upright, over, true},
		"no turn matters":   {"free", upright, free, false},
	} {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, 2))
			l := &lesson{Classifier: &classifier.Classifier{Classes: []string{"chair", "table"}, Features: classifier.Features{Turn: c.turn}}}
			make := func(n int, by turn) (shapes []dataset.Item) {
				for i := range n {
					m, err := solids.New(l.Classes[i%2], rng)
					require.NoError(t, err)
					s, err := pointcloud.NewSurface(by(m, rng))
					require.NoError(t, err)
					shapes = append(shapes, dataset.Item{Class: i % 2, Surface: s})
				}
				return shapes
			}
			l.known, l.unseen = make(60, c.known), make(30, c.unseen)
			require.Equal(t, c.want, l.standOtherwise())
		})
	}
}

// It is said before training, and at the end what turning costs.
func TestTurnIsSaid(t *testing.T) {
	if testing.Short() {
		t.Skip("several trainings")
	}
	dir := t.TempDir()
	require.NoError(t, solids.Write(dir+"/all", solids.Options{Train: 12, Test: 1, Upright: true, Classes: []string{"chair", "table"}}, rand.New(rand.NewPCG(1, 2))))
	require.NoError(t, solids.Write(dir+"/all", solids.Options{Test: 12, Classes: []string{"chair", "table"}}, rand.New(rand.NewPCG(1, 2))))
	for turn, want := range map[string]string{
		"none": "shapes are learned and tested as they stand (-turn none)\n",
		"z":    "training turns shapes about z, and those unseen are tested as they stand (-turn z)\n",
		"free": "shapes are brought into one position, however they are turned (-turn free)\n",
	} {
		out, notes, err := call(t.Context(), t, little(t.TempDir(), "-data", dir+"/all", "-turn", turn)...)
		require.NoError(t, err)
		require.Contains(t, out, want)
		if turn == "free" {
			require.NotContains(t, out, "turned at random")
			require.NotContains(t, notes, "otherwise")
		} else {
			require.Contains(t, out, "if the unseen shapes are turned at random")
			require.Contains(t, notes, "the unseen shapes are turned or proportioned otherwise than those to learn from")
		}
	}
}
