package column_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/io/internal/column"
)

func TestNormals(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, c := range []struct {
		name string
		rows [][3]float32
		want bool
	}{
		{"none", nil, false},
		{"unit", [][3]float32{{0, 0, 1}, {0, -0.6, 0.8}, {0.57735, 0.57735, 0.57735}}, true},
		{"rounded to 16 bits", [][3]float32{{0.57715, 0.57715, 0.57715}, {0, 0.6001, 0.7998}}, true},
		{"some zero", [][3]float32{{0, 0, 1}, {}}, true},
		{"most zero", [][3]float32{{0, 0, 1}, {}, {}}, false},
		{"all zero", [][3]float32{{}, {}}, false},
		{"some not a number", [][3]float32{{0, 0, 1}, {nan, nan, nan}}, true},
		{"infinite", [][3]float32{{0, 0, 1}, {inf, 0, 0}}, false},
		{"colours to 255", [][3]float32{{255, 0, 10}, {0, 0, 0}}, false},
		{"dark colours of bytes", [][3]float32{{1, 0, 0}, {1, 1, 0}}, false},
		{"colours to 1", [][3]float32{{0.5, 0.25, 0.1}, {1, 0, 0}, {0.9, 0.9, 0.8}}, false},
		{"grey", [][3]float32{{0.5, 0.5, 0.5}, {0.2, 0.2, 0.2}}, false},
		{"one long", [][3]float32{{0, 0, 1}, {0, 0, 1}, {0, 0, 1}, {0, 0, 1.02}}, false},
	} {
		var whole, half column.Normals
		for i, v := range c.rows {
			whole.Look(v[0], v[1], v[2])
			if i > 0 {
				half.Look(v[0], v[1], v[2])
			}
		}
		assert.Equal(t, c.want, whole.Found(), c.name)
		if len(c.rows) > 0 {
			var first column.Normals
			first.Look(c.rows[0][0], c.rows[0][1], c.rows[0][2])
			first.Join(half)
			assert.Equal(t, whole, first, c.name)
		}
	}
}
