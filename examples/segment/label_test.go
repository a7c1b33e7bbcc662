package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/io/dataset/solids"
	"setwise/io/ply"
	"setwise/io/shape"
	"setwise/pointcloud"
)

// Labels that scans have.
const ground, tree, house = 11, 5, 40

// scan returns a little scan: ground, and trees and houses on it.
func scan(n int, rng *rand.Rand) (pointcloud.Cloud, []int32) {
	var c pointcloud.Cloud
	var labels []int32
	for range n {
		x, y, z := 8*rng.Float64(), 8*rng.Float64(), 0.02*rng.Float64()
		label := int32(ground)
		switch rng.IntN(3) {
		case 0:
			label, z = tree, 1.5*rng.Float64()
			x, y = 1+2*math.Floor(x/2)+0.1*rng.Float64(), 1+2*math.Floor(y/2)+0.1*rng.Float64()
		case 1:
			label, z = house, 1
			x, y = 4*math.Floor(x/4)+math.Mod(x, 1.5), 4*math.Floor(y/4)+math.Mod(y, 1.5)
		}
		c.Points, labels = append(c.Points, [3]float32{float32(x), float32(y), float32(z)}), append(labels, label)
	}
	return c, labels
}

// scans returns a folder of so many scans.
func scans(t testing.TB, n int) string {
	t.Helper()
	dir := t.TempDir()
	for i := range n {
		cloud, labels := scan(600, rand.New(rand.NewPCG(3, uint64(i))))
		f, err := ply.OfCloud(cloud)
		require.NoError(t, err)
		f.Element("vertex").Set("label", labels)
		require.NoError(t, ply.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.ply", i)), f))
	}
	return dir
}

// New points get labels in a file that other programs read: those of the files that
// were learned from.
func TestLabel(t *testing.T) {
	data, dir := scans(t, 5), t.TempDir()
	for _, more := range [][]string{nil, {"-block", "4"}} {
		args := append([]string{"-data", data, "-points", "64", "-dim", "4", "-epochs", "1", "-out", dir}, more...)
		out, notes, err := call(t.Context(), t, args...)
		require.NoError(t, err)
		require.Contains(t, notes, "5 of 5 shapes have no normals: they are estimated from the 16 nearest points\n")
		require.Contains(t, out, "4 shapes of 1 classes and 3 parts to learn from, 1 unseen")
		require.Regexp(t, `(?m)^all +1  .*  5 \d\.\d+  11 \d\.\d+  40 \d`, out)

		cloud, _ := scan(500, rand.New(rand.NewPCG(9, 9)))
		file := filepath.Join(dir, "new.xyz.gz")
		require.NoError(t, shape.WriteFile(file, shape.Shape{Cloud: cloud}))
		_, _, err = call(t.Context(), t, "-out", dir, "-class", "none", "-label", file)
		require.ErrorContains(t, err, `such as "all", got "none"`)
		out, notes, err = call(t.Context(), t, "-out", dir, "-class", "all", "-label", file)
		require.NoError(t, err)
		require.Contains(t, notes, "no normals: they are estimated")
		target := filepath.Join(dir, "new.labelled.ply")
		require.Contains(t, out, "wrote "+target)
		f, err := ply.OpenAll(target, ply.Limits{})
		require.NoError(t, err)
		labels := f.Element("vertex").Property("label").Values.([]int32)
		require.Len(t, labels, 500)
		for _, l := range labels {
			require.Contains(t, []int32{ground, tree, house}, l)
		}
		require.Len(t, f.Colors(), 500)
		require.Contains(t, strings.Join(f.Comments, "\n"), fmt.Sprintf("label %d is %d", labels[0], labels[0]))
		back, err := f.Cloud()
		require.NoError(t, err)
		require.Equal(t, cloud.Points, back.Points)
	}
}

// Files that cannot be labelled do not stop the others, and none takes the place of
// another.
func TestLabelSome(t *testing.T) {
	dir := t.TempDir()
	model := filepath.Join(trained().dir, "model.safetensors")
	p, err := solids.NewParted("cup", rand.New(rand.NewPCG(1, 1)))
	require.NoError(t, err)
	write := func(name string, s shape.Shape) string {
		name = filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o777))
		require.NoError(t, shape.WriteFile(name, s))
		return name
	}
	mesh := write("cup.stl", shape.Shape{Mesh: p.Surface.Mesh()})
	same := write("a/cup.ply", shape.Shape{Cloud: pointcloud.Cloud{Points: [][3]float32{{1, 2, 3}}}})
	one := write("one.ply", shape.Shape{Cloud: pointcloud.Cloud{Points: [][3]float32{{1, 2, 3}}}})
	empty := write("empty.ply", shape.Shape{})
	broken := filepath.Join(dir, "broken.ply")
	require.NoError(t, os.WriteFile(broken, []byte("ply\n"), 0o666))
	out, notes, err := call(t.Context(), t, "-model", model, "-out", dir, "-label", broken, mesh, same, one, empty)
	require.ErrorContains(t, err, "2 of 5 cannot be labelled, the first is "+broken)
	require.Contains(t, notes, "a mesh: 256 points drawn from its surface are labelled")
	require.Contains(t, notes, "one whose labels would take the place of those of "+mesh)
	require.Contains(t, notes, "one.ply: 1 points, where the model is used to 32")
	require.Contains(t, out, "empty.ply: no points; wrote")
	require.Equal(t, 3, strings.Count(out, "wrote "))
	require.Equal(t, "a.b", stem("x/a.b.PLY.GZ"))
	require.Equal(t, ".ply", stem(".ply"))
}

// A model file that lies is refused before memory is taken.
func TestModelRefuses(t *testing.T) {
	m := &model{config: config{vocabulary: vocabulary{Classes: []class{{"a", []int32{0}}}, Parts: []string{"p"}, Labels: []int32{0}}, Dim: 4, Points: 8}}
	m.net = newModel(m.config, 1).net
	for want, change := range map[string]func(c *config){
		"got 0, 1 and 1":                        func(c *config) { c.Parts = nil },
		"labels of as many":                     func(c *config) { c.Labels = nil },
		"want a part or more, got none":         func(c *config) { c.Classes = []class{{"a", nil}} },
		"want different parts from 0 to 0":      func(c *config) { c.Classes = []class{{"a", []int32{1}}} },
		"want different parts from 0 to 0, got": func(c *config) { c.Classes = []class{{"a", []int32{0, 0}}} },
		"want a width from 4 to 1024":           func(c *config) { c.Dim = 1 << 30 },
		"want a width from 4 to 1024, 1":        func(c *config) { c.Points = 0 },
		"and blocks of 0 or more":               func(c *config) { c.Block = -1 },
		"numbers":                               func(c *config) { c.Dim = 1024 },
	} {
		bad := *m
		change(&bad.config)
		name := filepath.Join(t.TempDir(), "m.safetensors")
		require.NoError(t, bad.save(name))
		_, err := openModel(name)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, name)
	}
}
