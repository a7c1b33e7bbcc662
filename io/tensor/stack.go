package tensor

import (
	"fmt"
	"slices"
	"strings"
)

// take returns the next n bytes.
func (m *machine) take(n uint64) []byte {
	if m.err != nil {
		return nil
	}
	if left := len(m.in) - m.pos; n > uint64(left) {
		m.fail("want %d bytes more, got %d", n, left)
		return nil
	}
	b := m.in[m.pos : m.pos+int(n)]
	m.pos += int(n)
	return b
}

// uint returns a little-endian number of n bytes.
func (m *machine) uint(n int) uint64 {
	var v uint64
	for i, b := range m.take(uint64(n)) {
		v |= uint64(b) << (8 * i)
	}
	return v
}

// line returns what is left of a line of text.
func (m *machine) line() string {
	line, _, ok := strings.Cut(string(m.in[m.pos:min(m.pos+256, len(m.in))]), "\n")
	if !ok {
		m.fail("want a name of at most 255 bytes and a line feed")
		return ""
	}
	m.pos += len(line) + 1
	return line
}

// long pushes an integer of n bytes, the highest of which carries the sign.
func (m *machine) long(n uint64) {
	if n > 8 {
		m.take(n)
		m.push(blob{})
		return
	}
	unused := 64 - 8*int(n)
	m.push(int64(m.uint(int(n))<<unused) >> unused)
}

// count takes note of one more value.
func (m *machine) count() {
	if m.values++; m.values > mostValues {
		m.fail("want at most %d values", mostValues)
	}
}

func (m *machine) push(v any) {
	m.count()
	if m.err == nil {
		m.stack = append(m.stack, v)
	}
}

// floor returns where the values above the last mark begin.
func (m *machine) floor() int {
	if len(m.marks) == 0 {
		return 0
	}
	return m.marks[len(m.marks)-1]
}

func (m *machine) pop() any {
	if v := m.popN(1); v != nil {
		return v[0]
	}
	return nil
}

// popN returns the n topmost values, which the caller must not keep, or nil
// if there are fewer above the last mark.
func (m *machine) popN(n int) []any {
	if m.err != nil {
		return nil
	}
	at := len(m.stack) - n
	if at < m.floor() {
		m.fail("want %d values on the stack, got %d", n, len(m.stack)-m.floor())
		return nil
	}
	return m.cut(at)
}

// popMark returns the values above the last mark, and removes the mark.
func (m *machine) popMark() []any {
	if m.err != nil {
		return nil
	}
	if len(m.marks) == 0 {
		m.fail("want a mark on the stack, got none")
		return nil
	}
	at := m.floor()
	m.marks = m.marks[:len(m.marks)-1]
	return m.cut(at)
}

// cut removes the stack from at on and returns a copy of it.
func (m *machine) cut(at int) []any {
	v := append([]any(nil), m.stack[at:]...)
	clear(m.stack[at:])
	m.stack = m.stack[:at]
	return v
}

// top returns the topmost value.
func (m *machine) top() any {
	v := m.pop()
	if m.err == nil {
		m.stack = append(m.stack, v)
	}
	return v
}

// extend appends items to the list on top of the stack.
func (m *machine) extend(items []any) {
	if v := m.top(); m.err == nil {
		switch v := v.(type) {
		case *list:
			v.items = append(v.items, items...)
		case *object:
			for _, x := range items {
				v.pairs = append(v.pairs, int64(len(v.pairs)/2), x)
			}
		default:
			m.fail("want a list to append to, got %s", kind(v))
		}
	}
}

// set adds keys and values to the dictionary on top of the stack.
func (m *machine) set(pairs []any) {
	if v := m.top(); m.err == nil {
		d, ok := v.(*dict)
		if o, is := v.(*object); is {
			d, ok = &o.dict, true
		}
		if !ok || len(pairs)%2 != 0 {
			m.fail("want a dictionary and pairs of keys and values, got %s and %d", kind(v), len(pairs))
			return
		}
		d.pairs = append(d.pairs, pairs...)
	}
}

// add puts members into the set, or whatever object, on top of the stack.
func (m *machine) add(inside []any) {
	if v := m.top(); m.err == nil {
		o, ok := v.(*object)
		if !ok {
			m.fail("want a set or an object to add to, got %s", kind(v))
			return
		}
		o.inside = append(o.inside, inside...)
	}
}

// apply pushes what a function or class makes of its arguments.
func (m *machine) apply(f, args any) {
	t, ok := args.(tuple)
	if !ok {
		m.fail("want arguments in a tuple, got %s", kind(args))
		return
	}
	made, err := m.call(f, t)
	m.check(err)
	m.push(made)
}

// build gives what is on top of the stack attributes. Those of an OrderedDict,
// such as the versions of layers, are of no use here.
func (m *machine) build(attributes any) {
	if v := m.top(); m.err == nil {
		switch v := v.(type) {
		case *dict:
		case *object:
			v.inside = append(slices.Clip(v.inside), attributes)
		default:
			m.fail("want an object to give attributes, got %s", kind(v))
		}
	}
}

func (m *machine) memoize(key uint32) {
	m.count()
	if v := m.top(); m.err == nil {
		m.memo[key] = v
	}
}

func (m *machine) get(key uint32) {
	v, ok := m.memo[key]
	if !ok {
		m.fail("want a value that was memoized as %d", key)
	}
	m.push(v)
}

// find pushes what the world knows by a name.
func (m *machine) find(module, name string) {
	if m.err == nil {
		v, err := m.global(module, name)
		m.check(err)
		m.push(v)
	}
}

// kind returns what a value is, for errors.
func kind(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		return "a bool"
	case int64:
		return fmt.Sprintf("the integer %d", v)
	case float64:
		return "a float"
	case string:
		return fmt.Sprintf("the string %.40q", v)
	case blob:
		return "bytes"
	case tuple:
		return fmt.Sprintf("a tuple of %d", len(v))
	case *list:
		return fmt.Sprintf("a list of %d", len(v.items))
	case *dict:
		return fmt.Sprintf("a dictionary of %d", len(v.pairs)/2)
	case *object:
		return fmt.Sprintf("an object of %v", v.class)
	case global:
		return v.String()
	case *Tensor:
		return "a tensor"
	case *storage:
		return "a storage"
	}
	return "a class or function"
}
