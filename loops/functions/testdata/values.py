# Computes the values in functions_test.go from the papers' formulas, with 50
# digits: python3 values.py (needs mpmath).
from mpmath import mp, mpf, cos, exp, pi, sqrt, e

mp.dps = 50

ALPHA = ["1.0", "1.2", "3.0", "3.2"]
A = [
    "10 3 17 3.5 1.7 8",
    "0.05 10 17 0.1 8 14",
    "3 3.5 1.7 10 17 8",
    "17 8 0.05 10 0.1 14",
]
P = ["1312 1696 5569 124 8283 5886", "2329 4135 8307 3736 1004 9991",
     "2348 1451 3522 2883 3047 6650", "4047 8828 8732 5743 1091 381"]


def branin(x):
    a, b, c, r, s, t = 1, mpf("5.1") / (4 * pi**2), 5 / pi, 6, 10, 1 / (8 * pi)
    return a * (x[1] - b * x[0]**2 + c * x[0] - r)**2 + s * (1 - t) * cos(x[0]) + s


def hartmann6(x):
    rows = zip(ALPHA, A, P)
    return -sum(mpf(alpha) * exp(-sum(mpf(a) * (v - mpf(p) / 10000)**2 for a, p, v in zip(a.split(), p.split(), x)))
                for alpha, a, p in rows)


def himmelblau(x):
    return (x[0]**2 + x[1] - 11)**2 + (x[0] + x[1]**2 - 7)**2


def rosenbrock(x):
    return sum(100 * (b - a**2)**2 + (1 - a)**2 for a, b in zip(x, x[1:]))


def ackley(x):
    d = len(x)
    return -20 * exp(-mpf("0.2") * sqrt(sum(v**2 for v in x) / d)) - exp(sum(cos(2 * pi * v) for v in x) / d) + 20 + e


def rastrigin(x):
    return 10 * len(x) + sum(v**2 - 10 * cos(2 * pi * v) for v in x)


def sphere(x):
    return sum(v**2 for v in x)


for f, x in [
    (branin, "0 0"), (branin, "-5 0"), (branin, "2.5 7.5"),
    (hartmann6, "0.5 0.5 0.5 0.5 0.5 0.5"), (hartmann6, "0.1 0.2 0.3 0.4 0.5 0.6"), (hartmann6, "0.4 0.88 0.87 0.57 0.11 0.04"),
    (himmelblau, "0 0"), (himmelblau, "-4.5 1.25"),
    (rosenbrock, "-1.2 1"), (rosenbrock, "0.5 -0.25 2 3"),
    (ackley, "1 1"), (ackley, "-3.5 0.25 10"),
    (rastrigin, "1 -2"), (rastrigin, "0.5 0.25 -3.3"),
    (sphere, "1 -2 3"),
]:
    xs = x.split()
    print('{"%s", []float64{%s}, %s},' % (f.__name__, ", ".join(xs), mp.nstr(f([mpf(v) for v in xs]), 17)))
