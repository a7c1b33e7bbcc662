package grad

import "sync"

var scratches = sync.Pool{New: func() any { return NewScratch(nil) }}

// Scratch calls f with a tape of [NewScratch] whose memory is used again for
// later calls, so nothing that f makes with it may be used afterwards: see
// [Tape.Keep]. It may be called from any number of goroutines at once.
func Scratch(f func(t *Tape)) {
	t := scratches.Get().(*Tape)
	f(t)
	t.Reset()
	scratches.Put(t)
}
