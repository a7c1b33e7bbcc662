package train_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/layers"
	"setwise/layers/train"
	"setwise/set"
	"setwise/set/grad"
)

// labelled returns sets of one element, which are the logits themselves.
func labelled(logits ...[]float32) []train.Labelled {
	es := make([]train.Labelled, len(logits))
	for i, l := range logits {
		es[i].Set = set.Of(len(l), l)
	}
	return es
}

func TestClassification(t *testing.T) {
	itself := layers.Stack{}
	es := labelled([]float32{1, 3, 2}, []float32{5, 0, 0}, []float32{0, 0, 7}, []float32{4, 4, 4})
	for i, class := range []int{1, 2, 2, 0} {
		es[i].Class = class
	}
	assert.Equal(t, []int{1, 0, 2, 0}, train.Predict(itself, es), "the first of equals")
	assert.InDelta(t, 0.75, train.Accuracy(itself, es), 1e-12)
	assert.Zero(t, train.Accuracy(itself, nil))

	var sets []set.Batch
	for _, e := range es {
		sets = append(sets, e.Set)
	}
	p := train.Classify(itself, sets)
	require.Len(t, p, 4)
	for i, row := range p {
		total := 0.0
		for j, x := range row {
			total += x
			sum := 0.0
			for _, l := range es[i].Set.Values {
				sum += math.Exp(float64(l))
			}
			assert.InDelta(t, math.Exp(float64(es[i].Set.Values[j]))/sum, x, 1e-12)
		}
		assert.InDelta(t, 1, total, 1e-12)
	}
	huge := train.Classify(itself, []set.Batch{set.Of(2, []float32{1e30, -1e30})})
	assert.Equal(t, [][]float64{{1, 0}}, huge)

	want := 0.0
	for i, e := range es {
		want -= math.Log(p[i][e.Class]) / 4
	}
	assert.InDelta(t, want, float64(train.Classification(itself)(nil, es).Values[0]), 1e-6)
	assert.InDelta(t, want, train.Evaluate(train.Classification(itself), es, 3), 1e-6, "in parts of unequal sizes")
	assert.InDelta(t, want, train.Evaluate(train.Classification(itself), es, 0), 1e-6)
	assert.Zero(t, train.Evaluate(train.Classification(itself), nil, 3))
	smooth := 0.0
	for i, e := range es {
		for c := range 3 {
			truth := 0.1
			if c == e.Class {
				truth += 0.7
			}
			smooth -= truth * math.Log(p[i][c]) / 4
		}
	}
	assert.InDelta(t, smooth, float64(train.SmoothClassification(itself, 0.3)(nil, es).Values[0]), 1e-6)
}

func TestConfusion(t *testing.T) {
	es := make([]train.Labelled, 8)
	predicted := make([]int, 8)
	for i, c := range [][2]int{{0, 0}, {0, 0}, {0, 1}, {0, 2}, {1, 1}, {1, 0}, {3, 3}, {3, 4}} {
		es[i].Class, predicted[i] = c[0], c[1]
	}
	c := train.Confuse(predicted, es, 4)
	assert.Equal(t, train.Confusion{
		{2, 1, 1, 0, 0},
		{1, 1, 0, 0, 0},
		{0, 0, 0, 0, 0},
		{0, 0, 0, 1, 1},
		{0, 0, 0, 0, 0},
	}, c, "a class that was only predicted widens the table")
	right, all := c.Class(0)
	assert.Equal(t, []int{2, 4}, []int{right, all})
	assert.InDelta(t, 4./8, c.Accuracy(), 1e-12)
	assert.InDelta(t, (0.5+0.5+0.5)/3, c.MeanClassAccuracy(), 1e-12, "classes without examples do not count")
	skewed := train.Confusion{{90, 0}, {9, 1}}
	assert.InDelta(t, 0.91, skewed.Accuracy(), 1e-12)
	assert.InDelta(t, 0.55, skewed.MeanClassAccuracy(), 1e-12)
	for _, none := range []train.Confusion{nil, {}, {{0, 0}, {0, 0}}} {
		assert.Zero(t, none.Accuracy())
		assert.Zero(t, none.MeanClassAccuracy())
	}
}

func TestLargest(t *testing.T) {
	assert.Equal(t, 0, train.Largest[float32](nil))
	assert.Equal(t, 1, train.Largest([]float64{1, 5, 2}))
	assert.Equal(t, 1, train.Largest([]float32{-3, -1, -1}))
}

