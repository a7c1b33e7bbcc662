package study

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// commands are what makes some runs that differ in nothing but their seeds, in
// the order of those: one for all seeds that follow each other.
func (t Task) commands(runs []Result) []string {
	var out []string
	for len(runs) > 0 {
		n := 1
		for n < len(runs) && runs[n].Seed == runs[0].Seed+uint64(n) {
			n++
		}
		out = append(out, t.command(runs[0], n))
		runs = runs[n:]
	}
	return out
}

// command is what makes so many runs that differ from r in nothing but their
// seeds, of which its own is the first.
func (t Task) command(r Result, seeds int) string {
	c := []string{"go", "run", "./examples/regress", "-task", r.Task, "-model", r.Model}
	for _, f := range []struct{ flag, value, usual string }{
		{"-data", r.Data, ""},
		{"-steps", fmt.Sprint(r.Steps), fmt.Sprint(t.Steps)},
		{"-rate", fmt.Sprint(r.Rate), fmt.Sprint(t.Rate)},
		{"-fall", r.Fall, t.Fall},
		{"-sets", fmt.Sprint(r.Sets), fmt.Sprint(t.Sets)},
		{"-seed", fmt.Sprint(r.Seed), "1"},
		{"-seeds", fmt.Sprint(seeds), "1"},
	} {
		if f.value != f.usual {
			c = append(c, f.flag, f.value)
		}
	}
	if r.Table != nil {
		c = append(c, r.Table.flags()...)
	}
	return line(c)
}

// line writes words as a shell reads them.
func line(words []string) string {
	words = slices.Clone(words)
	for i, w := range words {
		words[i] = ShellWord(w)
	}
	return strings.Join(words, " ")
}

var plain = regexp.MustCompile(`^[\p{L}\p{N}_./+:=@%,-]+$`)

// ShellWord writes a word as a shell reads it.
func ShellWord(w string) string {
	if plain.MatchString(w) {
		return w
	}
	return "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
}
