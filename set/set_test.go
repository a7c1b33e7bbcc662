package set_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/set"
)

func three() set.Batch {
	b := set.Of(2, []float32{1, 2, 3, 4, 5, 6}, nil, []float32{7, 8})
	b.Relations = []*set.Relation{
		{Offsets: set.Offsets{0, 2, 2, 3, 4}, Index: []int32{1, 2, 0, 3}},
		{Offsets: set.Offsets{0, 0, 1, 1, 1}, Index: []int32{1}},
	}
	return b
}

func TestOffsets(t *testing.T) {
	o := set.Sizes(3, 0, 1)
	assert.Equal(t, set.Offsets{0, 3, 3, 4}, o)
	assert.Equal(t, 3, o.Sets())
	assert.Equal(t, 4, o.Len())
	lo, hi := o.Bounds(2)
	assert.Equal(t, [2]int{3, 4}, [2]int{lo, hi})
	assert.NoError(t, o.Validate())
	assert.Equal(t, set.Offsets{0}, set.Sizes())

	var none set.Offsets
	assert.Zero(t, none.Sets())
	assert.Zero(t, none.Len())
	assert.NoError(t, none.Validate())
	for _, o := range []set.Offsets{{1, 2}, {0, 2, 1}, {-1}, {0, -1}} {
		var shape *set.ShapeError
		assert.ErrorAs(t, o.Validate(), &shape, "%v", o)
	}
}

func TestBatch(t *testing.T) {
	b := three()
	require.NoError(t, b.Validate())
	assert.Equal(t, 3, b.Sets())
	assert.Equal(t, 4, b.Len())
	assert.Equal(t, []float32{3, 4}, b.Row(1))
	assert.Equal(t, []float32{1, 2, 3, 4, 5, 6}, b.Set(0))
	assert.Empty(t, b.Set(1))
	assert.Equal(t, []float32{7, 8}, b.Set(2))
	assert.Equal(t, 2, cap(b.Row(1)), "appending to a row leaves the next alone")
	assert.Equal(t, 6, cap(b.Set(0)), "appending to a set leaves the next alone")

	n := set.New(3, 2, 0, 1)
	require.NoError(t, n.Validate())
	assert.Equal(t, set.Batch{Dim: 3, Values: make([]float32, 9), Offsets: set.Offsets{0, 2, 2, 3}}, n)

	var zero set.Batch
	require.NoError(t, zero.Validate())
	assert.Zero(t, zero.Sets())
	assert.Zero(t, zero.Len())
}

func TestOfCopies(t *testing.T) {
	x := []float32{1, 2}
	b := set.Of(2, x)
	x[0] = 9
	assert.Equal(t, []float32{1, 2}, b.Values)
	for dim, x := range map[int][]float32{0: {1}, -1: {1}, 2: {1, 2, 3}} {
		var shape *set.ShapeError
		assert.ErrorAs(t, set.Try(func() { set.Of(dim, x) }), &shape)
	}
}

func TestAt(t *testing.T) {
	b := three()
	one := b.At(2)
	require.NoError(t, one.Validate())
	assert.Equal(t, set.Batch{Dim: 2, Values: []float32{7, 8}, Offsets: set.Offsets{0, 1}, Relations: []*set.Relation{
		{Offsets: set.Offsets{0, 1}, Index: []int32{0}}, {Offsets: set.Offsets{0, 0}},
	}}, one)
	require.NoError(t, b.At(1).Validate())
	var all []set.Batch
	for i, one := range b.All() {
		assert.Equal(t, b.At(i), one)
		all = append(all, one)
	}
	assert.Len(t, all, 3)
	assert.Equal(t, b, set.Concat(all...))
	for i := range b.All() {
		assert.Zero(t, i)
		break
	}
}

func TestSlice(t *testing.T) {
	b := set.Concat(three(), three())
	for lo := range b.Sets() + 1 {
		for hi := lo; hi <= b.Sets(); hi++ {
			numbers := []int{}
			for i := lo; i < hi; i++ {
				numbers = append(numbers, i)
			}
			part := b.Slice(lo, hi)
			require.NoError(t, part.Validate())
			assert.Equal(t, b.Select(numbers...).Offsets, part.Offsets, "%d to %d", lo, hi)
			assert.ElementsMatch(t, b.Select(numbers...).Values, part.Values, "%d to %d", lo, hi)
			assert.Equal(t, b.Select(numbers...).Relations, part.Relations, "%d to %d", lo, hi)
			assert.Equal(t, len(part.Values), cap(part.Values), "appending leaves the next set alone")
		}
	}
	b.Slice(1, 3).Values[0] = 99
	assert.Equal(t, float32(99), b.Set(2)[0], "shared")
}

func TestSelect(t *testing.T) {
	b := three()
	chosen := b.Select(2, 0, 0, 1)
	require.NoError(t, chosen.Validate())
	assert.Equal(t, set.Concat(b.At(2), b.At(0), b.At(0), b.At(1)), chosen)
	chosen.Values[0] = 99
	assert.Equal(t, float32(7), b.Values[6], "a copy")
	none := b.Select()
	require.NoError(t, none.Validate())
	assert.Zero(t, none.Sets())
	assert.Equal(t, 2, none.Dim)
}

