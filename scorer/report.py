"""A reading and its scores in, a `Report` out: what is printed, written and counted of one article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scorer.article import Article
from scorer.claims import MIN_CLAIM
from scorer.directness import Reason, Score
from scorer.features import relay_houses, to_origin
from scorer.links import Link
from scorer.outlets import Outlet
from scorer.spans import Span, hull, words_of
from scorer.vocabulary import LEVELS, Role

if TYPE_CHECKING:
    import pandas as pd

    from scorer.admiralty import Grade
    from scorer.model import Reading

SCHEMA = 1
ROLES: tuple[Role, ...] = ("source", "cue", "content")

COLUMNS: dict[str, str] = {
    "article": "the article's id",
    "path": "its file, as it was given",
    "outlet": "its publisher",
    "provider": "the agency whose copy it is",
    "claim_id": "c1, c2 … in reading order",
    "text": "what is claimed, in the article's words",
    "start": "offset of its first character in the article's text",
    "end": "offset behind its last character",
    "source": "the words that tell who said it",
    "cue": "the words that ascribe it",
    "chain": "the entities from the reader's side to the origin, ` > ` between them",
    "origin": "the entity it goes back to",
    "origin_kind": "what kind of source the origin is",
    "origin_naming": "how far the origin is named: named, described, vague, none",
    "origin_org": "whom the origin speaks for or belongs to",
    "relays": "houses that it passed through before the origin's own",
    "hands": "all hands that it passed: relays, origin, publisher",
    "detected": "probability that it is an attribution at all",
    "claim": "whether it is a claim; attitudes, wishes and orders are not scored",
    "firsthand": "probability that the origin knows it first-hand",
    "restates": "the id of the claim that it repeats",
    "level": "0 untraceable to 4 first-hand; missing where it is no claim",
    **{f"p{k}": f"probability of level {k}, {word}" for k, word in enumerate(LEVELS)},
    "directness": "0 to 100; missing where it is no claim",
    "admiralty": "the Admiralty grade by the user's ratings; missing without them",
    "scorer_version": "version of the program",
    "model": "hash of the model",
}
"""The columns of `Report.to_frame`, one row an attribution, and what each means."""


@dataclass(frozen=True)
class Quote:
    """Words of the article: `text` joins the pieces at `spans`, an ellipsis between them."""

    text: str
    spans: tuple[Span, ...]

    def to_dict(self) -> dict[str, Any]:
        return {"text": self.text, "spans": [list(s) for s in self.spans]}


@dataclass(frozen=True)
class Claim:
    """One attribution: what is told, through whose hands it came, and how directly. Reader's side of the chain first.

    `detected` and `firsthand` are probabilities. `level` (0 to 4), `probabilities` (of each level) and `directness` (0 to 100) are None,
    and `reasons` empty, where `claim` is false. `within` is the id of the attribution in whose content this one stands; `admiralty` is None
    without ratings of the user.
    """

    id: str
    content: Quote
    source: Quote | None
    cue: Quote | None
    chain: tuple[Link, ...]
    detected: float
    claim: bool
    firsthand: float
    relays: int
    hands: int
    level: int | None = None
    probabilities: tuple[float, ...] | None = None
    directness: float | None = None
    reasons: tuple[Reason, ...] = ()
    within: str | None = None
    restates: str | None = None
    admiralty: Grade | None = None

    @property
    def text(self) -> str:
        """What is told, in the article's words."""
        return self.content.text

    @property
    def start(self) -> int:
        return hull(self.content.spans)[0]

    @property
    def end(self) -> int:
        return hull(self.content.spans)[1]

    @property
    def origin(self) -> Link | None:
        """The link that the claim goes back to, None where no source is stated. A crowd behind a document is the document."""
        return next(iter(to_origin(self.chain)[-1:]), None)

    @property
    def anonymous(self) -> bool:
        """Whether the origin is not named."""
        return self.origin is None or self.origin.naming != "named"

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "spans": self.content.to_dict()["spans"],
            "source": self.source.to_dict() if self.source else None,
            "cue": self.cue.to_dict() if self.cue else None,
            "chain": [_link_dict(link) for link in self.chain],
            "detected": _round(self.detected, 3),
            "claim": self.claim,
            "firsthand": _round(self.firsthand, 3),
            "relays": self.relays,
            "hands": self.hands,
            "restates": self.restates,
            "level": self.level,
            "probabilities": None if self.probabilities is None else [_round(p, 4) for p in self.probabilities],
            "directness": None if self.directness is None else _round(self.directness, 1),
            "reasons": [{"feature": r.feature, "effect": _round(r.effect, 1), "text": r.text, "advice": r.advice} for r in self.reasons],
            "admiralty": self.admiralty.to_dict() if self.admiralty else None,
        }


