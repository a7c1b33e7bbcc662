package study

import (
	"fmt"
	"os"
	"path/filepath"
)

// Data are what a task learns from. The zero value is none: the task makes its own.
type Data struct {
	Files  string // what there should be, and where it is from
	Folder string // where that is in the folder of all data; "" for a file that only -data can name
}

// String says how the data are given.
func (d Data) String() string {
	if d.Folder == "" {
		return "wants -data: " + d.Files
	}
	return fmt.Sprintf("wants in the folder -data, by default SETWISE_DATA/%s: %s", d.Folder, d.Files)
}

// Read returns what read makes of the folder of the data: that of -data, or else one
// in the folder that the environment variable SETWISE_DATA names.
func Read[T any](o Options, read func(dir string) (T, error)) (none T, err error) {
	dir, err := o.folder()
	if err != nil {
		return none, err
	}
	return read(dir)
}

func (o *Options) folder() (string, error) {
	d := o.Task.Data
	both := fmt.Sprintf("-data can name it, or SETWISE_DATA the folder that has %s", d.Folder)
	dir := o.Data
	if dir == "" {
		all := os.Getenv("SETWISE_DATA")
		if all == "" {
			return "", fmt.Errorf("task %s: want a folder with %s; %s, and neither does", o.Task.Name, d.Files, both)
		}
		dir = filepath.Join(all, d.Folder)
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", fmt.Errorf("%s: want a folder with %s; %s", dir, d.Files, both)
	}
	return dir, nil
}
