package pointcloud

// A crowd is a heap of points that knows where in it each point is: the
// heaviest on top, of equal weights the one of highest number.
type crowd struct {
	weight []int64
	order  []int32 // the heap
	place  []int32 // of each point in order, or -1 if it is not there
}

// arrange makes a heap of all points.
func (q *crowd) arrange() {
	q.order, q.place = make([]int32, len(q.weight)), make([]int32, len(q.weight))
	for i := range q.order {
		q.order[i], q.place[i] = int32(i), int32(i)
	}
	for at := len(q.order)/2 - 1; at >= 0; at-- {
		q.sink(at)
	}
}

func (q *crowd) heavier(i, j int32) bool {
	return q.weight[i] > q.weight[j] || q.weight[i] == q.weight[j] && i > j
}

// sink moves the point at a place down to where it belongs.
func (q *crowd) sink(at int) {
	i := q.order[at]
	for child := 2*at + 1; child < len(q.order); child = 2*at + 1 {
		if child+1 < len(q.order) && q.heavier(q.order[child+1], q.order[child]) {
			child++
		}
		if q.heavier(i, q.order[child]) {
			break
		}
		q.put(q.order[child], at)
		at = child
	}
	q.put(i, at)
}

func (q *crowd) put(i int32, at int) { q.order[at], q.place[i] = i, int32(at) }

// pop takes the heaviest point out.
func (q *crowd) pop() int32 {
	top, last := q.order[0], len(q.order)-1
	q.put(q.order[last], 0)
	q.order, q.place[top] = q.order[:last], -1
	if last > 0 {
		q.sink(0)
	}
	return top
}

// lower takes some weight off a point.
func (q *crowd) lower(i int32, by int64) {
	q.weight[i] -= by
	q.sink(int(q.place[i]))
}
