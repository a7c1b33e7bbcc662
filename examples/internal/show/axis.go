package show

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
)

// Same gives both axes of a plot one range. In a square they have one scale then.
func Same(p *plot.Plot) {
	low, high := min(p.X.Min, p.Y.Min), max(p.X.Max, p.Y.Max)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = low, high, low, high
}

// tiny is what the half of an axis is at least, so that steps along it are not
// denormal.
const tiny = 1e-305

// settle makes an axis wide enough for its marks to be different numbers.
func settle(a *plot.Axis) {
	if _, ok := a.Scale.(plot.LogScale); ok {
		if a.Min > a.Max { // nothing is drawn
			a.Min, a.Max = 1, 10
		}
		if a.Max/1.1 < a.Min {
			a.Min, a.Max = a.Min/2, min(a.Max, math.MaxFloat64/2)*2
		}
		return
	}
	if a.Min > a.Max {
		a.Min, a.Max = 0, 1
	}
	largest := max(math.Abs(a.Min), math.Abs(a.Max))
	if a.Max/2-a.Min/2 >= max(1e-12*largest, tiny) {
		return
	}
	by := largest / 2
	if largest < tiny {
		by = 1
	}
	a.Min, a.Max = max(a.Min-by, -math.MaxFloat64), min(a.Max+by, math.MaxFloat64)
}

// linear is a scale like [plot.LinearScale], for differences that overflow too.
type linear struct{}

func (linear) Normalize(low, high, x float64) float64 { return (x/2 - low/2) / (high/2 - low/2) }

// Marks are those of an axis: at 1, 2 or 5 times a power of ten from each other, and
// not too many for their numbers to stand side by side.
type Marks struct {
	Whole bool // at whole numbers only
}

// Ticks returns the marks from low to high.
func (m Marks) Ticks(low, high float64) []plot.Tick {
	const characters = 32
	best := m.ticks(low, high, 6)
	for most := 5.0; most > 1 && long(best) > characters; most-- {
		if fewer := m.ticks(low, high, most); len(fewer) > 1 {
			best = fewer
		}
	}
	return best
}

// long returns how many characters the numbers of marks have.
func long(ticks []plot.Tick) (n int) {
	for _, t := range ticks {
		n += len(t.Label)
	}
	return n
}

// ticks returns so many marks, or one more, or fewer.
func (m Marks) ticks(low, high, most float64) []plot.Tick {
	least := 2 * (high/2/most - low/2/most)
	if m.Whole {
		least = max(least, 1)
	}
	power := int(math.Floor(math.Log10(least)))
	step := math.Pow10(power)
	for _, by := range []float64{2, 2.5, 2} {
		if step < least {
			step *= by
		}
	}
	power = int(math.Floor(math.Log10(step * 1.01)))
	var ticks []plot.Tick
	const rounding = 1e-9
	for i := math.Ceil(low/step - rounding); i <= math.Floor(high/step+rounding); i++ {
		x := min(max(i*step, low), high)
		ticks = append(ticks, plot.Tick{Value: x, Label: label(x, max(math.Abs(low), math.Abs(high)), power)})
	}
	return ticks
}

// LogMarks are those of a logarithmic axis: at 1, 2 and 5 times the powers of ten,
// at some powers alone if there are many, and those of [Marks] if there is none.
type LogMarks struct{}

// Ticks returns the marks from low to high.
func (LogMarks) Ticks(low, high float64) []plot.Tick {
	first, last := int(math.Floor(math.Log10(low))), int(math.Floor(math.Log10(high)))
	times, every := []float64{1, 2, 5}, 1
	for (last-first)/every > 6 {
		every *= 2
	}
	if last-first > 2 {
		times = times[:1]
	}
	var ticks []plot.Tick
	for power := first; power <= last; power++ {
		for _, by := range times {
			if x := by * math.Pow10(power); power%every == 0 && low <= x && x <= high {
				ticks = append(ticks, plot.Tick{Value: x, Label: label(x, x, power)})
			}
		}
	}
	if len(ticks) < 2 {
		return Marks{}.Ticks(low, high)
	}
	return ticks
}

// label writes a multiple of a power of ten, on an axis whose largest number is
// given: with an exponent if that is much shorter.
func label(x, largest float64, power int) string {
	before := int(math.Floor(math.Log10(largest)))
	plain, exponential := max(before, 0)+max(-power, 0), before-power+4
	switch {
	case x == 0:
		return "0"
	case plain <= max(exponential, 6):
		return strconv.FormatFloat(x, 'f', max(-power, 0), 64)
	}
	digits := int(math.Floor(math.Log10(math.Abs(x)*(1+1e-15)))) - power
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(x, 'e', max(digits, 0), 64), "e")
	return mantissa + "e" + strings.TrimPrefix(exponent[:1], "+") + strings.TrimLeft(exponent[1:], "0")
}
