package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
)

// dataFolder returns the folder of a set of data: it is in the folder that the
// environment variable SETWISE_DATA names, ../shared/data without it. what says
// what should be there.
func dataFolder(name, what string) (string, error) {
	dir := filepath.Join(cmp.Or(os.Getenv("SETWISE_DATA"), filepath.Join("..", "shared", "data")), name)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", fmt.Errorf("%s: want a folder with %s; SETWISE_DATA can name the folder that %s is in", dir, what, name)
	}
	return dir, nil
}
