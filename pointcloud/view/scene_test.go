package view

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
)

var (
	nan = float32(math.NaN())
	inf = float32(math.Inf(1))
)

// ready returns the panel of an item.
func ready(t *testing.T, it Item) panel {
	t.Helper()
	s, err := newScene(Options{}, []Item{it})
	require.NoError(t, err)
	return s.panels[0]
}

func TestPanel(t *testing.T) {
	p := ready(t, Item{
		Title: "both",
		Cloud: pointcloud.Cloud{
			Points:  [][3]float32{{10, 20, 30}, {14, 20, 30}, {12, 20, 31}},
			Normals: [][3]float32{{0, 0, 4}, {0, nan, 1}, {}},
		},
		Mesh:    pointcloud.Mesh{Vertices: [][3]float32{{9, 9, 9}, {12, 20, 30}, {12, 21, 30}, {13, 20, 30}, {90, 90, nan}}, Faces: [][3]int32{{1, 2, 3}}},
		Classes: []int{0, 1, 2},
	})
	// The box is from 10 to 14, 20 to 21, 30 to 31; its corner vertices that no
	// face has do not count.
	far := math.Sqrt(2*2 + 0.5*0.5 + 0.5*0.5)
	require.Len(t, p.dots, 3)
	for i, want := range [][3]float64{{-2, -0.5, -0.5}, {2, -0.5, -0.5}, {0, -0.5, 0.5}} {
		for k := range want {
			assert.InDelta(t, want[k]/far, p.dots[i].at[k], 1e-6)
		}
	}
	assert.Equal(t, [][3]float32{{0, 0, 1}, {}, {}}, [][3]float32{p.dots[0].normal, p.dots[1].normal, p.dots[2].normal})
	assert.Equal(t, classColor(2), p.dots[2].color)
	require.Len(t, p.facets, 1)
	assert.Equal(t, stone, p.facets[0].color)
	assert.InDelta(t, 0.5/far, p.facets[0].corners[1][1], 1e-6)
	assert.Equal(t, "both", p.title)
	assert.Empty(t, p.note)
}

func TestFacesHaveTheColours(t *testing.T) {
	m := pointcloud.Mesh{Vertices: [][3]float32{{}, {1, 0, 0}, {0, 1, 0}, {0, 0, inf}}, Faces: [][3]int32{{0, 1, 3}, {0, 1, 2}}}
	p := ready(t, Item{Mesh: m, Values: []float64{1, 2}})
	require.Len(t, p.facets, 1)
	assert.Equal(t, scaleColor(1), p.facets[0].color, "that of the face, not of its place among the ones shown")
	assert.Equal(t, "left out: 1 face not finite", p.note)
}

func TestNotFinite(t *testing.T) {
	for _, x := range []float32{nan, inf, -inf} {
		for k := range 3 {
			bad := [3]float32{1, 2, 3}
			bad[k] = x
			good := [][3]float32{{1, 0, 0}, {0, 2, 0}}
			p := ready(t, Item{Cloud: pointcloud.Cloud{Points: [][3]float32{bad, good[0], bad, good[1]}}, Classes: []int{3, 4, 5, 6}})
			q := ready(t, Item{Cloud: pointcloud.Cloud{Points: good}, Classes: []int{4, 6}})
			assert.Equal(t, q.dots, p.dots)
			assert.Equal(t, "left out: 2 points not finite", p.note)
		}
	}
	m := pointcloud.Mesh{Vertices: [][3]float32{{nan, 0, 0}}, Faces: [][3]int32{{}, {}}}
	p := ready(t, Item{Cloud: pointcloud.Cloud{Points: [][3]float32{{inf, 0, 0}}}, Mesh: m})
	assert.Empty(t, p.dots)
	assert.Empty(t, p.facets)
	assert.Equal(t, "left out: 1 point and 2 faces not finite", p.note)
}

// Whatever is finite comes to lie within distance 1.
func TestAnySize(t *testing.T) {
	const most = math.MaxFloat32
	for name, points := range map[string][][3]float32{
		"one":         {{3, 4, 5}},
		"equal":       {{3, 4, 5}, {3, 4, 5}},
		"huge":        {{1e30, 0, 0}, {0, -1e30, 0}, {0, 0, 1}},
		"most":        {{most, most, most}, {-most, -most, -most}, {0, most, 0}},
		"one most":    {{most, -most, most}},
		"least":       {{math.SmallestNonzeroFloat32, 0, 0}, {0, 0, 0}},
		"far from 0":  {{1e8, 0, 0}, {1e8 + 8, 0, 0}},
		"collinear":   {{0, 0, 0}, {1, 1, 1}, {2, 2, 2}},
		"with others": {{1e30, 0, 0}, {nan, 0, 0}, {0, 1e30, 0}},
	} {
		p := ready(t, Item{Cloud: pointcloud.Cloud{Points: points}})
		farthest := 0.0
		for _, d := range p.dots {
			require.True(t, whole(d.at), "%s: %v", name, d.at)
			v := wide(d.at)
			farthest = max(farthest, math.Sqrt(dot3(v, v)))
		}
		want := 1.0
		if name == "one" || name == "equal" || name == "one most" {
			want = 0
		}
		assert.InDelta(t, want, farthest, 1e-6, name)
	}
}

