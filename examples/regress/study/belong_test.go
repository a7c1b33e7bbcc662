package study

import (
	"flag"
	"io"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// some are tasks that make their own examples, read data, and learn from a table.
func some() []Task {
	made := Task{
		Models: []string{"rff+max"}, Steps: 20_000, Sets: 10_000, Rate: 1e-3, Fall: "cosine", Measures: []Measure{{"rmse", "RMSE"}, {"mae", "MAE"}},
	}
	named := func(name string, d Data) Task {
		t := made
		t.Name, t.Data = name, d
		return t
	}
	table := named("csv", Data{Files: "a table"})
	table.Fall, table.Sets, table.Predict = Plateau, Most, func(_, _ string, _ io.Reader, _, _ io.Writer) error { return nil }
	return []Task{
		named("max", Data{}), named("clustering", Data{}), named("digits", Data{"digits", "mnist"}), named("unique", Data{"characters", "omniglot"}), named("process", Data{}), table,
	}
}

// A flag that would be ignored is an error that names it and what it does not go
// with.
func TestFlagsBelong(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-data", "a.csv", "-set", "basket", "-target", "days"}, "-data: want a task that reads data, got task max"},
		{[]string{"-set", "basket"}, "-set: want it with -task csv alone, got task max"},
		{[]string{"-target", "days"}, "-target: want it with -task csv alone, got task max"},
		{[]string{"-features", "x", "-task", "digits"}, "-features: want it with -task csv alone, got task digits"},
		{[]string{"-category", "x", "-task", "unique"}, "-category: want it with -task csv alone, got task unique"},
		{[]string{"-missing", "mean", "-task", "clustering"}, "-missing: want it with -task csv alone, got task clustering"},
		{[]string{"-missing", "refuse"}, "-missing: want it with -task csv alone, got task max"},
		{[]string{"-data", "x", "-task", "process"}, "-data: want a task that reads data, got task process"},
		{[]string{"-predict", "a.csv", "-model", "m", "-steps", "5"}, "-steps: want no -steps beside -predict"},
		{[]string{"-predict", "a.csv", "-model", "m", "-target", "x"}, "-target: want no -target beside -predict"},
		{[]string{"-predict", "a.csv", "-model", "m", "-task", "csv"}, "-task: want no -task beside -predict"},
		{[]string{"-report", "docs", "-seed", "1"}, "-seed: want no -seed beside -report"},
		{[]string{"-report", "docs", "-predict", "a.csv"}, "-predict: want no -predict beside -report"},
		{[]string{"-steps", "0"}, "-steps: want 1 to"},
		{[]string{"-rate", "0"}, "-rate: want more than 0"},
		{[]string{"-sets", "0"}, "-sets: want 2 to"},
		{[]string{"-model", ""}, "-model: want one of"},
		{[]string{"-fall", ""}, "-fall: want one of"},
	} {
		_, err := parse(some(), c.args, io.Discard)
		require.ErrorContains(t, err, c.want, "%q", c.args)
	}
	for _, args := range [][]string{
		{}, {"-task", "digits", "-data", "folder"}, {"-report", "docs"}, {"-predict", "-", "-model", "m"}, {"-seeds", "3", "-resume", "-machine", "mine", "-out", "o"},
		{"-task", "csv", "-data", "a.csv", "-set", "basket", "-target", "days", "-target", "price, net", "-features", "x", "-category", "k", "-missing", "mean"},
	} {
		o, err := parse(some(), args, io.Discard)
		require.NoError(t, err, "%q", args)
		if slices.Contains(args, "-category") {
			require.Equal(t, Columns{"basket", []string{"days", "price, net"}, []string{"x"}, []string{"k"}, "mean"}, o.Table)
		}
	}
	_, err := parse(some(), []string{"-help"}, io.Discard)
	require.ErrorIs(t, err, flag.ErrHelp)
}
