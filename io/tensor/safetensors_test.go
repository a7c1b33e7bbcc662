package tensor

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// safe returns a file with the given header and data.
func safe(header string, data string) string {
	return string(binary.LittleEndian.AppendUint64(nil, uint64(len(header)))) + header + data
}

// sample has tensors of many types, one of them empty and one a single number.
func sample() *File {
	scalar := Of([]float64{2.5})
	scalar.Shape = nil
	return &File{
		Tensors: map[string]*Tensor{
			"weight":      Of([]float32{1, 2, 3, 4, 5, 6}, 3, 2),
			"bias":        Of([]float32{-1, -2}, 2),
			"none":        Of([]float32{}, 0, 5),
			"scalar":      scalar,
			"offsets":     Of([]int64{0, 3, -3}),
			"bytes":       Of([]uint8{7}),
			"<é\n\"&\\>":  Of([]int16{1, 2, 3}),
			"":            Of([]uint32{8}),
			"transposed":  {Shape: []int{2, 3}, Type: U8, data: []byte{1, 2, 3, 4, 5, 6}, size: []int{2, 3}, strides: []int{1, 2}},
			"half":        {Shape: []int{1}, Type: F16, data: []byte{0, 0x3c}},
			"bool":        {Shape: []int{1}, Type: Bool, data: []byte{1}},
			"repeated.as": {Shape: []int{2, 2}, Type: I8, data: []byte{5}, size: []int{2, 2}, strides: []int{0, 0}},
		},
		Metadata: map[string]string{"format": "1", "config": `{"dim": 64, "name": "<x>"}`},
	}
}

// equal holds tensors and metadata to be the same, strides apart.
func equal(t *testing.T, want, got *File) {
	t.Helper()
	assert.Equal(t, want.Metadata, got.Metadata)
	require.Len(t, got.Tensors, len(want.Tensors))
	for name, w := range want.Tensors {
		g := got.Tensors[name]
		require.NotNil(t, g, name)
		assert.Equal(t, w.String(), g.String(), name)
		wb, err := w.bytes()
		require.NoError(t, err)
		gb, err := g.bytes()
		require.NoError(t, err)
		assert.Equal(t, wb, gb, name)
	}
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, Write(&b, sample()))
	written := b.String()
	for name, r := range map[string]io.Reader{
		"known size": strings.NewReader(written),
		"stream":     io.MultiReader(strings.NewReader(written)),
		"drops":      iotest.OneByteReader(strings.NewReader(written)),
	} {
		f, err := Read(r, Limits{})
		require.NoError(t, err, name)
		equal(t, sample(), f)
	}
	u, err := Read(strings.NewReader(written), Limits{})
	require.NoError(t, err)
	x, err := u.Tensors["transposed"].Int64s()
	require.NoError(t, err)
	assert.Equal(t, []int64{1, 3, 5, 2, 4, 6}, x)

	for range 5 {
		var again bytes.Buffer
		require.NoError(t, Write(&again, sample()))
		require.Equal(t, written, again.String())
	}
	n := binary.LittleEndian.Uint64([]byte(written))
	assert.Zero(t, (8+n)%8, "data should be aligned")
}

func TestEmptyFiles(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, Write(&b, &File{}))
	f, err := Read(&b, Limits{})
	require.NoError(t, err)
	assert.Empty(t, f.Tensors)
	assert.Nil(t, f.Metadata)
}

func TestLargeTensorsFromAStream(t *testing.T) {
	values := make([]float32, 1<<20)
	for i := range values {
		values[i] = float32(i)
	}
	f := &File{Tensors: map[string]*Tensor{"x": Of(values)}}
	var b bytes.Buffer
	require.NoError(t, Write(&b, f))
	g, err := Read(io.MultiReader(&b), Limits{})
	require.NoError(t, err)
	equal(t, f, g)
}

