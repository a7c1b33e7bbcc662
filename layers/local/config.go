package local

import (
	"fmt"
	"math"

	"setwise/pointcloud"
	"setwise/set"
)

// Config describes a [Network], and is saved as JSON beside its weights. In and
// Out have no defaults.
type Config struct {
	In  int `json:"in"`  // width of the elements of a set, of which the first three columns are places
	Out int `json:"out"` // width of what comes out: classes, or numbers to predict

	Stages  []Stage `json:"stages,omitempty"`  // none means DefaultStages
	Dim     int     `json:"dim,omitempty"`     // width of the tokens that the last stage leaves; 0 means 512
	Blocks  int     `json:"blocks,omitempty"`  // SABs over tokens, which are then pooled by a PMA; 0 means a linear layer, and Max
	Heads   int     `json:"heads,omitempty"`   // of these; 0 means 4
	Hidden  int     `json:"hidden,omitempty"`  // of the head; 0 means 256
	Dropout float32 `json:"dropout,omitempty"` // in the head

	// Points asks for an answer for every point, an element of width Out for
	// each of x, instead of one for each set.
	Points bool `json:"points,omitempty"`
	Back   int  `json:"back,omitempty"` // width on the way back to the points; 0 means 64
}

// A Stage describes a [Group].
type Stage struct {
	Groups pointcloud.Groups `json:"groups"`
	Unit   float32           `json:"unit,omitempty"`   // see Group
	Points []int             `json:"points,omitempty"` // widths of linear layers with ReLUs on every point
	Dim    int               `json:"dim"`              // width of the layer that sees where points lie from their centre
	Pairs  []int             `json:"pairs,omitempty"`  // widths of those on every pair of a centre and a point, after it
}

// DefaultStages returns the stages of a network for clouds of 512 to 1,024
// points in the unit sphere: 96 centres with 16 points each, and 32 of those with
// 12 of them. The units are how wide such groups are on a sphere, 2 √(near/points).
func DefaultStages() []Stage {
	return []Stage{
		{Groups: pointcloud.Groups{Centres: 96, Near: 16}, Unit: 0.3, Points: []int{32}, Dim: 64},
		{Groups: pointcloud.Groups{Centres: 32, Near: 12}, Unit: 0.7, Points: []int{128}, Dim: 256},
	}
}

// A Config may come from a file, so its sizes are bounded, each by itself and
// by the memory that the parameters take.
const (
	limit       = 1 << 16
	mostLayers  = 64
	mostNumbers = 1 << 28
)

// filled returns c with its defaults.
func (c Config) filled() Config {
	if len(c.Stages) == 0 {
		c.Stages = DefaultStages()
	}
	for _, f := range []struct {
		field     *int
		otherwise int
	}{{&c.Dim, 512}, {&c.Heads, 4}, {&c.Hidden, 256}, {&c.Back, 64}} {
		if *f.field == 0 {
			*f.field = f.otherwise
		}
	}
	return c
}

// A number is one of a configuration, and the range it may be in.
type number struct {
	name               string
	value, least, most int
}

// within returns an error for the first number that is out of its range.
func within(numbers ...number) error {
	for _, n := range numbers {
		if n.value < n.least || n.value > n.most {
			return fmt.Errorf("want %s from %d to %d, got %d", n.name, n.least, n.most, n.value)
		}
	}
	return nil
}

// Validate reports what is wrong with c, if anything.
func (c Config) Validate() error {
	if err := c.filled().validate(); err != nil {
		return fmt.Errorf("local: config: %w", err)
	}
	return nil
}

