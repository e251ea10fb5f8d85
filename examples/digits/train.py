#!/usr/bin/python3
"""Score one setting of a neural network that reads handwritten digits.

rush starts this program once for each point. The point and the constants of
the search file arrive on stdin as one JSON object; the answer is the last line
of stdout, one JSON object too:

    {"accuracy": ..., "accuracy_sd": ..., "log_loss": ..., "seconds": ...}

A mistake ends the program with a message on stderr and a non-zero exit code:
that makes the point a failed task, and the message its reason.

Nothing here knows rush. To try it by hand:

    echo '{"hidden": 32, "learning_rate": 0.01, "alpha": 0.001, "batch_size": 32,
           "activation": "relu", "standardize": false,
           "data": "digits.csv.gz", "folds": 3, "epochs": 60}' | ./train.py
"""

import json
import os
import sys
import time
import warnings

try:
    import numpy as np
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.model_selection import StratifiedKFold, cross_validate
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler
except ImportError as err:
    sys.exit(
        f"{err}, in {sys.executable}: this objective needs scikit-learn. "
        "Install it (on Debian: apt install python3-sklearn), or let the command "
        "in the search file name a Python that has it."
    )

BLACK = 16  # pixels go from 0, white, to 16


def read_digits(path):
    """Return the images as rows of 64 pixels, and the digit that each shows."""
    rows = np.loadtxt(path, delimiter=",")
    return rows[:, :-1], rows[:, -1].astype(int)


def make_model(point, epochs, seed):
    """Build what is trained: scaled pixels into one hidden layer."""
    if point["standardize"]:
        scale = StandardScaler()
    else:
        scale = FunctionTransformer(lambda pixels: pixels / BLACK)
    network = MLPClassifier(
        hidden_layer_sizes=(point["hidden"],),
        activation=point["activation"],
        alpha=point["alpha"],
        batch_size=point["batch_size"],
        learning_rate_init=point["learning_rate"],
        max_iter=epochs,
        n_iter_no_change=epochs,  # no early end: the epochs are the budget
        random_state=seed,
    )
    return make_pipeline(scale, network)


def main():
    began = time.perf_counter()
    point = json.load(sys.stdin)
    # The seed belongs to the task, so that a repeated run repeats its results.
    seed = int(os.environ.get("RUSH_SEED", "0"))

    images, digits = read_digits(point["data"])
    # No shuffling: images that lie close together look alike, as if the file
    # went through its writers one after the other. Mixed folds would test on
    # handwriting known from training.
    folds = StratifiedKFold(point["folds"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        scores = cross_validate(
            make_model(point, point["epochs"], seed),
            images,
            digits,
            cv=folds,
            scoring=("accuracy", "neg_log_loss"),
            error_score="raise",
        )

    answer = {
        "accuracy": scores["test_accuracy"].mean(),
        "accuracy_sd": scores["test_accuracy"].std(),
        "log_loss": -scores["test_neg_log_loss"].mean(),
        "seconds": time.perf_counter() - began,
    }
    print(json.dumps({name: round(value, 6) for name, value in answer.items()}))


if __name__ == "__main__":
    main()
