package faults_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/internal/eachstore"
	"github.com/rushnet/rush/internal/store"
	"github.com/rushnet/rush/internal/store/dial"
	"github.com/rushnet/rush/internal/store/faultstore"
)

// playShelf calls the verbs of what a network keeps beside its tasks, and those
// that playHand does not. Whoever plays it again repeats each call, and comes to
// the same end.
func playShelf(ctx context.Context, url string, id rush.NetworkID) error {
	st, err := dial.Open(ctx, url, nil)
	if err != nil {
		return err
	}
	defer st.Close()
	s := &shelf{st: st, n: st.Network(id), id: id}
	for _, step := range []func(context.Context) error{
		s.join, s.documents, s.objects, s.trash, s.readObjects, s.log, s.progress, s.queue, s.returned, s.repair,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

type shelf struct {
	st store.Store
	n  store.Network
	id rush.NetworkID
}

func (s *shelf) join(ctx context.Context) error {
	if err := s.n.Register(ctx, rush.Worker{ID: "w1", Expiry: time.Hour}); err != nil {
		return err
	}
	return errors.Join(s.st.Expire(ctx, s.id, time.Hour), s.st.Expire(ctx, s.id, 0))
}

func (s *shelf) documents(ctx context.Context) error {
	err1 := s.n.PutDocument(ctx, "kept", []byte("body"), false)
	err2 := s.n.PutDocument(ctx, "gone", nil, false)
	_, err3 := s.n.DeleteDocument(ctx, "gone")
	_, _, err4 := s.n.Document(ctx, "kept", time.Second)
	_, err5 := s.n.DocumentNames(ctx)
	_, err6 := s.n.Define(ctx, store.Definition{Body: []byte("{}"), Limit: 100})
	_, err7 := s.n.AwaitDefinition(ctx, 0, time.Second)
	_, err10 := s.n.Budget(ctx)
	err8 := s.n.WriteDocuments(ctx, map[string][]byte{"many:kept": []byte("other"), "gone": nil})
	_, err9 := s.n.ReadDocuments(ctx, "many:")
	return errors.Join(err1, err2, err3, err4, err5, err6, err7, err8, err9, err10)
}

// object returns one in a file of that name.
func object(name string) []store.Object {
	return []store.Object{{Hash: name, Size: 1, Place: store.Offloaded, Path: name}}
}

func (s *shelf) objects(ctx context.Context) error {
	_, err1 := s.n.LimitObjects(ctx, store.ObjectLimits{Inline: 10, Directory: "d", Folder: "d/f"})
	_, err2 := s.n.ObjectLimits(ctx)
	err3 := s.n.DestroyObjects(ctx)
	_, err4 := s.n.PutObjects(ctx, "tag", object("held"))
	return errors.Join(err1, err2, err3, err4)
}

func (s *shelf) trash(ctx context.Context) error {
	_, err1 := s.n.PutObjects(ctx, "dropped", object("dropped"))
	_, err2 := s.n.DropObjectTags(ctx, []string{"dropped"})
	_, err3 := s.n.PutObjects(ctx, "", object("loose"))
	_, err4 := s.n.CollectObjects(ctx, 0)
	trash, err5 := s.n.ObjectTrash(ctx)
	return errors.Join(err1, err2, err3, err4, err5, s.n.EmptyObjectTrash(ctx, trash))
}

func (s *shelf) readObjects(ctx context.Context) error {
	_, err1 := s.n.Objects(ctx, []string{"held"}, true)
	_, err2 := s.n.ListObjects(ctx)
	_, err3 := s.n.ObjectTags(ctx)
	_, err4 := s.st.ObjectFolders(ctx)
	return errors.Join(err1, err2, err3, err4, s.st.ForgetObjectFolders(ctx, []string{"d/f"}))
}

func (s *shelf) log(ctx context.Context) error {
	err1 := s.n.AppendLog(ctx, []rush.LogEntry{{Worker: "w1", Task: rush.NoTask, Kind: rush.LogRecord, Message: "told"}}, "told")
	err2 := s.n.KeepLog(ctx, 1000)
	_, err3 := s.n.ReadLog(ctx, rush.Cursor{}, rush.LogFilter{}, 0, time.Second)
	_, err4 := s.n.TailLog(ctx, 1, rush.LogFilter{})
	return errors.Join(err1, err2, err3, err4)
}

func (s *shelf) progress(ctx context.Context) error {
	keys, err := s.n.Create(ctx, []store.NewTask{{State: rush.Running, Worker: "w1"}}, "runs")
	if err != nil {
		return err
	}
	if err := s.n.SetProgress(ctx, keys[0], 1, empty()); err != nil {
		return err
	}
	if err := s.n.Report(ctx, keys[0], 1, 1, empty()); err != nil {
		return err
	}
	_, err = s.n.AwaitProgress(ctx, rush.Record{Key: keys[0]}, time.Second)
	return err
}

func (s *shelf) queue(ctx context.Context) error {
	waits := store.NewTask{Options: rush.Options{Queue: "q"}}
	keys, err := s.n.Create(ctx, []store.NewTask{waits, waits}, "wait")
	if err != nil {
		return err
	}
	_, err1 := s.n.Remove(ctx, keys[:1], [][]byte{died()})
	_, err2 := s.n.Queues(ctx)
	_, err3 := s.n.Queue(ctx, "q", 0, 0)
	return errors.Join(err1, err2, err3)
}

// returned has a worker lost that comes back, leaves and is forgotten.
func (s *shelf) returned(ctx context.Context) error {
	if err := s.n.Register(ctx, rush.Worker{ID: "lapsed", Expiry: time.Microsecond}); err != nil {
		return err
	}
	for lost := 0; lost == 0; {
		list, err := s.n.Sweep(ctx, "", died())
		if err != nil {
			return err
		}
		lost = len(list)
	}
	if err := s.n.Rejoin(ctx, "lapsed"); err != nil {
		return err
	}
	_, err1 := s.n.EndWorker(ctx, store.WorkerEnd{ID: "lapsed", State: rush.WorkerTerminated, Condition: died()})
	_, err2 := s.n.DeleteWorkers(ctx, []rush.WorkerID{"lapsed"})
	return errors.Join(err1, err2)
}

func (s *shelf) repair(ctx context.Context) error {
	_, err1 := s.n.Repair(ctx)
	_, err2 := s.st.RepairNetworks(ctx)
	return errors.Join(err1, err2)
}

// shelved expects the network to be as playShelf leaves it: each call was
// carried out, and none twice.
func (s *scene) shelved() {
	s.t.Helper()
	ctx, n := s.t.Context(), s.store().Network(s.id)
	body, _, err1 := n.Document(ctx, "kept", 0)
	names, err2 := n.DocumentNames(ctx)
	objects, err3 := n.ListObjects(ctx)
	trash, err4 := n.ObjectTrash(ctx)
	told, err5 := n.TailLog(ctx, 10, rush.LogFilter{Kinds: []rush.LogKind{rush.LogRecord}})
	tasks, err6 := n.Records(ctx, []rush.TaskKey{0}, rush.AllFields)
	queue, err7 := n.Queue(ctx, "q", 0, 0)
	workers, err8 := n.List(ctx)
	counts, err9 := n.Counts(ctx)
	if err := errors.Join(err1, err2, err3, err4, err5, err6, err7, err8, err9); err != nil {
		s.t.Fatal(err)
	}
	if string(body) != "body" || len(names) != 2 {
		s.t.Errorf("found the documents %q, of which kept is %q", names, body)
	}
	if len(objects) != 1 || objects[0].Hash != "held" || len(objects[0].Tags) != 1 || len(trash) != 0 {
		s.t.Errorf("found the objects %+v, and %q in the trash", objects, trash)
	}
	if len(told.Entries) != 1 || told.Entries[0].Message != "told" {
		s.t.Errorf("found the entries %+v in the log, expected the one that was told", told.Entries)
	}
	if !bytes.Equal(tasks[0].Progress, empty()) || len(queue) != 1 || queue[0] != 2 {
		s.t.Errorf("found the progress %q and the queue %v", tasks[0].Progress, queue)
	}
	if reports := tasks[0].Reports; len(reports) != 1 || reports[0].Step != 1 || !bytes.Equal(reports[0].YS, empty()) {
		s.t.Errorf("found the reports %+v, expected one", reports)
	}
	if len(workers) != 1 || workers[0].ID != "w1" || workers[0].State != rush.WorkerRunning {
		s.t.Errorf("found the workers %+v, expected w1", workers)
	}
	if diff := cmp.Diff(rush.Counts{Created: 3, Running: 1, Queued: 1, Failed: 1}, counts); diff != "" {
		s.t.Errorf("-want +got:\n%s", diff)
	}
}

// A process is killed before and after each of its calls of the verbs of
// documents, objects, logs, queues and more. Who makes all calls again comes to
// the same end: what was done by then is not done twice.
func TestAKillAtTheBoundariesOfWhatIsRepeated(t *testing.T) {
	t.Parallel()
	eachstore.Run(t, func(t *testing.T, url string) {
		for n := int64(1); ; n++ {
			s := newScene(t, url)
			hit := s.playUntil("shelf", "manager", faultstore.Point{Nth: n}.String())
			s.sound()
			s.play("shelf")
			s.sound()
			s.shelved()
			if t.Failed() {
				t.Fatalf("it was killed at boundary %d", n)
			}
			if !hit {
				return
			}
		}
	})
}
