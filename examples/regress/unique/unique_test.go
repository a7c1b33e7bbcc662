package unique

import (
	"io/fs"
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/examples/regress/drawings"
	"setwise/examples/regress/regresstest"
	"setwise/examples/regress/study"
	"setwise/layers"
	"setwise/layers/layertest"
	"setwise/set"
	"setwise/set/grad"
)

// Sets have 6 to 10 drawings of 1 to as many characters, and the number that is
// said.
func TestDrawn(t *testing.T) {
	characters, err := readCharacters(characterFiles(t, 40))
	require.NoError(t, err)
	byInk := func(pixels []float32) int { return int(ink(pixels)+2) / omniglotSide }
	sizes, counts := map[int]int{}, map[int]int{}
	for i := range 3000 {
		s, count := drawn(characters, regresstest.Rand(uint64(i)))
		seen := map[int]bool{}
		for k := range s.Len() {
			seen[byInk(s.Row(k))] = true
		}
		require.Len(t, seen, count)
		sizes[s.Len()]++
		if s.Len() == mostDrawn {
			counts[count]++
		}
	}
	for n := fewestDrawn; n <= mostDrawn; n++ {
		assert.InDelta(t, 600, sizes[n], 90)
	}
	for c := 1; c <= mostDrawn; c++ {
		assert.InDelta(t, 60, counts[c], 30)
	}
	assert.Len(t, counts, mostDrawn)
}

func TestMeasureOfRates(t *testing.T) {
	r := measure([]int{1, 2, 3, 4}, []float64{1.2, 1.9, 2.2, 4})
	assert.InDelta(t, 0.5, r["accuracy"].Value, 1e-12, "1 and 4")
	assert.InDelta(t, 0.75, r["nearest"].Value, 1e-12, "and 2")
	want := 0.0
	for i, rate := range []float64{1.2, 1.9, 2.2, 4} {
		factorial := []float64{1, 2, 6, 24}[i]
		want -= math.Log(math.Pow(rate, float64(i+1))*math.Exp(-rate)/factorial) / 4
	}
	assert.InDelta(t, want, r["nll"].Value, 1e-12)
	assert.Positive(t, r["nll"].Error)
}

// Drawings are nearest to those of their own character if the eyes see that they
// are alike, and not if they see them all the same.
func TestNeighbours(t *testing.T) {
	var characters [][]drawings.Drawing
	for class := range 3 {
		var own []drawings.Drawing
		for k := range 2 {
			pixels := make([]float32, side*side)
			pixels[class], pixels[10+k] = 3, 1
			own = append(own, drawings.Drawing{Pixels: pixels, Class: class})
		}
		characters = append(characters, own)
	}
	v := &viewer{Eyes: layers.Stack{}, unseen: characters}
	assert.InDelta(t, 1, v.neighbours(100).Value, 1e-9)
	assert.InDelta(t, 1, v.neighbours(2).Value, 1e-9, "of some")
	v.Eyes = layers.Stack{layers.Func(func(t *grad.Tape, x grad.Value) grad.Value { return t.Scale(x, 0) })}
	assert.Less(t, v.neighbours(100).Value, 0.5)
}

// The task runs, and writes what it should.
func TestUnique(t *testing.T) {
	if testing.Short() {
		t.Skip("learns from pictures, which takes minutes without assembly")
	}
	characterFiles(t, 60)
	dir := t.TempDir()
	out, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-steps", "2", "-sets", "3", "-out", dir)
	require.NoError(t, err)
	require.Regexp(t, `^accuracy \d\.\d{4} \+- \d\.\d{4} over 3 sets, 2 steps$`, regresstest.LastLine(out))
	require.Regexp(t, `^unique, sab\+pma: 2 steps .*\nfirst, eyes: 2 steps\n`, out)
	prefix := filepath.Join(dir, "unique-sab+pma-1")
	require.FileExists(t, prefix+".png")
	require.FileExists(t, prefix+"-sets.png")
	r, err := study.ReadResult(prefix + ".json")
	require.NoError(t, err)
	for _, key := range []string{"accuracy", "nearest", "nll"} {
		require.Contains(t, r.Numbers, key)
	}
}

// Every model can be trained, gives one number for each set, and the same whatever is
// beside it; and characters are learned from or tested on.
func TestModels(t *testing.T) {
	if testing.Short() {
		t.Skip("learns from pictures, which takes minutes without assembly")
	}
	characterFiles(t, 60)
	dir := t.TempDir()
	_, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-model", seeing, "-steps", "1", "-out", dir)
	require.NoError(t, err)
	for _, model := range Task().Models {
		l, err := Task().Begin(study.Options{Task: Task(), Model: model, Steps: 1, Sets: 2, Seed: 1, Out: dir})
		require.NoError(t, err)
		assert.NotEmpty(t, l.Glance())
		tape := grad.NewTape(regresstest.Rand(1))
		if v, ok := l.(*viewer); ok {
			g := tape.Gradients(v.loss(tape, []shown{v.example(tape.Rand())}))
			assert.Positive(t, g.Norm(layers.List(v)))
			assert.Len(t, v.unseen, 12)
			assert.Len(t, v.known, 48)
			for _, k := range v.known {
				for _, u := range v.unseen {
					require.NotEqual(t, k[0].Class, u[0].Class)
				}
			}
			continue
		}
		c := l.(*counter)
		g := tape.Gradients(c.loss(tape, []counted{c.example(tape.Rand()), c.example(tape.Rand())}))
		assert.Positive(t, g.Norm(layers.List(c)), model)
		x := set.New(side*side, 2, 1)
		for i := range x.Values {
			x.Values[i] = float32(i%7) / 7
		}
		require.Equal(t, 1, layers.Apply(c, x).Dim)
		require.NoError(t, layertest.Alone(c, x, x))
	}
}

// The real files hold what is said of them.
func TestRealCharacters(t *testing.T) {
	characters, err := readCharacters(regresstest.Data(t, "omniglot-small"))
	require.NoError(t, err)
	require.Len(t, characters, 242)
	for _, c := range characters {
		require.Len(t, c, 20)
		require.InDelta(t, 0.1, ink(c[0].Pixels)/omniglotSide/omniglotSide, 0.095, "lines on an empty page")
	}
}

// What eyes see of the characters that are known is kept by character and turn.
func TestSeen(t *testing.T) {
	if testing.Short() {
		t.Skip("learns from pictures, which takes minutes without assembly")
	}
	dir := characterFiles(t, 60)
	_, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-model", seeing, "-steps", "1", "-out", dir)
	require.NoError(t, err)
	l, err := Task().Begin(study.Options{Task: Task(), Model: "rff+pool", Steps: 1, Seed: 1, Out: dir})
	require.NoError(t, err)
	for _, characters := range l.(*counter).seen() {
		require.Len(t, characters, 48)
		for _, seen := range characters {
			require.Len(t, seen, 4*glimpses)
			for _, d := range seen {
				require.Equal(t, seen[0].Class, d.Class)
			}
		}
	}
	_, err = Task().Begin(study.Options{Task: Task(), Model: "rff+pool", Steps: 1, Seed: 2, Out: dir})
	require.ErrorIs(t, err, fs.ErrNotExist, "eyes of another seed")
	_, _, err = regresstest.Run(t.Context(), t, []study.Task{Task()}, "-model", "rff+pool", "-steps", "2", "-out", dir)
	require.ErrorContains(t, err, "want what the training was begun with: -steps 1, got 2", "eyes that have learned less")
}
