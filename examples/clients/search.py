"""Search for the minimum of Branin's function, evaluated here.

    python3 search.py

Start it several times, or search.R beside it: they share the work.
"""

import math
import os

import rush


def branin(x1, x2):
    a = x2 - 5.1 / (4 * math.pi**2) * x1**2 + 5 / math.pi * x1 - 6
    return a**2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x1) + 10


def evaluate(task):
    x1, x2 = task.xs["x1"], task.xs["x2"]
    if task.xs["method"] == "rounded":
        x1, x2 = round(x1), round(x2)
    return branin(x1, x2) + task.constants["offset"]


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    with rush.Network(search=os.path.join(here, "search.yaml")) as net:
        for task in net.points():
            try:
                net.tell(task, y=evaluate(task), language="Python")
            except ArithmeticError as error:
                net.fail(task, error)
        rows = net.fetch("finished", frame=False)
        best = min(rows, key=lambda row: row["y"])
        print("the best of %d: y = %.4f at x1 = %.3f, x2 = %.3f" % (len(rows), best["y"], best["x1"], best["x2"]))