func TestMistakes(t *testing.T) {
	three := pointcloud.Cloud{Points: make([][3]float32, 3)}
	mesh := pointcloud.Mesh{Vertices: make([][3]float32, 3), Faces: [][3]int32{{0, 1, 2}, {0, 1, 2}}}
	item := []Item{{Cloud: three}}
	for want, c := range map[string]struct {
		o     Options
		items []Item
	}{
		"got no items":                            {},
		"got 8 x 512":                             {Options{Width: 8}, item},
		"got 512 x -1":                            {Options{Height: -1}, item},
		fmt.Sprintf("got %d x 1024", 1<<15):       {Options{Width: 1 << 15, Height: 1 << 10}, item},
		fmt.Sprintf("got 64 x %d", math.MaxInt):   {Options{Width: 64, Height: math.MaxInt}, item},
		"got -1":                                  {Options{Columns: -1}, item},
		"radius of points from 0 to 256, got NaN": {Options{Radius: math.NaN()}, item},
		"got 257":                                 {Options{Radius: 257}, item},
		"range of two finite values in order, got [2 1]": {Options{Range: [2]float64{2, 1}}, item},
		"got [0 +Inf]":   {Options{Range: [2]float64{0, math.Inf(1)}}, item},
		"got [0 NaN 0]":  {Options{From: [3]float64{0, math.NaN(), 0}}, item},
		"got [-Inf 0 0]": {Options{Up: [3]float64{math.Inf(-1), 0, 0}}, item},
		"item 1: want values for all of 3 points, got 2":      {items: []Item{{}, {Cloud: three, Values: make([]float64, 2)}}},
		"item 0: want classes for all of 2 faces, got 3":      {items: []Item{{Mesh: mesh, Classes: make([]int, 3)}}},
		"want classes for all of 3 points, got 2":             {items: []Item{{Cloud: three, Mesh: mesh, Classes: make([]int, 2)}}},
		"want values for all of 0 faces, got 1":               {items: []Item{{Values: make([]float64, 1)}}},
		"want one of values, classes and colours, got 2":      {items: []Item{{Cloud: three, Values: make([]float64, 3), Classes: make([]int, 3)}}},
		"want normals for all of 3 points, or none, got 1":    {items: []Item{{Cloud: pointcloud.Cloud{Points: three.Points, Normals: make([][3]float32, 1)}}}},
		"face 0: want corners among 3 vertices, got [0 1 3]":  {items: []Item{{Mesh: pointcloud.Mesh{Vertices: mesh.Vertices, Faces: [][3]int32{{0, 1, 3}}}}}},
		"face 0: want corners among 3 vertices, got [0 -1 2]": {items: []Item{{Mesh: pointcloud.Mesh{Vertices: mesh.Vertices, Faces: [][3]int32{{0, -1, 2}}}}}},
	} {
		_, err := newScene(c.o, c.items)
		assert.ErrorContains(t, err, want)
	}
	_, err := Image(Options{Width: 4096, Height: 4096}, Item{Title: "needs room"})
	assert.ErrorContains(t, err, "16777216 pixels, got 1 panels of 4096 x 4096", "with the title")
	_, err = Image(Options{Columns: 1}, make([]Item, 65)...)
	assert.ErrorContains(t, err, "got 65 panels of 512 x 512")
}

// TestPanelOfOrigins shows points on the mesh that they lie on, from whatever
// origins both are measured.
func TestPanelOfOrigins(t *testing.T) {
	mesh := pointcloud.Mesh{Vertices: [][3]float32{{0, 0, 0}, {4, 0, 0}, {0, 2, 0}}, Faces: [][3]int32{{0, 1, 2}}}
	cloud := pointcloud.Cloud{Points: [][3]float32{{1, 1, 0}, {2, 0.5, 0}}}
	want := ready(t, Item{Cloud: cloud, Mesh: mesh})
	at := [3]float64{694386, 5155487, 0}
	for _, origins := range [][2][3]float64{{at, at}, {at, {}}, {{}, at}, {at, {694380, 5155490, 1}}} {
		far := Item{Cloud: pointcloud.Cloud{Points: cloud.Points, Origin: at}, Mesh: pointcloud.Mesh{Vertices: mesh.Vertices, Faces: mesh.Faces, Origin: at}}
		far.Cloud, far.Mesh = far.Cloud.WithOrigin(origins[0]), far.Mesh.WithOrigin(origins[1])
		got := ready(t, far)
		if origins[0] == ([3]float64{}) || origins[1] == ([3]float64{}) {
			require.Len(t, got.dots, 2) // float32 alone has lost some of it
			for k, x := range want.facets[0].corners[1] {
				assert.InDelta(t, x, got.facets[0].corners[1][k], 0.5)
			}
			continue
		}
		assert.Equal(t, want, got)
	}
}
