package layers

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
)

// What is counted before is what is then built.
func TestConfigCounts(t *testing.T) {
	for _, norm := range []Norming{NormNone, NormPost, NormPre, NormSet} {
		for _, c := range []Config{
			{In: 3, Out: 5, Dim: 16},
			{In: 3, Out: 5, Dim: 16, Inducing: 7, Fourier: 4, Hidden: 40},
			{In: 16, Out: 5, Dim: 16, Inducing: 7},
			{In: 16, Out: 1, Dim: 16, Blocks: 3, Seeds: 9, Decoder: 2},
			{In: 200, Out: 100, Dim: 8, Inducing: 50, Hidden: 3, Heads: 1},
		} {
			c.Norm = norm
			m, err := c.New(rand.New(rand.NewPCG(1, 2)))
			assert.NoError(t, err)
			assert.Equal(t, Count(m), c.Count(), "%+v", c)
		}
	}
}
