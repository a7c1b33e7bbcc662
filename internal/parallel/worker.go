package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

const (
	linger = 40 * time.Microsecond // how long to look out for work before sleeping
	pause  = 32                    // looks between two yields to the scheduler
)

// worker is one helper of the team. Its mail is nil while it is free, a job on offer, or busy.
type worker struct {
	mail   atomic.Pointer[job]
	asleep atomic.Bool
	bell   chan struct{}
}

var busy job

// rouse wakes the worker if it sleeps.
func (w *worker) rouse() {
	if w.asleep.CompareAndSwap(true, false) {
		w.bell <- struct{}{}
	}
}

func (w *worker) loop() {
	for {
		w.help(w.take())
	}
}

// take waits for a job.
func (w *worker) take() *job {
	start := time.Now()
	for looks := 1; ; looks++ {
		if j := w.mail.Load(); j != nil && w.mail.CompareAndSwap(j, &busy) {
			return j
		}
		if looks%pause != 0 {
			continue
		}
		runtime.Gosched()
		if time.Since(start) > linger {
			w.asleep.Store(true)
			if w.mail.Load() == nil || !w.asleep.CompareAndSwap(true, false) {
				<-w.bell
			}
			start = time.Now()
		}
	}
}

// help works on a job. A part that ends its goroutine with runtime.Goexit ends this one; another takes its place.
func (w *worker) help(j *job) {
	gone := true
	defer func() {
		w.mail.Store(nil)
		j.leave()
		if gone {
			go w.loop()
		}
	}()
	j.work()
	gone = false
}

var (
	hiring  sync.Mutex
	workers atomic.Pointer[[]*worker]
)

// team returns n workers, hiring those that are missing.
func team(n int) []*worker {
	if all := workers.Load(); all != nil && len(*all) >= n {
		return (*all)[:n]
	}
	hiring.Lock()
	defer hiring.Unlock()
	var all []*worker
	if p := workers.Load(); p != nil {
		all = append(all, *p...)
	}
	for len(all) < n {
		w := &worker{bell: make(chan struct{}, 1)}
		all = append(all, w)
		go w.loop()
	}
	workers.Store(&all)
	return all[:n]
}
