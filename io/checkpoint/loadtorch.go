package checkpoint

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"setwise/io/tensor"
	"setwise/set/grad"
)

// LoadTorch fills in the parameters of model from the tensors of a file that
// PyTorch saved ([tensor.Open]), and says where in the file they were:
// [StateDict] takes them out of what holds them.
//
//	f, err := tensor.Open("weights.pt", tensor.Limits{})
//	found, err := checkpoint.LoadTorch(f.Tensors, model)
//
// The model is one of yours, and its parameters are known by their names: those
// of [layers.Params], where the Weight of a linear layer is weight, the Gain of a
// norm weight, the Table of an embedding weight, Bias is bias, the parts of
// attention blocks are called as [FromTorch] tells, and a field such as FcOut is
// fc_out; case and underscores make no difference, and a field's tag
// `param:"name"` gives it any other name. Layers of a [layers.Stack] have their
// numbers, as those of nn.Sequential do; a Stack with a PMA may also be divided
// into enc and dec before it, as the authors' model is. Weights of linear layers
// are transposed, for PyTorch has them out x in; parameters of layers of your own
// are taken as they are. A prefix that all names share is cut off if the rest
// fits.
//
// Like [File.Load] it is strict: if the file does not hold just the parameters
// of the model it returns a [*MismatchError] and changes nothing. A block that
// computes something else than the authors' is an error; how many heads it has,
// and where there is an activation, the weights do not tell. Layers of PyTorch
// that keep several matrices in one (nn.MultiheadAttention and what is made of it,
// nn.LSTM, nn.GRU), convolutions and batch norms are not taken apart: their
// tensors are left over, and the error says so.
func LoadTorch(weights map[string]*tensor.Tensor, model any) (Found, error) {
	named, err := namings(model)
	if err != nil {
		return Found{}, fmt.Errorf("checkpoint: torch: %w", err)
	}
	stages := unwrap(weights)
	likely := stages[len(stages)-1]
	for s := likely; len(stages) < mostStages; {
		next, ok := s.common()
		if !ok {
			break
		}
		stages, s = append(stages, next), next
	}
	for _, s := range stages {
		for _, n := range named {
			if fits(s.weights, n) {
				return s.load(n)
			}
		}
	}
	found, err := likely.load(named[0])
	var mismatch *MismatchError
	if errors.As(err, &mismatch) {
		mismatch.Hint = likely.hint(named)
	}
	return found, err
}

// hint says what may help with weights that do not fit.
func (s stage) hint(named []map[string]part) string {
	var copies []string
	fronts := map[string]bool{}
	for name := range s.weights {
		switch end := name[strings.LastIndex(name, ".")+1:]; {
		case strings.HasPrefix(end, "in_proj_"), strings.HasPrefix(end, "weight_ih_l"):
			return "nn.MultiheadAttention, LSTM and GRU keep several matrices in one: fill the parameters in one by one"
		case end == "running_mean":
			return "batch norms have no layer here: fold them into the linear layer before"
		}
		fronts[head(name)] = true
	}
	for _, front := range slices.Sorted(maps.Keys(fronts)) {
		if front == "" {
			continue
		}
		inner := s.below(front).weights
		if slices.ContainsFunc(named, func(n map[string]part) bool { return fits(inner, n) }) {
			copies = append(copies, front+".")
		}
	}
	if len(copies) > 0 {
		return fmt.Sprintf("those below %s would fit: pass one of them alone", strings.Join(copies, " or "))
	}
	return ""
}

// fits reports whether names are those of parameters.
func fits(weights map[string]*tensor.Tensor, named map[string]part) bool {
	have, err := folded(weights)
	wanted, err2 := folded(named)
	if err != nil || err2 != nil || len(have) != len(wanted) {
		return false
	}
	for f := range wanted {
		if _, ok := have[f]; !ok {
			return false
		}
	}
	return true
}

// load fills in parameters.
func (s stage) load(named map[string]part) (Found, error) {
	fail := func(err error) (Found, error) { return Found{}, fmt.Errorf("checkpoint: torch: %w", err) }
	have, err := folded(s.weights)
	if err != nil {
		return fail(err)
	}
	wanted, err := folded(named)
	if err != nil {
		return fail(err)
	}
	e := &MismatchError{File: "torch"}
	if said := s.found.String(); said != "" {
		e.File += ": " + said
	}
	values := map[*grad.Param][]float32{}
	for _, f := range slices.Sorted(maps.Keys(wanted)) {
		name, p := have[f], named[wanted[f]]
		t := s.weights[name]
		if t == nil {
			e.Missing = append(e.Missing, wanted[f])
			continue
		}
		if !slices.Equal(t.Shape, p.shape) && (p.turned || !slices.Equal(squeezed(t.Shape), squeezed(p.shape))) {
			e.Shapes = append(e.Shapes, fmt.Sprintf("%s (want %v, got %v)", name, p.shape, t))
			continue
		}
		v, err := t.Float32s()
		if err != nil {
			return fail(fmt.Errorf("%.100s: %w", name, err))
		}
		if err := finite(v, columns(t)); err != nil {
			return fail(fmt.Errorf("%.100s: %w", name, err))
		}
		if p.turned {
			v = transposed(v, p.Cols, p.Rows)
		}
		if t.Type == tensor.F64 {
			s.found.Rounded = append(s.found.Rounded, s.found.Prefix+name)
		}
		values[p.Param] = v
	}
	for f, name := range have {
		if _, ok := wanted[f]; !ok {
			e.Extra = append(e.Extra, name)
		}
	}
	if len(e.Missing)+len(e.Extra)+len(e.Shapes) > 0 {
		slices.Sort(e.Extra)
		return Found{}, e
	}
	for p, v := range values {
		copy(p.Data, v)
	}
	slices.Sort(s.found.Rounded)
	return s.found, nil
}

// squeezed returns a shape without the ones that it begins with.
func squeezed(shape []int) []int {
	for len(shape) > 0 && shape[0] == 1 {
		shape = shape[1:]
	}
	return shape
}