func TestConcat(t *testing.T) {
	b := three()
	both := set.Concat(set.Batch{}, b, set.New(5), b)
	require.NoError(t, both.Validate())
	assert.Equal(t, 6, both.Sets())
	assert.Equal(t, b, both.Select(3, 4, 5))
	assert.Equal(t, b.At(0), both.At(3))
	both.Values[0] = 99
	assert.Equal(t, float32(1), b.Values[0], "a copy")

	none := set.Concat()
	require.NoError(t, none.Validate())
	assert.Zero(t, none.Sets())

	plain := b
	plain.Relations = nil
	for _, other := range []set.Batch{set.New(3, 1), plain} {
		var shape *set.ShapeError
		assert.ErrorAs(t, set.Try(func() { set.Concat(b, other) }), &shape)
	}
}

func TestClone(t *testing.T) {
	b := three()
	c := b.Clone()
	assert.Equal(t, b, c)
	c.Values[0] = 99
	assert.Equal(t, float32(1), b.Values[0])
}

func TestShuffle(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	b := set.New(1, 5, 0, 1, 7)
	r := &set.Relation{Offsets: set.Offsets{0}}
	for s := range b.Sets() {
		lo, hi := b.Offsets.Bounds(s)
		for i := lo; i < hi; i++ {
			b.Values[i] = float32(i)
			for range rng.IntN(3) {
				r.Index = append(r.Index, int32(lo+rng.IntN(hi-lo)))
			}
			r.Offsets = append(r.Offsets, len(r.Index))
		}
	}
	b.Relations = []*set.Relation{r}
	before := b.Clone()
	seen := map[float32]bool{}
	for range 50 {
		shuffled, from := b.Shuffle(rng)
		require.NoError(t, shuffled.Validate())
		assert.Equal(t, b.Offsets, shuffled.Offsets)
		for i, j := range from {
			assert.Equal(t, b.Row(j), shuffled.Row(i))
			var want, got []float32 // the elements that it knows, by their values
			for _, k := range r.Of(j) {
				want = append(want, b.Row(int(k))...)
			}
			for _, k := range shuffled.Relations[0].Of(i) {
				got = append(got, shuffled.Row(int(k))...)
			}
			assert.Equal(t, want, got)
		}
		for s := range b.Sets() {
			own := slices.Clone(shuffled.Set(s))
			slices.Sort(own)
			assert.Equal(t, b.Set(s), own)
		}
		seen[shuffled.Values[0]] = true
	}
	assert.Len(t, seen, 5, "every element of the first set came first")
	assert.Equal(t, before, b)
}

func TestValidate(t *testing.T) {
	for name, spoil := range map[string]func(b *set.Batch){
		"values":              func(b *set.Batch) { b.Values = b.Values[1:] },
		"width":               func(b *set.Batch) { b.Dim = 3 },
		"negative width":      func(b *set.Batch) { b.Dim = -2 },
		"offsets":             func(b *set.Batch) { b.Offsets = set.Offsets{0, 3, 2, 4} },
		"first offset":        func(b *set.Batch) { b.Offsets = set.Offsets{1, 3, 3, 4} },
		"relation's offsets":  func(b *set.Batch) { b.Relations[0].Offsets = set.Offsets{0, 2, 1, 3, 4} },
		"relation's elements": func(b *set.Batch) { b.Relations[0].Offsets = set.Offsets{0, 2, 4} },
		"relation's pairs":    func(b *set.Batch) { b.Relations[0].Index = b.Relations[0].Index[1:] },
		"another set":         func(b *set.Batch) { b.Relations[0].Index[0] = 3 },
		"beyond":              func(b *set.Batch) { b.Relations[0].Index[3] = 4 },
		"negative":            func(b *set.Batch) { b.Relations[0].Index[0] = -1 },
	} {
		t.Run(name, func(t *testing.T) {
			b := three()
			spoil(&b)
			var shape *set.ShapeError
			assert.ErrorAs(t, b.Validate(), &shape)
		})
	}
}

func TestTry(t *testing.T) {
	assert.NoError(t, set.Try(func() {}))
	err := set.Try(func() { panic(set.Mismatch("some.Op", "%d things, got %d", 2, 3)) })
	var shape *set.ShapeError
	require.ErrorAs(t, err, &shape)
	assert.Equal(t, "some.Op: want 2 things, got 3", err.Error())
	assert.PanicsWithError(t, "other", func() { set.Try(func() { panic(errors.New("other")) }) })
}

// Part is the share of a set in numbers beside those of a batch.
func TestPart(t *testing.T) {
	b := set.New(2, 1, 0, 2)
	assert.Equal(t, []float32{3, 4, 5, 6}, b.Part([]float32{1, 2, 3, 4, 5, 6}, 2))
	assert.Empty(t, b.Part([]float32{1, 2, 3, 4, 5, 6}, 1))
	assert.Nil(t, b.Part(nil, 2))
	assert.Equal(t, []int{1, 0, 2}, []int{b.Offsets.Size(0), b.Offsets.Size(1), b.Offsets.Size(2)})
	var shape *set.ShapeError
	assert.ErrorAs(t, set.Try(func() { b.Offsets.Size(3) }), &shape)
	assert.ErrorAs(t, set.Try(func() { b.Part(b.Values, -1) }), &shape)
}
