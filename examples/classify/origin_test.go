package main

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/io/dataset"
	"setwise/pointcloud"
)

// TestFeaturesOfOrigin holds what the model sees to where points are, whatever
// origin they are measured from: coordinates as they stand in the data are those
// from zero.
func TestFeaturesOfOrigin(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var c pointcloud.Cloud
	for range 20 {
		c.Points = append(c.Points, [3]float32{float32(rng.IntN(64)), float32(rng.IntN(64)), float32(rng.IntN(64))})
	}
	c.Origin = [3]float64{16384, 0, -32768} // all of which float32 holds
	c = c.WithNormals(4)
	plain := c.WithOrigin([3]float64{})
	known := func(c pointcloud.Cloud) []dataset.Item {
		return []dataset.Item{{Cloud: c, Extra: []float64{1}}, {Cloud: c, Extra: []float64{100}}}
	}
	a, b := newFeatures(options{points: 20}, []string{"size"}, known(c)), newFeatures(options{points: 20}, []string{"size"}, known(plain))
	assert.Equal(t, b, a)
	assert.Greater(t, a.Unit, 16384.)
	assert.Equal(t, 12, a.Width())
	assert.Equal(t, b.Elements(plain, []float64{7}), a.Elements(c, []float64{7}))
}
