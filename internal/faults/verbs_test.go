package faults_test

import (
	"context"
	"io"
	"reflect"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/network"
	"github.com/rushnet/rush/rushworker"
)

// A verb is an exported method that takes a context and returns an error,
// found by reflection, so that none is forgotten.
type verb struct {
	name   string
	method int // of the type
}

var (
	contextType = reflect.TypeFor[context.Context]()
	errorType   = reflect.TypeFor[error]()
)

// verbsOf lists the verbs of a type.
func verbsOf(of reflect.Type) (verbs []verb) {
	for i := range of.NumMethod() {
		m := of.Method(i)
		f := m.Type
		if m.Name == "Deliver" {
			continue // waits for the loop, and then it is the loop's verbs that fail
		}
		if f.NumIn() > 1 && f.In(1) == contextType && f.NumOut() > 0 && f.Out(f.NumOut()-1) == errorType {
			verbs = append(verbs, verb{m.Name, i})
		}
	}
	return verbs
}

// call calls the verb with an argument of each type and returns its error.
func (v verb) call(ctx context.Context, receiver any) error {
	f := reflect.ValueOf(receiver).Method(v.method)
	in := []reflect.Value{reflect.ValueOf(ctx)}
	for i := 1; i < f.Type().NumIn(); i++ {
		in = append(in, argument(f.Type().In(i)))
	}
	call := f.Call
	if f.Type().IsVariadic() {
		call = f.CallSlice
	}
	out := call(in)
	err, _ := out[len(out)-1].Interface().(error)
	return err
}

// argument makes something that a verb can be called with.
func argument(of reflect.Type) reflect.Value {
	if known, ok := arguments()[of]; ok {
		return reflect.ValueOf(known)
	}
	v := reflect.New(of).Elem()
	switch of.Kind() {
	case reflect.String:
		v.SetString("subject")
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Slice:
		return reflect.Append(v, argument(of.Elem()))
	case reflect.Map:
		v.Set(reflect.MakeMap(of))
		v.SetMapIndex(argument(of.Key()), argument(of.Elem()))
	case reflect.Func:
		return reflect.MakeFunc(of, func([]reflect.Value) []reflect.Value {
			out := make([]reflect.Value, of.NumOut())
			for i := range out {
				out[i] = reflect.Zero(of.Out(i))
			}
			return out
		})
	case reflect.Interface:
		if of.NumMethod() == 0 {
			v.Set(reflect.ValueOf(int64(1)))
		}
	}
	return v
}

// arguments are those that cannot be made up.
func arguments() map[reflect.Type]any {
	var output io.Writer = io.Discard
	return map[reflect.Type]any{
		reflect.TypeFor[rush.TaskKey]():      rush.TaskKey(0),
		reflect.TypeFor[rush.WorkerID]():     rush.WorkerID("w1"),
		reflect.TypeFor[rush.State]():        rush.Finished,
		reflect.TypeFor[rush.Signal]():       rush.SignalTerminate,
		reflect.TypeFor[rush.RunStatus]():    rush.RunDone,
		reflect.TypeFor[rush.WorkerState]():  rush.WorkerTerminated,
		reflect.TypeFor[rush.Fields]():       rush.AllFields,
		reflect.TypeFor[rush.Task]():         rush.Task{XS: rush.Values{"x": 1.0}},
		reflect.TypeFor[*rush.Task]():        &rush.Task{Key: 0, Attempt: 1},
		reflect.TypeFor[time.Duration]():     time.Minute,
		reflect.TypeFor[network.Workers]():   network.Workers{N: 1, IDs: []rush.WorkerID{"w9"}, Loop: "search"},
		reflect.TypeFor[network.MakeLoop]():  network.MakeLoop(inProcess),
		reflect.TypeFor[io.Writer]():         output,
		reflect.TypeFor[rushworker.Result](): rushworker.Result{Key: 0, YS: rush.Values{}},
	}
}

func inProcess(context.Context, *rushworker.Worker) (loops.Loop, error) {
	return &loops.Queue{Problem: &loops.Problem{}}, nil
}
