"""Sums over articles in, figures out: pure arithmetic, so that resampling articles (the bootstrap, Efron 1979) is a matrix product before it.

Figures are in percent unless said otherwise; `scorer.comparison` defines what an answer is and what of it is right.

- `detection`: precision, recall and F1 of the answers, over all articles; all that follows is over the attributions that have chains.
- `origin_f1`, `chain_f1`, `route_f1`: what is right of each, over all that is found and all that is labelled.
- `relay_f1`: right routes that pass through another house, over all found and all labelled that do: a system that shows no relay has 0.
- `answered`: what is right of each judgement, over what is answered; `relays`: over the labelled chains of two links or more that are answered,
  those whose answer names at least one of the links before the origin.
- `level`, over what is answered and labelled as a claim, some of which were given no level, being taken for no claim:
  - `accuracy`, the share of right levels: none is a wrong one;
  - `on_record`, the share whose level is on the right side of 3: 3 or 4 where that is labelled, and below where less is; none is below;
  - `mae`, the mean absolute error in levels: none is -1;
  - `qwk`, quadratic weighted kappa (Cohen 1968): none is 0;
  - `rps_skill`, one less the ranked probability score over that of the labels' own shares (Epstein 1969: 1 is best, 0 no better than the shares):
    none has a score of 4, the worst;
  - `ece`, the expected calibration error of the top level's probability in ten bins, of those that have one.

A figure is nan where there is nothing to measure: what it is divided by is 0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from scorer.comparison import RIGHTS
from scorer.vocabulary import LEVELS

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]

BINS = 10
NO_LEVEL = len(LEVELS)  # the last column of a confusion matrix: taken for no claim
WORST_SCORE = 4.0  # the ranked probability score of a claim that is taken for none
NUMBERS = frozenset({"relays.labelled", "level.claims"})  # how many there are: no figure, and without an interval
_DIGITS = {"level.mae": 3, "level.qwk": 3, "level.rps_skill": 3, "level.ece": 3}  # all others have one


def figures_of(sums: Mapping[str, Array]) -> dict[str, Array]:
    """Every figure by its dotted name, of the sums of `Evaluation.counts`, whatever axes stand before their own."""

    def share(part: str, of: str) -> Array:
        return _over(100 * sums[part], sums[of])

    def f1(right: str, found: str, labelled: str) -> Array:
        return _over(200 * sums[right], sums[found] + sums[labelled])

    return {
        "detection.p": share("hits", "found"),
        "detection.r": share("hits", "labelled"),
        "detection.f1": f1("hits", "found", "labelled"),
        **{f"{name}_f1": f1(name, "chains_found", "chains") for name in ("origin", "chain", "route")},
        "relay_f1": f1("relay_routes", "relays_found", "relays"),
        **{f"answered.{name}": share(name, "answered") for name in RIGHTS},
        "relays.labelled": sums["behind"],
        "relays.one_found": share("one_relay", "behind"),
        **_level_figures(sums),
    }


def _level_figures(sums: Mapping[str, Array]) -> dict[str, Array]:
    cells = sums["levels"].reshape(*sums["levels"].shape[:-1], len(LEVELS), NO_LEVEL + 1)
    labelled, total = cells.sum(axis=-1), cells.sum(axis=(-1, -2))
    gold, given = np.arange(len(LEVELS))[:, None], np.array([*range(len(LEVELS)), -1])

    def mean(values: npt.NDArray[Any]) -> Array:
        return _over((cells * values).sum(axis=(-1, -2)), total)

    shares = _over(labelled, total[..., None])
    base = np.asarray(sum(labelled[..., k] * ranked_score(shares, k) for k in range(len(LEVELS))))
    return {
        "level.claims": total,
        "level.accuracy": 100 * mean(gold == given),
        "level.on_record": 100 * mean((gold >= 3) == (given >= 3)),
        "level.mae": mean(np.abs(gold - given)),
        "level.qwk": _kappa(cells, total),
        "level.rps_skill": 1 - _over(sums["scores"], base),
        "level.ece": _over(np.abs(sums["gaps"]).sum(axis=-1), sums["sure"]),
    }


def _over(part: Array, whole: Array) -> Array:
    """A quotient, nan where there is nothing to divide by."""
    there = whole > 0
    return np.where(there, part / np.where(there, whole, 1), np.nan)


def _kappa(cells: Array, total: Array) -> Array:
    """Quadratic weighted kappa of confusion matrices, no level counting as 0; nan where chance could not disagree."""
    square = cells[..., :NO_LEVEL].copy()
    square[..., 0] += cells[..., NO_LEVEL]
    apart = (np.arange(len(LEVELS))[:, None] - np.arange(len(LEVELS))) ** 2
    chance = np.einsum("...i,...j,ij->...", square.sum(axis=-1), square.sum(axis=-2), apart)
    return 1 - _over((square * apart).sum(axis=(-1, -2)) * total, chance)


def ranked_score(probabilities: Sequence[float] | Array, level: int) -> Array:
    """The ranked probability score of the levels' probabilities (on the last axis) where `level` is right: 0 best, 4 worst."""
    below = np.cumsum(np.asarray(probabilities, np.float64), axis=-1)[..., :-1]
    return np.asarray(((below - (level <= np.arange(len(LEVELS) - 1))) ** 2).sum(axis=-1))


def bin_of(probabilities: Array) -> Integers:
    """Which of BINS equal bins a probability falls into, the upper edge being part of a bin, and 0 of the first."""
    return np.searchsorted(np.arange(1, BINS) / BINS, probabilities, side="left")


def rounded(name: str, value: float) -> float | int | None:
    """A figure as it is printed; None where there was nothing to measure."""
    if math.isnan(value):
        return None
    return int(value) if name in NUMBERS else round(value, _DIGITS.get(name, 1))


def written(name: str, value: float | None) -> str:
    """A rounded figure in text, with all its digits."""
    return "-" if value is None else f"{value:.{_DIGITS.get(name, 1)}f}"


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted names as objects in an object."""
    out: dict[str, Any] = {}
    for name, value in flat.items():
        group, _, leaf = name.rpartition(".")
        (out.setdefault(group, {}) if group else out)[leaf] = value
    return out
