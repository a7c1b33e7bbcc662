package checkpoint

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"setwise/io/tensor"
	"setwise/layers/optim"
	"setwise/set/grad"
)

// A File is an opened checkpoint, read as a whole.
type File struct {
	name string
	file *tensor.File
}

// Open reads the named file, and compares its checksum, which covers all that
// is in it: a file that was damaged is an error.
func Open(name string, l tensor.Limits) (*File, error) {
	f, err := tensor.Open(name, l)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	if _, ok := f.Metadata[formatKey]; !ok {
		return nil, fmt.Errorf("checkpoint: %s: metadata: want format %q of a checkpoint, got none: for other weights see tensor.Open and LoadTorch", name, format)
	}
	if got := f.Metadata[formatKey]; got != format {
		return nil, fmt.Errorf("checkpoint: %s: metadata: want format %q, got %.100q", name, format, got)
	}
	got, err := f.Digest(checksumKey)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %s: %w", name, err)
	}
	if want := f.Metadata[checksumKey]; got != want {
		return nil, fmt.Errorf("checkpoint: %s: want contents with the checksum %.100q, got %q: damaged, or changed since it was saved", name, want, got)
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
		return fmt.Errorf("checkpoint: %s: metadata: want %q, got none: it was not saved", f.name, key)
	}
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return fmt.Errorf("checkpoint: %s: metadata: %s: %w", f.name, key, shorten(err))
	}
	return nil
}

// Load fills in the parameters of model. If the file does not hold just those,
// it returns a [*MismatchError] and changes nothing.
func (f *File) Load(model any) error {
	wanted, err := parameters(model)
	if err != nil {
		return fmt.Errorf("checkpoint: %s: %w", f.name, err)
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

// Resume goes back to an unfinished training that was saved with Progress and
// Optimizer: it fills in progress and the parameters of model, and returns the
// other contents for these parameters. If there is an error, the model stays as
// it was.
//
//	var s train.State
//	c, err := f.Resume(model, &s)
//	...
//	s.Optimizer, s.Weights, s.Average = *c.Optimizer, c.Best, c.Average
func (f *File) Resume(model, progress any) (Contents, error) {
	optimizer, err := f.Optimizer(model)
	if err != nil {
		return Contents{}, err
	}
	best, err := f.Best(model)
	if err != nil {
		return Contents{}, err
	}
	average, err := f.Average(model)
	if err != nil {
		return Contents{}, err
	}
	if err := f.Progress(progress); err != nil {
		return Contents{}, err
	}
	return Contents{Progress: progress, Optimizer: &optimizer, Best: best, Average: average}, f.Load(model)
}

// Optimizer returns what the optimizer remembered of the parameters of model.
// Like [File.Load] it is strict: what the file holds of the optimizer must be
// what was saved for these parameters, no more and no less.
func (f *File) Optimizer(model any) (optim.State, error) {
	s := optim.State{Moments: map[string]map[string][]float32{}}
	if _, ok := f.file.Metadata[stepKey]; !ok {
		return s, fmt.Errorf("checkpoint: %s: metadata: want %s, got none: no optimizer was saved", f.name, stepKey)
	}
	var err error
	if s.Step, err = f.number(stepKey); err != nil {
		return s, err
	}
	unknown := &MismatchError{File: f.name}
	for name := range f.file.Tensors {
		if rest, ok := strings.CutPrefix(name, optimizer); ok {
			moment, _, _ := strings.Cut(rest, "/")
			if _, known := f.file.Metadata[optimizer+moment]; !known {
				unknown.Extra = append(unknown.Extra, name)
			}
		}
	}
	if len(unknown.Extra) > 0 {
		slices.Sort(unknown.Extra)
		return s, unknown
	}
	for _, key := range slices.Sorted(maps.Keys(f.file.Metadata)) {
		moment, ok := strings.CutPrefix(key, optimizer)
		if !ok {
			continue
		}
		if s.Moments[moment], err = f.section(key, model); err != nil {
			return s, err
		}
	}
	return s, nil
}

// Best returns the best weights, by the names of the parameters of model, nil
// if there are none. Like [File.Load] it is strict.
func (f *File) Best(model any) (map[string][]float32, error) { return f.optional(best, model) }

// Average returns the averages of the weights, by the names of the parameters
// of model, nil if there are none. Like [File.Load] it is strict.
func (f *File) Average(model any) (map[string][]float32, error) { return f.optional(average, model) }

// optional is section for one that a file may not have.
func (f *File) optional(prefix string, model any) (map[string][]float32, error) {
	key := strings.TrimSuffix(prefix, "/")
	if _, ok := f.file.Metadata[key]; ok {
		return f.section(key, model)
	}
	for name := range f.file.Tensors {
		if strings.HasPrefix(name, prefix) {
			return nil, fmt.Errorf("checkpoint: %s: metadata: want %q, for there is %.100q, got none", f.name, key, name)
		}
	}
	return nil, nil
}

// section returns the tensors of a section of the file, as many as it says that
// there are, by the names of parameters of the model.
func (f *File) section(key string, model any) (map[string][]float32, error) {
	want, err := f.number(key)
	if err != nil {
		return nil, err
	}
	params, err := parameters(model)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %s: %w", f.name, err)
	}
	have, wanted := map[string]*tensor.Tensor{}, map[string]*grad.Param{}
	for name, t := range f.file.Tensors {
		if strings.HasPrefix(name, key+"/") {
			have[name] = t
		}
	}
	for name, p := range params {
		if name = key + "/" + name; have[name] != nil {
			wanted[name] = p
		}
	}
	values, err := match(f.name, have, wanted)
	if err != nil {
		return nil, err
	}
	if len(values) != want {
		return nil, fmt.Errorf("checkpoint: %s: %.100s: want the %d tensors that were saved, got %d", f.name, key, want, len(values))
	}
	of := make(map[string][]float32, len(values))
	for name, v := range values {
		of[strings.TrimPrefix(name, key+"/")] = v
	}
	return of, nil
}

// number returns a count in the metadata.
func (f *File) number(key string) (int, error) {
	text := f.file.Metadata[key]
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("checkpoint: %s: metadata: want %.100s to be a number, got %.100q", f.name, key, text)
	}
	return n, nil
}
