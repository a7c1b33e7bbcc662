//go:build amd64 && !noasm

package kernel

// Products with few rows or few columns, which tiles would leave half empty.

// packLeft gathers m rows of A, at most narrowCols, column by column.
func (p *product) packLeft(a view, m int) *float32 {
	if m == 1 && a.col == 4 {
		return a.p
	}
	p.need()
	for i := range m {
		for q, at := 0, a.from(i, 0).p; q < p.k; q++ {
			p.small[q*m+i] = *offset(at, q*a.col)
		}
	}
	return &p.small[0]
}

// flat multiplies a few rows by a transposed B, which is turned in registers and not copied.
func (p *product) flat(m, n int, a, b view, c *float32) {
	wide := 2 * p.lanes
	p.turned[m](p.packLeft(a, m), b.p, uintptr(b.col), c, uintptr(p.ldc), p.k, n/wide, p.alpha, p.accumulate)
	if done := n / wide * wide; done < n {
		p.blocks(m, n-done, a, b.from(0, done), offset(c, 4*done))
	}
}

// narrow multiplies many rows by a few columns: it computes the transpose, in which the rows fill the lanes, a run of rows
// at a time, and turns it into place.
func (p *product) narrow(m, n int, a, b view, c *float32) {
	p.need()
	wide := 2 * p.lanes
	few := b.transpose()
	for j := 0; j < n; {
		cols := n - j
		if a.row != 4 {
			cols = min(cols, len(p.turned)-1)
		} else {
			cols = min(cols, len(p.full)-1)
		}
		left := few.from(j, 0)
		if a.row != 4 {
			left = view{p: p.packLeft(left, cols), row: 4, col: 4 * cols}
		}
		for i := 0; i+wide <= m; i += narrowRun {
			blocks := min(m-i, narrowRun) / wide
			run := blocks * wide
			at := offset(c, i*p.ldc+4*j)
			if p.accumulate != 0 {
				p.fill(at, run, cols)
			}
			if a.row != 4 {
				p.turned[cols](left.p, a.from(i, 0).p, uintptr(a.row), &p.tile[0], 4*narrowRun, p.k, blocks, p.alpha, p.accumulate)
			} else {
				for r := range blocks {
					p.full[cols](left.p, uintptr(left.row), uintptr(left.col), a.from(i+r*wide, 0).p, uintptr(a.col),
						&p.tile[r*wide], 4*narrowRun, p.k, 1, p.alpha, p.accumulate, wide)
				}
			}
			p.empty(at, run, cols)
		}
		j += cols
	}
	if done := m / wide * wide; done < m {
		p.blocks(m-done, n, a.from(done, 0), b, offset(c, done*p.ldc))
	}
}

// fill brings rows x cols of C into the tile, transposed.
func (p *product) fill(c *float32, rows, cols int) {
	for j := range cols {
		for r, at := 0, offset(c, 4*j); r < rows; r++ {
			p.tile[j*narrowRun+r] = *offset(at, r*p.ldc)
		}
	}
}

// empty writes the tile back to rows x cols of C.
func (p *product) empty(c *float32, rows, cols int) {
	for j := range cols {
		at := offset(c, 4*j)
		for r, v := range p.tile[j*narrowRun : j*narrowRun+rows] {
			*offset(at, r*p.ldc) = v
		}
	}
}
