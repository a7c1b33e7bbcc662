package grad_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/set"
	"setwise/set/grad"
)

// Arguments that do not fit together panic with a *set.ShapeError that names
// the operation, recorded or not.
func TestShapeErrors(t *testing.T) {
	b := func(dim int, sizes ...int) grad.Value { return grad.Const(set.New(dim, sizes...)) }
	p := func(rows, cols int) grad.Value { return b(cols, rows) }
	var none grad.Value
	x, nan := b(3, 2, 1), float32(math.NaN())
	relation := func(of ...int) *set.Relation {
		return &set.Relation{Offsets: set.Sizes(of...), Index: make([]int32, 9)[:set.Sizes(of...).Len()]}
	}
	for _, c := range []struct {
		name, op string
		f        func(t *grad.Tape)
	}{
		{"width", "grad.Affine", func(t *grad.Tape) { t.Affine(x, p(2, 4), none) }},
		{"bias", "grad.Affine", func(t *grad.Tape) { t.Affine(x, p(3, 4), p(1, 3)) }},
		{"relu", "grad.AffineReLU", func(t *grad.Tape) { t.AffineReLU(x, p(4, 4), p(1, 4)) }},
		{"sets", "grad.Product", func(t *grad.Tape) { t.Product(x, b(2, 3)) }},
		{"elements", "grad.Product", func(t *grad.Tape) { t.Product(x, b(2, 3, 2)) }},
		{"sets", "grad.Dots", func(t *grad.Tape) { t.Dots(x, b(3, 3)) }},
		{"width", "grad.Dots", func(t *grad.Tape) { t.Dots(x, b(2, 3, 3)) }},
		{"elements", "grad.Dots", func(t *grad.Tape) { t.Dots(x, b(3, 3, 2)) }},
		{"width", "grad.Add", func(t *grad.Tape) { t.Add(x, b(2, 2, 1)) }},
		{"elements", "grad.Add", func(t *grad.Tape) { t.Add(x, b(3, 2)) }},
		{"same numbers", "grad.Add", func(t *grad.Tape) { t.Add(b(3, 2), b(2, 3)) }},
		{"sub", "grad.Add", func(t *grad.Tape) { t.Sub(x, b(3, 4)) }},
		{"elements", "grad.Multiply", func(t *grad.Tape) { t.Multiply(x, b(3, 2)) }},
		{"numbers", "grad.Shift", func(t *grad.Tape) { t.Shift(x, p(1, 2)) }},
		{"rows", "grad.Shift", func(t *grad.Tape) { t.Shift(x, p(3, 1)) }},
		{"no weights", "grad.Affine", func(t *grad.Tape) { t.Affine(x, none, none) }},
		{"nil", "grad.Param", func(t *grad.Tape) { t.Param(nil) }},
		{"weights without numbers", "grad.Param", func(t *grad.Tape) { t.Param(&grad.Param{Rows: 3, Cols: 4}) }},
		{"bias of two rows", "grad.Affine", func(t *grad.Tape) { t.Affine(x, p(3, 4), p(2, 4)) }},
		{"none", "grad.Shift", func(t *grad.Tape) { t.Shift(x, none) }},
		{"offsets", "grad.Gather", func(t *grad.Tape) { t.Gather(p(3, 2), []int32{1, 2}, set.Offsets{0, 3, 2}) }},
		{"offsets", "grad.Regroup", func(t *grad.Tape) { t.Regroup(x, set.Offsets{0, 4, 3}) }},
		{"offsets", "grad.Spread", func(t *grad.Tape) { t.Spread(b(2, 1, 1), set.Offsets{0, 3, 2}) }},
		{"negative", "grad.Repeat", func(t *grad.Tape) { t.Repeat(b(3, 2), -1) }},
		{"overflow", "grad.Repeat", func(t *grad.Tape) { t.Repeat(b(3, 2), 1<<62) }},
		{"overflow of nothing", "grad.Repeat", func(t *grad.Tape) { t.Repeat(b(3, 0), 1<<62) }},
		{"no gain", "grad.LayerNorm", func(t *grad.Tape) { t.LayerNorm(x, none, p(1, 3)) }},
		{"no bias", "grad.SetNorm", func(t *grad.Tape) { t.SetNorm(x, p(1, 3), none) }},
		{"none", "grad.Param", func(t *grad.Tape) { t.Param(nil) }},
		{"without numbers", "grad.Param", func(t *grad.Tape) { t.Param(&grad.Param{Rows: 1 << 40, Cols: 1 << 40}) }},
		{"negative heads", "grad.Attend", func(t *grad.Tape) { t.Attend(x, x, x, grad.Attention{Heads: -1}) }},
		{"scale", "grad.Attend", func(t *grad.Tape) { t.Attend(x, x, x, grad.Attention{Scale: nan}) }},
		{"negative scale", "grad.Attend", func(t *grad.Tape) { t.Attend(x, x, x, grad.Attention{Scale: -1}) }},
		{"infinite scale", "grad.Attend", func(t *grad.Tape) { t.Attend(x, x, x, grad.Attention{Scale: float32(math.Inf(1))}) }},
		{"nil relation", "grad.Attend", func(t *grad.Tape) { t.Attend(x, x, x, grad.Attention{Along: []*set.Relation{nil}}) }},
		{"values", "grad.Const", func(*grad.Tape) {
			grad.Const(set.Batch{Dim: 3, Values: make([]float32, 5), Offsets: set.Offsets{0, 2}})
		}},
		{"offsets", "grad.Const", func(*grad.Tape) {
			grad.Const(set.Batch{Dim: 1, Values: make([]float32, 2), Offsets: set.Offsets{0, 5, 2}})
		}},
		{"overflow", "grad.Const", func(*grad.Tape) { grad.Const(set.Batch{Dim: 1 << 32, Offsets: set.Offsets{0, 1 << 32}}) }},
		{"width", "grad.Input", func(t *grad.Tape) { t.Input(set.Batch{Dim: -1}) }},
		{"negative", "grad.Floats", func(t *grad.Tape) { t.Floats(-1) }},
		{"overflow", "grad.Floats", func(t *grad.Tape) { t.Floats(1 << 62) }},
		{"negative width", "grad.Floats", func(t *grad.Tape) { t.Like(x.Batch, -1) }},
		{"rows", "grad.NewParam", func(*grad.Tape) { grad.NewParam(-1, 2) }},
		{"columns", "grad.NewParam", func(*grad.Tape) { grad.NewParam(2, -1) }},
		{"huge", "grad.NewParam", func(*grad.Tape) { grad.NewParam(1<<40, 2) }},
		{"overflow", "grad.NewParam", func(*grad.Tape) { grad.NewParam(1<<40, 1<<40) }},
		{"overflow to nothing", "grad.NewParam", func(*grad.Tape) { grad.Filled(1<<32, 1<<32, 1) }},
		{"no chance", "grad.Uniform", func(*grad.Tape) { grad.Uniform(1, 1, 1, nil) }},
		{"no chance", "grad.Normal", func(*grad.Tape) { grad.Normal(1, 1, 1, nil) }},
		{"negative probability", "grad.Dropout", func(t *grad.Tape) { t.Dropout(x, -0.1) }},
		{"no probability", "grad.Dropout", func(t *grad.Tape) { t.Dropout(x, nan) }},
		{"as good as one", "grad.Dropout", func(t *grad.Tape) { t.Dropout(x, 0.999995) }},
		{"probability", "grad.Dropout", func(*grad.Tape) { grad.NewTape(rand.New(rand.NewPCG(1, 1))).Dropout(x, 1) }},
		{"chance", "grad.Dropout", func(*grad.Tape) { grad.NewTape(nil).Dropout(x, 0.5) }},
		{"sets", "grad.Repeat", func(t *grad.Tape) { t.Repeat(x, 2) }},
		{"none", "grad.Join", func(t *grad.Tape) { t.Join() }},
		{"elements", "grad.Join", func(t *grad.Tape) { t.Join(x, b(3, 2)) }},
		{"below", "grad.Columns", func(t *grad.Tape) { t.Columns(x, -1, 2) }},
		{"above", "grad.Columns", func(t *grad.Tape) { t.Columns(x, 0, 4) }},
		{"turned", "grad.Columns", func(t *grad.Tape) { t.Columns(x, 2, 1) }},
		{"indivisible", "grad.Unfold", func(t *grad.Tape) { t.Unfold(x, 2) }},
		{"zero", "grad.Unfold", func(t *grad.Tape) { t.Unfold(x, 0) }},
		{"below", "grad.Gather", func(t *grad.Tape) { t.Gather(p(3, 2), []int32{-1}, set.Offsets{0, 1}) }},
		{"above", "grad.Gather", func(t *grad.Tape) { t.Gather(p(3, 2), []int32{3}, set.Offsets{0, 1}) }},
		{"numbers", "grad.Gather", func(t *grad.Tape) { t.Gather(p(3, 2), []int32{1, 2}, set.Offsets{0, 1}) }},
		{"widths", "grad.Stack", func(t *grad.Tape) { t.Stack(x, b(2, 1)) }},
		{"elements", "grad.Regroup", func(t *grad.Tape) { t.Regroup(x, set.Sizes(2)) }},
		{"none", "grad.Unite", func(t *grad.Tape) { t.Unite() }},
		{"sets", "grad.Unite", func(t *grad.Tape) { t.Unite(x, b(3, 1, 1, 1)) }},
		{"widths", "grad.Stack", func(t *grad.Tape) { t.Unite(x, b(2, 1, 1)) }},
		{"sets", "grad.Spread", func(t *grad.Tape) { t.Spread(b(2, 1), set.Sizes(2, 1)) }},
		{"elements", "grad.Spread", func(t *grad.Tape) { t.Spread(b(2, 2, 0), set.Sizes(2, 1)) }},
		{"gain", "grad.LayerNorm", func(t *grad.Tape) { t.LayerNorm(x, p(1, 2), p(1, 3)) }},
		{"bias", "grad.LayerNorm", func(t *grad.Tape) { t.LayerNorm(x, p(1, 3), p(1, 2)) }},
		{"gain", "grad.SetNorm", func(t *grad.Tape) { t.SetNorm(x, p(1, 2), p(1, 3)) }},
		{"heads", "grad.Attend", func(t *grad.Tape) { t.Attend(x, x, x, grad.Attention{Heads: 2}) }},
		{"width of keys", "grad.Attend", func(t *grad.Tape) { t.Attend(x, b(2, 2, 1), x, grad.Attention{}) }},
		{"width of values", "grad.Attend", func(t *grad.Tape) { t.Attend(x, x, b(2, 2, 1), grad.Attention{}) }},
		{"no width", "grad.Attend", func(t *grad.Tape) { t.Attend(b(0, 2), b(0, 2), b(0, 2), grad.Attention{}) }},
		{"sets", "grad.Attend", func(t *grad.Tape) { t.Attend(x, b(3, 2, 1, 0), b(3, 2, 1, 0), grad.Attention{}) }},
		{"values", "grad.Attend", func(t *grad.Tape) { t.Attend(x, x, b(3, 2, 2), grad.Attention{}) }},
		{"relation of others", "grad.Attend", func(t *grad.Tape) { t.Attend(x, x, x, grad.Attention{Along: []*set.Relation{relation(1, 1)}}) }},
		{"shared along", "grad.Attend", func(t *grad.Tape) { t.Attend(b(3, 3), x, x, grad.Attention{Along: []*set.Relation{relation(1, 1, 1)}}) }},
		{"relation to another set", "grad.Attend", func(t *grad.Tape) { t.Attend(x, x, x, grad.Attention{Along: []*set.Relation{relation(1, 1, 1)}}) }},
		{"relation to nowhere", "grad.Attend", func(t *grad.Tape) {
			r := &set.Relation{Offsets: set.Sizes(0, 0, 1), Index: []int32{3}}
			t.Attend(x, x, x, grad.Attention{Along: []*set.Relation{r}})
		}},
		{"a loss of many", "grad.Gradients", func(t *grad.Tape) { t.Gradients(x) }},
		{"numbers", "grad.GradientsFrom", func(t *grad.Tape) { t.GradientsFrom(x, []float32{1}) }},
	} {
		for kind, tape := range map[string]*grad.Tape{"nil": nil, "recording": grad.NewTape(nil), "scratch": grad.NewScratch(nil)} {
			t.Run(c.op+"/"+c.name+"/"+kind, func(t *testing.T) {
				err := set.Try(func() { c.f(tape) })
				var shape *set.ShapeError
				require.ErrorAs(t, err, &shape)
				assert.Equal(t, c.op, shape.Op)
				assert.Contains(t, shape.Error(), "want ")
			})
		}
	}
}

