package colors_test

import (
	"image/color"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/io/internal/colors"
)

func TestColors(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for name, c := range map[string]struct {
		in   [][]float32
		want []color.NRGBA
	}{
		"nothing":           {nil, nil},
		"no colours":        {[][]float32{{nan, 0, 0}, {0, 0, 0, inf}, {0, 0, 0, 0}}, nil},
		"fractions":         {[][]float32{{0, 0.5, 1}, {1, 0, 0.25, 0.5}}, []color.NRGBA{{0, 128, 255, 255}, {255, 0, 64, 128}, {}}},
		"bytes":             {[][]float32{{0, 1, 255}, {2, 254, 128, 7}}, []color.NRGBA{{0, 1, 255, 255}, {2, 254, 128, 7}, {}}},
		"whole fractions":   {[][]float32{{0, 1, 1}, {1, 0, 0}}, []color.NRGBA{{0, 255, 255, 255}, {255, 0, 0, 255}, {}}},
		"alpha alone tells": {[][]float32{{0, 1, 1, 255}}, []color.NRGBA{{0, 1, 1, 255}, {}, {}}},
		"a little outside":  {[][]float32{{-0.001, 1.001, 0}, {-7, 0, 1}}, []color.NRGBA{{0, 255, 0, 255}, {0, 0, 255, 255}, {}}},
		"far outside":       {[][]float32{{-1000, 1e30, 300}}, []color.NRGBA{{0, 255, 255, 255}, {}, {}}},
		"gaps":              {[][]float32{{nan, 0, 0}, {0, 0, 0, 0}, {0, 0, 1}}, []color.NRGBA{{}, {}, {0, 0, 255, 255}}},
	} {
		var l colors.List
		for i, v := range c.in {
			l.Set(i, v)
		}
		assert.Equal(t, c.want, l.Colors(3), name)
	}
}

// Every byte comes back, in both scales.
func TestBytes(t *testing.T) {
	var bytes, fractions colors.List
	for i := range 256 {
		x := float32(i)
		bytes.Set(i, []float32{x, x, x, x})
		fractions.Set(i, []float32{x / 255, x / 255, x / 255, x / 255})
	}
	for i, c := range bytes.Colors(256) {
		x := uint8(i)
		assert.Equal(t, color.NRGBA{x, x, x, x}, c)
		assert.Equal(t, c, fractions.Colors(256)[i])
	}
}