@dataclass(frozen=True)
class Summary:
    """Counts over an article. `directness` is the mean over its claims; it and the shares (0 to 1) are None where there is no claim."""

    attributions: int
    claims: int
    directness: float | None
    levels: tuple[int, ...]
    anonymous: float | None
    relayed: float | None
    untraceable: float | None

    def to_dict(self) -> dict[str, Any]:
        return {
            "attributions": self.attributions,
            "claims": self.claims,
            "directness": None if self.directness is None else _round(self.directness, 1),
            "levels": list(self.levels),
            **{name: None if share is None else _round(share, 2) for name, share in self._shares()},
        }

    def _shares(self) -> Iterable[tuple[str, float | None]]:
        return ("anonymous", self.anonymous), ("relayed", self.relayed), ("untraceable", self.untraceable)


@dataclass(frozen=True)
class Report:
    """All that is told of one article. `spans` are the tagger's flat spans by role; `version` and `model` are what made the report.

    `publisher` is the article's outlet where it is a known one, `rating` the user's of it, 0 to 1.
    """

    article: Article
    spans: dict[Role, tuple[Span, ...]]
    claims: tuple[Claim, ...]
    version: str
    model: str
    publisher: Outlet | None = None
    rating: float | None = None

    @property
    def scored(self) -> tuple[Claim, ...]:
        """The claims proper, without attitudes, wishes and orders."""
        return tuple(c for c in self.claims if c.claim)

    @property
    def sources(self) -> int:
        """How many different origins the claims go back to."""
        return len({c.origin.entity.casefold() for c in self.scored if c.origin})

    @property
    def summary(self) -> Summary:
        return summarise(self.claims)

    def line(self, at: int) -> int:
        """The line of the article's text, from 1, in which the character at an offset stands, as an editor counts."""
        return 1 + len(re.findall(r"\r\n|\r|\n", self.article.text[:at]))

    def to_dict(self) -> dict[str, Any]:
        """The report as one line of schema 1."""
        return {
            "schema": SCHEMA,
            "scorer": {"version": self.version, "model": self.model},
            "article": {**_article_dict(self.article), "publisher": self.publisher.to_dict() if self.publisher else None, "rating": _rating(self.rating)},
            "spans": {role: [list(s) for s in self.spans[role]] for role in ROLES},
            "claims": [c.to_dict() for c in self.claims],
            "summary": self.summary.to_dict(),
            "findings": [],
        }

    def to_frame(self) -> pd.DataFrame:
        """A table of the attributions, one a row; COLUMNS tells what each column means."""
        import pandas as pd

        frame = pd.DataFrame([self._row(c) for c in self.claims], columns=list(COLUMNS))
        whole = dict.fromkeys(("start", "end", "relays", "hands", "level"), "Int64")
        real = dict.fromkeys(("detected", "firsthand", "directness", *(f"p{k}" for k in range(len(LEVELS)))), "float64")
        return frame.astype({**whole, **real, "claim": "bool"})

    def _row(self, claim: Claim) -> dict[str, Any]:
        row, origin = claim.to_dict(), claim.origin
        return {
            **{name: row[name] for name in COLUMNS if name in row},
            **{f"p{k}": p for k, p in enumerate(row["probabilities"] or [None] * len(LEVELS))},
            "article": self.article.id,
            "path": self.article.path,
            "outlet": self.article.outlet,
            "provider": self.article.provider,
            "claim_id": claim.id,
            "source": claim.source.text if claim.source else None,
            "cue": claim.cue.text if claim.cue else None,
            "chain": " > ".join(link.entity for link in claim.chain),
            "origin": origin.entity if origin else None,
            "origin_kind": origin.kind if origin else None,
            "origin_naming": origin.naming if origin else "none",
            "origin_org": origin.org if origin else None,
            "admiralty": claim.admiralty.grade if claim.admiralty else None,
            "scorer_version": self.version,
            "model": self.model,
        }


