package study

import (
	"fmt"
	"slices"
)

// belong reports a flag that was given and would be ignored.
func (o *Options) belong(given []string) error {
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
		case slices.Contains(ofTable(), g) && o.Task.Predict == nil:
			return fmt.Errorf("-%s: want it with -task csv alone, got task %s; -task csv learns from a table", g, o.Task.Name)
		case g == "data" && o.Task.Data == (Data{}):
			return fmt.Errorf("-data: want a task that reads data, got task %s, which makes its own; -task csv learns from a table", o.Task.Name)
		}
	}
	return nil
}
