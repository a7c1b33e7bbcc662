//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package atomicfile

import (
	"errors"
	"os"
	"syscall"
)

// lock locks a file until it is closed, unless another has.
func lock(f *os.File) held {
	for {
		switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
		case err == nil:
			return ours
		case errors.Is(err, syscall.EWOULDBLOCK):
			return busy
		case !errors.Is(err, syscall.EINTR):
			return unknown
		}
	}
}

// take gives the file f the name while it is still locked, and closes it.
func take(f *os.File, name string) error {
	if err := os.Rename(f.Name(), name); err != nil {
		return err
	}
	_ = f.Close() // it was synced, so nothing is left to be written
	return nil
}
