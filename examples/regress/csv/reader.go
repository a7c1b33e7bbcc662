package csv

import (
	"math"
	"math/rand/v2"

	"setwise/examples/regress/folds"
	"setwise/examples/regress/models"
	"setwise/examples/regress/study"
	"setwise/layers"
	"setwise/set"
	"setwise/set/grad"
)

const (
	mostElements = 1024 // of a set that are looked at
	wordWidth    = 8    // numbers that a category is learned as
)

// A feature is a column that a model predicts from.
type feature struct {
	Name string `json:"name"`

	// Categories are those that the model has learned, of a column of text,
	// missingMark among them if cells were missing; all others count as one, that of
	// those that come in one set only.
	Categories []string `json:"categories"`

	// Of a column of numbers.
	Mean      float64 `json:"mean"`
	Deviation float64 `json:"deviation"`
	Low       float64 `json:"low"` // the least and the largest that were learned from
	High      float64 `json:"high"`
	Gaps      bool    `json:"gaps"` // were some missing?
}

// learnedFrom returns the features of some samples of a table.
func (t *sets) learnedFrom(some []int) []feature {
	var out []feature
	for k, name := range t.numbers {
		f := feature{Name: name, Low: math.Inf(1), High: math.Inf(-1)}
		s := folds.NewScaling(1, func(yield func([]float64) bool) {
			for _, e := range some {
				for _, r := range t.samples[e].rowsFor(nil) { // so that no large set decides alone
					x := t.samples[e].numbers[r*len(t.numbers)+k]
					if math.IsNaN(x) {
						f.Gaps = true
						continue
					}
					f.Low, f.High = min(f.Low, x), max(f.High, x)
					if !yield([]float64{x}) {
						return
					}
				}
			}
		})
		if f.Low > f.High { // nothing but gaps
			f.Low, f.High = 0, 0
		}
		f.Mean, f.Deviation = s.Mean[0], s.Deviation[0]
		out = append(out, f)
	}
	for k, name := range t.words {
		f := feature{Name: name, Categories: []string{}}
		for w, n := range t.setsWith(k, some) {
			if n > 1 || n > 0 && t.known[k][w] == missingMark {
				f.Categories = append(f.Categories, t.known[k][w])
			}
		}
		out = append(out, f)
	}
	return out
}

// setsWith returns how many of some samples have each category of column k.
func (t *sets) setsWith(k int, some []int) []int {
	in, last := make([]int, len(t.known[k])), make([]int, len(t.known[k]))
	for i, e := range some {
		s := t.samples[e]
		for r := range s.rows {
			if w := s.words[r*len(t.words)+k]; last[w] != i+1 {
				last[w] = i + 1
				in[w]++
			}
		}
	}
	return in
}

// A reader predicts from scaled elements that know how many they are: a mean and
// the logarithm of a deviation for each target, on its scale.
type reader struct {
	Net   layers.Layer
	Doubt layers.Layer  // what Net is off by: a network of its own, so that Net is as good as without
	Words []*grad.Param // a row for each category of a column, the first for all that were not learned

	numbers, words []feature
	size           folds.Scaling // of the logarithm of the size of a set
	row            [][]int32     // of Words[k], for each category of the table at hand
	targets        int
}

func newReader(model string, features []feature, size folds.Scaling, targets int, rng *rand.Rand) *reader {
	r := &reader{size: size, targets: targets}
	width := 1
	for _, f := range features {
		if f.Categories != nil {
			r.words = append(r.words, f)
			p := grad.Normal(1+len(f.Categories), wordWidth, 0.5, rng)
			clear(p.Data[:wordWidth]) // says nothing
			r.Words = append(r.Words, p)
			width += wordWidth
			continue
		}
		r.numbers = append(r.numbers, f)
		if width++; f.Gaps {
			width++
		}
	}
	r.Net = models.Shape{In: width, Dim: 64, Out: targets, Phi: 2, Rho: 1, Seeds: 1}.Model(model, rng)
	r.Doubt = models.Shape{In: width, Dim: 32, Out: targets, Phi: 2, Rho: 1, Seeds: 1}.Model("rff+mean", rng)
	return r
}

