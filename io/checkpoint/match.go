package checkpoint

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"setwise/internal/elementary"
	"setwise/io/tensor"
	"setwise/layers"
	"setwise/set/grad"
)

// parameters returns the parameters of a model by their names. It is an error
// if there are none, if two have one name or one has none, and if one does not
// hold the numbers that its rows and columns say.
func parameters(model any) (map[string]*grad.Param, error) {
	all := map[string]*grad.Param{}
	for name, p := range layers.Params(model) {
		switch {
		case name == "":
			return nil, errors.New("want a model with parameters in its fields, got a parameter by itself, which has no name")
		case all[name] != nil:
			return nil, fmt.Errorf("want a name for each parameter, got %.100q twice", name)
		case p.Rows < 0 || p.Cols < 0 || float64(p.Rows)*float64(p.Cols) != float64(len(p.Data)):
			return nil, fmt.Errorf("%.100s: want the %d x %d numbers of a parameter, got %d", name, p.Rows, p.Cols, len(p.Data))
		}
		all[name] = p
	}
	if len(all) == 0 {
		return nil, errors.New("want a model with parameters, got none: they are found in exported fields (see layers.Params)")
	}
	return all, nil
}

// match returns the values of the wanted parameters, or what is wrong.
func match(file string, have map[string]*tensor.Tensor, wanted map[string]*grad.Param) (map[string][]float32, error) {
	e := &MismatchError{File: file}
	values := map[string][]float32{}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		t, p := have[name], wanted[name]
		if t == nil {
			e.Missing = append(e.Missing, name)
			continue
		}
		if !suits(t, p) {
			e.Shapes = append(e.Shapes, otherwise(name, t, p))
			continue
		}
		var err error
		if values[name], err = numbers(file, name, t, p); err != nil {
			return nil, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(have)) {
		if wanted[name] == nil {
			e.Extra = append(e.Extra, name)
		}
	}
	if len(e.Missing)+len(e.Extra)+len(e.Shapes) > 0 {
		return nil, e
	}
	return values, nil
}

// suits reports whether a tensor has the type and the shape of a parameter.
func suits(t *tensor.Tensor, p *grad.Param) bool {
	return t.Type == tensor.F32 && slices.Equal(t.Shape, []int{p.Rows, p.Cols})
}

// otherwise says how the shape or the type of a tensor is another.
func otherwise(name string, t *tensor.Tensor, p *grad.Param) string {
	return fmt.Sprintf("%s (want F32 %v, got %v)", name, []int{p.Rows, p.Cols}, t)
}

// numbers returns what a tensor that fits holds, which must be finite.
func numbers(file, name string, t *tensor.Tensor, p *grad.Param) ([]float32, error) {
	v, err := t.Float32s()
	if err == nil {
		err = finite(v, p.Cols)
	}
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %s: %.100s: %w", file, name, err)
	}
	return v, nil
}

// A MismatchError tells how the parameters in a file differ from those of a
// model.
type MismatchError struct {
	File    string
	Missing []string // parameters that the file lacks
	Extra   []string // tensors that the model has no use for
	Shapes  []string // parameters of another shape or type, with both
	Hint    string   // what may help, if anything is known
}

// Error lists the first few of each kind.
func (e *MismatchError) Error() string {
	var parts []string
	for _, k := range []struct {
		what  string
		names []string
	}{{"missing", e.Missing}, {"left over", e.Extra}, {"of another shape", e.Shapes}} {
		if n := len(k.names); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s: %s", n, k.what, first(k.names)))
		}
	}
	if e.Hint != "" {
		parts = append(parts, e.Hint)
	}
	return fmt.Sprintf("checkpoint: %s: want the parameters of the model: %s", e.File, strings.Join(parts, "; "))
}

// first returns the first few names, each cut to a readable length.
func first(names []string) string {
	var list []string
	for _, name := range names[:min(len(names), listedAtMost)] {
		list = append(list, cut(name, 150))
	}
	if len(names) > listedAtMost {
		list = append(list, "...")
	}
	return strings.Join(list, ", ")
}

// cut returns the first bytes of a text.
func cut(text string, most int) string {
	if len(text) > most {
		return text[:most] + "…"
	}
	return text
}

// shorten cuts what an error quotes of a file to a readable length.
func shorten(err error) error {
	const most = 300
	if len(err.Error()) <= most {
		return err
	}
	return errors.New(cut(err.Error(), most))
}

// columns returns the last size of a tensor, at least 1.
func columns(t *tensor.Tensor) int {
	if len(t.Shape) == 0 {
		return 1
	}
	return max(t.Shape[len(t.Shape)-1], 1)
}

// finite returns an error that says where a matrix with so many columns holds
// something else than a finite number.
func finite(values []float32, columns int) error {
	for i, x := range values {
		if !elementary.Finite(x) {
			return fmt.Errorf("want finite numbers, got %g in row %d, column %d", x, i/columns, i%columns)
		}
	}
	return nil
}
