package main

import "time"

// A watch times a training: all of it, and the learning alone in each epoch.
type watch struct {
	begun, from time.Time     // of the training and, what is interrupted left out, of the epoch
	clouds      int           // learned since from
	learned     time.Duration // 0 while it learns
}

// newWatch returns a watch of a training that goes on after a curve.
func newWatch(c curve) *watch {
	w := &watch{begun: time.Now(), from: time.Now()}
	if n := len(c.Epochs); n > 0 {
		w.begun = w.begun.Add(-time.Duration(c.Epochs[n-1].Seconds * float64(time.Second)))
	}
	return w
}

// stop ends the learning of an epoch, if it is still going on.
func (w *watch) stop() {
	if w.learned == 0 {
		w.learned = time.Since(w.from)
	}
}

// start begins with another epoch.
func (w *watch) start() { w.from, w.clouds, w.learned = time.Now(), 0, 0 }

// seconds returns how long the training has taken.
func (w *watch) seconds() float64 { return time.Since(w.begun).Seconds() }

// speed returns how many clouds a second were learned in the epoch.
func (w *watch) speed() float64 { return float64(w.clouds) / max(w.learned.Seconds(), 1e-9) }
