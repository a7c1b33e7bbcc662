package pointcloud

import (
	"math"
	"math/rand/v2"

	"setwise/internal/elementary"
)

// A Matrix is a linear map of space: it takes the column vector x to M x.
// Matrix[i] is row i.
type Matrix [3][3]float64

// identity changes nothing.
var identity = Scaling(1, 1, 1)

// Scaling returns the matrix that multiplies coordinates by x, y and z.
func Scaling(x, y, z float64) Matrix { return Matrix{{x, 0, 0}, {0, y, 0}, {0, 0, z}} }

// Rotation returns the matrix that turns space about an axis through the
// origin, by an angle in radians, counterclockwise seen from the axis's tip
// (O. Rodrigues's formula). The axis may have any length; one of length 0
// turns nothing.
func Rotation(axis [3]float64, angle float64) Matrix {
	// An axis scaled by its largest coordinate has a length that neither
	// overflows nor vanishes.
	if m := max(math.Abs(axis[0]), math.Abs(axis[1]), math.Abs(axis[2])); m > 0 {
		axis = [3]float64{axis[0] / m, axis[1] / m, axis[2] / m}
	}
	u := unit(axis)
	if u == ([3]float64{}) {
		return identity
	}
	s, c := elementary.Sincos(angle)
	x, y, z, t := u[0], u[1], u[2], 1-c
	return Matrix{
		{c + float64(t*x*x), float64(t*x*y) - float64(s*z), float64(t*x*z) + float64(s*y)},
		{float64(t*x*y) + float64(s*z), c + float64(t*y*y), float64(t*y*z) - float64(s*x)},
		{float64(t*x*z) - float64(s*y), float64(t*y*z) + float64(s*x), c + float64(t*z*z)},
	}
}

// RandomRotation returns a rotation of which all are equally likely, the
// uniform (Haar) distribution, as the matrix of a random quaternion of length 1
// (K. Shoemake, "Uniform random rotations", Graphics Gems III, 1992). It takes
// three numbers from rng.
func RandomRotation(rng *rand.Rand) Matrix {
	needChance("RandomRotation", rng)
	u := float64(rng.Float64()) // rounded, for the compiler would take it as a product
	s1, c1 := elementary.Sincos(2 * math.Pi * rng.Float64())
	s2, c2 := elementary.Sincos(2 * math.Pi * rng.Float64())
	a, b := math.Sqrt(1-u), math.Sqrt(u)
	return quaternion(a*s1, a*c1, b*s2, b*c2)
}

// quaternion returns the rotation of a quaternion of length 1, with w its real
// part.
func quaternion(x, y, z, w float64) Matrix {
	xx, yy, zz := float64(x*x), float64(y*y), float64(z*z)
	xy, xz, yz := float64(x*y), float64(x*z), float64(y*z)
	xw, yw, zw := float64(x*w), float64(y*w), float64(z*w)
	return Matrix{
		{1 - 2*(yy+zz), 2 * (xy - zw), 2 * (xz + yw)},
		{2 * (xy + zw), 1 - 2*(xx+zz), 2 * (yz - xw)},
		{2 * (xz - yw), 2 * (yz + xw), 1 - 2*(xx+yy)},
	}
}

// Mul returns the map that does n first and then m.
func (m Matrix) Mul(n Matrix) Matrix {
	var out Matrix
	for i := range 3 {
		for j := range 3 {
			out[i][j] = dot(m[i], [3]float64{n[0][j], n[1][j], n[2][j]})
		}
	}
	return out
}

// Det returns the determinant: how m changes volumes, negative if it turns
// left hands into right ones.
func (m Matrix) Det() float64 { return dot(m[0], cross(m[1], m[2])) }

// of returns M x.
func (m Matrix) of(x [3]float64) [3]float64 {
	return [3]float64{dot(m[0], x), dot(m[1], x), dot(m[2], x)}
}

// forNormals returns the map of normals under m, up to their length: the
// transposed inverse, written as the cofactors over the determinant, of which
// only the sign is used, so that a flattening map still has one.
func (m Matrix) forNormals() Matrix {
	c := Matrix{cross(m[1], m[2]), cross(m[2], m[0]), cross(m[0], m[1])}
	if m.Det() < 0 {
		return Scaling(-1, -1, -1).Mul(c)
	}
	return c
}

// Transform returns c with every point p at M p, true places both. Normals are mapped so that
// they stay at right angles to the surface, which M itself does not do if it
// scales the axes differently, and to length 1; a normal that has no image,
// as the map flattens what it stands on, becomes zero.
func (c Cloud) Transform(m Matrix) Cloud {
	out := c.Clone()
	out.Origin = m.points(out.Points, c.Origin)
	m.normals(out.Normals)
	return out
}

// Transform returns m with every vertex p at M p, and with normals as in
// [Cloud.Transform]. A map that mirrors reverses the order of the corners, so
// that outside stays outside.
func (m Mesh) Transform(by Matrix) Mesh {
	out := m.Clone()
	out.Origin = by.points(out.Vertices, m.Origin)
	by.normals(out.Normals)
	if by.Det() < 0 {
		for i, f := range out.Faces {
			out.Faces[i] = [3]int32{f[0], f[2], f[1]}
		}
	}
	return out
}

// points maps points, measured from an origin, in place, and returns the origin
// from which they are measured then.
func (m Matrix) points(p [][3]float32, from [3]float64) (to [3]float64) {
	if from != ([3]float64{}) {
		return Rigid{R: m}.move(p, from)
	}
	for i, x := range p {
		p[i] = narrow(m.of(wide(x)))
	}
	return to
}

// normals maps normals in place.
func (m Matrix) normals(p [][3]float32) {
	if len(p) == 0 {
		return
	}
	m = m.forNormals()
	for i, x := range p {
		p[i] = narrow(unit(m.of(wide(x))))
	}
}

// Translate returns c with every point moved by d.
func (c Cloud) Translate(d [3]float32) Cloud {
	out := c.Clone()
	move(out.Points, d)
	return out
}

// Translate returns m with every vertex moved by d.
func (m Mesh) Translate(d [3]float32) Mesh {
	out := m.Clone()
	move(out.Vertices, d)
	return out
}

func move(p [][3]float32, d [3]float32) {
	for i := range p {
		for k := range d {
			p[i][k] += d[k]
		}
	}
}

// Scale returns c with its coordinates multiplied by those of by, and its
// normals kept at right angles to the surface: see [Cloud.Transform].
func (c Cloud) Scale(by [3]float32) Cloud {
	return c.Transform(Scaling(float64(by[0]), float64(by[1]), float64(by[2])))
}
