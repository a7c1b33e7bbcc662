package show

import "fmt"

// Count returns a number of things, of which one is called so: "1 file" and
// "2 files" for "file".
func Count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
