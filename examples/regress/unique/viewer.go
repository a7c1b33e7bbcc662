package unique

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/blas/blas32"

	"setwise/examples/regress/drawings"
	"setwise/examples/regress/study"
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

	width         int                  // of what comes of the eyes
	known, unseen [][]drawings.Drawing // by character
}

func newViewer(known, unseen [][]drawings.Drawing, rng *rand.Rand) *viewer {
	eyes, width := drawings.Eyes([]int{64, 64, 64, 64}, rng)
	return &viewer{eyes, layers.NewLinear(width, len(known)*drawings.Turns, rng), width, known, unseen}
}

func (v *viewer) Network() any { return v }

// drawingsAtOnce is how many drawings of one step stand for a set of one.
const drawingsAtOnce = 8

func (v *viewer) Learn(ctx context.Context, s study.Steps) error {
	return study.Take(ctx, s, v, v.example, v.loss)
}

// shown are some distorted drawings, and what they show.
type shown struct {
	drawings set.Batch
	names    []int
}

// example returns drawings to learn from.
func (v *viewer) example(rng *rand.Rand) shown {
	e := shown{set.New(side*side, drawingsAtOnce), make([]int, drawingsAtOnce)}
	for i := range e.names {
		character, way := rng.IntN(len(v.known)), rng.IntN(drawings.Turns)
		of := v.known[character]
		strong().Apply(e.drawings.Row(i), of[rng.IntN(len(of))].Pixels, drawings.Turn(way), rng)
		e.names[i] = character*drawings.Turns + way
	}
	return e
}

func (v *viewer) loss(t *grad.Tape, examples []shown) grad.Value {
	var x []set.Batch
	var names []int
	for _, e := range examples {
		x, names = append(x, e.drawings), append(names, e.names...)
	}
	return loss.CrossEntropy(t, v.Names.Forward(t, v.Eyes.Forward(t, grad.Const(set.Concat(x...)))), names, 0)
}

// strong is how drawings of characters are changed while learning.
func strong() *drawings.Distortion {
	return &drawings.Distortion{Angle: 0.2, Scale: 0.15, Shift: 2}
}

// see returns what the eyes see of distorted drawings that are turned one way.
func (v *viewer) see(of []drawings.Drawing, way drawings.Turn, rng *rand.Rand) []drawings.Drawing {
	x := set.New(side*side, glimpses*len(of))
	for i := range x.Len() {
		strong().Apply(x.Row(i), of[i%len(of)].Pixels, way, rng)
	}
	seen, y := make([]drawings.Drawing, x.Len()), layers.Apply(v.Eyes, x)
	for i := range seen {
		seen[i] = drawings.Drawing{Pixels: y.Row(i), Class: of[i%len(of)].Class}
	}
	return seen
}

// neighbours returns the share of some drawings of unseen characters whose
// nearest other drawing, by the angle between what the eyes see, is of the same
// character.
func (v *viewer) neighbours(some int) study.Number {
	var x [][]float32
	var class []int
	for _, character := range v.unseen {
		for _, d := range character {
			x, class = append(x, d.Pixels), append(class, d.Class)
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
			if near := dot(y.Row(i), y.Row(k)); k != i && near > most {
				nearest, most = k, near
			}
		}
		if class[nearest] == class[i] {
			right[i] = 1
		}
	}
	return study.Average(right)
}

// dot returns the dot product of two vectors.
func dot(x, y []float32) float32 {
	return blas32.Dot(blas32.Vector{N: len(x), Data: x, Inc: 1}, blas32.Vector{N: len(y), Data: y, Inc: 1})
}

// normalize makes a vector one of length 1.
func normalize(x []float32) {
	norm := float32(math.Sqrt(float64(dot(x, x)))) + 1e-12
	for i := range x {
		x[i] /= norm
	}
}

func (v *viewer) Glance() string {
	return fmt.Sprintf("nearest drawing of the same character %.3f", v.neighbours(200).Value)
}

func (v *viewer) Test(out io.Writer, _ string) (map[string]study.Number, error) {
	r := v.neighbours(math.MaxInt)
	fmt.Fprintf(out, "the nearest drawing is of the same character for %s of the drawings of %d unseen characters\n", r, len(v.unseen))
	return map[string]study.Number{"neighbour": r}, nil
}
