package pointcloud

import "math"

// An assignment pairs the rows of a square matrix of finite costs with its
// columns so that the sum is the least that there is: R. Jonker and A. Volgenant,
// "A shortest augmenting path algorithm for dense and sparse linear assignment
// problems" (1987). What proves the result are prices v of columns: the cost less
// the price is least, in each row, at its own column.
type assignment struct {
	cost        []float64 // row by row
	n           int
	v           []float64
	column, row []int // the column of each row and the row of each column, or -1

	distance []float64 // of columns from the row that is to be paired, NaN if reached
	from     []int32   // the row before a column on the way to it
	reached  []reached // what has no shorter way
}

type reached struct {
	column   int
	distance float64
}

// assign returns the column of each of n rows. O(n^3) time, mostly far less.
func assign(cost []float64, n int) []int {
	a := &assignment{cost: cost, n: n}
	a.solve()
	return a.column
}

func (a *assignment) solve() {
	n := a.n
	a.v, a.column, a.row = make([]float64, n), make([]int, n), make([]int, n)
	a.distance, a.from = make([]float64, n), make([]int32, n)
	free := a.reduceRows(a.reduceColumns())
	for _, i := range a.reduceRows(free) {
		a.augment(i)
	}
}

func (a *assignment) costs(i int) []float64 { return a.cost[i*a.n : (i+1)*a.n] }

// reduceColumns prices each column at its least cost, gives it to the row that
// has it unless that has one, and lowers the price of a row's only column so far
// that it is just the row's best. It returns the rows without a column.
func (a *assignment) reduceColumns() (free []int) {
	for j := range a.n {
		a.v[j], a.column[j] = math.Inf(1), -1
	}
	for i := range a.n {
		for j, c := range a.costs(i) {
			if c < a.v[j] {
				a.v[j], a.row[j] = c, i
			}
		}
	}
	several := make([]bool, a.n)
	for j, i := range a.row {
		if a.column[i] < 0 {
			a.column[i] = j
		} else {
			several[i], a.row[j] = true, -1
		}
	}
	for i, j := range a.column {
		switch {
		case j < 0:
			free = append(free, i)
		case !several[i]:
			least := math.Inf(1)
			for k, c := range a.costs(i) {
				if k != j {
					least = min(least, c-a.v[k])
				}
			}
			if a.n > 1 {
				a.v[j] -= least
			}
		}
	}
	return free
}

// reduceRows gives each of some rows its best column, at a price that makes it
// as good as the second best. The row that had it looks for another: at once if
// the price fell, for then it gets on, and later if not. It returns the rows that
// are left without a column.
func (a *assignment) reduceRows(free []int) (left []int) {
	// Prices that fall by less and less must not take for ever.
	for steps := 4 * a.n; len(free) > 0; {
		i := free[len(free)-1]
		free = free[:len(free)-1]
		if steps--; steps < 0 {
			left = append(left, i)
			continue
		}
		first, second := 0, -1
		least, next := math.Inf(1), math.Inf(1)
		for j, c := range a.costs(i) {
			if c -= a.v[j]; c < next {
				if c < least {
					first, second, least, next = j, first, c, least
				} else {
					second, next = j, c
				}
			}
		}
		lower := a.v[first] - (next - least)
		falls := second >= 0 && lower < a.v[first]
		if falls {
			a.v[first] = lower
		} else if second >= 0 && a.row[first] >= 0 {
			first = second
		}
		if other := a.row[first]; other >= 0 {
			a.column[other] = -1
			if falls {
				free = append(free, other)
			} else {
				left = append(left, other)
			}
		}
		a.column[i], a.row[first] = first, i
	}
	return left
}

// augment pairs row i: on the shortest way from it to a column without a row,
// by costs less prices, every row takes the column that follows (E. W. Dijkstra).
func (a *assignment) augment(i int) {
	a.reached = a.reached[:0]
	for j := range a.distance {
		a.distance[j] = math.Inf(1)
	}
	end, length := a.extend(i, 0)
	for a.row[end] >= 0 {
		a.reached = append(a.reached, reached{end, length})
		a.distance[end] = math.NaN()
		k := a.row[end]
		end, length = a.extend(k, a.costs(k)[end]-a.v[end]-length)
	}
	for _, r := range a.reached {
		a.v[r.column] += r.distance - length
	}
	for j := end; ; {
		k := int(a.from[j])
		a.row[j] = k
		j, a.column[k] = a.column[k], j
		if k == i {
			return
		}
	}
}

// extend makes ways through row k where they are shorter, and returns the column
// of the least distance of those that are not reached. Without a row comes first.
func (a *assignment) extend(k int, base float64) (at int, least float64) {
	costs := a.costs(k)
	n := len(costs)
	v, distance, from := a.v[:n], a.distance[:n], a.from[:n]
	at, least = -1, math.Inf(1)
	for j, c := range costs {
		// Nothing is less than NaN, nor NaN than anything.
		d := c - v[j] - base
		if d < distance[j] {
			distance[j], from[j] = d, int32(k)
		} else {
			d = distance[j]
		}
		if d <= least && (d < least || a.row[j] < 0) {
			at, least = j, d
		}
	}
	return at, least
}
