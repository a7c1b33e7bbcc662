package classifier

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"unicode/utf8"

	"setwise/internal/elementary"
	"setwise/internal/parallel"
	"setwise/io/shape"
	"setwise/layers"
	"setwise/layers/train"
	"setwise/pointcloud"
	"setwise/set"
)

// Votes is how many draws of a shape's points an answer is the mean of.
const Votes = 4

const (
	around      = 16      // points whose spread tells a normal
	mostClasses = 1 << 16 // which layers.Config bounds too
	mostName    = 1 << 10 // bytes of the name of a class or a column
	mostNumbers = 1 << 26 // of all elements of a shape
	mostFull    = 1 << 14 // points of a shape for full attention
)

// A Classifier tells what shapes are. Open makes one from a file, New an
// untrained one. As JSON it is what a file says beside the weights.
type Classifier struct {
	Classes  []string `json:"classes"`
	Features Features `json:"features"`
	Config   Config   `json:"network"`
	Known    *Known   `json:"known,omitempty"` // nil if it cannot tell what is unlike anything learned

	Net layers.Layer `json:"-"` // a *layers.SetTransformer or a *local.Network
}

// New returns an untrained classifier. The widths in and out of the network are
// those of the features and the classes, whatever config says. Weights follow
// from the seed.
func New(classes []string, f Features, config Config, seed uint64) (*Classifier, error) {
	c := &Classifier{Classes: classes, Features: f, Config: config.with(f.Width(), len(classes))}
	if err := c.validate(); err != nil {
		return nil, fmt.Errorf("classifier: %w", err)
	}
	return c, c.build(seed)
}

func (c *Classifier) build(seed uint64) (err error) {
	c.Net, err = c.Config.New(rand.New(rand.NewPCG(seed, 0)))
	return err
}

// validate reports whether the parts of c, which may come from a file, fit
// together.
func (c *Classifier) validate() error {
	if n := len(c.Classes); n < 2 || n > mostClasses {
		return fmt.Errorf("want 2 to %d classes, got %d", mostClasses, n)
	}
	if err := distinct("class", c.Classes); err != nil {
		return err
	}
	if err := c.Features.Validate(); err != nil {
		return err
	}
	if err := c.Config.Validate(); err != nil {
		return err
	}
	n, width := c.Features.Points, c.Features.Width()
	switch in, out := c.Config.widths(); {
	case out != len(c.Classes):
		return fmt.Errorf("want a network with an output for each of %d classes, got %d", len(c.Classes), out)
	case in != width:
		return fmt.Errorf("want a network of elements of width %d, got %d", width, in)
	case n*width > mostNumbers:
		return fmt.Errorf("want at most %d numbers of a shape, got %d points of %d", mostNumbers, n, width)
	}
	if err := c.Config.bounded(n); err != nil {
		return err
	}
	return c.Known.validate()
}

// distinct reports whether names can be told apart.
func distinct(what string, names []string) error {
	seen := map[string]bool{}
	for i, name := range names {
		switch {
		case name == "" || len(name) > mostName || !utf8.ValidString(name):
			return fmt.Errorf("%s %d: want a name of 1 to %d bytes of UTF-8, got %.100q", what, i, mostName, name)
		case seen[name]:
			return fmt.Errorf("%s %d: want names that differ, got %.100q again", what, i, name)
		}
		seen[name] = true
	}
	return nil
}

// An Answer is what a classifier makes of a shape.
type Answer struct {
	Guesses  []Guess  // all classes, the most probable first
	Distance float64  // from the nearest training shape, where 1 is usual; NaN if that is not known
	Unlike   bool     // whether the shape is unlike anything learned; false if Distance is NaN
	Notes    []string // what had to be made up for the answer: normals, say
}

// A Guess is a class and the probability that it is the right one.
type Guess struct {
	Class string
	P     float64
}

// Classify tells what a cloud is. Extra are the numbers that the model wants
// beside the points, one for each of Features.Columns.
//
// It is an error if the cloud is empty or not valid, and if there are not as
// many numbers.
func (c *Classifier) Classify(cloud pointcloud.Cloud, extra ...float64) (Answer, error) {
	if err := cloud.Validate(); err != nil {
		return Answer{}, fmt.Errorf("classifier: %w", err)
	}
	n := cloud.Len()
	if n == 0 {
		return Answer{}, errors.New("classifier: want a cloud with a point, got the empty cloud")
	}
	var notes []string
	if n < c.Features.Points {
		notes = append(notes, fmt.Sprintf("it has %s, and the model looks at up to %d", points(n), c.Features.Points))
	}
	if cloud.Normals == nil {
		notes = append(notes, "it has no normals, so that they are estimated")
		cloud = cloud.WithNormals(around)
	}
	return c.answer(Example{picked{cloud}, extra}, notes)
}

