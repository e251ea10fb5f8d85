"""rush in Python, for worker loops. It needs Python 3.8 or later and no package.

    from rush_loop import rush

    while task := rush.take():                  # a task, or the number of one to propose
        if "number" in task:
            task = rush.start(task["number"], xs={"x1": 0.5})
        rush.evaluate(key=task["key"], finish=True)

Every verb of docs/json-lines.md is a method of rush; its members are arguments by name,
and what it answers is a dictionary. What the loop takes, rush.declare(help=..., arguments=
[...]) says before all others. In the search file: loop: {command: [python3, loop.py]}
"""
import json
import os
import sys


class Error(Exception):
    """A verb failed."""


class Rush:
    def __init__(self):
        self._say = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)  # what the loop prints is shown, and is no verb

    def call(self, verb, **members):
        self._say.write(json.dumps({"verb": verb, **members}) + "\n")
        self._say.flush()
        line = sys.stdin.readline() or sys.exit(1)  # the worker is gone
        answer = json.loads(line)
        if "error" in answer:
            raise Error(answer["error"])
        return answer

    def __getattr__(self, name):
        if name == "hello":
            self.hello = self.call("hello")
            return self.hello
        return self.hello["args"] if name == "args" else lambda **members: self.call(name, **members)

    def take(self):
        """A task; or, with "number", one to propose with start; None when all is over."""
        answer = self.call("take")
        if "key" in answer:
            return {"number": answer["key"], "seed": answer["seed"], "rng": answer["rng"]}
        return answer["task"]

    def start(self, number, xs, **members):
        """The task of a number that take brought; None if it is not ours any more."""
        return self.call("start", key=number, xs=xs, **members)["task"]

    def rows(self, new=False, **members):
        """Finished tasks, or those that are new since the last call, each a dictionary."""
        return self.call("fetch", new=new, **members)["rows"]


rush = Rush()
