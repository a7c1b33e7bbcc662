package classifier

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"setwise/layers"
	"setwise/layers/local"
	"setwise/set"
)

// A Config describes the network of a classifier, which is one of these. As JSON
// it is strict: a field that is not known is an error.
type Config struct {
	Set   *layers.Config `json:"set,omitempty"`   // a Set Transformer, to which points are bare
	Local *local.Config  `json:"local,omitempty"` // a network of local groups of points
}

// UnmarshalJSON reads a configuration. One of a Set Transformer alone, without a
// word of what it is, stands in files of before there was a choice.
func (c *Config) UnmarshalJSON(text []byte) error {
	var read struct { // without this method
		Set   *layers.Config `json:"set"`
		Local *local.Config  `json:"local"`
	}
	var old layers.Config
	err := strict(text, &read)
	switch {
	case err == nil:
		*c = Config(read)
	case strict(text, &old) == nil:
		*c = Config{Set: &old}
	default:
		return fmt.Errorf("network: %w", err)
	}
	return nil
}

// strict is json.Unmarshal that refuses fields that v does not have.
func strict(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

// Validate reports what is wrong with c, if anything.
func (c Config) Validate() error {
	switch {
	case (c.Set == nil) == (c.Local == nil):
		return errors.New("want a network that is either set or local, got both or neither")
	case c.Set != nil:
		return c.Set.Validate()
	case c.Local.Points:
		return errors.New("want a network that tells what a cloud is, got one that tells of its points")
	}
	return c.Local.Validate()
}

// Count returns how many numbers the parameters of the network hold that c, if it
// is valid, describes, without building it.
func (c Config) Count() int {
	if c.Set != nil {
		return c.Set.Count()
	}
	return c.Local.Count()
}

// New returns the network that c describes.
func (c Config) New(rng *rand.Rand) (layers.Layer, error) {
	if err := c.Validate(); err != nil {
		return nil, fmt.Errorf("classifier: %w", err)
	}
	if c.Set != nil {
		return c.Set.New(rng)
	}
	return c.Local.New(rng)
}

// Prepare finds what the network looks for in sets ahead of it: see
// [local.Config.Prepare]. A Set Transformer looks for nothing.
func (c Config) Prepare(x set.Batch) (set.Batch, error) {
	if c.Local == nil {
		return x, nil
	}
	return c.Local.Prepare(x)
}

// widths returns the widths in and out of the network.
func (c Config) widths() (in, out int) {
	if c.Set != nil {
		return c.Set.In, c.Set.Out
	}
	return c.Local.In, c.Local.Out
}

// with returns c with these widths.
func (c Config) with(in, out int) Config {
	if c.Set != nil {
		own := *c.Set
		own.In, own.Out = in, out
		c.Set = &own
	}
	if c.Local != nil {
		own := *c.Local
		own.In, own.Out = in, out
		c.Local = &own
	}
	return c
}

// bounded reports whether the network of a valid c takes bounded memory for a
// cloud of so many points.
func (c Config) bounded(points int) error {
	if c.Set != nil {
		if c.Set.Seeds > 1 {
			return fmt.Errorf("want a network with an answer, got one with %d seeds", c.Set.Seeds)
		}
		return full("points", points, c.Set.Inducing == 0)
	}
	stages := c.Local.Stages
	if len(stages) == 0 {
		stages = local.DefaultStages()
	}
	for i, s := range stages {
		centres, near, width := points, points, 1
		if s.Groups.Centres > 0 {
			centres = min(centres, s.Groups.Centres)
		}
		if s.Groups.Near > 0 {
			near = min(near, s.Groups.Near)
		}
		if len(s.Pairs) > 0 {
			width = max(s.Dim, slices.Max(s.Pairs))
		}
		if n := float64(centres) * float64(near) * float64(width); n > mostNumbers {
			return fmt.Errorf("want at most %d numbers of the groups of a shape, got %.3g in stage %d", mostNumbers, n, i)
		}
		points = centres
	}
	return full("tokens", points, c.Local.Blocks > 0)
}

// full reports whether there may be full attention to so many elements, if there
// is.
func full(what string, n int, is bool) error {
	if is && n > mostFull {
		return fmt.Errorf("want at most %d %s for full attention, got %d", mostFull, what, n)
	}
	return nil
}
