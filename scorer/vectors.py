"""The encoder's vectors of an article's tokens, looked up by characters."""

from __future__ import annotations

import bisect

import numpy as np

from scorer.article import Article
from scorer.encoder import Floats
from scorer.spans import Span
from scorer.tagger import Tagging


class Vectors:
    """Token vectors of an article (float32)."""

    def __init__(self, article: Article, tagging: Tagging) -> None:
        tokens = [t for paragraph in article.tokens for t in paragraph]
        self._starts = [t.start for t in tokens]
        self._rows = np.concatenate(tagging.vectors) if tagging.vectors else np.zeros((0, 1), np.float32)
        self.zero: Floats = np.zeros(self._rows.shape[1], np.float32)

    def mean(self, *spans: Span) -> Floats:
        """The mean vector of the tokens that begin in any of the spans, zeros where none does."""
        rows = [self._rows[bisect.bisect_left(self._starts, s) : bisect.bisect_left(self._starts, e)] for s, e in spans]
        together = np.concatenate(rows) if rows else self._rows[:0]
        return together.mean(axis=0) if len(together) else self.zero
