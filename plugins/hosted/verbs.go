package hosted

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/rushnet/rush"
)

// Protocol is the version of the verbs as JSON lines, which hello tells.
const Protocol = 1

// popWait is how long pop waits for a task when the program does not say: R's.
const popWait = time.Second

// A verb is what a program can call. do reads its members, all of them, before it
// does anything.
type verb struct {
	name string
	do   func(s *lineServer, ctx context.Context, r *request) (reply, error)
}

func verbs() []verb {
	return []verb{
		{declareVerb, (*lineServer).declare},
		{"hello", (*lineServer).hello},
		{"terminated", (*lineServer).terminated},
		{"take", (*lineServer).take},
		{"start", (*lineServer).start},
		{"pop", (*lineServer).pop},
		{"push_running", (*lineServer).pushRunning},
		{"push", (*lineServer).push},
		{"evaluate", (*lineServer).evaluate},
		{"finish", (*lineServer).finish},
		{"fail", (*lineServer).fail},
		{"fetch", (*lineServer).fetch},
		{"counts", (*lineServer).counts},
		{"progress", (*lineServer).progress},
		{"report", (*lineServer).report},
		{"log", (*lineServer).log},
	}
}

func verbNames() []string {
	var list []string
	for _, v := range verbs() {
		list = append(list, v.name)
	}
	return list
}

// hello says where the loop is, and what it works on.
func (s *lineServer) hello(_ context.Context, r *request) (reply, error) {
	if err := r.complete(); err != nil {
		return nil, err
	}
	g, err := s.session.Hello()
	if err != nil {
		return nil, err
	}
	codomain := map[string]any{}
	for _, t := range g.Codomain {
		codomain[t.Name] = string(t.Goal)
	}
	return reply{
		"protocol": Protocol, "network": string(g.Network), "worker": string(g.Worker), "args": plain(g.Args),
		"constants": plain(g.Constants), "space": g.Space, "codomain": codomain, "seed": integers(g.Stream),
	}, nil
}

func (s *lineServer) terminated(_ context.Context, r *request) (reply, error) {
	if err := r.complete(); err != nil {
		return nil, err
	}
	over, err := s.session.Over()
	return reply{"terminated": falseOr(over)}, err
}

func falseOr(reason string) any {
	if reason == "" {
		return false
	}
	return reason
}

// take brings a task, or the number of one to propose, or says that it is over.
func (s *lineServer) take(ctx context.Context, r *request) (reply, error) {
	if err := r.complete(); err != nil {
		return nil, err
	}
	h, err := s.session.Take(ctx)
	switch {
	case err != nil:
		return nil, err
	case h.Task != nil:
		return reply{"task": s.task(h.Task)}, nil
	case h.Key != rush.NoTask:
		return reply{"key": int64(h.Key), "seed": integers(h.Stream), "rng": int64(h.Stream.Int31())}, nil
	}
	return s.over()
}

// over is the answer when nothing is handed out.
func (s *lineServer) over() (reply, error) {
	over, err := s.session.Over()
	return reply{"task": nil, "over": falseOr(over)}, err
}

func (s *lineServer) task(t *rush.Task) map[string]any { return taskReply(t, s.session.w.Stream(t)) }

func (s *lineServer) start(ctx context.Context, r *request) (reply, error) {
	key, p := r.key("key"), Point{XS: r.object("xs"), Extra: r.object("extra")}
	proposing := r.seconds("proposing", 0)
	if err := r.complete(); err != nil {
		return nil, err
	}
	if err := s.session.suit(&p); err != nil {
		return nil, err
	}
	t, err := s.session.Start(ctx, key, p, proposing)
	if err != nil || t == nil {
		return reply{"task": nil}, err
	}
	return reply{"task": s.task(t)}, nil
}

func (s *lineServer) pop(ctx context.Context, r *request) (reply, error) {
	wait := r.seconds("wait", popWait)
	if err := r.complete(); err != nil {
		return nil, err
	}
	ctx, done := s.while(ctx)
	defer done()
	t, err := s.session.Pop(ctx, wait)
	if err != nil {
		return nil, err
	}
	if t == nil {
		return s.over()
	}
	return reply{"task": s.task(t)}, nil
}

// evaluate scores a task with the search's objective, and delivers the outcome if
// it is asked to.
func (s *lineServer) evaluate(ctx context.Context, r *request) (reply, error) {
	key, finish := r.key("key"), r.flag("finish")
	if err := r.complete(); err != nil {
		return nil, err
	}
	evaluating, done := s.while(ctx)
	defer done()
	o, err := s.session.Evaluate(evaluating, key)
	if err != nil {
		return nil, err
	}
	if errors.Is(context.Cause(evaluating), errGone) {
		return nil, errGone
	}
	if finish {
		if err := s.session.End(ctx, []Outcome{o}); err != nil {
			return nil, err
		}
	}
	if o.Condition != nil {
		return reply{"condition": conditionReply(o.Condition)}, nil
	}
	return reply{"ys": plain(o.YS), "extra": plain(o.Extra)}, nil
}

func (s *lineServer) counts(ctx context.Context, r *request) (reply, error) {
	if err := r.complete(); err != nil {
		return nil, err
	}
	n, err := s.session.w.Counts(ctx)
	return reply{
		"deferred": n.Deferred, "queued": n.Queued, "running": n.Running, "finished": n.Finished, "failed": n.Failed, "created": n.Created,
	}, err
}

func (s *lineServer) progress(ctx context.Context, r *request) (reply, error) {
	key, value := r.key("key"), r.get("value")
	if err := r.complete(); err != nil {
		return nil, err
	}
	return reply{}, s.session.Progress(ctx, key, value)
}

// report makes intermediate values of a task known, and says whether to stop early.
func (s *lineServer) report(ctx context.Context, r *request) (reply, error) {
	key, step, ys := r.key("key"), r.integer("step", r.get("step")), r.object("ys")
	if !r.has("ys") {
		r.wrong("ys", `it is missing; expected an object, as in {"y": 0.5}`)
	}
	if err := r.complete(); err != nil {
		return nil, err
	}
	stop, err := s.session.Report(ctx, key, step, numbers(ys, s.session.setting.Problem.Codomain.Has))
	return reply{"stop": stop}, err
}

func (s *lineServer) log(ctx context.Context, r *request) (reply, error) {
	message, name, attrs := r.text("message"), r.text("level"), r.object("attributes")
	var level slog.Level
	if name != "" {
		if err := level.UnmarshalText([]byte(name)); err != nil {
			r.wrong("level", "expected debug, info, warn or error, found %q", name)
		}
	}
	if err := r.complete(); err != nil {
		return nil, err
	}
	s.session.Log(ctx, level, message, attrs)
	return reply{}, nil
}
