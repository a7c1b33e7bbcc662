package unique

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"setwise/examples/regress/regresstest"
	"setwise/examples/regress/study"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func write(t *testing.T, name string, data []byte) {
	require.NoError(t, os.WriteFile(name, data, 0o600))
}

// Data that is not there is an error that says where it was looked for.
func TestMissingData(t *testing.T) {
	t.Setenv("SETWISE_DATA", t.TempDir())
	_, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-out", t.TempDir())
	require.ErrorContains(t, err, filepath.Join(os.Getenv("SETWISE_DATA"), "omniglot-small")+": want a folder with")
	require.NoError(t, os.Mkdir(filepath.Join(os.Getenv("SETWISE_DATA"), "omniglot-small"), 0o700))
	_, _, err = regresstest.Run(t.Context(), t, []study.Task{Task()}, "-out", t.TempDir())
	require.ErrorContains(t, err, "images_background_small1.zip")
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
			assert.InDelta(t, float64(omniglotSide*(c+1)+k), ink(d.Pixels), 0.1)
			assert.Equal(t, c, d.Class)
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
