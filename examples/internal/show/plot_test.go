package show_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"

	"setwise/examples/internal/show"
)

// drawn returns the picture of a sheet.
func drawn(t *testing.T, s show.Sheet) image.Image {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, s.Encode(&b))
	img, err := png.Decode(&b)
	require.NoError(t, err)
	return img
}

// inked returns the smallest rectangle with all pixels of a picture for which is
// holds.
func inked(img image.Image, is func(color.RGBA) bool) image.Rectangle {
	var r image.Rectangle
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if is(color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)) {
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return r
}

func notWhite(c color.RGBA) bool { return c != color.RGBA{255, 255, 255, 255} }

func blue(c color.RGBA) bool { return c.B > 140 && c.R < 60 }

// requireRoom requires a picture to have white edges.
func requireRoom(t *testing.T, img image.Image) {
	t.Helper()
	require.True(t, inked(img, notWhite).In(img.Bounds().Inset(3)), "%v in %v", inked(img, notWhite), img.Bounds())
}

// The area for data has the size that was asked for, whatever stands around it, and
// dots at its edges are whole: axes of one range have one scale.
func TestAreaOfPlots(t *testing.T) {
	corners := plotter.XYs{{X: -1e6, Y: 0}, {X: 2e6, Y: 3e6}, {X: -1e6, Y: -1e6}, {X: 3e6, Y: 3e6}}
	for _, title := range []string{"", "a title", strings.Repeat("a long title ", 20), strings.Repeat("long", 100)} {
		p := show.New(title, title, title)
		show.Dots(p, show.Color(0), 3, corners)
		show.Same(p)
		require.Equal(t, p.X.Min, p.Y.Min)
		require.Equal(t, p.X.Max, p.Y.Max)
		img := drawn(t, show.Sheet{Title: title, Plots: []*plot.Plot{p}, Width: 3 * vg.Inch, Height: 3 * vg.Inch})
		requireRoom(t, img)
		found := inked(img, blue)
		dot := 3.0 / 72 * 96 * 2
		require.InDelta(t, 3*96+dot, float64(found.Dx()), 3, "inches of 96 pixels, and the dots")
		require.InDelta(t, 3*96+dot, float64(found.Dy()), 3)
	}
}

// Plots of a sheet have areas of one size, in rows and columns.
func TestSheet(t *testing.T) {
	var plots []*plot.Plot
	for i := range 5 {
		p := show.New("", "", strings.Repeat("y", i))
		show.Dots(p, show.Color(0), 2, plotter.XYs{{}, {X: 1, Y: math.Pow10(3 * i)}})
		plots = append(plots, p)
	}
	one := drawn(t, show.Sheet{Plots: plots[4:], Width: 100, Height: 50}).Bounds()
	two := drawn(t, show.Sheet{Plots: plots[3:], Width: 100, Height: 50}).Bounds()
	five := drawn(t, show.Sheet{Plots: plots, Columns: 2, Width: 100, Height: 50}).Bounds()
	require.Equal(t, one.Dx(), two.Dx())
	require.Greater(t, two.Dy(), one.Dy())
	require.Greater(t, five.Dx(), two.Dx())
	require.Greater(t, five.Dy(), two.Dy())
}

// A key stands above the plots, within the picture, however long its names are.
func TestKey(t *testing.T) {
	p := show.New("", "x", "y")
	line := show.Line(p, show.Stroke(0), plotter.XYs{{}, {X: 1, Y: 1}})
	without := drawn(t, show.Sheet{Plots: []*plot.Plot{p}, Width: 200, Height: 100})
	height := without.Bounds().Dy()
	for _, name := range []string{"one", "several words in a row", strings.Repeat("long", 100)} {
		img := drawn(t, show.Sheet{Key: []show.Entry{{name, line}, {name, line}, {name, line}}, Plots: []*plot.Plot{p}, Width: 200, Height: 100})
		requireRoom(t, img)
		require.Equal(t, without.Bounds().Dx(), img.Bounds().Dx())
		require.Greater(t, img.Bounds().Dy(), height)
		height = max(height, img.Bounds().Dy()-1)
	}
}

// Whatever numbers a plot has, it is drawn; those that are not finite are left out.
func TestAnyNumbers(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, values := range [][]float64{
		nil, {0}, {1}, {-5}, {1e30}, {1e-300}, {5e-324}, {math.MaxFloat64}, {-math.MaxFloat64}, {nan}, {inf, -inf}, {1, nan, 2, inf, 3}, {nan, 7, nan},
		{0, 0}, {5, 5, 5}, {1e30, 1e30}, {1e-300, 2e-300}, {1e-306, 2e-306}, {0, 5e-324}, {-math.MaxFloat64, math.MaxFloat64}, {1e308, -1e308, 1e-300}, {-1e-100, 1e100},
		{1, math.Nextafter(1, 2)}, {1e15, 1e15 + 1}, {1e17, 1e17 + 16}, {1e9, 1e9 + 0.5}, {123456.789, 123456.788}, {-1e-5, 1e5},
	} {
		for _, flip := range []bool{false, true} {
			xy := make(plotter.XYs, len(values))
			count := 0
			for i, v := range values {
				xy[i] = plotter.XY{X: float64(i), Y: v}
				if flip {
					xy[i] = plotter.XY{X: v, Y: v}
				}
				if !math.IsNaN(v) && !math.IsInf(v, 0) {
					count++
				}
			}
			p := show.New("title", "x", "y")
			show.Line(p, show.Stroke(1), xy)
			require.Len(t, show.Dots(p, show.Color(0), 3, xy).XYs, count)
			show.Area(p, show.Color(2), xy, xy)
			img := drawn(t, show.Sheet{Plots: []*plot.Plot{p}, Width: 200, Height: 200})
			requireRoom(t, img)
			require.Equal(t, count > 0, inked(img, blue) != image.Rectangle{}, "%v", values)
		}
	}
}

