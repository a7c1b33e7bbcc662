package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"setwise/io/shape"
	"setwise/layers/classifier"
)

// few are limits that a test reaches.
func few() limits {
	return limits{body: 1 << 20, shape: shape.Limits{Points: 100_000, Faces: 100_000}, slots: 2, waiting: 1000, wait: time.Minute, reading: time.Minute}
}

// service starts a service with the small model.
func served(t *testing.T, l limits) *httptest.Server {
	t.Helper()
	c, err := classifier.Open(filepath.Join(model().dir, "model.safetensors"))
	require.NoError(t, err)
	s := httptest.NewServer(newService(c, l))
	t.Cleanup(s.Close)
	return s
}

// form returns a form with a file.
func form(t testing.TB, name string, data []byte) (kind string, body []byte) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	require.NoError(t, w.WriteField("other", "field"))
	part, err := w.CreateFormFile("shape", name)
	require.NoError(t, err)
	_, err = part.Write(data)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return w.FormDataContentType(), b.Bytes()
}

// post posts a body and returns the answer.
func post(t testing.TB, url, kind, accept string, body []byte) (*http.Response, string) {
	r, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Accept", accept)
	got, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	require.NoError(t, err)
	return got, string(text)
}

func TestService(t *testing.T) {
	s := served(t, few())
	chair, err := os.ReadFile(solid(t, "chair", filepath.Join(t.TempDir(), "a.stl")))
	require.NoError(t, err)
	page, err := http.Get(s.URL)
	require.NoError(t, err)
	text, err := io.ReadAll(page.Body)
	page.Body.Close()
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, page.StatusCode)
	require.Regexp(t, `(?s)<form action="/classify" method="post" enctype="multipart/form-data">.*<input type="file" name="shape"`, string(text))
	require.NotContains(t, string(text), "<script")

	// The same file by a form and as a body: one answer, which is that of -classify.
	kind, body := form(t, "a.stl", chair)
	got, answer := post(t, s.URL+"/classify", kind, "*/*", body)
	require.Equal(t, http.StatusOK, got.StatusCode)
	require.Equal(t, "application/json", got.Header.Get("Content-Type"))
	var o object
	require.NoError(t, json.Unmarshal([]byte(answer), &o))
	require.Equal(t, "a.stl", o.File)
	require.Len(t, o.Probabilities, 12)
	_, raw := post(t, s.URL+"/classify?name=a.stl", "application/octet-stream", "", chair)
	require.Equal(t, answer, raw)
	require.Contains(t, raw, `"unlike":null,"distance":null`, "of 48 training shapes")
	_, nameless := post(t, s.URL+"/classify", "model/stl", "", chair)
	require.Equal(t, strings.Replace(answer, `"a.stl"`, `""`, 1), nameless)

	// A browser gets a page.
	kind, body = form(t, "<b>a.stl", chair)
	got, answer = post(t, s.URL+"/classify", kind, "text/html,*/*", body)
	require.Equal(t, http.StatusOK, got.StatusCode)
	require.Equal(t, "text/html; charset=utf-8", got.Header.Get("Content-Type"))
	require.Contains(t, answer, "<h2>&lt;b&gt;a.stl</h2>")
	require.Contains(t, answer, "Whether it is unlike anything learned cannot be told.")
	require.Contains(t, answer, "<tr><td>"+o.Class+"<td>")
	kind, body = form(t, "<script>\x1b", []byte("<script>"))
	got, answer = post(t, s.URL+"/classify", kind, "text/html", body)
	require.Equal(t, http.StatusBadRequest, got.StatusCode)
	require.Contains(t, answer, "This cannot be classified: ")
	require.NotContains(t, answer, "<script>")
	require.NotContains(t, answer, "\x1b")
}

