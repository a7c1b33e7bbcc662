package main

import (
	"math"
	"math/rand/v2"

	"setwise/io/dataset"
	"setwise/layers/classifier"
	"setwise/pointcloud"
)

// turning says how shapes stand while training and in the test.
func turning(turn string) string {
	switch turn {
	case "none":
		return "shapes are learned and tested as they stand"
	case "free":
		return "shapes are brought into one position, however they are turned"
	}
	return "training turns shapes about " + turn + ", and those unseen are tested as they stand"
}

// A turned example is one that stands in another way.
type turned struct {
	classifier.Source
	by pointcloud.Matrix
}

func (t turned) Points(n int, rng *rand.Rand) pointcloud.Cloud {
	return t.Source.Points(n, rng).Transform(t.by)
}

// turnedAtRandom returns examples, each turned in its own way.
func turnedAtRandom(shapes []dataset.Item, rng *rand.Rand) []classifier.Example {
	all := examples(shapes)
	for i, e := range all {
		all[i].Source = turned{e.Source, pointcloud.RandomRotation(rng)}
	}
	return all
}

const (
	shuffles = 199 // of the parts of shapes
	outline  = 256 // points that tell how a shape stands
)

// standOtherwise reports whether the unseen shapes are turned, or else
// proportioned, otherwise than the known ones of their classes: whether the
// second and third moments of their points, as far as they do not depend on
// turns in training, differ more between the parts than after any of 199
// shuffles of the parts of each class, which happens by chance once in 200
// times (a permutation test).
func (l *lesson) standOtherwise() bool {
	if l.Features.Turn == "free" {
		return false
	}
	shapes := append(append([]dataset.Item(nil), l.known...), l.unseen...)
	stands := make([][]float64, len(shapes))
	classes := make([][]int, len(l.Classes))
	for i, s := range shapes {
		stands[i] = stand(s, l.Features.Turn)
		classes[s.Class] = append(classes[s.Class], i)
	}
	standardize(stands, classes)
	unseen := make([]bool, len(shapes))
	for i := range shapes {
		unseen[i] = i >= len(l.known)
	}
	actual := gap(stands, classes, unseen)
	rng := rand.New(rand.NewPCG(0, 5))
	for range shuffles {
		for _, own := range classes {
			rng.Shuffle(len(own), func(i, j int) { unseen[own[i]], unseen[own[j]] = unseen[own[j]], unseen[own[i]] })
		}
		if gap(stands, classes, unseen) >= actual {
			return false
		}
	}
	return true
}

// standardize divides each number by its deviation within the classes.
func standardize(stands [][]float64, classes [][]int) {
	for k := range stands[0] {
		var square float64
		for _, own := range classes {
			var mean float64
			for _, i := range own {
				mean += stands[i][k] / float64(len(own))
			}
			for _, i := range own {
				square += (stands[i][k] - mean) * (stands[i][k] - mean)
			}
		}
		for i := range stands {
			if square > 0 {
				stands[i][k] /= math.Sqrt(square)
			}
		}
	}
}

// gap returns the sum over the classes of the squared distance of the means of
// both parts, weighted by how sure it is.
func gap(stands [][]float64, classes [][]int, unseen []bool) float64 {
	var sum float64
	for _, own := range classes {
		var n [2]float64
		var mean [2][9]float64
		for _, i := range own {
			part := 0
			if unseen[i] {
				part = 1
			}
			n[part]++
			for k, x := range stands[i] {
				mean[part][k] += x
			}
		}
		if n[0] == 0 || n[1] == 0 {
			continue
		}
		for k := range mean[0] {
			d := mean[0][k]/n[0] - mean[1][k]/n[1]
			sum += d * d * n[0] * n[1] / (n[0] + n[1])
		}
	}
	return sum
}

// stand returns the second and third moments of a shape in the unit sphere along
// the axes, or along the one about which training turns shapes.
func stand(s dataset.Item, turn string) []float64 {
	c := s.Points(outline, rand.New(rand.NewPCG(0, 6))).UnitSphere()
	var m []float64
	for a, name := range []string{"x", "y", "z"} {
		if turn != "none" && turn != name {
			continue
		}
		var square, cross, cube float64
		for _, p := range c.Points {
			x, y := float64(p[a]), float64(p[(a+1)%3])
			square, cube = square+x*x/outline, cube+x*x*x/outline
			if turn == "none" {
				cross += x * y / outline
			}
		}
		m = append(m, square, cross, cube)
	}
	return m
}
