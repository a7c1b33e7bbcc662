package main

import (
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/tensor"
	"setwise/layers/train"
)

// What is held back from a pupil is neither learned from nor tested on.
func TestHold(t *testing.T) {
	c, err := newTabular(csvOptions(t, file(t, "a.csv", drawTable(60, newRand(1), sumOf))))
	require.NoError(t, err)
	for part := range parts {
		seen := map[int]int{}
		for _, group := range [][]int{c.learned[part], c.back[part], c.held(part)} {
			for _, e := range group {
				seen[e]++
			}
		}
		require.Len(t, c.learned[part], 40)
		require.Len(t, c.back[part], 8)
		require.Len(t, seen, 60)
		for _, n := range seen {
			require.Equal(t, 1, n)
		}
	}
}

func csvOptions(t *testing.T, name string) options {
	t.Helper()
	o, err := parse([]string{"-task", "csv", "-data", name, "-model", "rff+mean"}, nil)
	require.NoError(t, err)
	return o
}

// aimless is a table that nothing can be learned from.
func aimless(n int) string {
	rng := newRand(4)
	text := "set,x,target\n"
	for i := range n {
		text += fmt.Sprintf("s%d,%v,%v\n", i, rng.NormFloat64(), rng.NormFloat64())
	}
	return text
}

// A training that brings nothing ends long before the steps that it may take,
// says which step was best, and ends the same way after it was stopped between.
func TestStops(t *testing.T) {
	if testing.Short() {
		t.Skip("two trainings of thousands of steps")
	}
	name := file(t, "noise.csv", aimless(20))
	args := func(dir string, more ...string) []string {
		return append([]string{"-task", "csv", "-data", name, "-model", "rff+mean", "-out", dir}, more...)
	}
	whole, broken := t.TempDir(), t.TempDir()
	out, notes, err := call(t.Context(), t, args(whole)...)
	require.NoError(t, err)
	require.Regexp(t, `\nstep (\d+) of 2\d\d\d was the best on the sets held back\n`, out)
	require.Contains(t, notes, "the rate halved after 500 steps that bring nothing better, and the training ends after 2000 such steps, or 20000 in all")
	_, _, err = call(&stopping{t.Context(), 1900}, t, args(broken)...)
	require.NoError(t, err)
	again, _, err := call(t.Context(), t, args(broken, "-resume")...)
	require.NoError(t, err)
	require.Equal(t, strings.Split(out, "\n")[1:5], strings.Split(again, "\n")[1:5])
	require.Equal(t, lastLine(out), lastLine(again))
	again, _, err = call(t.Context(), t, args(broken, "-resume")...)
	require.NoError(t, err)
	require.Equal(t, lastLine(out), lastLine(again), "what was finished is not trained again")
	out, _, err = call(t.Context(), t, args(t.TempDir(), "-steps", "7")...)
	require.NoError(t, err)
	require.Regexp(t, `\nstep (1 of 7 was|7, the last, was) the best`, out)
}

// Files that say what no training is are refused.
func TestProgressCheck(t *testing.T) {
	at := func(step, best int) unfinished { return unfinished{train.State{Step: step, BestEpoch: best}, 1, nil} }
	for _, c := range []struct {
		unfinished
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
		{unfinished{}, false, false, "steps, got 0"},
		{at(50, 0), true, false, "the best of 50 steps, got step 0"},
		{at(50, 51), true, false, "the best of 50 steps, got step 51"},
		{at(50, 10), false, false, "want no best step, got 10"},
		{unfinished{train.State{Step: 50}, -1, nil}, false, false, "want seconds from 0"},
		{unfinished{train.State{Step: 50}, math.NaN(), nil}, false, false, "want seconds from 0"},
		{unfinished{train.State{Step: 50, BestEpoch: 1}, 1, []int{2, 50}}, true, false, ""},
		{unfinished{train.State{Step: 50, BestEpoch: 1}, 1, []int{2, 51}}, true, false, "the rate was halved"},
		{unfinished{train.State{Step: 50, BestEpoch: 1}, 1, []int{0, 5}}, true, false, "the rate was halved"},
		{unfinished{train.State{Step: 50, BestEpoch: 1}, 1, []int{7, 5}}, true, false, "the rate was halved"},
		{unfinished{train.State{Step: 50}, 1, []int{5}}, false, false, "the rate was halved"},
		{unfinished{train.State{Step: 50, BestEpoch: 1, Best: math.NaN()}, 1, nil}, true, false, "the best of"},
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

// The program refuses them by name, and goes on with what it wrote itself.
func TestResumeTampered(t *testing.T) {
	dir := t.TempDir()
	args := []string{"-steps", "30", "-sets", "50", "-out", dir}
	_, _, err := call(&stopping{t.Context(), 11}, t, args...)
	require.NoError(t, err)
	part, model := filepath.Join(dir, "max-rff+max-1.part"), filepath.Join(dir, "max-rff+max-1.safetensors")
	spoil := func(name string) {
		good, err := tensor.Open(name, tensor.Limits{})
		require.NoError(t, err)
		for want, progress := range map[string]string{
			"want 1 to 30 steps, got 0":                    `{}`,
			"want 1 to 30 steps, got -9223372036854775808": `{"state":{"step":-9223372036854775808}}`,
			"want 1 to 30 steps, got 1000000":              `{"state":{"step":1000000}}`,
			"got step 12":                                  `{"state":{"step":12}}`,
			"progress":                                     `[]`,
		} {
			bad := *good
			bad.Metadata = maps.Clone(good.Metadata)
			bad.Metadata["progress"] = progress
			bad.Metadata["checksum"], err = bad.Digest("checksum")
			require.NoError(t, err)
			require.NoError(t, tensor.WriteFile(name, &bad))
			_, _, err = call(t.Context(), t, append(args, "-resume")...)
			if name == part {
				want = strings.Replace(want, "got step 12", "want as many steps of the optimizer as of the training, 12, got 11", 1)
			}
			require.ErrorContains(t, err, want)
			require.ErrorContains(t, err, "-resume: ")
			require.ErrorContains(t, err, filepath.Base(name))
		}
		require.NoError(t, tensor.WriteFile(name, good))
	}
	spoil(part)
	_, _, err = call(t.Context(), t, append(args, "-resume")...)
	require.NoError(t, err)
	spoil(model)
}
