package local_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"setwise/layers"
	"setwise/layers/local"
	"setwise/layers/optim"
	"setwise/layers/train"
	"setwise/pointcloud"
	"setwise/set"
)

// clouds returns clouds of points of a sphere and of a box in it, with five
// numbers beside the places.
func clouds(n, points int, rng *rand.Rand) set.Batch {
	sizes := make([]int, n)
	for i := range sizes {
		sizes[i] = points
	}
	b := set.New(8, sizes...)
	for i := range b.Len() {
		row, norm := b.Row(i), 0.0
		for k := range row {
			row[k] = float32(rng.NormFloat64())
		}
		for k := range 3 {
			norm = max(norm, math.Abs(float64(row[k])))
		}
		if i/points%2 == 0 {
			norm = math.Sqrt(float64(row[0]*row[0] + row[1]*row[1] + row[2]*row[2]))
		}
		for k := range 3 {
			row[k] /= float32(norm)
		}
	}
	return b
}

// flops counts the multiplications and additions of the linear layers of a
// network for a cloud of n points.
func flops(c local.Config, n int) float64 {
	stages := c.Stages
	if stages == nil {
		stages = local.DefaultStages()
	}
	linear := func(rows, in, out int) float64 { return 2 * float64(rows) * float64(in) * float64(out) }
	total, in, points := 0.0, c.In, []int{n}
	widths := []int{in}
	for _, s := range stages {
		first := in
		for _, w := range s.Points {
			total, in = total+linear(n, in, w), w
			first = 3 + w
		}
		total, in = total+linear(n, first, s.Dim), s.Dim
		n = min(n, s.Groups.Centres)
		total += linear(n, 3, s.Dim)
		for _, w := range s.Pairs {
			total, in = total+linear(n*s.Groups.Near, in, w), w
		}
		in += 3
		points, widths = append(points, n), append(widths, in)
	}
	total += linear(n, in, 512)
	if !c.Points {
		return total + linear(1, 512, 256) + linear(1, 256, c.Out)
	}
	coarse := 3 + 2*512
	for i := len(stages) - 1; i >= 0; i-- {
		total += linear(points[i], widths[i], 64) + linear(points[i+1], coarse, 64) + linear(points[i], 64, 64)
		coarse = 67
	}
	return total + linear(points[0], 64, 256) + linear(points[0], 256, c.Out)
}

var configs = []struct {
	name string
	c    local.Config
}{
	{"classes", local.Config{In: 8, Out: 20}},
	{"classes by pairs", local.Config{In: 8, Out: 20, Stages: []local.Stage{
		{Groups: pointcloud.Groups{Centres: 96, Near: 16}, Unit: 0.3, Dim: 32, Pairs: []int{64}},
		{Groups: pointcloud.Groups{Centres: 32, Near: 12}, Unit: 0.7, Dim: 128, Pairs: []int{256}},
	}}},
	{"points", local.Config{In: 8, Out: 20, Points: true}},
}

// Inference of clouds of 1,024 points, groups included.
func BenchmarkInference(b *testing.B) {
	for _, c := range configs {
		m := local.NewNetwork(c.c, seeded(1))
		for _, n := range []int{1, 32} {
			x := clouds(n, 1024, seeded(2))
			ready, err := c.c.Prepare(x)
			if err != nil {
				b.Fatal(err)
			}
			for name, x := range map[string]set.Batch{"": x, ", prepared": ready} {
				b.Run(fmt.Sprintf("%s/clouds=%d%s", c.name, n, name), func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						layers.Apply(m, x)
					}
					report(b, n, float64(n)*flops(c.c, 1024))
				})
			}
		}
	}
}

// A step of training on 32 clouds, groups and optimizer included.
func BenchmarkTraining(b *testing.B) {
	for _, c := range configs {
		if c.c.Points {
			continue
		}
		for _, points := range []int{512, 1024} {
			for _, prepared := range []bool{false, true} {
				x := clouds(32, points, seeded(2))
				if prepared {
					var err error
					if x, err = c.c.Prepare(x); err != nil {
						b.Fatal(err)
					}
				}
				var es []train.Labelled
				for i, one := range x.All() {
					es = append(es, train.Labelled{Set: one, Class: i % 20})
				}
				name := fmt.Sprintf("%s/points=%d", c.name, points)
				if prepared {
					name += ", prepared"
				}
				b.Run(name, func(b *testing.B) {
					m := local.NewNetwork(c.c, seeded(1))
					weights, opt, rng := layers.Weights(m, nil, nil), &optim.AdamW{}, seeded(3)
					rule := train.Chunks(train.SmoothClassification(m, 0.2), 0)
					b.ReportAllocs()
					for b.Loop() {
						g, _ := rule.Gradient(es, weights, rng)
						opt.Step(weights, g)
					}
					report(b, len(es), 3*float64(len(es))*flops(c.c, points))
				})
			}
		}
	}
}

// report adds how many clouds and operations of linear layers there are a
// second.
func report(b *testing.B, clouds int, flops float64) {
	seconds := b.Elapsed().Seconds() / float64(b.N)
	b.ReportMetric(float64(clouds)/seconds, "clouds/s")
	b.ReportMetric(flops/1e6, "MFLOP")
	b.ReportMetric(flops/seconds/1e9, "GFLOP/s")
}
