package main

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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

func zipped(t *testing.T, data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(data)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.Bytes()
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
	write(t, filepath.Join(dir, "t10k-labels-idx1-ubyte.gz"), zipped(t, idx(n, labels)))
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
		require.Equal(t, i%10, d.class)
		for k, v := range bar(i % 10) {
			require.Equal(t, float32(v)/255, d.pixels[k])
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
		"torn":           {labels, zipped(t, idx(30, make([]byte, 30)))[:20], labels},
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
	for task, name := range map[string]string{"digits": "mnist-t10k", "unique": "omniglot-small"} {
		_, _, err := call(t.Context(), t, "-task", task, "-out", t.TempDir())
		require.ErrorContains(t, err, filepath.Join(root, name)+": want a folder with")
		require.ErrorContains(t, err, "SETWISE_DATA")
		require.NoError(t, os.Mkdir(filepath.Join(root, name), 0o700))
		_, _, err = call(t.Context(), t, "-task", task, "-out", t.TempDir())
		require.ErrorContains(t, err, name)
	}
}

// pngOf returns a picture of black on white whose first n pixels are black.
func pngOf(t *testing.T, width, height, n int) []byte {
	img := image.NewGray(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		if img.Pix[i] = 255; i < n {
			img.Pix[i] = 0
		}
	}
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, img))
	return b.Bytes()
}

// archive returns a zip file.
func archive(t *testing.T, files map[string][]byte) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for name := range files {
			if !yield(name) {
				return
			}
		}
	}) {
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = w.Write(files[name])
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

// characterFiles puts characters where the program looks for those of Omniglot,
// four drawings of each, and returns their folder. Characters from a third on are
// in both archives, drawn alike. The drawings of character c have c+1 black
// pixels, or somewhat more.
func characterFiles(t *testing.T, n int) string {
	root := t.TempDir()
	t.Setenv("SETWISE_DATA", root)
	dir := filepath.Join(root, "omniglot-small")
	require.NoError(t, os.Mkdir(dir, 0o700))
	files := [2]map[string][]byte{{}, {}}
	for c := range n {
		for k := range 4 {
			name := fmt.Sprintf("Greek/character%02d/%d_%d.png", c, c, k)
			data := pngOf(t, omniglotSide, omniglotSide, omniglotSide*(c+1)+k)
			if c < n*2/3 {
				files[0]["background1/"+name] = data
			}
			if c >= n/3 {
				files[1]["background2/"+name] = data
			}
		}
	}
	files[0]["background1/read.me"] = []byte("not a picture")
	write(t, filepath.Join(dir, "images_background_small1.zip"), archive(t, files[0]))
	write(t, filepath.Join(dir, "images_background_small2.zip"), archive(t, files[1]))
	return dir
}

func TestReadCharacters(t *testing.T) {
	characters, err := readCharacters(characterFiles(t, 30))
	require.NoError(t, err)
	require.Len(t, characters, 30)
	for c, drawings := range characters {
		require.Len(t, drawings, 4, "those in both archives come once")
		for k, d := range drawings {
			assert.InDelta(t, float64(omniglotSide*(c+1)+k), ink(d.pixels), 0.1)
			assert.Equal(t, c, d.class)
		}
	}
}

// ink returns how many pixels of Omniglot are black in a drawing.
func ink(pixels []float32) (sum float64) {
	const scale = float64(omniglotSide) / side
	for _, v := range pixels {
		sum += float64(v) * scale * scale
	}
	return sum
}

func TestBrokenCharacters(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string][]byte
		want  string
	}{
		"no archive": {nil, "zip"},
		"few":        {map[string][]byte{}, "at least 20 characters, got 19"},
		"no picture": {map[string][]byte{"x/A/c/1.png": []byte("no")}, "x/A/c/1.png"},
		"small":      {map[string][]byte{"x/A/c/1.png": pngOf(t, 3, 105, 0)}, "got 3 x 105"},
		"torn":       {map[string][]byte{"x/A/c/1.png": pngOf(t, 105, 105, 9)[:60]}, "x/A/c/1.png"},
		"huge":       {map[string][]byte{"x/A/c/1.png": make([]byte, 1<<17)}, "at most 65536 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := characterFiles(t, 28) // 19 of them in the second archive
			data := []byte("nonsense")
			if c.files != nil {
				data = archive(t, c.files)
			}
			write(t, filepath.Join(dir, "images_background_small1.zip"), data)
			_, err := readCharacters(dir)
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, "omniglot-small")
		})
	}
}

func TestShrink(t *testing.T) {
	img := image.NewGray(image.Rect(3, 7, 3+omniglotSide, 7+omniglotSide)) // all black
	for _, v := range shrink(img) {
		require.InDelta(t, 1, v, 1e-5)
	}
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	img.SetGray(3+30, 7+104, color.Gray{0}) // a pixel that lies within one
	p := shrink(img)
	require.InDelta(t, 1, ink(p), 1e-4)
	require.InDelta(t, 1, ink(p[27*side+8:][:1]), 1e-4)
	img.SetGray(3+3, 7, color.Gray{0}) // a quarter of whose width is beyond 3.75
	p = shrink(img)
	require.InDelta(t, 0.75, ink(p[:1]), 1e-4)
	require.InDelta(t, 0.25, ink(p[1:2]), 1e-4)
}

// Turns bring every pixel to another place: eight different ways, of which four
// quarters, and two mirrorings, lead back.
func TestTurns(t *testing.T) {
	rng := newRand(1)
	from := make([]float32, side*side)
	for i := range from {
		from[i] = rng.Float32()
	}
	turned := func(p []float32, way turn) []float32 {
		q := make([]float32, len(p))
		(&distortion{}).apply(q, p, way, rng)
		return q
	}
	same := func(p, q []float32) bool {
		return slices.CompareFunc(p, q, func(x, y float32) int {
			if x-y < 1e-5 && y-x < 1e-5 {
				return 0
			}
			return cmp.Compare(x, y)
		}) == 0
	}
	require.True(t, same(from, turned(from, 0)))
	require.False(t, same(from, turned(from, 1)))
	require.True(t, same(from, turned(turned(from, 1), 3)))
	require.True(t, same(from, turned(turned(from, 2), 2)))
	require.True(t, same(from, turned(turned(from, 4), 4)))
	var all [][]float32
	for way := range turn(turns) {
		p := turned(from, way)
		for _, q := range all {
			require.False(t, same(p, q))
		}
		all = append(all, p)
	}
	still := make([]float32, len(from))
	(*distortion)(nil).apply(still, from, 3, rng)
	require.Equal(t, from, still)
}

// What is shifted by less than a pixel keeps its ink.
func TestDistortion(t *testing.T) {
	from := make([]float32, side*side)
	for i := range 8 {
		from[(10+i)*side+12] = 1
	}
	rng := newRand(2)
	moved := make([]float32, side*side)
	for range 20 {
		(&distortion{shift: 2}).apply(moved, from, 0, rng)
		require.NotEqual(t, from, moved)
		require.InDelta(t, ink(from), ink(moved), 1e-3)
		(&distortion{angle: 0.2, scale: 0.1, shift: 2}).apply(moved, from, 3, rng)
		require.InEpsilon(t, ink(from), ink(moved), 0.3)
	}
}
