"""An `Article` in, its `Tagging` out: flat source, cue and content spans from an encoder's emissions and a linear-chain CRF.

The CRF decodes paragraph by paragraph; its marginals are the spans' confidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scorer.article import Article, Token
from scorer.encoder import Encoder, Floats, Ints, WordPieces, read_config, windows
from scorer.errors import ModelError
from scorer.spans import Span
from scorer.vocabulary import Role


@dataclass(frozen=True)
class TaggedSpan:
    """A run of tokens with one role. `confidence` is the least marginal probability of its labels, 0 to 1."""

    role: Role
    start: int
    end: int
    paragraph: int
    confidence: float

    @property
    def span(self) -> Span:
        return self.start, self.end


@dataclass(frozen=True)
class Tagging:
    """What the tagger read in an article: its spans in reading order, and for each token of each paragraph its label (the index of a BIO label)
    and a vector (float32, 384 wide)."""

    spans: tuple[TaggedSpan, ...]
    labels: tuple[tuple[int, ...], ...]
    vectors: tuple[Floats, ...]


class Tagger:
    """The tagger of a model folder, ready to read articles; loading takes about a quarter of a second."""

    def __init__(self, folder: Path, threads: int = 0, word_pieces: WordPieces | None = None) -> None:
        """Load `tagger.onnx`, `tagger.json` and, unless given, `tokenizer.json`; `threads` 0 takes all cores.

        Raises ModelError when they can't be loaded.
        """
        config = read_config(folder / "tagger.json")
        self._encoder = Encoder(folder / "tagger.onnx", ["em", "vectors"], threads)
        try:
            self._labels: list[str] = list(config["labels"])
            self._crf = Crf(*(np.array(config[k], np.float32) for k in ("transitions", "start", "end")))
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"{folder / 'tagger.json'}: not a tagger's ({error!r}); pass a complete model folder with --model") from error
        self.trained_on = frozenset(config.get("trained_on", ()))  # ids of articles
        self.word_pieces = word_pieces or WordPieces(folder)

    def tag(self, article: Article, *, opens: bool = True) -> Tagging:
        """The spans and token vectors of an article. The same article gives the same result, whatever is read before or after it.

        `opens` is false for a stretch from inside an article, whose first paragraph is not where it opens.
        """
        emissions, vectors = self._encoder.read(article, list(windows(article, self.word_pieces, opens=opens)))
        decoded = self._crf.decode(emissions)
        spans = [
            span
            for i, (tokens, (labels, marginals)) in enumerate(zip(article.tokens, decoded, strict=True))
            for span in _spans(tokens, [self._labels[k] for k in labels], marginals, i)
        ]
        return Tagging(tuple(spans), tuple(tuple(labels) for labels, _ in decoded), tuple(vectors))


class Crf:
    """A linear-chain CRF over K labels: `transitions` is K x K (from, to), `start` and `end` are K wide, all in log space."""

    def __init__(self, transitions: Floats, start: Floats, end: Floats) -> None:
        self._transitions, self._start, self._end = transitions, start, end

    def decode(self, rows: Sequence[Floats]) -> list[tuple[list[int], Floats]]:
        """The best labels of each row of emissions (length x K), and each one's marginal probability (length)."""
        results: list[tuple[list[int], Floats]] = [([], np.zeros(0, np.float32))] * len(rows)
        order = sorted((i for i, row in enumerate(rows) if len(row)), key=lambda i: -len(rows[i]))
        if not order:
            return results
        lengths = np.array([len(rows[i]) for i in order])
        padded = np.zeros((len(order), lengths[0], len(self._start)), np.float32)
        for r, i in enumerate(order):
            padded[r, : lengths[r]] = rows[i]
        best = self._viterbi(padded, lengths)
        marginals = self._marginals(padded, lengths)
        for r, i in enumerate(order):
            labels = best[r, : lengths[r]]
            results[i] = labels.tolist(), marginals[r, np.arange(lengths[r]), labels]
        return results

    def _viterbi(self, emissions: Floats, lengths: Ints) -> Ints:
        """B x N x K emissions, longest row first, to B x N labels."""
        batch, width, _ = emissions.shape
        back = np.zeros(emissions.shape, np.int64)
        score = emissions[:, 0] + self._start
        for t in range(1, width):
            n = int((lengths > t).sum())
            steps = score[:n, :, None] + self._transitions
            back[:n, t] = steps.argmax(1)
            score[:n] = steps.max(1) + emissions[:n, t]
        labels = np.zeros((batch, width), np.int64)
        last = (score + self._end).argmax(1)
        for r in range(batch):
            label = last[r]
            for t in range(lengths[r] - 1, -1, -1):
                labels[r, t] = label
                label = back[r, t, label]
        return labels

    def _marginals(self, emissions: Floats, lengths: Ints) -> Floats:
        """B x N x K marginal probabilities by the forward-backward algorithm, scaled at each step."""
        batch, width, _ = emissions.shape
        local = np.exp(emissions - emissions.max(2, keepdims=True))
        moves = np.exp(self._transitions)
        forward = np.zeros_like(local)
        forward[:, 0] = _normal(local[:, 0] * np.exp(self._start))
        for t in range(1, width):
            n = int((lengths > t).sum())
            forward[:n, t] = _normal((forward[:n, t - 1] @ moves) * local[:n, t])
        backward = np.zeros_like(local)
        backward[np.arange(batch), lengths - 1] = np.exp(self._end)
        for t in range(width - 2, -1, -1):
            n = int((lengths > t + 1).sum())
            backward[:n, t] = _normal((backward[:n, t + 1] * local[:n, t + 1]) @ moves.T)
        return _normal(forward * backward)


def _normal(x: Floats) -> Floats:
    total = x.sum(-1, keepdims=True)
    return np.asarray(np.divide(x, total, out=np.zeros_like(x), where=total > 0), np.float32)


def _spans(tokens: Sequence[Token], labels: Sequence[str], marginals: Floats, paragraph: int) -> Iterator[TaggedSpan]:
    """The runs B-x I-x … of a paragraph."""
    i = 0
    while i < len(labels):
        role = labels[i][2:]
        end = i + 1
        while end < len(labels) and labels[end] == f"I-{role}":
            end += 1
        if role in ("source", "cue", "content"):
            yield TaggedSpan(role, tokens[i].start, tokens[end - 1].end, paragraph, float(marginals[i:end].min()))  # type: ignore[arg-type]
        i = end
