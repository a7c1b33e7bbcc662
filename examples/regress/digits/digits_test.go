package digits

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/examples/regress/regresstest"
	"setwise/examples/regress/study"
	"setwise/layers"
	"setwise/layers/layertest"
	"setwise/layers/train"
	"setwise/set"
	"setwise/set/grad"
)

// The task runs, and writes what it should.
func TestDigits(t *testing.T) {
	if testing.Short() {
		t.Skip("learns from pictures, which takes minutes without assembly")
	}
	digitFiles(t, 60)
	dir := t.TempDir()
	out, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-steps", "2", "-sets", "3", "-out", dir)
	require.NoError(t, err)
	require.Regexp(t, `^MAE \d+\.\d{4} \+- \d+\.\d{4} for 10 digits, \d+\.\d{4} \+- \d+\.\d{4} for 100, over 3 sets each, 2 steps$`, regresstest.LastLine(out))
	prefix := filepath.Join(dir, "digits-rff+sum-1")
	require.FileExists(t, prefix+".png")
	require.FileExists(t, prefix+"-sets.png")
	r, err := study.ReadResult(prefix + ".json")
	require.NoError(t, err)
	require.Contains(t, r.Numbers, "mae5")
	require.Contains(t, r.Numbers, "right100")
	page, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-report", dir)
	require.NoError(t, err)
	require.Contains(t, page, "## digits")
}

// Every model can be trained, gives one number for each set, and the same whatever
// is beside it.
func TestModels(t *testing.T) {
	if testing.Short() {
		t.Skip("learns from pictures, which takes minutes without assembly")
	}
	digitFiles(t, 40)
	for _, model := range Task().Models {
		l, err := Task().Begin(study.Options{Task: Task(), Model: model, Sets: 2, Seed: 1})
		require.NoError(t, err)
		a, tape := l.(*adder), grad.NewTape(regresstest.Rand(1))
		g := tape.Gradients(train.Regression(a.net)(tape, []train.Targeted{a.example(tape.Rand()), a.example(tape.Rand())}))
		assert.Positive(t, g.Norm(layers.List(a.net)), model)
		assert.NotEmpty(t, l.Glance())
		x := set.New(side*side, 2, 1)
		for i := range x.Values {
			x.Values[i] = float32(i%7) / 7
		}
		require.Equal(t, 1, layers.Apply(a.net, x).Dim)
		require.NoError(t, layertest.Alone(a.net, x, x))
	}
}

// What is learned from and what is tested on are apart.
func TestApart(t *testing.T) {
	digitFiles(t, 50)
	l, err := Task().Begin(study.Options{Task: Task(), Model: "rff+sum", Sets: 2})
	require.NoError(t, err)
	a := l.(*adder)
	assert.Len(t, a.unseen, 10)
	assert.Len(t, a.known, 40)
	seen := map[*float32]bool{}
	for _, d := range a.known {
		seen[&d.Pixels[0]] = true
	}
	for _, d := range a.unseen {
		require.False(t, seen[&d.Pixels[0]])
	}
	require.Len(t, seen, len(a.known))
}

func TestHandful(t *testing.T) {
	digits, err := readDigits(digitFiles(t, 20))
	require.NoError(t, err)
	for n := range 30 {
		e := handful(digits, n, nil, regresstest.Rand(uint64(n)))
		sum := 0
		for i := range n {
			for _, v := range e.Set.Row(i) {
				sum += int(v)
			}
		}
		require.Equal(t, float32(sum-n), e.Target.Values[0], "a bar has one pixel more than its number")
	}
	a := &adder{unseen: digits, net: layers.Func(func(*grad.Tape, grad.Value) grad.Value { return grad.Const(set.Of(1, []float32{9.4})) })}
	mae, right := a.errors(2, 400)
	wantMAE, wantRight := 0.0, 0.0
	for i := range 400 {
		e, said := a.sum(2, i)
		again, _ := a.sum(2, i)
		require.Equal(t, e, again)
		require.InDelta(t, 9.4, said, 1e-6)
		wantMAE += math.Abs(float64(e.Target.Values[0])-9.4) / 400
		if e.Target.Values[0] == 9 {
			wantRight += 1.0 / 400
		}
	}
	assert.InDelta(t, wantMAE, mae.Value, 1e-6)
	assert.InDelta(t, wantRight, right.Value, 1e-9)
	assert.Positive(t, right.Value)
}

// The real files hold what is said of them.
func TestRealDigits(t *testing.T) {
	digits, err := readDigits(regresstest.Data(t, "mnist-t10k"))
	require.NoError(t, err)
	var classes [10]int
	for _, d := range digits {
		classes[d.Class]++
	}
	require.Equal(t, "[980 1135 1032 1010 982 892 958 1028 974 1009]", fmt.Sprint(classes))
}

// Models that are always right, or hardly ever, have a plot of their errors.
func TestDrawSizes(t *testing.T) {
	dir := t.TempDir()
	for _, value := range []float64{0, 1e-3, 7, 1e30, math.Inf(1), math.NaN()} {
		numbers := map[string]study.Number{}
		for n := sumStep; n <= largestSum; n += sumStep {
			numbers[fmt.Sprint("mae", n)] = study.Number{Value: value}
		}
		name := filepath.Join(dir, "a.png")
		require.NoError(t, drawSizes(name, study.Options{Out: dir, Model: "rff+sum"}, numbers))
		regresstest.Room(t, name)
	}
}
