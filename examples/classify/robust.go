package main

import (
	"cmp"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"

	"setwise/io/dataset"
	"setwise/pointcloud"
)

// damages are what scans of shapes are like, of which a model wants n points.
var damages = []struct {
	name string
	of   func(s dataset.Item, n int, rng *rand.Rand) pointcloud.Cloud
}{
	{"of 64 points", func(s dataset.Item, n int, rng *rand.Rand) pointcloud.Cloud {
		return source{s}.Points(min(n, 64), rng)
	}},
	{"with noise of 2 % of their radius", func(s dataset.Item, n int, rng *rand.Rand) pointcloud.Cloud {
		c := source{s}.Points(n, rng)
		frame := c.SphereFrame()
		return frame.Undo(pointcloud.Augment{Jitter: 0.02}.Apply(frame.Apply(c), rng))
	}},
	{"of which a plane cut a third away", func(s dataset.Item, n int, rng *rand.Rand) pointcloud.Cloud {
		c := source{s}.Points(n*3/2, rng)
		along := c.Transform(pointcloud.RandomRotation(rng)).Points
		order := make([]int, c.Len())
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(along[i][0], along[j][0]) })
		return c.Select(order[:(c.Len()*2+2)/3]...)
	}},
}

// robust tests the model on unseen shapes that are damaged at random, each once.
// Normals stay as they were.
func (l *lesson) robust(seed uint64, out io.Writer) {
	for k, d := range damages {
		shapes := slices.Clone(l.unseen)
		for i, s := range shapes {
			c := d.of(s, l.Features.Points, rand.New(rand.NewPCG(seed, uint64(i)<<8|uint64(k))))
			shapes[i].Surface, shapes[i].Cloud = nil, c
		}
		fmt.Fprintf(out, "accuracy %.2f on clouds %s\n", l.test(examples(shapes)).Accuracy(), d.name)
	}
}
