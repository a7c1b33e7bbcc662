// Package checkpoint keeps models and unfinished trainings in files.
//
// A file is in the safetensors format: the parameters of the model under the
// names that [layers.Params] gives them, and in the metadata, as JSON, how to
// build the model and how far its training is. The memory of the optimizer and
// the best weights so far stand beside the parameters, under names that begin
// with "optimizer/" and "best/".
//
//	err := checkpoint.Save("model.safetensors", model, checkpoint.Contents{Config: config})
//	...
//	f, err := checkpoint.Open("model.safetensors", tensor.Limits{})
//	err = f.Config(&config)        // build the model from it, then
//	err = f.Load(model)            // fill in its parameters
//
// Files are written whole or not at all. Loading is strict: a parameter that is
// missing, left over or of another shape is an error that lists them all, a
// [*MismatchError], and the model stays as it was.
//
// [FromTorch] builds the authors' Set Transformer from weights that PyTorch
// saved.
package checkpoint

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"setwise/io/tensor"
	"setwise/layers"
	"setwise/layers/optim"
	"setwise/set/grad"
)

const (
	format       = "setwise 1"
	optimizer    = "optimizer/"
	best         = "best/"
	stepKey      = "optimizer.step"
	formatKey    = "format"
	configKey    = "config"
	progressKey  = "progress"
	listedAtMost = 10
)

// Contents is what a file holds besides the parameters. The zero value is
// nothing.
type Contents struct {
	Config    any          // what the model is built from; as JSON
	Progress  any          // how far training is, a generator's MarshalBinary included; as JSON
	Optimizer *optim.State // what the optimizer remembers
	Best      [][]float32  // the best weights so far, in the order of layers.List; nil for none
}

// check returns an error unless c belongs to a model of so many parameters.
func (c *Contents) check(params int) error {
	if c.Best != nil && len(c.Best) != params {
		return fmt.Errorf("want best weights of %d parameters, got %d", params, len(c.Best))
	}
	if c.Optimizer == nil {
		return nil
	}
	for moment, of := range c.Optimizer.Moments {
		if len(of) != 0 && len(of) != params {
			return fmt.Errorf("want %s of %d parameters, got %d", optimizer+moment, params, len(of))
		}
	}
	return nil
}

// Save writes the parameters of model, with the contents, to the named file.
func Save(name string, model any, c Contents) error {
	f := &tensor.File{Tensors: map[string]*tensor.Tensor{}, Metadata: map[string]string{formatKey: format}}
	for key, v := range map[string]any{configKey: c.Config, progressKey: c.Progress} {
		if v == nil {
			continue
		}
		text, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("checkpoint: %s: %s: %w", name, key, err)
		}
		f.Metadata[key] = string(text)
	}
	if err := c.check(len(layers.List(model))); err != nil {
		return fmt.Errorf("checkpoint: %s: %w", name, err)
	}
	i := 0
	for param, p := range layers.Params(model) {
		if !isParam(param) {
			return fmt.Errorf("checkpoint: %s: parameter %q: want a name that does not begin with %s or %s", name, param, optimizer, best)
		}
		f.Tensors[param] = tensor.Of(p.Data, p.Rows, p.Cols)
		if c.Best != nil {
			f.Tensors[best+param] = tensor.Of(c.Best[i], p.Rows, p.Cols)
		}
		if c.Optimizer != nil {
			for moment, of := range c.Optimizer.Moments {
				if i < len(of) && of[i] != nil {
					f.Tensors[optimizer+moment+"/"+param] = tensor.Of(of[i], p.Rows, p.Cols)
				}
			}
		}
		i++
	}
	if c.Optimizer != nil {
		f.Metadata[stepKey] = strconv.Itoa(c.Optimizer.Step)
		for _, moment := range slices.Sorted(maps.Keys(c.Optimizer.Moments)) {
			f.Metadata[optimizer+moment] = "" // known, though it may hold nothing yet
		}
	}
	if err := tensor.WriteFile(name, f); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}

// A File is an opened checkpoint, read as a whole.
type File struct {
	name string
	file *tensor.File
}

// Open reads the named file.
func Open(name string, l tensor.Limits) (*File, error) {
	f, err := tensor.Open(name, l)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	if got := f.Metadata[formatKey]; got != format {
		return nil, fmt.Errorf("checkpoint: %s: metadata: want format %q, got %q", name, format, got)
	}
	return &File{name, f}, nil
}

// Fits returns an error unless the parameters in the file hold count numbers
// together. A file may describe a model far larger than itself; ask before
// building it, so that memory is taken only for what the file holds:
//
//	err := f.Config(&config)        // a layers.Config
//	err = config.Validate()
//	err = f.Fits(config.Count())
//	model, err := config.New(rng)
//	err = f.Load(model)
func (f *File) Fits(count int) error {
	held := 0
	for name, t := range f.file.Tensors {
		if isParam(name) {
			n, err := t.Len()
			if err != nil {
				return fmt.Errorf("checkpoint: %s: %q: %w", f.name, name, err)
			}
			held += n
		}
	}
	if held != count {
		return fmt.Errorf("checkpoint: %s: want the %d numbers of the model that it describes, got %d", f.name, count, held)
	}
	return nil
}

