package optim

import (
	"math"

	"setwise/internal/elementary"
)

// A Schedule gives the learning rate at each step, counted from 0.
type Schedule func(step int) float64

// at returns the rate of a schedule that may be nil.
func (s Schedule) at(step int, otherwise float64) float64 {
	if s == nil {
		return otherwise
	}
	return s(step)
}

// Constant stays at rate.
func Constant(rate float64) Schedule { return func(int) float64 { return rate } }

// Steps starts at rate and is multiplied by factor every so many steps.
func Steps(rate, factor float64, every int) Schedule {
	return func(step int) float64 { return rate * math.Pow(factor, float64(step/max(every, 1))) }
}

// Cosine climbs linearly to rate over the first warmup steps, then falls along
// half a cosine to zero at step total (Loshchilov and Hutter 2017), where it
// stays.
func Cosine(rate float64, warmup, total int) Schedule {
	return Warmup(warmup, func(step int) float64 {
		x := min(float64(step-warmup)/float64(max(total-warmup, 1)), 1)
		return rate * (1 + elementary.Cos(math.Pi*max(x, 0))) / 2
	})
}

// Warmup climbs linearly to the rate of s over the first steps, then follows
// s.
func Warmup(steps int, s Schedule) Schedule {
	return func(step int) float64 {
		return s(step) * min(float64(step+1)/float64(max(steps, 1)), 1)
	}
}
