//go:build unix

package command_test

import (
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rushnet/rush"
)

// Between two reports a process can ask whether to stop, which reports nothing.
func TestAKeptProcessAsksWhetherToStop(t *testing.T) {
	t.Parallel()
	o := newKept(t, kept(loop(`for step in 1 2; do
	echo '{"ask":"stop"}'; IFS= read -r before
	echo "{\"report\":{\"step\":$step,\"ys\":{\"y\":0.5}}}"; IFS= read -r told
	echo '{"ask":"stop"}'; IFS= read -r after
	echo "{\"log\":\"$(echo "$before $told $after" | tr -d '\"')\"}"
done
echo '{"ys":{"y":1}}'`)))
	e, s := task(nil), new(steps)
	log := new(strings.Builder)
	e.Reporter, e.Log = s, textLog(log)
	if _, err := score(t, o, e); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1 map[y:0.5]", "2 map[y:0.5]"}, s.got); diff != "" {
		t.Error(diff)
	}
	const no, yes = "{stop:false}", "{stop:true}"
	want := "level=INFO msg=\"" + strings.Join([]string{no, no, no}, " ") + "\"\nlevel=INFO msg=\"" + strings.Join([]string{no, yes, yes}, " ") + "\"\n"
	if diff := cmp.Diff(want, log.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Outside of a task, as when a point is only tried, nothing is to stop.
func TestAQuestionOutsideOfATaskIsAnswered(t *testing.T) {
	t.Parallel()
	o := newKept(t, kept(loop(`echo '{"ask":"stop"}'; IFS= read -r told; echo "{\"ys\":{\"y\":1,\"told\":$told}}"`)))
	ys, err := score(t, o, task(nil))
	if diff := cmp.Diff(rush.Values{"y": int64(1), "told": map[string]any{"stop": false}}, ys); err != nil || diff != "" {
		t.Errorf("error %v, (-want +got):\n%s", err, diff)
	}
}

func TestAQuestionThatIsNoneFailsTheTask(t *testing.T) {
	t.Parallel()
	o := newKept(t, kept(loop(`echo '{"ask":"start"}'`)))
	_, err := score(t, o, task(nil))
	if c := conditionOf(t, err); c.Class != rush.ClassError || !strings.Contains(c.Message, `expected {"ask":"stop"}, found start`) {
		t.Errorf("found %+v", c)
	}
}

// textLog logs as text, without times.
func textLog(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
}
