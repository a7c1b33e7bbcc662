package csv

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"setwise/examples/regress/study"
	"setwise/io/table"
)

// A gatherer puts rows into the sets of a table.
type gatherer struct {
	*sets
	seen                    *survey
	set                     int
	targets, numbers, words []int // columns
	numberOf                map[string]int
	numbered                []map[string]int32 // categories
	targetGaps, cells       int
	advice                  string // what to do where cells are missing and may not be
}

// What to do where a cell is missing.
const (
	inLearning   = "-missing mean fills in what is missing"
	inTargets    = "-missing mean takes it from the other rows of the set, and leaves out sets where none has it"
	inPredicting = "the model was trained without missing cells, and one that is trained with -missing mean takes them"
)

// plan decides what columns mean. Given features, it is those that are looked
// for, and there are no targets.
func (g *gatherer) plan(learned []feature) (err error) {
	c := &g.sets.Columns
	g.numberOf, g.advice = map[string]int{}, inLearning
	naming := "-set"
	if learned != nil {
		naming, g.advice = "by which the model tells sets apart", inPredicting
	}
	if g.set, err = g.seen.find(naming, c.Set); err != nil {
		return err
	}
	used := map[int]string{g.set: "-set"}
	find := func(flag string, names []string) (found []int, err error) {
		for _, n := range names {
			i, err := g.seen.find(flag, n)
			if err != nil {
				return nil, err
			}
			if by := used[i]; by == flag {
				return nil, fmt.Errorf("want columns that differ, got %.80q twice for %s", n, flag)
			} else if by != "" {
				return nil, fmt.Errorf("want columns that mean one thing, got %.80q for %s and %s", n, by, flag)
			}
			used[i] = flag
			found = append(found, i)
		}
		return found, nil
	}
	if learned != nil {
		return g.planLearned(learned, find)
	}
	if g.targets, err = find("-target", c.Targets); err != nil {
		return err
	}
	for _, i := range g.targets {
		if err := g.seen.whole(i); err != nil {
			return err
		}
	}
	categories, err := find("-category", c.Categories)
	if err != nil {
		return err
	}
	features, err := find("-features", slices.DeleteFunc(slices.Clone(c.Features), func(n string) bool { return slices.Contains(c.Categories, n) }))
	if err != nil {
		return err
	}
	if n := len(g.seen.columns[g.set].words); n == 1 {
		return tooFew(n, c.Set)
	}
	var left []string
	for i, name := range g.seen.names {
		asked, category := slices.Contains(features, i), slices.Contains(categories, i)
		if i == g.set || slices.Contains(g.targets, i) || len(features) > 0 && !asked && !category {
			continue
		}
		v, why, err := g.seen.judge(i, asked, category)
		if err != nil {
			return err
		}
		switch v {
		case unused:
			left = append(left, fmt.Sprintf("column %d, %.40q, %s", i+1, name, why))
			continue
		case numeric:
			g.numbers = append(g.numbers, i)
		case categorical:
			g.words = append(g.words, i)
		}
		if _, err := g.seen.find("-features", name); err != nil {
			return err
		}
	}
	for _, l := range left[:min(20, len(left))] {
		g.note("not used: %s", l)
	}
	if n := len(left) - 20; n > 0 {
		g.note("not used: %d more columns", n)
	}
	if n := len(g.numbers) + len(g.words); n < 1 || n > mostFeatures {
		return fmt.Errorf("want 1 to %d columns to predict from, besides those of -set and -target, got %d; -features names them%s", mostFeatures, n, because(left))
	}
	g.begin()
	return nil
}

// because lists why columns are not used, for an error.
func because(left []string) string {
	if len(left) == 0 {
		return ""
	}
	return "; not used: " + strings.Join(left[:min(5, len(left))], "; ")
}

// planLearned is plan for a table to predict for.
func (g *gatherer) planLearned(learned []feature, find func(string, []string) ([]int, error)) error {
	for _, f := range learned {
		at, err := find("from which the model predicts", []string{f.Name})
		if err != nil {
			return err
		}
		if f.Categories != nil {
			g.words = append(g.words, at[0])
			continue
		}
		if err := g.seen.whole(at[0]); err != nil {
			return err
		}
		g.numbers = append(g.numbers, at[0])
	}
	var left []string
	for i, name := range g.seen.names {
		if i != g.set && !slices.Contains(g.words, i) && !slices.Contains(g.numbers, i) {
			left = append(left, name)
		}
	}
	if len(left) > 0 {
		g.note("not used, for the model does not predict from them: %s", listed(left))
	}
	g.begin()
	return nil
}

// begin makes room for what is planned.
func (g *gatherer) begin() {
	for _, i := range g.numbers {
		g.sets.numbers = append(g.sets.numbers, g.seen.names[i])
	}
	for _, i := range g.words {
		g.sets.words = append(g.sets.words, g.seen.names[i])
		g.numbered = append(g.numbered, map[string]int32{})
	}
	g.sets.known = make([][]string, len(g.words))
	g.gaps, g.marks = make([]int, len(g.numbers)), make([]map[string]int, len(g.words))
	if g.seen.comma {
		g.note("decimal commas: numbers are read as 1,5 for one and a half")
	}
}

