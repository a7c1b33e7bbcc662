package view

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
)

var (
	red   = color.RGBA{255, 0, 0, 255}
	green = color.RGBA{0, 255, 0, 255}
	blue  = color.RGBA{0, 0, 255, 255}
	front = [3]float64{0, -1, 0}
)

// picture draws items, which must be possible.
func picture(t *testing.T, o Options, items ...Item) *image.RGBA {
	t.Helper()
	img, err := Image(o, items...)
	require.NoError(t, err)
	return img
}

// patch is what there is of a colour in a picture: the most of the channel that
// it has, with little of the two others.
type patch struct {
	n    int
	x, y float64 // the middle
	box  image.Rectangle
}

// find returns what there is of red, green or blue.
func find(img *image.RGBA, c color.RGBA) patch {
	var p patch
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			at := img.RGBAAt(x, y)
			v := [3]int{int(at.R), int(at.G), int(at.B)}
			want, other := 0, 0
			for k, full := range [3]uint8{c.R, c.G, c.B} {
				if full > 0 {
					want = v[k]
				} else {
					other = max(other, v[k])
				}
			}
			if want > other+40 {
				p.n++
				p.x, p.y = p.x+float64(x)+0.5, p.y+float64(y)+0.5
				p.box = p.box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	p.x, p.y = p.x/float64(p.n), p.y/float64(p.n)
	return p
}

func points(p ...[3]float32) pointcloud.Cloud { return pointcloud.Cloud{Points: p} }

// From the front, x goes to the right and z up, and all is in the middle and as
// large as can be.
func TestPlaces(t *testing.T) {
	o := Options{Width: 200, Height: 100, From: front, Parallel: true, Radius: 5}
	it := Item{Cloud: points([3]float32{7, 3, 1}, [3]float32{8, 3, 1}, [3]float32{7, 3, 2}), Colors: []color.RGBA{red, green, blue}}
	img := picture(t, o, it)
	require.Equal(t, image.Rect(0, 0, 200, 100), img.Rect)
	r, g, b := find(img, red), find(img, green), find(img, blue)
	const edge = 0.04*100 + 5
	size := 100 - 2*edge
	for name, c := range map[string]struct{ got, want float64 }{
		"red x": {r.x, 100 - size/2}, "red y": {r.y, 100 - edge},
		"green x": {g.x, 100 + size/2}, "green y": {g.y, 100 - edge},
		"blue x": {b.x, 100 - size/2}, "blue y": {b.y, edge},
	} {
		assert.InDelta(t, c.want, c.got, 0.7, name)
	}
	for _, p := range []patch{r, g, b} {
		assert.InDelta(t, math.Pi*25, p.n, 12, "a disc's area")
		assert.InDelta(t, 10, p.box.Dx(), 1)
		assert.InDelta(t, 10, p.box.Dy(), 1)
	}

	o.From, o.Up = [3]float64{0, 0, 1}, [3]float64{0, 1, 0}
	it.Cloud = points([3]float32{}, [3]float32{1, 0, 0}, [3]float32{0, 1, 0})
	img = picture(t, o, it)
	assert.Greater(t, find(img, green).x, find(img, red).x+50)
	assert.Less(t, find(img, blue).y, find(img, red).y-50)
}

// What is nearer hides what is farther, in any order.
func TestNearer(t *testing.T) {
	o := Options{Width: 64, Height: 64, From: front, Radius: 10}
	for _, parallel := range []bool{false, true} {
		o.Parallel = parallel
		near, far := [3]float32{0, -1, 0}, [3]float32{0, 1, 0}
		for _, it := range []Item{
			{Cloud: points(near, far), Colors: []color.RGBA{red, blue}},
			{Cloud: points(far, near), Colors: []color.RGBA{blue, red}},
		} {
			img := picture(t, o, it)
			larger := 1.0
			if !parallel {
				larger = 1 / (1 - 1.0/eye)
			}
			assert.InDelta(t, math.Pi*100*larger*larger, find(img, red).n, 40)
			assert.Zero(t, find(img, blue).n, "nothing to be seen of it")
		}
		plane := func(y float32) [][3]float32 { return [][3]float32{{-1, y, -1}, {1, y, -1}, {0, y, 1}} }
		mesh := pointcloud.Mesh{Vertices: append(plane(1), plane(-1)...), Faces: [][3]int32{{3, 4, 5}, {0, 1, 2}}}
		img := picture(t, o, Item{Mesh: mesh, Colors: []color.RGBA{red, blue}})
		assert.Greater(t, find(img, red).n, 1000)
		assert.Less(t, find(img, blue).n, 20, "but for the edge, which is of both")
	}

	// A point stands out of a face that it is on, and is behind one in front.
	wall := pointcloud.Mesh{Vertices: [][3]float32{{-1, 0, -1}, {1, 0, -1}, {0, 0, 1}}, Faces: [][3]int32{{0, 1, 2}}}
	img := picture(t, o, Item{Mesh: wall, Cloud: points([3]float32{0, 0, -0.3}), Colors: []color.RGBA{red}})
	assert.Greater(t, find(img, red).n, 200)
	img = picture(t, o, Item{Mesh: wall, Cloud: points([3]float32{0, 1, -0.3}), Colors: []color.RGBA{red}})
	assert.Zero(t, find(img, red).n)
}

// In perspective what is nearer looks larger.
func TestFarIsSmall(t *testing.T) {
	it := Item{Cloud: points([3]float32{-1, -1, 0}, [3]float32{1, 1, 0}), Colors: []color.RGBA{red, blue}}
	o := Options{Width: 200, Height: 200, From: front, Radius: 20}
	img := picture(t, o, it)
	d := 1 / math.Sqrt2 / eye
	assert.InDelta(t, math.Pow((1+d)/(1-d), 2), float64(find(img, red).n)/float64(find(img, blue).n), 0.1)
	o.Parallel = true
	img = picture(t, o, it)
	assert.InDelta(t, find(img, red).n, find(img, blue).n, 20)
}

// Faces are as bright as Lambert's law says, the same from both sides.
func TestShading(t *testing.T) {
	o := Options{Width: 64, Height: 64, From: front, Parallel: true}
	for _, tilt := range []float64{-1.2, -0.5, 0, 0.5, 1.2} {
		// A triangle that leans back by an angle, with its middle in the middle.
		s, c := math.Sincos(tilt)
		at := func(x, up float64) [3]float32 { return [3]float32{float32(x), float32(s * up), float32(c * up)} }
		m := pointcloud.Mesh{Vertices: [][3]float32{at(-1, -1), at(1, -1), at(0, 1)}, Faces: [][3]int32{{0, 1, 2}}}
		bright := ambient + diffuse*max(0, c*light[2]+s*light[1])
		shown := func(x uint8) float64 { // haze in the middle
			return min(float64(x)*bright, 255)*(1-haze/2) + 255*haze/2
		}
		got := picture(t, o, Item{Mesh: m}).RGBAAt(32, 32)
		assert.InDelta(t, shown(stone[0]), got.R, 4, "leaning back by %v", tilt)
		assert.InDelta(t, shown(stone[2]), got.B, 4)
		m.Faces[0] = [3]int32{0, 2, 1}
		assert.Equal(t, got, picture(t, o, Item{Mesh: m}).RGBAAt(32, 32), "the other side")
	}
}

// What is close behind an edge is in its shadow, and nothing else is.
func TestShadow(t *testing.T) {
	square := func(y, size float32) [][3]float32 {
		return [][3]float32{{-size, y, -size}, {size, y, -size}, {size, y, size}, {-size, y, size}}
	}
	m := pointcloud.Mesh{
		Vertices: append(square(0, 1), square(-0.5, 0.5)...),
		Faces:    [][3]int32{{0, 1, 2}, {0, 2, 3}, {4, 5, 6}, {4, 6, 7}},
	}
	img := picture(t, Options{Width: 100, Height: 100, From: front, Parallel: true}, Item{Mesh: m})
	row := func(x int) int { return int(img.RGBAAt(x, 50).G) }
	edge := 0
	for x := 20; x < 50; x++ {
		if row(x) > row(x-1)+10 {
			edge = x
		}
	}
	assert.InDelta(t, 50-92/4.0, edge, 1.5, "where the nearer begins")
	assert.Less(t, row(edge-1), row(edge-8)-15, "just behind it")
	assert.Equal(t, row(10), row(edge-8), "farther behind")
	assert.InDelta(t, row(50), row(edge+1), 1, "in front")
}

// A point with a normal is as bright as its surface, from both sides; one
// without is a ball, brighter where light falls on it.
func TestShadingOfPoints(t *testing.T) {
	o := Options{Width: 64, Height: 64, From: front, Parallel: true, Radius: 20}
	at := func(n [3]float32, x, y int) int {
		c := points([3]float32{})
		if n != ([3]float32{}) {
			c.Normals = [][3]float32{n}
		}
		return int(picture(t, o, Item{Cloud: c, Colors: []color.RGBA{{200, 200, 200, 255}}}).RGBAAt(x, y).R)
	}
	none := [3]float32{}
	assert.Greater(t, at(none, 26, 22), at(none, 32, 32))
	assert.Greater(t, at(none, 32, 32), at(none, 42, 42)+20)
	up, facing, down := [3]float32{0, 0, 1}, [3]float32{0, -1, 0}, [3]float32{0, 0, -1}
	assert.Greater(t, at(facing, 32, 32), at(up, 32, 32)+20)
	assert.Greater(t, at(up, 32, 32), at(down, 32, 32)+20)
	assert.Equal(t, at(facing, 32, 32), at([3]float32{0, 3, 0}, 32, 32))
	assert.InDelta(t, at(up, 38, 38), at(up, 26, 26), 1, "all over")
}

// Nothing shines through between faces that share sides.
func TestFacesMeet(t *testing.T) {
	const n = 40
	var m pointcloud.Mesh
	for y := range n + 1 {
		for x := range n + 1 {
			m.Vertices = append(m.Vertices, [3]float32{float32(x) + 0.3*float32(y%3), 0.1 * float32((x*y)%2), float32(y)})
		}
	}
	for y := range int32(n) {
		for x := range int32(n) {
			a := y*(n+1) + x
			m.Faces = append(m.Faces, [3]int32{a, a + 1, a + n + 2}, [3]int32{a, a + n + 2, a + n + 1})
		}
	}
	s, err := newScene(Options{Width: 150, Height: 150, From: [3]float64{0.1, -1, 0.05}}, []Item{{Mesh: m}})
	require.NoError(t, err)
	r := s.panels[0].draw(s.Options)
	for y := 30; y < 270; y++ {
		for x := 40; x < 260; x++ {
			require.False(t, math.IsInf(float64(r.depth[y*r.width+x]), -1), "a hole at %d, %d", x, y)
		}
	}
	assert.True(t, math.IsInf(float64(r.depth[0]), -1))
}

// Points are seen however small they are and however many, and nothing else is.
func TestSmallAndEmpty(t *testing.T) {
	white := func(img *image.RGBA) bool {
		return len(bytes.Trim(img.Pix, "\xff")) == 0
	}
	for _, radius := range []float64{1e-9, 0.1, 0.5} {
		for x := range 7 {
			img := picture(t, Options{Width: 64, Height: 64, Radius: radius}, Item{Cloud: points([3]float32{}, [3]float32{1, float32(x) * 0.01, 0}), Colors: []color.RGBA{red, blue}})
			assert.NotZero(t, find(img, red).n, "radius %v", radius)
			assert.NotZero(t, find(img, blue).n, "radius %v", radius)
		}
	}
	flat := pointcloud.Mesh{Vertices: [][3]float32{{}, {1, 0, 0}, {2, 0, 0}}, Faces: [][3]int32{{0, 1, 2}, {1, 1, 1}}}
	for name, it := range map[string]Item{
		"nothing": {}, "no faces": {Mesh: pointcloud.Mesh{Vertices: make([][3]float32, 5)}}, "no area": {Mesh: flat},
	} {
		assert.True(t, white(picture(t, Options{Width: 64, Height: 64}, it)), name)
	}
	for name, it := range map[string]Item{
		"one":   {Cloud: points([3]float32{1e30, 5, 6})},
		"equal": {Cloud: points([3]float32{4, 5, 6}, [3]float32{4, 5, 6})},
	} {
		it.Colors = []color.RGBA{red, red}[:it.Cloud.Len()]
		p := find(picture(t, Options{Width: 64, Height: 32}, it), red)
		assert.InDelta(t, 32, p.x, 0.6, name)
		assert.InDelta(t, 16, p.y, 0.6, name)
	}
	img := picture(t, Options{Width: 64, Height: 64, Radius: 32, From: front}, Item{Cloud: points([3]float32{}), Colors: []color.RGBA{red}})
	assert.Equal(t, image.Rect(0, 0, 64, 64), find(img, red).box.Inset(-1).Intersect(img.Rect), "as large as a panel")
}

func TestPointsGetSmaller(t *testing.T) {
	o, err := Options{}.complete(1)
	require.NoError(t, err)
	last := math.Inf(1)
	for n := 1; n < 1e8; n *= 3 {
		r := dotRadius(o, n)
		assert.LessOrEqual(t, r, last)
		assert.True(t, r >= 0.7 && r <= 512/50.0, "%d: %v", n, r)
		last = r
	}
	o.Radius = 3
	assert.Equal(t, 3.0, dotRadius(o, 1000))
}

func TestSameBytes(t *testing.T) {
	var c pointcloud.Cloud
	for i := range 3000 {
		s, co := math.Sincos(float64(i))
		c.Points = append(c.Points, [3]float32{float32(s), float32(co), float32(i) / 500})
	}
	draw := func() []byte {
		var b bytes.Buffer
		require.NoError(t, PNG(&b, Options{Title: "a", Width: 150, Height: 150}, Item{Cloud: c}, Item{Title: "b", Cloud: c, Classes: make([]int, 3000)}))
		require.NoError(t, HTML(&b, Options{}, Item{Cloud: c}))
		return b.Bytes()
	}
	want := draw()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(7))
	assert.True(t, bytes.Equal(want, draw()))
	_, err := png.Decode(bytes.NewReader(want))
	assert.NoError(t, err)
}
