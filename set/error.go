package set

import (
	"fmt"
	"strings"
)

// A ShapeError reports sets that do not fit together. Operations and
// constructors panic with one, as arithmetic on slices does, for it is a
// mistake in the program; functions that meet data from outside return it.
// [Try] turns the one into the other.
type ShapeError struct {
	Path   []string // the layers that the operation was called from, the outermost first: see [Within]
	Op     string   // the operation, such as "grad.Affine"
	Detail string   // what it wanted and what it got
}

// Error returns "path: op: want detail", such as "Encoder.1.Read.Attn.Query:
// grad.Affine: want ...".
func (e *ShapeError) Error() string {
	text := e.Op + ": want " + e.Detail
	if len(e.Path) > 0 {
		text = strings.Join(e.Path, ".") + ": " + text
	}
	return text
}

// Mismatch returns a ShapeError of the operation op. The detail, formatted as
// by fmt.Sprintf, completes the sentence "want ...".
func Mismatch(op, format string, args ...any) *ShapeError {
	return &ShapeError{Op: op, Detail: fmt.Sprintf(format, args...)}
}

// Within is to be deferred where a layer calls another one, by its name: a
// [*ShapeError] that comes by says which layer it came from. Any other panic
// passes.
func Within(name string) {
	switch r := recover().(type) {
	case nil:
	case *ShapeError:
		r.Path = append([]string{name}, r.Path...)
		panic(r)
	default:
		panic(r)
	}
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
