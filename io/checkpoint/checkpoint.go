// Package checkpoint keeps models and unfinished trainings in files.
//
// A file is in the safetensors format: the parameters of the model under the
// names that [layers.Params] gives them, and in the metadata, as JSON, how to
// build the model and how far its training is. The memory of the optimizer and
// the best weights so far stand beside the parameters, under names that begin
// with "optimizer/" and "best/". A checksum in the metadata, a SHA-256, covers
// everything else in the file ([tensor.File.Digest]).
//
//	err := checkpoint.Save("model.safetensors", model, checkpoint.Contents{Config: config})
//	...
//	f, err := checkpoint.Open("model.safetensors", tensor.Limits{})
//	err = f.Config(&config)           // a layers.Config, say
//	err = config.Validate()
//	err = f.Fits(config.Count())      // before memory is taken for the model
//	model, err := config.New(rng)
//	err = f.Load(model)               // fill in its parameters
//
// [File.Resume] goes back to an unfinished training; the example Resume has a
// training that is saved as it goes, stopped, and gone on with, in one piece.
//
// Files are written whole or not at all. What was damaged is refused: a file
// that opens holds what was saved, bit for bit. Loading is strict: a parameter
// that is missing, left over or of another shape is an error that lists them
// all, a [*MismatchError]; a number that is not finite is an error that says
// where; and the model stays as it was.
//
// Weights that PyTorch saved go into a model of yours by [LoadTorch], or become
// the authors' Set Transformer by [FromTorch]; [ToTorch] gives weights back to
// PyTorch.
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

const (
	format       = "setwise 2"
	optimizer    = "optimizer/"
	best         = "best/"
	average      = "average/"
	stepKey      = "optimizer.step"
	formatKey    = "format"
	checksumKey  = "checksum"
	configKey    = "config"
	progressKey  = "progress"
	listedAtMost = 10 // names, in an error
)

// Contents is what a file holds besides the parameters. The zero value is
// nothing. What is by name is by the names of parameters, of all of them or of
// some.
type Contents struct {
	Config    any                  // what the model is built from, such as a layers.Config; as JSON
	Progress  any                  // how far training is, such as a train.State, or something that holds one; as JSON
	Optimizer *optim.State         // what the optimizer remembers: Optimizer of a train.State
	Best      map[string][]float32 // the best weights so far: Weights of a train.State; nil for none
	Average   map[string][]float32 // averages of the weights: Average of a train.State; nil for none
}

// sections returns what c holds by the names of parameters, each under the
// prefix of its tensors.
func (c *Contents) sections() (map[string]map[string][]float32, error) {
	all := map[string]map[string][]float32{}
	if c.Best != nil {
		all[best] = c.Best
	}
	if c.Average != nil {
		all[average] = c.Average
	}
	if c.Optimizer == nil {
		return all, nil
	}
	if c.Optimizer.Step < 0 {
		return nil, fmt.Errorf("want a step of the optimizer from 0, got %d", c.Optimizer.Step)
	}
	for moment, of := range c.Optimizer.Moments {
		if strings.Contains(moment, "/") {
			return nil, fmt.Errorf("want names of moments without a slash, got %.100q", moment)
		}
		all[optimizer+moment+"/"] = of
	}
	return all, nil
}

// Save writes the parameters of model, frozen ones too, with the contents, to the
// named file. It refuses what Load would refuse: numbers that are not finite, a
// model without parameters, and two parameters of one name.
func Save(name string, model any, c Contents) error {
	f, err := pack(model, c)
	if err != nil {
		return fmt.Errorf("checkpoint: %s: %w", name, err)
	}
	if err := tensor.WriteFile(name, f); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}

// pack returns the file that holds a model and the contents.
func pack(model any, c Contents) (*tensor.File, error) {
	f := &tensor.File{Tensors: map[string]*tensor.Tensor{}, Metadata: map[string]string{formatKey: format}}
	for key, v := range map[string]any{configKey: c.Config, progressKey: c.Progress} {
		if v == nil {
			continue
		}
		text, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, shorten(err))
		}
		f.Metadata[key] = string(text)
	}
	add := func(name string, values []float32, p *grad.Param) error {
		if n := p.Rows * p.Cols; len(values) != n {
			return fmt.Errorf("%.100s: want %d numbers, got %d", name, n, len(values))
		}
		if err := finite(values, p.Cols); err != nil {
			return fmt.Errorf("%.100s: %w", name, err)
		}
		f.Tensors[name] = tensor.Of(values, p.Rows, p.Cols)
		return nil
	}
	params, err := parameters(model)
	if err != nil {
		return nil, err
	}
	for _, param := range slices.Sorted(maps.Keys(params)) {
		if !isParam(param) {
			return nil, fmt.Errorf("parameter %.100q: want a name that does not begin with %s, %s or %s", param, optimizer, best, average)
		}
		if err := add(param, params[param].Data, params[param]); err != nil {
			return nil, err
		}
	}
	sections, err := c.sections()
	if err != nil {
		return nil, err
	}
	for _, prefix := range slices.Sorted(maps.Keys(sections)) {
		of := sections[prefix]
		for _, param := range slices.Sorted(maps.Keys(of)) {
			if params[param] == nil {
				return nil, fmt.Errorf("%.100s: want a parameter of the model, got %.100q", prefix, param)
			}
			if err := add(prefix+param, of[param], params[param]); err != nil {
				return nil, err
			}
		}
		f.Metadata[strings.TrimSuffix(prefix, "/")] = strconv.Itoa(len(of))
	}
	if c.Optimizer != nil {
		f.Metadata[stepKey] = strconv.Itoa(c.Optimizer.Step)
	}
	f.Metadata[checksumKey], err = f.Digest(checksumKey)
	return f, err
}

// isParam reports whether a tensor of that name is a parameter.
func isParam(name string) bool {
	return !strings.HasPrefix(name, optimizer) && !strings.HasPrefix(name, best) && !strings.HasPrefix(name, average)
}
