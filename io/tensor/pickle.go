package tensor

import (
	"encoding/binary"
	"fmt"
	"math"
)

// mostValues bounds the values that a pickle makes, each of which takes up to
// 100 bytes of memory.
const mostValues = 1 << 18

// What a pickle makes, besides nil, bool, int64, float64 and string:
type (
	tuple []any
	list  struct{ items []any }
	dict  struct{ pairs []any } // key, value, key, value
	blob  struct{}              // bytes, or an integer of more than 64 bits, of no use here
)

// An object is what a pickle makes of a class or function that is not known:
// nothing but what it was given. None of it is run.
type object struct {
	class  any   // which it is of
	inside []any // arguments, state and members
	dict         // what was set in it as in a dictionary or appended as to a list
}

// A world gives meaning to what a pickle takes from outside.
type world interface {
	global(module, name string) (any, error)
	call(f any, args tuple) (any, error)
	persistent(id any) (any, error)
}

// unpickle runs a pickle of protocol 2 to 5 and returns what it makes.
func unpickle(program []byte, w world) (any, error) {
	m := machine{world: w, in: program, memo: map[uint32]any{}}
	for m.err == nil {
		m.at = m.pos
		op := m.uint(1)
		if op == '.' && m.err == nil {
			v := m.pop()
			if m.err == nil {
				return v, nil
			}
			break
		}
		m.do(byte(op))
	}
	return nil, m.err
}

// A machine runs a pickle. Once err is set, what it does has no meaning.
type machine struct {
	world
	in      []byte
	pos, at int // in the program: of what is read next, and of the present opcode
	stack   []any
	marks   []int // lengths of the stack
	memo    map[uint32]any
	values  int
	err     error
}

// fail sets the error, unless there is one.
func (m *machine) fail(format string, args ...any) {
	if m.err == nil {
		m.err = fmt.Errorf("byte %d: "+format, append([]any{m.at}, args...)...)
	}
}

// check sets err, unless it is nil or there is one.
func (m *machine) check(err error) {
	if err != nil {
		m.fail("%w", err)
	}
}

// do obeys one opcode, which Python's pickletools describe.
func (m *machine) do(op byte) {
	switch op {
	case 0x80: // PROTO
		if v := m.uint(1); v < 2 || v > 5 {
			m.fail("want pickle protocol 2 to 5, got %d", v)
		}
	case 0x95: // FRAME
		m.uint(8)
	case '(': // MARK
		m.count()
		m.marks = append(m.marks, len(m.stack))
	case '0': // POP
		m.pop()
	case '1': // POP_MARK
		m.popMark()
	case '2': // DUP
		v := m.pop()
		m.push(v)
		m.push(v)

	case 'N': // NONE
		m.push(nil)
	case 0x88: // NEWTRUE
		m.push(true)
	case 0x89: // NEWFALSE
		m.push(false)
	case 'K', 'M': // BININT1, BININT2
		m.push(int64(m.uint(1 + int(op-'K')/2)))
	case 'J': // BININT
		m.push(int64(int32(m.uint(4))))
	case 0x8a: // LONG1
		m.long(m.uint(1))
	case 0x8b: // LONG4
		m.long(m.uint(4))
	case 'G': // BINFLOAT
		if b := m.take(8); b != nil {
			m.push(math.Float64frombits(binary.BigEndian.Uint64(b)))
		}
	case 'X': // BINUNICODE
		m.push(string(m.take(m.uint(4))))
	case 0x8c: // SHORT_BINUNICODE
		m.push(string(m.take(m.uint(1))))
	case 0x8d: // BINUNICODE8
		m.push(string(m.take(m.uint(8))))
	case 'C': // SHORT_BINBYTES
		m.take(m.uint(1))
		m.push(blob{})
	case 'B': // BINBYTES
		m.take(m.uint(4))
		m.push(blob{})
	case 0x8e, 0x96: // BINBYTES8, BYTEARRAY8
		m.take(m.uint(8))
		m.push(blob{})

	case ')': // EMPTY_TUPLE
		m.push(tuple(nil))
	case 't': // TUPLE
		m.push(tuple(m.popMark()))
	case 0x85, 0x86, 0x87: // TUPLE1, TUPLE2, TUPLE3
		m.push(tuple(m.popN(int(op) - 0x84)))
	case ']': // EMPTY_LIST
		m.push(&list{})
	case 'a': // APPEND
		m.extend(m.popN(1))
	case 'e': // APPENDS
		m.extend(m.popMark())
	case '}': // EMPTY_DICT
		m.push(&dict{})
	case 's': // SETITEM
		m.set(m.popN(2))
	case 'u': // SETITEMS
		m.set(m.popMark())

	case 0x8f: // EMPTY_SET
		m.push(&object{class: "set"})
	case 0x90: // ADDITEMS
		m.add(m.popMark())
	case 0x91: // FROZENSET
		m.push(&object{class: "frozenset", inside: m.popMark()})

	case 'q': // BINPUT
		m.memoize(uint32(m.uint(1)))
	case 'r': // LONG_BINPUT
		m.memoize(uint32(m.uint(4)))
	case 0x94: // MEMOIZE
		m.memoize(uint32(len(m.memo)))
	case 'h': // BINGET
		m.get(uint32(m.uint(1)))
	case 'j': // LONG_BINGET
		m.get(uint32(m.uint(4)))

	case 'c': // GLOBAL
		module := m.line()
		m.find(module, m.line())
	case 0x93: // STACK_GLOBAL
		v := m.popN(2)
		if m.err != nil {
			return
		}
		module, ok := v[0].(string)
		name, ok2 := v[1].(string)
		if !ok || !ok2 {
			m.fail("want the names of a module and a class, got %s and %s", kind(v[0]), kind(v[1]))
			return
		}
		m.find(module, name)
	case 'R', 0x81: // REDUCE, NEWOBJ
		v := m.popN(2)
		if m.err != nil {
			return
		}
		m.apply(v[0], v[1])
	case 0x92: // NEWOBJ_EX
		v := m.popN(3)
		if m.err != nil {
			return
		}
		m.apply(v[0], v[1])
		m.build(v[2])
	case 'b': // BUILD
		m.build(m.pop())
	case 'Q': // BINPERSID
		id := m.pop()
		if m.err == nil {
			v, err := m.persistent(id)
			m.check(err)
			m.push(v)
		}
	default:
		m.fail("opcode 0x%02x: want one that a file of tensors needs, of protocol 2 to 5", op)
	}
}
