"""An `Article` in, rows of numbers out, one a token: what a small transformer encoder (ONNX, int8) says of it.

An encoder reads windows of up to 256 subwords, whole paragraphs of one article packed together so that each has its neighbours as context.
A window is encoded by itself: dynamic quantisation takes ranges over all that an encoder is given at once, and a report must not depend on
what else is read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from scorer.article import Article, Token
from scorer.errors import ModelError

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

MAX_SUBWORDS = 256  # a window
_MAX_SUBWORDS_A_WORD = 12
_SAME_MARK = str.maketrans({"’": "'", "‘": "'", "`": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_OPENING, _CLOSING = {"``", "“", "„", "«"}, {"''", "”", "»"}


class WordPieces:
    """The tokenizer of a model folder: a word's subword ids."""

    def __init__(self, folder: Path) -> None:
        """Raises ModelError when `tokenizer.json` can't be loaded."""
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # the library raises plain Exception
            raise ModelError(f"{folder / 'tokenizer.json'}: can't be loaded ({error}); pass a complete model folder with --model") from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self.cls, self.sep, self._unknown = (int(self._tokenizer.token_to_id(t) or 0) for t in ("[CLS]", "[SEP]", "[UNK]"))
        self._known: dict[str, list[int]] = {}

    def __call__(self, word: str) -> list[int]:
        ids = self._known.get(word)
        if ids is None:
            text = word.replace("''", '"').replace("``", '"').translate(_SAME_MARK)
            ids = self._tokenizer.encode(text, add_special_tokens=False).ids[:_MAX_SUBWORDS_A_WORD] or [self._unknown]
            if len(self._known) < 100_000:
                self._known[word] = ids
        return ids


@dataclass(frozen=True)
class Piece:
    """Tokens `start` to `end` of a paragraph, all of it unless it is longer than a window; `at` is where each begins in the window."""

    paragraph: int
    start: int
    end: int
    at: tuple[int, ...]


@dataclass(frozen=True)
class Window:
    """What an encoder is given at once: ids, features and roles of its subwords, each 1 x length, and the pieces that it holds.

    A subword's role is the label that its token was given before, 0 (outside) where none was.
    """

    ids: Ints
    features: Ints
    roles: Ints
    pieces: tuple[Piece, ...]


def windows(article: Article, word_pieces: WordPieces, *, opens: bool = True, roles: Sequence[Sequence[int]] | None = None) -> Iterator[Window]:
    """Pieces of paragraphs, as many as fit a window with a separator after each.

    `opens` is false for a stretch from inside an article, whose first paragraph is not where it opens; `roles` are labels of each paragraph's tokens.
    """
    subwords = [[word_pieces(t.text) for t in tokens] for tokens in article.tokens]
    shapes = [_shapes(tokens, first=opens and i == 0) for i, tokens in enumerate(article.tokens)]
    room = MAX_SUBWORDS - 2
    runs: list[tuple[int, int, int]] = []
    used = 0

    def window() -> Window:
        ids, features, marks, pieces = [word_pieces.cls], [0], [0], []
        for i, start, end in runs:
            at = []
            for k in range(start, end):
                word, role = subwords[i][k], roles[i][k] if roles else 0
                at.append(len(ids))
                ids += word
                features += [shapes[i][k]] * len(word)
                marks += [role] + [_inside(role)] * (len(word) - 1)
            ids.append(word_pieces.sep)
            features.append(0)
            marks.append(0)
            pieces.append(Piece(i, start, end, tuple(at)))
        return Window(_row(ids), _row(features), _row(marks), tuple(pieces))

    for i, words in enumerate(subwords):
        for start, end, size in _cut([len(w) for w in words], room - 1):
            if runs and used + size + 1 > room:
                yield window()
                runs, used = [], 0
            runs.append((i, start, end))
            used += size + 1
    if runs:
        yield window()


class Encoder:
    """An ONNX encoder with some outputs, each a row a subword."""

    def __init__(self, path: Path, outputs: Sequence[str], threads: int = 0) -> None:
        """Load `path`; `threads` 0 takes all cores. Raises ModelError when it can't be loaded."""
        self._outputs = list(outputs)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the library raises its own kinds
            raise ModelError(f"{path}: can't be loaded ({error}); pass a complete model folder with --model") from error
        self._inputs = {i.name for i in self._session.get_inputs()}

    def read(self, article: Article, seen: Sequence[Window]) -> list[list[Floats]]:
        """For each output a matrix a paragraph, one row a token (its first subword's)."""
        rows: list[list[list[Floats]]] = [[[] for _ in article.tokens] for _ in self._outputs]
        for window in seen:
            given = {"ids": window.ids, "feats": window.features, "mask": np.ones_like(window.ids), "roles": window.roles}
            results = self._session.run(self._outputs, {name: value for name, value in given.items() if name in self._inputs})
            for output, result in zip(rows, results, strict=True):
                for piece in window.pieces:
                    output[piece.paragraph].append(result[0, list(piece.at)])
        return [[np.concatenate(parts) for parts in output] for output in rows]


def read_config(path: Path) -> dict[str, Any]:
    """The JSON beside an encoder. Raises ModelError, naming the file."""
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"{path}: can't be loaded ({error}); pass a complete model folder with --model") from error


def _row(values: list[int]) -> Ints:
    return np.array([values], np.int64)


def _inside(role: int) -> int:
    """Labels stand in pairs, B-x odd and I-x the next even number: the label of a word's further subwords."""
    return role + role % 2


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
