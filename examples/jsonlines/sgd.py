#!/usr/bin/python3
"""A linear classifier of handwritten digits that scikit-learn trains pass by pass (the epochs of sgd.yaml). A training that
continues another one, with more epochs, goes on where that one was."""
import sys

import numpy as np
from rush_objective import serve
from sklearn.linear_model import SGDClassifier

CLASSES = range(10)


def read_digits(path):
    """Pixels from 0 to 1 and digits, the first two thirds to learn from and the others to be read."""
    table = np.loadtxt(path, delimiter=",")
    images, digits = table[:, :-1] / 16, table[:, -1].astype(int)
    n = len(digits) * 2 // 3
    return images[:n], digits[:n], images[n:], digits[n:]


IMAGES, DIGITS, UNSEEN, ANSWERS = read_digits("../digits/digits.csv.gz")


def objective(xs, task):
    model, done = task.load() or (SGDClassifier(
        loss=xs["loss"], alpha=xs["alpha"], learning_rate="constant", eta0=xs["rate"], random_state=task.seed), 0)
    for _ in range(done, xs["epochs"]):
        model.partial_fit(IMAGES, DIGITS, classes=CLASSES)
    task.save((model, xs["epochs"]))
    return {"error": float(1 - model.score(UNSEEN, ANSWERS)), "trained": xs["epochs"] - done}


serve(objective)
