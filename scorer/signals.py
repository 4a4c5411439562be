"""An article and its tagging in, `Signals` out: what a second encoder, which reads the article with the tagger's labels, says of its words.

The encoder answers for each token, and a stretch of text has the mean of its tokens' answers: log-odds and log-probabilities that are features
of the linear heads, which decide. Of an attribution it answers whether it is a claim, whether it is first-hand, and `via`: whether the statement
came through no relay, one in its own words or one taken over from elsewhere; of a source its kind and naming; of any words whether a relay is
named there, before the source or behind it.
"""

from __future__ import annotations

import bisect
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from scorer.article import Article
from scorer.attributions import Attribution
from scorer.encoder import Encoder, Floats, WordPieces, read_config, windows
from scorer.spans import Span
from scorer.tagger import Tagging
from scorer.vocabulary import KIND_CLASSES, NAMING_CLASSES

VIA_CLASSES = ("none", "own", "carried")
RELAY_CLASSES = ("none", "outer", "inner")
PARTS = ("cue", "content", "source")
# What the encoder answers, in the order of its columns: of an attribution (once from each of PARTS, to be added up), of a source, of any words.
ATTRIBUTION_TASKS: dict[str, tuple[str, ...]] = {
    "claim": ("no", "yes"),
    "firsthand": ("no", "yes"),
    "via": VIA_CLASSES,
    "origin_kind": KIND_CLASSES,
    "level": ("0", "1", "2", "3", "4"),
}
WORDS_TASKS: dict[str, tuple[str, ...]] = {"kind": KIND_CLASSES, "naming": NAMING_CLASSES, "relay": RELAY_CLASSES}
_ATTRIBUTION_WIDTH = sum(map(len, ATTRIBUTION_TASKS.values()))
WIDTH = len(PARTS) * _ATTRIBUTION_WIDTH + sum(map(len, WORDS_TASKS.values()))
_FURTHEST = 5.0  # log-odds beyond this say no more


class Signals:
    """The second encoder's answers for one article."""

    def __init__(self, article: Article, rows: Sequence[Floats]) -> None:
        """`rows` is a matrix a paragraph, one row of WIDTH answers a token."""
        self._starts = [t.start for paragraph in article.tokens for t in paragraph]
        self._rows = np.concatenate(rows) if rows else np.zeros((0, WIDTH), np.float32)

    def of_attribution(self, attribution: Attribution) -> dict[str, Floats]:
        """The log-probabilities of each class of ATTRIBUTION_TASKS."""
        spans = {"cue": (attribution.cue,), "content": attribution.contents, "source": (attribution.source,) if attribution.source else ()}
        total = np.zeros(_ATTRIBUTION_WIDTH, np.float32)
        for k, part in enumerate(PARTS):
            total += self._mean(*spans[part])[k * _ATTRIBUTION_WIDTH : (k + 1) * _ATTRIBUTION_WIDTH]
        return _by_task(total, ATTRIBUTION_TASKS)

    def of_words(self, *spans: Span) -> dict[str, Floats]:
        """The log-probabilities of each class of WORDS_TASKS."""
        return _by_task(self._mean(*spans)[len(PARTS) * _ATTRIBUTION_WIDTH :], WORDS_TASKS)

    def _mean(self, *spans: Span) -> Floats:
        """The mean answers of the tokens that begin in any of the spans, zeros where none does."""
        rows = [self._rows[bisect.bisect_left(self._starts, s) : bisect.bisect_left(self._starts, e)] for s, e in spans]
        together = np.concatenate(rows) if rows else self._rows[:0]
        return together.mean(axis=0) if len(together) else np.zeros(WIDTH, np.float32)


class Signaller:
    """The second encoder of a model folder, `signals.onnx`."""

    def __init__(self, folder: Path, word_pieces: WordPieces, threads: int = 0) -> None:
        """Load `signals.onnx` and `signals.json`; `threads` 0 takes all cores. Raises ModelError when they can't be loaded."""
        self._encoder = Encoder(folder / "signals.onnx", ["signals"], threads)
        self.trained_on = frozenset(read_config(folder / "signals.json").get("trained_on", ()))
        self._word_pieces = word_pieces

    def read(self, article: Article, tagging: Tagging) -> Signals:
        """What the encoder says of an article whose tokens have the labels of `tagging`."""
        (rows,) = self._encoder.read(article, list(windows(article, self._word_pieces, roles=tagging.labels)))
        return Signals(article, rows)


def log_odds(answers: Floats, k: int) -> float:
    """The log-odds of class k against all others, no further than 5 from 0; `answers` are log-probabilities."""
    others = np.delete(answers, k)
    return float(np.clip(answers[k] - np.logaddexp.reduce(others), -_FURTHEST, _FURTHEST))


def _by_task(row: Floats, tasks: Mapping[str, tuple[str, ...]]) -> dict[str, Floats]:
    out, at = {}, 0
    for task, classes in tasks.items():
        scores = row[at : at + len(classes)]
        out[task] = scores - np.logaddexp.reduce(scores)
        at += len(classes)
    return out
