// H5tonpy converts HDF5 files to .npy files, which the readers of this module
// read. It is a module of its own, so that the library does without the reader
// of HDF5, and a command of its own, because that reader can take all memory on
// a file that lies: convert files that you trust, or in a container.
//
//	go build -C examples/h5tonpy -o ../../h5tonpy .
//	./h5tonpy modelnet40_ply_hdf5_2048/*.h5
//
// Every dataset of numbers becomes an array beside the file, or in the folder
// that -o names: a.h5 with the datasets data and label becomes a.data.npy and
// a.label.npy. Datasets in groups have the names of these before theirs, with
// points between them, and all but letters, digits, "-" and "_" in a name
// becomes "_". The folder is then read by dataset.Open of setwise/io/dataset.
//
// Floats of 32 and 64 bits and integers keep their size; integers of 64 bits
// beyond 2^53 are an error, for the reader rounds them. Datasets of other types
// are passed over with a note. Not read at all are the newest layouts of the
// format (libver='latest' with chunks), floats of 16 bits and booleans: write
// such files again with h5py's defaults.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	err := run(os.Args[1:], os.Stdout, os.Stderr)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "h5tonpy:", err)
		os.Exit(1)
	}
}

// run is the program: it tells out what it wrote, and notes what it passed over.
func run(args []string, out, notes io.Writer) error {
	f := flag.NewFlagSet("h5tonpy", flag.ContinueOnError)
	f.SetOutput(notes)
	f.Usage = func() {
		fmt.Fprint(notes, "H5tonpy converts HDF5 files to .npy files.\n\n  h5tonpy [-o DIR] FILE.h5...\n\n")
		f.PrintDefaults()
	}
	dir := f.String("o", "", "`folder` for the arrays (default that of each file)")
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() == 0 {
		return errors.New("want names of HDF5 files, got none; see -help")
	}
	if *dir != "" {
		if err := os.MkdirAll(*dir, 0o755); err != nil {
			return err
		}
	}
	var failed []error
	for _, name := range f.Args() {
		if err := convert(name, *dir, out, notes); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", name, err))
		}
	}
	return errors.Join(failed...)
}
