package main

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"setwise/io/dataset"
	"setwise/io/dataset/solids"
	"setwise/pointcloud"
)

// A sample is what is learned from or measured: a shape, or a scan in blocks.
type sample struct {
	name   string
	class  int
	solid  *solids.Parted // what points are drawn from, or else
	cloud  pointcloud.Cloud
	labels []int32 // of the points of a cloud; parts of the whole vocabulary, or -1
	first  int32   // the number in it of the first part of a solid
	grid   *grid   // the blocks of a scan
}

// draw returns n points of a sample with their labels, from a block of a scan,
// around one of its points.
func (s sample) draw(n int, rng *rand.Rand) (pointcloud.Cloud, []int32) {
	if s.solid != nil {
		cloud, labels := s.solid.Sample(n, rng)
		for i := range labels {
			labels[i] += s.first
		}
		return cloud, labels
	}
	var within []int32
	if s.grid != nil {
		within = s.grid.around(s.cloud.Points[rng.IntN(s.cloud.Len())])
	}
	at := pick(s.cloud.Len(), within, n, rng)
	labels := make([]int32, len(at))
	for i, k := range at {
		labels[i] = s.labels[k]
	}
	return selected(s.cloud, at), labels
}

// pick returns n different numbers of those within, or of 0 to all if that is nil,
// or all of them if there are fewer.
func pick(all int, within []int32, n int, rng *rand.Rand) []int32 {
	if within != nil {
		all = len(within)
	}
	out, moved := make([]int32, min(n, all)), map[int]int{} // the head of a shuffle
	at := func(k int) int {
		if to, ok := moved[k]; ok {
			return to
		}
		return k
	}
	for i := range out {
		j := i + rng.IntN(all-i)
		chosen := at(j)
		moved[j] = at(i)
		out[i] = int32(chosen)
		if within != nil {
			out[i] = within[chosen]
		}
	}
	return out
}

// A vocabulary is the classes and parts that a model tells apart.
type vocabulary struct {
	Classes []class  `json:"classes"`
	Parts   []string `json:"parts"`  // names, such as "seat" or "12"
	Labels  []int32  `json:"labels"` // what files have for them
}

// A class is a kind of object.
type class struct {
	Name  string  `json:"name"`
	Parts []int32 `json:"parts"` // numbers among those of the vocabulary
}

// parts returns the parts of each class.
func (v vocabulary) parts() [][]int32 {
	out := make([][]int32, len(v.Classes))
	for i, c := range v.Classes {
		out[i] = c.Parts
	}
	return out
}

// check reports what is wrong with a vocabulary that comes from a file.
func (v vocabulary) check() error {
	if len(v.Parts) == 0 || len(v.Parts) > mostParts || len(v.Labels) != len(v.Parts) || len(v.Classes) == 0 || len(v.Classes) > mostParts {
		return fmt.Errorf("want 1 to %d parts, labels of as many, and classes, got %d, %d and %d", mostParts, len(v.Parts), len(v.Labels), len(v.Classes))
	}
	for _, c := range v.Classes {
		for i, p := range c.Parts {
			if p < 0 || int(p) >= len(v.Parts) || slices.Contains(c.Parts[:i], p) {
				return fmt.Errorf("class %.100q: want different parts from 0 to %d, got %d", c.Name, len(v.Parts)-1, p)
			}
		}
		if len(c.Parts) == 0 {
			return fmt.Errorf("class %.100q: want a part or more, got none", c.Name)
		}
	}
	return nil
}

// mostParts is how many parts a model may tell apart.
const mostParts = 4096

// samples are what there is to learn from, and to be tested on.
type samples struct {
	vocabulary
	known, unseen []sample
}

// makeSolids makes solids whose parts are known.
func makeSolids(o options) (samples, error) {
	var s samples
	for _, name := range solids.PartedClasses() {
		c := class{Name: name}
		for _, part := range solids.Parts(name) {
			c.Parts = append(c.Parts, int32(len(s.Parts)))
			s.Parts, s.Labels = append(s.Parts, part), append(s.Labels, int32(len(s.Parts)))
		}
		s.Classes = append(s.Classes, c)
	}
	rng := rand.New(rand.NewPCG(o.seed, 1))
	for i, c := range s.Classes {
		for k := range o.solids + max(o.solids/5, 1) {
			solid, err := solids.NewParted(c.Name, rng)
			if err != nil {
				return s, err
			}
			x := sample{name: fmt.Sprintf("%s %d", c.Name, k+1), class: i, solid: &solid, first: c.Parts[0]}
			if k < o.solids {
				s.known = append(s.known, x)
				continue
			}
			// What is unseen is a cloud, in a position of its own.
			x.cloud, x.labels = x.draw(unseenPoints, rng)
			if o.turn == "z" {
				x.cloud = aboutZ.Apply(x.cloud, rng)
			} else if o.turn == "free" {
				x.cloud = pointcloud.Augment{Free: true}.Apply(x.cloud, rng)
			}
			x.solid = nil
			s.unseen = append(s.unseen, x)
		}
	}
	return s, nil
}

// unseenPoints is how many points of a solid are labelled to test a model.
const unseenPoints = 2048

// ofData returns the samples of labelled shapes, of which the parts of a class are
// those that occur in its shapes to learn from.
func ofData(known, unseen []dataset.Item, classes []string, block float64) (samples, error) {
	var s samples
	seen := make([]map[int32]bool, len(classes))
	for i := range seen {
		seen[i] = map[int32]bool{}
	}
	for _, x := range known {
		for _, l := range x.Labels {
			if l >= 0 {
				seen[x.Class][l] = true
			}
		}
	}
	var all []int32
	for _, labels := range seen {
		for l := range labels {
			all = append(all, l)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	number := map[int32]int32{-1: -1}
	for i, l := range all {
		number[l] = int32(i)
		s.Parts, s.Labels = append(s.Parts, fmt.Sprint(l)), append(s.Labels, l)
	}
	for i, name := range classes {
		c := class{Name: name}
		for _, l := range all {
			if seen[i][l] {
				c.Parts = append(c.Parts, number[l])
			}
		}
		s.Classes = append(s.Classes, c)
	}
	of := func(shapes []dataset.Item) []sample {
		out := make([]sample, 0, len(shapes))
		for _, x := range shapes {
			y := sample{name: x.Name, class: x.Class, cloud: x.Cloud, labels: make([]int32, len(x.Labels))}
			for i, l := range x.Labels {
				y.labels[i] = -1
				if seen[x.Class][l] {
					y.labels[i] = number[l]
				}
			}
			if block > 0 {
				y.grid = newGrid(x.Cloud.Points, block)
			}
			out = append(out, y)
		}
		return out
	}
	s.known, s.unseen = of(known), of(unseen)
	return s, s.check()
}
