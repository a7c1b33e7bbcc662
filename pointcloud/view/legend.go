package view

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"setwise/internal/elementary"
)

// A legend says what the colours of all items mean.
type legend struct {
	classes   []int // those that are there, in order
	unknown   bool  // whether something is grey
	values    bool  // whether there are any
	low, high float64
}

// newLegend gathers what the items have.
func newLegend(o Options, items []Item) legend {
	l := legend{low: math.Inf(1), high: math.Inf(-1)}
	seen := map[int]bool{}
	for _, it := range items {
		for _, v := range it.Values {
			if elementary.Finite(v) {
				l.low, l.high = min(l.low, v), max(l.high, v)
			}
			l.unknown = l.unknown || math.IsNaN(v)
		}
		for _, c := range it.Classes {
			if c >= 0 && !seen[c] {
				seen[c] = true
				l.classes = append(l.classes, c)
			}
			l.unknown = l.unknown || c < 0
		}
		l.values = l.values || len(it.Values) > 0
	}
	slices.Sort(l.classes)
	if o.Range != [2]float64{} {
		l.low, l.high = o.Range[0], o.Range[1]
	}
	l.values = l.values && l.low <= l.high
	return l
}

// along returns how far along the scale a value is: in its middle if all are
// equal.
func (l legend) along(v float64) float64 {
	switch {
	case math.IsInf(v, 1):
		return 1
	case math.IsInf(v, -1):
		return 0
	case v == l.low && v == l.high:
		return 0.5
	}
	low := float64(l.low / 2) // halves, as the difference may overflow
	return (float64(v/2) - low) / (float64(l.high/2) - low)
}

// color returns the colour of point or face i of an item, or other if the item
// does not say.
func (l legend) color(it Item, i int, other rgb) rgb {
	switch {
	case it.Values != nil:
		return scaleColor(l.along(it.Values[i]))
	case it.Classes != nil:
		return classColor(it.Classes[i])
	case it.Colors != nil:
		return rgb{it.Colors[i].R, it.Colors[i].G, it.Colors[i].B}
	}
	return other
}

// A mark is what the legend says of a colour, or words without one.
type mark struct {
	Color *rgb
	Text  string
}

// mostMarks is how many classes the legend names.
const mostMarks = 64

// marks returns what the legend says of classes, and of grey.
func (s *scene) marks() []mark {
	var out []mark
	l := s.legend
	for _, c := range l.classes[:min(len(l.classes), mostMarks)] {
		name, color := "", classColor(c)
		if c < len(s.ClassNames) {
			name = s.ClassNames[c]
		}
		out = append(out, mark{&color, cmp.Or(name, fmt.Sprintf("class %d", c))})
	}
	if more := len(l.classes) - len(out); more > 0 {
		out = append(out, mark{nil, fmt.Sprintf("and %d more", more)})
	}
	if l.unknown {
		out = append(out, mark{&grey, "unknown"})
	}
	return out
}

// ends returns the words at the ends of the scale.
func (s *scene) ends() (low, high string) {
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }
	return cmp.Or(s.RangeNames[0], number(s.legend.low)), cmp.Or(s.RangeNames[1], number(s.legend.high))
}
