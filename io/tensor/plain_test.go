package tensor

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What stands beside tensors, of whatever class, is passed over and never run;
// a tensor without a name has one.
func TestPlainValuesArePassedOver(t *testing.T) {
	for file, names := range map[string][]string{
		"plain-2.pt": {"moments.fc.exp_avg", "state_dict.fc.weight"}, // pickle protocol 2
		"plain-4.pt": {"moments.fc.exp_avg", "state_dict.fc.weight"},
		"plain-5.pt": {"moments.fc.exp_avg", "state_dict.fc.weight"},
	} {
		f, err := Open(filepath.Join("testdata", file), Limits{})
		require.NoError(t, err, file)
		assert.Equal(t, names, slices.Sorted(maps.Keys(f.Tensors)), file)
		for name, x := range f.Tensors {
			assert.Equal(t, "F32 [2 3]", x.String(), name)
			values, err := x.Float32s()
			require.NoError(t, err)
			assert.Equal(t, []float32{0, 1, 2, 3, 4, 5}, values, name)
		}
	}
}

// Tensors in lists, tuples and what is like a dictionary have names.
func TestNamesOfNestedTensors(t *testing.T) {
	x := viewed(stored("ByteStorage", "0", 1), 0, nums(1), nums(1))
	file := func(p string) string { return pt("data.pkl", "\x80\x02"+p+".", "data/0", "\x05") }
	for program, want := range map[string][]string{
		x:                  {"tensor"},
		"](" + x + x + "e": {"0", "1"},
		x + x + "\x86":     {"0", "1"},
		"](" + x + "}(" + str("a") + x + "u" + "Ne":                                      {"0", "1.a"},
		glob("lib", "Dict") + ")\x81(" + str("a") + x + "u}" + str("_frozen") + "\x89sb": {"a"},
		glob("lib", "List") + ")\x81(N" + x + "e":                                        {"1"},
		"}(" + glob("lib", "Callback") + "}(" + str("best") + x + "uu":                   {"lib.Callback.best"},
		"}(" + str("x") + glob("torch._tensor", "_rebuild_from_type_v2") + "(" + glob("torch._utils", "_rebuild_tensor_v2") + glob("lib", "Tensor") + "(" + stored("ByteStorage", "0", 1) + "K\x00" + nums(1) + nums(1) + "\x89Nt}tRu": {"x"},
	} {
		f, err := read(file(program))
		require.NoError(t, err, "%q", program)
		assert.Equal(t, want, slices.Sorted(maps.Keys(f.Tensors)), "%q", program)
	}
	f, err := read(file("}"))
	require.NoError(t, err, "a model without parameters")
	assert.Empty(t, f.Tensors)
}
