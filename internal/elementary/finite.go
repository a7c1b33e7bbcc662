package elementary

// Finite reports whether x is neither infinite nor NaN.
func Finite[F float32 | float64](x F) bool { return x-x == 0 }

// FiniteVector reports whether no component of v is infinite or NaN.
func FiniteVector[F float32 | float64](v [3]F) bool {
	return v[0]-v[0] == 0 && v[1]-v[1] == 0 && v[2]-v[2] == 0
}