// Marks are few, in order, within the axis, and all different.
func TestMarks(t *testing.T) {
	labels := func(m show.Marks, low, high float64) (out []string) {
		for _, tick := range m.Ticks(low, high) {
			out = append(out, tick.Label)
		}
		return out
	}
	for _, c := range []struct {
		low, high float64
		want      string
	}{
		{0, 1, "0 0.2 0.4 0.6 0.8 1.0"},
		{0, 100, "0 20 40 60 80 100"},
		{-25.3, 3.4, "-25 -20 -15 -10 -5 0"},
		{1, 30, "5 10 15 20 25 30"},
		{-3e30, 2e30, "-3e30 -2e30 -1e30 0 1e30 2e30"},
		{0, 1e-300, "0 5e-301 1.0e-300"},
		{1e9, 1e9 + 0.99, "1000000000.0 1000000000.5"},
		{-math.MaxFloat64, math.MaxFloat64, "-1e308 0 1e308"},
		{0, 0.0003, "0 0.0001 0.0002 0.0003"},
		{0, 2e6, "0 500000 1000000 1500000 2000000"},
	} {
		require.Equal(t, c.want, strings.Join(labels(show.Marks{}, c.low, c.high), " "))
	}
	require.Equal(t, []string{"1", "2", "3"}, labels(show.Marks{Whole: true}, 1, 3))
	rng := rand.New(rand.NewPCG(1, 2))
	for range 10000 {
		middle, half := rng.NormFloat64()*math.Pow(10, 200*rng.Float64()-100), 0.0
		half = math.Abs(middle) * math.Pow(10, 14*rng.Float64()-11)
		ticks := show.Marks{}.Ticks(middle-half, middle+half)
		require.NotEmpty(t, ticks)
		require.LessOrEqual(t, len(ticks), 7)
		var said []string
		for i, tick := range ticks {
			require.True(t, tick.Value >= middle-half && tick.Value <= middle+half)
			require.True(t, i == 0 || tick.Value > ticks[i-1].Value)
			said = append(said, tick.Label)
		}
		slices.Sort(said)
		require.Len(t, slices.Compact(said), len(ticks), "%v", said)
	}
}

// All words of all pictures are in one family, that of package view.
func TestOneTypeface(t *testing.T) {
	p := show.New("title", "x", "y")
	for _, s := range []text.Style{p.Title.TextStyle, p.X.Label.TextStyle, p.Y.Label.TextStyle, p.X.Tick.Label, p.Y.Tick.Label} {
		require.Equal(t, "Liberation Sans", fmt.Sprint(s.Font.Typeface, " ", s.Font.Variant))
	}
}

// Logarithmic axes of any range have marks.
func TestLogMarks(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		want      string
	}{
		{4.9, 33, "5 10 20"},
		{0.001, 0.02, "0.001 0.002 0.005 0.01 0.02"},
		{1, 1e4, "1 10 100 1000 10000"},
		{11, 19, "12 14 16 18"},
		{1e-300, 1e300, "1e-256 1e-128 1 1e128 1e256"},
	} {
		var labels []string
		for _, tick := range (show.LogMarks{}).Ticks(c.low, c.high) {
			labels = append(labels, tick.Label)
		}
		require.Equal(t, c.want, strings.Join(labels, " "))
	}
	for _, values := range [][]float64{{}, {1}, {1e-3, 1e-3}, {1e30, 1e-30}, {math.MaxFloat64}, {2, math.NaN(), 3}} {
		p := show.New("", "", "")
		p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, show.LogMarks{}
		xy := make(plotter.XYs, len(values))
		for i, v := range values {
			xy[i] = plotter.XY{X: float64(i), Y: v}
		}
		show.Dots(p, show.Color(0), 3, xy)
		requireRoom(t, drawn(t, show.Sheet{Plots: []*plot.Plot{p}, Width: 100, Height: 100}))
	}
}

func TestShorten(t *testing.T) {
	for most, want := range []string{"…", "…", "a…", "ab…", "ab…j", "abc…j", "abcd…j", "abcd…ij"} {
		require.Equal(t, want, show.Shorten("abcdefghij", most))
	}
	require.Equal(t, "abcdefghij", show.Shorten("abcdefghij", 10))
}

func TestSave(t *testing.T) {
	dir := t.TempDir()
	s := show.Sheet{Plots: []*plot.Plot{show.New("", "", "")}, Width: vg.Inch, Height: vg.Inch}
	require.NoError(t, s.Save(filepath.Join(dir, "a.png")))
	require.ErrorContains(t, s.Save(filepath.Join(dir, "none", "c.png")), "c.png")
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, files, 1)
}
