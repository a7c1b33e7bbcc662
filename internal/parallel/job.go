package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// job is one loop being shared out. It is used again for other loops.
type job struct {
	n, parts int
	ranged   func(lo, hi int) // one of the two is set
	each     func(i int)

	next    atomic.Int64  // the next part to hand out
	offered []*worker     // helpers that were offered the job
	helpers atomic.Int32  // how many of them have not left it
	waiting atomic.Bool   // the caller sleeps until they have
	left    chan struct{} // wakes the caller

	mu     sync.Mutex
	failed int // the lowest part that did not return, -1 for none
	value  any // what it panicked with, nil when it called runtime.Goexit
}

var jobs = sync.Pool{New: func() any { return &job{failed: -1, left: make(chan struct{}, 1)} }}

// do runs the job on the caller and on idle helpers.
func (j *job) do(procs int) {
	helpers := min(procs, j.parts) - 1
	for _, w := range team(procs - 1) {
		if len(j.offered) == helpers {
			break
		}
		j.helpers.Add(1)
		if !w.mail.CompareAndSwap(nil, j) {
			j.helpers.Add(-1)
			continue
		}
		j.offered = append(j.offered, w)
		w.rouse()
	}
	defer j.finish()
	j.work()
}

// work runs parts until none is left. A part that panics ends the loop; its panic is kept for the caller.
func (j *job) work() {
	part := -1
	defer func() {
		if part >= 0 {
			j.fail(part, recover())
		}
	}()
	for {
		i := int(j.next.Add(1)) - 1
		if i >= j.parts {
			return
		}
		part = i
		if j.each != nil {
			j.each(i)
		} else {
			j.ranged(i*j.n/j.parts, (i+1)*j.n/j.parts)
		}
		part = -1
	}
}

func (j *job) fail(part int, value any) {
	j.next.Store(int64(j.parts))
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failed < 0 || part < j.failed {
		j.failed, j.value = part, value
	}
}

// leave is a helper's last touch of the job, but for the knock on the channel. The caller may have seen the count and used
// the job again by then, so it takes a knock as a reason to look, no more.
func (j *job) leave() {
	if j.helpers.Add(-1) == 0 && j.waiting.CompareAndSwap(true, false) {
		j.left <- struct{}{}
	}
}

// finish takes back the offers that nobody took up, waits for the helpers that are still at work, gives the job back and
// passes on a panic.
func (j *job) finish() {
	for _, w := range j.offered {
		if w.mail.CompareAndSwap(j, nil) {
			j.helpers.Add(-1)
		}
	}
	var start time.Time
	for looks := 1; j.helpers.Load() != 0; looks++ {
		if looks%pause != 0 {
			continue
		}
		runtime.Gosched()
		if start.IsZero() {
			start = time.Now()
		} else if time.Since(start) > linger {
			j.waiting.Store(true)
			if j.helpers.Load() == 0 && j.waiting.CompareAndSwap(true, false) {
				break
			}
			<-j.left
		}
	}
	failed, value := j.failed, j.value
	clear(j.offered)
	j.offered = j.offered[:0]
	j.ranged, j.each, j.value, j.failed = nil, nil, nil, -1
	j.next.Store(0)
	jobs.Put(j)
	if failed >= 0 {
		if value == nil {
			runtime.Goexit()
		}
		panic(value)
	}
}
