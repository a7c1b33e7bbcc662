package main

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"setwise/internal/kernel"
	"setwise/io/checkpoint"
	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

// seeing is the model that learns to see characters, before others count them.
const seeing = "eyes"

// viewer learns to see characters: convolutions that learn the names of some, so
// that what comes of them tells others apart too. A character that is turned is
// another one, with another name.
type viewer struct {
	Eyes  layers.Stack
	Names *layers.Linear

	width         int         // of what comes of the eyes
	known, unseen [][]drawing // by character
}

func newViewer(known, unseen [][]drawing, rng *rand.Rand) *viewer {
	eyes, width := eyes([]int{64, 64, 64, 64}, rng)
	return &viewer{eyes, layers.NewLinear(width, len(known)*turns, rng), width, known, unseen}
}

// load reads what a run with options o has learned.
func (v *viewer) load(o options) error {
	f, err := checkpoint.Open(o.prefix()+".safetensors", bound)
	if err != nil {
		return err
	}
	return f.Load(v)
}

func (v *viewer) network() any { return v }

// drawingsAtOnce is how many drawings of one step stand for a set of one.
const drawingsAtOnce = 8

func (v *viewer) loss(t *grad.Tape, n int) grad.Value {
	rng := t.Rand()
	x, names := set.New(side*side, n*drawingsAtOnce), make([]int, n*drawingsAtOnce)
	for i := range names {
		character, way := rng.IntN(len(v.known)), rng.IntN(turns)
		drawings := v.known[character]
		strong.apply(x.Row(i), drawings[rng.IntN(len(drawings))].pixels, turn(way), rng)
		names[i] = character*turns + way
	}
	return loss.CrossEntropy(t, v.Names.Forward(t, v.Eyes.Forward(t, grad.Const(x))), names, 0)
}

// strong is how drawings of characters are changed while learning.
var strong = &distortion{angle: 0.2, scale: 0.15, shift: 2}

// see returns what the eyes see of distorted drawings that are turned one way.
func (v *viewer) see(drawings []drawing, way turn, rng *rand.Rand) []drawing {
	x := set.New(side*side, glimpses*len(drawings))
	for i := range x.Len() {
		strong.apply(x.Row(i), drawings[i%len(drawings)].pixels, way, rng)
	}
	seen, y := make([]drawing, x.Len()), layers.Apply(v.Eyes, x)
	for i := range seen {
		seen[i] = drawing{y.Row(i), drawings[i%len(drawings)].class}
	}
	return seen
}

// neighbours returns the share of some drawings of unseen characters whose
// nearest other drawing, by the angle between what the eyes see, is of the same
// character.
func (v *viewer) neighbours(some int) number {
	var x [][]float32
	var class []int
	for _, drawings := range v.unseen {
		for _, d := range drawings {
			x, class = append(x, d.pixels), append(class, d.class)
		}
	}
	y := layers.Apply(v.Eyes, set.Of(side*side, x...))
	for i := range y.Len() {
		normalize(y.Row(i))
	}
	right := make([]float64, min(some, y.Len()))
	for i := range right {
		nearest, most := 0, float32(math.Inf(-1))
		for k := range y.Len() {
			if near := kernel.Dot(y.Row(i), y.Row(k)); k != i && near > most {
				nearest, most = k, near
			}
		}
		if class[nearest] == class[i] {
			right[i] = 1
		}
	}
	return average(right)
}

// normalize makes a vector one of length 1.
func normalize(x []float32) {
	norm := float32(math.Sqrt(float64(kernel.Dot(x, x)))) + 1e-12
	for i := range x {
		x[i] /= norm
	}
}

func (v *viewer) glance() string {
	return fmt.Sprintf("nearest drawing of the same character %.3f", v.neighbours(200).Value)
}

func (v *viewer) test(out io.Writer, _ string) (map[string]number, error) {
	r := v.neighbours(math.MaxInt)
	fmt.Fprintf(out, "the nearest drawing is of the same character for %s of the drawings of %d unseen characters\n", r, len(v.unseen))
	return map[string]number{"neighbour": r}, nil
}
