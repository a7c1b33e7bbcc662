package molecules

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A compound is a molecule as atoms in space and bonds between them.
type compound struct {
	atoms []atom
	bonds []bond
}

type atom struct {
	element string
	at      [3]float64 // in ångström
	charge  int        // formal
	partial float64    // charge, in units of that of a proton; 0 if the file has none
}

// bond is one of the given order, 1 to 3 or 4 for aromatic, between two atoms.
type bond struct{ a, b, order int }

// parseSDF reads the first molecule of a file in the format SDF, version V2000:
// three lines of title, a line with the numbers of atoms and bonds, a line for
// each of them, lines of properties to M  END, and data under names. Fields
// stand at fixed places. Of the properties M  CHG is used, of the data
// partial_charges, which is a line for each atom.
func parseSDF(text string) (*compound, error) {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSuffix(l, "\r")
	}
	if len(lines) < 4 || !strings.HasSuffix(strings.TrimRight(lines[3], " "), "V2000") {
		return nil, errors.New("line 4: want the numbers of atoms and bonds, and V2000")
	}
	atoms, err := field(lines[3], 0, 3, 1, 999)
	if err != nil {
		return nil, fmt.Errorf("line 4: atoms: %w", err)
	}
	bonds, err := field(lines[3], 3, 6, 0, 999)
	if err != nil {
		return nil, fmt.Errorf("line 4: bonds: %w", err)
	}
	if want := 4 + atoms + bonds; len(lines) < want {
		return nil, fmt.Errorf("want %d lines for %d atoms and %d bonds, got %d", want, atoms, bonds, len(lines))
	}
	c := &compound{}
	n := 4
	for range atoms {
		if err := c.addAtom(lines[n]); err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
		n++
	}
	for range bonds {
		if err := c.addBond(lines[n]); err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
		n++
	}
	for ; n < len(lines) && lines[n] != "M  END"; n++ {
		if err := c.addCharges(lines[n]); err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	if n == len(lines) {
		return nil, errors.New("want a line M  END, got the end of the file")
	}
	for ; n < len(lines) && lines[n] != "$$$$"; n++ {
		if !strings.HasPrefix(lines[n], ">") || !strings.Contains(lines[n], "<partial_charges>") {
			continue
		}
		for i := range c.atoms {
			if n++; n == len(lines) {
				return nil, fmt.Errorf("partial_charges: want %d lines, got %d", atoms, i)
			}
			if c.atoms[i].partial, err = decimalField(lines[n], 0, len(lines[n])); err != nil {
				return nil, fmt.Errorf("line %d: partial_charges: %w", n+1, err)
			}
		}
	}
	return c, nil
}

// field reads a whole number from lo to hi at a place in a line.
func field(line string, from, to, lo, hi int) (int, error) {
	text := strings.TrimSpace(line[min(from, len(line)):min(to, len(line))])
	n, err := strconv.Atoi(text)
	if err != nil || n < lo || n > hi {
		return 0, fmt.Errorf("want a number from %d to %d, got %.40q", lo, hi, text)
	}
	return n, nil
}

// decimalField reads a number at a place in a line.
func decimalField(line string, from, to int) (float64, error) {
	text := strings.TrimSpace(line[min(from, len(line)):min(to, len(line))])
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(x) || math.Abs(x) > 1e6 {
		return 0, fmt.Errorf("want a number, got %.40q", text)
	}
	return x, nil
}

func (c *compound) addAtom(line string) (err error) {
	var a atom
	for i := range a.at {
		if a.at[i], err = decimalField(line, 10*i, 10*i+10); err != nil {
			return err
		}
	}
	if a.element = strings.TrimSpace(line[min(31, len(line)):min(34, len(line))]); a.element == "" {
		return errors.New("want an element, got nothing")
	}
	c.atoms = append(c.atoms, a)
	return nil
}

func (c *compound) addBond(line string) (err error) {
	var b bond
	if b.a, err = field(line, 0, 3, 1, len(c.atoms)); err != nil {
		return err
	}
	if b.b, err = field(line, 3, 6, 1, len(c.atoms)); err != nil {
		return err
	}
	if b.order, err = field(line, 6, 9, 1, 4); err != nil {
		return err
	}
	if b.a == b.b {
		return fmt.Errorf("want a bond of two atoms, got %d twice", b.a)
	}
	b.a, b.b = b.a-1, b.b-1
	c.bonds = append(c.bonds, b)
	return nil
}

// addCharges reads a line of properties if it is one of charges: M  CHG, how
// many, and an atom and its charge for each.
func (c *compound) addCharges(line string) error {
	rest, ok := strings.CutPrefix(line, "M  CHG")
	if !ok {
		return nil
	}
	words := strings.Fields(rest)
	for i := 1; i < len(words); i += 2 {
		a, err := field(words[i], 0, len(words[i]), 1, len(c.atoms))
		if err != nil {
			return err
		}
		if i+1 == len(words) {
			return errors.New("want a charge, got the end of the line")
		}
		if c.atoms[a-1].charge, err = field(words[i+1], 0, len(words[i+1]), -15, 15); err != nil {
			return err
		}
	}
	return nil
}
