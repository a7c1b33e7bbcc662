package folds

import "gonum.org/v1/gonum/mat"

// Lines returns, as predictions of f, those of the straight line
// (least squares, with a grain of ridge) that fits what each pupil knows.
// features has a row of numbers for each example.
func (f *Folds[E]) Lines(features [][]float64) [][]float64 {
	out := make([][]float64, len(f.Examples))
	d := len(features[0])
	for part, known := range f.others {
		scale := NewScaling(d, func(yield func([]float64) bool) {
			for _, e := range known {
				if !yield(features[e]) {
					return
				}
			}
		})
		row := func(e int) []float64 {
			x := make([]float64, d)
			for j, v := range features[e] {
				x[j] = float64(scale.Of(j, v))
			}
			return x
		}
		// (XᵀX + λ I) w = Xᵀ y, with X and y of mean 0.
		gram := mat.NewSymDense(d, nil)
		right := mat.NewDense(d, len(f.Truth[0]), nil)
		for _, e := range known {
			x := mat.NewVecDense(d, row(e))
			gram.SymRankOne(gram, 1, x)
			y := make([]float64, len(f.Truth[e]))
			for j, v := range f.Truth[e] {
				y[j] = v - f.Scales[part].Mean[j]
			}
			right.RankOne(right, 1, x, mat.NewVecDense(len(y), y))
		}
		for j := range d {
			gram.SetSym(j, j, gram.At(j, j)+1e-3*float64(len(known)))
		}
		var chol mat.Cholesky
		chol.Factorize(gram) // positive definite by its diagonal
		var w mat.Dense
		_ = chol.SolveTo(&w, right) // an error only says that digits are lost
		for _, e := range f.Held(part) {
			var y mat.VecDense
			y.MulVec(w.T(), mat.NewVecDense(d, row(e)))
			for j, m := range f.Scales[part].Mean {
				out[e] = append(out[e], m+y.AtVec(j))
			}
		}
	}
	return out
}
