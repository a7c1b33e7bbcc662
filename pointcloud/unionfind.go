package pointcloud

// parts are sets of points that grow together: a forest, in which each point
// knows one above it, and whether it is turned around relative to that.
type parts []struct {
	up     int32
	turned bool
	size   int32
}

// newParts returns n parts of a point each.
func newParts(n int) parts {
	p := make(parts, n)
	for i := range p {
		p[i].up = int32(i)
	}
	return p
}

// find returns the point on top of point i, and whether i is turned around
// relative to it. It hangs all points on the way directly below the top.
func (p parts) find(i int32) (top int32, turned bool) {
	for top = i; p[top].up != top; top = p[top].up {
		turned = turned != p[top].turned
	}
	for at, rest := i, turned; p[at].up != at; {
		next, own := p[at].up, p[at].turned
		p[at].up, p[at].turned = top, rest
		at, rest = next, rest != own
	}
	return top, turned
}

// join makes the parts of points i and j one, so that they are turned around
// relative to each other or not, and reports whether they were two. Points of one
// part stay as they are.
func (p parts) join(i, j int32, around bool) bool {
	a, ta := p.find(i)
	b, tb := p.find(j)
	if a == b {
		return false
	}
	if p[a].size < p[b].size {
		a, b = b, a
	}
	p[b].up, p[b].turned = a, ta != tb != around
	p[a].size += p[b].size + 1
	return true
}
