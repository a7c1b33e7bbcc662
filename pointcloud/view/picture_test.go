package view

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"

	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
)

// Panels stand in rows, titles above them and the legend below.
func TestLayout(t *testing.T) {
	dot := Item{Cloud: points([3]float32{}), Colors: []color.RGBA{red}}
	blueDot := dot
	blueDot.Colors = []color.RGBA{blue}
	o := Options{Width: 60, Height: 40}
	for _, c := range []struct {
		o      Options
		items  []Item
		width  int
		height int
		x, y   float64 // of the last item's dot
	}{
		{o, []Item{blueDot}, 60, 40, 30, 20},
		{o, []Item{dot, blueDot}, 120, 40, 90, 20},
		{o, []Item{dot, dot, dot, dot, dot, blueDot}, 240, 80, 90, 60},
		{Options{Width: 60, Height: 40, Columns: 5}, []Item{dot, dot, dot, blueDot}, 240, 40, 210, 20},
		{Options{Width: 60, Height: 40, Columns: 2}, []Item{dot, dot, dot, dot, blueDot}, 120, 120, 30, 100},
		{Options{Width: 60, Height: 40, Columns: 1, Title: "T"}, []Item{{Title: "a"}, blueDot}, 60, titleHeight + 2*(captionHeight+40), 30, titleHeight + 2*captionHeight + 60},
	} {
		img := picture(t, c.o, c.items...)
		assert.Equal(t, image.Rect(0, 0, c.width, c.height), img.Rect)
		p := find(img, blue)
		assert.InDelta(t, c.x, p.x, 0.7)
		assert.InDelta(t, c.y, p.y, 0.7)
	}
}

// written reports whether something is written in part of a picture.
func written(img *image.RGBA, x0, y0, x1, y1 int) bool {
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			if img.RGBAAt(x, y).G < 160 {
				return true
			}
		}
	}
	return false
}

func TestTitles(t *testing.T) {
	o := Options{Width: 200, Height: 100, Title: "All"}
	img := picture(t, o, Item{Title: "left"}, Item{}, Item{Title: "right", Cloud: points([3]float32{nan, 0, 0})})
	assert.True(t, written(img, 280, 10, 320, 40))
	assert.False(t, written(img, 0, 0, 250, titleHeight))
	top := titleHeight + captionHeight
	assert.True(t, written(img, 80, titleHeight, 120, top))
	assert.False(t, written(img, 200, titleHeight, 400, top))
	assert.True(t, written(img, 480, titleHeight, 520, top))
	assert.True(t, written(img, 450, top+80, 550, top+100), "what was left out")
	assert.False(t, written(img, 0, top, 400, top+100))
}

func TestLegendIsDrawn(t *testing.T) {
	three := points([3]float32{}, [3]float32{1, 0, 0}, [3]float32{0, 0, 1})
	it := Item{Cloud: three, Classes: []int{0, 1, -1}}
	img := picture(t, Options{Width: 300, Height: 60, ClassNames: []string{"seat"}}, it, Item{Cloud: three, Values: []float64{0, 1, 2}})
	assert.Equal(t, 60+2*legendHeight+border, img.Rect.Dy())
	var found []rgb
	for x := range 600 - swatch {
		c := img.RGBAAt(x, 60+5)
		if c != img.RGBAAt(max(x-1, 0), 60+5) && c == img.RGBAAt(x+swatch-1, 60+5+swatch-1) && c.R != 255 {
			found = append(found, rgb{c.R, c.G, c.B})
		}
	}
	assert.Equal(t, []rgb{classColor(0), classColor(1), grey}, found)

	y := 60 + legendHeight + 5 + swatch/2 // without a name of values above it
	var bar []rgb
	for x := range 600 {
		if c := img.RGBAAt(x, y); c == img.RGBAAt(x, y+4) && c == img.RGBAAt(x, y-4) && c.R != 255 {
			bar = append(bar, rgb{c.R, c.G, c.B})
		}
	}
	require.GreaterOrEqual(t, len(bar), longBar)
	assert.Contains(t, bar, scaleColor(0))
	assert.Contains(t, bar, scaleColor(1))

	// Many names take several rows, each within the picture.
	classes := make([]int, 200)
	cloud := points(make([][3]float32, 200)...)
	for i := range classes {
		classes[i] = i
	}
	img = picture(t, Options{Width: 200, Height: 50, ClassNames: []string{strings.Repeat("long ", 1000)}}, Item{Cloud: cloud, Classes: classes})
	assert.Greater(t, img.Rect.Dy(), 50+15*legendHeight)
	assert.False(t, written(img, 199, 50, 200, img.Rect.Dy()))
	picture(t, Options{Width: 16, Height: 16}, Item{Cloud: cloud, Classes: classes}) // no room for words
}