func TestWriteRefusesWhatCannotBeReadBack(t *testing.T) {
	many := map[string]*Tensor{}
	for i := range mostCommas / 4 {
		many[fmt.Sprint(i)] = Of([]uint8{})
	}
	for want, f := range map[string]*File{
		"want a tensor, with a name of UTF-8":      {Tensors: map[string]*Tensor{"x": nil}},
		`tensor "__metadata__"`:                    {Tensors: map[string]*Tensor{"__metadata__": Of([]uint8{1})}},
		`tensor "\xff"`:                            {Tensors: map[string]*Tensor{"\xff": Of([]uint8{1})}},
		`tensor "x": type ""`:                      {Tensors: map[string]*Tensor{"x": {}}},
		`tensor "x": shape [2]: want one of 1 ele`: {Tensors: map[string]*Tensor{"x": {Shape: []int{2}, Type: U8, data: []byte{1}}}},
		`metadata "k": want UTF-8`:                 {Metadata: map[string]string{"k": "\xff"}},
		"want at most 8388608 bytes for names":     {Metadata: map[string]string{"k": strings.Repeat("<", mostHeader/6)}},
		"131072 commas":                            {Tensors: many},
	} {
		var b bytes.Buffer
		err := Write(&b, f)
		assert.ErrorContains(t, err, want)
		assert.Zero(t, b.Len(), "nothing should be written")
	}
	assert.Error(t, Write(failing{}, sample()))
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// hostileSafetensors are files that must be refused, by what the error says.
func hostileSafetensors() map[string]string {
	one := `{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`
	big := make([]byte, 8)
	binary.LittleEndian.PutUint64(big, 1<<63)
	return map[string]string{
		"":                                       "header: want 8 bytes of length, got 0",
		"\x01\x02":                               "header: want 8 bytes of length, got 2",
		string(big) + "{}":                       "want a length of at most 8388608 bytes, got 9223372036854775808",
		safe("{}", "")[:9]:                       "header: want 2 bytes, got 1",
		safe(one, "1234")[:30]:                   "header: want 54 bytes, got 22",
		safe(one, "123"):                         "data: want 4 bytes for the tensors of the header, got 3",
		safe(one, "12345"):                       "data: want 4 bytes for the tensors of the header, got",
		safe(one+"{}", "1234"):                   "after top-level value",
		safe("", ""):                             "unexpected end of JSON",
		safe("[]", ""):                           "cannot unmarshal array",
		safe(`{"a":[]}`, ""):                     "cannot unmarshal array",
		safe(`{"a":null}`, ""):                   `tensor "a": invalid keys: expected 3`,
		safe("{\"a\xff\":{}}", ""):               "header: want UTF-8",
		safe(strings.Repeat("[", 100000), ""):    "byte 3: want brackets nested 3 deep at most",
		safe(strings.Repeat(`{"a":`, 10000), ""): "byte 15: want brackets nested 3 deep at most",
		safe(`{"__metadata__":{"a":1}}`, ""):     "expected string type",
		safe(`{"__metadata__":{"a":"1","a":"2"}}`, ""):                                                                           "want every name once, got 1 of them again",
		safe(`{"__metadata__":{},"__metadata__":{}}`, ""):                                                                        "want every name once, got 1 of them again",
		safe(one[:len(one)-1]+","+one[1:], "1234"):                                                                               "want every name once, got 4 of them again",
		safe(`{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, "1234"):                                     "want every name once",
		safe(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":0}}`, "1234"):                                             "expected 3 keys",
		safe(`{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}`, "1"):                                                  `"F8_E4M3"`,
		safe(`{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}`, "1234"):                                                  "natural numbers",
		safe(`{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}`, "1234"):                                                 "natural numbers",
		safe(`{"a":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}`, "1234"):                                                 "natural numbers",
		safe(`{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}`, "1234"):                                                     "expected array",
		safe(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}`, "1234"):                                                 "2 elements",
		safe(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}`, "1234"):                                                   `tensor "a": want data from byte 0, where the header ends, got bytes 4 to 0`,
		safe(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, "12345678"):                                               `tensor "a": want data from byte 0, where the header ends, got bytes 4 to 8`,
		safe(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}`, "1234"):                                                   `tensor "a": want 8 bytes for F32 [2], got bytes 0 to 4`,
		safe(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}`, "12345678"):                                               `tensor "a": want 4 bytes for F32 [1], got bytes 0 to 8`,
		safe(`{"a":{"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,4]}}`, "1234"):                                  "want sizes that can be, got 9223372036854775808",
		safe(`{"a":{"dtype":"U8","shape":[18446744073709551616],"data_offsets":[0,4]}}`, "1234"):                                 "natural numbers",
		safe(`{"a":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}`, "1234"):                "want at most 1152921504606846975 elements",
		safe(`{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}`, ""):                                   "want at most 1152921504606846975 elements",
		safe(`{"a":{"dtype":"F32","shape":[4294967297,4294967296],"data_offsets":[0,17179869184]}}`, "1234"):                     "want at most 1152921504606846975 elements",
		safe(`{"a":{"dtype":"U8","shape":[1099511627776],"data_offsets":[0,1099511627776]}}`, "1234"):                            "1099511627861 bytes: want at most 4294967296",
		safe(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, "12"):  `tensor "b": want data from byte 1, where "a" ends, got bytes 0 to 1`,
		safe(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}`, "123"): `tensor "b": want data from byte 1, where "a" ends, got bytes 2 to 3`,
		safe(`{"a":{"dtype":"U8","shape":[`+strings.Repeat("1,", 64)+`1],"data_offsets":[0,1]}}`, "1"):                           "65 dimensions: want at most 64",
		safe(`{"a":{"dtype":"U8","shape":[`+strings.Repeat("0,", 1<<17)+`0],"data_offsets":[0,0]}}`, ""):                         "want at most 131072 commas, got 131075",
	}
}

func TestHostileSafetensorsAreRefused(t *testing.T) {
	dir := t.TempDir()
	for data, want := range hostileSafetensors() {
		_, err := Read(strings.NewReader(data), Limits{})
		require.ErrorContains(t, err, want, "%.100q", data)
		assert.Less(t, len(err.Error()), 500)
		assert.True(t, strings.HasPrefix(err.Error(), "safetensors: "), err)

		_, err = Read(iotest.DataErrReader(strings.NewReader(data)), Limits{})
		assert.Error(t, err, "as a stream: %.100q", data)

		name := filepath.Join(dir, "hostile.safetensors")
		require.NoError(t, os.WriteFile(name, []byte(data), 0o666))
		_, err = Open(name, Limits{})
		require.ErrorContains(t, err, want, "%.100q", data)
		assert.True(t, strings.HasPrefix(err.Error(), "safetensors: "+name+": "), err)
	}
}

func TestReadStopsAtLimits(t *testing.T) {
	data := safe(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, "1234")
	_, err := Read(strings.NewReader(data), Limits{Bytes: int64(len(data))})
	assert.NoError(t, err)
	_, err = Read(strings.NewReader(data), Limits{Bytes: int64(len(data)) - 1})
	assert.EqualError(t, err, "safetensors: 66 bytes: want at most 65")
	_, err = Read(io.MultiReader(strings.NewReader(data)), Limits{Bytes: int64(len(data)) - 1})
	assert.EqualError(t, err, "safetensors: 66 bytes: want at most 65")
}

func TestReadPassesErrorsOn(t *testing.T) {
	data := safe(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, "1234")
	for n := range len(data) + 1 {
		r := io.MultiReader(strings.NewReader(data[:n]), iotest.ErrReader(io.ErrClosedPipe))
		_, err := Read(r, Limits{})
		assert.ErrorIs(t, err, io.ErrClosedPipe, n)
	}
}
