//go:build !amd64 || noasm

package kernel

import "testing"

const best = 0

func forLevels(t *testing.T, f func(t *testing.T)) { t.Run("portable", f) }

func setLevel(testing.TB, int) {}
