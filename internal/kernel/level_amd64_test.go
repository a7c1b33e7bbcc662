//go:build amd64 && !noasm

package kernel

import "testing"

// best is the level this processor has.
var best = level

// forLevels runs f under every instruction set that this processor has, and under the portable code.
func forLevels(t *testing.T, f func(t *testing.T)) {
	for _, l := range []struct {
		name string
		bits int
	}{{"AVX-512", 512}, {"AVX2", 256}, {"portable", 0}} {
		t.Run(l.name, func(t *testing.T) {
			if l.bits > best {
				t.Skip("this processor lacks it")
			}
			setLevel(t, l.bits)
			f(t)
		})
	}
}

func setLevel(tb testing.TB, l int) {
	old := level
	level = l
	tb.Cleanup(func() { level = old })
}
