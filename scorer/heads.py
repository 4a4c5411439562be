"""Fitted linear models as named coefficients: plain JSON, evaluated with NumPy, nothing to execute in them.

A head scores classes. Its input is a mapping of feature names to values: a number counts times its coefficient, a string switches
the coefficient `name=value` on; what the head has no coefficient for counts nothing. It may also take one vector of the encoder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from scorer.errors import LabelError, ModelError

Value = float | str
Features = Mapping[str, Value]
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LinearHead:
    """A multinomial (or, of two classes, binary) logistic regression.

    `coefficients` gives each feature one number a class, `intercept` one a class, `vector` is classes x width or None.
    """

    classes: tuple[str, ...]
    intercept: Array
    coefficients: dict[str, Array]
    vector: Array | None = None

    def scores(self, features: Features, vector: npt.ArrayLike | None = None) -> Array:
        """The log-odds of each class, up to a constant."""
        total = self.intercept.copy()
        for name, value in features.items():
            key, amount = (f"{name}={value}", 1.0) if isinstance(value, str) else (name, float(value))
            if amount and (row := self.coefficients.get(key)) is not None:
                total += amount * row
        if self.vector is not None and vector is not None:
            total += self.vector @ np.asarray(vector, np.float64)
        return total

    def probabilities(self, features: Features, vector: npt.ArrayLike | None = None) -> Array:
        """The probability of each class; they sum to 1."""
        scores = self.scores(features, vector)
        odds = np.exp(scores - scores.max())
        return np.asarray(odds / odds.sum())

    def probability(self, features: Features, vector: npt.ArrayLike | None = None) -> float:
        """Of a head with two classes, the probability of the second."""
        return float(self.probabilities(features, vector)[1])

    def choice(self, options: Sequence[Features]) -> Array:
        """The probability of each option, of a head that `fit_choice` fitted; they sum to 1."""
        scores = np.array([self.scores(features)[1] for features in options])
        odds = np.exp(scores - scores.max())
        return np.asarray(odds / odds.sum())

    def to_dict(self) -> dict[str, Any]:
        def rounded(row: Array) -> list[float]:
            return [float(f"{x:.5g}") for x in row]

        return {
            "classes": list(self.classes),
            "intercept": rounded(self.intercept),
            "coefficients": {name: rounded(row) for name, row in sorted(self.coefficients.items())},
            "vector": None if self.vector is None else [rounded(row) for row in self.vector],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> LinearHead:
        """The inverse of `to_dict`. Raises ModelError when the parts do not fit together."""
        try:
            width = len(data["classes"])
            head = cls(
                tuple(data["classes"]),
                np.array(data["intercept"], np.float64),
                {name: np.array(row, np.float64) for name, row in data["coefficients"].items()},
                None if data["vector"] is None else np.array(data["vector"], np.float64),
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ModelError(f"not a linear head ({type(error).__name__}: {error})") from error
        if head.vector is not None and (head.vector.ndim != 2 or len(head.vector) != width):
            raise ModelError(f"a linear head of {width} classes needs {width} rows of vector coefficients")
        if head.intercept.shape != (width,) or any(row.shape != (width,) for row in head.coefficients.values()):
            raise ModelError(f"a linear head of {width} classes needs {width} numbers a feature")
        return head


def read_heads(path: Path) -> dict[str, LinearHead]:
    """All heads of a file `{name: head}`. Raises ModelError, naming the file."""
    try:
        return {name: LinearHead.from_dict(data) for name, data in json.loads(path.read_text("utf-8")).items()}
    except (AttributeError, OSError, ValueError, ModelError) as error:
        raise ModelError(f"{path}: the heads can't be loaded ({error}); fit them again with `scorer train`") from error


def fit_head(
    rows: Sequence[Features],
    labels: Sequence[str],
    *,
    classes: Sequence[str],
    vectors: npt.ArrayLike | None = None,
    c: float = 1.0,
    vector_scale: float = 1.0,
    min_count: int = 3,
    weights: Sequence[float] | None = None,
) -> LinearHead:
    """Fit a head with scikit-learn's logistic regression.

    Features seen in fewer than `min_count` rows are left out. `vector_scale` below 1 shrinks the vector's coefficients more than the named ones.
    Raises LabelError where the labels are of fewer than two classes.
    """
    if len(set(labels)) < 2:
        raise LabelError(f"the labels give {len(rows)} examples of {len(set(labels))} class(es) where two classes are needed; label more articles")
    from scipy.sparse import hstack
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = DictVectorizer()
    named = vectorizer.fit_transform([dict(row) for row in rows])
    kept = np.flatnonzero(np.asarray((named != 0).sum(axis=0)).ravel() >= min_count)
    names = [vectorizer.feature_names_[k] for k in kept]
    matrix = named[:, kept].tocsr()
    if vectors is not None:
        matrix = hstack([matrix, np.asarray(vectors, np.float64) * vector_scale]).tocsr()
    model = LogisticRegression(C=c, max_iter=1000).fit(matrix, labels, sample_weight=weights)
    seen = list(model.classes_)
    coefficients = np.zeros((len(classes), matrix.shape[1]))
    intercept = np.full(len(classes), -20.0)  # a class without an example is never the answer
    if len(seen) == 2:  # scikit-learn keeps one row for two classes: the second's log-odds
        a, b = (list(classes).index(x) for x in seen)
        coefficients[b], intercept[[a, b]] = model.coef_[0], (0.0, model.intercept_[0])
    else:
        for k, label in enumerate(seen):
            i = list(classes).index(label)
            coefficients[i], intercept[i] = model.coef_[k], model.intercept_[k]
    width = len(names)
    vector = coefficients[:, width:] * vector_scale if vectors is not None else None
    return LinearHead(tuple(classes), intercept, {n: coefficients[:, i] for i, n in enumerate(names)}, vector)


def fit_choice(rows: Sequence[Features], right: Sequence[bool], groups: Sequence[int], *, c: float = 1.0, min_count: int = 3) -> LinearHead:
    """Fit a head that chooses one row of each group: McFadden's conditional logit, with an L2 penalty of weight 1/c.

    Its second class scores being chosen: a row's probability is the softmax of these scores over its group. Rows of a group stand together;
    a group without a right row teaches nothing. Raises LabelError where no group has one.
    """
    if not any(right):
        raise LabelError("the labels give nothing to choose between; label more articles")
    from scipy.optimize import minimize
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction import DictVectorizer

    vectorizer = DictVectorizer()
    full: csr_matrix = vectorizer.fit_transform([dict(row) for row in rows])
    kept = np.flatnonzero(np.asarray((full != 0).sum(axis=0)).ravel() >= min_count)
    matrix = full[:, kept].tocsr()
    starts = np.flatnonzero(np.r_[True, np.diff(groups) != 0])
    sizes = np.diff(np.r_[starts, len(groups)])
    truth = np.asarray(right, np.float64)
    taught = np.repeat(np.add.reduceat(truth, starts), sizes)
    target = np.divide(truth, taught, out=np.zeros_like(truth), where=taught > 0)  # several right rows share

    def loss(weights: Array) -> tuple[float, Array]:
        scores = matrix @ weights
        scores -= np.repeat(np.maximum.reduceat(scores, starts), sizes)
        odds = np.exp(scores)
        logs = scores - np.repeat(np.log(np.add.reduceat(odds, starts)), sizes)
        wrong = np.where(taught > 0, np.exp(logs) - target, 0.0)
        return -float(target @ logs) + float(weights @ weights) / (2 * c), matrix.T @ wrong + weights / c

    weights = minimize(loss, np.zeros(len(kept)), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    names = [vectorizer.feature_names_[k] for k in kept]
    return LinearHead(("no", "yes"), np.zeros(2), {n: np.array([0.0, w]) for n, w in zip(names, weights, strict=True)})
