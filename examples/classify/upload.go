package main

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io"
	"mime"
	"net/http"
	"strings"

	"setwise/layers/classifier"
)

// mostForm bounds what a form has around the file.
const mostForm = 1 << 16

// upload returns the file that a request holds, the one of a form or else the
// body, and what it is called, by the form or else by the query: ?name=a.obj.
func (s *service) upload(r *http.Request) (name string, file *bytes.Reader, err error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && kind == "multipart/form-data" {
		return s.form(r)
	}
	name = r.URL.Query().Get("name")
	file, err = s.read(r.Body)
	return name, file, err
}

// form returns the file of a form, which must have one.
func (s *service) form(r *http.Request) (name string, file *bytes.Reader, err error) {
	form, err := r.MultipartReader()
	if err != nil {
		return "", nil, s.refuse(err)
	}
	for {
		part, err := form.NextPart()
		switch {
		case err == io.EOF && file == nil:
			return "", nil, errors.New("want a form with a file, got none")
		case err == io.EOF:
			return name, file, nil
		case err != nil:
			return "", nil, s.refuse(err)
		case part.FileName() == "":
		case file != nil:
			return "", nil, fmt.Errorf("want a form with one file, got two, %.100q and %.100q", name, part.FileName())
		default:
			name = part.FileName()
			if file, err = s.read(part); err != nil {
				return name, nil, err
			}
		}
	}
}

// read reads a file.
func (s *service) read(r io.Reader) (*bytes.Reader, error) {
	data, err := io.ReadAll(io.LimitReader(r, s.body+1))
	switch {
	case err != nil:
		return nil, s.refuse(err)
	case int64(len(data)) > s.body:
		return nil, s.tooLarge()
	case len(data) == 0:
		return nil, errors.New("want a file, got nothing")
	}
	return bytes.NewReader(data), nil
}

// refuse turns an error of reading a request into the right refusal.
func (s *service) refuse(err error) error {
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return s.tooLarge()
	}
	return fmt.Errorf("the upload cannot be read: %w", err)
}

// reply answers by a page where a browser asks, and by JSON otherwise.
func (s *service) reply(w http.ResponseWriter, r *http.Request, status int, v content, object any) {
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		v.Classes, v.Most = s.Classes, s.body>>20
		s.page(w, status, v)
		return
	}
	text, err := encode(object)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n") // to whoever still listens
}

// Content is what a page shows.
type content struct {
	Classes []string
	Most    int64 // MiB of an upload
	Answer  *object
	Guesses []classifier.Guess
	Error   string
}

func (s *service) page(w http.ResponseWriter, status int, v content) {
	var b bytes.Buffer
	if err := template.Must(template.New("page").Parse(page)).Execute(&b, v); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // to whoever still listens
}

const page = `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What shape is this?</title>
<style>
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem }
td { padding-right: 1rem; overflow-wrap: anywhere } td + td { text-align: right; font-variant-numeric: tabular-nums }
</style>
<h1>What shape is this?</h1>
{{with .Error}}<p role="alert">{{.}}</p>{{end}}
{{with .Answer}}<h2>{{.File}}</h2>
{{with .Mark}}<p>{{.}}.</p>{{end}}
<table>{{range $.Guesses}}<tr><td>{{.Class}}<td>{{printf "%.3f" .P}}{{end}}</table>
{{range .Notes}}<p>Note: {{.}}.</p>{{end}}{{end}}
<form action="/classify" method="post" enctype="multipart/form-data">
<p><label>A mesh or a cloud, of at most {{.Most}} MiB: <input type="file" name="shape" required></label></p>
<p><button>Classify</button></p>
</form>
<p>It is told to be one of {{len .Classes}} classes: {{range $i, $c := .Classes}}{{if lt $i 100}}{{if $i}}, {{end}}{{$c}}{{end}}{{end}}{{if gt (len .Classes) 100}} and more{{end}}.</p>
`
