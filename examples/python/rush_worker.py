"""What objectives and loops in Python have in their hands: a Task and a Worker, which rush_plugin passes to them. Copy this
file with that one."""
import json
import pickle
import random
import tempfile
import time
import traceback
from types import SimpleNamespace as Record

import grpc
import msgpack
from rushpb import evaluator_pb2 as ev, host_pb2 as pb, host_pb2_grpc

LEVELS = {"debug": -4, "info": 0, "warn": 4, "error": 8}
# Messages of any size; a connection that is kept however long nothing is said.
OPTIONS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1),
           ("grpc.client_idle_timeout_ms", 2**31 - 1)]


def pack(value):
    """A value for rush. numpy's numbers and arrays are some; times need a time zone."""
    return msgpack.packb(value, datetime=True, default=plain)


def plain(value):
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{value!r} cannot be stored; expected None, a bool, a number (integers of at most 64 bits), a str, bytes, "
                    "a datetime with a time zone, a list, or a dict whose keys are str")


def unpack(b, file=""):
    if file:  # it is too large for a message
        with open(file, "rb") as f:
            b = f.read()
    return msgpack.unpackb(b, timestamp=3, strict_map_key=False) if b else {}


def spill(name, b, scratch):
    """The field of a message, or its partner that ends in _file if it is too large for one."""
    if len(b) <= 64 << 20:
        return {name: b}
    fd, path = tempfile.mkstemp(prefix="rush-value-", dir=scratch or None)
    with open(fd, "wb") as f:
        f.write(b)
    return {name + "_file": path}


def condition(e):
    """What rush keeps of an exception."""
    trace = "".join(traceback.format_exception(type(e), e, e.__traceback__))
    return pack({"class": "error", "message": f"{type(e).__name__}: {e}", "trace": trace})


def randomness(stream):
    """A task's seven integers, and a generator that depends on them alone."""
    return {"seed": list(stream), "random": random.Random(str(list(stream)))}


class Prints:
    """stdout or stderr, whose last line is ended after a task."""

    def __init__(self, to):
        self._to, self._open = to, False
        to.reconfigure(line_buffering=True)

    def write(self, text):
        self._open = self._open if not text else not text.endswith("\n")
        return self._to.write(text)

    def end(self):
        self.write("\n" if self._open else "")
        self._to.flush()

    def __getattr__(self, name):
        return getattr(self._to, name)


class Task(Record):
    """key, attempt, timeout (seconds; 0: none), constants, network, worker, scratch (a directory); seed, which is seven
    integers, and random, a random.Random that depends on them alone."""

    def progress(self, value):
        """Make known how far it is: any value."""
        self._say(progress=ev.Progress(value=pack(value)))

    def log(self, message, level="info", **attributes):
        attrs = [ev.Attr(key=k, plain=pack(v)) for k, v in attributes.items()]
        self._say(record=ev.Record(time_us=int(time.time() * 1e6), level=LEVELS[level], message=message, attrs=attrs))

    def report(self, step, ys):
        """Make the outputs after a step known; true: it should stop early, as should_stop tells between steps."""
        return self._ask(report=ev.Report(step=step, ys=pack(ys)))

    def should_stop(self):
        return self._ask(ask=ev.Ask())

    def load(self):
        """What was saved by the task that this one continues (docs/fidelity.md); None: begin at the beginning."""
        if self._from:
            with open(self._from, "rb") as file:
                return pickle.load(file)

    def save(self, value):
        """Keep anything that pickle can for the task that continues this one; the last counts."""
        if self._to:
            with open(self._to, "wb") as file:
                pickle.dump(value, file)

    def _say(self, **event):
        self._events.put(ev.EvaluateEvent(**event))

    def _ask(self, **question):
        self._say(**question)
        reply = next(self._messages).reply
        if reply.error:
            raise RuntimeError(reply.error)
        return reply.stop


