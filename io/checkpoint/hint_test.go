package checkpoint_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/io/checkpoint"
	"setwise/io/tensor"
	"setwise/layers"
)

// What may help with weights that do not fit is said.
func TestLoadTorchHints(t *testing.T) {
	model := layers.NewLinear(3, 2, rand.New(rand.NewPCG(1, 2)))
	weight, bias := &tensor.Tensor{}, tensor.Of([]float32{1, 2})
	*weight = *tensor.Of([]float32{0, 1, 2, 3, 4, 5})
	weight.Shape = []int{2, 3}
	for want, w := range map[string]map[string]*tensor.Tensor{
		"those below ema. or student. would fit: pass one of them alone": {"student.weight": weight, "student.bias": bias, "ema.weight": weight, "ema.bias": bias},
		"nn.MultiheadAttention, LSTM and GRU keep several matrices":      {"attn.in_proj_weight": weight, "attn.in_proj_bias": bias},
		"batch norms have no layer here":                                 {"bn.running_mean": bias, "bn.weight": bias},
	} {
		_, err := checkpoint.LoadTorch(w, model)
		assert.ErrorContains(t, err, want)
	}
	_, err := checkpoint.LoadTorch(map[string]*tensor.Tensor{"other": bias}, model)
	assert.ErrorContains(t, err, "want the parameters of the model: 2 missing: bias, weight; 1 left over: other")
	_, err = checkpoint.LoadTorch(map[string]*tensor.Tensor{"": bias, "a.b": bias}, model)
	assert.Error(t, err, "a tensor without a name")
}