func points(n int) string {
	if n == 1 {
		return "1 point"
	}
	return fmt.Sprintf("%d points", n)
}

// picked is a Source of the points of a cloud, which has some.
type picked struct{ cloud pointcloud.Cloud }

func (p picked) Points(n int, rng *rand.Rand) pointcloud.Cloud {
	c, err := p.cloud.Pick(min(n, p.cloud.Len()), rng)
	if err != nil {
		panic(set.Mismatch("classifier.Points", "a cloud with a point, got %v", err))
	}
	return c
}

// ClassifyMesh tells what a mesh is, by points drawn from its faces. Faces
// without a normal get the one that their corners give. Extra is as for
// Classify. It is an error if the mesh has no area or is not valid.
func (c *Classifier) ClassifyMesh(m pointcloud.Mesh, extra ...float64) (Answer, error) {
	if m.Normals == nil {
		m.Normals = make([][3]float32, len(m.Faces)) // which zeros ask for
	}
	s, err := pointcloud.NewSurface(m)
	if err != nil {
		return Answer{}, fmt.Errorf("classifier: %w", err)
	}
	return c.answer(Example{drawn{s}, extra}, nil)
}

// drawn is a Source of the points of a surface.
type drawn struct{ surface *pointcloud.Surface }

func (d drawn) Points(n int, rng *rand.Rand) pointcloud.Cloud { return d.surface.Sample(n, rng) }

// ClassifyShape tells what a mesh or a cloud is, whichever s holds.
func (c *Classifier) ClassifyShape(s shape.Shape, extra ...float64) (Answer, error) {
	if !s.IsMesh() && s.Cloud.Len() == 0 {
		return Answer{}, errors.New("classifier: want a mesh with some area, or points, got nothing")
	}
	if s.IsMesh() {
		return c.ClassifyMesh(s.Mesh, extra...)
	}
	return c.Classify(s.Cloud, extra...)
}

// ClassifyReader tells what the shape in r is, a file of any format that
// [shape.Read] reads, within its default limits. name is what the file is
// called, "" if nothing.
func (c *Classifier) ClassifyReader(r io.Reader, name string, extra ...float64) (Answer, error) {
	s, err := shape.Read(r, name, shape.Limits{})
	if err != nil {
		return Answer{}, fmt.Errorf("classifier: %w", err)
	}
	return c.ClassifyShape(s, extra...)
}

// answer classifies an example and compares it with what is known.
func (c *Classifier) answer(e Example, notes []string) (Answer, error) {
	if len(e.Extra) != len(c.Features.Columns) {
		return Answer{}, fmt.Errorf("classifier: want %d numbers beside the shape, %.200q, got %d", len(c.Features.Columns), c.Features.Columns, len(e.Extra))
	}
	for i, x := range e.Extra {
		if !elementary.Finite(x) {
			return Answer{}, fmt.Errorf("classifier: %.100q: want a finite number, got %v", c.Features.Columns[i], x)
		}
	}
	var p []float64
	if err := set.Try(func() { p = c.Probabilities([]Example{e}, Votes)[0] }); err != nil {
		return Answer{}, fmt.Errorf("classifier: the shape or its numbers are too large for the model: %w", err)
	}
	a := Answer{Distance: math.NaN(), Notes: notes, Guesses: make([]Guess, len(p))}
	for i, x := range p {
		a.Guesses[i] = Guess{c.Classes[i], x}
	}
	slices.SortStableFunc(a.Guesses, func(x, y Guess) int { return cmp.Compare(y.P, x.P) })
	if c.Known.Tells() {
		points := 0
		if a.Distance, points = c.Known.Distance(e); points < c.Known.Points {
			a.Notes = append(a.Notes, fmt.Sprintf("%d points tell whether it is unlike anything learned, and it has %d that differ", c.Known.Points, points))
			a.Distance = math.NaN()
		}
		a.Unlike = a.Distance > c.Known.Limit
	}
	return a, nil
}

// Probabilities returns the probabilities of the classes for each example, the
// mean of several draws of its points. They do not depend on what examples are
// beside it. It panics as [Features.Draw] does.
func (c *Classifier) Probabilities(examples []Example, draws int) [][]float64 {
	mean := make([][]float64, len(examples))
	parallel.Each(len(examples), func(i int) {
		sets := make([]set.Batch, draws)
		for d := range sets {
			sets[d] = c.Features.Draw(examples[i], pointcloud.Augment{}, rand.New(rand.NewPCG(uint64(d), 0)))
		}
		mean[i] = make([]float64, len(c.Classes))
		for _, p := range train.Classify(c.Net, sets) {
			for j := range p {
				mean[i][j] += p[j] / float64(draws)
			}
		}
	})
	return mean
}
