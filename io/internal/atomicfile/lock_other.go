//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package atomicfile

import "os"

// lock does nothing: there are no locks that end with a process.
func lock(*os.File) held { return unknown }

// take closes the file f, for some systems rename closed files only, and gives
// it the name.
func take(f *os.File, name string) error {
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
