package words

import (
	"fmt"
	"strings"
)

// List prints items for an error: the first twelve of them, texts in quotes and
// no more than the first 40 letters of each, and how many more there are.
func List[T any](items []T) string {
	const most = 12
	var b strings.Builder
	b.WriteByte('[')
	for i, item := range items[:min(most, len(items))] {
		if i > 0 {
			b.WriteByte(' ')
		}
		if s, ok := any(item).(string); ok {
			fmt.Fprintf(&b, "%.40q", s)
		} else {
			b.WriteString(Cut(fmt.Sprint(item), 80))
		}
	}
	b.WriteByte(']')
	if n := len(items) - most; n > 0 {
		fmt.Fprintf(&b, " and %d more", n)
	}
	return b.String()
}

// Cut returns the first bytes of a text, at most so many and no half letter, with
// three points after them if there are more.
func Cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
