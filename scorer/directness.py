"""A claim's feature row in, its level and directness out: an ordinal (cumulative) logistic regression with reasons.

Levels 0 to 4 are ordered; the model gives P(level > k) for k = 0 … 3 with one slope a feature (McCullagh 1980, proportional odds), and a slope
has the sign that `scorer.features` asks for or is none: what speaks for directness never speaks against it. Where the chain is in doubt, the
levels spread towards the shares that they have at large. Directness is the expected level times 25. A reason's effect is the directness less
what it would be with that one aspect otherwise: an unnamed origin named, a relay left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scorer.advice import advice
from scorer.errors import LabelError, ModelError
from scorer.features import FEATURES, Sourcing, to_origin
from scorer.links import Link

MIN_EFFECT = 1.0  # points; smaller reasons are not told


@dataclass(frozen=True)
class Reason:
    """What one aspect did to a claim's directness: `effect` in points (-100 to 100), `text` in words a reader understands.

    `advice` is what an editor could do where the aspect is a weakness, None where there is nothing to do.
    """

    feature: str
    effect: float
    text: str
    advice: str | None = None


@dataclass(frozen=True)
class Score:
    """A claim's level (0 to 4), the probability of each level, its directness (0 to 100) and the reasons, strongest first."""

    level: int
    probabilities: tuple[float, float, float, float, float]
    directness: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class LevelModel:
    """`thresholds` are four falling intercepts, `slopes` one number a feature of FEATURES, and `step`, at least 0, is what the definition's own
    verdict on a threshold (`at_least_1` on the first, …) counts there beside. `shares` are those of the levels at large, and `spread` (0 to 1) is
    how far full doubt about the chain takes the levels there."""

    thresholds: tuple[float, ...]
    slopes: dict[str, float]
    step: float
    shares: tuple[float, ...] = (0.2, 0.2, 0.2, 0.2, 0.2)
    spread: float = 0.0

    def probabilities(self, row: Mapping[str, float]) -> tuple[float, float, float, float, float]:
        """The probability of each level; they sum to 1."""
        lean = sum(self.slopes.get(name, 0.0) * value for name, value in row.items())
        leans = [t + lean + self.step * row[f"at_least_{k}"] for k, t in enumerate(self.thresholds, 1)]
        above = [1.0, *(1.0 / (1.0 + math.exp(-x)) for x in leans), 0.0]
        spread = self.spread * row["doubt"]
        p = [(1.0 - spread) * (above[k] - above[k + 1]) + spread * self.shares[k] for k in range(5)]
        return p[0], p[1], p[2], p[3], p[4]

    def directness(self, row: Mapping[str, float]) -> float:
        """The expected level times 25."""
        return 25.0 * sum(k * p for k, p in enumerate(self.probabilities(row)))

    def score(self, sourcing: Sourcing, chain: Sequence[Link], *, explained: bool = False) -> Score:
        """Level, probabilities, directness and reasons of a claim; `explained` where the article says why its origin is not named."""
        p = self.probabilities(sourcing.row())
        directness = self.directness(sourcing.row())
        reasons = []
        for aspect, usual in references(sourcing, chain).items():
            effect = directness - self.directness(usual.row())
            text = reason_text(aspect, sourcing, chain)
            if text and abs(effect) >= MIN_EFFECT:
                reasons.append(Reason(aspect, effect, text, advice(aspect, sourcing, chain, explained) if effect < 0 else None))
        reasons.sort(key=lambda r: -abs(r.effect))
        return Score(max(range(5), key=p.__getitem__), p, directness, tuple(reasons))

    def to_dict(self) -> dict[str, Any]:
        return {
            "thresholds": [round(t, 5) for t in self.thresholds],
            "step": round(self.step, 5),
            "slopes": {k: round(v, 5) for k, v in self.slopes.items()},
            "shares": [round(s, 5) for s in self.shares],
            "spread": round(self.spread, 5),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> LevelModel:
        """The inverse of `to_dict`. Raises ModelError when features are missing or a slope has the wrong sign."""
        try:
            slopes = {k: float(v) for k, v in data["slopes"].items()}
            model = cls(tuple(map(float, data["thresholds"])), slopes, float(data["step"]), tuple(map(float, data["shares"])), float(data["spread"]))
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"not a level model ({type(error).__name__}: {error})") from error
        if set(model.slopes) != set(FEATURES):
            raise ModelError("a level model of other features than this version's; fit it again with `scorer train`")
        if wrong := [name for name, slope in model.slopes.items() if (slope * FEATURES[name].sign < 0 or (slope and not FEATURES[name].sign))]:
            raise ModelError(f"the slope of {wrong[0]} has the wrong sign")
        if not all(map(math.isfinite, (*model.thresholds, *model.slopes.values(), model.step, *model.shares, model.spread))):
            raise ModelError("a level model with a number that is none")
        if model.step < 0 or list(model.thresholds) != sorted(model.thresholds, reverse=True) or len(model.thresholds) != 4:
            raise ModelError("a level model needs four falling thresholds and a step that is not negative")
        if len(model.shares) != 5 or min(model.shares) < 0 or abs(sum(model.shares) - 1) > 1e-3 or not 0 <= model.spread <= 1:
            raise ModelError("a level model needs five shares that sum to 1 and a spread from 0 to 1")
        return model


