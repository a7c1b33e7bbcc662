package set_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/set"
)

// city is a batch with two relations: within itself, with two features a pair,
// and to another batch.
func city() set.Batch {
	b := set.Of(1, []float32{10, 11}, nil, []float32{12, 13, 14})
	return b.
		Relate(&set.Relation{
			Name: "streets", Offsets: set.Sizes(1, 1, 2, 0, 1), Index: []int32{1, 0, 3, 4, 2},
			Width: 2, Features: []float32{1, 1, 2, 2, 3, 3, 4, 4, 5, 5},
		}).
		Relate(&set.Relation{
			Name: "shops", Offsets: set.Sizes(2, 0, 1, 1, 0), Index: []int32{0, 1, 3, 2}, To: set.Sizes(2, 1, 1),
		})
}

func TestRelationsOfFunctions(t *testing.T) {
	b := city()
	b.Relation("shops").Index[2], b.Relation("shops").Index[3] = 3, 3
	require.NoError(t, b.Validate())
	for name, c := range map[string]struct {
		got              set.Batch
		streets, shops   []int32
		features         []float32
		offsets, targets set.Offsets
	}{
		"slice": {b.Slice(1, 3), []int32{1, 2, 0}, []int32{1, 1}, []float32{3, 3, 4, 4, 5, 5}, set.Sizes(2, 0, 1), set.Sizes(1, 1)},
		"at":    {b.At(0), []int32{1, 0}, []int32{0, 1}, []float32{1, 1, 2, 2}, set.Sizes(1, 1), set.Sizes(2)},
		"select": {b.Select(2, 0, 2), []int32{1, 2, 0, 4, 3, 6, 7, 5}, []int32{0, 0, 1, 2, 3, 3},
			[]float32{3, 3, 4, 4, 5, 5, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5}, set.Sizes(2, 0, 1, 1, 1, 2, 0, 1), set.Sizes(1, 2, 1)},
		"concat": {set.Concat(b.At(0), b.At(2)), []int32{1, 0, 3, 4, 2}, []int32{0, 1, 2, 2}, []float32{1, 1, 2, 2, 3, 3, 4, 4, 5, 5}, set.Sizes(1, 1, 2, 0, 1), set.Sizes(2, 1)},
	} {
		require.NoError(t, c.got.Validate(), name)
		streets, shops := c.got.Relation("streets"), c.got.Relation("shops")
		assert.Equal(t, c.streets, streets.Index, name)
		assert.Equal(t, c.features, streets.Features, name)
		assert.Equal(t, c.offsets, streets.Offsets, name)
		assert.Nil(t, streets.To, name)
		assert.Equal(t, c.shops, shops.Index, name)
		assert.Equal(t, c.targets, shops.To, name)
	}
}

// Elements take what they know along.
func TestShuffledRelations(t *testing.T) {
	b := city()
	b.Relation("shops").Index[2], b.Relation("shops").Index[3] = 3, 3
	shuffled, from := b.Shuffle(rand.New(rand.NewPCG(1, 2)))
	require.NoError(t, shuffled.Validate())
	for i, old := range from {
		for k, j := range shuffled.Relation("streets").Of(i) {
			was := b.Relation("streets")
			assert.EqualValues(t, was.Of(old)[k], from[j])
			at, before := shuffled.Relation("streets").Offsets[i]+k, was.Offsets[old]+k
			assert.Equal(t, was.Feature(before), shuffled.Relation("streets").Feature(at))
		}
		assert.Equal(t, b.Relation("shops").Of(old), shuffled.Relation("shops").Of(i))
	}
}

func TestRelate(t *testing.T) {
	b := city()
	assert.Nil(t, b.Relation("rivers"))
	again := &set.Relation{Name: "streets", Offsets: make(set.Offsets, 6)}
	assert.Len(t, b.Relate(again).Relations, 2)
	assert.Same(t, again, b.Relate(again).Relation("streets"))
	assert.Len(t, b.Relation("streets").Index, 5, "b stays as it was")
	assert.Len(t, b.Relate(&set.Relation{Offsets: make(set.Offsets, 6)}).Relate(&set.Relation{Offsets: make(set.Offsets, 6)}).Relations, 4)
}

func TestWrongRelations(t *testing.T) {
	for name, change := range map[string]func(b set.Batch){
		"features":         func(b set.Batch) { b.Relation("streets").Features = nil },
		"targets":          func(b set.Batch) { b.Relation("shops").To = set.Sizes(2, 2) },
		"another set":      func(b set.Batch) { b.Relation("shops").Index[0] = 3 },
		"decreasing":       func(b set.Batch) { b.Relation("shops").To = set.Offsets{0, 2, 1, 4} },
		"negative width":   func(b set.Batch) { b.Relation("shops").Width = -1 },
		"another number":   func(b set.Batch) { b.Relation("streets").Index[0] = -1 },
		"pairs left over":  func(b set.Batch) { b.Relation("streets").Index = append(b.Relation("streets").Index, 0) },
		"elements missing": func(b set.Batch) { b.Relation("streets").Offsets = set.Sizes(1, 1, 3) },
	} {
		b := city()
		change(b)
		var shape *set.ShapeError
		assert.ErrorAs(t, b.Validate(), &shape, name)
	}
	b := city()
	other := b.Relate(&set.Relation{Name: "streets", Offsets: set.Sizes(0, 0, 0, 0, 0)})
	var shape *set.ShapeError
	assert.ErrorAs(t, set.Try(func() { set.Concat(b, b.Select(), other) }), &shape, "relations of another kind")
}
