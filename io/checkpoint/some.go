package checkpoint

import (
	"fmt"
	"maps"
	"slices"

	"setwise/io/tensor"
)

// Some says which parameters a model has of a file that holds another model.
type Some struct {
	Taken  []string // parameters that are those of the file now, in order
	Anew   []string // parameters that stay as they were: the others
	Shapes []string // of these, the ones that have another shape in the file, with both
	Unused []string // parameters of the file that the model has no use for
}

// LoadSome fills in the parameters of model that the file holds by the same names
// and in the same shapes, but for those that anew, which may be nil, reports: the
// way to begin with what another model has learned, and to put a head of one's own
// on it. It is an error if the file holds none of them, and if one of them is not
// finite; then the model stays as it was.
func (f *File) LoadSome(model any, anew func(name string) bool) (Some, error) {
	var s Some
	have := maps.Clone(f.file.Tensors)
	maps.DeleteFunc(have, func(name string, _ *tensor.Tensor) bool { return !isParam(name) })
	unused := maps.Clone(have)
	wanted, err := parameters(model)
	if err != nil {
		return Some{}, fmt.Errorf("checkpoint: %s: %w", f.name, err)
	}
	values := map[string][]float32{}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		t, p := have[name], wanted[name]
		delete(unused, name)
		switch {
		case anew != nil && anew(name), t == nil:
			s.Anew = append(s.Anew, name)
			continue
		case !suits(t, p):
			s.Anew, s.Shapes = append(s.Anew, name), append(s.Shapes, otherwise(name, t, p))
			continue
		}
		v, err := numbers(f.name, name, t, p)
		if err != nil {
			return Some{}, err
		}
		values[name] = v
		s.Taken = append(s.Taken, name)
	}
	s.Unused = slices.Sorted(maps.Keys(unused))
	if len(s.Taken) == 0 {
		return Some{}, fmt.Errorf("checkpoint: %s: want a parameter of the model or more, got none of %d: it has %s", f.name, len(wanted), first(slices.Sorted(maps.Keys(have))))
	}
	for name, v := range values {
		copy(wanted[name].Data, v)
	}
	return s, nil
}
