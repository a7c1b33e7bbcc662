package optim

import (
	"fmt"
	"maps"
	"slices"

	"setwise/set"
)

// State is what an optimizer remembers between steps: how many it has taken,
// and for each kind of memory the numbers of each parameter, by its name. A
// parameter that no step has concerned yet has none.
type State struct {
	Step    int
	Moments map[string]map[string][]float32
}

// memory is one kind of memory, by the names of parameters.
type memory map[string][]float32

// of returns the memory of a weight, zero at first.
func (m *memory) of(w Weight) []float32 {
	if *m == nil {
		*m = memory{}
	}
	own := (*m)[w.Name]
	if own == nil {
		own = make([]float32, len(w.Data))
		(*m)[w.Name] = own
	}
	if len(own) != len(w.Data) {
		panic(set.Mismatch("optim.Step", "%d numbers in parameter %s as before, got %d", len(own), w.Name, len(w.Data)))
	}
	return own
}

// restore copies the memory of s, which must have just the given kinds, and of
// each parameter all of them or none.
func (s State) restore(weights []Weight, kinds ...string) ([]memory, error) {
	if s.Step < 0 {
		return nil, fmt.Errorf("optim: state: want a step from 0, got %d", s.Step)
	}
	for _, kind := range kinds {
		if _, ok := s.Moments[kind]; !ok {
			return nil, fmt.Errorf("optim: state: want memory %q, got none", kind)
		}
	}
	known := map[string]Weight{}
	for _, w := range weights {
		known[w.Name] = w
	}
	all := make([]memory, len(kinds))
	for _, kind := range slices.Sorted(maps.Keys(s.Moments)) {
		k := slices.Index(kinds, kind)
		if k < 0 {
			return nil, fmt.Errorf("optim: state: want no memory but %q, got %.100q", kinds, kind)
		}
		of := s.Moments[kind]
		if s.Step == 0 && len(of) > 0 {
			return nil, fmt.Errorf("optim: state: %s: want none before the first step, got some", kind)
		}
		for _, name := range slices.Sorted(maps.Keys(of)) {
			x, w := of[name], known[name]
			switch {
			case w.Param == nil:
				return nil, fmt.Errorf("optim: state: %s: want memory of the parameters of the model, got some of %.100q", kind, name)
			case len(x) != len(w.Data):
				return nil, fmt.Errorf("optim: state: %s: parameter %s: want %d numbers, got %d", kind, name, len(w.Data), len(x))
			}
			for j, v := range x {
				if v-v != 0 {
					return nil, fmt.Errorf("optim: state: %s: parameter %s: want finite numbers, got %g at %d", kind, name, v, j)
				}
			}
			if all[k] == nil {
				all[k] = memory{}
			}
			all[k][name] = slices.Clone(x)
		}
	}
	for k, m := range all {
		for _, w := range weights {
			if has, want := m[w.Name] != nil, all[0][w.Name] != nil; has != want {
				return nil, fmt.Errorf("optim: state: parameter %s: want memory %q together, got %t for %s and %t for %s", w.Name, kinds, want, kinds[0], has, kinds[k])
			}
		}
	}
	return all, nil
}
