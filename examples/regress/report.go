package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const preface = `# Results

Every table was measured by ` + "`go run ./examples/regress`" + ` with the task and the model of its row; the numbers of
each run are in [results](results), and ` + "`go run ./examples/regress -report docs/results > docs/results.md`" + ` makes
this page of them. Where there are several seeds, a number is their mean ± its standard error; where there is one,
± is the standard error over the sets that the model was tested on.
`

// report writes a page of tables from the results in a folder.
func report(dir string, out io.Writer) error {
	names, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return fmt.Errorf("-report: want results in %s, got none", dir)
	}
	var runs []result
	for _, name := range names {
		r, err := readResult(name)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(tasks(), func(t task) bool { return t.name == r.Task && slices.Contains(t.models, r.Model) }) {
			return fmt.Errorf("%s: want a task and a model of this program, got %q and %q", name, r.Task, r.Model)
		}
		runs = append(runs, r)
	}
	page := preface
	for _, t := range tasks() {
		own := slices.DeleteFunc(slices.Clone(runs), func(r result) bool { return r.Task != t.name || r.Model == t.first })
		if len(own) > 0 {
			page += t.section(own) + pictures(dir, t)
		}
	}
	_, err = io.WriteString(out, page)
	return err
}

// settings are what runs that differ in their seeds have in common.
func (r result) settings() settings { return settings{r.Task, r.Model, r.Steps, r.Rate, r.Fall, 0, ""} }

// section returns the part of the page about one task: a row for all runs that
// differ in nothing but their seeds.
func (t task) section(runs []result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n## %s: %s\n\n%s\n\n", t.name, t.about, t.notes)
	header := []string{"model", "steps", "rate", "seeds"}
	for _, c := range t.columns {
		if header = append(header, c.title); t.published(c.key) {
			header = append(header, "paper")
		}
	}
	header = append(header, "fastest run")
	fmt.Fprintf(&b, "| %s |\n|%s\n", strings.Join(header, " | "), strings.Repeat(" --- |", len(header)))
	slices.SortStableFunc(runs, func(x, y result) int {
		return cmp.Or(
			cmp.Compare(slices.Index(t.models, x.Model), slices.Index(t.models, y.Model)),
			-cmp.Compare(x.Steps, y.Steps), cmp.Compare(x.Fall, y.Fall), -cmp.Compare(x.Rate, y.Rate), cmp.Compare(x.Seed, y.Seed),
		)
	})
	machines := map[string]bool{}
	for len(runs) > 0 {
		n := slices.IndexFunc(runs, func(r result) bool { return r.settings() != runs[0].settings() })
		if n < 0 {
			n = len(runs)
		}
		row := []string{runs[0].Model, fmt.Sprint(runs[0].Steps), fmt.Sprintf("%g, %s", runs[0].Rate, runs[0].Fall), fmt.Sprint(n)}
		for _, c := range t.columns {
			if row = append(row, over(runs[:n], c.key).page()); t.published(c.key) {
				row = append(row, cmp.Or(t.paper[runs[0].Model][c.key], "–"))
			}
		}
		seconds := math.Inf(1)
		for _, r := range runs[:n] {
			seconds = min(seconds, r.Seconds)
			machines[r.Machine] = true
		}
		row = append(row, time.Duration(seconds*float64(time.Second)).Round(time.Second).String())
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
		runs = runs[n:]
	}
	fmt.Fprintf(&b, "\nComputed by %s.\n", strings.Join(slices.Sorted(maps.Keys(machines)), "; "))
	return b.String()
}

// published reports whether the papers have any number for a column.
func (t task) published(key string) bool {
	for _, numbers := range t.paper {
		if numbers[key] != "" {
			return true
		}
	}
	return false
}

// pictures returns the part of the page that shows the pictures of a task that
// lie beside its results.
func pictures(dir string, t task) string {
	var b strings.Builder
	names, _ := filepath.Glob(filepath.Join(dir, t.name+"-*.png")) // no error: the pattern is good
	for _, name := range names {
		base := filepath.Base(name)
		fmt.Fprintf(&b, "\n![%s](%s/%s)\n", strings.TrimSuffix(base, ".png"), filepath.Base(dir), base)
	}
	return b.String()
}

// over returns the mean over runs of one of their numbers, with its standard
// error if there are several, and else with that of the number itself.
func over(runs []result, key string) number {
	if len(runs) == 1 {
		return runs[0].Numbers[key]
	}
	return mean(runs, key)
}

// page returns the number as the page has it.
func (n number) page() string { return fmt.Sprintf("%.4f ± %.4f", n.Value, n.Error) }
