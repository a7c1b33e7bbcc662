package unique

import (
	"archive/zip"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"path"
	"path/filepath"
	"strings"

	"setwise/examples/regress/drawings"
	"setwise/examples/regress/study"
)

const (
	omniglotSide = 105 // of a picture as it comes
	side         = drawings.Side
	fewest       = 20      // characters that can be learned from and tested on
	mostDrawings = 100_000 // in an archive
	mostBytes    = 1 << 16 // of a picture, packed or not
)

// readCharacters reads the drawings of Omniglot's small background sets from a
// folder, a list for each character. The two archives have alphabets in common,
// which come once.
func readCharacters(dir string) ([][]drawings.Drawing, error) {
	var characters [][]drawings.Drawing
	numbers, seen := map[string]int{}, map[string]bool{}
	for _, archive := range []string{"images_background_small1.zip", "images_background_small2.zip"} {
		name := filepath.Join(dir, archive)
		names, pictures, err := readArchive(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for i, name := range names {
			if seen[name] {
				continue
			}
			seen[name] = true
			c, ok := numbers[path.Dir(name)]
			if !ok {
				c = len(characters)
				numbers[path.Dir(name)] = c
				characters = append(characters, nil)
			}
			characters[c] = append(characters[c], drawings.Drawing{Pixels: pictures[i], Class: c})
		}
	}
	if len(characters) < fewest {
		return nil, fmt.Errorf("%s: want at least %d characters, got %d", dir, fewest, len(characters))
	}
	return characters, nil
}

// readArchive reads all pictures of an archive: their names below its first
// folder, "Greek/character01/0394_01.png", and their pixels.
func readArchive(name string) (names []string, pictures [][]float32, err error) {
	archive, err := zip.OpenReader(name)
	if err != nil {
		return nil, nil, err
	}
	defer archive.Close()
	var files []*zip.File
	for _, f := range archive.File {
		if _, below, ok := strings.Cut(f.Name, "/"); ok && path.Ext(below) == ".png" {
			names, files = append(names, below), append(files, f)
		}
	}
	if len(files) > mostDrawings {
		return nil, nil, fmt.Errorf("want at most %d pictures, got %d", mostDrawings, len(files))
	}
	pictures = make([][]float32, len(files))
	mistakes := make([]error, len(files))
	study.Each(len(files), func(i int) {
		if pictures[i], mistakes[i] = readDrawing(files[i]); mistakes[i] != nil {
			mistakes[i] = fmt.Errorf("%s: %w", files[i].Name, mistakes[i])
		}
	})
	for _, err := range mistakes {
		if err != nil {
			return nil, nil, err
		}
	}
	return names, pictures, nil
}

// readDrawing reads a picture of dark lines on white.
func readDrawing(f *zip.File) ([]float32, error) {
	if f.UncompressedSize64 > mostBytes {
		return nil, fmt.Errorf("want at most %d bytes, got %d", mostBytes, f.UncompressedSize64)
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(r) // zip holds it to its size
	if err != nil {
		return nil, err
	}
	size, err := png.DecodeConfig(strings.NewReader(string(data)))
	if err != nil {
		return nil, err
	}
	if size.Width != omniglotSide || size.Height != omniglotSide {
		return nil, fmt.Errorf("want %d x %d pixels, got %d x %d", omniglotSide, omniglotSide, size.Width, size.Height)
	}
	img, err := png.Decode(strings.NewReader(string(data)))
	if err != nil {
		return nil, err
	}
	return shrink(img), nil
}

// shrink returns the ink of a picture as side x side pixels, each the mean over
// what it covers.
func shrink(img image.Image) []float32 {
	pixels := make([]float32, side*side)
	box := img.Bounds()
	rows, cols := shares(box.Dy()), shares(box.Dx())
	for y, r := range rows {
		for x, c := range cols {
			ink := 1 - float32(color.GrayModel.Convert(img.At(box.Min.X+x, box.Min.Y+y)).(color.Gray).Y)/255
			if ink == 0 {
				continue
			}
			for i, p := range r.part {
				for j, q := range c.part {
					if p*q > 0 {
						pixels[(r.first+i)*side+c.first+j] += ink * p * q
					}
				}
			}
		}
	}
	return pixels
}

// A share says which one or two of side intervals an interval lies in, and how
// much of each it covers.
type share struct {
	first int
	part  [2]float32
}

// shares divides a line of side intervals into n.
func shares(n int) []share {
	all := make([]share, n)
	width := float64(side) / float64(n)
	for i := range all {
		lo, hi := float64(i)*width, float64(i+1)*width
		first := int(lo)
		own := min(hi, float64(first+1)) - lo
		all[i] = share{first, [2]float32{float32(own), float32(width - own)}}
		if first == side-1 {
			all[i].part[1] = 0
		}
	}
	return all
}
