"""An objective in Python: rush run branin.yaml"""
from math import cos, pi

from rush_plugin import serve


def branin(xs, task):
    """Branin's function; its minimum is 0.397887."""
    x1, x2 = xs["x1"], xs["x2"]
    task.progress("almost there")
    y = (x2 - 5.1 / (4 * pi**2) * x1**2 + 5 / pi * x1 - 6) ** 2 + 10 * (1 - 1 / (8 * pi)) * cos(x1) + 10
    print("a print is shown, and disturbs nothing")
    return {"y": y, "luck": task.random.random()}


serve(objectives={"branin": branin})
