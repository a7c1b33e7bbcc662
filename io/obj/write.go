package obj

import (
	"bufio"
	"fmt"
	"image/color"
	"io"
	"strconv"

	"setwise/internal/elementary"
	"setwise/io/internal/atomicfile"
	"setwise/io/internal/colors"
	"setwise/io/internal/number"
	"setwise/io/internal/text"
	"setwise/pointcloud"
)

// Write writes an object, numbers in the fewest digits that give the same mesh
// back, with vertices where they truly are. Of normals it writes those of the
// vertices, or those of the faces if there are no others; which of them a reader
// finds is told in the package's comment. Alpha is written where it is not 255.
// Nothing is written and the error says where if a number is not finite, a face has a corner that is no
// vertex, or there are more or fewer normals or colours than what has them.
func Write(w io.Writer, o Object) error {
	return text.Prefix("obj", write(w, o))
}

// WriteFile writes an object to the named file. The file appears complete or
// not at all: it is written aside in the same folder, then takes the place of
// the old one. See [Write].
func WriteFile(name string, o Object) error {
	return atomicfile.WriteFormat("obj", name, func(w io.Writer) error { return write(w, o) })
}

func write(w io.Writer, o Object) error {
	if err := o.check(); err != nil {
		return err
	}
	buf := bufio.NewWriterSize(w, 1<<16)
	b := fmt.Appendf(nil, "# %d vertices, %d faces\n", len(o.Mesh.Vertices), len(o.Mesh.Faces))
	if _, err := buf.Write(b); err != nil {
		return err
	}
	for i, v := range o.Mesh.Vertices {
		b = number.AppendPlace(append(b[:0], 'v'), v, o.Mesh.Origin)
		if len(o.VertexColors) > 0 {
			b = appendColor(b, o.VertexColors[i])
		}
		if _, err := buf.Write(append(b, '\n')); err != nil {
			return err
		}
	}
	normals, ofFaces := o.VertexNormals, false
	if len(normals) == 0 {
		normals, ofFaces = o.Mesh.Normals, true
	}
	for _, n := range normals {
		b = number.AppendVector(append(b[:0], "vn"...), n)
		if _, err := buf.Write(append(b, '\n')); err != nil {
			return err
		}
	}
	for i, f := range o.Mesh.Faces {
		b = append(b[:0], 'f')
		for _, c := range f {
			b = strconv.AppendInt(append(b, ' '), int64(c)+1, 10)
			if len(normals) > 0 {
				n := int64(c)
				if ofFaces {
					n = int64(i)
				}
				b = strconv.AppendInt(append(b, "//"...), n+1, 10)
			}
		}
		if _, err := buf.Write(append(b, '\n')); err != nil {
			return err
		}
	}
	return buf.Flush()
}

// check reports the first thing in o that cannot be written.
func (o Object) check() error {
	if err := o.Mesh.Validate(); err != nil {
		return err
	}
	if err := (pointcloud.Cloud{Points: o.Mesh.Vertices, Normals: o.VertexNormals}).Validate(); err != nil {
		return err
	}
	for i, n := range o.Mesh.Normals {
		if !elementary.FiniteVector(n) {
			return fmt.Errorf("normal of face %d: want finite numbers, got %v", i, n)
		}
	}
	return colors.Check(o.VertexColors, len(o.Mesh.Vertices), "vertices")
}

// appendColor appends a colour in parts from 0 to 1, and nothing if there is
// none.
func appendColor(b []byte, c color.NRGBA) []byte {
	parts := []uint8{c.R, c.G, c.B, c.A}
	switch {
	case c == color.NRGBA{}:
		return b
	case c.A == 255:
		parts = parts[:3]
	}
	for _, x := range parts {
		b = strconv.AppendFloat(append(b, ' '), float64(float32(x)/255), 'g', -1, 32)
	}
	return b
}
