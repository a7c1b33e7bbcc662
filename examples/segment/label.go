package main

import (
	"context"
	"fmt"
	"image/color"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"setwise/examples/internal/files"
	"setwise/examples/internal/show"
	"setwise/io/ply"
	"setwise/io/shape"
	"setwise/pointcloud"
	"setwise/pointcloud/view"
)

// label labels the points of files with a saved model. A file that cannot be read
// does not stop the others.
func label(ctx context.Context, o options, out, notes io.Writer) error {
	m, err := openModel(o.modelFile())
	if err != nil {
		return err
	}
	only := -1
	if o.class != "" {
		if only = slices.IndexFunc(m.Classes, func(c class) bool { return c.Name == o.class }); only < 0 {
			return fmt.Errorf("-class: want one of the classes of %s, such as %.100q, got %.100q", o.modelFile(), m.Classes[0].Name, o.class)
		}
	}
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return err
	}
	taken := map[string]string{}
	failed, first := 0, ""
	for _, name := range o.label {
		err := ctx.Err()
		if err == nil {
			err = m.labelFile(ctx, name, only, o.out, taken, out, notes)
		}
		if err != nil && ctx.Err() != nil {
			return err
		}
		if err != nil {
			fmt.Fprintf(notes, "%s\n", show.Lines(err.Error()))
			if failed++; failed == 1 {
				first = name
			}
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d cannot be labelled, the first is %s", failed, len(o.label), first)
	}
	return nil
}

// labelFile labels the points of one file and writes them below a folder. taken has
// what was written by the names of files.
func (m *model) labelFile(ctx context.Context, name string, class int, dir string, taken map[string]string, out, notes io.Writer) error {
	target := filepath.Join(dir, stem(name)+".labelled.ply")
	if other, ok := taken[target]; ok {
		return fmt.Errorf("%s: want names that differ, got one whose labels would take the place of those of %s", name, other)
	}
	s, err := shape.Open(name, shape.Limits{})
	if err != nil {
		return err
	}
	cloud := s.Cloud
	if s.IsMesh() {
		n := meshClouds * m.Points
		fmt.Fprintf(notes, "%s: a mesh: %d points drawn from its surface are labelled\n", show.Plain(name), n)
		if cloud, err = s.Mesh.Sample(n, rand.New(rand.NewPCG(1, 1))); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if cloud.Normals == nil && cloud.Len() > 0 {
		fmt.Fprintf(notes, "%s: no normals: they are estimated from the %d nearest points\n", show.Plain(name), around)
		cloud = cloud.WithNormals(around)
	}
	if m.Block == 0 && cloud.Len() < m.Points {
		fmt.Fprintf(notes, "%s: %d points, where the model is used to %d\n", show.Plain(name), cloud.Len(), m.Points)
	}
	var progress *show.Progress
	found, err := m.labels(ctx, cloud, []int{class}, func(all int) {
		if progress == nil {
			progress = show.NewProgress(notes, all, 0)
			progress.Describe("labelling %s", show.Plain(filepath.Base(name)))
		}
		progress.Step()
	})
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	labels := found[0]
	f, err := m.labelled(cloud, labels)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := files.Write(target, func(w io.Writer) error { return ply.Write(w, f) }); err != nil {
		return fmt.Errorf("%s: %w", target, err)
	}
	taken[target] = name
	fmt.Fprintf(out, "%s: %s; wrote %s\n", show.Plain(name), m.summary(labels), show.Plain(target))
	return nil
}

// meshClouds is how many clouds of the size that a model is used to stand for a
// mesh.
const meshClouds = 8

// stem returns the name of a file without its folder and endings of shapes.
func stem(name string) string {
	base := filepath.Base(name)
	if end := strings.ToLower(filepath.Ext(base)); end == ".gz" {
		base = base[:len(base)-len(end)]
	}
	if end := filepath.Ext(base); slices.Contains(shape.Ends(), strings.ToLower(end)) && len(base) > len(end) {
		base = strings.TrimSuffix(base, end)
	}
	return base
}

// partName returns the name of a part, with its class where several have it.
func (m *model) partName(p int32) string {
	var of []string
	for _, c := range m.Classes {
		if slices.Contains(c.Parts, p) {
			of = append(of, c.Name)
		}
	}
	if len(of) == 1 && len(m.Classes) > 1 {
		return of[0] + " " + m.Parts[p]
	}
	return m.Parts[p]
}

// summary tells of how many points parts are, the largest first.
func (m *model) summary(labels []int32) string {
	count := make([]int, len(m.Parts))
	order := make([]int32, len(m.Parts))
	for _, l := range labels {
		count[l]++
	}
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return count[b] - count[a] })
	var words []string
	for _, p := range order {
		if count[p] > 0 && len(words) < 8 {
			words = append(words, fmt.Sprintf("%s %d", show.Plain(m.partName(p)), count[p]))
		}
	}
	if words == nil {
		return "no points"
	}
	return strings.Join(words, ", ")
}

// labelled returns a file of a cloud with a label and a colour for each point. Its
// comments tell the names of labels.
func (m *model) labelled(c pointcloud.Cloud, labels []int32) (*ply.File, error) {
	f, err := ply.OfCloud(c)
	if err != nil {
		return nil, err
	}
	colors, original := make([]color.NRGBA, len(labels)), make([]int32, len(labels))
	seen := map[int32]bool{}
	for i, l := range labels {
		colors[i], original[i] = color.NRGBA(view.ClassColor(int(l))), m.Labels[l]
		seen[l] = true
	}
	f.SetColors(colors)
	f.Element("vertex").Set("label", original)
	for p := range m.Parts {
		if seen[int32(p)] {
			f.Comments = append(f.Comments, fmt.Sprintf("label %d is %s", m.Labels[p], show.Plain(m.partName(int32(p)))))
		}
	}
	return f, nil
}
