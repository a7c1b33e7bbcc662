package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Of 200 uploads at once each gets the answer that is due, and the memory that
// they take is bounded.
func TestServiceConcurrent(t *testing.T) {
	s := served(t, few())
	dir := t.TempDir()
	var good [2][]byte
	var want [2]string
	for i, class := range []string{"chair", "gear"} {
		var err error
		good[i], err = os.ReadFile(solid(t, class, filepath.Join(dir, class+".stl")))
		require.NoError(t, err)
		_, want[i] = post(t, s.URL+"/classify", "", "", good[i])
	}
	huge := make([]byte, 16<<20)
	var all sync.WaitGroup
	var most uint64
	done := make(chan struct{})
	watched := make(chan struct{})
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	go func() {
		defer close(watched)
		for {
			var now runtime.MemStats
			runtime.ReadMemStats(&now)
			most = max(most, now.HeapAlloc)
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	for i := range 200 {
		all.Go(func() {
			switch i % 4 {
			case 0, 1:
				got, text := post(t, s.URL+"/classify", "", "", good[i%4])
				if got.StatusCode != 200 || text != want[i%4] {
					t.Errorf("good: %d %s", got.StatusCode, text)
				}
			case 2:
				kind, body := form(t, "a.ply", good[0][:1000])
				if got, text := post(t, s.URL+"/classify", kind, "", body); got.StatusCode != 400 {
					t.Errorf("bad: %d %s", got.StatusCode, text)
				}
			case 3:
				if got, text := post(t, s.URL+"/classify", "", "", huge); got.StatusCode != 413 {
					t.Errorf("huge: %d %s", got.StatusCode, text)
				}
			}
		})
	}
	all.Wait()
	close(done)
	<-watched
	require.Less(t, most, before.HeapAlloc+256<<20)
}

// When all slots are taken, an upload waits, and when the queue is full too or
// the wait is over, it is told to come again.
func TestServiceBusy(t *testing.T) {
	l := few()
	l.slots, l.waiting, l.wait = 1, 1, 50*time.Millisecond
	s := served(t, l)
	slow, write := io.Pipe()
	begun := make(chan struct{})
	go func() {
		_, _ = write.Write([]byte("1 2 3\n")) // which is read from the slot
		close(begun)
	}()
	answered := make(chan int)
	go func() {
		got, err := http.Post(s.URL+"/classify?name=a.xyz", "", slow)
		if err != nil {
			answered <- 0
			return
		}
		got.Body.Close()
		answered <- got.StatusCode
	}()
	<-begun
	deadline := time.Now().Add(time.Minute)
	for { // until the first has the slot
		got, text := post(t, s.URL+"/classify?name=a.xyz", "", "", []byte("1 2 3\n"))
		if got.StatusCode == http.StatusServiceUnavailable {
			require.Contains(t, text, "try again later")
			require.NotEmpty(t, got.Header.Get("Retry-After"))
			break
		}
		require.True(t, time.Now().Before(deadline))
	}
	write.Close()
	require.Equal(t, http.StatusOK, <-answered)
	got, _ := post(t, s.URL+"/classify?name=a.xyz", "", "", []byte("1 2 3\n"))
	require.Equal(t, http.StatusOK, got.StatusCode)
}
