package study

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"setwise/layers/train"
)

// Files that say what no training is are refused.
func TestProgressCheck(t *testing.T) {
	at := func(step, best int) Unfinished { return Unfinished{train.State{Step: step, BestEpoch: best}, 1, nil} }
	for _, c := range []struct {
		Unfinished
		validates, done bool
		want            string
	}{
		{at(100, 0), false, true, ""},
		{at(50, 0), false, false, ""},
		{at(100, 7), true, true, ""},
		{at(3000, 1000), true, true, ""},
		{at(50, 0), false, true, "want the end of a training of"},
		{at(50, 50), true, true, "want the end of a training of"},
		{at(0, 0), false, false, "steps, got 0"},
		{at(math.MinInt, 0), false, false, "steps, got -9223372036854775808"},
		{at(1_000_000, 0), false, false, "steps, got 1000000"},
		{at(1_000_000, 0), false, true, "steps, got 1000000"},
		{Unfinished{}, false, false, "steps, got 0"},
		{at(50, 0), true, false, "the best of 50 steps, got step 0"},
		{at(50, 51), true, false, "the best of 50 steps, got step 51"},
		{at(50, 10), false, false, "want no best step, got 10"},
		{Unfinished{train.State{Step: 50}, -1, nil}, false, false, "want seconds from 0"},
		{Unfinished{train.State{Step: 50}, math.NaN(), nil}, false, false, "want seconds from 0"},
		{Unfinished{train.State{Step: 50, BestEpoch: 1}, 1, []int{2, 50}}, true, false, ""},
		{Unfinished{train.State{Step: 50, BestEpoch: 1}, 1, []int{2, 51}}, true, false, "the rate was halved"},
		{Unfinished{train.State{Step: 50, BestEpoch: 1}, 1, []int{0, 5}}, true, false, "the rate was halved"},
		{Unfinished{train.State{Step: 50, BestEpoch: 1}, 1, []int{7, 5}}, true, false, "the rate was halved"},
		{Unfinished{train.State{Step: 50}, 1, []int{5}}, false, false, "the rate was halved"},
		{Unfinished{train.State{Step: 50, BestEpoch: 1, Best: math.NaN()}, 1, nil}, true, false, "the best of"},
	} {
		steps := 100
		if c.State.Step == 3000 {
			steps = 8000
		}
		err := c.check(steps, c.validates, c.done)
		if c.want == "" {
			assert.NoError(t, err)
		} else {
			assert.ErrorContains(t, err, c.want)
		}
	}
}
