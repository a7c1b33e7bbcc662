package folds

import (
	"fmt"
	"io"
	"math"
	"slices"

	"gonum.org/v1/plot/plotter"

	"setwise/examples/regress/pictures"
	"setwise/examples/regress/study"
	"setwise/layers/train"
)

// measured are the errors of predictions of one number, with standard errors
// over the parts.
type measured struct{ mae, rmse, r2 study.Number }

// measure compares predictions of number j with the truth. R² is how much less
// the squared error is than that of the mean of what was learned from.
func (f *Folds[E]) measure(predictions [][]float64, j int) measured {
	var mae, rmse, r2 []float64
	var errors, spread float64
	for part := range f.Pupils {
		var absolute, squares, of []float64
		for _, e := range f.Held(part) {
			d := predictions[e][j] - f.Truth[e][j]
			absolute, squares = append(absolute, math.Abs(d)), append(squares, d*d)
			of = append(of, sq(f.Truth[e][j]-f.Scales[part].Mean[j]))
		}
		mae, rmse = append(mae, study.Average(absolute).Value), append(rmse, math.Sqrt(study.Average(squares).Value))
		error, deviation := study.Average(squares).Value, study.Average(of).Value
		if deviation > 0 {
			r2 = append(r2, 1-error/deviation)
		}
		errors, spread = errors+error*float64(len(of)), spread+deviation*float64(len(of))
	}
	return measured{study.Average(mae), study.Average(rmse), study.Number{Value: 1 - errors/spread, Error: study.Average(r2).Error}}
}

// Means returns, as predictions, the mean truth of what a pupil knows.
func (f *Folds[E]) Means() [][]float64 {
	out := make([][]float64, len(f.Examples))
	for e, part := range f.part {
		out[e] = f.Scales[part].Mean
	}
	return out
}

// Scores returns how wrong predictions of number j are, in the deviations that
// doubts has for them, or as they are without any.
func (f *Folds[E]) Scores(predictions, doubts [][]float64, j int) []float64 {
	out := make([]float64, len(predictions))
	for e, y := range predictions {
		out[e] = math.Abs(y[j] - f.Truth[e][j])
		if doubts != nil {
			out[e] /= doubts[e][j]
		}
	}
	return out
}

// coverage returns how often intervals hold the truth that are so many
// deviations to either side of predictions, given the scores of all, and their
// mean number of deviations, +Inf if there are too few examples to promise
// anything. Every part is cut in two, and either half gives the number for the
// other, so that no truth is used twice (split conformal prediction). The
// standard error is over halves, as all intervals of one share their number.
func (f *Folds[E]) coverage(scores []float64) (held study.Number, radius float64) {
	var hits, rates []float64
	for part := range f.Pupils {
		var halves [2][]float64
		for _, e := range f.Held(part) {
			halves[f.half[e]] = append(halves[f.half[e]], scores[e])
		}
		for h := range halves {
			r := train.Conformal(halves[1-h], Miss)
			radius += r / float64(2*len(f.Pupils))
			var own []float64
			for _, d := range halves[h] {
				hit := 0.0
				if d <= r {
					hit = 1
				}
				own = append(own, hit)
			}
			hits, rates = append(hits, own...), append(rates, study.Average(own).Value)
		}
	}
	return study.Number{Value: study.Average(hits).Value, Error: study.Average(rates).Error}, radius
}

// A Row of a comparison says who predicts, and what.
type Row struct {
	Name        string
	Predictions [][]float64
}

// Report prints how wrong several predictions of number j are, and how often
// intervals about the first hold, which are as wide as doubts says if it does,
// and returns the numbers of the first.
func (f *Folds[E]) Report(out io.Writer, j int, rows []Row, doubts [][]float64) map[string]study.Number {
	fmt.Fprintf(out, "%-16s %-22s %-22s %s\n", "", "RMSE", "MAE", "R²")
	for _, r := range rows {
		m := f.measure(r.Predictions, j)
		fmt.Fprintf(out, "%-16s %-22v %-22v %.3f\n", r.Name, m.rmse, m.mae, m.r2.Value)
	}
	m := f.measure(rows[0].Predictions, j)
	numbers := map[string]study.Number{"mae": m.mae, "rmse": m.rmse, "r2": m.r2}
	held, radius := f.coverage(f.Scores(rows[0].Predictions, doubts, j))
	if math.IsInf(radius, 1) {
		fmt.Fprintln(out, "too few sets to tell how often intervals hold the truth")
		return numbers
	}
	width := fmt.Sprintf("%.4g", radius)
	if doubts != nil {
		width = widths(doubts, radius, j)
	}
	fmt.Fprintf(out, "intervals of +- %s, promised to hold %.0f %%, hold %.1f +- %.1f %%\n", width, 100*(1-Miss), 100*held.Value, 100*held.Error)
	numbers["coverage"] = held
	return numbers
}

// widths says how wide most intervals are.
func widths(doubts [][]float64, radius float64, j int) string {
	all := make([]float64, len(doubts))
	for e, d := range doubts {
		all[e] = radius * d[j]
	}
	slices.Sort(all)
	at := func(share float64) float64 { return all[int(share*float64(len(all)-1))] }
	return fmt.Sprintf("%.4g (the surest tenth: %.4g or less; the least sure: %.4g or more)", at(0.5), at(0.1), at(0.9))
}

// Plot writes a plot of predictions of number j against the truth.
func (f *Folds[E]) Plot(file string, predictions [][]float64, j int, title string) error {
	points := make(plotter.XYs, min(2000, len(predictions)))
	for i := range points {
		points[i] = plotter.XY{X: f.Truth[i][j], Y: predictions[i][j]}
	}
	return pictures.Guesses(file, points, title)
}
