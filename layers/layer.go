// Package layers turns batches of sets into batches of sets.
//
// A [Layer] either treats every element of a set alike (linear layers, norms,
// attention blocks), so that reordering its input reorders its output, or
// pools each set into a fixed number of elements (PMA, sums, means), so that
// reordering changes nothing. Only what says so reads sets in the order of
// storage: [Recurrent], [Last], and attention that is causal or by windows. A model
// is a [Stack] of layers, written down as in the paper:
//
//	block := layers.Block{Dim: 64, Heads: 4}
//	model := layers.Stack{
//		layers.NewISAB(3, 16, block, rng),
//		layers.NewISAB(64, 16, block, rng),
//		layers.NewPMA(1, block, rng),
//		layers.NewLinear(64, 10, rng),
//	}
//
// A layer is a struct of exported parameters and sub-layers with one method; a
// function is a layer ([Func]); a slice of layers is a layer ([Stack]). [Params]
// finds the parameters by walking the exported fields, and their paths are their
// names in a checkpoint. [Apply] runs a model on data. A [Pair] has two inputs,
// sets that look at other sets, and a [Cell] is a step of a recurrent net.
//
// What Forward returns is in the memory of its tape (see [grad.Tape]), and may
// share it with the input, as an empty Stack does; what Apply returns is the
// caller's alone. A layer that changes each element keeps the relations of its
// input; one that pools, or makes other elements, leaves them behind.
//
// Forward only reads a layer, so one model serves any number of goroutines at
// once, each with a tape of its own or none: results are those of one call after
// another, bit for bit. But nobody may use a model while something changes its
// parameters, as train.Fit does until it returns.
//
// The attention blocks are those of the Set Transformer (Lee et al. 2019) as
// its authors coded them, so that weights trained with their code run here
// unchanged. Options of a [Block] and a [Config] depart from that.
//
// Constructors take a random number generator as an argument, and panic with
// a [*set.ShapeError] that names the argument on widths and numbers that are
// negative, too few, too large or do not fit; [Config] returns errors, for it may
// come from a file.
package layers

import (
	"strconv"

	"setwise/internal/parallel"
	"setwise/set"
	"setwise/set/grad"
)

// A Layer maps a batch of sets to a batch of as many sets. Forward must not
// change the layer.
type Layer interface {
	Forward(t *grad.Tape, x grad.Value) grad.Value
}

// A Pair maps two batches of as many sets to one: the elements of x, changed by
// what they learn of y, set by set. [MAB] and [MultiHead] are pairs, and so are
// cross attention and decoders. Attend must not change the pair.
type Pair interface {
	Attend(t *grad.Tape, x, y grad.Value) grad.Value
}

// Func is a layer without parameters.
type Func func(t *grad.Tape, x grad.Value) grad.Value

// Forward calls f.
func (f Func) Forward(t *grad.Tape, x grad.Value) grad.Value { return f(t, x) }

// Unfold returns a layer that turns every element of width n*d into n elements
// of width d.
func Unfold(n int) Func {
	need("layers.Unfold", argument{"n", n, 1})
	return func(t *grad.Tape, x grad.Value) grad.Value { return t.Unfold(x, n) }
}

// Stack applies layers one after another. An empty Stack returns its input.
type Stack []Layer

// Forward applies the layers in order.
func (s Stack) Forward(t *grad.Tape, x grad.Value) grad.Value {
	present("layers.Stack", s...)
	for i, l := range s {
		x = in(strconv.Itoa(i), l, t, x)
	}
	return x
}

// in applies a layer that another one calls by a name, which an error then
// tells.
func in(name string, l Layer, t *grad.Tape, x grad.Value) grad.Value {
	defer set.Within(name)
	return l.Forward(t, x)
}

// between applies a pair that a layer calls by a name, which an error then
// tells.
func between(name string, p Pair, t *grad.Tape, x, y grad.Value) grad.Value {
	defer set.Within(name)
	return p.Attend(t, x, y)
}

// groupLen is how many elements [Apply] takes at a time, whole sets of them:
// what a model makes of them stays in the cache of a core.
const groupLen = 1024

// Apply runs a layer on data, for inference, some sets at a time and on all
// processors: a layer must make the same of a set whatever is beside it. Apply
// may be called from any number of goroutines at once, though not while the layer
// is trained. The result shares no values with x. It panics with a
// [*set.ShapeError] if x is not well formed, or not what the layer takes.
func Apply(l Layer, x set.Batch) set.Batch {
	present("layers.Apply", l)
	x = grad.Const(x).Batch // which looks at it
	groups := set.Offsets{0}
	for s := range x.Sets() {
		if x.Offsets[s+1]-x.Offsets[groups[len(groups)-1]] >= groupLen {
			groups = append(groups, s+1)
		}
	}
	if groups.Len() < x.Sets() || groups.Sets() == 0 {
		groups = append(groups, x.Sets())
	}
	if groups.Sets() == 1 {
		return infer(l, x)
	}
	results := make([]set.Batch, groups.Sets())
	parallel.Each(len(results), func(i int) { results[i] = infer(l, x.Slice(groups.Bounds(i))) })
	return set.Concat(results...)
}

// infer runs a layer on sets that are well formed.
func infer(l Layer, x set.Batch) (y set.Batch) {
	grad.Scratch(func(t *grad.Tape) { y = t.Keep(l.Forward(t, grad.Value{Batch: x}).Batch) })
	return y
}
