package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"setwise/io/checkpoint"
	"setwise/io/tensor"
	"setwise/layers/local"
	"setwise/pointcloud"
	"setwise/set"
)

// A config is what a model is built from.
type config struct {
	vocabulary
	Dim    int     `json:"dim"`
	Points int     `json:"points"` // that it is used to
	Block  float64 `json:"block"`  // the side of the blocks of scans; 0 for shapes
}

// A model labels the points of clouds.
type model struct {
	config
	net *local.Network
}

// most bounds a file of a model.
var most = tensor.Limits{}

// newModel returns a model that knows nothing yet.
func newModel(c config, seed uint64) *model {
	return &model{c, local.NewNetwork(networkOf(inputs, c.Dim, len(c.Parts)), rand.New(rand.NewPCG(seed, 5)))}
}

// openModel reads a model that was saved.
func openModel(name string) (*model, error) {
	f, err := checkpoint.Open(name, most)
	if err != nil {
		return nil, err
	}
	var p unfinished
	if f.Progress(&p) == nil && p.State.Step > 0 {
		return nil, fmt.Errorf("%s: want a model, got an unfinished training: -resume goes on with it", name)
	}
	var c config
	if err := f.Config(&c); err != nil {
		return nil, err
	}
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := f.Fits(networkOf(inputs, c.Dim, len(c.Parts)).Count()); err != nil {
		return nil, err
	}
	m := newModel(c, 0)
	return m, f.Load(m.net)
}

// check reports what is wrong with a configuration that comes from a file.
func (c config) check() error {
	if err := c.vocabulary.check(); err != nil {
		return err
	}
	if c.Dim < 4 || c.Dim > 1<<10 || c.Points < 1 || c.Points > 1<<20 || !(c.Block >= 0 && c.Block <= math.MaxFloat32) {
		return fmt.Errorf("want a width from 4 to 1024, 1 to %d points and blocks of 0 or more, got %d, %d and %v", 1<<20, c.Dim, c.Points, c.Block)
	}
	return nil
}

// save writes the model.
func (m *model) save(name string) error {
	return checkpoint.Save(name, m.net, checkpoint.Contents{Config: m.config})
}

// inputs is the width of elements: a place and a normal.
const inputs = 6

// see returns a cloud as the network sees it: brought to the unit sphere; or of a
// block, from the middle of its bounds and from its lowest point, half a side
// being 1. Points without normals have normals of zero.
func (m *model) see(c pointcloud.Cloud) set.Batch {
	if m.Block == 0 {
		c = c.UnitSphere()
	} else if c.Len() > 0 {
		b := c.Bounds()
		mid, by := b.Center(), 2/m.Block
		points := make([][3]float32, c.Len())
		for i, p := range c.Points {
			for k, from := range [3]float64{mid[0], mid[1], float64(b.Min[2])} {
				points[i][k] = float32((float64(p[k]) - from) * by)
			}
		}
		c = pointcloud.Cloud{Points: points, Normals: c.Normals}
	}
	if c.Normals == nil {
		c.Normals = make([][3]float32, c.Len())
	}
	return pointcloud.BatchNormals(c)
}
