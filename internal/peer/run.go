//go:build unix

package main

import (
	"log"
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// run returns what a command prints and the most memory that it took, in MiB.
func run(name string, args ...string) (out []byte, mib float64) {
	c := exec.Command(name, args...)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		log.Fatalf("peer: %s: %v", name, err)
	}
	if u, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
		unit := 1024.0 // kilobytes
		if runtime.GOOS == "darwin" {
			unit = 1 << 20
		}
		mib = float64(u.Maxrss) / unit
	}
	return out, mib
}
