package view

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// two returns two items to compare, of classes with names of their own.
func two() []Item {
	at := points([3]float32{}, [3]float32{1, 0, 0})
	names := []string{"seat", "back", "legs"}
	return []Item{{Title: "truth", Cloud: at, Classes: []int{0, 2}, ClassNames: names}, {Title: "found", Cloud: at, Classes: []int{1, 2}, ClassNames: names}}
}

// A pair has one legend of the classes of both, which are not in that of all.
func TestPairsKey(t *testing.T) {
	items := append(two(), Item{Classes: []int{4}, Cloud: points([3]float32{})}, Item{})
	s, err := newScene(Options{Pairs: true, ClassNames: []string{"", "", "", "", "other"}}, items)
	require.NoError(t, err)
	assert.Empty(t, s.panels[0].key)
	var names []string
	for _, m := range s.panels[1].key {
		names = append(names, m.Text)
	}
	assert.Equal(t, []string{"seat", "back", "legs"}, names)
	assert.Equal(t, classColor(2), *s.panels[1].key[2].Color)
	assert.Empty(t, s.panels[3].key)
	rest := s.legend.marks(s.ClassNames)
	require.Len(t, rest, 1)
	assert.Equal(t, "other", rest[0].Text)

	// Alone each item has its own.
	s, err = newScene(Options{}, two())
	require.NoError(t, err)
	assert.Len(t, s.panels[0].key, 2)
	assert.Len(t, s.panels[1].key, 2)
	unknown := two()
	unknown[1].Classes[0] = -1
	s, err = newScene(Options{Pairs: true}, unknown)
	require.NoError(t, err)
	assert.Equal(t, mark{&grey, "unknown"}, s.panels[1].key[2])
}

// In a picture the second of a pair is below the first, and its legend below it.
func TestPairsPicture(t *testing.T) {
	const size = 64
	black := Item{Cloud: points([3]float32{})}
	at := func(o Options, items ...Item) (found []bool) {
		o.Width, o.Height, o.Radius = size, size, size/2
		img, err := Image(o, items...)
		require.NoError(t, err)
		for y := size / 2; y < img.Rect.Dy(); y += size {
			for x := size / 2; x < img.Rect.Dx(); x += size {
				r, _, _, _ := img.At(x, y).RGBA()
				found = append(found, r != 0xffff)
			}
		}
		return found
	}
	assert.Equal(t, []bool{true, true, false, false}, at(Options{Columns: 2}, black, black, Item{}, Item{}))
	assert.Equal(t, []bool{true, false, true, false}, at(Options{Pairs: true}, black, black, Item{}, Item{}))
	assert.Equal(t, []bool{true, true, false, false}, at(Options{Pairs: true, Columns: 1}, black, black, Item{}, Item{}))

	img, err := Image(Options{Pairs: true, Width: 200, Height: 100}, two()...)
	require.NoError(t, err)
	plain := two()
	plain[0].ClassNames, plain[1].ClassNames = nil, nil
	other, err := Image(Options{Pairs: true, Width: 200, Height: 100}, plain...)
	require.NoError(t, err)
	assert.Equal(t, 200, img.Rect.Dx())
	assert.Equal(t, 2*(100+captionHeight)+legendHeight, img.Rect.Dy())
	assert.Equal(t, img.Rect.Dy()+legendHeight+border, other.Rect.Dy(), "longer names take two rows")
}

// On a page a pair stays side by side, with its legend below.
func TestPairsPage(t *testing.T) {
	page, s := write(t, Options{Pairs: true}, append(two(), two()...)...)
	assert.Len(t, s.Panels, 4)
	assert.Equal(t, 2, strings.Count(page, `<section class="pair">`))
	assert.Contains(t, page, "repeat(2, minmax(0, 1fr)); grid-auto-rows", "two pairs in a row")
	assert.Equal(t, 2, strings.Count(page, "</i>seat</span>"))
	assert.Less(t, strings.Index(page, "found</figcaption>"), strings.Index(page, "</i>seat</span>"))
	page, _ = write(t, Options{}, two()...)
	assert.NotContains(t, page, `class="pair"`)
	assert.Equal(t, 1, strings.Count(page, "</i>seat</span>"))
	assert.Equal(t, 2, strings.Count(page, "</i>legs</span>"))
}

func TestPairsMistakes(t *testing.T) {
	_, err := newScene(Options{Pairs: true}, make([]Item, 3))
	assert.ErrorContains(t, err, "want an even number of items to show in pairs, got 3")
	_, err = newScene(Options{}, []Item{{ClassNames: []string{"seat"}}})
	assert.ErrorContains(t, err, "item 0: want classes for names of classes, got none")
}
