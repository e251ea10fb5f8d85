package report_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rushnet/rush"
	"github.com/rushnet/rush/loops"
	"github.com/rushnet/rush/loops/space"
	"github.com/rushnet/rush/report"
	"github.com/rushnet/rush/seeds"
)

// What a search may bring along to get out of the text.
const (
	hostile  = `"><script>alert(1)</script><img src=x onerror=alert(2)>`
	hostile2 = `</title></style></script><svg onload=alert(3)> {{.Policy}} ]]> javascript:alert(4)`
)

var began = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// archive is a search of n tasks over hostile names and levels.
func archive(n int, codomain loops.Codomain) *report.Archive {
	sp := space.MustNew(
		space.Param{Name: "rate", Type: space.Dbl, Lower: 1e-4, Upper: 1, Log: true},
		space.Param{Name: hostile, Type: space.Fct, Levels: []any{hostile2, "b", int64(3)}},
		space.Param{Name: "n", Type: space.Int, Lower: 1, Upper: 5, Depends: "rate > 0.01"},
		space.Param{Name: "on", Type: space.Lgl},
	)
	s := seeds.New(1)
	g := s.Generator()
	a := &report.Archive{
		Network: rush.NetworkID("net"), Version: "1.2.3", Loop: hostile2, Space: sp, Codomain: codomain,
		Run: rush.Run{Status: rush.RunDone, Reason: hostile, Elapsed: time.Minute}, Written: began.Add(time.Hour),
	}
	for i := range n {
		t := &rush.Task{
			Key: rush.TaskKey(i), State: rush.Finished, XS: sp.Sample(g), Worker: rush.WorkerID(fmt.Sprintf("w%d<i>", i%3)),
			Started: began.Add(time.Duration(i) * time.Second), Finished: began.Add(time.Duration(i+2) * time.Second),
		}
		if i%10 == 9 {
			t.State, t.Condition = rush.Failed, &rush.Condition{Class: rush.ClassError, Message: hostile2}
		} else {
			t.YS = rush.Values{hostile2: hostile}
			for k, o := range codomain {
				t.YS[o.Name] = t.XS["rate"].(float64) + float64(k)*g.Float64()
			}
		}
		a.Tasks = append(a.Tasks, t)
	}
	return a
}

func one() loops.Codomain { return loops.Codomain{{Name: hostile, Goal: loops.Minimize}} }

func write(t *testing.T, a *report.Archive) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Write(&b, a); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func sections(page string) string {
	var ids []string
	for _, m := range regexp.MustCompile(`<section id="(\w+)">`).FindAllStringSubmatch(page, -1) {
		ids = append(ids, m[1])
	}
	return strings.Join(ids, " ")
}

func Example() {
	a := &report.Archive{Network: "empty", Version: "1.0", Written: time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC)}
	var b bytes.Buffer
	if err := report.Write(&b, a); err != nil {
		fmt.Println(err)
	}
	fmt.Println(regexp.MustCompile(`<h1>.*</h1>`).FindString(b.String()))
	// Output: <h1>Search empty</h1>
}

func TestSections(t *testing.T) {
	t.Parallel()
	two := append(one(), loops.Target{Name: "z", Goal: loops.Maximize}, loops.Target{Name: "c", Goal: loops.Constraint})
	for name, c := range map[string]struct {
		archive *report.Archive
		want    string
	}{
		"one objective":  {archive(60, one()), "best history importance slices parallel workers failures tasks"},
		"two objectives": {archive(60, two[:2]), "best history front importance slices parallel workers failures tasks"},
		"infeasible":     {archive(30, two), "history importance slices parallel workers failures tasks"},
		"no objective":   {archive(30, nil), "workers failures tasks"},
		"one task":       {archive(1, one()), "best importance workers tasks"},
		"nothing":        {archive(0, one()), ""},
		"no space":       {&report.Archive{Codomain: one(), Tasks: archive(30, one()).Tasks}, "best history workers failures tasks"},
	} {
		if got := sections(write(t, c.archive)); got != c.want {
			t.Errorf("%s: %q, expected %q", name, got, c.want)
		}
	}
}

// Whatever a search brings along stays text: the page has the tags and attributes
// that it has without, and is well-formed.
func TestHostileTextStaysText(t *testing.T) {
	t.Parallel()
	page := write(t, archive(60, one()))
	for _, bad := range []string{"<script>alert", "<img", "onerror=alert(2)>", "<svg onload", "<i>", "ZgotmplZ"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	if n := strings.Count(page, "<script"); n != 1 {
		t.Errorf("%d scripts, expected 1", n)
	}
	d := xml.NewDecoder(strings.NewReader(regexp.MustCompile(`(?s)<script>.*</script>|<style>.*</style>|<meta[^>]*>|<!doctype html>`).ReplaceAllString(page, "")))
	d.Entity = xml.HTMLEntity
	tags := make(map[string]bool)
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		tags[e.Name.Local] = true
		for _, a := range e.Attr {
			if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" || a.Name.Local == "src" || a.Name.Local == "style" {
				t.Errorf("attribute %s of %s", a.Name.Local, e.Name.Local)
			}
		}
	}
	if tags["img"] || tags["i"] || tags["b"] && !strings.Contains(page, `<div class="tile"><b>`) {
		t.Errorf("tags %v", tags)
	}
}

// The page refers to nothing outside of it, and its policy would not allow it.
func TestThePageStandsAlone(t *testing.T) {
	t.Parallel()
	a := archive(60, loops.Codomain{{Name: "y", Goal: loops.Minimize}})
	page := write(t, a)
	if bad := regexp.MustCompile(`https?:|//[a-z]|@import|url\(|<link|<iframe|<object`).FindString(strings.ReplaceAll(page, hostile, "")); bad != "" {
		t.Errorf("the page has %q", bad)
	}
	if !regexp.MustCompile(`Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[^;]*'; script-src 'sha256-[^;]*';`).MatchString(html.UnescapeString(page)) {
		t.Error("the policy is not what it should be")
	}
}

// The axis of a parameter has round values: powers of ten where it is logarithmic.
func TestTicksAreRound(t *testing.T) {
	t.Parallel()
	page := write(t, archive(60, one()))
	for _, want := range []string{"0.0001", "0.001", "0.01", "0.1", "1"} {
		if !regexp.MustCompile(`<text class="tick"[^>]*>` + regexp.QuoteMeta(want) + `</text>`).MatchString(page) {
			t.Errorf("no tick at %s", want)
		}
	}
}

// A large archive makes a page of bounded size that says what it leaves out.
func TestALargeArchiveIsThinned(t *testing.T) {
	t.Parallel()
	page := write(t, archive(6000, one()))
	for _, want := range []string{"of 6000 tasks are listed", "of 5400 are drawn", "of 6000 tasks are drawn"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if n := len(page); n > 5<<20 {
		t.Errorf("the page has %d bytes", n)
	}
	best := regexp.MustCompile(`(?s)<section id="best">.*?<tbody>\s*<tr><td>(\d+)`).FindStringSubmatch(page)[1]
	if !regexp.MustCompile(`(?s)<section id="tasks">.*<tr><td>` + best + `</td>`).MatchString(page) {
		t.Errorf("the table lacks the best task, %s", best)
	}
}
