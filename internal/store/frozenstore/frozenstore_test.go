package frozenstore_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/store/frozenstore"
)

func open(t *testing.T, name, text string, opts *frozenstore.Options) *frozenstore.Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := frozenstore.Open(path, opts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const three = "number,state,x,y,finished\n0,finished,1,0.5,2020-01-01T00:00:02Z\n1,finished,2,1.5,2020-01-01T00:00:01Z\n4,queued,3,,\n"

// reads are the verbs that a file answers; all others refuse.
var reads = map[string]bool{
	"Definition": true, "AwaitDefinition": true, "Run": true, "Audit": true, "Counts": true, "Budget": true, "Records": true,
	"Ended": true, "Snapshot": true, "Keys": true, "Queues": true, "Queue": true, "List": true, "AwaitAlive": true,
	"ReadLog": true, "TailLog": true, "Document": true, "DocumentNames": true, "ReadDocuments": true, "ReadHashes": true,
	"ObjectLimits": true, "Objects": true, "ListObjects": true, "ObjectTags": true, "ObjectTrash": true, "ResponseIDs": true,
	"Networks": true, "ObjectFolders": true, "Ping": true, "Info": true,
}

// failing are reads that find nothing, with an error of their own.
var failing = map[string]error{"AwaitProgress": rush.ErrNoTask, "AwaitMail": rush.ErrLost, "Responses": rush.ErrNoResponse}

func TestEachVerbAnswersOrRefuses(t *testing.T) {
	t.Parallel()
	s := open(t, "x.csv", three, nil)
	check := func(of reflect.Type, on reflect.Value, there bool) {
		for i := range of.NumMethod() {
			m := of.Method(i)
			if m.Type.NumIn() == 0 || m.Type.In(0) != reflect.TypeFor[context.Context]() {
				continue
			}
			args := []reflect.Value{reflect.ValueOf(t.Context())}
			for j := 1; j < m.Type.NumIn(); j++ {
				args = append(args, reflect.Zero(m.Type.In(j)))
			}
			if m.Name == "AwaitProgress" {
				args[1] = reflect.ValueOf(rush.Record{Key: 99})
			}
			out := on.MethodByName(m.Name).Call(args)
			err, _ := out[len(out)-1].Interface().(error)
			want := rush.ErrReadOnly
			switch {
			case failing[m.Name] != nil && (there || m.Name != "AwaitProgress"):
				want = failing[m.Name]
			case reads[m.Name] && there:
				want = nil
			case reads[m.Name] || failing[m.Name] != nil:
				want = rush.ErrNoNetwork
			}
			if !errors.Is(err, want) || want == nil && err != nil {
				t.Errorf("%s, of the file's network: %v: got %v, want %v", m.Name, there, err, want)
			}
		}
	}
	check(reflect.TypeFor[store.Store](), reflect.ValueOf(s), true)
	check(reflect.TypeFor[store.Network](), reflect.ValueOf(s.Network("x")), true)
	check(reflect.TypeFor[store.Network](), reflect.ValueOf(s.Network("another")), false)
}

func TestEndingsComeInTheOrderOfTheirTimes(t *testing.T) {
	t.Parallel()
	n := open(t, "x.csv", three, &frozenstore.Options{Outputs: []string{"y"}}).Network("x")
	page, err := n.Ended(t.Context(), rush.Cursor{}, 1, rush.FieldYS, 0)
	if err != nil || len(page.Endings) != 1 || page.Endings[0].Key != 1 || !page.More || len(page.Records[0].YS) == 0 || page.Records[0].XS != nil {
		t.Errorf("got %+v, %v", page, err)
	}
	page, err = n.Ended(t.Context(), page.Next, 0, rush.NoFields, 0)
	if err != nil || len(page.Endings) != 1 || page.Endings[0].Key != 0 || page.More || page.Records != nil {
		t.Errorf("got %+v, %v", page, err)
	}
	begun := time.Now()
	page, err = n.Ended(t.Context(), page.Next, 0, rush.NoFields, 30*time.Millisecond)
	if err != nil || len(page.Endings) != 0 || time.Since(begun) < 20*time.Millisecond {
		t.Errorf("got %+v, %v after %v; want nothing after the wait", page, err, time.Since(begun))
	}
	if page, err = n.Ended(t.Context(), rush.Cursor{Epoch: 3, Offset: 9}, 0, rush.NoFields, 0); err != nil || !page.Reset || len(page.Endings) != 2 {
		t.Errorf("got %+v, %v; want a reset", page, err)
	}
	a, err := n.Audit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range store.Check(a) {
		t.Error(v)
	}
}

func TestANetworkIsNamedAfterItsFile(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]rush.NetworkID{
		"results.csv": "results", "my results (2).csv": "my_results__2_", "a.b.csv": "a.b", ".csv": "file",
	} {
		if got := open(t, name, "x\n1\n", nil).ID(); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}
