"""A claim's feature row in, its level and directness out: an ordinal (cumulative) logistic regression with reasons.

Levels 0 to 4 are ordered; the model gives P(level > k) for k = 0 … 3 with one slope a feature (McCullagh 1980, proportional odds), and a slope
has the sign that `scorer.features` asks for or is none: what speaks for directness never speaks against it. Directness is the expected level
times 25. A reason's effect is the directness less what it would be if the features behind it were those of the average claim.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scorer.errors import ModelError
from scorer.features import FEATURES, is_press_account, relay_houses, to_origin
from scorer.links import Link

MIN_EFFECT = 1.0  # points; smaller reasons are not told


@dataclass(frozen=True)
class Reason:
    """What one group of features did to a claim's directness: `effect` in points (-100 to 100), `text` in words a reader understands."""

    feature: str
    effect: float
    text: str


@dataclass(frozen=True)
class Score:
    """A claim's level (0 to 4), the probability of each level, its directness (0 to 100) and the reasons, strongest first."""

    level: int
    probabilities: tuple[float, float, float, float, float]
    directness: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class LevelModel:
    """`thresholds` are four falling intercepts, `slopes` one number a feature of FEATURES, `average` the features of the average claim."""

    thresholds: tuple[float, ...]
    slopes: dict[str, float]
    average: dict[str, float]

    def probabilities(self, row: Mapping[str, float]) -> tuple[float, float, float, float, float]:
        """The probability of each level; they sum to 1."""
        lean = sum(self.slopes.get(name, 0.0) * value for name, value in row.items())
        above = [1.0, *(1.0 / (1.0 + math.exp(-(t + lean))) for t in self.thresholds), 0.0]
        p = [above[k] - above[k + 1] for k in range(5)]
        return p[0], p[1], p[2], p[3], p[4]

    def directness(self, row: Mapping[str, float]) -> float:
        """The expected level times 25."""
        return 25.0 * sum(k * p for k, p in enumerate(self.probabilities(row)))

    def score(self, row: Mapping[str, float], chain: Sequence[Link]) -> Score:
        """Level, probabilities, directness and reasons of a claim with this feature row and chain."""
        p = self.probabilities(row)
        directness = self.directness(row)
        reasons = []
        for group in dict.fromkeys(f.reason for f in FEATURES.values()):
            usual = {name: self.average[name] if FEATURES[name].reason == group else value for name, value in row.items()}
            effect = directness - self.directness(usual)
            text = reason_text(group, row, chain)
            if text and abs(effect) >= MIN_EFFECT:
                reasons.append(Reason(group, effect, text))
        reasons.sort(key=lambda r: -abs(r.effect))
        return Score(max(range(5), key=p.__getitem__), p, directness, tuple(reasons))

    def to_dict(self) -> dict[str, Any]:
        return {
            "thresholds": [round(t, 5) for t in self.thresholds],
            "slopes": {k: round(v, 5) for k, v in self.slopes.items()},
            "average": {k: round(v, 5) for k, v in self.average.items()},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> LevelModel:
        """The inverse of `to_dict`. Raises ModelError when features are missing or a slope has the wrong sign."""
        try:
            model = cls(tuple(map(float, data["thresholds"])), {k: float(v) for k, v in data["slopes"].items()}, {k: float(v) for k, v in data["average"].items()})
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"not a level model ({type(error).__name__}: {error})") from error
        if set(model.slopes) != set(FEATURES) or set(model.average) != set(FEATURES):
            raise ModelError("a level model of other features than this version's; fit it again with `scorer train`")
        if wrong := [name for name, slope in model.slopes.items() if slope * FEATURES[name].sign < 0]:
            raise ModelError(f"the slope of {wrong[0]} has the wrong sign")
        return model


def reason_text(group: str, row: Mapping[str, float], chain: Sequence[Link]) -> str | None:
    """A group of features in a sentence with the article's own words; None where there is nothing to say."""
    chain = to_origin(chain)
    if not chain:
        return "no source is stated" if group == "origin_naming" else None
    origin = chain[-1]
    who = f"“{origin.mention}”"
    if group == "origin_naming":
        return {
            "named": f"the origin, {who}, is named" + ("" if origin.entity in origin.mention or origin.mention in origin.entity else f" ({origin.entity})"),
            "described": f"the origin, {who}, is described but not named",
            "vague": f"the origin, {who}, is too vague to tell who it is",
            "none": f"nobody is given as the source ({who})",
        }[origin.naming]
    if group == "firsthand":
        return f"{who} tells of own acts, plans or experience" if row["firsthand"] > 0.5 else f"{who} is not shown to know it at first hand"
    if group == "relays":
        houses = relay_houses(chain)
        hands = list(dict.fromkeys(link.entity for link in chain[:-1]))
        return f"it came by way of {_listed(hands)}" if houses else "it came without a go-between"
    if group == "untold":
        return f"{origin.entity} does not say where it has this from" if is_press_account(chain) and row["untold"] > 0.5 else None
    unnamed = next((link.mention for link in chain[:-1] if link.kind not in ("outlet", "journalist", "document") and link.naming != "named"), None)
    return f"it was passed on by “{unnamed}”, who is not named" if unnamed else None


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def fit_levels(rows: Sequence[Mapping[str, float]], levels: Sequence[int], weights: Sequence[float] | None = None, c: float = 1.0) -> LevelModel:
    """Fit the model with scikit-learn: a row a claim and threshold, slopes shared; wrong-signed slopes are dropped and the rest fitted again.

    Raises ValueError where fewer than two levels occur.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    names = list(FEATURES)
    x = np.array([[row[n] for n in names] for row in rows])
    y = np.array(levels)
    if len(set(levels)) < 2:
        raise ValueError("the labels have a single level: at least two are needed")
    weight = np.ones(len(y)) if weights is None else np.asarray(weights, np.float64)
    kept = list(range(len(names)))
    while True:
        steps = np.repeat(np.eye(4), len(y), axis=0) * 10.0  # thresholds are hardly penalised
        stacked = np.hstack([np.tile(x[:, kept], (4, 1)), steps])
        model = LogisticRegression(C=c, fit_intercept=False, max_iter=2000).fit(
            stacked, np.concatenate([y > k for k in range(4)]), sample_weight=np.tile(weight, 4)
        )
        slopes = model.coef_[0][: len(kept)]
        wrong = [k for k, slope in zip(kept, slopes, strict=True) if slope * FEATURES[names[k]].sign < 0]
        if not wrong:
            break
        kept = [k for k in kept if k not in wrong]
    thresholds = np.minimum.accumulate(model.coef_[0][len(kept) :] * 10.0)
    fitted = dict(zip((names[k] for k in kept), map(float, slopes), strict=True))
    average = np.average(x, axis=0, weights=weight)
    return LevelModel(tuple(map(float, thresholds)), {n: fitted.get(n, 0.0) for n in names}, dict(zip(names, map(float, average), strict=True)))
