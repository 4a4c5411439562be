"""Paths in, a report or a failure for each article out, in the order given; one bad file never stops the rest."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scorer.article import read_article
from scorer.errors import ScorerError
from scorer.report import SCHEMA, Report
from scorer.vocabulary import LEVELS

if TYPE_CHECKING:
    from scorer.model import Model
    from scorer.ratings import Ratings

STDIN = "-"
ENDING = ".txt"


@dataclass(frozen=True)
class Input:
    """An article to be: its id, unique among those given, and its file, None for standard input. `problem` is why it can't be read at all."""

    id: str
    path: Path | None
    problem: str | None = None

    @property
    def shown(self) -> str | None:
        """The path as it is told, always writable as UTF-8."""
        return None if self.path is None else _writable(self.path)


@dataclass(frozen=True)
class Failure:
    """An article that could not be scored: `message` says what is wrong and what to do, in one line; `cause` is set where the fault is ours."""

    id: str
    path: str | None
    message: str
    cause: Exception | None = None

    def __str__(self) -> str:
        return f"{self.path or self.id}: {self.message}"

    def to_dict(self) -> dict[str, Any]:
        return {"schema": SCHEMA, "article": {"id": self.id, "path": self.path}, "error": self.message}


Result = Report | Failure


@dataclass
class Tally:
    """Counts over the articles of an audit, which are not kept."""

    articles: int = 0
    failures: int = 0
    claims: int = 0
    directness: float = 0.0
    anonymous: int = 0
    by_level: Counter[int] = field(default_factory=Counter)

    @property
    def levels(self) -> tuple[int, ...]:
        return tuple(self.by_level[level] for level in range(len(LEVELS)))

    def add(self, result: Result) -> None:
        """Count a result; `directness` is a sum over claims."""
        if isinstance(result, Failure):
            self.failures += 1
            return
        self.articles += 1
        self.claims += len(result.scored)
        self.directness += sum(c.directness or 0.0 for c in result.scored)
        self.anonymous += sum(c.anonymous for c in result.scored)
        self.by_level.update(c.level for c in result.scored if c.level is not None)


@dataclass(frozen=True)
class _Found:
    """A path with its possible ids, shortest first."""

    path: Path | None
    ids: tuple[str, ...]
    problem: str | None = None


def find_inputs(paths: Sequence[str], *, folders: bool) -> list[Input]:
    """The articles that some paths stand for, in their order: a file is one, `-` standard input, a folder all its .txt files, however deep.

    An id is a file's name, or its path relative to the folder given, without its ending; with it, or the whole path, where two would collide.
    Without `folders` a folder is a problem. What is given twice is read once.
    """
    every = [f for path in paths for f in ([_Found(None, ("stdin",))] if path == STDIN else _expand(Path(path), folders))]
    first: dict[str | None, _Found] = {}
    for f in every:
        first.setdefault(None if f.path is None else os.path.abspath(f.path), f)
    found = list(first.values())
    return [Input(id, f.path, f.problem) for id, f in zip(_unique([f.ids for f in found]), found, strict=True)]


def _expand(path: Path, folders: bool) -> list[_Found]:
    alone = (_writable(Path(path.stem)), _writable(Path(path.name)), _writable(path))
    if not path.is_dir():
        return [_Found(path, alone)]
    if not folders:
        return [_Found(path, alone, "is a folder; pass its files, or use `scorer audit`")]
    files, problems = _walk(path)
    if not files and not problems:
        return [_Found(path, alone, f"no {ENDING} files in this folder; pass one that has some")]
    found = [_Found(f, (_writable(f.relative_to(path).with_suffix("")), _writable(f.relative_to(path)), _writable(f))) for f in files]
    return problems + found


def _walk(folder: Path) -> tuple[list[Path], list[_Found]]:
    """The articles under a folder, sorted, and the folders in it that can't be listed. Links to folders are not followed."""
    problems: list[_Found] = []

    def tell(error: OSError) -> None:
        path = Path(os.fsdecode(error.filename))
        problems.append(_Found(path, (_writable(path),), _what(error)))

    files = [Path(at) / name for at, _, names in os.walk(folder, onerror=tell) for name in names if name.lower().endswith(ENDING)]
    return sorted(files, key=lambda f: f.relative_to(folder).parts), problems


def _unique(choices: Sequence[Sequence[str]]) -> list[str]:
    """The shortest choice of each such that no two are the same; what is the same to the last gets a number."""
    rungs = [0] * len(choices)
    while True:
        ids = [ladder[rung] for ladder, rung in zip(choices, rungs, strict=True)]
        often = Counter(ids)
        clashing = [i for i, id in enumerate(ids) if often[id] > 1 and rungs[i] + 1 < len(choices[i])]
        if not clashing:
            break
        for i in clashing:
            rungs[i] += 1
    taken: set[str] = set()
    for i, id in enumerate(ids):
        n = 1
        while ids[i] in taken:
            n += 1
            ids[i] = f"{id}#{n}"
        taken.add(ids[i])
    return ids


def score_inputs(inputs: Iterable[Input], model: Model, outlet: str | None = None, ratings: Ratings | None = None) -> Iterator[Result]:
    """A report, or a failure, for each input."""
    for item in inputs:
        yield _score(item, model, outlet, ratings)


def _score(item: Input, model: Model, outlet: str | None, ratings: Ratings | None) -> Result:
    from scorer.reading import score

    try:
        if item.problem:
            raise ScorerError(item.problem)
        data = sys.stdin.buffer.read() if item.path is None else item.path.read_bytes()
        return score(read_article(data, id=item.id, path=item.shown, outlet=outlet), model=model, ratings=ratings)
    except ScorerError as error:
        return Failure(item.id, item.shown, _one_line(str(error)))
    except OSError as error:
        return Failure(item.id, item.shown, _what(error))
    except Exception as error:  # a fault of ours in one article must not cost the others
        return Failure(item.id, item.shown, _one_line(f"internal error, {type(error).__name__}: {error}; --debug shows where"), error)


def _what(error: OSError) -> str:
    """What is wrong with a file or folder, and what to do."""
    match error:
        case FileNotFoundError():
            return "no such file; check the path"
        case PermissionError():
            return "may not be read; change its permissions"
        case IsADirectoryError():
            return "is a folder; use `scorer audit`"
    return _one_line(f"can't be read ({error.strerror or error}); check the file")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _writable(path: Path) -> str:
    """A path with forward slashes; bytes of a file name that are no text become replacement characters."""
    return os.fsencode(path.as_posix()).decode("utf-8", errors="replace")
