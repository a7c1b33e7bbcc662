package view

import (
	"image/color"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// oklab returns lightness and the amounts of red over green and of yellow over
// blue.
func oklab(c rgb) [3]float64 {
	var l [3]float64
	for k, x := range c {
		l[k] = math.Pow((float64(x)/255+0.055)/1.055, 2.4)
	}
	cone := func(r, g, b float64) float64 { return math.Cbrt(r*l[0] + g*l[1] + b*l[2]) }
	x, y, z := cone(0.4122214708, 0.5363325363, 0.0514459929), cone(0.2119034982, 0.6806995451, 0.1073969566), cone(0.0883024619, 0.2817188376, 0.6299787005)
	return [3]float64{
		0.2104542553*x + 0.7936177850*y - 0.0040720468*z,
		1.9779984951*x - 2.4285922050*y + 0.4505937099*z,
		0.0259040371*x + 0.7827717662*y - 0.8086757660*z,
	}
}

func TestScaleIsEven(t *testing.T) {
	const n = 64
	for i := range n + 1 {
		at := float64(i) / n
		assert.InDelta(t, 0.30+0.58*at, oklab(scaleColor(at))[0], 0.015, "lightness at %v", at)
	}
	assert.Equal(t, scaleColors[0], scaleColor(-1))
	assert.Equal(t, scaleColors[8], scaleColor(2))
	assert.Equal(t, scaleColors[4], scaleColor(0.5))
	assert.Equal(t, grey, scaleColor(math.NaN()))
}

// Who does not tell red from green tells the first eight classes by lightness
// and by yellow and blue.
func TestClassesAreToldApart(t *testing.T) {
	seen := map[rgb]int{}
	for class := range 24 {
		c := classColor(class)
		other, ok := seen[c]
		assert.False(t, ok, "class %d is like %d", class, other)
		seen[c] = class
	}
	for a := range 8 {
		p := oklab(classColor(a))
		for b := range a {
			q := oklab(classColor(b))
			assert.Greater(t, math.Hypot(p[0]-q[0], p[2]-q[2]), 0.05, "classes %d and %d", a, b)
		}
	}
	assert.Equal(t, classColor(3), classColor(27))
	assert.Equal(t, grey, classColor(-1))
	assert.Equal(t, grey, classColor(math.MinInt))
	assert.NotPanics(t, func() { classColor(math.MaxInt) })
}

func TestLegend(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	l := newLegend(Options{}, []Item{{Values: []float64{3, nan, inf, -1}}, {Values: []float64{7}}, {Classes: []int{5, 2, 5}}})
	assert.Equal(t, legend{classes: []int{2, 5}, unknown: true, values: true, low: -1, high: 7}, l)
	for v, want := range map[float64]float64{-1: 0, 7: 1, 3: 0.5, 9: 1.25, inf: 1, -inf: 0} {
		assert.Equal(t, want, l.along(v), "%v", v)
	}
	assert.True(t, math.IsNaN(l.along(nan)))

	l = newLegend(Options{Range: [2]float64{0, 2}}, []Item{{Values: []float64{1, 5}}})
	assert.Equal(t, []float64{0, 2, 0.5}, []float64{l.low, l.high, l.along(1)})
	assert.False(t, l.unknown)

	l = newLegend(Options{}, []Item{{Values: []float64{-math.MaxFloat64, math.MaxFloat64}}})
	assert.Equal(t, 0.5, l.along(0))

	l = newLegend(Options{}, []Item{{Values: []float64{4, 4}}})
	assert.Equal(t, []float64{0.5, 1, 0}, []float64{l.along(4), min(l.along(5), 1), max(l.along(3), 0)})

	l = newLegend(Options{}, []Item{{Values: []float64{nan, inf}}, {Classes: []int{-1}}})
	assert.False(t, l.values, "nothing to be seen on a scale")
	assert.Equal(t, scaleColors[8], l.color(Item{Values: []float64{inf}}, 0, plain))
	assert.Equal(t, grey, l.color(Item{Values: []float64{nan}}, 0, plain))
	assert.Equal(t, classColor(6), l.color(Item{Classes: []int{6}}, 0, plain))
	assert.Equal(t, rgb{1, 2, 3}, l.color(Item{Colors: []color.RGBA{{1, 2, 3, 0}}}, 0, plain))
	assert.Equal(t, plain, l.color(Item{}, 0, plain))
}

func TestMarks(t *testing.T) {
	s := &scene{Options: Options{ClassNames: []string{"seat", "", "leg"}}, legend: legend{classes: []int{0, 1, 2, 70}, unknown: true}}
	var got []string
	for _, m := range s.legend.marks(s.ClassNames) {
		got = append(got, m.Text)
	}
	assert.Equal(t, []string{"seat", "class 1", "leg", "class 70", "unknown"}, got)
	assert.Equal(t, classColor(70), *s.legend.marks(s.ClassNames)[3].Color)
	assert.Equal(t, grey, *s.legend.marks(s.ClassNames)[4].Color)

	s.legend = legend{classes: make([]int, 1000)}
	marks := s.legend.marks(s.ClassNames)
	assert.Len(t, marks, mostMarks+1)
	assert.Equal(t, mark{nil, "and 936 more"}, marks[mostMarks])

	s.legend = legend{low: -0.00012344, high: 1e6}
	low, high := s.ends()
	assert.Equal(t, "-0.0001234 1e+06", low+" "+high)
	s.RangeNames = [2]string{"least", ""}
	low, high = s.ends()
	assert.Equal(t, "least 1e+06", low+" "+high)
}

func TestClassColor(t *testing.T) {
	for c := -1; c < 30; c++ {
		got := ClassColor(c)
		assert.Equal(t, classColor(c), rgb{got.R, got.G, got.B})
		assert.Equal(t, uint8(255), got.A)
	}
}
