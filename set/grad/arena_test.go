package grad

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/set"
)

// After a few rounds a tape takes no more memory, and one slab holds it all.
func TestTapeReusesMemory(t *testing.T) {
	x := set.New(64, 150, 0, 1, 250)
	w := Filled(64, 64, 0.1)
	tape := NewTape(nil)
	round := func() {
		h := tape.AffineReLU(Const(x), tape.Param(w), Value{})
		h = tape.Add(h, tape.Attend(h, h, h, Attention{Heads: 2}))
		g := tape.GradientsFrom(tape.Mean(h), make([]float32, 4*64))
		assert.Len(t, g.Of(w), 64*64)
		tape.Reset()
	}
	round()
	assert.Len(t, tape.memory.slabs, 1)
	round()
	was := tape.memory.total
	assert.Greater(t, was, 5*len(x.Values), "several times the input is held")
	for range 5 {
		round()
	}
	assert.Equal(t, was, tape.memory.total)
	assert.Len(t, tape.memory.slabs, 1)
}

func TestArena(t *testing.T) {
	var a arena[float32]
	first, second := a.get(3), a.get(5)
	assert.Len(t, first, 3)
	assert.Equal(t, 3, cap(first), "appending leaves the next alone")
	for i := range first {
		first[i] = 1
	}
	clear(second)
	large := a.get(10 * slabLen)
	assert.Len(t, large, 10*slabLen)
	assert.Equal(t, []float32{1, 1, 1}, first)
	assert.Empty(t, a.get(0))
	a.reset()
	assert.Len(t, a.slabs, 1)
	a.get(3)
	a.get(5)
	a.get(10 * slabLen)
	assert.Len(t, a.slabs, 1)
}

func TestArenaBlocks(t *testing.T) {
	var a arena[float32]
	first, second := a.get(blockLen), a.get(2*blockLen)
	first[0], second[0] = 1, 2
	assert.Len(t, first, blockLen)
	assert.Equal(t, blockLen, cap(first))
	assert.Empty(t, a.slabs)
	a.reset()
	again := a.get(blockLen - blockLen/100 + blockLen/100)
	assert.Same(t, &first[0], &again[0], "used again")
	assert.Same(t, &second[0], &a.get(2*blockLen - 5)[0], "and for somewhat less")
	assert.NotSame(t, &first[0], &a.get(blockLen)[0], "but once")
	a.reset()
	a.reset()
	assert.Empty(t, a.free, "a round without use")

	kept, other := a.get(blockLen), a.get(blockLen)
	assert.True(t, a.release(kept))
	assert.False(t, a.release(kept), "is gone")
	assert.False(t, a.release(other[1:]), "not the beginning")
	assert.False(t, a.release(nil))
	assert.False(t, a.release(a.get(3)), "small")
	a.reset()
	assert.NotSame(t, &kept[0], &a.get(blockLen)[0])
}
