package view

import (
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"setwise/pointcloud"
)

// browse opens a page in the Chromium that SETWISE_BROWSER names, and returns what
// the function look, in JavaScript, returns there when all is drawn. The colour of
// a pixel of the first panel is pixel(x, y), as three numbers.
func browse(t *testing.T, page, look string, flags ...string) string {
	t.Helper()
	browser := os.Getenv("SETWISE_BROWSER")
	if browser == "" {
		t.Skip("no browser: SETWISE_BROWSER names none")
	}
	script := `<script>setTimeout(() => {
	const pixel = (x, y) => [...shown[0].getContext("2d").getImageData(x, y, 1, 1).data.slice(0, 3)];
	const look = () => { ` + look + ` };
	document.body.append("seen: " + look() + ";");
}, 2000)</script></body>`
	file := filepath.Join(t.TempDir(), "page.html")
	require.NoError(t, os.WriteFile(file, []byte(strings.Replace(page, "</body>", script, 1)), 0o600))
	args := append([]string{"--headless", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
		"--no-first-run", "--user-data-dir=" + t.TempDir(), "--virtual-time-budget=5000", "--dump-dom"}, flags...)
	out, err := exec.CommandContext(t.Context(), browser, append(args, "file://"+file)...).Output()
	require.NoError(t, err)
	assert.Contains(t, string(out), "drag to turn")
	found := regexp.MustCompile(`seen: (.*);</body>`).FindSubmatch(out)
	require.Len(t, found, 2, "%s", out)
	return string(found[1])
}

// dark makes the browser ask for dark pages.
const dark = "--blink-settings=preferredColorScheme=0"

// Shaders compile, and something is seen in the middle, before white or black.
func TestBrowser(t *testing.T) {
	page, _ := write(t, Options{}, Item{Cloud: points([3]float32{}), Colors: []color.RGBA{red}})
	look := `const [r, g] = pixel(shown[0].width / 2, shown[0].height / 2); return (r > 200 && g < 60) + " " + pixel(1, 1)`
	assert.Equal(t, "true 255,255,255", browse(t, page, look))
	assert.Equal(t, "true 22,24,28", browse(t, page, look, dark), "their own colours stay")
}

// The colours of classes and values are lighter on dark pages, and so are those of
// the legend.
func TestDarkPageIsLegible(t *testing.T) {
	page, _ := write(t, Options{}, Item{Cloud: points([3]float32{}), Values: []float64{0}}, Item{Cloud: points([3]float32{}), Values: []float64{1}})
	look := `const [r, g, b] = pixel(shown[0].width / 2, shown[0].height / 2);
	return (r < 80) + " " + (r > 85) + " " + getComputedStyle(document.querySelector("b")).boxShadow.split(" px")[0].replace(/\) .*/, ")")`
	assert.Equal(t, "true false rgba(255, 255, 255, 0)", browse(t, page, look))
	assert.Equal(t, "false true rgba(255, 255, 255, 0.25)", browse(t, page, look, dark))
}

// What was drawn before, larger, leaves nothing at the edges of a panel.
func TestEdgesAreClean(t *testing.T) {
	square := pointcloud.Mesh{Vertices: [][3]float32{{-1, -1, 0}, {1, -1, 0}, {1, 1, 0}, {-1, 1, 0}}, Faces: [][3]int32{{0, 1, 2}, {0, 2, 3}}}
	page, _ := write(t, Options{From: [3]float64{0, 0, 1}}, Item{Mesh: square, Colors: []color.RGBA{red, blue}})
	look := `zoom = 30; draw(1); zoom = 1;
	if (pixel(0, 0).join() === "255,255,255") return "want a panel full of colour";
	const stray = [];
	for (const quality of [0.4, 0.5, 0.57, 0.7, 0.93]) {
		draw(quality);
		const {width, height} = shown[0], ground = pixel(width / 8, height / 2).join();
		for (let x = 0; x < width; x++) for (const y of [0, height - 1]) if (pixel(x, y).join() !== ground) stray.push([x, y]);
		for (let y = 0; y < height; y++) for (const x of [0, width - 1]) if (pixel(x, y).join() !== ground) stray.push([x, y]);
	}
	return stray.length`
	assert.Equal(t, "0", browse(t, page, look))
}
