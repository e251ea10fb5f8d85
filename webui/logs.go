package webui

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/rushnet/rush"
)

const (
	// defaultLogs and mostLogs are how many entries of the log an answer has.
	defaultLogs = 500
	mostLogs    = 20_000
	// logPage is how many entries are read at once.
	logPage = 5000
)

// logs returns entries of the log, oldest first: the last ones, or those before an
// offset.
func (h *Handler) logs(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	filter, err := logFilter(q.Get("level"), q.Get("worker"))
	if err != nil {
		return err
	}
	limit, err := number(q, "limit", defaultLogs, 1, mostLogs)
	if err != nil {
		return err
	}
	before, err := number(q, "before", -1, 0, exactInts)
	if err != nil {
		return err
	}
	if task := q.Get("task"); task != "" {
		key, err := rush.ParseTaskKey(task)
		if err != nil {
			return badRequest("%v", err)
		}
		filter.Tasks = []rush.TaskKey{key}
	}
	return h.with(r, func(b *hub) error {
		l := logSearch{limit: int(limit), before: before, text: strings.ToLower(q.Get("search")), filter: *filter}
		entries, err := l.find(r, b)
		if err != nil {
			return err
		}
		return answer(w, map[string]any{"entries": logLinesOf(entries), "now_us": nowMicros()})
	})
}

// A logSearch looks for the last entries of a log that meet all of its fields.
type logSearch struct {
	limit  int
	before int64  // only entries before this offset; -1 is all
	text   string // that the message has, in lower case
	filter rush.LogFilter
}

func (l *logSearch) find(r *http.Request, b *hub) ([]rush.LogEntry, error) {
	if l.before < 0 && l.text == "" {
		page, err := b.net.TailLog(r.Context(), l.limit, l.filter)
		return page.Entries, err
	}
	var found []rush.LogEntry
	var at rush.Cursor
	for more := true; more; {
		page, err := b.net.ReadLog(r.Context(), at, l.filter, logPage, 0)
		if err != nil {
			return nil, err
		}
		for _, e := range page.Entries {
			if l.before >= 0 && e.Offset >= l.before {
				return found, nil
			}
			if l.text == "" || strings.Contains(strings.ToLower(e.Message), l.text) {
				found = append(found, e)
			}
		}
		if n := len(found) - l.limit; n > 0 {
			found = slices.Clone(found[n:])
		}
		at, more = page.Next, page.More
	}
	return found, nil
}

func logLinesOf(entries []rush.LogEntry) []logLine {
	lines := make([]logLine, len(entries))
	for i := range entries {
		lines[i] = logLineOf(&entries[i])
	}
	return lines
}

// number reads an integer of a query; none is otherwise.
func number(q url.Values, name string, otherwise, least, most int64) (int64, error) {
	text := q.Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < least || n > most {
		return 0, badRequest("%s is %s; expected an integer from %d to %d", name, quoted(text), least, most)
	}
	return n, nil
}
