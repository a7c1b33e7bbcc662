package show

import (
	"errors"
	"flag"
	"fmt"
	"io"
)

// Parse reads a command line. Where help is asked for, it writes help and what
// the flags are to notes and returns [flag.ErrHelp]; a flag that is unknown or
// has a wrong value is an error of one line.
func Parse(f *flag.FlagSet, args []string, notes io.Writer, help func(io.Writer)) error {
	f.SetOutput(io.Discard)
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		help(notes)
		f.SetOutput(notes)
		f.PrintDefaults()
		return err
	}
	if err != nil {
		return fmt.Errorf("%.300s; -help tells of all flags", err)
	}
	return nil
}
