package classifier_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"

	"setwise/io/dataset/solids"
	"setwise/io/stl"
	"setwise/layers"
	"setwise/layers/classifier"
	"setwise/layers/train"
	"setwise/pointcloud"
)

// Open a classifier, and ask it what a cloud, a mesh and a file are.
func Example() {
	dir, err := os.MkdirTemp("", "classifier")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "model.safetensors")
	if err := trained("bottle", "chair").Save(file); err != nil {
		fmt.Println(err)
		return
	}
	rng := rand.New(rand.NewPCG(7, 8))
	mesh, _ := solids.New("chair", rng)
	cloud, _ := mesh.Sample(2000, rng)
	var upload bytes.Buffer
	_ = stl.Write(&upload, mesh, stl.Options{})

	c, err := classifier.Open(file)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, classify := range []func() (classifier.Answer, error){
		func() (classifier.Answer, error) { return c.Classify(cloud) },
		func() (classifier.Answer, error) { return c.ClassifyMesh(mesh) },
		func() (classifier.Answer, error) { return c.ClassifyReader(&upload, "chair.stl") },
	} {
		a, err := classify()
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(a.Guesses[0].Class, a.Guesses[0].P > 0.5, a.Unlike)
	}
	// Output:
	// chair true false
	// chair true false
	// chair true false
}

// trained returns a classifier of solids of these classes.
func trained(classes ...string) *classifier.Classifier {
	rng := rand.New(rand.NewPCG(1, 2))
	var known []classifier.Labelled
	var examples []classifier.Example
	for class, name := range classes {
		for range 60 {
			e := example(name, rng)
			known = append(known, classifier.Labelled{Example: e, Class: class})
			examples = append(examples, e)
		}
	}
	network := classifier.Config{Set: &layers.Config{Dim: 16, Inducing: 4}}
	c, err := classifier.New(classes, classifier.Features{Points: 64, Unit: 1, Turn: "free"}, network, 1)
	if err != nil {
		panic(err)
	}
	source, err := c.Draws(known, 8)
	if err != nil {
		panic(err)
	}
	rule := train.Whole[train.Labelled](train.SmoothClassification(c.Net, 0.2))
	if err := train.Run(context.Background(), c.Net, source, rule, train.Recipe{Epochs: 15}.Options(source.Steps())); err != nil {
		panic(err)
	}
	c.Known = classifier.NewKnown(examples)
	return c
}

// A surface gives points of a mesh.
type surface struct{ *pointcloud.Surface }

func (s surface) Points(n int, rng *rand.Rand) pointcloud.Cloud { return s.Sample(n, rng) }

// example returns a solid, turned at random.
func example(class string, rng *rand.Rand) classifier.Example {
	m, err := solids.New(class, rng)
	if err != nil {
		panic(err)
	}
	return ofMesh(m.Transform(pointcloud.RandomRotation(rng)))
}

func ofMesh(m pointcloud.Mesh) classifier.Example {
	if m.Normals == nil {
		m.Normals = make([][3]float32, len(m.Faces))
	}
	s, err := pointcloud.NewSurface(m)
	if err != nil {
		panic(err)
	}
	return classifier.Example{Source: surface{s}}
}
