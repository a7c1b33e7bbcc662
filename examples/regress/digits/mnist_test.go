package digits

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"setwise/examples/regress/regresstest"
	"setwise/examples/regress/study"
)

// bar is a drawing of a bar that says a number: its pixels are 255 from row 4 on,
// so many as the number and one more.
func bar(number int) []byte {
	p := make([]byte, side*side)
	for i := range number + 1 {
		p[4*side+5+i%15+i/15*side] = 255
	}
	return p
}

// idx returns a file of the MNIST database.
func idx(n int, values []byte, sizes ...uint32) []byte {
	b := []byte{0, 0, 8, byte(1 + len(sizes))}
	b = binary.BigEndian.AppendUint32(b, uint32(n))
	for _, s := range sizes {
		b = binary.BigEndian.AppendUint32(b, s)
	}
	return append(b, values...)
}

// digitFiles puts n digits, bars, where the program looks for those of MNIST, and
// returns their folder.
func digitFiles(t *testing.T, n int) string {
	root := t.TempDir()
	t.Setenv("SETWISE_DATA", root)
	dir := filepath.Join(root, "mnist-t10k")
	require.NoError(t, os.Mkdir(dir, 0o700))
	var pixels, labels []byte
	for i := range n {
		pixels, labels = append(pixels, bar(i%10)...), append(labels, byte(i%10))
	}
	write(t, filepath.Join(dir, "t10k-images-idx3-ubyte"), idx(n, pixels, side, side))
	write(t, filepath.Join(dir, "t10k-labels-idx1-ubyte.gz"), regresstest.Zipped(t, idx(n, labels)))
	return dir
}

func write(t *testing.T, name string, data []byte) {
	require.NoError(t, os.WriteFile(name, data, 0o600))
}

func TestReadDigits(t *testing.T) {
	digits, err := readDigits(digitFiles(t, 30))
	require.NoError(t, err)
	require.Len(t, digits, 30)
	for i, d := range digits {
		require.Equal(t, i%10, d.Class)
		for k, v := range bar(i % 10) {
			require.Equal(t, float32(v)/255, d.Pixels[k])
		}
	}
}

func TestBrokenDigits(t *testing.T) {
	const images, labels = "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte.gz"
	for name, c := range map[string]struct {
		file string
		data []byte
		want string
	}{
		"empty":          {images, nil, "header of 16 bytes"},
		"other format":   {images, idx(1, bar(0), side), "[0 0 8 3]"},
		"other size":     {images, idx(1, bar(0), side, 32), "one of 32"},
		"too many":       {images, idx(1<<20, bar(0), side, side), "at most 100000"},
		"too short":      {images, idx(2, bar(0), side, side), "want 1568 bytes"},
		"too long":       {images, idx(1, append(bar(0), 1), side, side), "want 784 bytes"},
		"torn":           {labels, regresstest.Zipped(t, idx(30, make([]byte, 30)))[:20], labels},
		"other number":   {labels, idx(2, []byte{1, 2}), "want 30 labels"},
		"few":            {images, idx(3, append(append(bar(0), bar(1)...), bar(2)...), side, side), "want 3 labels"},
		"none":           {images, idx(0, nil, side, side), "want 0 labels"},
		"no digit":       {labels, idx(30, append(make([]byte, 29), 10)), "got 10 at 29"},
		"header of gzip": {labels, []byte{0x1f, 0x8b}, labels},
	} {
		t.Run(name, func(t *testing.T) {
			dir := digitFiles(t, 30)
			write(t, filepath.Join(dir, c.file), c.data)
			_, err := readDigits(dir)
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, "t10k")
		})
	}
}

func TestMissingData(t *testing.T) {
	root := t.TempDir()
	t.Setenv("SETWISE_DATA", root)
	_, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-out", t.TempDir())
	require.ErrorContains(t, err, filepath.Join(root, "mnist-t10k")+": want a folder with")
	require.ErrorContains(t, err, "SETWISE_DATA")
	require.NoError(t, os.Mkdir(filepath.Join(root, "mnist-t10k"), 0o700))
	_, _, err = regresstest.Run(t.Context(), t, []study.Task{Task()}, "-out", t.TempDir())
	require.ErrorContains(t, err, "mnist-t10k")
	t.Setenv("SETWISE_DATA", "")
	_, _, err = regresstest.Run(t.Context(), t, []study.Task{Task()}, "-out", t.TempDir())
	require.ErrorContains(t, err, "task digits: want a folder with t10k-images-idx3-ubyte")
	require.ErrorContains(t, err, "-data can name it, or SETWISE_DATA the folder that has mnist-t10k, and neither does")
}

func FuzzIdx(f *testing.F) {
	f.Add([]byte{0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6})
	f.Fuzz(func(t *testing.T, data []byte) {
		values, err := parseIdx(bytes.NewReader(data), 3)
		require.True(t, err != nil || len(values)%3 == 0)
	})
}