func TestRegression(t *testing.T) {
	itself := layers.Stack{}
	es := []train.Targeted{
		{Set: set.Of(1, []float32{1, 2}), Target: set.Of(1, []float32{2, 4})},
		{Set: set.Of(1, []float32{5}), Target: set.Of(1, []float32{2})},
		{Set: set.New(1, 0), Target: set.New(1, 0)},
	}
	mae, rmse := train.Errors(itself, es)
	assert.InDelta(t, (1.+2+3)/3, mae, 1e-9)
	assert.InDelta(t, math.Sqrt((1.+4+9)/3), rmse, 1e-9)
	mae, rmse = train.Errors(itself, nil)
	assert.Zero(t, mae)
	assert.Zero(t, rmse)
	assert.InDelta(t, ((1.+4)/2+9)/3, float64(train.Regression(itself)(nil, es).Values[0]), 1e-6)
	assert.InDelta(t, ((1.+2)/2+3)/3, float64(train.AbsoluteRegression(itself)(nil, es).Values[0]), 1e-6)

	var shape *set.ShapeError
	es[1].Target = set.Of(1, []float32{1, 2})
	assert.ErrorAs(t, set.Try(func() { train.Errors(itself, es) }), &shape)
	assert.ErrorAs(t, set.Try(func() { train.Regression(itself)(nil, es) }), &shape)
}

// What is measured does not depend on how examples are shared out.
func TestPredictOfMany(t *testing.T) {
	m := small(1)
	es := rings(200, 3)
	predicted := train.Predict(m, es)
	for i, e := range es {
		assert.Equal(t, train.Largest(layers.Apply(m, e.Set).Values), predicted[i])
	}
}

