package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"setwise/examples/internal/show"
)

// match reports that a training had other settings, if it had.
func (s settings) match(was settings) error {
	found := s.differences(was)
	if len(found) == 0 {
		return nil
	}
	const most = 4
	more := ""
	if n := len(found) - most; n > 0 {
		more = fmt.Sprintf("; and %s more", show.Count(n, "difference"))
	}
	return fmt.Errorf("want what the training was begun with: %s%s", strings.Join(found[:min(most, len(found))], "; "), more)
}

// differences says in what a training differs from one that had the settings
// was, a sentence for each. Each kind of difference is looked for if there is none
// of the kinds before, from which it may follow: other flags make other shapes,
// and with another shape others are drawn to be tested on.
func (s settings) differences(was settings) []string {
	for _, kind := range []func(was settings) []string{s.flags, s.shapes, s.classes} {
		if found := kind(was); len(found) > 0 {
			return found
		}
	}
	return nil
}

// flags says which flags differ.
func (s settings) flags(was settings) (found []string) {
	differ := func(what string, was, now any) {
		if was != now {
			found = append(found, fmt.Sprintf("%s %v, got %v", what, was, now))
		}
	}
	if s.Solids != was.Solids && (s.Solids == 0 || was.Solids == 0) {
		kind := map[bool]string{true: "-data", false: "solids without -data"}
		return []string{fmt.Sprintf("%s, got %s", kind[was.Solids == 0], kind[s.Solids == 0])}
	}
	differ("-solids", was.Solids, s.Solids)
	differ("-model-kind", cmp.Or(was.Kind, "of an earlier version"), s.Kind)
	differ("-start", was.begin(), s.begin())
	differ("-points", was.Points, s.Points)
	differ("-epochs", was.Epochs, s.Epochs)
	differ("-dim", was.Dim, s.Dim)
	differ("-rate", was.Rate, s.Rate)
	differ("-dropout", was.Dropout, s.Dropout)
	differ("-turn", was.Turn, s.Turn)
	differ("-validate", was.Validate, s.Validate)
	differ("-seed", was.Seed, s.Seed)
	differ("-extra", fmt.Sprintf("%.200q", was.Columns), fmt.Sprintf("%.200q", s.Columns))
	return found
}

// begin says what a training begins with.
func (s settings) begin() string {
	if s.Start == "" {
		return "nothing"
	}
	return "a file of the checksum " + strconv.Quote(s.Start)
}

// shapes says which classes and shapes are gone, changed or new.
func (s settings) shapes(was settings) (found []string) {
	say := func(format, name string) { found = append(found, fmt.Sprintf(format, show.Shorten(name, 100))) }
	then, now := was.named(), s.named()
	for _, c := range was.Classes {
		if !now[c.Name] {
			say("class %s, which is gone", strconv.Quote(c.Name))
		}
	}
	for _, c := range s.Classes {
		if !then[c.Name] {
			say("no class %s, which is new", strconv.Quote(c.Name))
		}
	}
	if s.Shapes == nil || was.Shapes == nil {
		return found
	}
	for _, name := range slices.Sorted(maps.Keys(was.Shapes)) {
		if sum, is := s.Shapes[name]; !is {
			say("shape %s, which is gone", name)
		} else if sum != was.Shapes[name] {
			say("shape %s as it was, got it changed", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Shapes)) {
		if _, was := was.Shapes[name]; !was {
			say("no shape %s, which is new", name)
		}
	}
	return found
}

// named returns the names of the classes.
func (s settings) named() map[string]bool {
	set := map[string]bool{}
	for _, c := range s.Classes {
		set[c.Name] = true
	}
	return set
}

// classes says which classes differ, if there are the same: their shapes may be
// in other parts, or too many to be listed.
func (s settings) classes(was settings) (found []string) {
	for i, c := range was.Classes {
		if s.Classes[i] != c {
			found = append(found, s.Classes[i].difference(c))
		}
	}
	return found
}

// difference says how a class differs from what it was.
func (c class) difference(was class) string {
	parts := func(c class) string { return fmt.Sprintf("%d, %d and %d", c.Known, c.Validation, c.Unseen) }
	if parts(c) != parts(was) {
		return fmt.Sprintf("%s shapes of class %.100q to learn from, to validate and to test, got %s", parts(was), c.Name, parts(c))
	}
	return fmt.Sprintf("the shapes of class %.100q as they were, got others", c.Name)
}
