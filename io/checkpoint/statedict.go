package checkpoint

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"setwise/io/tensor"
)

// Found says where in a file the weights of a model were.
type Found struct {
	Prefix  string   // cut off the front of the names of all weights, such as "state_dict.model."; "" for nothing
	Ignored []string // tensors that were left out, such as the memory of an optimizer, in order
	Rounded []string // weights in float64, which were rounded to float32, in order
}

// String says it in a line, nothing if there is nothing to say.
func (f Found) String() string {
	var parts []string
	if f.Prefix != "" {
		parts = append(parts, fmt.Sprintf("took the weights below %q", cut(f.Prefix, 150)))
	}
	if n := len(f.Ignored); n > 0 {
		parts = append(parts, fmt.Sprintf("left out %d tensors: %s", n, first(f.Ignored)))
	}
	if n := len(f.Rounded); n > 0 {
		parts = append(parts, fmt.Sprintf("rounded %d from float64: %s", n, first(f.Rounded)))
	}
	return strings.Join(parts, "; ")
}

var (
	// holders are what programs call the weights beside other things that they
	// save.
	holders = []string{"state_dict", "model_state_dict", "model_state", "net_state_dict"}
	// others are what they call tensors of training.
	others = []string{
		"optimizer", "optimizers", "optim", "opt", "optimizer_state_dict", "optimizer_state", "optimizer_states", "optim_state_dict",
		"scheduler", "schedulers", "lr_scheduler", "lr_schedulers", "scheduler_state_dict", "lr_scheduler_state_dict",
		"callbacks", "loops", "scaler", "grad_scaler", "scaler_state_dict", "amp", "rng_state", "rng_states", "random_state", "hyper_parameters",
	}
	// wrappers are what they put in front of all names.
	wrappers = []string{"model", "module", "_orig_mod", "net", "network"}
)

// StateDict returns the weights of a model among the tensors of a file, and what
// was done to find them: weights in a state_dict, or model_state_dict and the
// like, are taken out of it; otherwise the memory of an optimizer and what else
// belongs to a training is left out; and what Lightning, data parallelism and
// torch.compile put in front of all names (model., module., _orig_mod., net.,
// network.) is cut off. Tensors are those of the file.
func StateDict(tensors map[string]*tensor.Tensor) (map[string]*tensor.Tensor, Found) {
	stages := unwrap(tensors)
	last := stages[len(stages)-1]
	return last.weights, last.found
}

// A stage is what a file holds after some of it was unwrapped.
type stage struct {
	weights map[string]*tensor.Tensor
	found   Found
}

// mostStages bounds them, for names come from a file.
const mostStages = 12

// unwrap returns the tensors as they are, and after each step of [StateDict].
func unwrap(tensors map[string]*tensor.Tensor) []stage {
	stages := []stage{{weights: tensors}}
	for len(stages) < mostStages {
		s := stages[len(stages)-1]
		next, ok := s.hold()
		if !ok {
			next, ok = s.drop()
		}
		if !ok {
			next, ok = s.strip()
		}
		if !ok {
			break
		}
		stages = append(stages, next)
	}
	return stages
}

// hold takes the weights out of what holds them.
func (s stage) hold() (stage, bool) {
	for _, name := range holders {
		if s.has(name) {
			return s.below(name), true
		}
	}
	return s, false
}

// drop leaves out what belongs to a training.
func (s stage) drop() (stage, bool) {
	kept := maps.Clone(s.weights)
	maps.DeleteFunc(kept, func(name string, _ *tensor.Tensor) bool { return slices.Contains(others, head(name)) })
	if len(kept) == len(s.weights) || len(kept) == 0 {
		return s, false
	}
	return s.without(kept), true
}

// strip cuts off what all names begin with, if that is a wrapper.
func (s stage) strip() (stage, bool) {
	for name := range s.weights {
		if slices.Contains(wrappers, head(name)) {
			return s.common()
		}
		break
	}
	return s, false
}

// common cuts off what all names begin with, up to the first dot.
func (s stage) common() (stage, bool) {
	for name := range s.weights {
		if front := head(name); front != "" {
			next := s.below(front)
			return next, len(next.weights) == len(s.weights)
		}
		break
	}
	return s, false
}

// head returns what is before the first dot of a name, "" if there is none.
func head(name string) string {
	front, _, _ := strings.Cut(name, ".")
	if front == name {
		return ""
	}
	return front
}

func (s stage) has(front string) bool {
	for name := range s.weights {
		if head(name) == front {
			return true
		}
	}
	return false
}

// below keeps what is below a name.
func (s stage) below(front string) stage {
	kept := map[string]*tensor.Tensor{}
	for name, t := range s.weights {
		if head(name) == front {
			kept[name] = t
		}
	}
	next := s.without(kept)
	next.weights = map[string]*tensor.Tensor{}
	for name, t := range kept {
		next.weights[name[len(front)+1:]] = t
	}
	next.found.Prefix += front + "."
	return next
}

// without keeps some of the weights.
func (s stage) without(kept map[string]*tensor.Tensor) stage {
	next := stage{kept, Found{Prefix: s.found.Prefix, Ignored: slices.Clone(s.found.Ignored)}}
	for name := range s.weights {
		if kept[name] == nil {
			next.found.Ignored = append(next.found.Ignored, s.found.Prefix+name)
		}
	}
	slices.Sort(next.found.Ignored)
	return next
}