def references(sourcing: Sourcing, chain: Sequence[Link]) -> dict[str, Sourcing]:
    """For each aspect the same sourcing with that aspect otherwise: a weakness is held against its best case, a strength against its lack."""
    named, vague = (1.0, 0.0, 0.0, 0.0), (0.0, 0.0, 1.0, 0.0)
    origin = to_origin(chain)[-1:]
    is_named = bool(origin) and origin[0].naming == "named"
    return {
        "origin_naming": replace(sourcing, namings=vague if is_named else named, hedged=False),
        "firsthand": replace(sourcing, firsthand=0.0 if sourcing.firsthand > 0.5 else 1.0),
        "relays": replace(sourcing, relays=0 if sourcing.relays else 1, relayed=0.0),
        "untold": replace(sourcing, press=False),
        "go_between": replace(sourcing, cap=4),
    }


def reason_text(aspect: str, sourcing: Sourcing, chain: Sequence[Link]) -> str | None:
    """An aspect in a sentence with the article's own words; None where there is nothing to say."""
    chain = to_origin(chain)
    if not chain:
        return "no source is stated" if aspect == "origin_naming" else None
    origin = chain[-1]
    who = f"“{origin.mention}”"
    match aspect:
        case "origin_naming":
            return {
                "named": f"the origin, {who}, is named" + ("" if origin.entity in origin.mention or origin.mention in origin.entity else f" ({origin.entity})"),
                "described": f"the origin, {who}, is described but not named",
                "vague": f"the origin, {who}, is too vague to tell who it is",
                "none": f"nobody is given as the source ({who})",
            }[origin.naming]
        case "firsthand" if origin.naming != "none":
            return f"{who} tells of its own acts, plans or experience" if sourcing.firsthand > 0.5 else f"{who} is not shown to know it at first hand"
        case "relays":
            hands = list(dict.fromkeys(link.entity for link in chain[:-1]))
            return f"it came by way of {_listed(hands)}" if sourcing.relays else "it came without a go-between"
        case "untold" if sourcing.press:
            return f"{origin.entity} does not say where it has this from" if sourcing.firsthand < 0.5 else None
        case "go_between" if sourcing.cap < 4:
            unnamed = next(link.mention for link in chain[:-1] if link.kind not in ("outlet", "journalist", "document") and link.naming != "named")
            return f"it was passed on by “{unnamed}”, who is not named"
    return None


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def fit_levels(rows: Sequence[Mapping[str, float]], levels: Sequence[int], weights: Sequence[float] | None = None, c: float = 1.0) -> LevelModel:
    """Fit the model with scikit-learn: a row a claim and threshold, slopes shared; wrong-signed slopes are dropped and the rest fitted again.

    Raises LabelError where fewer than two levels occur.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    names = [name for name, feature in FEATURES.items() if feature.sign]
    y = np.array(levels)
    if len(set(levels)) < 2:
        raise LabelError("the labels have a single level: at least two are needed; label more articles")
    x = np.array([[row[n] for n in names] for row in rows])
    steps = np.concatenate([x[:, [names.index(f"at_least_{k}")]] for k in range(1, 5)])
    thresholds = np.repeat(np.eye(4), len(y), axis=0) * 10.0  # tenfold: hardly penalised
    weight = np.ones(len(y)) if weights is None else np.asarray(weights, np.float64)
    above = np.concatenate([y > k for k in range(4)])
    stacked = np.hstack([np.tile(x, (4, 1)), steps])
    signs = np.array([FEATURES[n].sign for n in names] + [1])
    kept = list(range(len(signs)))
    while True:
        model = LogisticRegression(C=c, fit_intercept=False, max_iter=2000).fit(np.hstack([stacked[:, kept], thresholds]), above, np.tile(weight, 4))
        slopes = model.coef_[0][: len(kept)]
        right = [k for k, slope in zip(kept, slopes, strict=True) if slope * signs[k] >= 0]
        if right == kept:
            break
        kept = right
    fitted = dict(zip(kept, map(float, slopes), strict=True))
    falling = np.minimum.accumulate(model.coef_[0][len(kept) :] * 10.0)
    slopes_by_name = dict.fromkeys(FEATURES, 0.0) | {n: fitted.get(k, 0.0) for k, n in enumerate(names)}
    shares = np.bincount(y, weight, minlength=5) / weight.sum()
    sure = LevelModel(tuple(map(float, falling)), slopes_by_name, fitted.get(len(names), 0.0), tuple(map(float, shares)))
    return min((replace(sure, spread=k / 20) for k in range(21)), key=lambda model: _surprise(model, rows, levels, weight))


def _surprise(model: LevelModel, rows: Sequence[Mapping[str, float]], levels: Sequence[int], weights: Iterable[float]) -> float:
    """How unlikely a model finds the levels: the weighted sum of their negative log-probabilities."""
    return -sum(w * math.log(max(1e-9, model.probabilities(row)[level])) for row, level, w in zip(rows, levels, weights, strict=True))
