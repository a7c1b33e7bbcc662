package kernel

import (
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// fence lends slices that end where a page begins that must not be touched, or start where one ends.
type fence struct {
	t     *testing.T
	pages [][]byte
	used  int
	left  bool // slices start at the fence
	rng   *rand.Rand
}

const fenced = 16 << 10 // bytes between two fences

func (f *fence) room(n int) []float32 {
	page := unix.Getpagesize()
	if f.used == len(f.pages) {
		b, err := unix.Mmap(-1, 0, fenced+2*page, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
		require.NoError(f.t, err)
		require.NoError(f.t, unix.Mprotect(b[:page], unix.PROT_NONE))
		require.NoError(f.t, unix.Mprotect(b[page+fenced:], unix.PROT_NONE))
		f.pages = append(f.pages, b)
		f.t.Cleanup(func() { _ = unix.Munmap(b) })
	}
	inner := f.pages[f.used][page : page+fenced]
	f.used++
	require.LessOrEqual(f.t, 4*n, fenced)
	all := unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(inner))), fenced/4)
	x := all[len(all)-n:]
	if f.left {
		x = all[:n]
	}
	for i := range x {
		x[i] = f.rng.Float32()
	}
	return x[:n:n]
}

// TestFences runs everything on slices between pages that must not be touched: neither the race detector nor checks of
// bounds see what assembly does.
func TestFences(t *testing.T) {
	forLevels(t, func(t *testing.T) {
		f := &fence{t: t, rng: rand.New(rand.NewPCG(1, 1))}
		all := calls()
		for _, f.left = range []bool{false, true} {
			for cols := 0; cols < 100; cols += pace(9) {
				for _, rows := range []int{0, 1, 4, 5, 9, 13} {
					if rows*(cols+5) > fenced/4 {
						continue
					}
					for _, c := range all {
						f.used = 0
						c.run(f.room, rows, cols)
					}
				}
			}
		}
	})
}
