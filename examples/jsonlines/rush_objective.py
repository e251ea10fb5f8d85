"""An objective in Python whose process stays: `command: [python3, f.py], keep: true`.

    from rush_objective import serve

    def f(xs, task):            # xs is a dict; task.constants, task.seed, task.timeout, ...
        return {"y": (xs["x1"] - 1) ** 2}
    serve(f)

With a fidelity parameter `model = task.load() or new_model(xs)` goes on where the task that this one continues was, and
`task.save(model)` is for the one that continues this one (docs/fidelity.md).

Copy this file: it needs Python 3.7 and no package. Lines: docs/json-lines.md.
"""
import json
import os
import pickle
import random
import sys
import traceback


class Task:
    """What the objective is told beside xs, and what it can tell."""

    def __init__(self, request, lines):
        self.__dict__.update(request)  # task, attempt, constants, seed, rng_stream, network, worker, timeout
        self.random = random.Random(self.seed)  # the same for this task, whoever evaluates it
        self._lines = lines

    def progress(self, value):
        _say({"progress": value})

    def log(self, text, level="info", **attributes):
        _say({"log": text, "level": level, **attributes})

    def report(self, step, ys):
        """Make the outputs after a step known; true: the task should stop early, as should_stop tells between steps."""
        return self._ask({"report": {"step": step, "ys": ys}})

    def should_stop(self):
        return self._ask({"ask": "stop"})

    def load(self):
        """What was saved by the task that this one continues; None: begin at the beginning."""
        path = self.__dict__.get("checkpoint_from")
        if path:
            with open(path, "rb") as file:
                return pickle.load(file)

    def save(self, value):
        """Keep anything that pickle can for the task that continues this one; the last counts."""
        path = self.__dict__.get("checkpoint")
        if path:
            with open(path, "wb") as file:
                pickle.dump(value, file)

    def _ask(self, message):
        _say(message)
        return json.loads(next(self._lines))["stop"]


def _say(message):  # default: numpy's numbers and arrays
    print(json.dumps(message, default=lambda v: v.tolist() if hasattr(v, "tolist") else str(v)), flush=True)


def serve(objective):
    """Answer tasks until there are no more."""
    lines = os.fdopen(os.dup(0), encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # what the objective starts does not read the tasks
    sys.stdout.reconfigure(encoding="utf-8", line_buffering=True)
    for line in lines:
        request = json.loads(line)
        answer = {"task": request["task"], "attempt": request["attempt"]}
        try:
            answer["ys"] = objective(request.pop("xs"), Task(request, lines))
        except Exception as e:
            answer.update(error=f"{type(e).__name__}: {e}", trace=traceback.format_exc())
        _say(answer)