// Long titles, and the name of values above the scale, take several lines, none
// of which is cut off.
func TestLongTitles(t *testing.T) {
	it := Item{Title: "a title that is too long for its place", Cloud: points([3]float32{}), Values: []float64{1}}
	img := picture(t, Options{Width: 200, Height: 60, ValueName: "what the values are, said in more words than have room"}, it)
	p, err := newPen()
	require.NoError(t, err)
	lines := fold(p.medium, it.Title, 200-border, mostLines)
	assert.Equal(t, it.Title, strings.Join(lines, " "))
	top := room(captionHeight, 2, p.medium)
	assert.Len(t, lines, 2)
	assert.True(t, written(img, 0, 0, 200, top/2))
	assert.True(t, written(img, 0, top/2, 200, top))
	assert.Equal(t, top+60+room(legendHeight, 2, p.small)+legendHeight+border, img.Rect.Dy())
	assert.True(t, written(img, 0, top+60, 200, top+60+legendHeight))
	for _, edge := range []image.Rectangle{image.Rect(0, 0, 2, img.Rect.Dy()), image.Rect(198, 0, 200, img.Rect.Dy()), image.Rect(0, 0, 200, 2)} {
		assert.False(t, written(img, edge.Min.X, edge.Min.Y, edge.Max.X, edge.Max.Y))
	}
}

func TestFold(t *testing.T) {
	p, err := newPen()
	require.NoError(t, err)
	assert.Empty(t, fold(p.small, " ", 100, 3))
	assert.Equal(t, []string{"one two", "three"}, fold(p.small, "one two three", 60, 3))
	assert.Equal(t, []string{"one two thr…"}, fold(p.small, "one two three four", 80, 1))
	got := fold(p.small, strings.Repeat("words ", 100), 100, 3)
	require.Len(t, got, 3)
	assert.True(t, strings.HasSuffix(got[2], "…"))
	got = fold(p.small, strings.Repeat("long", 100)+" word", 100, 3)
	require.Len(t, got, 2)
	assert.True(t, strings.HasSuffix(got[0], "…"))
}

// Pictures and pages are written in the same typeface, or one of its widths.
func TestTypeface(t *testing.T) {
	f, err := opentype.Parse(liberationsansregular.TTF)
	require.NoError(t, err)
	family, err := f.Name(nil, sfnt.NameIDFamily)
	require.NoError(t, err)
	page, _ := write(t, Options{}, Item{})
	assert.Contains(t, page, `font: 16px/1.4 "`+family+`", Arial, Helvetica, sans-serif`)
}

func TestFit(t *testing.T) {
	p, err := newPen()
	require.NoError(t, err)
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"short", "short"},
		{"Größe in µm, Ω ж", "Größe in µm, Ω ж"},
		{"two\nlines\tand\x00more", "two lines and more"},
		{"bad \xff bytes", "bad � bytes"},
	} {
		got, width := fit(p.small, c.in, 300)
		assert.Equal(t, c.want, got)
		assert.LessOrEqual(t, width, 300)
	}
	for width := range 120 {
		got, n := fit(p.small, "a title too long for its place", width)
		assert.LessOrEqual(t, n, width)
		if got != "" {
			assert.True(t, strings.HasSuffix(got, "…"), got)
			assert.True(t, strings.HasPrefix("a title too long for its place", strings.TrimSuffix(got, "…")), got)
		}
	}
	got, _ := fit(p.small, strings.Repeat("i", 1<<20), math.MaxInt16)
	assert.LessOrEqual(t, len(got), 1003)
}

var errFull = errors.New("full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriting(t *testing.T) {
	it := Item{Cloud: points([3]float32{})}
	assert.ErrorIs(t, PNG(full{}, Options{}, it), errFull)
	assert.ErrorIs(t, HTML(full{}, Options{}, it), errFull)
	assert.ErrorContains(t, PNG(full{}, Options{}), "no items")
	assert.ErrorContains(t, HTML(full{}, Options{}), "no items")

	var b bytes.Buffer
	require.NoError(t, PNG(&b, Options{}, it))
	img, err := png.Decode(&b)
	require.NoError(t, err)
	assert.Equal(t, image.Rect(0, 0, 512, 512), img.Bounds())
}
