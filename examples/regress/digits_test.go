package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/internal/filetest"
	"setwise/layers"
	"setwise/layers/layertest"
	"setwise/set"
	"setwise/set/grad"
)

// The tasks that learn from files run, and write what they should.
func TestPictureTasks(t *testing.T) {
	if testing.Short() {
		t.Skip("learns from pictures, which takes minutes without assembly")
	}
	for _, c := range []struct {
		task  string
		files func(*testing.T, int) string
		want  string
		keys  []string
	}{
		{"digits", digitFiles, `^MAE \d+\.\d{4} \+- \d+\.\d{4} for 10 digits, \d+\.\d{4} \+- \d+\.\d{4} for 100, over 3 sets each, 2 steps$`, []string{"mae5", "right100"}},
		{"unique", characterFiles, `^accuracy \d\.\d{4} \+- \d\.\d{4} over 3 sets, 2 steps$`, []string{"accuracy", "nearest", "nll"}},
	} {
		c.files(t, 60)
		dir := t.TempDir()
		out, _, err := call(t.Context(), t, "-task", c.task, "-steps", "2", "-sets", "3", "-out", dir)
		require.NoError(t, err)
		require.Regexp(t, c.want, lastLine(out))
		prefix := filepath.Join(dir, c.task+"-"+taskNamed(t, c.task).models[0]+"-1")
		require.FileExists(t, prefix+".png")
		require.FileExists(t, prefix+"-sets.png")
		r, err := readResult(prefix + ".json")
		require.NoError(t, err)
		for _, key := range c.keys {
			require.Contains(t, r.Numbers, key)
		}
		page, _, err := call(t.Context(), t, "-report", dir)
		require.NoError(t, err)
		require.Contains(t, page, "## "+c.task)
	}
}

func taskNamed(t *testing.T, name string) task {
	for _, task := range tasks() {
		if task.name == name {
			return task
		}
	}
	t.Fatalf("no task %q", name)
	return task{}
}

// Every model of both tasks can be trained, gives one number for each set, and
// the same whatever is beside it.
func TestPictureModels(t *testing.T) {
	if testing.Short() {
		t.Skip("learns from pictures, which takes minutes without assembly")
	}
	digitFiles(t, 40)
	digits := taskNamed(t, "digits")
	for _, model := range digits.models {
		l, err := digits.begin(options{task: digits, model: model, sets: 2, seed: 1})
		require.NoError(t, err)
		checkLesson(t, l)
	}
	characterFiles(t, 60)
	unique, dir := taskNamed(t, "unique"), t.TempDir()
	_, _, err := call(t.Context(), t, "-task", "unique", "-model", seeing, "-steps", "1", "-out", dir)
	require.NoError(t, err)
	for _, model := range unique.models {
		if model != seeing {
			l, err := unique.begin(options{task: unique, model: model, sets: 2, seed: 1, out: dir})
			require.NoError(t, err)
			checkLesson(t, l)
		}
	}
}

func checkLesson(t *testing.T, l lesson) {
	tape := grad.NewTape(newRand(1))
	g := tape.Gradients(l.loss(tape, 2))
	assert.Positive(t, g.Norm(layers.List(l.network())))
	assert.NotEmpty(t, l.glance())
	x := set.New(side*side, 2, 1)
	for i := range x.Values {
		x.Values[i] = float32(i%7) / 7
	}
	net := l.network().(layers.Layer)
	require.Equal(t, 1, layers.Apply(net, x).Dim)
	require.NoError(t, layertest.Alone(net, x, x))
}

// What is learned from and what is tested on are apart.
func TestApart(t *testing.T) {
	digitFiles(t, 50)
	l, err := digits().begin(options{task: digits(), model: "rff+sum", sets: 2})
	require.NoError(t, err)
	a := l.(*adder)
	assert.Len(t, a.unseen, 10)
	assert.Len(t, a.known, 40)
	apart(t, a.known, a.unseen)

	characterFiles(t, 60)
	l, err = unique().begin(options{task: unique(), model: seeing})
	require.NoError(t, err)
	c := l.(*viewer)
	assert.Len(t, c.unseen, 12)
	assert.Len(t, c.known, 48)
	for _, k := range c.known {
		for _, u := range c.unseen {
			require.NotEqual(t, k[0].class, u[0].class)
		}
	}
}

func apart(t *testing.T, known, unseen []drawing) {
	seen := map[*float32]bool{}
	for _, d := range known {
		seen[&d.pixels[0]] = true
	}
	for _, d := range unseen {
		require.False(t, seen[&d.pixels[0]])
	}
	require.Len(t, seen, len(known))
}

func TestHandful(t *testing.T) {
	digits, err := readDigits(digitFiles(t, 20))
	require.NoError(t, err)
	for n := range 30 {
		e := handful(digits, n, nil, newRand(uint64(n)))
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
func TestRealPictures(t *testing.T) {
	root := filetest.Folder(t)
	if dir := filepath.Join(root, "mnist-t10k"); exists(dir) {
		digits, err := readDigits(dir)
		require.NoError(t, err)
		var classes [10]int
		for _, d := range digits {
			classes[d.class]++
		}
		require.Equal(t, "[980 1135 1032 1010 982 892 958 1028 974 1009]", fmt.Sprint(classes))
	}
	if dir := filepath.Join(root, "omniglot-small"); exists(dir) {
		characters, err := readCharacters(dir)
		require.NoError(t, err)
		require.Len(t, characters, 242)
		for _, c := range characters {
			require.Len(t, c, 20)
			require.InDelta(t, 0.1, ink(c[0].pixels)/omniglotSide/omniglotSide, 0.095, "lines on an empty page")
		}
	}
}

func exists(name string) bool { _, err := os.Stat(name); return err == nil }
