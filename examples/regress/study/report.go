package study

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const preface = `# Results

Under every table are the commands that repeat its rows, in their order. The numbers of each run are in
[results](results), and ` + "`go run ./examples/regress -report examples/regress/results > examples/regress/RESULTS.md`" + ` makes this page of them.
A number of several seeds is their mean, with its standard error over the seeds; a number of one seed has the standard error
over the test sets, which is another matter. "paper" is the paper's number for the model of that row, – where it has none.
The results in examples/regress/results were recorded when chance was drawn in another order: the same seed gives other numbers
today, which differ from these as those of another seed would.

A model is an encoder and a pooling, such as isab32+pma. Encoders: rff, a feed-forward network applied to every
element; rffp-mean and rffp-max, the same with permutation-equivariant layers; sab, self-attention; isab32, induced self-attention
with 32 inducing points. Poolings: mean (also pool), sum, max, dotprod (dot products of elements), and pma, attention.
`

// report writes a page of tables from the results in a folder.
func report(tasks []Task, dir string, out io.Writer) error {
	names, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return fmt.Errorf("-report: want results in %s, got none", dir)
	}
	var runs []Result
	for _, name := range names {
		r, err := ReadResult(name)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(tasks, func(t Task) bool { return t.Name == r.Task && slices.Contains(t.Models, r.Model) }) {
			return fmt.Errorf("%s: want a task and a model of this program, got %q and %q", name, r.Task, r.Model)
		}
		runs = append(runs, r)
	}
	page := preface
	for _, t := range tasks {
		own := slices.DeleteFunc(slices.Clone(runs), func(r Result) bool { return r.Task != t.Name || r.Model == t.First })
		if len(own) > 0 {
			page += t.section(own) + pictures(dir, t)
		}
	}
	_, err = io.WriteString(out, page)
	return err
}

// compare puts runs in the order of rows. It is 0 for those that differ in nothing
// but their seeds.
func (t Task) compare(x, y Result) int {
	return cmp.Or(
		cmp.Compare(slices.Index(t.Models, x.Model), slices.Index(t.Models, y.Model)),
		-cmp.Compare(x.Steps, y.Steps), cmp.Compare(x.Fall, y.Fall), -cmp.Compare(x.Rate, y.Rate),
		cmp.Compare(x.Data, y.Data), cmp.Compare(x.Table.Line(), y.Table.Line()), -cmp.Compare(x.Sets, y.Sets),
	)
}

// section returns the part of the page about one task: a row for all runs that
// differ in nothing but their seeds.
func (t Task) section(runs []Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n## %s: %s\n\n%s\n\n", t.Name, t.About, t.Notes)
	header := []string{"model", "steps", "rate", "seeds"}
	for _, c := range t.Measures {
		if header = append(header, c.Title); t.published(c.Key) {
			header = append(header, "paper")
		}
	}
	header = append(header, "fastest run")
	fmt.Fprintf(&b, "| %s |\n|%s\n", strings.Join(header, " | "), strings.Repeat(" --- |", len(header)))
	slices.SortStableFunc(runs, func(x, y Result) int { return cmp.Or(t.compare(x, y), cmp.Compare(x.Seed, y.Seed)) })
	var commands, machines []string
	for len(runs) > 0 {
		n := slices.IndexFunc(runs, func(r Result) bool { return t.compare(r, runs[0]) != 0 })
		if n < 0 {
			n = len(runs)
		}
		row := []string{runs[0].Model, fmt.Sprint(runs[0].Steps), fmt.Sprintf("%g, %s", runs[0].Rate, runs[0].Fall), fmt.Sprint(n)}
		for _, c := range t.Measures {
			if row = append(row, over(runs[:n], c.Key)); t.published(c.Key) {
				row = append(row, cmp.Or(t.Paper[runs[0].Model][c.Key], "–"))
			}
		}
		fastest := slices.MinFunc(runs[:n], func(x, y Result) int { return cmp.Compare(x.Seconds, y.Seconds) })
		at := slices.Index(machines, fastest.Machine)
		if at < 0 {
			at = len(machines)
			machines = append(machines, fastest.Machine)
		}
		row = append(row, fmt.Sprintf("%s (%d)", duration(fastest.Seconds).Round(time.Second), at+1))
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
		commands = append(commands, t.commands(runs[:n])...)
		runs = runs[n:]
	}
	b.WriteString("\nMachines:")
	for i, m := range machines {
		fmt.Fprintf(&b, " (%d) %s.", i+1, m)
	}
	fmt.Fprintf(&b, "\n\n```\n%s\n```\n", strings.Join(commands, "\n"))
	return b.String()
}

// published reports whether the papers have any number for a column.
func (t Task) published(key string) bool {
	for _, numbers := range t.Paper {
		if numbers[key] != "" {
			return true
		}
	}
	return false
}

// pictures returns the part of the page that shows the pictures of a task that
// lie beside its results.
func pictures(dir string, t Task) string {
	var b strings.Builder
	names, _ := filepath.Glob(filepath.Join(dir, t.Name+"-*.png")) // no error: the pattern is good
	for _, name := range names {
		base := filepath.Base(name)
		fmt.Fprintf(&b, "\n![%s](%s/%s)\n", strings.TrimSuffix(base, ".png"), filepath.Base(dir), base)
	}
	return b.String()
}

// over returns the mean over runs of one of their numbers as the page has it, with
// its standard error if there are several, and else with that of the number
// itself.
func over(runs []Result, key string) string {
	m, ok := mean(runs, key)
	if !ok {
		return "–"
	}
	if len(runs) == 1 {
		m = runs[0].Numbers[key]
	}
	return m.Page()
}
