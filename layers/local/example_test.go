package local_test

import (
	"context"
	"fmt"
	"math/rand/v2"

	"setwise/layers"
	"setwise/layers/local"
	"setwise/layers/train"
	"setwise/pointcloud"
	"setwise/set"
	"setwise/set/grad"
)

// A classifier of clouds in which attention sees parts and not points.
func Example() {
	rng := rand.New(rand.NewPCG(1, 2))
	block := layers.Block{Dim: 32, Heads: 4}
	model := layers.Stack{
		local.NewGroup(3, 32, pointcloud.Groups{Centres: 24, Near: 12}, rng),
		layers.NewSAB(3+32, block, rng),
		layers.NewPMA(1, block, rng),
		layers.NewLinear(32, 2, rng),
	}
	clouds := clouds(3, 200, rng)
	clouds.Dim, clouds.Values = 3, clouds.Values[:3*600]
	logits := layers.Apply(model, clouds)
	fmt.Println(logits.Sets(), "sets of", logits.Offsets.Size(0), "element of width", logits.Dim)
	// Output: 3 sets of 1 element of width 2
}

// The stage of PointNet++: a network on every pair of a centre and a point near
// it, and its maximum.
func ExampleGroup() {
	rng := rand.New(rand.NewPCG(1, 2))
	stage := local.NewGroup(6, 32, pointcloud.Groups{Centres: 4, Near: 8, Radius: 0.5}, rng) // places and normals
	stage.Net = layers.Stack{layers.NewLinear(32, 64, rng), layers.ReLU, layers.Max}
	parts := layers.Apply(stage, set.New(6, 100, 1, 0)) // a hundred equal points, one, none
	fmt.Println(parts.Offsets, "parts of width", parts.Dim)
	// Output: [0 1 2 2] parts of width 67
}

// Groups of two widths about the same centres.
func ExampleScales() {
	rng := rand.New(rand.NewPCG(1, 2))
	stage := local.Scales{
		local.NewGroup(3, 16, pointcloud.Groups{Centres: 16, Near: 8, Radius: 0.2}, rng),
		local.NewGroup(3, 32, pointcloud.Groups{Centres: 16, Near: 32, Radius: 0.8}, rng),
	}
	parts := layers.Apply(stage, pointcloud.Batch(ball3(100, rng)))
	fmt.Println(parts.Len(), "parts of width", parts.Dim)
	// Output: 16 parts of width 51
}

// DGCNN: edge convolutions that share the neighbours of a cloud.
func ExampleEdgeConv() {
	rng := rand.New(rand.NewPCG(1, 2))
	near := pointcloud.Groups{Near: 20}
	model := layers.Stack{
		local.NewEdgeConv(3, 64, near, rng),
		local.NewEdgeConv(3+64, 64, near, rng),
		layers.Max,
		layers.NewLinear(3+64, 10, rng),
	}
	clouds, err := pointcloud.Prepare(pointcloud.Batch(ball3(100, rng)), 0, near) // or each layer finds them
	if err != nil {
		panic(err)
	}
	fmt.Println(len(layers.Apply(model, clouds).Values), "logits")
	// Output: 10 logits
}

// Points that attend to their neighbours, and centres that do.
func ExampleAttention() {
	rng := rand.New(rand.NewPCG(1, 2))
	block := layers.Block{Dim: 32, Heads: 4, Hidden: 64}
	model := layers.Stack{
		local.NewAttention(3, 3, pointcloud.Groups{Near: 16}, block, rng),
		local.NewAttention(35, 35, pointcloud.Groups{Centres: 10, Near: 16}, block, rng),
	}
	parts := layers.Apply(model, pointcloud.Batch(ball3(100, rng)))
	fmt.Println(parts.Len(), "parts of width", parts.Dim)
	// Output: 10 parts of width 35
}

// To parts and back: what every point knows of where it lies.
func ExampleInterpolate() {
	rng := rand.New(rand.NewPCG(1, 2))
	groups := pointcloud.Groups{Centres: 10, Near: 16}
	down := local.NewGroup(3, 32, groups, rng)
	up := local.NewInterpolate(3, 3+32, 16, groups, rng)
	points := grad.Const(pointcloud.Batch(ball3(100, rng)))
	var t *grad.Tape // inference
	parts := down.Forward(t, points)
	known := up.Attend(t, points, parts)
	fmt.Println(parts.Len(), "parts,", known.Len(), "points of width", known.Dim)
	// Output: 10 parts, 100 points of width 19
}

// A norm, or any other layer, between two that want places.
func ExamplePlaced() {
	rng := rand.New(rand.NewPCG(1, 2))
	model := layers.Stack{
		local.NewGroup(3, 13, pointcloud.Groups{Centres: 20, Near: 8}, rng),
		local.Placed{layers.NewNorm(16)},
		local.NewGroup(3+16, 8, pointcloud.Groups{Centres: 5, Near: 8}, rng),
	}
	fmt.Println(layers.Apply(model, pointcloud.Batch(ball3(100, rng))).Dim)
	// Output: 11
}

// A network learns to tell balls from boxes, and prepares its groups ahead.
func ExampleNetwork() {
	rng := rand.New(rand.NewPCG(1, 2))
	c := local.Config{In: 3, Out: 2, Dim: 32, Hidden: 16, Stages: []local.Stage{
		{Groups: pointcloud.Groups{Centres: 16, Near: 8}, Unit: 0.5, Dim: 16},
	}}
	known, unseen := ballsAndBoxes(c, 400, rng), ballsAndBoxes(c, 100, rng)
	model := local.NewNetwork(c, rng)
	err := train.Fit(context.Background(), model, known, train.Classification(model), train.Options{Epochs: 30})
	if err != nil {
		panic(err)
	}
	fmt.Println(train.Accuracy(model, unseen) > 0.85)
	// Output: true
}

// Every point of a cloud gets a label: inside or outside of a ball.
func ExampleConfig() {
	rng := rand.New(rand.NewPCG(1, 2))
	model := local.NewNetwork(local.Config{In: 3, Out: 2, Points: true}, rng)
	logits := layers.Apply(model, pointcloud.Batch(ball3(100, rng), ball3(20, rng)))
	fmt.Println(logits.Offsets, logits.Dim)
	// Output: [0 100 120] 2
}

// ball3 returns points in a ball.
func ball3(n int, rng *rand.Rand) pointcloud.Cloud {
	var c pointcloud.Cloud
	for len(c.Points) < n {
		p := [3]float32{rng.Float32()*2 - 1, rng.Float32()*2 - 1, rng.Float32()*2 - 1}
		if p[0]*p[0]+p[1]*p[1]+p[2]*p[2] < 1 {
			c.Points = append(c.Points, p)
		}
	}
	return c
}

// ballsAndBoxes returns clouds of points on balls and on boxes, with what a
// network asks for.
func ballsAndBoxes(c local.Config, n int, rng *rand.Rand) []train.Labelled {
	all := clouds(n, 64, rng)
	var out []train.Labelled
	for i, one := range all.All() {
		x := set.New(3, one.Len())
		for j := range x.Len() {
			copy(x.Row(j), one.Row(j))
		}
		x, err := c.Prepare(x)
		if err != nil {
			panic(err)
		}
		out = append(out, train.Labelled{Set: x, Class: i % 2})
	}
	return out
}
