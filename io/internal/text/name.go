package text

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	mostItems = 12
	mostItem  = 80 // bytes
)

// List prints items for an error, which may come from a file: the first twelve of
// them, texts in quotes and no more than the first 40 letters of each, and how
// many more there are.
func List[T any](items []T) string {
	var b strings.Builder
	b.WriteByte('[')
	for i, item := range items[:min(mostItems, len(items))] {
		if i > 0 {
			b.WriteByte(' ')
		}
		switch item := any(item).(type) {
		case string:
			fmt.Fprintf(&b, "%.40q", item)
		case []int:
			b.WriteString(List(item))
		default:
			text := fmt.Sprint(item)
			b.WriteString(text[:min(len(text), mostItem)])
		}
	}
	b.WriteByte(']')
	if n := len(items) - mostItems; n > 0 {
		fmt.Fprintf(&b, " and %d more", n)
	}
	return b.String()
}

// Name prints a name that comes from a file for an error: as it is if that is
// short and can be seen, and otherwise its first 80 letters in quotes.
func Name(name string) string {
	bare := name != "" && len(name) <= mostItem && utf8.ValidString(name) && strings.TrimSpace(name) == name
	for _, r := range name[:min(len(name), mostItem)] {
		bare = bare && strconv.IsPrint(r)
	}
	if bare {
		return name
	}
	return fmt.Sprintf("%.*q", mostItem, name)
}

// CheckWord reports whether a name is one word.
func CheckWord(name string) error {
	for i := range len(name) {
		if name[i] <= ' ' {
			return fmt.Errorf("name %q: want one word without blanks and control characters", name)
		}
	}
	if name == "" || len(name) > mostWord {
		return fmt.Errorf("name %.40q: want from 1 to %d bytes", name, mostWord)
	}
	return nil
}

// Named returns the one of all that has a name, or else the first that has it in
// upper or lower case, as some programs write it, or nil.
func Named[T any](all []T, name string, of func(*T) string) *T {
	var folded *T
	for i := range all {
		switch have := of(&all[i]); {
		case have == name:
			return &all[i]
		case folded == nil && strings.EqualFold(have, name):
			folded = &all[i]
		}
	}
	return folded
}

// Prefix returns an error that begins with what it is about, or nil for none.
func Prefix(about string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", about, err)
	}
	return nil
}
