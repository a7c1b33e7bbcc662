package concepts

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/examples/regress/regresstest"
	"setwise/examples/regress/study"
	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
	"setwise/set/grad/loss"
)

func TestRanksOf(t *testing.T) {
	scores := []float32{5, 9, 1, 7, 7, 0, 7}
	assert.Equal(t, []float64{1, 2}, ranksOf([]int{1, 3}, scores, []int{4, 6}))
	assert.Equal(t, []float64{5, 3, 3, 3}, ranksOf([]int{0, 3, 4, 6}, scores, nil), "equal scores share their mean rank")
	assert.Equal(t, []float64{5}, ranksOf([]int{5}, scores, []int{1, 2}))
}

func TestRetrieved(t *testing.T) {
	r := retrieved([][]float64{{1, 20}, {4, 2000}})
	assert.Equal(t, study.Number{Value: 50, Error: 0}, r["recall10"])
	assert.Equal(t, study.Number{Value: 75, Error: 25}, r["recall100"])
	assert.InDelta(t, 75, r["recall1000"].Value, 1e-9)
	assert.InDelta(t, (1+0.05+0.25+0.0005)/4, r["mrr"].Value, 1e-9)
	assert.EqualValues(t, 4, r["median"].Value)
}

// manyTopics returns the text of a file of topics: word w goes with words of
// the same remainder.
func manyTopics(t testing.TB, words, kinds int) string {
	t.Helper()
	rng := regresstest.Rand(1)
	draw := func() []int {
		kind := rng.IntN(kinds)
		topic := make([]int, 8)
		for i, k := range rng.Perm(words / kinds)[:len(topic)] {
			topic[i] = kind + kinds*k
		}
		return topic
	}
	names, data := map[string]string{}, map[string][][]int{}
	for w := range words {
		names[strconv.Itoa(w)] = fmt.Sprintf("word%d", w)
	}
	for part, n := range map[string]int{"train": 30, "val": 5, "test": 9} {
		for range n {
			data[part] = append(data[part], draw())
		}
	}
	text, err := json.Marshal(map[string]any{"params": map[string]any{"ind2word": names}, "data": data})
	require.NoError(t, err)
	return string(text)
}

func TestConcepts(t *testing.T) {
	dir, out := t.TempDir(), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "lda_1k.json.gz"), []byte(manyTopics(t, 60, 3)), 0o600))
	for _, model := range Task().Models {
		if strings.HasSuffix(model, "-3k") {
			continue
		}
		l, err := Task().Begin(study.Options{Model: model, Seed: 1, Data: dir})
		require.NoError(t, err)
		c := l.(*conceptor)
		tape := grad.NewTape(regresstest.Rand(1))
		rng := regresstest.Rand(2)
		g := tape.Gradients(c.loss(tape, []split{c.example(rng), c.example(rng)}))
		assert.Positive(t, g.Norm(layers.List(c.net)), model)
		one := c.ranks(c.topics.test[3:4])
		assert.Equal(t, one[0], c.ranks(c.topics.test)[3], "%s: alone as beside others", model)
	}
	text, _, err := regresstest.Run(t.Context(), t, []study.Task{Task()}, "-task", "concepts", "-data", dir, "-steps", "30", "-rate", "0.02", "-out", out)
	require.NoError(t, err)
	require.Regexp(t, `^recall@10 \d+\.\d{4} \+- \d+\.\d{4} % over 9 topics, 30 steps$`, regresstest.LastLine(text))
	r, err := study.ReadResult(filepath.Join(out, "concepts-dot-1k-0.02-1.json"))
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(out, "concepts-dot-1k-0.02-1.txt"))
	require.Greater(t, r.Numbers["recall10"].Value, 30.0, "of 55 by chance 18")
}

// Of three topics, the second shares a rare word with the query, and the first a
// common one.
func TestNear(t *testing.T) {
	topics := &topics{words: 9, train: [][]int{{0, 1, 2}, {3, 0, 4}, {5, 6, 7}}}
	scores := topics.near([]int{0, 3})
	assert.InDelta(t, math.Cbrt(3.0/2)-1, scores[1], 1e-6)
	assert.InDelta(t, math.Cbrt(3.0/2)*math.Cbrt(3)-1, scores[4], 1e-6)
	assert.Zero(t, scores[5])
	assert.Zero(t, scores[8])
}

// The loss is that of a classifier, the mean over the classes that are right.
func TestLikelihoodOf(t *testing.T) {
	tape := grad.NewTape(nil)
	x := tape.Input(set.Of(3, []float32{1, -2, 0.5, 90, 100, -5}))
	both := likelihoodOf(tape, x, [][]int{{0}, {1, 0}})
	want := loss.CrossEntropy(tape, x, []int{0, 1}, 0).Values[0] + loss.CrossEntropy(tape, x, []int{0, 0}, 0).Values[0]
	assert.InDelta(t, want/2, both.Values[0], 1e-5)
	g := slices.Clone(tape.Gradients(both).At(x))
	one, other := loss.CrossEntropy(tape, x, []int{0, 1}, 0), loss.CrossEntropy(tape, x, []int{0, 0}, 0)
	assert.InDeltaSlice(t, tape.Gradients(tape.Scale(tape.Add(one, other), 0.5)).At(x), g, 1e-5)
}

func TestParseTopics(t *testing.T) {
	good := manyTopics(t, 60, 3)
	got, err := parseTopics(strings.NewReader(good))
	require.NoError(t, err)
	require.Equal(t, []int{60, 30, 5, 9}, []int{got.words, len(got.train), len(got.valid), len(got.test)})
	for name, c := range map[string]struct{ text, want string }{
		"empty":    {"", "EOF"},
		"cut":      {good[:len(good)/2], "EOF"},
		"not":      {"[1, 2]", "cannot unmarshal"},
		"words":    {`{"data": {}}`, "want 1 to"},
		"index":    {strings.Replace(good, `"17":`, `"77":`, 1), `want numbers from 0 to 59, got "77"`},
		"part":     {strings.Replace(good, `"val"`, `"vol"`, 1), "data.val: want topics, got none"},
		"short":    {`{"params": {"ind2word": {"0": "a"}}, "data": {"train": [[0]]}}`, "data.train: topic 0: want 6 words"},
		"number":   {strings.Replace(good, `"train":[[`, `"train":[[60,`, 1), "want words from 0 to 59, got 60"},
		"negative": {strings.Replace(good, `"train":[[`, `"train":[[-1,`, 1), "got -1"},
		"twice":    {strings.Replace(good, `"train":[[`, `"train":[[7,7,`, 1), "got one twice"},
	} {
		_, err := parseTopics(strings.NewReader(c.text))
		require.ErrorContains(t, err, c.want, name)
	}
	_, _, err = regresstest.Run(t.Context(), t, []study.Task{Task()}, "-task", "concepts", "-data", t.TempDir(), "-out", t.TempDir())
	require.ErrorContains(t, err, "lda_1k.json.gz")
}

func FuzzTopics(f *testing.F) {
	f.Add([]byte(manyTopics(f, 60, 3)))
	f.Fuzz(func(t *testing.T, text []byte) {
		topics, err := parseTopics(bytes.NewReader(text))
		if err != nil {
			return
		}
		used := make([]bool, topics.words)
		for _, words := range topics.train {
			for _, w := range words {
				used[w] = true
			}
		}
	})
}