// What is not a number or not a class is never counted.
func TestMeasuresRefuse(t *testing.T) {
	itself := layers.Stack{}
	n, i := float32(nan), float32(inf)
	es := func(class int, logits ...float32) []train.Labelled {
		all := labelled([]float32{1, 0, 0}, logits)
		all[1].Class = class
		return all
	}
	two := []train.Labelled{{Set: set.Of(2, []float32{1, 2, 3, 4})}}
	off := func(x, y set.Batch) []train.Targeted { return []train.Targeted{{Set: x, Target: y}} }
	one, wide := set.Of(1, []float32{1}), set.Of(2, []float32{1, 2})
	sum := train.Classification(layers.Sum)
	for want, f := range map[string]func(){
		"train.Classify: want logits whose largest is finite for set 1, got NaN":  func() { train.Accuracy(itself, es(0, n, n, n)) },
		"train.Classify: want logits whose largest is finite for set 1, got +Inf": func() { train.Predict(itself, es(0, i, 0, 0)) },
		"train.Classify: want logits whose largest is finite for set 1, got -Inf": func() { train.Predict(itself, es(0, -i, -i)) },
		"set 0, got NaN": func() { train.Classify(itself, []set.Batch{set.Of(3, []float32{0, n, 1})}) },
		"train.Classify: want one element of logits for set 0, got 2 elements": func() { train.Accuracy(itself, two) },
		"train.Classify: want one element of logits for set 0, got 0 elements": func() { train.Predict(itself, []train.Labelled{{Set: set.New(2, 0)}}) },
		"in 2 sets": func() { train.Classify(itself, []set.Batch{set.New(2, 1, 0)}) },
		"in 0 sets": func() { train.Classify(itself, []set.Batch{{}}) },
		"train.Accuracy: want classes from 0 to 2, got -1 in example 1":                                       func() { train.Accuracy(itself, es(-1, 1, 2, 3)) },
		"train.Accuracy: want classes from 0 to 2, got 1099511627776 in example 1":                            func() { train.Accuracy(itself, es(1<<40, 1, 2, 3)) },
		"train.Accuracy: want classes from 0 to 2, got 3 in example 1":                                        func() { train.Accuracy(itself, es(3, 1, 2, 3)) },
		"train.Largest: want numbers, got NaN at 0":                                                           func() { train.Largest([]float64{nan, 1}) },
		"train.Largest: want numbers, got NaN at 1":                                                           func() { train.Largest([]float32{1, n}) },
		"train.Confuse: want classes from 0 to 1, got -1 in example 1":                                        func() { train.Confuse([]int{0, 0}, es(-1, 1), 2) },
		"train.Confuse: want classes from 0 to 1, got 1099511627776 in example 1":                             func() { train.Confuse([]int{0, 0}, es(1<<40, 1), 2) },
		"train.Confuse: want classes from 0 to -6":                                                            func() { train.Confuse([]int{0, 0}, es(0, 1), -5) },
		"train.Confuse: want 0 to 16384 classes, got -5":                                                      func() { train.Confuse(nil, nil, -5) },
		"train.Confuse: want 0 to 16384 classes, got 1099511627776":                                           func() { train.Confuse(nil, nil, 1<<40) },
		"train.Confuse: want predictions of 0 or more, got -1 for example 0":                                  func() { train.Confuse([]int{-1, 0}, es(0, 1), 2) },
		"train.Confuse: want 0 to 16384 classes, got 9223372036854775807":                                     func() { train.Confuse([]int{math.MaxInt, 0}, es(0, 1), 2) },
		"train.Confuse: want predictions for 2 examples, got 1":                                               func() { train.Confuse([]int{0}, es(0, 1), 2) },
		"train.Confuse: want predictions for 2 examples, got 3":                                               func() { train.Confuse([]int{0, 1, 1}, es(0, 1), 2) },
		"train.Confusion: want a class from 0 to 0 of a square table, got 1":                                  func() { train.Confusion{{1}}.Class(1) },
		"train.Confusion: want a class from 0 to 0 of a square table, got -1":                                 func() { train.Confusion{{1}}.Class(-1) },
		"of a square table, got 0":                                                                            func() { train.Confusion{{1}, {2, 3}}.Accuracy() },
		"of a square table, got 1":                                                                            func() { train.Confusion{{1, 2}, {2, 3, 4}}.MeanClassAccuracy() },
		"train.Errors: want finite predictions and targets, got a difference of NaN in number 0 of example 0": func() { train.Errors(itself, off(set.Of(1, []float32{n}), one)) },
		"got a difference of -Inf":                                                                            func() { train.Errors(itself, off(one, set.Of(1, []float32{i}))) },
		"train.Errors: want 2 numbers in elements of width 2, got 2 and 1":                                    func() { train.Errors(itself, off(set.Of(1, []float32{1, 2}), wide)) },
		"train.Calibrate: want 2 numbers in elements of width 2, got 1 and 1":                                 func() { train.Calibrate(itself, off(one, wide), 0.5) },
		"train.Conformal: want a probability to miss of at least 0 and less than 1, got NaN":                  func() { train.Calibrate(itself, off(one, one), nan) },
		"train.Evaluate: want a size of 0 or more, got -1":                                                    func() { train.Evaluate(sum, es(0, 1, 2, 3), -1) },
		"train.Evaluate: want a loss of one number, got 2": func() {
			train.Evaluate(train.Each[int](func(*grad.Tape, []int) grad.Value { return grad.Const(wide) }), []int{1}, 1)
		},
		"loss.CrossEntropy: want classes from 0 to 2, got -1":                                      func() { train.Evaluate(sum, es(-1, 1, 2, 3), 9) },
		"train.Classification: want a model that gives one element of logits for each set, as one": func() { train.Classification(itself)(nil, two) },
		"train.Classification: want examples of one set each, got one of 2":                        func() { train.Classification(itself)(nil, []train.Labelled{{}, {Set: set.New(2, 1, 1)}}[1:]) },
		"train.Classification: want examples of one set each, got one of 0":                        func() { train.Classification(itself)(nil, []train.Labelled{{}, {Set: set.New(2, 1, 1)}}) },
		"train.Regression: want examples of one set each, got one of 0":                            func() { train.Regression(itself)(nil, off(one, set.Batch{})) },
		"loss.CrossEntropy: want a smoothing of at least 0 and below 1, got NaN":                   func() { train.SmoothClassification(layers.Sum, nan)(nil, es(0, 1, 2, 3)) },
		"loss.CrossEntropy: want a smoothing of at least 0 and below 1, got -0.1":                  func() { train.SmoothClassification(layers.Sum, -0.1)(nil, es(0, 1, 2, 3)) },
	} {
		var shape *set.ShapeError
		if err := set.Try(f); assert.ErrorAs(t, err, &shape, want) {
			assert.ErrorContains(t, err, want)
		}
	}
	assert.Equal(t, [][]float64{{0, 1}}, train.Classify(itself, []set.Batch{set.Of(2, []float32{-i, 3})}), "a class that is ruled out")
	assert.Equal(t, 0.0, train.Evaluate(sum, nil, math.MaxInt))
	assert.Len(t, train.Confuse([]int{2, 0}, es(0, 1), 1), 3)
}
