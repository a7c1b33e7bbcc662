package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"time"

	"setwise/examples/internal/show"
	"setwise/io/shape"
	"setwise/layers/classifier"
)

// limits of the service. Together they bound its memory: slots times what a body
// and the shape in it take.
type limits struct {
	body    int64         // bytes of an upload
	shape   shape.Limits  // of what it may hold
	slots   int           // uploads read and classified at once
	waiting int           // uploads that wait for a slot at once
	wait    time.Duration // for a slot
	reading time.Duration // of a whole request
}

// drained is how much of what is refused is received, and thrown away.
const drained = 1 << 28

func ourLimits() limits {
	return limits{
		body:    16 << 20,
		shape:   shape.Limits{Points: 1 << 20, Faces: 1 << 20},
		slots:   max(2, runtime.GOMAXPROCS(0)),
		waiting: 1000,
		wait:    20 * time.Second,
		reading: 30 * time.Second,
	}
}

// address returns the address to listen at: on this machine alone unless it
// names a host.
func address(addr string) (string, error) {
	full := addr
	if !strings.Contains(full, ":") {
		full = ":" + full
	}
	host, port, err := net.SplitHostPort(full)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return "", fmt.Errorf("-serve: want a port, such as 8080, or HOST:PORT, such as 0.0.0.0:8080, got %.100q", addr)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port), nil
}

// serve answers uploads over HTTP until ctx ends, and then those that were
// begun.
func serve(ctx context.Context, o options, out, notes io.Writer) error {
	addr, err := address(o.serve)
	if err != nil {
		return err
	}
	c, err := openModel(o, notes)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("-serve: %w", err)
	}
	limits := ourLimits()
	server := &http.Server{
		Handler:           newService(c, limits),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       limits.reading,
		WriteTimeout:      limits.reading + limits.wait + 30*time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    1 << 14,
		ErrorLog:          log.New(escaped{notes}, "", 0),
	}
	fmt.Fprintf(out, "serving %s at http://%s/, until an interrupt\n", show.Plain(o.modelFile()), l.Addr())
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("-serve: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), limits.reading)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		return errors.Join(fmt.Errorf("-serve: %w", err), server.Close())
	}
	fmt.Fprintln(out, "stopped")
	return nil
}

// escaped writes what comes from elsewhere as a terminal can show it.
type escaped struct{ out io.Writer }

func (e escaped) Write(p []byte) (int, error) {
	_, err := io.WriteString(e.out, show.Lines(string(p)))
	return len(p), err
}

// A service classifies what is posted to it.
type service struct {
	*classifier.Classifier
	limits
	slot  chan struct{} // holds one for each upload at work
	queue chan struct{} // and for each that waits
}

// newService returns the handler of GET / and POST /classify, and of errors.
func newService(c *classifier.Classifier, l limits) http.Handler {
	s := &service{c, l, make(chan struct{}, l.slots), make(chan struct{}, l.slots+l.waiting)}
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", s.index)
	mux.HandleFunc("/classify", s.classify)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, http.StatusNotFound, "", fmt.Sprintf("want GET / or POST /classify, got %.100q", r.URL.Path))
	})
	return mux
}

func (s *service) index(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		s.fail(w, r, http.StatusMethodNotAllowed, "", fmt.Sprintf("want GET, got %.100q; shapes are posted to /classify", r.Method))
		return
	}
	s.page(w, http.StatusOK, content{Classes: s.Classes, Most: s.body >> 20})
}

func (s *service) classify(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", "POST")
		s.fail(w, r, http.StatusMethodNotAllowed, "", fmt.Sprintf("want POST with a file, got %.100q", r.Method))
		return
	}
	body := r.Body
	name, a, err := s.answer(r)
	if err != nil {
		// Who is still sending would not read the answer.
		_, _ = io.CopyN(io.Discard, body, drained)
		var refused *refusal
		if !errors.As(err, &refused) {
			refused = &refusal{http.StatusBadRequest, err}
		}
		if refused.status == http.StatusServiceUnavailable {
			w.Header().Set("Retry-After", "5")
		}
		s.fail(w, r, refused.status, "This cannot be classified: ", refused.Error())
		return
	}
	o := newObject(name, a)
	s.reply(w, r, http.StatusOK, content{Answer: &o, Guesses: a.Guesses[:min(5, len(a.Guesses))]}, o)
}

// fail answers by an error, which a page begins in some way.
func (s *service) fail(w http.ResponseWriter, r *http.Request, status int, begin, text string) {
	text = show.Lines(text)
	s.reply(w, r, status, content{Error: begin + text}, map[string]string{"error": text})
}

// A refusal is an error with the status that it is answered by.
type refusal struct {
	status int
	error
}

// answer reads an upload and classifies it, once there is a slot for both.
func (s *service) answer(r *http.Request) (string, classifier.Answer, error) {
	var none classifier.Answer
	if r.ContentLength > s.body+mostForm {
		return "", none, s.tooLarge()
	}
	if err := s.enter(r.Context()); err != nil {
		return "", none, err
	}
	defer s.leave()
	r.Body = http.MaxBytesReader(nil, r.Body, s.body+mostForm)
	name, file, err := s.upload(r)
	if err != nil {
		return name, none, err
	}
	found, err := shape.Read(file, name, s.shape)
	if err != nil && name == "" {
		err = fmt.Errorf("%w; POST /classify?name=part.stl says the name of a file that is part.stl", err)
	}
	if err != nil {
		return name, none, err
	}
	a, err := s.ClassifyShape(found)
	return name, a, err
}

// enter waits for a slot.
func (s *service) enter(ctx context.Context) error {
	select {
	case s.queue <- struct{}{}:
	default:
		return &refusal{http.StatusServiceUnavailable, fmt.Errorf("%d uploads are waiting: try again later", s.waiting)}
	}
	timer := time.NewTimer(s.wait)
	defer timer.Stop()
	select {
	case s.slot <- struct{}{}:
		return nil
	case <-timer.C:
	case <-ctx.Done():
	}
	<-s.queue
	return &refusal{http.StatusServiceUnavailable, errors.New("all is busy: try again later")}
}

func (s *service) leave() { <-s.slot; <-s.queue }

func (s *service) tooLarge() error {
	return &refusal{http.StatusRequestEntityTooLarge, fmt.Errorf("want at most %d bytes", s.body)}
}