class Worker:
    """constants, params (of the space), codomain, seed, random, network, worker and scratch (a directory) are what it knows.
    Tasks and claims have key, seed and random; tasks have xs, extra and attempt, too. A task that the loop got is to be
    ended: by evaluate, finish, fail or end."""

    def __init__(self, address):
        self._host = host_pb2_grpc.HostStub(grpc.insecure_channel(address, options=OPTIONS))
        m = self._call("Hello", pb.HelloRequest())
        self.network, self.worker, self.scratch, self.constants = m.network, m.worker, m.scratch, unpack(m.constants)
        self.params, self.codomain = json.loads(m.space)["params"], {t.name: t.goal for t in m.codomain}
        self.__dict__.update(randomness(m.rng_stream))

    def over(self):
        """Why the loop is to end; "" to go on."""
        return self._call("Over", pb.OverRequest()).reason

    def tasks(self, propose=None, wait=1.0):
        """Tasks to evaluate until all is over: queued ones, else what propose(claim) chooses, which is xs or (xs, extra)."""
        while not self.over():
            task = self.take() if propose else self.pop(wait)
            if task and not hasattr(task, "xs"):
                point = propose(task)
                task = self.start(task, *(point if isinstance(point, tuple) else [point]))
            if task:
                yield task

    def pop(self, wait=1.0):
        """A queued task, for which it waits some seconds, or None."""
        return self._handed(self._call("Pop", pb.PopRequest(wait_us=int(wait * 1e6))))

    def take(self):
        """A queued task; or a claim, which has no xs: one to propose with start; None when all is over."""
        return self._handed(self._call("Take", pb.TakeRequest()))

    def start(self, claim, xs, extra=None):
        """The task of a claim; None if that is not ours any more: take another one."""
        return self._handed(self._call("Start", pb.StartRequest(key=claim.key, point=_points([xs], [extra])[0])))

    def push_running(self, xss, extras=None):
        """Tasks that the loop evaluates now; none when all is over."""
        return [_task(m) for m in self._call("PushRunning", pb.PushRequest(points=_points(xss, extras))).tasks]

    def push(self, xss, extras=None):
        """The keys of tasks that are queued for any worker."""
        return list(self._call("Push", pb.PushRequest(points=_points(xss, extras))).keys)

    def evaluate(self, task, finish=True):
        """Score the task with the search's objective: ys, extra, and condition, {} if it did not fail. And end it so."""
        m = self._call("Evaluate", pb.ScoreRequest(key=task.key, finish=finish))
        return Record(ys=unpack(m.ys), extra=unpack(m.extra), condition=unpack(m.condition))

    def finish(self, task, ys, extra=None):
        self.end((task, ys, extra))

    def fail(self, task, exception):
        self.end((task, exception, None))

    def end(self, *outcomes):
        """End many tasks in one call: (task, ys, extra) or (task, exception, None) for each."""
        self._call("End", pb.EndRequest(outcomes=[
            pb.Outcome(key=task.key, condition=condition(out)) if isinstance(out, BaseException)
            else pb.Outcome(key=task.key, ys=pack(out), extra=pack(extra or {})) for task, out, extra in outcomes]))

    def fetch(self, fresh=False, wait=0.0, states=(), json_lines=False):
        """An Arrow IPC stream, as bytes, of the finished tasks, of those in some states, or with fresh of those that have
        finished since the last such call, waiting for the first."""
        request = pb.FetchRequest(fresh=fresh, wait_us=int(wait * 1e6), states=states, json_lines=json_lines)
        return self._call("Fetch", request, lambda chunks: b"".join(c.data for c in chunks))

    def rows(self, **what):
        """The same without an Arrow library: a list of dictionaries."""
        return [json.loads(line) for line in self.fetch(json_lines=True, **what).splitlines()]

    def counts(self):
        """How many tasks are in which state."""
        m = self._call("Counts", pb.CountsRequest())
        return {f.name: getattr(m, f.name) for f in m.DESCRIPTOR.fields}

    def progress(self, task, value):
        self._call("Progress", pb.ProgressRequest(key=task.key, value=pack(value)))

    def report(self, task, step, ys):
        """Make known what there is after a step; true: the task should be stopped early, and finished with that."""
        return self._call("Report", pb.ReportRequest(key=task.key, step=step, ys=pack(ys))).stop

    def log(self, message, level="info", **attributes):
        self._call("Log", pb.LogRequest(level=LEVELS[level], message=message, attributes=pack(attributes)))

    def _call(self, verb, request, read=lambda m: m):
        try:
            return read(getattr(self._host, verb)(request))
        except grpc.RpcError as e:
            raise RuntimeError(f"{verb}: {e.details()}") from None

    def _handed(self, m):
        if m.HasField("claim"):
            return Record(key=m.claim.key, **randomness(m.claim.rng_stream))
        return _task(m.task) if m.HasField("task") else None


def _task(m):
    return Record(key=m.key, attempt=m.attempt, xs=unpack(m.xs), extra=unpack(m.extra), **randomness(m.rng_stream))


def _points(xss, extras):
    extras = extras or [None] * len(xss)
    if len(extras) != len(xss):
        raise ValueError(f"{len(extras)} extras were given for {len(xss)} points")
    return [pb.Point(xs=pack(xs), extra=pack(extra or {})) for xs, extra in zip(xss, extras)]