func (t *sets) note(format string, args ...any) {
	t.notes = append(t.notes, fmt.Sprintf(format, args...))
}

// add takes a row.
func (g *gatherer) add(cells []string, line int) error {
	id := strings.TrimSpace(cells[g.set])
	if table.KindOf(id) == table.Missing {
		return fmt.Errorf("column %.80q: want the name of a set, got %s, which no treatment of missing cells fills in", g.Set, nothing(id))
	}
	i, ok := g.numberOf[id]
	if !ok {
		if i = len(g.samples); i == mostSets {
			return fmt.Errorf("want at most %d sets, got more", mostSets)
		}
		id = strings.Clone(id)
		g.numberOf[id] = i
		g.samples = append(g.samples, &sample{id: id, line: line})
		g.sets.targets = append(g.sets.targets, slices.Repeat([]float64{math.NaN()}, len(g.targets)))
	}
	if g.cells += len(g.numbers) + len(g.words); g.cells > mostNumbers {
		return fmt.Errorf("want at most %d cells to learn from, got more", mostNumbers)
	}
	s := g.samples[i]
	s.rows++
	g.rows++
	s.lines = append(s.lines, int32(line))
	for k, at := range g.targets {
		y, err := g.cell(cells, at, inTargets)
		if isMissing(err) && g.Missing == study.Fill {
			g.targetGaps++
			continue
		} else if err != nil {
			return err
		}
		was := &g.sets.targets[i][k]
		if !math.IsNaN(*was) && *was != y {
			return fmt.Errorf("column %.80q: want one number for all rows of a set, %v as set %.40q has it from line %d on, got %v", g.seen.names[at], *was, s.id, s.line, y)
		}
		*was = y
	}
	for k, at := range g.numbers {
		x, err := g.cell(cells, at, g.advice)
		if isMissing(err) && g.Missing == study.Fill {
			g.gaps[k]++
			x = math.NaN()
		} else if err != nil {
			return err
		}
		s.numbers = append(s.numbers, x)
	}
	for k, at := range g.words {
		word := strings.TrimSpace(cells[at])
		if table.KindOf(word) == table.Missing {
			if g.Missing == study.Refuse {
				return fmt.Errorf("column %.80q: want a category, got %s; %s", g.seen.names[at], nothing(word), g.adviceFor(word))
			}
			if g.marks[k] == nil {
				g.marks[k] = map[string]int{}
			}
			g.marks[k][strings.Clone(word)]++
			word = missingMark
		}
		n, ok := g.numbered[k][word]
		if !ok {
			word = strings.Clone(word)
			n = int32(len(g.numbered[k]))
			g.numbered[k][word] = n
			g.sets.known[k] = append(g.sets.known[k], word)
		}
		s.words = append(s.words, n)
	}
	return nil
}

// adviceFor says what to do where a category is missing and may not be. A model that
// was trained without missing cells knows no word for nothing as a category.
func (g *gatherer) adviceFor(word string) string {
	if g.advice == inPredicting {
		return g.advice
	}
	return g.advice + otherwise(word)
}

// cell reads the number in a column, and says what to do if it is missing and may
// not be.
func (g *gatherer) cell(cells []string, at int, advice string) (float64, error) {
	x, err := readNumber(cells[at], g.seen.comma)
	if isMissing(err) && g.Missing == study.Refuse {
		return 0, fmt.Errorf("column %.80q: %w; %s", g.seen.names[at], err, advice)
	} else if err != nil {
		return 0, fmt.Errorf("column %.80q: %w", g.seen.names[at], err)
	}
	return x, nil
}

// finish checks what was gathered, if it is to be learned from.
func (g *gatherer) finish(learning bool) error {
	t := g.sets
	if !learning {
		return nil
	}
	if err := t.dropBare(g.targetGaps); err != nil {
		return err
	}
	if len(t.samples) == 1 {
		return tooFew(1, t.Set)
	}
	for k, name := range t.Targets {
		if err := t.checkSpread(name, func(s int) []float64 { return t.targets[s][k : k+1] }, 1, true); err != nil {
			return err
		}
	}
	for k, name := range t.numbers {
		if err := t.checkSpread(name, func(s int) []float64 { return t.samples[s].numbers[k:] }, len(t.numbers), false); err != nil {
			return err
		}
		if n := t.gaps[k]; n > 0 {
			t.note("missing: %d of %d cells of %.40q: the mean of the column stands there, beside a mark that it is missing", n, t.rows, name)
		}
	}
	all := 0
	for k, name := range t.words {
		if all += len(t.known[k]); all > mostKnown {
			return fmt.Errorf("want at most %d categories in all columns, got more; -features names those to use", mostKnown)
		}
		t.noteCategories(k, name)
	}
	return nil
}
