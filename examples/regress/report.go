package main

import (
	"fmt"
	"io"
	"path/filepath"
)

// report writes a page of tables from the results in a folder.
func report(dir string, out io.Writer) error {
	names, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return err
	}
	for _, name := range names {
		r, err := readResult(name)
		if err != nil {
			return err
		}
		fmt.Fprintln(out, r)
	}
	return nil
}