// Config fills v with what the model is built from, as json.Unmarshal does.
func (f *File) Config(v any) error { return f.decode(configKey, v) }

// Progress fills v with how far training is, as json.Unmarshal does.
func (f *File) Progress(v any) error { return f.decode(progressKey, v) }

func (f *File) decode(key string, v any) error {
	text, ok := f.file.Metadata[key]
	if !ok {
		return fmt.Errorf("checkpoint: %s: metadata: want %q, got none", f.name, key)
	}
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return fmt.Errorf("checkpoint: %s: metadata: %s: %w", f.name, key, err)
	}
	return nil
}

// Load fills in the parameters of model. If the file does not hold just those,
// it returns a [*MismatchError] and changes nothing.
func (f *File) Load(model any) error {
	wanted := map[string]*grad.Param{}
	for name, p := range layers.Params(model) {
		wanted[name] = p
	}
	have := maps.Clone(f.file.Tensors)
	maps.DeleteFunc(have, func(name string, _ *tensor.Tensor) bool { return !isParam(name) })
	values, err := match(f.name, have, wanted)
	if err != nil {
		return err
	}
	for name, p := range wanted {
		copy(p.Data, values[name])
	}
	return nil
}

// isParam reports whether a tensor of that name is a parameter.
func isParam(name string) bool {
	return !strings.HasPrefix(name, optimizer) && !strings.HasPrefix(name, best)
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
		if t.Type != tensor.F32 || !slices.Equal(t.Shape, []int{p.Rows, p.Cols}) {
			e.Shapes = append(e.Shapes, fmt.Sprintf("%s (want F32 %v, got %v)", name, []int{p.Rows, p.Cols}, t))
			continue
		}
		v, err := t.Float32s()
		if err != nil {
			return nil, fmt.Errorf("checkpoint: %s: %s: %w", file, name, err)
		}
		values[name] = v
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

// A MismatchError tells how the parameters in a file differ from those of a
// model.
type MismatchError struct {
	File    string
	Missing []string // parameters that the file lacks
	Extra   []string // tensors that the model has no use for
	Shapes  []string // parameters of another shape or type, with both
}

// Error lists the first few of each kind.
func (e *MismatchError) Error() string {
	var parts []string
	for _, k := range []struct {
		what  string
		names []string
	}{{"missing", e.Missing}, {"left over", e.Extra}, {"of another shape", e.Shapes}} {
		if n := len(k.names); n > 0 {
			list := strings.Join(k.names[:min(n, listedAtMost)], ", ")
			if n > listedAtMost {
				list += ", ..."
			}
			parts = append(parts, fmt.Sprintf("%d %s: %s", n, k.what, list))
		}
	}
	return fmt.Sprintf("checkpoint: %s: want the parameters of the model: %s", e.File, strings.Join(parts, "; "))
}

// Optimizer returns what the optimizer remembered of the parameters of model.
// Like [File.Load] it is strict.
func (f *File) Optimizer(model any) (optim.State, error) {
	s := optim.State{Moments: map[string][][]float32{}}
	var err error
	if s.Step, err = strconv.Atoi(f.file.Metadata[stepKey]); err != nil || s.Step < 0 {
		return s, fmt.Errorf("checkpoint: %s: metadata: want %s to be a number, got %q", f.name, stepKey, f.file.Metadata[stepKey])
	}
	for key := range f.file.Metadata {
		if moment, ok := strings.CutPrefix(key, optimizer); ok {
			if s.Moments[moment], err = f.list(key+"/", model, false); err != nil {
				return s, err
			}
		}
	}
	return s, nil
}

// Best returns the best weights, in the order of layers.List, nil if there are
// none. Like [File.Load] it is strict.
func (f *File) Best(model any) ([][]float32, error) {
	for name := range f.file.Tensors {
		if strings.HasPrefix(name, best) {
			return f.list(best, model, true)
		}
	}
	return nil, nil
}

// list returns the tensors whose names are a prefix and that of a parameter,
// all of them or else nil for those that are not there.
func (f *File) list(prefix string, model any, all bool) ([][]float32, error) {
	have, wanted := map[string]*tensor.Tensor{}, map[string]*grad.Param{}
	for name, t := range f.file.Tensors {
		if strings.HasPrefix(name, prefix) {
			have[name] = t
		}
	}
	var names []string
	for name, p := range layers.Params(model) {
		name = prefix + name
		names = append(names, name)
		if have[name] != nil || all {
			wanted[name] = p
		}
	}
	values, err := match(f.name, have, wanted)
	if err != nil {
		return nil, err
	}
	list := make([][]float32, len(names))
	for i, name := range names {
		list[i] = values[name]
	}
	return list, nil
}
