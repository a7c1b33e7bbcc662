package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
)

// A source is data that a task learns from. The zero value is none: the task
// makes its own.
type source struct {
	files  string // what there should be, and where it is from
	folder string // where that is in the folder of all data; "" for a file that only -data can name
}

// String says how the data are given.
func (s source) String() string {
	if s.folder == "" {
		return "wants -data: " + s.files
	}
	return fmt.Sprintf("wants in the folder -data, by default SETWISE_DATA/%s: %s", s.folder, s.files)
}

// folder returns the folder of the data: that of -data, or else one in the
// folder that the environment variable SETWISE_DATA names, ../shared/data
// without it.
func (o options) folder() (string, error) {
	s := o.task.data
	dir := cmp.Or(o.data, filepath.Join(cmp.Or(os.Getenv("SETWISE_DATA"), filepath.Join("..", "shared", "data")), s.folder))
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", fmt.Errorf("%s: want a folder with %s; -data can name it, or SETWISE_DATA the folder that has %s", dir, s.files, s.folder)
	}
	return dir, nil
}