func TestServiceRefuses(t *testing.T) {
	s := served(t, few())
	huge := make([]byte, 2<<20)
	kind, hugeForm := form(t, "a.stl", huge)
	_, noFile := form(t, "", nil)
	line := []byte("1 2 3\n")
	two := strings.ReplaceAll("--x\nContent-Disposition: form-data; name=\"f\"; filename=\"a.xyz\"\n\n1 2 3\n--x\nContent-Disposition: form-data; name=\"f\"; filename=\"b.xyz\"\n\n1 2 3\n--x--\n", "\n", "\r\n")
	cut := two[:strings.Index(two, "3\r")]
	claims := append(bytes.Repeat([]byte{0}, 80), binary.LittleEndian.AppendUint32(nil, 1<<31)...)
	for name, c := range map[string]struct {
		method, path, kind string
		body               []byte
		status             int
		want               string
	}{
		"nothing":        {"POST", "/classify", "", nil, 400, "want a file, got nothing"},
		"no shape":       {"POST", "/classify?name=a.stl", "", []byte("hello"), 400, "a.stl"},
		"no format":      {"POST", "/classify", "", []byte("hello"), 400, "hello"},
		"no name":        {"POST", "/classify", "", line, 400, "POST /classify?name=part.stl says the name of a file that is part.stl"},
		"torn, no name":  {"POST", "/classify", "", claims[:83], 400, "POST /classify?name=part.stl says the name"},
		"two files":      {"POST", "/classify", "multipart/form-data; boundary=x", []byte(two), 400, `want a form with one file, got two, \"a.xyz\" and \"b.xyz\"`},
		"torn form":      {"POST", "/classify", "multipart/form-data; boundary=x", []byte(cut), 400, "the upload cannot be read"},
		"other path":     {"POST", "/classify/", "", line, 404, `{"error":"want GET / or POST /classify, got \"/classify/\""}`},
		"empty cloud":    {"POST", "/classify?name=a.xyz", "", []byte("\n"), 400, "error"},
		"claims":         {"POST", "/classify?name=a.stl", "", claims, 400, "error"},
		"no file":        {"POST", "/classify", kind, noFile, 400, "upload"},
		"no form":        {"POST", "/classify", "multipart/form-data; boundary=x", []byte("hello"), 400, "the upload cannot be read"},
		"no boundary":    {"POST", "/classify", "multipart/form-data", []byte("hello"), 400, "the upload cannot be read"},
		"huge":           {"POST", "/classify", "", huge, 413, "want at most 1048576 bytes"},
		"huge form":      {"POST", "/classify", kind, hugeForm, 413, "want at most 1048576 bytes"},
		"many points":    {"POST", "/classify?name=a.xyz", "", []byte(strings.Repeat("1 2\t3\n", 1<<20/6)), 400, "100000"},
		"get":            {"GET", "/classify", "", nil, 405, "want POST"},
		"put":            {"PUT", "/classify", "", nil, 405, "want POST"},
		"post the page":  {"POST", "/", "", nil, 405, `{"error":"want GET, got \"POST\"; shapes are posted to /classify"}`},
		"something else": {"GET", "/etc/passwd", "", nil, 404, `{"error":"want GET / or POST /classify, got \"/etc/passwd\""}`},
	} {
		t.Run(name, func(t *testing.T) {
			for _, known := range []bool{true, false} { // the length of the body
				var body io.Reader = bytes.NewReader(c.body)
				if !known {
					body = io.MultiReader(body)
				}
				r, err := http.NewRequest(c.method, s.URL+c.path, body)
				require.NoError(t, err)
				r.Header.Set("Content-Type", c.kind)
				got, err := http.DefaultClient.Do(r)
				require.NoError(t, err)
				text, err := io.ReadAll(got.Body)
				got.Body.Close()
				require.NoError(t, err)
				require.Equal(t, c.status, got.StatusCode, string(text))
				require.Contains(t, string(text), c.want)
				require.Less(t, len(text), 2000)
				if c.status == 405 {
					require.NotEmpty(t, got.Header.Get("Allow"))
				}
			}
		})
	}
}

// A writer that shows what the service says while it runs.
type shown struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *shown) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *shown) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// The program serves on this machine until it is interrupted.
func TestServe(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	var out, notes shown
	ended := make(chan error)
	go func() { ended <- run(ctx, []string{"-out", model().dir, "-serve", "0"}, &out, &notes) }()
	url := ""
	for range 3000 {
		if found := regexp.MustCompile(`at (http://127\.0\.0\.1:\d+/), until`).FindStringSubmatch(out.String()); found != nil {
			url = found[1]
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	require.NotEmpty(t, url, out.String())
	got, err := http.Get(url)
	require.NoError(t, err)
	got.Body.Close()
	require.Equal(t, http.StatusOK, got.StatusCode)
	stop()
	require.NoError(t, <-ended)
	require.Contains(t, out.String(), "stopped\n")
}

func TestAddress(t *testing.T) {
	for in, want := range map[string]string{
		"8080": "127.0.0.1:8080", ":8080": "127.0.0.1:8080", "0.0.0.0:80": "0.0.0.0:80", "localhost:1": "localhost:1", "[::1]:8080": "[::1]:8080",
	} {
		got, err := address(in)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, in := range []string{"a", "a:b", "1:2:3", "localhost", ":70000", ":-1", fmt.Sprint(1 << 40)} {
		_, err := address(in)
		require.ErrorContains(t, err, "-serve: want a port")
	}
}
