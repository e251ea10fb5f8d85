package seeds_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rushnet/rush/seeds"
)

// golden is testdata/lecuyer_r422_seed42.json, written by R 4.2.2. R counts from 1: its streams[1],
// the first element of Streams, is nextRNGStream applied once to the base.
type golden struct {
	Meta struct {
		R       string   `json:"R"`
		RNGkind []string `json:"RNGkind"`
		Note    string   `json:"note"`
	} `json:"meta"`
	Seeds map[string]struct {
		SetSeed      int32   `json:"set_seed"`
		Base         base    `json:"base"`
		Streams      []draws `json:"streams"`
		Substreams   []draws `json:"substreams"`
		SubOfStream1 []draws `json:"sub_of_stream1"`
	} `json:"seeds"`
}

// draws are what R drew from a seed, each kind from its beginning.
type draws struct {
	Seed       seeds.Stream `json:"seed"`
	Runif5     reals        `json:"runif5"`
	AfterRunif seeds.Stream `json:"seed_after_5_runif"`
	Rnorm5     reals        `json:"rnorm5"`
	Rexp5      reals        `json:"rexp5"`
	Sample10   []int        `json:"sample_int_10"`
	Sample1e6  []int        `json:"sample_int_1e6_size1_x5"`
}

type base struct {
	draws
	Sample100      []int        `json:"sample_int_100"`
	After1000Runif seeds.Stream `json:"seed_after_1000_runif"`
	Runif1001      real         `json:"runif_1001"`
}

// A real is a double that R wrote with 17 digits, which determine it.
type (
	real  float64
	reals []real
)

func (r *real) UnmarshalText(text []byte) error {
	v, err := strconv.ParseFloat(string(text), 64)
	*r = real(v)
	return err
}

// draw calls f n times.
func draw(n int, f func() float64) reals {
	x := make(reals, n)
	for i := range x {
		x[i] = real(f())
	}
	return x
}

// readTestdata decodes a file, all of whose fields v must have.
func readTestdata(t *testing.T, name string, v any) {
	t.Helper()
	file, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	decoder := json.NewDecoder(file)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func TestEveryGoldenValueOfR(t *testing.T) {
	t.Parallel()
	var file golden
	readTestdata(t, "lecuyer_r422_seed42.json", &file)
	if diff := cmp.Diff([]string{"L'Ecuyer-CMRG", "Inversion", "Rejection"}, file.Meta.RNGkind); diff != "" {
		t.Fatalf("the file is of another kind of generator (-want +got):\n%s", diff)
	}
	for name, want := range file.Seeds {
		t.Run(name, func(t *testing.T) {
			network := seeds.New(want.SetSeed)
			check(t, "base", network, want.Base.draws)
			checkLongRun(t, network, want.Base)
			next, sub, subOfFirst := network, network, network.Next()
			for i, stream := range want.Streams {
				next = next.Next()
				check(t, fmt.Sprintf("Next applied %d times", i+1), next, stream)
				check(t, fmt.Sprintf("At(%d)", i), network.At(int64(i)), stream)
				check(t, fmt.Sprintf("Task(%d)", i), network.Task(int64(i)), stream)
			}
			for i, stream := range want.Substreams {
				sub = sub.NextSub()
				check(t, fmt.Sprintf("NextSub applied %d times", i+1), sub, stream)
				check(t, fmt.Sprintf("Sub(%d)", i+1), network.Sub(int64(i+1)), stream)
			}
			for i, stream := range want.SubOfStream1 {
				subOfFirst = subOfFirst.NextSub()
				check(t, fmt.Sprintf("NextSub applied %d times to Next", i+1), subOfFirst, stream)
				check(t, fmt.Sprintf("Task(0).Sub(%d)", i+1), network.Task(0).Sub(int64(i+1)), stream)
			}
		})
	}
}

// check compares a stream, and what is drawn from it, with R's.
func check(t *testing.T, name string, s seeds.Stream, want draws) {
	t.Helper()
	uniform, normal, exponential, single := s.Generator(), s.Generator(), s.Generator(), s.Generator()
	got := draws{
		Seed:       s,
		Runif5:     draw(5, uniform.Float64),
		AfterRunif: uniform.Stream(),
		Rnorm5:     draw(5, normal.Norm),
		Rexp5:      draw(5, exponential.Exp),
		Sample10:   s.Generator().SampleInt(10, 10),
	}
	for range 5 {
		got.Sample1e6 = append(got.Sample1e6, single.SampleInt(1e6, 1)...)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s differs from R (-R +got):\n%s", name, diff)
	}
}

func checkLongRun(t *testing.T, s seeds.Stream, want base) {
	t.Helper()
	if diff := cmp.Diff(want.Sample100, s.Generator().SampleInt(100, 100)); diff != "" {
		t.Errorf("sample.int(100) differs from R (-R +got):\n%s", diff)
	}
	g := s.Generator()
	draw(1000, g.Float64)
	if got := g.Stream(); got != want.After1000Runif {
		t.Errorf("the state after 1000 draws is %v, in R %v", got, want.After1000Runif)
	}
	if got := real(g.Float64()); got != want.Runif1001 {
		t.Errorf("draw 1001 is %v, in R %v", got, want.Runif1001)
	}
}
