"""An `Evaluation` in, two PNG files out: how far its probabilities can be trusted, and which levels it takes for which. Needs matplotlib."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scorer.evaluation import Evaluation
from scorer.figures import BINS, Array
from scorer.output import OutputError
from scorer.vocabulary import LEVELS

DPI = 150
_BLUE, _GREY = "#2f6690", "#8a8f98"
_HALO = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.6}
_Z = 1.96  # of a 95 % interval


def write_plots(evaluation: Evaluation, folder: Path) -> tuple[Path, Path]:
    """Write `reliability.png` and `confusion.png` into a folder, which is made where there is none. Raises OutputError where that can't be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        paths = folder / "reliability.png", folder / "confusion.png"
        for path, figure in zip(paths, (reliability_plot(evaluation), confusion_plot(evaluation)), strict=True):
            figure.savefig(path, dpi=DPI)
    except OSError as error:
        raise OutputError(f"{folder}: plots can't be written ({error.strerror or error}); give --plots a folder that can be") from error
    return paths


def reliability_plot(evaluation: Evaluation) -> Figure:
    """For ten bins of a probability the share that is so, with its 95 % interval (Wilson 1927) and how many there are; the diagonal is perfect."""
    tables, figure = evaluation.reliability(), Figure(figsize=(15, 5.2), layout="constrained")
    axes = figure.subplots(1, 3)
    _reliability(axes[0], tables["level"], "The given level is right", "probability of the given level")
    _reliability(axes[1], tables["detected"], "What is found is an attribution", "probability “detected”")
    _reliability(axes[2], tables["link"], "A link of a chain is right", "confidence of a link")
    return figure


def _reliability(axes: Axes, table: pd.DataFrame, title: str, told: str) -> None:
    centres = (table["bin"] + 0.5) / BINS
    low, high = _wilson(table["right"].to_numpy(), table["n"].to_numpy())
    axes.bar(centres, table["right"], width=0.92 / BINS, color=_BLUE, alpha=0.3, label="share that is so")
    axes.errorbar(
        table["told"], table["right"], yerr=[table["right"] - low, high - table["right"]], fmt="o", color=_BLUE, ms=5, capsize=3, lw=1.2,
        label="with its 95 % interval, at the mean probability",
    )  # fmt: skip
    axes.plot([0, 1], [0, 1], color=_GREY, lw=1, ls="--", label="perfectly calibrated")
    for centre, top, n in zip(centres, high, table["n"], strict=True):
        axes.text(centre, top + 0.02, f"{n:,}", ha="center", va="bottom", fontsize=8, color="#333333", bbox=_HALO)
    axes.set(xlim=(0, 1), ylim=(0, 1.28), xticks=np.arange(BINS + 1) / BINS, yticks=np.arange(0, 1.01, 0.2), xlabel=told, ylabel="share that is so")
    axes.set_title(f"{title}\nn = {int(table['n'].sum()):,}", fontsize=11)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="upper left", fontsize=8, frameon=False)


def _wilson(share: Array, n: Array) -> tuple[Array, Array]:
    """The 95 % interval of a share of n."""
    middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    reach = _Z / (1 + _Z**2 / n) * np.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    return np.minimum(middle - reach, share), np.maximum(middle + reach, share)


def confusion_plot(evaluation: Evaluation) -> Figure:
    """Labelled levels by given ones: how many, and the share of their row, by which a cell is coloured."""
    counts = np.array(evaluation.confusion)
    totals = counts.sum(axis=1, keepdims=True)
    shares = counts / np.maximum(1, totals)
    figure = Figure(figsize=(8.4, 5.6), layout="constrained")
    axes = figure.subplots()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for (row, column), n in np.ndenumerate(counts):
        if n:
            percent = f"{100 * shares[row, column]:.0f} %" if shares[row, column] >= 0.005 else "< 1 %"
            colour = "white" if shares[row, column] > 0.55 else "#1c1c1c"
            axes.text(column, row, f"{n:,}\n{percent}", ha="center", va="center", fontsize=9, color=colour)
    names = [f"{k} {name}".replace(" traceable", "\ntraceable") for k, name in enumerate(LEVELS)]
    axes.set_xticks(range(len(LEVELS) + 1), [*names, "no claim"], fontsize=9)
    axes.set_yticks(range(len(LEVELS)), [f"{name}\n(n = {int(n):,})" for name, n in zip(names, totals[:, 0], strict=True)], fontsize=9)
    axes.set(xlabel="given level", ylabel="labelled level")
    axes.set_title(f"Levels of {counts.sum():,} claims; shares are of each row", fontsize=11)
    axes.set_xticks(np.arange(len(LEVELS)) + 0.5, minor=True)
    axes.set_yticks(np.arange(len(LEVELS) - 1) + 0.5, minor=True)
    axes.grid(which="minor", color="white", lw=1.5)
    axes.tick_params(which="both", length=0)
    axes.spines[:].set_visible(False)
    return figure
