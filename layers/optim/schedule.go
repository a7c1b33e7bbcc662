package optim

import (
	"math"

	"setwise/internal/elementary"
	"setwise/set"
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
func Constant(rate float64) Schedule {
	need("optim.Constant", "rate", rate)
	return func(int) float64 { return rate }
}

// Steps starts at rate and is multiplied by factor every so many steps, at every
// step if every is 0.
func Steps(rate, factor float64, every int) Schedule {
	need("optim.Steps", "rate", rate)
	need("optim.Steps", "factor", factor)
	count("optim.Steps", "every", every, math.MaxInt)
	return func(step int) float64 { return rate * math.Pow(factor, float64(step/max(every, 1))) }
}

// Cosine climbs linearly to rate over the first warmup steps, then falls along
// half a cosine to zero at step total (Loshchilov and Hutter 2017), where it
// stays. It panics with a [*set.ShapeError] for a warmup above total.
func Cosine(rate float64, warmup, total int) Schedule {
	need("optim.Cosine", "rate", rate)
	count("optim.Cosine", "total", total, math.MaxInt)
	count("optim.Cosine", "warmup", warmup, total)
	return Warmup(warmup, func(step int) float64 {
		x := min(float64(step-warmup)/float64(max(total-warmup, 1)), 1)
		return rate * (1 + elementary.Cos(math.Pi*max(x, 0))) / 2
	})
}

// Warmup climbs linearly to the rate of s over the first steps, then follows
// s.
func Warmup(steps int, s Schedule) Schedule {
	count("optim.Warmup", "steps", steps, math.MaxInt)
	if s == nil {
		panic(set.Mismatch("optim.Warmup", "a schedule to follow, got nil"))
	}
	return func(step int) float64 {
		return s(step) * min(float64(step+1)/float64(max(steps, 1)), 1)
	}
}

// need panics unless x is a finite number of 0 or more.
func need(op, name string, x float64) {
	if !(x >= 0 && x <= math.MaxFloat64) {
		panic(set.Mismatch(op, "a finite %s of 0 or more, got %g", name, x))
	}
}

// count panics unless n is from 0 to most.
func count(op, name string, n, most int) {
	if n < 0 || n > most {
		panic(set.Mismatch(op, "%s from 0 to %d, got %d", name, most, n))
	}
}
