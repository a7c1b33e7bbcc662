package off

import (
	"bufio"
	"fmt"
	"image/color"
	"io"
	"strconv"

	"setwise/io/internal/atomicfile"
	"setwise/io/internal/colors"
	"setwise/io/internal/number"
	"setwise/io/internal/text"
	"setwise/pointcloud"
)

// check reports the first thing in o that cannot be written.
func (o Object) check() error {
	if err := o.Mesh.Validate(); err != nil {
		return err
	}
	if err := (pointcloud.Cloud{Points: o.Mesh.Vertices, Normals: o.VertexNormals}).Validate(); err != nil {
		return err
	}
	if err := colors.Check(o.VertexColors, len(o.Mesh.Vertices), "vertices"); err != nil {
		return err
	}
	return colors.Check(o.FaceColors, len(o.Mesh.Faces), "faces")
}

// Write writes an object, numbers in the fewest digits that give the same mesh
// back, with vertices where they truly are. Normals of the mesh's faces are left out, for OFF has no place
// for them; so is the zero colour of faces. Nothing is written and the error
// says where if a number is not finite, a face has a corner that is no vertex, or
// there are more or fewer normals or colours than what has them.
func Write(w io.Writer, o Object) error {
	return text.Prefix("off", write(w, o))
}

// WriteFile writes an object to the named file. The file appears complete or
// not at all: it is written aside in the same folder, then takes the place of
// the old one. See [Write].
func WriteFile(name string, o Object) error {
	return atomicfile.WriteFormat("off", name, func(w io.Writer) error { return write(w, o) })
}

func write(w io.Writer, o Object) error {
	if err := o.check(); err != nil {
		return err
	}
	buf := bufio.NewWriterSize(w, 1<<16)
	var b []byte
	ofVertices, ofFaces := scale(o.VertexColors), scale(o.FaceColors)
	if len(o.VertexColors) > 0 {
		b = append(b, 'C')
	}
	if len(o.VertexNormals) > 0 {
		b = append(b, 'N')
	}
	b = fmt.Appendf(b, "OFF\n%d %d 0\n", len(o.Mesh.Vertices), len(o.Mesh.Faces))
	if _, err := buf.Write(b); err != nil {
		return err
	}
	for i, v := range o.Mesh.Vertices {
		b = number.AppendPlace(b[:0], v, o.Mesh.Origin)
		if len(o.VertexNormals) > 0 {
			b = number.AppendVector(b, o.VertexNormals[i])
		}
		if len(o.VertexColors) > 0 {
			b = appendColor(b, o.VertexColors[i], ofVertices)
		}
		if _, err := buf.Write(append(b, '\n')[1:]); err != nil {
			return err
		}
	}
	for i, f := range o.Mesh.Faces {
		b = append(b[:0], '3')
		for _, c := range f {
			b = strconv.AppendInt(append(b, ' '), int64(c), 10)
		}
		if len(o.FaceColors) > 0 && o.FaceColors[i] != (color.NRGBA{}) {
			b = appendColor(b, o.FaceColors[i], ofFaces)
		}
		if _, err := buf.Write(append(b, '\n')); err != nil {
			return err
		}
	}
	return buf.Flush()
}

// scale returns what colours are divided by: 1, or 255 if none of their parts
// is above 1, for else a reader took them as fractions.
func scale(colors []color.NRGBA) float32 {
	for _, c := range colors {
		if max(c.R, c.G, c.B, c.A) > 1 {
			return 1
		}
	}
	return 255
}

func appendColor(b []byte, c color.NRGBA, scale float32) []byte {
	for _, x := range []uint8{c.R, c.G, c.B, c.A} {
		b = strconv.AppendFloat(append(b, ' '), float64(float32(x)/scale), 'g', -1, 32)
	}
	return b
}
