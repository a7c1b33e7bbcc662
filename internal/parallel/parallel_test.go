package parallel

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func procs(t testing.TB, n int) {
	old := runtime.GOMAXPROCS(n)
	t.Cleanup(func() { runtime.GOMAXPROCS(old) })
}

func TestRangeCoversOnce(t *testing.T) {
	for _, p := range []int{1, 2, 3, 7} {
		t.Run(fmt.Sprint(p), func(t *testing.T) {
			procs(t, p)
			for _, n := range []int{-1, 0, 1, 2, 3, 7, 100, 1001} {
				for _, grain := range []int{0, 1, 3, 64, 5000} {
					seen := make([]int, max(n, 0))
					var least atomic.Int64
					least.Store(1 << 40)
					Range(n, grain, func(lo, hi int) {
						for i := lo; i < hi; i++ {
							seen[i]++
						}
						for l := least.Load(); int64(hi-lo) < l && !least.CompareAndSwap(l, int64(hi-lo)); l = least.Load() {
						}
					})
					for i, s := range seen {
						require.Equal(t, 1, s, "element %d of %d", i, n)
					}
					if n > 0 {
						assert.GreaterOrEqual(t, least.Load(), int64(min(n, max(grain, 1))), "n %d grain %d", n, grain)
					}
				}
			}
		})
	}
}

func TestEachCoversOnceAndInOrder(t *testing.T) {
	for _, p := range []int{1, 2, 5} {
		procs(t, p)
		var started atomic.Int64
		seen := make([]int32, 500)
		Each(len(seen), func(i int) {
			k := started.Add(1) - 1
			// All earlier ones were handed out, and at most those in the
			// hands of the other workers have not counted themselves yet. A
			// worker may be held up between being handed one and counting.
			assert.GreaterOrEqual(t, k, int64(i-(p-1)), "handed out of order")
			seen[i]++
		})
		for i, s := range seen {
			require.EqualValues(t, 1, s, i)
		}
		Each(0, func(int) { t.Error("called for nothing") })
	}
}

func TestNested(t *testing.T) {
	procs(t, 4)
	var sum atomic.Int64
	Each(8, func(i int) {
		Range(100, 1, func(lo, hi int) {
			Each(hi-lo, func(k int) { sum.Add(int64(lo + k)) })
		})
	})
	assert.EqualValues(t, 8*99*50, sum.Load())
}

func TestManyCallers(t *testing.T) {
	procs(t, 3)
	var wg sync.WaitGroup
	for c := range 8 {
		wg.Go(func() {
			for round := range 200 {
				out := make([]int, 50)
				Each(len(out), func(i int) { out[i] = i * (c + round) })
				for i, v := range out {
					if v != i*(c+round) {
						t.Errorf("caller %d round %d: element %d is %d", c, round, i, v)
						return
					}
				}
			}
		})
	}
	wg.Wait()
}

func TestPanicReachesTheCaller(t *testing.T) {
	procs(t, 4)
	oops := errors.New("oops")
	for range 200 {
		assert.PanicsWithValue(t, oops, func() {
			Each(64, func(i int) {
				if i%16 == 9 {
					if i == 9 {
						panic(oops)
					}
					panic(i)
				}
			})
		})
	}
	assert.PanicsWithValue(t, 3, func() {
		Range(100, 1, func(lo, hi int) { panic(3) })
	})
	var n atomic.Int64
	Each(100, func(int) { n.Add(1) })
	assert.EqualValues(t, 100, n.Load(), "the team works after a panic")
}

func TestGoexit(t *testing.T) {
	procs(t, 3)
	for range 50 {
		done := make(chan bool)
		go func() {
			returned := false
			defer func() { done <- returned }()
			Each(10, func(i int) {
				if i == 3 {
					runtime.Goexit()
				}
			})
			returned = true
		}()
		assert.False(t, <-done, "the caller ends as its part did")
	}
	var n atomic.Int64
	Each(100, func(int) { n.Add(1) })
	assert.EqualValues(t, 100, n.Load())
}

func TestHelpersHelp(t *testing.T) {
	procs(t, 2)
	met := make(chan int)
	Each(2, func(i int) {
		select {
		case met <- i:
		case <-met:
		case <-time.After(10 * time.Second):
			t.Error("the two parts never ran side by side")
		}
	})
}

func TestNoGrowth(t *testing.T) {
	procs(t, 4)
	Each(100, func(int) {})
	before := runtime.NumGoroutine()
	for i := range 2000 {
		runtime.GOMAXPROCS(1 + i%4)
		Range(100, 1, func(lo, hi int) {})
	}
	assert.LessOrEqual(t, runtime.NumGoroutine(), before+1)
}

func TestAllocations(t *testing.T) {
	procs(t, 2)
	out := make([]int, 100)
	f := func(lo, hi int) {
		for i := lo; i < hi; i++ {
			out[i]++
		}
	}
	assert.Less(t, testing.AllocsPerRun(1000, func() { Range(100, 1, f) }), 0.5)
}

func BenchmarkHandOff(b *testing.B) {
	for b.Loop() {
		Range(2, 1, func(lo, hi int) {})
	}
}