def build_report(reading: Reading, scores: Sequence[Score | None], model: str) -> Report:
    """The report of a reading; `scores` has one entry an attribution, None where it is no claim. `model` is the model's hash."""
    from scorer import __version__

    spans = {role: tuple(s.span for s in reading.tagging.spans if s.role == role) for role in ROLES}
    claims = tuple(_claim(reading, i, score) for i, score in enumerate(scores))
    return Report(reading.article, spans, claims, __version__, model, reading.publisher)


def _claim(reading: Reading, i: int, score: Score | None) -> Claim:
    text, attribution, chain = reading.article.text, reading.attributions[i], reading.chains[i]
    relays = len(relay_houses(chain))
    is_claim = reading.claims[i] > MIN_CLAIM and score is not None
    return Claim(
        id=_id(i),
        content=Quote(words_of(text, attribution.contents), attribution.contents),
        source=_quote(text, attribution.source),
        cue=_quote(text, attribution.cue),
        chain=tuple(_placed(text, link) for link in chain),
        detected=reading.detected[i],
        claim=is_claim,
        firsthand=reading.firsthand[i],
        relays=relays,
        hands=relays + bool(chain) + 1,
        level=score.level if score and is_claim else None,
        probabilities=score.probabilities if score and is_claim else None,
        directness=score.directness if score and is_claim else None,
        reasons=score.reasons if score and is_claim else (),
        within=None if attribution.outer is None else _id(attribution.outer),
    )


def summarise(claims: Sequence[Claim]) -> Summary:
    """The counts over some attributions."""
    scored = [c for c in claims if c.claim]

    def share(of: Iterable[bool]) -> float | None:
        return sum(of) / len(scored) if scored else None

    return Summary(
        attributions=len(claims),
        claims=len(scored),
        directness=sum(c.directness or 0.0 for c in scored) / len(scored) if scored else None,
        levels=tuple(sum(c.level == level for c in scored) for level in range(len(LEVELS))),
        anonymous=share(c.anonymous for c in scored),
        relayed=share(c.relays > 0 for c in scored),
        untraceable=share(c.level == 0 for c in scored),
    )


def _id(index: int) -> str:
    return f"c{index + 1}"


def _quote(text: str, span: Span | None) -> Quote | None:
    return Quote(text[slice(*span)], (span,)) if span and span[0] < span[1] else None


def _placed(text: str, link: Link) -> Link:
    """The link with offsets at which its mention stands: its own, else those of the nearest place, else none."""
    start, end = link.start, link.end
    if start is not None and end is not None and start < end and text[start:end] == link.mention:
        return link
    found = [m.start() for m in re.finditer(re.escape(link.mention), text)] if link.mention else []
    if start is None or not found:
        return replace(link, start=None, end=None)
    nearest = min(found, key=lambda at: abs(at - start))
    return replace(link, start=nearest, end=nearest + len(link.mention))


def _link_dict(link: Link) -> dict[str, Any]:
    return {
        "mention": link.mention,
        "start": link.start,
        "end": link.end,
        "entity": link.entity,
        "kind": link.kind,
        "naming": link.naming,
        "org": link.org,
        "confidence": _round(link.confidence, 3),
        "outlet": link.outlet.to_dict() if link.outlet else None,
        "rating": _rating(link.rating),
    }


def _article_dict(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "path": article.path,
        "title": article.title,
        "outlet": article.outlet,
        "provider": article.provider,
        "byline": article.byline,
        "published": None,
        "url": None,
        "language": "en",
        "words": article.words,
        "text": article.text,
    }


def _rating(rating: float | None) -> float | None:
    return None if rating is None else _round(rating, 3)


def _round(value: float, digits: int) -> float:
    return round(float(value), digits) + 0.0  # no "-0.0"
