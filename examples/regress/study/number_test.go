package study

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAverage(t *testing.T) {
	assert.Equal(t, Number{Value: 3, Error: 1}, Average([]float64{2, 4}))
	assert.Equal(t, Number{Value: 2, Error: 0}, Average([]float64{2}))
	assert.Equal(t, Number{}, Average(nil))
	assert.InDelta(t, math.Sqrt(5.0/3/4), Average([]float64{1, 2, 3, 4}).Error, 1e-12)
}

func TestShort(t *testing.T) {
	assert.Equal(t, []float64{1, -2}, Short([]float64{3, 5}, []float64{4, 3}))
}
