"""A worker loop in Python: rush run evolution.yaml"""
from rush_plugin import arg, serve


def evolution(worker,
              parents: int = arg(3, lower=1, help="how many of the best points have children"),
              sigma: float = arg(0.3, lower=0, upper=1, help="the first step, as a part of each range"),
              halving: int = arg(20, lower=1, help="after how many tasks the steps are half as long")):
    """An evolution strategy: children of the best points of all workers, ever closer to them."""
    best = []
    (goal,) = worker.codomain

    def propose(claim):
        best[:] = sorted(best + worker.rows(fresh=True), key=lambda row: row[goal])[:parents]
        draw, parent = claim.random, claim.random.choice(best) if best else None
        xs = {}
        for p in worker.params:
            width = p["upper"] - p["lower"]
            x = draw.uniform(p["lower"], p["upper"]) if parent is None else parent[p["name"]]
            if parent is not None:
                x += draw.gauss(0, sigma * width * 0.5 ** (claim.key / halving))
            xs[p["name"]] = min(max(x, p["lower"]), p["upper"])
        return xs, {"parent": parent["number"] if parent else None}

    for task in worker.tasks(propose):
        out = worker.evaluate(task)
        print("task", task.key, "gave", out.condition or out.ys[goal])


serve(loops={"evolution": evolution})
