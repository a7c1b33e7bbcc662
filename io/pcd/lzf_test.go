package pcd

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/internal/formattest"
)

func TestLZF(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	random := make([]byte, 100_000)
	for i := range random {
		random[i] = byte(rng.Uint32())
	}
	few := make([]byte, 100_000) // long and short matches, near and far
	for i := range few {
		few[i] = byte(rng.IntN(3))
		if i%5000 > 4000 {
			few[i] = 7
		}
	}
	for name, src := range map[string][]byte{
		"nothing": {}, "one": {7}, "two": {7, 7}, "three": {7, 7, 7}, "four": {7, 7, 7, 7},
		"zeros": make([]byte, 100_000), "random": random, "few": few,
		"far":     append(append(random[:8191:8191], random[:5]...), 9),
		"too far": append(append(random[:8193:8193], random[:5]...), 9),
		"text":    bytes.Repeat([]byte("the same again, "), 1000),
	} {
		packed := compress(nil, src)
		assert.LessOrEqual(t, len(packed), len(src)+(len(src)+31)/32, name)
		got, err := decompress(nil, packed, len(src))
		require.NoError(t, err, name)
		assert.True(t, bytes.Equal(src, got), name)
		for _, n := range []int{len(src) - 1, len(src) + 1} {
			_, err := decompress(nil, packed, n)
			assert.Error(t, err, name)
		}
		assert.Equal(t, append([]byte("before"), packed...), compress([]byte("before"), src))
	}
	assert.Less(t, len(compress(nil, make([]byte, 88_000))), 1100)
	assert.Less(t, len(compress(nil, few)), 50_000)
}

// The forms of the format, written by hand.
func TestDecompress(t *testing.T) {
	for want, src := range map[string][]byte{
		"":                    {},
		"a":                   {0, 'a'},
		"abab":                {1, 'a', 'b', 0x00, 'a', 0x00, 'b'},
		"abcabcab":            {2, 'a', 'b', 'c', 3 << 5, 2},
		"aaaaaaaaaaaa":        {0, 'a', 7 << 5, 2, 0},
		"abababababababa":     {1, 'a', 'b', 7 << 5, 4, 1},
		"xyzxyz":              {2, 'x', 'y', 'z', 1 << 5, 2},
		"0123456789012345678": {9, '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 7 << 5, 0, 9},
	} {
		got, err := decompress(nil, src, len(want))
		require.NoError(t, err, "%q", want)
		assert.Equal(t, want, string(got))
	}
}

func BenchmarkLZF(b *testing.B) {
	c := formattest.Cloud(300)
	var src []byte
	f, err := OfCloud(c)
	require.NoError(b, err)
	for i := range f.Fields {
		col := f.Fields[i].column()
		src = col.Append(src, 0, col.Len(), false)
	}
	packed := compress(nil, src)
	b.Run("compress", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		for b.Loop() {
			packed = compress(packed[:0], src)
		}
	})
	b.Run("decompress", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		out := make([]byte, 0, len(src))
		for b.Loop() {
			if _, err := decompress(out[:0], packed, len(src)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
