package kernel

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"
)

func best1(f func()) float64 {
	n := 1
	for {
		t0 := time.Now()
		for range n {
			f()
		}
		if time.Since(t0) > 300*time.Microsecond {
			break
		}
		n *= 2
	}
	m := 1e9
	for range 60 {
		t0 := time.Now()
		for range n {
			f()
		}
		m = min(m, time.Since(t0).Seconds()/float64(n))
	}
	return m
}

func TestZZ(t *testing.T) {
	if os.Getenv("ZZ") == "" {
		t.Skip()
	}
	pk := map[int]float64{512: 12*32*1e4 / best1(func() { peak512(10000) }) / 1e9, 256: 12 * 16 * 1e4 / best1(func() { peak256(10000) }) / 1e9}
	fmt.Println("peak", pk)
	for _, s := range shapes {
		p := newProblem(rand.New(rand.NewPCG(1, 1)), s.form[0] == 'T', s.form[1] == 'T', s.m, s.n, s.k, 0, false)
		fmt.Printf("%s %dx%dx%d", s.form, s.m, s.n, s.k)
		for _, l := range []int{512, 256} {
			level = l
			r := 2 * float64(s.m*s.n*s.k) / best1(func() { p.run(p.c) }) / 1e9
			fmt.Printf("  %d: %6.1f %.2f", l, r, r/pk[l])
		}
		fmt.Println()
	}
	level = best
}
