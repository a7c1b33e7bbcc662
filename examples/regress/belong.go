package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

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

// ofTable are the flags that say what the columns of a table mean.
var ofTable = []string{"set", "target", "features", "category", "missing"}

// belong reports a flag that was given and would be ignored.
func (o *options) belong(given []string) error {
	for _, mode := range []struct {
		flag string
		with []string
	}{{"report", nil}, {"predict", []string{"model"}}} {
		if !slices.Contains(given, mode.flag) {
			continue
		}
		for _, g := range given {
			if g != mode.flag && !slices.Contains(mode.with, g) {
				return fmt.Errorf("-%s: want no -%s beside -%s, which has no use for it", g, g, mode.flag)
			}
		}
		return nil
	}
	for _, g := range given {
		switch {
		case slices.Contains(ofTable, g) && o.task.name != fromTable().name:
			return fmt.Errorf("-%s: want it with -task csv alone, got task %s; -task csv learns from a table", g, o.task.name)
		case g == "data" && o.task.data == (source{}):
			return fmt.Errorf("-data: want a task that reads data, got task %s, which makes its own; -task csv learns from a table", o.task.name)
		}
	}
	return nil
}
