//go:build amd64 && !noasm

package kernel

import "golang.org/x/sys/cpu"

// level is the width in bits of the registers in use: 512 (AVX-512 F, BW, DQ and VL), 256 (AVX2 and FMA), or 0 for the
// portable code. It is set once; only tests change it.
var level = func() int {
	x := &cpu.X86
	switch {
	case x.HasAVX512F && x.HasAVX512BW && x.HasAVX512DQ && x.HasAVX512VL && x.HasBMI2:
		return 512
	case x.HasAVX2 && x.HasFMA && x.HasBMI2:
		return 256
	}
	return 0
}()
