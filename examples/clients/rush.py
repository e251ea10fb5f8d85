"""rush from Python: ask for points, tell what came out, fetch the table.

    import rush

    with rush.Network(search="search.yaml") as net:
        for task in net.points():
            net.tell(task, y=(task.xs["x1"] - 1) ** 2)
        print(net.fetch("finished"))

Any number of programs, and worker processes, may take part in a network at the
same time. A task that was asked for and not told is given to others when the
network is closed, or this program dies.

Copy this file: it needs Python 3.8, its standard library, and the command rush.
Tables are pandas data frames where pandas is installed, else lists of dicts.
"""

import json
import os
import subprocess
import threading


class Error(Exception):
    """What rush refused, and why."""


class Task:
    """A point to evaluate.

    key, attempt: the task's number, and which try this is, from 1
    xs, extra, constants: the inputs, what was said about them, and what is the
        same for every task, each a dict by name
    seed: an integer for this task's random numbers; rng_stream: R's .Random.seed
    """

    def __init__(self, line):
        self.key = line["task"]
        self.attempt = line["attempt"]
        self.xs = line["xs"]
        self.extra = line.get("extra", {})
        self.constants = line.get("constants", {})
        self.timeout = line.get("timeout")
        self.seed = line["seed"]
        self.rng_stream = line["rng_stream"]

    def __repr__(self):
        return "Task(%d, %r)" % (self.key, self.xs)


class Network:
    """A network of rush, which this program takes part in as a worker.

    name: of the network; default: the one that was used last
    search: a search file, which is begun unless that was done before
    store: redis://..., or a file; default: as for the command
    worker: a name for this program; default: a new one
    command: the program rush and arguments before all others

    Calls may come from several threads; they take turns.
    """

    def __init__(self, name=None, search=None, store=None, worker=None, command=None):
        args = list(command or [os.environ.get("RUSH", "rush")]) + ["ask", "--serve"]
        for flag, value in (("--search", search), ("--store", store), ("--worker", worker)):
            if value is not None:
                args += [flag, str(value)]
        if name is not None:
            args.append(name)
        self.over = ""  # why there will be no more points; empty while there may be
        self._lock = threading.Lock()
        self._process = subprocess.Popen(args, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
        try:
            status = self.status()  # an answer says that the network is there
            self.name, self.worker = status["network"], status["worker"]
        except Error:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Leave the network. What was asked for and not told is given to others."""
        try:
            self._process.stdin.close()
        except OSError:
            pass  # it has ended
        self._process.wait()
        self._process.stdout.close()

    def ask(self, n=1, wait=0):
        """Take up to n tasks: queued ones, else points that the loop proposes.

        Waits up to so many seconds for the first. An empty list says that there
        are none now; self.over says whether any will come.
        """
        answer = self._call(ask=n, wait=wait)
        self.over = answer["over"]
        return [Task(line) for line in answer["tasks"]]

    def points(self, wait=60):
        """Iterate over tasks, one after the other, until the search is over."""
        while not self.over:
            yield from self.ask(1, wait)

    def tell(self, task, ys=None, **outputs):
        """Report the outputs of a task: a dict, or keyword arguments, or both."""
        self._tell(task, ys=dict(ys or {}, **outputs))

    def fail(self, task, message=""):
        """Report that the evaluation of a task failed, and why."""
        self._tell(task, fail=str(message))

    def held(self):
        """List the tasks that were asked for and not told yet."""
        return [Task(line) for line in self._call(held=True)["tasks"]]

    def status(self):
        """Return how the search stands: the run, and how many tasks are in which state."""
        return self._call(status=True)

    def push(self, points):
        """Queue points, each a dict, for anybody; return their tasks' numbers."""
        return self._call(push=list(points)).get("keys", [])

    def fetch(self, *states, frame=None):
        """Return the table of all tasks, or of those in the states.

        frame: True for a data frame, False for a list of dicts; default: a data
        frame if pandas is installed.
        """
        return _table(self._call(fetch=list(states))["rows"], frame)

    def fetch_new(self, wait=0, frame=None):
        """Return the tasks that finished since the last call of fetch_new."""
        return _table(self._call(fetch="new", wait=wait)["rows"], frame)

    def export(self, path):
        """Write the table of all tasks to a .csv, .parquet, .arrow or .jsonl file."""
        return self._call(export=os.path.abspath(path))["exported"]

    def _tell(self, task, **what):
        self._call(tell=[dict(what, task=task.key, attempt=task.attempt)])

    def _call(self, **request):
        line = json.dumps(request, default=_plain) + "\n"
        with self._lock:
            try:
                self._process.stdin.write(line)
                self._process.stdin.flush()
                answer = self._process.stdout.readline()
            except (OSError, ValueError):
                answer = ""
        if not answer:
            raise Error("rush has ended; what it printed says why")
        answer = json.loads(answer)
        if answer.get("error"):
            raise Error(answer["error"])
        return answer


def _plain(value):
    """A value of numpy as one that JSON has."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError("rush cannot store a %s" % type(value).__name__)


_NOT_FINITE = {"NaN", "Infinity", "-Infinity"}
_TIMES = ("created", "started", "finished")


def _table(rows, frame):
    for name in rows[0] if rows else ():
        texts = {row[name] for row in rows if isinstance(row[name], str)}
        if texts and texts <= _NOT_FINITE:  # numbers that JSON does not have
            for row in rows:
                if isinstance(row[name], str):
                    row[name] = float(row[name])
    if frame is False:
        return rows
    try:
        import pandas
    except ImportError:
        if frame:
            raise
        return rows
    table = pandas.DataFrame(rows)
    for name in _TIMES:
        if name in table:
            table[name] = pandas.to_datetime(table[name], utc=True, format="ISO8601" if pandas.__version__ >= "2" else None)
    return table
