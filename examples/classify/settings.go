package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"math"
	"slices"
	"strings"

	"setwise/io/dataset"
)

// settings are what the same training must have again to go on.
type settings struct {
	Points    int      `json:"points"`
	Epochs    int      `json:"epochs"`
	Dim       int      `json:"dim"`
	Rate      float64  `json:"rate"`
	Dropout   float64  `json:"dropout"`
	Turn      string   `json:"turn"`
	Validate  float64  `json:"validate"`
	Seed      uint64   `json:"seed"`
	Solids    int      `json:"solids"` // 0 if there is data
	Columns   []string `json:"columns"`
	Footprint []class  `json:"classes"`
}

// A class is what tells whether the shapes of a class are those of before.
type class struct {
	Name       string `json:"name"`
	Known      int    `json:"known"` // how many are learned from
	Validation int    `json:"validation"`
	Unseen     int    `json:"unseen"`
	Names      string `json:"names"`    // hash of the names, in order
	Contents   string `json:"contents"` // hash of all points and numbers
}

// settings returns those of a training with options o on a lesson's shapes.
func (l *lesson) settings(o options) settings {
	s := settings{
		Points: o.points, Epochs: o.epochs, Dim: o.dim, Rate: o.rate, Dropout: o.dropout, Turn: o.turn, Validate: o.validate, Seed: o.seed,
		Columns: l.Features.Columns, Footprint: make([]class, len(l.Classes)),
	}
	if o.mode() == onSolids {
		s.Solids = o.solids
	}
	names, contents := make([]hash.Hash, len(l.Classes)), make([]hash.Hash, len(l.Classes))
	for i, name := range l.Classes {
		s.Footprint[i].Name, names[i], contents[i] = name, sha256.New(), sha256.New()
	}
	for _, part := range []struct {
		shapes []dataset.Item
		count  func(*class) *int
	}{
		{l.known, func(c *class) *int { return &c.Known }},
		{l.held, func(c *class) *int { return &c.Validation }},
		{l.unseen, func(c *class) *int { return &c.Unseen }},
	} {
		for _, x := range part.shapes {
			*part.count(&s.Footprint[x.Class])++
			fmt.Fprintf(names[x.Class], "%q", x.Name)
			sum(contents[x.Class], x)
		}
	}
	for i := range s.Footprint {
		s.Footprint[i].Names, s.Footprint[i].Contents = short(names[i]), short(contents[i])
	}
	return s
}

func short(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)[:12]) }

// sum adds all numbers of a shape to a hash.
func sum(h hash.Hash, s dataset.Item) {
	var b []byte
	flush := func(least int) {
		if len(b) >= least {
			h.Write(b)
			b = b[:0]
		}
	}
	points := func(list [][3]float32) {
		b = binary.LittleEndian.AppendUint64(b, uint64(len(list)))
		for _, p := range list {
			for _, x := range p {
				b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
			}
			flush(1 << 16)
		}
	}
	points(s.Cloud.Points)
	points(s.Cloud.Normals)
	if s.Surface != nil {
		m := s.Surface.Mesh()
		points(m.Vertices)
		points(m.Normals)
		for _, f := range m.Faces {
			for _, v := range f {
				b = binary.LittleEndian.AppendUint32(b, uint32(v))
			}
			flush(1 << 16)
		}
	}
	for _, x := range s.Extra {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	flush(0)
}

// differences says in what a training differs from one that had the settings
// was, a sentence for each.
func (s settings) differences(was settings) []string {
	var found []string
	differ := func(what string, was, now any) {
		if was != now {
			found = append(found, fmt.Sprintf("%s %v, got %v", what, was, now))
		}
	}
	if s.Solids != was.Solids && (s.Solids == 0 || was.Solids == 0) {
		kind := map[bool]string{true: "-data", false: "solids without -data"}
		return []string{fmt.Sprintf("%s, got %s", kind[was.Solids == 0], kind[s.Solids == 0])}
	}
	differ("-solids", was.Solids, s.Solids)
	differ("-points", was.Points, s.Points)
	differ("-epochs", was.Epochs, s.Epochs)
	differ("-dim", was.Dim, s.Dim)
	differ("-rate", was.Rate, s.Rate)
	differ("-dropout", was.Dropout, s.Dropout)
	differ("-turn", was.Turn, s.Turn)
	differ("-validate", was.Validate, s.Validate)
	differ("-seed", was.Seed, s.Seed)
	differ("-extra", fmt.Sprintf("%.200q", was.Columns), fmt.Sprintf("%.200q", s.Columns))
	if len(found) > 0 {
		return found // which may have made other shapes
	}
	for _, old := range was.Footprint {
		i := slices.IndexFunc(s.Footprint, func(c class) bool { return c.Name == old.Name })
		if i < 0 {
			found = append(found, fmt.Sprintf("a class %.100q, got none", old.Name))
			continue
		}
		if now := s.Footprint[i]; now != old {
			found = append(found, now.difference(old))
		}
	}
	for _, now := range s.Footprint {
		if !slices.ContainsFunc(was.Footprint, func(c class) bool { return c.Name == now.Name }) {
			found = append(found, fmt.Sprintf("no class %.100q, got one", now.Name))
		}
	}
	if len(found) == 0 && !slices.Equal(s.Footprint, was.Footprint) {
		found = append(found, "the classes in the order of then, got another")
	}
	return found
}

// difference says how a class differs from what it was.
func (c class) difference(was class) string {
	parts := func(c class) string { return fmt.Sprintf("%d, %d and %d", c.Known, c.Validation, c.Unseen) }
	switch {
	case parts(c) != parts(was):
		return fmt.Sprintf("%s shapes of class %.100q to learn from, to validate and to test, got %s", parts(was), c.Name, parts(c))
	case c.Names != was.Names:
		return fmt.Sprintf("the %d shapes of class %.100q by their names of then, got others", c.Known+c.Validation+c.Unseen, c.Name)
	}
	return fmt.Sprintf("the shapes of class %.100q as they were, got other contents", c.Name)
}

// match reports that a training had other settings, if it had.
func (s settings) match(was settings) error {
	found := s.differences(was)
	if len(found) == 0 {
		return nil
	}
	const most = 4
	more := ""
	if n := len(found) - most; n > 0 {
		more = fmt.Sprintf("; and %d more differences", n)
	}
	return fmt.Errorf("want what the training was begun with: %s%s", strings.Join(found[:min(most, len(found))], "; "), more)
}
