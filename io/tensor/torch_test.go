package tensor

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Pieces of pickles.

func str(s string) string { return "X" + le32(len(s)) + s }

func le32(n int) string { return string(binary.LittleEndian.AppendUint32(nil, uint32(n))) }

func num(n int64) string {
	return "\x8a\x08" + string(binary.LittleEndian.AppendUint64(nil, uint64(n)))
}

func nums(n ...int64) string {
	s := "("
	for _, n := range n {
		s += num(n)
	}
	return s + "t"
}

func glob(module, name string) string { return "c" + module + "\n" + name + "\n" }

func stored(class, key string, n int64) string {
	return "(" + str("storage") + glob("torch", class) + str(key) + str("cpu") + num(n) + "tQ"
}

func viewed(storage string, offset int64, size, strides string) string {
	return glob("torch._utils", "_rebuild_tensor_v2") + "(" + storage + num(offset) + size + strides + "\x89" + glob("collections", "OrderedDict") + ")RtR"
}

// program returns a pickle of a dictionary.
func program(pairs ...string) string { return "\x80\x02}(" + strings.Join(pairs, "") + "u." }

// pt returns an archive with records in pairs of name and content.
func pt(records ...string) string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(records); i += 2 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: records[i], Method: zip.Store})
		if err == nil {
			_, err = w.Write([]byte(records[i+1]))
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

// simple returns an archive with a tensor called x of the given class.
func simple(class, raw string, n int64, more ...string) string {
	p := program(str("x"), viewed(stored(class, "0", n), 0, nums(n), nums(1)))
	return pt(append([]string{"a/data.pkl", p, "a/data/0", raw}, more...)...)
}

func read(data string) (*File, error) {
	return ReadPT(strings.NewReader(data), int64(len(data)), Limits{})
}

// must returns the tensor x of an archive.
func must(t *testing.T, data string) *Tensor {
	t.Helper()
	f, err := read(data)
	require.NoError(t, err)
	require.Len(t, f.Tensors, 1)
	require.NotNil(t, f.Tensors["x"])
	return f.Tensors["x"]
}

func TestTorchTypes(t *testing.T) {
	for _, c := range []struct {
		class, little, big string
		floats             []float64
		ints               []int64
	}{
		{"FloatStorage", "\x00\x00\x80\x3f\x00\x00\x00\xc0", "\x3f\x80\x00\x00\xc0\x00\x00\x00", []float64{1, -2}, nil},
		{"DoubleStorage", "\x00\x00\x00\x00\x00\x00\xf0\x3f", "\x3f\xf0\x00\x00\x00\x00\x00\x00", []float64{1}, nil},
		{"HalfStorage", "\x00\x3e\x00\xc0", "\x3e\x00\xc0\x00", []float64{1.5, -2}, nil},
		{"BFloat16Storage", "\x80\x3f\x00\xc0", "\x3f\x80\xc0\x00", []float64{1, -2}, nil},
		{"LongStorage", "\xfe\xff\xff\xff\xff\xff\xff\xff", "\xff\xff\xff\xff\xff\xff\xff\xfe", nil, []int64{-2}},
		{"IntStorage", "\xfe\xff\xff\xff", "\xff\xff\xff\xfe", nil, []int64{-2}},
		{"ShortStorage", "\xfe\xff", "\xff\xfe", nil, []int64{-2}},
		{"CharStorage", "\xfe", "\xfe", nil, []int64{-2}},
		{"ByteStorage", "\xfe", "\xfe", nil, []int64{254}},
		{"BoolStorage", "\x01\x00", "\x01\x00", nil, []int64{1, 0}},
	} {
		n := int64(max(len(c.floats), len(c.ints)))
		for order, data := range map[string]string{
			"":       simple(c.class, c.little, n),
			"little": simple(c.class, c.little, n, "a/byteorder", "little"),
			"big":    simple(c.class, c.big, n, "a/byteorder", "big"),
		} {
			x := must(t, data)
			if c.floats != nil {
				got, err := x.Float64s()
				require.NoError(t, err)
				assert.Equal(t, c.floats, got, "%s %s", c.class, order)
			} else {
				got, err := x.Int64s()
				require.NoError(t, err)
				assert.Equal(t, c.ints, got, "%s %s", c.class, order)
			}
		}
	}
}

func TestTorchViews(t *testing.T) {
	for _, c := range []struct {
		offset        int64
		size, strides []int64
		want          []int64
		plain         bool // no need to gather
	}{
		{0, []int64{2, 3}, []int64{3, 1}, []int64{0, 1, 2, 3, 4, 5}, true},
		{0, []int64{3, 2}, []int64{1, 3}, []int64{0, 3, 1, 4, 2, 5}, false}, // transposed
		{1, []int64{2, 2}, []int64{3, 1}, []int64{1, 2, 4, 5}, false},       // columns
		{3, []int64{3}, []int64{1}, []int64{3, 4, 5}, true},                 // a row
		{0, []int64{1, 6}, []int64{99, 1}, []int64{0, 1, 2, 3, 4, 5}, true},
		{1, []int64{3, 1, 1}, []int64{2, 1 << 62, 1 << 62}, []int64{1, 3, 5}, false},
		{5, []int64{2, 3}, []int64{0, 0}, []int64{5, 5, 5, 5, 5, 5}, false}, // expanded
		{0, []int64{3, 3}, []int64{1, 1}, []int64{0, 1, 2, 1, 2, 3, 2, 3, 4}, false},
		{4, nil, nil, []int64{4}, true},
		{6, []int64{0}, []int64{1}, []int64{}, true},
		{2, []int64{2, 0, 3}, []int64{1 << 40, 7, 1}, []int64{}, true},
	} {
		p := program(str("x"), viewed(stored("ByteStorage", "0", 6), c.offset, nums(c.size...), nums(c.strides...)))
		x := must(t, pt("a/data.pkl", p, "a/data/0", "\x00\x01\x02\x03\x04\x05"))
		assert.Equal(t, c.plain, x.strides == nil, "%+v", c)
		got, err := x.Int64s()
		require.NoError(t, err)
		assert.Equal(t, c.want, got, "%+v", c)
		if len(c.want) > 0 {
			x.Shape = append(x.Shape, 2)
			_, err = x.Int64s()
			assert.Error(t, err)
		}
	}
}

func TestTorchSharedStorages(t *testing.T) {
	s := stored("ByteStorage", "0", 6)
	x := viewed(s, 0, nums(6), nums(1))
	p := program(str("x"), x, str("y"), viewed(s, 4, nums(2), nums(1)), str("z"), "h\x07", str("empty"), viewed(stored("LongStorage", "1", 0), 0, nums(0), nums(1)))
	p = strings.Replace(p, x, x+"q\x07", 1)
	f, err := read(pt("a/data.pkl", p, "a/data/0", "\x00\x01\x02\x03\x04\x05", "a/data/1", ""))
	require.NoError(t, err)
	require.Len(t, f.Tensors, 4)
	for name, want := range map[string][]int64{"x": {0, 1, 2, 3, 4, 5}, "y": {4, 5}, "z": {0, 1, 2, 3, 4, 5}, "empty": {}} {
		got, err := f.Tensors[name].Int64s()
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	f.Tensors["x"].Shape[0] = 0
	assert.Equal(t, []int{6}, f.Tensors["z"].Shape, "names should not share a shape")
}

func TestTorchNesting(t *testing.T) {
	x := viewed(stored("ByteStorage", "0", 1), 0, nums(1), nums(1))
	param := glob("torch._utils", "_rebuild_parameter") + "(" + x + "\x88" + glob("collections", "OrderedDict") + ")RtR"
	ordered := glob("collections", "OrderedDict") + ")R(" + str("w") + param + "u}" + str("_metadata") + "}sb"
	p := program(
		str("epoch"), "K\x07",
		str("loss"), "G\x3f\xf0\x00\x00\x00\x00\x00\x00",
		str("args"), "(NC\x02abt",
		str("model"), ordered,
		str("optimizer"), "}("+str("state")+"}(K\x00"+"}"+str("exp_avg")+x+"su"+str("groups")+"](}"+x+"eu",
		"J\xfd\xff\xff\xff", "("+x+"\x88t",
	)
	f, err := read(pt("data.pkl", p, "data/0", "\x05", "version", "3\n"))
	require.NoError(t, err)
	var names []string
	for name := range f.Tensors {
		names = append(names, name)
	}
	assert.ElementsMatch(t, []string{"model.w", "optimizer.state.0.exp_avg", "optimizer.groups.1", "-3.0"}, names)
}

func TestTorchProtocol4(t *testing.T) {
	short := func(s string) string { return "\x8c" + string([]byte{byte(len(s))}) + s + "\x94" }
	global := func(module, name string) string { return short(module) + short(name) + "\x93\x94" }
	body := "}\x94(" + short("x") + global("torch._utils", "_rebuild_tensor_v2") + "((" + short("storage") + global("torch", "ByteStorage") +
		short("0") + "\x8d\x03\x00\x00\x00\x00\x00\x00\x00cpuM\x02\x00t\x94QK\x00J\x02\x00\x00\x00\x85\x94K\x01\x85\x94\x89" + global("collections", "OrderedDict") + ")R\x94t\x94R\x94u."
	p := "\x80\x04\x95" + string(binary.LittleEndian.AppendUint64(nil, uint64(len(body)))) + body
	got, err := must(t, pt("x/y/data.pkl", p, "x/y/data/0", "ab")).Int64s()
	require.NoError(t, err)
	assert.Equal(t, []int64{'a', 'b'}, got)
}

func TestTorchStopsAtLimits(t *testing.T) {
	data := simple("ByteStorage", "1", 1)
	_, err := ReadPT(strings.NewReader(data), int64(len(data)), Limits{Bytes: int64(len(data)) - 1})
	assert.ErrorContains(t, err, fmt.Sprintf("pt: %d bytes: want at most", len(data)))
}

func TestTorchFilesCutAnywhere(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(referenceDir, "pma.pt"))
	require.NoError(t, err)
	for n := range data {
		_, err := ReadPT(bytes.NewReader(data[:n]), int64(n), Limits{})
		require.Error(t, err, n)
	}
}
