package grad_test

import (
	"fmt"
	"math"

	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

// The gradient of a loss with respect to a weight, of two sets of points on
// the line, one of them empty.
func Example() {
	x := set.Of(1, []float32{1, 2, 3}, nil)
	target := set.Of(1, []float32{5}, []float32{0})
	weight := grad.Filled(1, 1, 2)

	t := grad.NewTape(nil)
	y := t.Sum(t.Affine(grad.Const(x), t.Param(weight), grad.Value{})) // 2 times each point, summed in each set
	g := t.Gradients(loss.SquaredError(t, y, target))                  // mean of (12 - 5)² and (0 - 0)²
	fmt.Println(y.Values)
	fmt.Println(g.Of(weight)) // (12 - 5) times 6
	// Output:
	// [12 0]
	// [42]
}

// An operation of one's own: Swish is x σ(x), number by number (Ramachandran
// et al. 2017). It has a name, shares its work out, and takes its memory from
// the tape.
func ExampleTape_Record() {
	swish := func(t *grad.Tape, x grad.Value) grad.Value {
		y := t.Like(x.Batch, x.Dim)
		grad.Each(len(x.Values), 20, func(lo, hi int) {
			for i := lo; i < hi; i++ {
				y.Values[i] = x.Values[i] * sigmoid(x.Values[i])
			}
		})
		return t.Record(grad.Op{Name: "Swish"}, y, func(dy []float32, din [][]float32) {
			grad.Each(len(dy), 20, func(lo, hi int) {
				for i := lo; i < hi; i++ {
					s := sigmoid(x.Values[i])
					din[0][i] += dy[i] * (s + x.Values[i]*s*(1-s)) // add: others may use x too
				}
			})
		}, x)
	}
	t := grad.NewTape(nil)
	x := t.Input(set.Of(1, []float32{-1, 0, 1}))
	y := swish(t, x)
	g := t.GradientsFrom(y, []float32{1, 1, 1})
	fmt.Printf("%.3f\n%.3f\n", y.Values, g.At(x))
	// Output:
	// [-0.269 0.000 0.731]
	// [0.072 0.500 0.928]
}

func sigmoid(a float32) float32 { return float32(1 / (1 + math.Exp(-float64(a)))) }

// Attention gathers within sets; over nothing it gathers nothing.
func ExampleTape_Attend() {
	keys := grad.Const(set.Of(1, []float32{0, 0}, []float32{}))
	values := grad.Const(set.Of(1, []float32{3, 5}, []float32{}))
	query := grad.Const(set.Of(1, []float32{1})) // a single set meets every set of keys
	var t *grad.Tape                             // inference
	fmt.Println(t.Attend(query, keys, values, grad.Attention{}).Values)
	// Output: [4 0]
}

// Several gradients from one tape: the rows of a Jacobian.
func ExampleTape_GradientsFrom() {
	t := grad.NewTape(nil)
	x := t.Input(set.Of(1, []float32{1, 2}))
	y := t.Softmax(x)
	for i := range y.Values {
		row := make([]float32, len(y.Values))
		row[i] = 1
		fmt.Printf("%.3f\n", t.GradientsFrom(y, row).At(x))
	}
	// Output:
	// [0.197 -0.197]
	// [-0.197 0.197]
}