// A NaN among others shows, whatever is done with it (but that BLAS may take 0
// times NaN for 0).
func TestNaNShows(t *testing.T) {
	nan := float32(math.NaN())
	x := grad.Const(set.Of(2, []float32{1, 2, 3, nan, 5, 6}))
	alone := grad.Const(set.Of(1, []float32{1}))
	one, ones := grad.Filled(1, 2, 1), grad.Const(set.Of(2, []float32{1, 1, 1, 1, 1, 1}))
	for name, f := range map[string]func(*grad.Tape) grad.Value{
		"max":     func(t *grad.Tape) grad.Value { return t.Max(x) },
		"sum":     func(t *grad.Tape) grad.Value { return t.Sum(x) },
		"mean":    func(t *grad.Tape) grad.Value { return t.Mean(x) },
		"softmax": func(t *grad.Tape) grad.Value { return t.Softmax(x) },
		"relu":    func(t *grad.Tape) grad.Value { return t.ReLU(x) },
		"affine":  func(t *grad.Tape) grad.Value { return t.AffineReLU(x, t.Param(grad.Filled(2, 3, 1)), grad.Value{}) },
		"norm":    func(t *grad.Tape) grad.Value { return t.LayerNorm(x, t.Param(one), t.Param(one)) },
		"queries": func(t *grad.Tape) grad.Value { return t.Attend(x, ones, ones, grad.Attention{}) },
		"keys":    func(t *grad.Tape) grad.Value { return t.Attend(ones, x, ones, grad.Attention{}) },
		"values":  func(t *grad.Tape) grad.Value { return t.Attend(ones, ones, x, grad.Attention{}) },
		"a key": func(t *grad.Tape) grad.Value {
			return t.Attend(alone, grad.Const(set.Of(1, []float32{nan})), alone, grad.Attention{})
		},
	} {
		for kind, tape := range map[string]*grad.Tape{"nil": nil, "recording": grad.NewTape(nil)} {
			y := f(tape)
			assert.True(t, slices.ContainsFunc(y.Values, func(v float32) bool { return v != v }), "%s, %s", name, kind)
		}
	}
}
