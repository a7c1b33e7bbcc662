//go:build unix

package main

import (
	"fmt"
	"html"
	"io"
	"math"
	"strings"
)

// Sizes of the chart, in pixels.
const (
	wide, high         = 640.0, 400.0
	left, below, above = 50.0, 40.0, 12.0
	right              = 150.0 // room for names
)

var colors = []string{"#c0392b", "#1f5f99", "#3a8f4d", "#8a5aa8", "#b8860b", "#555555"}

// writeChart draws accuracies by minute as SVG: the means over seeds, in bands of
// a standard deviation to each side.
func writeChart(w io.Writer, all []training, minutes float64) error {
	var b strings.Builder
	top := 0.0
	for _, t := range all {
		for _, r := range t.log {
			top = max(top, r.Accuracy)
		}
	}
	top = math.Ceil(float64(10*top)+1e-9) / 10
	x := func(minute float64) float64 { return left + float64((wide-left-right)*minute/minutes) }
	y := func(accuracy float64) float64 { return high - below - (high-below-above)*accuracy/top }
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %g %g\" font-family=\"sans-serif\" font-size=\"12\">\n", wide, high)
	fmt.Fprintf(&b, "<rect width=\"%g\" height=\"%g\" fill=\"white\"/>\n", wide, high)
	text := func(x, y float64, anchor, color, s string) {
		fmt.Fprintf(&b, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>\n", x, y, anchor, color, html.EscapeString(s))
	}
	for i := range int(math.Round(10*top)) + 1 {
		a := float64(i) / 10
		fmt.Fprintf(&b, "<path d=\"M%.1f %.1fH%.1f\" stroke=\"#dddddd\"/>\n", left, y(a), x(minutes))
		text(left-6, y(a)+4, "end", "black", fmt.Sprintf("%.1f", a))
	}
	all10 := math.Ceil(minutes / 10) // at most ten numbers below
	for m := 0.0; m <= minutes; m += all10 {
		text(x(m), high-below+18, "middle", "black", fmt.Sprintf("%g", m))
	}
	text(x(minutes/2), high-6, "middle", "black", "minutes of training")
	for i, name := range entrants(all) {
		color := colors[i%len(colors)]
		var line, upper, lower []string
		var end float64
		for _, m := range ticks(minutes) {
			mean, deviation, n := over(all, name, accuracy(m))
			if n == 0 {
				continue
			}
			if n == 1 {
				deviation = 0
			}
			at := func(a float64) string { return fmt.Sprintf("%.1f,%.1f", x(m), y(min(max(a, 0), top))) }
			line, upper, lower, end = append(line, at(mean)), append(upper, at(mean+deviation)), append([]string{at(mean - deviation)}, lower...), y(mean)
		}
		if len(line) == 0 {
			continue
		}
		fmt.Fprintf(&b, "<polygon points=\"%s\" fill=\"%s\" opacity=\"0.2\"/>\n", strings.Join(append(upper, lower...), " "), color)
		fmt.Fprintf(&b, "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n", strings.Join(line, " "), color)
		text(x(minutes)+8, end+4, "start", color, name)
	}
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}
