"""An evolution strategy: a child of one of the best points, half as far away after
every twenty tasks. All workers learn from all results."""
import random

from rush_loop import rush

params = rush.hello["space"]["params"]
best = []

while task := rush.take():
    best = sorted(best + rush.rows(new=True), key=lambda row: row["y"])[: rush.args["parents"]]
    if "number" in task:
        number, draw = task["number"], random.Random(task["rng"])
        parent = draw.choice(best) if best else None
        xs = {}
        for p in params:
            width = p["upper"] - p["lower"]
            x = draw.uniform(p["lower"], p["upper"]) if parent is None else parent[p["name"]]
            x += draw.gauss(0, 0.3 * width * 0.5 ** (number / 20))
            xs[p["name"]] = min(max(x, p["lower"]), p["upper"])
        task = rush.start(number, xs, extra={"parent": parent["number"] if parent else None})
        if task is None:
            continue
    out = rush.evaluate(key=task["key"], finish=True)
    print("task", task["key"], "gave", out.get("ys", out))
