"""An `Article` in, its `Tagging` out: flat source, cue and content spans from a small transformer encoder and a linear-chain CRF.

The encoder (ONNX, int8) reads windows of up to 256 subwords, whole paragraphs of one article packed together so that each has its neighbours
as context. A window is encoded by itself: the encoder's dynamic quantisation takes ranges over all that it is given at once, and a report
must not depend on what else is read. The CRF decodes paragraph by paragraph; its marginals are the spans' confidence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from scorer.article import Article, Token
from scorer.errors import ModelError
from scorer.spans import Span
from scorer.vocabulary import Role

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_SAME_MARK = str.maketrans({"’": "'", "‘": "'", "`": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_OPENING, _CLOSING = {"``", "“", "„", "«"}, {"''", "”", "»"}
_MAX_SUBWORDS_A_WORD = 12


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
    """What the tagger read in an article: its spans in reading order, and a vector for each token of each paragraph (float32, 384 wide)."""

    spans: tuple[TaggedSpan, ...]
    vectors: tuple[Floats, ...]


@dataclass(frozen=True)
class _Piece:
    """Tokens `start` to `end` of a paragraph, all of it unless it is longer than a window."""

    paragraph: int
    start: int
    end: int


class Tagger:
    """The encoder of a model folder, ready to read articles; loading takes about a quarter of a second."""

    def __init__(self, folder: Path, threads: int = 0) -> None:
        """Load `tagger.onnx`, `tagger.json` and `tokenizer.json`; `threads` 0 takes all cores. Raises ModelError when they can't be loaded."""
        try:
            config = json.loads((folder / "tagger.json").read_text("utf-8"))
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = threads
            options.inter_op_num_threads = 1
            self._session = onnxruntime.InferenceSession(str(folder / "tagger.onnx"), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # each library raises its own kinds
            raise ModelError(f"{folder}: the tagger can't be loaded ({error}); pass a complete model folder with --model") from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._cls, self._sep, self._unk = (int(self._tokenizer.token_to_id(t) or 0) for t in ("[CLS]", "[SEP]", "[UNK]"))
        self._labels: list[str] = config["labels"]
        self._crf = Crf(*(np.array(config[k], np.float32) for k in ("transitions", "start", "end")))
        self._room = int(config["max_subwords"]) - 2
        self._known: dict[str, list[int]] = {}

    def tag(self, article: Article, *, opens: bool = True) -> Tagging:
        """The spans and token vectors of an article. The same article gives the same result, whatever is read before or after it.

        `opens` is false for a stretch from inside an article, whose first paragraph is not where it opens.
        """
        paragraphs = article.tokens
        subwords = [[self._subwords(t.text) for t in tokens] for tokens in paragraphs]
        shapes = [_shapes(tokens, first=opens and i == 0) for i, tokens in enumerate(paragraphs)]
        emissions: list[list[Floats]] = [[] for _ in paragraphs]
        vectors: list[list[Floats]] = [[] for _ in paragraphs]
        for window in self._windows(subwords):
            ids, features, first_subwords = self._encode(window, subwords, shapes)
            scores, hidden = self._session.run(["em", "vectors"], {"ids": ids, "feats": features, "mask": np.ones_like(ids)})
            for piece, at in zip(window, first_subwords, strict=True):
                emissions[piece.paragraph].append(scores[0, at])
                vectors[piece.paragraph].append(hidden[0, at])
        rows = [np.concatenate(e) for e in emissions]
        spans = [
            span
            for i, (tokens, (labels, marginals)) in enumerate(zip(paragraphs, self._crf.decode(rows), strict=True))
            for span in _spans(tokens, [self._labels[k] for k in labels], marginals, i)
        ]
        return Tagging(tuple(spans), tuple(np.concatenate(v) for v in vectors))

    def _subwords(self, word: str) -> list[int]:
        ids = self._known.get(word)
        if ids is None:
            text = word.replace("''", '"').replace("``", '"').translate(_SAME_MARK)
            ids = self._tokenizer.encode(text, add_special_tokens=False).ids[:_MAX_SUBWORDS_A_WORD] or [self._unk]
            if len(self._known) < 100_000:
                self._known[word] = ids
        return ids

    def _windows(self, subwords: Sequence[Sequence[Sequence[int]]]) -> Iterator[list[_Piece]]:
        """Pieces of paragraphs, as many as fit a window with a separator after each."""
        window: list[_Piece] = []
        used = 0
        for i, words in enumerate(subwords):
            for start, end, size in _cut([len(w) for w in words], self._room - 1):
                if window and used + size + 1 > self._room:
                    yield window
                    window, used = [], 0
                window.append(_Piece(i, start, end))
                used += size + 1
        if window:
            yield window

    def _encode(self, window: list[_Piece], subwords: list[list[list[int]]], shapes: list[list[int]]) -> tuple[Ints, Ints, list[list[int]]]:
        """A window's subword ids and features, both 1 x length, and where each piece's tokens begin in it."""
        ids, features, starts = [self._cls], [0], []
        for piece in window:
            at = []
            for k in range(piece.start, piece.end):
                word = subwords[piece.paragraph][k]
                at.append(len(ids))
                ids += word
                features += [shapes[piece.paragraph][k]] * len(word)
            ids.append(self._sep)
            features.append(0)
            starts.append(at)
        return np.array([ids], np.int64), np.array([features], np.int64), starts


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


def _cut(sizes: list[int], room: int) -> Iterator[tuple[int, int, int]]:
    """(start, end, size) of the fewest runs of words whose sizes fit `room`."""
    start, used = 0, 0
    for i, size in enumerate(sizes):
        if used + size > room:
            yield start, i, used
            start, used = i, 0
        used += size
    if sizes:
        yield start, len(sizes), used


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


def _shapes(tokens: Sequence[Token], first: bool) -> list[int]:
    """The encoder's feature of each token: its case (5), outside, inside or at a quotation mark (3), in the first paragraph or not (2)."""
    out, quoted = [], False
    for token in tokens:
        if token.text.translate(_SAME_MARK) in {'"', "''"} or token.text in _OPENING:
            quoted = token.text in _OPENING or (token.text not in _CLOSING and not quoted)
            state = 2
        else:
            state = int(quoted)
        out.append(_case(token.text) + 5 * state + 15 * first)
    return out


def _case(word: str) -> int:
    """0 no letters, 1 lower case, 2 capitalised, 3 capitals, 4 mixed."""
    letters = [c for c in word if c.isalpha()]
    if not letters:
        return 0
    if all(c.islower() for c in letters):
        return 1
    if letters[0].isupper() and (len(letters) == 1 or not all(c.isupper() for c in letters)):
        return 2
    return 3 if all(c.isupper() for c in letters) else 4