func (c Config) validate() error {
	err := within(number{"in", c.In, wide, limit}, number{"out", c.Out, 1, limit}, number{"dim", c.Dim, 1, limit}, number{"heads", c.Heads, 1, limit},
		number{"hidden", c.Hidden, 1, limit}, number{"back", c.Back, 1, limit}, number{"blocks", c.Blocks, 0, mostLayers}, number{"stages", len(c.Stages), 1, mostLayers})
	if err != nil {
		return err
	}
	for i, s := range c.Stages {
		if err := s.validate(); err != nil {
			return fmt.Errorf("stage %d: %w", i, err)
		}
	}
	switch n := c.numbers(); {
	case !(c.Dropout >= 0 && c.Dropout < 1):
		return fmt.Errorf("want a dropout of at least 0 and below 1, got %v", c.Dropout)
	case c.Blocks > 0 && c.Dim%c.Heads != 0:
		return fmt.Errorf("want a dim that %d heads divide, got %d", c.Heads, c.Dim)
	case n > mostNumbers:
		return fmt.Errorf("want at most %d numbers in the parameters, got %.3g", mostNumbers, n)
	}
	return nil
}

func (s Stage) validate() error {
	if err := s.Groups.Validate(); err != nil {
		return err
	}
	if !(s.Unit >= 0 && s.Unit <= math.MaxFloat32) {
		return fmt.Errorf("want a unit of 0 or more, got %v", s.Unit)
	}
	if err := within(number{"dim", s.Dim, 1, limit}, number{"layers", len(s.Points) + len(s.Pairs), 0, mostLayers}); err != nil {
		return err
	}
	for _, n := range s.Points {
		if err := within(number{"points", n, 1, limit}); err != nil {
			return err
		}
	}
	for _, n := range s.Pairs {
		if err := within(number{"pairs", n, 1, limit}); err != nil {
			return err
		}
	}
	return nil
}

// Count returns how many numbers the parameters of the network hold that c, if
// it is valid, describes, without building it.
func (c Config) Count() int { return int(min(c.filled().numbers(), math.MaxInt32)) }

// numbers is Count, for sizes within the limits.
func (c Config) numbers() float64 {
	linear := func(in, out int) float64 { return float64((float64(in) + 1) * float64(out)) }
	total, in := 0.0, c.In
	var before []int
	for _, s := range c.Stages {
		if !s.Groups.Every() {
			before = append(before, in)
		}
		first := in
		if len(s.Points) > 0 {
			for _, n := range s.Points {
				total, in = total+linear(in, n), n
			}
			first = wide + in
		}
		total, in = total+linear(first, s.Dim), s.Dim
		for _, n := range s.Pairs {
			total, in = total+linear(in, n), n
		}
		in += wide
	}
	mab := func(in int) float64 { return float64(3*linear(in, c.Dim)) + linear(c.Dim, c.Dim) }
	width := in
	for range c.Blocks {
		total, width = total+mab(width), c.Dim
	}
	if c.Blocks > 0 {
		total += float64(c.Dim) + mab(c.Dim)
	} else {
		total += linear(in, c.Dim)
	}
	if !c.Points {
		return total + linear(c.Dim, c.Hidden) + linear(c.Hidden, c.Out)
	}
	coarse := wide + 2*c.Dim
	for i := len(before) - 1; i >= 0; i-- {
		total += linear(before[i], c.Back) + float64(float64(coarse)*float64(c.Back)) + linear(c.Back, c.Back)
		coarse = wide + c.Back
	}
	return total + linear(coarse-wide, c.Hidden) + linear(c.Hidden, c.Out)
}

// Prepare finds the groups of all stages of the network that c describes ahead
// of a training: see [pointcloud.Prepare]. It is an error if c is not valid, or a
// place is not finite.
func (c Config) Prepare(x set.Batch) (set.Batch, error) {
	if err := c.Validate(); err != nil {
		return x, err
	}
	var stages []pointcloud.Groups
	for _, s := range c.filled().Stages {
		stages = append(stages, s.Groups)
	}
	back := 0
	if c.Points {
		back = (&Interpolate{}).near()
	}
	return pointcloud.Prepare(x, back, stages...)
}
