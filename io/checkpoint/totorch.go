package checkpoint

import (
	"fmt"
	"maps"
	"slices"

	"setwise/io/tensor"
	"setwise/layers"
	"setwise/set/grad"
)

// transposed returns a matrix with rows and columns exchanged.
func transposed(x []float32, rows, cols int) []float32 {
	y := make([]float32, len(x))
	for i := range rows {
		for j := range cols {
			y[j*rows+i] = x[i*cols+j]
		}
	}
	return y
}

// ToTorch returns the parameters of model as PyTorch has them: a state_dict. It
// is the inverse of [FromTorch] and of [LoadTorch]: shapes are PyTorch's, weights
// of linear layers are out x in.
//
//	model, params, err := checkpoint.FromTorch(f.Tensors, checkpoint.Torch{})
//	...                                                     // train it
//	weights, err := checkpoint.ToTorch(model, params)
//	err = tensor.WritePTFile("weights.pt", &tensor.File{Tensors: weights})
//
// and in Python
//
//	net.load_state_dict(torch.load("weights.pt", weights_only=True))
//
// A file that [tensor.WriteFile] writes is read by safetensors.torch.load_file.
// The names are those in params, as FromTorch returns them, or if that is nil
// those under which LoadTorch looks first: so a [layers.SetTransformer], or a
// Stack of such blocks, becomes what the authors' code loads. A block that
// computes something else than the authors' is an error.
func ToTorch(model any, params map[string]*grad.Param) (map[string]*tensor.Tensor, error) {
	named, err := named(model, params)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: torch: %w", err)
	}
	weights := make(map[string]*tensor.Tensor, len(named))
	for _, name := range slices.Sorted(maps.Keys(named)) {
		p := named[name]
		v := p.Data
		if err := finite(v, max(p.Cols, 1)); err != nil {
			return nil, fmt.Errorf("checkpoint: torch: %.100s: %w", name, err)
		}
		if p.turned {
			v = transposed(v, p.Rows, p.Cols)
		}
		weights[name] = tensor.Of(v, p.shape...)
	}
	return weights, nil
}

// named returns the parameters of a model under the names in params, or under
// their likeliest.
func named(model any, params map[string]*grad.Param) (map[string]part, error) {
	likely, err := namings(model)
	if err != nil {
		return nil, err
	}
	if params == nil {
		return likely[0], nil
	}
	all, err := parts(model)
	if err != nil {
		return nil, err
	}
	result := map[string]part{}
	left := maps.Clone(all)
	for name, p := range params {
		if _, ok := left[p]; !ok {
			return nil, fmt.Errorf("%.100q: want a parameter of the model, and each once, got another", name)
		}
		result[name] = all[p]
		delete(left, p)
	}
	for ours, p := range layers.Params(model) {
		if _, ok := left[p]; ok {
			return nil, fmt.Errorf("%.100q: want a name for it in PyTorch, got none", ours)
		}
	}
	return result, nil
}
