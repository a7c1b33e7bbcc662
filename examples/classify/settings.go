package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash"
	"math"
	"strconv"

	"setwise/io/dataset"
)

// settings are what the same training must have again to go on.
type settings struct {
	Kind     string            `json:"kind"`
	Start    string            `json:"start,omitempty"` // hash of what it begins with
	Points   int               `json:"points"`
	Epochs   int               `json:"epochs"`
	Dim      int               `json:"dim"`
	Rate     float64           `json:"rate"`
	Dropout  float64           `json:"dropout"`
	Turn     string            `json:"turn"`
	Validate float64           `json:"validate"`
	Seed     uint64            `json:"seed"`
	Solids   int               `json:"solids"` // 0 if there is data
	Columns  []string          `json:"columns"`
	Classes  []class           `json:"footprint"`
	Shapes   map[string]string `json:"shapes,omitempty"` // hashes of the contents by quoted names; nil if the names would take too much
}

// A class is what tells whether the shapes of a class are those of before.
type class struct {
	Name       string `json:"name"`
	Known      int    `json:"known"` // how many are learned from
	Validation int    `json:"validation"`
	Unseen     int    `json:"unseen"`
	Sum        string `json:"sum"` // hash of the names and contents, in order
}

const mostNames = 1 << 20 // bytes of the names of all shapes, in a file of at most 8 MiB of such

// settings returns those of a training with options o on a lesson's shapes.
func (l *lesson) settings(o options) settings {
	s := settings{
		Kind: o.kind, Start: l.begin, Points: o.points, Epochs: o.epochs, Dim: o.dim, Rate: o.rate, Dropout: o.dropout, Turn: o.turn, Validate: o.validate, Seed: o.seed,
		Columns: l.Features.Columns, Classes: make([]class, len(l.Classes)), Shapes: map[string]string{},
	}
	if o.mode() == onSolids {
		s.Solids = o.solids
	}
	sums, names := make([]hash.Hash, len(l.Classes)), 0
	for i, name := range l.Classes {
		s.Classes[i].Name, sums[i] = name, sha256.New()
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
			*part.count(&s.Classes[x.Class])++
			name, own := strconv.QuoteToASCII(x.Name), sum(x)
			fmt.Fprint(sums[x.Class], name, own)
			s.Shapes[name] = own
			names += len(name) + len(own)
		}
	}
	for i := range s.Classes {
		s.Classes[i].Sum = short(sums[i])
	}
	if names > mostNames {
		s.Shapes = nil
	}
	return s
}

func short(h hash.Hash) string { return base64.RawStdEncoding.EncodeToString(h.Sum(nil)[:9]) }

// sum hashes all numbers of a shape.
func sum(s dataset.Item) string {
	h := sha256.New()
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
	return short(h)
}
