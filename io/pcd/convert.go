package pcd

import (
	"encoding/binary"
	"fmt"
	"image/color"
	"math"
	"slices"

	"setwise/io/internal/column"
	"setwise/io/internal/text"
	"setwise/pointcloud"
)

// OfCloud returns a binary file of a cloud: the fields x, y and z, which are of 8
// bytes if c has an origin and else of 4, and, if c has normals, normal_x, normal_y and normal_z. It is an error if c is not valid, see
// [pointcloud.Cloud.Validate].
func OfCloud(c pointcloud.Cloud) (*File, error) {
	if err := c.Validate(); err != nil {
		return nil, text.Prefix("pcd", err)
	}
	f := &File{Width: len(c.Points), Height: 1, Viewpoint: upright}
	for k, values := range column.Coordinates(c.Points, c.Origin) {
		f.Set(axes[k], values)
	}
	if c.Normals != nil {
		f.setVectors(normals, c.Normals)
	}
	return f, nil
}

// setVectors sets three fields to the components of vectors.
func (f *File) setVectors(names [3]string, vectors [][3]float32) {
	for k, values := range column.Components(vectors) {
		f.Set(names[k], values)
	}
}

// Cloud returns the points of the file, by the rules of the package comment.
func (f *File) Cloud() (pointcloud.Cloud, error) {
	var u cloud
	t, err := f.table()
	if err == nil {
		err = u.start(t, true, false)
	}
	if err == nil {
		err = u.take(t)
	}
	if err != nil {
		return pointcloud.Cloud{}, text.Prefix("pcd", err)
	}
	return u.result(), nil
}

// table returns the fields of f as a table with all points in it, after it checked
// that a file can hold them.
func (f *File) table() (*column.Table, error) {
	if f.Width < 0 || f.Height < 0 || f.Width > math.MaxInt32 || f.Height > math.MaxInt32 || f.Len() > math.MaxInt32 {
		return nil, fmt.Errorf("%d times %d points: want from 0 to %d", f.Width, f.Height, math.MaxInt32)
	}
	if len(f.Fields) == 0 || len(f.Fields) > mostFields {
		return nil, fmt.Errorf("%d fields: want from 1 to %d", len(f.Fields), mostFields)
	}
	t := &column.Table{Name: "point", Rows: f.Len(), Held: f.Len()}
	numbers := 0
	for i := range f.Fields {
		field := &f.Fields[i]
		l := column.Lane{Name: field.Name, Values: field.column(), Per: max(field.Count, 1)}
		if err := text.CheckWord(field.Name); err != nil {
			return nil, fmt.Errorf("field %d: %w", i, err)
		}
		numbers += l.Per
		switch {
		case isPadding(l):
			return nil, fmt.Errorf("field %d: name %q, which means padding: want another", i, l.Name)
		case slices.ContainsFunc(t.Lanes, func(other column.Lane) bool { return other.Name == l.Name }):
			return nil, fmt.Errorf("a second field %s: want one of each name", l.Name)
		case l.Values == nil:
			return nil, fmt.Errorf("field %s has values of type %T: want a slice of a type that PCD has", l.Name, field.Values)
		case field.Count < 0 || numbers > mostNumbers:
			return nil, fmt.Errorf("field %s has %d numbers a point: want from 1 to %d in all fields", l.Name, field.Count, mostNumbers)
		case l.Values.Len() != l.Per*t.Rows:
			return nil, fmt.Errorf("field %s has %d values: want %d for each of %d points", l.Name, l.Values.Len(), l.Per, t.Rows)
		}
		t.Lanes = append(t.Lanes, l)
	}
	return t, nil
}

// notANumber are the bits of the NaN that stands for no number: what is read from
// text, and what other programs write. A packed colour may be any other.
const notANumber = 0x7fc00000

// Colors returns a colour for each point: the field rgba or rgb, the bytes of
// which are alpha, red, green and blue from the highest to the lowest, whether
// the field is a whole number or a float of these bits. The colours of rgb are
// opaque. A point with the usual NaN, as "nan" is in text, has none, which is
// zero. It returns nil if there is no such field of 4 bytes.
func (f *File) Colors() []color.NRGBA {
	for _, name := range []string{"rgba", "rgb"} {
		c := f.Field(name).column()
		if c == nil || c.Type().Size() != 4 || c.Len() != f.Len() {
			continue
		}
		b := c.Append(nil, 0, c.Len(), true)
		out := make([]color.NRGBA, c.Len())
		for i := range out {
			bits := binary.BigEndian.Uint32(b[4*i:])
			if bits == notANumber && (name == "rgb" || c.Type() == column.Float32) {
				continue
			}
			out[i] = color.NRGBA{R: b[4*i+1], G: b[4*i+2], B: b[4*i+3], A: b[4*i]}
			if name == "rgb" {
				out[i].A = 255
			}
		}
		return out
	}
	return nil
}

// SetColors gives the points the field rgba, a []uint32. [Write] refuses other
// numbers of colours than of points.
func (f *File) SetColors(colors []color.NRGBA) {
	packed := make([]uint32, len(colors))
	for i, c := range colors {
		packed[i] = uint32(c.A)<<24 | uint32(c.R)<<16 | uint32(c.G)<<8 | uint32(c.B)
	}
	f.Set("rgba", packed)
}
