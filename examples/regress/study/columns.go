package study

import (
	"errors"
	"flag"
	"strings"
)

// Treatments of missing cells.
const (
	Refuse = "refuse" // an error
	Fill   = "mean"   // the mean of the column, and a mark that it was missing
)

// Columns say what the columns of a table of the user's mean, by their names.
type Columns struct {
	Set        string   `json:"set"`                  // which set the row is of
	Targets    []string `json:"targets"`              // the numbers to predict, the same in all rows of a set
	Features   []string `json:"features,omitempty"`   // what to predict from; none is all that can be used
	Categories []string `json:"categories,omitempty"` // features whose numbers are names of categories
	Missing    string   `json:"missing"`              // refuse or mean
}

// flags returns the flags that say the same.
func (c Columns) flags() []string {
	out := []string{"-set", c.Set}
	for _, f := range []struct {
		name   string
		values []string
	}{{"-target", c.Targets}, {"-features", c.Features}, {"-category", c.Categories}} {
		for _, v := range f.values {
			out = append(out, f.name, v)
		}
	}
	if c.Missing != Refuse {
		out = append(out, "-missing", c.Missing)
	}
	return out
}

// Line returns the flags that say the same, if c is not nil, as a shell reads them.
func (c *Columns) Line() string {
	if c == nil {
		return ""
	}
	return line(c.flags())
}

// ofTable are the flags that say what the columns of a table mean.
func ofTable() []string { return []string{"set", "target", "features", "category", "missing"} }

// define adds those flags.
func (c *Columns) define(f *flag.FlagSet) {
	f.StringVar(&c.Set, "set", "set", "`column` of a table that tells which set a row is of (task csv)")
	f.Func("target", "`column` of a table to predict; again for more (task csv, default target)", another(&c.Targets))
	f.Func("features", "`column` of a table to predict from; again for more (task csv, default all that can be used)", another(&c.Features))
	f.Func("category", "`column` of a table whose numbers are names of categories; again for more (task csv)", another(&c.Categories))
	f.StringVar(&c.Missing, "missing", Refuse, "what a missing cell is: `refuse`, an error, or mean, the mean of its column and a mark, in columns of categories a mark alone (task csv)")
}

// another returns a function that adds what a flag gives to names.
func another(names *[]string) func(string) error {
	return func(s string) error {
		if s = strings.TrimSpace(s); s == "" {
			return errors.New("want the name of a column")
		}
		*names = append(*names, s)
		return nil
	}
}
