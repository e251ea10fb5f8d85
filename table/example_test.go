package table_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/table"
)

// A source is what a store gives; here it is one that lives in memory, with
// three tasks of a search.
func exampleSource() table.Source {
	f, t := newFake(), new(testing.T)
	f.finished(t, rush.Values{"x1": 0.5, "kernel": "rbf"}, rush.Values{"loss": 0.25})
	f.finished(t, rush.Values{"x1": 2, "kernel": "linear"}, rush.Values{"loss": 0.125})
	f.push(t, rush.Running, rush.Values{"x1": -1, "kernel": "rbf"})
	return f
}

func Example() {
	ctx := context.Background()
	source := exampleSource()

	cache, err := table.NewCache(source, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	finished, err := cache.Finished(ctx) // again later: reads only what is new
	if err != nil {
		fmt.Println(err)
		return
	}
	defer finished.Release()
	loss, err := table.Floats(finished, "loss")
	fmt.Println(loss, err)

	fewer := &table.Options{Fields: rush.FieldXS | rush.FieldYS}
	all, err := table.States(ctx, source, nil, fewer)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer all.Release()
	if err := table.Format(os.Stdout, all, nil); err != nil {
		fmt.Println(err)
	}
	// Output:
	// [0.25 0.125] <nil>
	// number  state     kernel   x1   loss  attempt
	//      0  finished  rbf     0.5   0.25        1
	//      1  finished  linear    2  0.125        1
	//      2  running   rbf      -1      -        1
}

func ExampleExport() {
	n, err := table.Export(context.Background(), exampleSource(), os.Stdout, &table.ExportOptions{
		Options: table.Options{Fields: rush.FieldXS | rush.FieldYS},
		Format:  table.CSV,
		States:  []rush.State{rush.Finished},
	})
	fmt.Println(n, err)
	// Output:
	// number,state,kernel,x1,loss,attempt
	// 0,finished,rbf,0.5,0.25,1
	// 1,finished,linear,2.0,0.125,1
	// 2 <nil>
}

// An exported file holds its tasks as they were.
func ExampleOpenFrozen() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "results.csv")
	if err := os.WriteFile(path, []byte("number,state,lr,y\n0,finished,0.1,0.5\n1,queued,0.2,\n"), 0o600); err != nil {
		panic(err)
	}
	file, err := table.OpenFrozen(path, &table.FrozenOptions{Outputs: []string{"y"}})
	if err != nil {
		panic(err)
	}
	tasks, err := file.Read()
	if err != nil {
		panic(err)
	}
	for _, r := range tasks.Records {
		fmt.Println(r.Key, r.State)
	}
	fmt.Println(file.Columns, file.About == nil)
	// Output:
	// 0 finished
	// 1 queued
	// [number state lr y] true
}
