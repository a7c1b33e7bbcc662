package stl

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/hschendel/stl"

	"setwise/internal/elementary"
	"setwise/io/internal/atomicfile"
	"setwise/io/internal/number"
	"setwise/io/internal/text"
	"setwise/pointcloud"
)

// Options say how a mesh is written. The zero value is a binary file without
// a name.
type Options struct {
	// Name goes into the header of a binary file, cut at 80 bytes, or after
	// "solid" in a text file, cut at 256. Control characters and runs of
	// blanks become one blank. In a binary header a name that begins with
	// "solid" gets "binary " put before it, so that no reader takes the file
	// for text.
	Name string

	// Text asks for a text file. It takes about five times the space, and
	// gives back exactly the same numbers. A mesh with an origin needs it.
	Text bool
}

// Write writes a mesh. Normals that the mesh does not have are computed from
// the corners; a triangle of no area gets zero. Nothing is written and the
// error says where if a coordinate or normal is not finite, a face has a
// corner that is no vertex, or the numbers of normals and faces differ, and why
// if a mesh with an origin is to be binary.
func Write(w io.Writer, m pointcloud.Mesh, o Options) error {
	return text.Prefix("stl", write(w, m, o))
}

// WriteFile writes a mesh to the named file. The file appears complete or not
// at all: it is written aside in the same folder, then takes the place of the
// old one. See [Write].
func WriteFile(name string, m pointcloud.Mesh, o Options) error {
	return atomicfile.WriteFormat("stl", name, func(w io.Writer) error { return write(w, m, o) })
}

// check reports the first thing in m that cannot be written.
func check(m pointcloud.Mesh, o Options) error {
	if uint64(len(m.Faces)) > math.MaxUint32 {
		return fmt.Errorf("%d faces: want at most %d", len(m.Faces), uint32(math.MaxUint32))
	}
	if n := len(m.Normals); n != 0 && n != len(m.Faces) {
		return fmt.Errorf("%d normals for %d faces: want one for each, or none", n, len(m.Faces))
	}
	if m.Origin != ([3]float64{}) && !o.Text {
		return fmt.Errorf("coordinates measured from %.15g: want text, as binary STL has float32, which is too coarse there; or the mesh moved near zero", m.Origin)
	}
	for i, v := range m.Vertices {
		if !elementary.FiniteVector(v) {
			return fmt.Errorf("vertex %d is %v: want finite coordinates", i, v)
		}
	}
	for i, v := range m.Normals {
		if !elementary.FiniteVector(v) {
			return fmt.Errorf("normal %d is %v: want finite components", i, v)
		}
	}
	for i, f := range m.Faces {
		for _, c := range f {
			if c < 0 || int(c) >= len(m.Vertices) {
				return fmt.Errorf("face %d has corner %d: want one of %d vertices", i, c, len(m.Vertices))
			}
		}
	}
	return nil
}

func write(w io.Writer, m pointcloud.Mesh, o Options) error {
	if err := check(m, o); err != nil {
		return err
	}
	b := bufio.NewWriterSize(w, 1<<16)
	put := writeBinary
	if o.Text {
		put = writeText
	}
	if err := put(b, m, o.Name); err != nil {
		return err
	}
	return b.Flush()
}

// triangle returns face i with its normal.
func triangle(m pointcloud.Mesh, i int) stl.Triangle {
	f := m.Faces[i]
	a, b, c := m.Vertices[f[0]], m.Vertices[f[1]], m.Vertices[f[2]]
	t := stl.Triangle{Vertices: [3]stl.Vec3{a, b, c}}
	if len(m.Normals) > 0 {
		t.Normal = m.Normals[i]
	} else {
		t.Normal = normal(a, b, c)
	}
	return t
}

// writeBinary writes the header, and the triangles in blocks, each of which
// the library writes as a solid of which the header is dropped.
func writeBinary(w io.Writer, m pointcloud.Mesh, name string) error {
	var header [headerSize]byte
	name = cleanName(name, headerSize-4)
	if len(name) >= 5 && strings.EqualFold(name[:5], "solid") {
		name = cleanName("binary "+name, headerSize-4)
	}
	copy(header[:], name)
	binary.LittleEndian.PutUint32(header[headerSize-4:], uint32(len(m.Faces)))
	if _, err := w.Write(header[:]); err != nil {
		return err
	}
	block := make([]stl.Triangle, 0, blockTriangles)
	for i := range m.Faces {
		block = append(block, triangle(m, i))
		if len(block) < blockTriangles && i < len(m.Faces)-1 {
			continue
		}
		solid := stl.Solid{Triangles: block}
		if err := solid.WriteAll(&dropper{w: w, drop: headerSize}); err != nil {
			return err
		}
		block = block[:0]
	}
	return nil
}

// A dropper passes on all but the first bytes.
type dropper struct {
	w    io.Writer
	drop int
}

func (d *dropper) Write(b []byte) (int, error) {
	k := min(d.drop, len(b))
	d.drop -= k
	n, err := d.w.Write(b[k:])
	return k + n, err
}

func writeText(w io.Writer, m pointcloud.Mesh, name string) error {
	name = cleanName(name, mostName)
	b := append([]byte(strings.TrimSpace("solid "+name)), '\n')
	for i := range m.Faces {
		t := triangle(m, i)
		b = number.AppendVector(append(b, "facet normal"...), t.Normal)
		b = append(b, "\n outer loop\n"...)
		for _, v := range t.Vertices {
			b = append(number.AppendPlace(append(b, "  vertex"...), v, m.Origin), '\n')
		}
		b = append(b, " endloop\nendfacet\n"...)
		if _, err := w.Write(b); err != nil {
			return err
		}
		b = b[:0]
	}
	b = append(b, strings.TrimSpace("endsolid "+name)...)
	_, err := w.Write(append(b, '\n'))
	return err
}
