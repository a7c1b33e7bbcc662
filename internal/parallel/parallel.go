// Package parallel shares loops over the cores.
//
// A standing team of goroutines waits for work: starting goroutines for each loop costs about as much as a small product
// of matrices. The caller always works too, and takes only as many helpers as are idle, so calls may be nested or made
// from many goroutines at once: where nobody is free the caller does everything itself. Helpers look out for work for some
// tens of microseconds after a loop and then sleep, at no cost. The team grows to GOMAXPROCS-1 helpers and
// each call uses as many as GOMAXPROCS allows when it is made.
//
// The parts of a loop may run in any order and at the same time, so they must not write to the same memory. When one
// panics, no further parts are started and the caller panics with the same value, that of the lowest part if several did.
package parallel

import "runtime"

// shares is the number of parts for each processor that Range aims at: enough for a core that is late to be helped out.
const shares = 4

// Range calls f(lo, hi) for consecutive parts of [0, n), each at least grain long (but for an n below grain), and returns
// when all are done. How [0, n) is split depends on GOMAXPROCS.
func Range(n, grain int, f func(lo, hi int)) {
	if n <= 0 {
		return
	}
	procs := runtime.GOMAXPROCS(0)
	parts := min(n/max(grain, 1), shares*procs)
	if procs == 1 || parts <= 1 {
		f(0, n)
		return
	}
	j := jobs.Get().(*job)
	j.n, j.parts, j.ranged = n, parts, f
	j.do(procs)
}

// Each calls f(i) for every i of [0, n), handing them out one by one in that order, and returns when all are done.
func Each(n int, f func(i int)) {
	procs := runtime.GOMAXPROCS(0)
	if procs == 1 || n <= 1 {
		for i := range n {
			f(i)
		}
		return
	}
	j := jobs.Get().(*job)
	j.n, j.parts, j.each = n, n, f
	j.do(procs)
}
