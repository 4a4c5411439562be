"""Readings without a model: what the stages would find, were they never wrong, made of the labelled articles and of the real dataclasses."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from scorer.article import Article, make_article
from scorer.attributions import Attribution
from scorer.cli import main
from scorer.directness import Reason, Score
from scorer.labels import LabelledArticle, LabelledAttribution, LabelledLink, parse_markup
from scorer.links import Link
from scorer.model import Model, Reading
from scorer.report import Report, build_report
from scorer.spans import Span, hull, inside
from scorer.tagger import TaggedSpan, Tagging

REPO = Path(__file__).parent.parent
ARTICLES = REPO / "training_data" / "articles"
MODELS = REPO / "models"

DAM = """id: dam
outlet: Northern Courier

[Ministry ordered dam gates shut]{1t}, [broadcaster]{1s} [says]{1c}
The gates of the Sarun dam were shut four days before the flood.
On Tuesday [the state-run KTV's correspondent in Velden]{2s} [reported, citing]{2c} a senior water-ministry official, [that the order was given by telephone four days before the river rose]{2t}.
["I closed the gates because I was told to close them,"]{3t} [said]{3c} [Anton Reil]{3s}. [Reil]{4s} [said]{4c} [he [had been told]{5c} by [his supervisor]{5s} [that the instruction came "from the very top"]{5t}]{4t}.
The prosecutor's office has [reportedly]{6c} [opened an inquiry]{6t}. [The ministry]{7s} [declined]{7c} [to comment]{7t}.
---
1 claim: broadcaster = KTV (outlet, named)
2 claim: the state-run KTV = KTV (outlet, named) > correspondent in Velden = Mira Doss (journalist, named, KTV) > a senior water-ministry official = senior water-ministry official (official, described, Water Ministry)
3 claim firsthand: Anton Reil (witness, named)
4 claim firsthand: Reil = Anton Reil (witness, named)
5 claim: Reil = Anton Reil (witness, named) > his supervisor = Anton Reil's supervisor (witness, described)
6 claim: reportedly (unknown, none)
7 attitude firsthand: The ministry = Water Ministry (organisation, named)
"""  # noqa: E501

LABELLED = parse_markup(DAM)
LEVELS = {1: 1, 2: 1, 3: 4, 4: 4, 5: 1, 6: 0}


def link(entity: str, kind: str = "official", naming: str = "named", org: str | None = None, **more: object) -> Link:
    """A link whose mention is its entity's name."""
    return Link(**{"mention": entity, "start": None, "end": None, "entity": entity, "kind": kind, "naming": naming, "org": org, **more})  # type: ignore[arg-type]


def score_of(level: int, sure: float = 0.8) -> Score:
    """A score that is fairly sure of a level."""
    rest = (1 - sure) / 4
    probabilities = tuple(sure if k == level else rest for k in range(5))
    reasons = (
        Reason("origin_naming", -31.04, "the origin is not named"),
        Reason("relays", 4.46, "it passed through few hands"),
        Reason("other", 0.4, "another"),
    )
    return Score(level, probabilities, 25 * sum(k * p for k, p in enumerate(probabilities)), reasons)  # type: ignore[arg-type]


def reading_of(labelled: LabelledArticle, article: Article | None = None) -> Reading:
    """The reading of a labelled article by stages that are never wrong."""
    article = article or make_article(labelled.text, id=labelled.id, outlet=labelled.outlet)
    labels = sorted(labelled.attributions, key=lambda a: (hull(_parts(a))[0], -hull(_parts(a))[1]))
    attributions: list[Attribution] = []
    for label in labels:
        outer = [k for k, a in enumerate(attributions) if any(inside(hull(_parts(label)), piece) for piece in a.contents)]
        attributions.append(_attribution(article, label, max(outer, default=None)))
    flat = [
        TaggedSpan(role, start, end, 0, 0.9)
        for label, a in zip(labels, attributions, strict=True)
        if a.outer is None
        for role, pieces in label.spans.items()
        for start, end in pieces
    ]
    return Reading(
        article=article,
        tagging=Tagging(tuple(sorted(flat, key=lambda s: s.start)), (), ()),
        attributions=tuple(attributions),
        detected=tuple(0.98765 for _ in labels),
        chains=tuple(tuple(_link(article.text, x, hull(_parts(label))[0]) for x in label.chain or ()) for label in labels),
        claims=tuple(0.9 if label.claim else 0.1 for label in labels),
        firsthand=tuple(0.9 if label.firsthand else 0.1 for label in labels),
        relayed=tuple(0.0 for _ in labels),
    )


def _parts(label: LabelledAttribution) -> list[Span]:
    return [s for pieces in label.spans.values() for s in pieces]


def _attribution(article: Article, label: LabelledAttribution, outer: int | None) -> Attribution:
    source = label.spans.get("source")
    return Attribution(
        cue=hull(label.spans.get("cue") or source or ()),
        source=hull(source) if source else None,
        contents=label.spans["content"],
        paragraph=0,
        outer=outer,
    )


def _link(text: str, labelled: LabelledLink, near: int) -> Link:
    at = [k for k in range(len(text)) if text.startswith(labelled.mention, k)]
    start = min(at, key=lambda k: abs(k - near), default=None)
    end = None if start is None else start + len(labelled.mention)
    return Link(labelled.mention, start, end, labelled.entity, labelled.kind, labelled.naming, labelled.org, 0.9)


class GoldModel:
    """Knows the labels of some articles by their text; in any other it finds nothing. Stands in for the model where only its manners matter."""

    version = "sha256:" + "0" * 64

    def __init__(self, labelled: Sequence[LabelledArticle] = ()) -> None:
        self._labelled = {a.text: a for a in labelled}

    def read(self, article: Article) -> Reading:
        if article.text.startswith("explode"):
            raise RuntimeError("a stage\nbroke")
        return reading_of(self._labelled.get(article.text, LabelledArticle(article.id, None, article.text, ())), article)

    def rate(self, reading: Reading) -> tuple[Score | None, ...]:
        return tuple(score_of(_level(reading.chains[i])) if p > 0.5 else None for i, p in enumerate(reading.claims))


def _level(chain: Sequence[Link]) -> int:
    """Near enough to a level for a test of printing."""
    return {"named": 3, "described": 2, "vague": 1, "none": 0}[chain[-1].naming] if chain else 0


@pytest.fixture(scope="session")
def dam() -> Report:
    """The report of a small article with every kind of chain."""
    labelled = parse_markup(DAM)
    reading = reading_of(labelled, make_article(labelled.text, id="dam", path="articles/dam.txt", outlet=labelled.outlet))
    order = [1, 2, 3, 4, 5, 6, 7]
    return build_report(reading, [score_of(LEVELS[n]) if n in LEVELS else None for n in order], GoldModel.version)


def report_of(labelled: LabelledArticle) -> Report:
    """The report of any labelled article, with made-up scores."""
    model = GoldModel([labelled])
    reading = model.read(make_article(labelled.text, id=labelled.id, outlet=labelled.outlet))
    return build_report(reading, model.rate(reading), model.version)


@pytest.fixture
def make_report() -> Callable[[LabelledArticle], Report]:
    """Makes the report of any labelled article, with made-up scores."""
    return report_of


@dataclass(frozen=True)
class Said:
    """One attribution of a text in words: what a test of the inner stages compares."""

    source: str | None
    cue: str
    contents: tuple[str, ...]
    outer: int | None
    links: tuple[Link, ...]

    @property
    def chain(self) -> list[str]:
        """Who the statement came through, by name, reader's side first."""
        return [link.entity for link in self.links]

    @property
    def houses(self) -> list[str]:
        return [link.house for link in self.links]


def said(reading: Reading) -> list[Said]:
    """The attributions of a reading in words."""
    text = reading.article.text
    return [
        Said(text[slice(*a.source)] if a.source else None, text[slice(*a.cue)], tuple(text[s:e] for s, e in a.contents), a.outer, chain)
        for a, chain in zip(reading.attributions, reading.chains, strict=True)
    ]


@pytest.fixture(scope="session")
def model() -> Model:
    """The shipped model, loaded once."""
    return Model.load(MODELS, threads=1)


@pytest.fixture(scope="session")
def read(model: Model) -> Callable[..., list[Said]]:
    """Sentences in, attributions with their chains out."""
    return lambda text, outlet=None: said(model.read(make_article(text, outlet=outlet)))


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> Run:
    """Runs the program in this process, in an empty folder with a.txt and b.txt, with a model that knows the article of conftest."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("scorer.model.Model.load", lambda folder, threads=0, outlets=None: GoldModel([LABELLED]))
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(LABELLED.text, "utf-8")

    def run(*arguments: str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "argv", ["scorer", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main()
        out, err = capfdbinary.readouterr()
        return Ran(code, out.decode("utf-8"), err.decode("utf-8"))

    return run
