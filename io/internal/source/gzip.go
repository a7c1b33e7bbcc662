package source

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

var magic = []byte{0x1f, 0x8b}

// Zipped reports whether s begins as what gzip compressed.
func (s *Stream) Zipped() bool { return bytes.HasPrefix(s.Head, magic) }

// Unzip returns what is compressed in s: all members, one after the other. Zeros
// after the last are padding, as gzip itself takes them; anything else is an
// error, for it may well be a member that was damaged.
func (s *Stream) Unzip() (*Stream, error) {
	in := &counter{r: s.Reader}
	b := bufio.NewReader(in)
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	z.Multistream(false)
	out, err := peek(&inflated{z: z, b: b, in: in}, -1)
	if err != nil {
		return nil, err
	}
	out.Name = s.Name
	return out, nil
}

// counter counts the bytes read through it.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

const (
	freely   = 48 << 20 // decompressed bytes that need no justification
	mostFold = 100      // how far compressed bytes may expand beyond that
)

var errBomb = errors.New("gzip: expands more than 100-fold: want a plain file, or one compressed less")

// inflated reads what z decompresses from in, up to a reasonable expansion.
type inflated struct {
	z  *gzip.Reader // of one member
	b  *bufio.Reader
	in *counter
	n  int64
}

func (i *inflated) Read(b []byte) (int, error) {
	n, err := i.z.Read(b)
	for n == 0 && err == io.EOF && len(b) > 0 {
		if err = i.next(); err != nil {
			break
		}
		n, err = i.z.Read(b)
	}
	if err == io.EOF && n > 0 {
		err = nil // whether there is more is for the next call
	}
	i.n += int64(n)
	if i.n > freely && i.n > mostFold*i.in.n {
		return 0, errBomb
	}
	if err != nil && err != io.EOF {
		err = fmt.Errorf("gzip: %w", err)
	}
	return n, err
}

// next goes on to the next member. It returns io.EOF if there is none.
func (i *inflated) next() error {
	head, err := i.b.Peek(2)
	if err != nil && err != io.EOF {
		return err
	}
	if bytes.Equal(head, magic) {
		err := i.z.Reset(i.b)
		i.z.Multistream(false)
		return err
	}
	for n := 0; ; n++ {
		c, err := i.b.ReadByte()
		switch {
		case err != nil:
			return err
		case c != 0:
			return errors.New("something after the last member that is neither another nor zeros: want the end of the file")
		case n > freely:
			return fmt.Errorf("more than %d MiB of zeros after the last member: want the end of the file", freely>>20)
		}
	}
}
