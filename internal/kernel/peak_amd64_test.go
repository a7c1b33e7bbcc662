//go:build amd64 && !noasm

package kernel

import (
	"fmt"
	"testing"
)

// BenchmarkPeak is the most that this processor can do on one core: the yardstick of BenchmarkGemm.
func BenchmarkPeak(b *testing.B) {
	for _, set := range []struct {
		bits int
		run  func(n int)
	}{{512, peak512}, {256, peak256}} {
		if set.bits > best {
			continue
		}
		b.Run(fmt.Sprint(set.bits), func(b *testing.B) {
			const rounds = 10000
			for b.Loop() {
				set.run(rounds)
			}
			b.ReportMetric(12*2*float64(set.bits/32)*rounds*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
