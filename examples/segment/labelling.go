package main

import (
	"context"
	"iter"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"setwise/layers"
	"setwise/layers/train"
	"setwise/pointcloud"
	"setwise/set"
)

// A job is points to be labelled, seen with others around them.
type job struct {
	own, around []int32
	last        bool // of a block
}

// labels returns the part that the model finds each point of a cloud to be of, once
// for each of some classes: of those of the class alone if that is 0 or more. It
// depends on the cloud as a set: in another order the points get the same labels,
// but for points that are equal in everything.
//
// A cloud of more points than the model is used to is taken apart at random, into
// clouds of about that many. A scan is labelled block by block: see the package
// comment. report hears of each cloud or block that is done, and of how many there
// are. When ctx is done its error is returned.
func (m *model) labels(ctx context.Context, c pointcloud.Cloud, classes []int, report func(all int)) ([][]int32, error) {
	out := make([][]int32, len(classes))
	for k := range out {
		out[k] = make([]int32, c.Len())
	}
	jobs := make(chan job)
	total, produce := m.jobs(c)
	go func() {
		defer close(jobs)
		for j := range produce {
			select {
			case jobs <- j:
			case <-ctx.Done():
				return
			}
		}
	}()
	var workers sync.WaitGroup
	var mu sync.Mutex
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for j := range jobs {
				logits := m.logits(selected(c, slices.Concat(j.own, j.around)))
				for k, class := range classes {
					for i, p := range j.own {
						out[k][p] = m.best(logits.Row(i), class)
					}
				}
				if j.last {
					mu.Lock()
					report(total)
					mu.Unlock()
				}
			}
		})
	}
	workers.Wait()
	return out, ctx.Err()
}

// jobs returns what is to be done to label a cloud, and how many of it are the
// last ones of their block.
func (m *model) jobs(c pointcloud.Cloud) (total int, each iter.Seq[job]) {
	if m.Block == 0 {
		all := make([]int32, c.Len())
		for i := range all {
			all[i] = int32(i)
		}
		n := m.pieces(len(all))
		return n, func(yield func(job) bool) {
			for j := range m.apart(c, all, nil, 0) {
				j.last = true
				if !yield(j) {
					return
				}
			}
		}
	}
	g := newGrid(c.Points, m.Block)
	return len(g.cells), func(yield func(job) bool) {
		for i, at := range g.cells {
			x, y := g.middle(at)
			for j := range m.apart(c, g.within(at), g.block(x, y, at, true), uint64(i)) {
				if !yield(j) {
					return
				}
			}
		}
	}
}

// pieces returns into how many clouds one of so many points is taken apart.
func (m *model) pieces(points int) int { return (points + m.Points - 1) / m.Points }

// apart takes some points of c and others around them apart, into clouds of as many
// points as the model is used to, or somewhat fewer.
func (m *model) apart(c pointcloud.Cloud, own, around []int32, seed uint64) iter.Seq[job] {
	n := m.pieces(len(own) + len(around))
	rng := rand.New(rand.NewPCG(seed, 9))
	shuffle := func(list []int32) []int32 {
		sorted := make([]int32, len(list))
		for i, k := range selected(c, list).Canonical() {
			sorted[i] = list[k]
		}
		if n > 1 {
			rng.Shuffle(len(sorted), func(i, j int) { sorted[i], sorted[j] = sorted[j], sorted[i] })
		}
		return sorted
	}
	own, around = shuffle(own), shuffle(around)
	return func(yield func(job) bool) {
		for k := range n {
			part := func(list []int32) []int32 { return list[k*len(list)/n : (k+1)*len(list)/n] }
			if !yield(job{part(own), part(around), k == n-1}) {
				return
			}
		}
	}
}

// selected returns the numbered points of a cloud.
func selected(c pointcloud.Cloud, numbers []int32) pointcloud.Cloud {
	out := pointcloud.Cloud{Points: make([][3]float32, len(numbers)), Origin: c.Origin}
	if c.Normals != nil {
		out.Normals = make([][3]float32, len(numbers))
	}
	for i, k := range numbers {
		out.Points[i] = c.Points[k]
		if c.Normals != nil {
			out.Normals[i] = c.Normals[k]
		}
	}
	return out
}

// logits returns those of the points of a cloud.
func (m *model) logits(c pointcloud.Cloud) set.Batch { return layers.Apply(m.net, m.see(c)) }

// best returns the likeliest part, of a class if that is 0 or more.
func (m *model) best(logits []float32, class int) int32 {
	if class < 0 {
		return int32(train.Largest(logits))
	}
	parts := m.Classes[class].Parts
	best := parts[0]
	for _, p := range parts {
		if logits[p] > logits[best] {
			best = p
		}
	}
	return best
}
