package view

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"image/color"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
)

// write returns the page of items, and what its program is given.
func write(t *testing.T, o Options, items ...Item) (string, webScene) {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, HTML(&b, o, items...))
	found := regexp.MustCompile(`(?m)^const scene = (\{.*\});$`).FindStringSubmatch(b.String())
	require.Len(t, found, 2)
	var s webScene
	require.NoError(t, json.Unmarshal([]byte(found[1]), &s))
	return b.String(), s
}

// places returns the coordinates that bytes stand for.
func places(t *testing.T, b []byte) [][3]float64 {
	t.Helper()
	require.Zero(t, len(b)%6)
	out := make([][3]float64, len(b)/6)
	for i := range out {
		for k := range 3 {
			out[i][k] = float64(binary.LittleEndian.Uint16(b[6*i+2*k:]))/65535*2 - 1
		}
	}
	return out
}

func TestPage(t *testing.T) {
	mesh := pointcloud.Mesh{Vertices: [][3]float32{{0, 0, 0}, {1e30, 0, 0}, {0, 2e30, 0}, {nan, 0, 0}}, Faces: [][3]int32{{0, 1, 3}, {0, 1, 2}}}
	cloud := points([3]float32{-1, 0, 0}, [3]float32{0, nan, 0}, [3]float32{1, 0, 0}, [3]float32{0, 0, 1})
	normals := cloud.Clone()
	normals.Normals = [][3]float32{{0, 0, 1}, {}, {-5, 0, 0}, {nan, 0, 0}}
	_, s := write(t, Options{From: [3]float64{1, 0, 0}, Parallel: true},
		Item{Cloud: cloud, Colors: []color.RGBA{red, {}, green, blue}}, Item{Cloud: normals}, Item{Mesh: mesh}, Item{})
	require.Len(t, s.Panels, 4)
	assert.True(t, s.Panels[0].Own)
	assert.False(t, s.Panels[1].Own)
	assert.InDelta(t, math.Pi/2, s.Yaw, 1e-12)
	assert.Zero(t, s.Pitch)
	assert.Zero(t, s.Near)
	assert.Equal(t, [3][3]float64{{1, 0, 0}, {0, 0, 1}, {0, -1, 0}}, s.Axes)

	d := s.Panels[0].Dots
	assert.Equal(t, 3, d.Count)
	assert.Equal(t, []byte{255, 0, 0, 0, 255, 0, 0, 0, 255}, d.Color)
	assert.Empty(t, d.Normal)
	far := math.Hypot(1, 0.5)
	want := [][3]float64{{-1 / far, 0, -0.5 / far}, {1 / far, 0, -0.5 / far}, {0, 0, 0.5 / far}}
	for i, p := range places(t, d.At) {
		assert.InDeltaSlice(t, want[i][:], p[:], 1.0/65535)
	}
	assert.Zero(t, s.Panels[0].Facets.Count)
	assert.InDelta(t, 512/50.0/(0.46*512), s.Panels[0].Radius, 1e-9)

	assert.Equal(t, []byte{0, 0, 127, 129, 0, 0, 0, 0, 0}, s.Panels[1].Dots.Normal)

	f := s.Panels[2].Facets
	assert.Equal(t, 1, f.Count)
	assert.Equal(t, stone[:], f.Color)
	corners := places(t, f.At)
	require.Len(t, corners, 3)
	far = math.Hypot(0.5, 1)
	assert.InDelta(t, 1/far, corners[1][0]-corners[0][0], 2.0/65535)
	assert.InDelta(t, 2/far, corners[2][1]-corners[0][1], 2.0/65535)

	assert.Equal(t, webPanel{Dots: webArrays{}, Facets: webArrays{}}, s.Panels[3])
}

// Titles are shown as they are, whatever they are, and the page asks for
// nothing from anywhere.
func TestNothingGetsIn(t *testing.T) {
	evil := `"'><img src=x onerror=alert(1)></script><script>alert(2)</script>{{.}} ${x} --></style>`
	it := Item{Title: evil, Cloud: points([3]float32{}), Classes: []int{0}}
	page, _ := write(t, Options{Title: evil, ClassNames: []string{evil}, ValueName: evil}, it, Item{Title: evil, Cloud: it.Cloud, Values: []float64{1}})
	assert.Equal(t, 1, strings.Count(page, "<script>"))
	assert.Equal(t, 1, strings.Count(page, "</script>"))
	assert.Equal(t, 1, strings.Count(page, "</style>"))
	assert.NotContains(t, page, "<img")
	assert.Equal(t, 8, strings.Count(page, "&lt;img src=x onerror=alert(1)&gt;"), "page, heading, two titles and two names of panels, a class, the values")
	for _, word := range []string{"http:", "https:", "src=", "import ", "@import", "url(", "fetch", "ZgotmplZ"} {
		for line := range strings.Lines(page) {
			if !strings.Contains(line, "&lt;img") {
				assert.NotContains(t, line, word)
			}
		}
	}
	assert.Contains(t, page, `content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"`)
	assert.Contains(t, page, `<i style="background: #0072b2"></i>`)
}

func TestPageIsComplete(t *testing.T) {
	page, _ := write(t, Options{}, Item{Cloud: points([3]float32{}, [3]float32{nan, 0, 0}), Values: []float64{1, 4}})
	assert.Contains(t, page, "<title>View</title>")
	assert.NotContains(t, page, "<h1>")
	assert.NotContains(t, page, "<figcaption>")
	assert.Contains(t, page, "left out: 1 point not finite")
	assert.Contains(t, page, "\n<div>1<b></b>4</div>")
	assert.Contains(t, page, "to right, #311969, #203984,")
	assert.Contains(t, page, "repeat(1, minmax")
	page, _ = write(t, Options{ValueName: "height", RangeNames: [2]string{"low", "high"}}, Item{Cloud: points([3]float32{}), Values: []float64{1}})
	assert.Contains(t, page, "height\n<div>low<b></b>high</div>")
	page, _ = write(t, Options{}, make([]Item, 9)...)
	assert.Contains(t, page, "repeat(4, minmax")
	assert.Equal(t, 9, strings.Count(page, "<canvas "))
	assert.NotContains(t, page, "<b></b>")
	page, _ = write(t, Options{Title: "T", Columns: 3}, Item{Title: "U"}, Item{}, Item{})
	assert.Contains(t, page, "<title>T</title>")
	assert.Contains(t, page, "repeat(3, minmax")
	page, _ = write(t, Options{}, Item{Title: "U"})
	assert.Contains(t, page, "<title>U</title>")
	assert.Contains(t, page, "<figcaption>U</figcaption>")
}

func TestPageIsSmall(t *testing.T) {
	const n = 10000
	cloud := pointcloud.Cloud{Points: make([][3]float32, n), Normals: make([][3]float32, n)}
	for i := range n {
		cloud.Points[i][i%3] = float32(i)
		cloud.Normals[i][i%3] = 1
	}
	mesh := pointcloud.Mesh{Vertices: cloud.Points, Faces: make([][3]int32, n)}
	size := func(it Item) int {
		page, _ := write(t, Options{}, it)
		return len(page)
	}
	none := size(Item{})
	assert.InDelta(t, 12*n, size(Item{Cloud: pointcloud.Cloud{Points: cloud.Points}})-none, 100)
	assert.InDelta(t, 16*n, size(Item{Cloud: cloud})-none, 100)
	assert.InDelta(t, 28*n, size(Item{Mesh: mesh})-none, 100)
	assert.Less(t, none, 20000)
}