// features returns the features as newReader wants them.
func (r *reader) features() []feature { return append(append([]feature{}, r.numbers...), r.words...) }

// open makes r ready for the samples of a table.
func (r *reader) open(t *sets) {
	r.row = make([][]int32, len(r.words))
	for k, f := range r.words {
		at := map[string]int32{}
		for i, c := range f.Categories {
			at[c] = int32(1 + i)
		}
		for _, c := range t.known[k] {
			r.row[k] = append(r.row[k], at[c]) // 0 for those that were not learned
		}
	}
}

// predict returns the means.
func (r *reader) Predict(t *grad.Tape, samples []*sample) grad.Value {
	return r.Net.Forward(t, r.elements(t, samples))
}

// both returns the means and the logarithms of deviations, which are held
// within e^±4.
func (r *reader) both(t *grad.Tape, samples []*sample) (means, doubts grad.Value) {
	x := r.elements(t, samples)
	doubts = r.Doubt.Forward(t, grad.Const(x.Batch))
	return r.Net.Forward(t, x), t.Scale(t.Tanh(t.Scale(doubts, 0.25)), 4)
}

// elements returns the scaled rows of samples: numbers, marks of those that are
// missing, the logarithm of the size of the set, and categories.
func (r *reader) elements(t *grad.Tape, samples []*sample) grad.Value {
	chosen, sizes := make([][]int, len(samples)), make([]int, len(samples))
	for i, s := range samples {
		chosen[i] = s.rowsFor(t)
		sizes[i] = len(chosen[i])
	}
	width := 1 + len(r.numbers)
	for _, f := range r.numbers {
		if f.Gaps {
			width++
		}
	}
	x, n := set.New(width, sizes...), 0
	words := make([][]int32, len(r.words))
	for i, s := range samples {
		size := r.size.Of(0, math.Log(float64(s.rows)))
		for _, k := range chosen[i] {
			row, at := x.Row(n), len(r.numbers)
			for j, f := range r.numbers {
				v := s.numbers[k*len(r.numbers)+j]
				gap := math.IsNaN(v)
				if !gap {
					row[j] = float32((v - f.Mean) / f.Deviation)
				}
				if f.Gaps {
					if gap {
						row[at] = 1
					}
					at++
				}
			}
			row[at] = size
			for j := range words {
				words[j] = append(words[j], int32(r.row[j][s.words[k*len(words)+j]]))
			}
			n++
		}
	}
	parts := []grad.Value{grad.Const(x)}
	for j, p := range r.Words {
		parts = append(parts, t.Gather(t.Param(p), words[j], x.Offsets))
	}
	return t.Join(parts...)
}

// summaries returns what a straight line is drawn through: the mean of the
// numbers of each set, or of the column where all of them are missing, and the
// logarithm of the size of the set.
func (t *sets) summaries() [][]float64 {
	width := len(t.numbers)
	out := make([][]float64, len(t.samples))
	for i, s := range t.samples {
		out[i] = append(columnMeans(s.numbers, width), math.Log(float64(s.rows)))
	}
	for j := range width {
		var all []float64
		for _, row := range out {
			if !math.IsNaN(row[j]) {
				all = append(all, row[j])
			}
		}
		for _, row := range out {
			if math.IsNaN(row[j]) {
				row[j] = study.Average(all).Value
			}
		}
	}
	return out
}

// columnMeans returns the means of the columns of rows of so many numbers, NaN of
// a column of nothing else.
func columnMeans(rows []float64, width int) []float64 {
	out, counts := make([]float64, width), make([]float64, width)
	for i, x := range rows {
		if j := i % width; !math.IsNaN(x) {
			counts[j]++
			out[j] += (x - out[j]) / counts[j]
		}
	}
	for j, n := range counts {
		if n == 0 {
			out[j] = math.NaN()
		}
	}
	return out
}
