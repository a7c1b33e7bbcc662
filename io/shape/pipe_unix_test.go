//go:build unix

package shape_test

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/io/obj"
	"setwise/io/off"
	"setwise/io/pcd"
	"setwise/io/ply"
	"setwise/io/shape"
	"setwise/io/stl"
	"setwise/io/xyz"
)

// Nothing waits for a pipe that nobody writes to, or reads a device for ever.
func TestOnlyFiles(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	for name, open := range map[string]func(string) error{
		"shape":      func(n string) error { _, err := shape.Open(n, shape.Limits{}); return err },
		"stl":        func(n string) error { _, err := stl.Open(n, stl.Limits{}); return err },
		"stl solids": func(n string) error { _, err := stl.OpenSolids(n, stl.Limits{}); return err },
		"off":        func(n string) error { _, err := off.Open(n, off.Limits{}); return err },
		"obj":        func(n string) error { _, err := obj.Open(n, obj.Limits{}); return err },
		"ply":        func(n string) error { _, err := ply.Open(n, ply.Limits{}); return err },
		"ply cloud":  func(n string) error { _, err := ply.OpenCloud(n, ply.Limits{}); return err },
		"ply all":    func(n string) error { _, err := ply.OpenAll(n, ply.Limits{}); return err },
		"pcd":        func(n string) error { _, err := pcd.Open(n, pcd.Limits{}); return err },
		"pcd all":    func(n string) error { _, err := pcd.OpenAll(n, pcd.Limits{}); return err },
		"xyz":        func(n string) error { _, err := xyz.Open(n, xyz.Limits{}); return err },
	} {
		assert.ErrorContains(t, open(pipe), pipe+": a pipe: want a regular file", name)
		assert.ErrorContains(t, open("/dev/zero"), "/dev/zero: a device: want a regular file", name)
		assert.ErrorContains(t, open("testdata"), "testdata: a folder: want a regular file", name)
	}
}
