package set

import "fmt"

// A ShapeError reports sets that do not fit together. Operations and
// constructors panic with one, as arithmetic on slices does, for it is a
// mistake in the program; functions that meet data from outside return it.
// [Try] turns the one into the other.
type ShapeError struct {
	Op     string // the operation, such as "grad.Affine"
	Detail string // what it wanted and what it got
}

// Error returns "op: want detail".
func (e *ShapeError) Error() string { return e.Op + ": want " + e.Detail }

// Mismatch returns a ShapeError of the operation op. The detail, formatted as
// by fmt.Sprintf, completes the sentence "want ...".
func Mismatch(op, format string, args ...any) *ShapeError {
	return &ShapeError{Op: op, Detail: fmt.Sprintf(format, args...)}
}

// Try calls f and returns the [*ShapeError] that it panics with, if any. Any
// other panic continues.
func Try(f func()) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *ShapeError:
			err = r
		default:
			panic(r)
		}
	}()
	f()
	return nil
}
