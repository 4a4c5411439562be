"""A labelled article and the claims of its report in, what answers what and what of it is right out: the definitions behind every figure.

A claim of the report answers a labelled attribution if their contents share at least half of the characters that either has; each answers at
most one, the best overlap first. What answers nothing and lies inside the content of a claim that does is a nested statement, which labels mostly
lack. It is never counted, not even where the labels have such, so that precision does not see nested statements that are false. A last link without
naming ("reportedly") is nobody and left out of both chains. Then, of an answer,

- `origin`: the last links are the same entity, or neither chain has one;
- `chain`: every link is the same entity, in order, none missing and none extra;
- `route`: the same origin, and the same houses before it: an outlet and its own people are one, and a poll's respondents are the poll;
- `naming`, `kind`: those of the origin are the same; `claim`: both are claims, or neither is.

Entities are the same as `scorer.matching.same_entity` has it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scorer.errors import InputError, in_words
from scorer.examples import is_same, label_level, labelled_chain, match_contents
from scorer.features import to_origin
from scorer.labels import LabelledArticle, LabelledAttribution, read_lines
from scorer.links import Link
from scorer.matching import same_entity
from scorer.spans import Span, characters
from scorer.vocabulary import LEVELS

RIGHTS = ("origin", "chain", "route", "naming", "kind", "claim")


@dataclass(frozen=True)
class Found:
    """What counts of a report's claim. `level` (0 to 4) and `probabilities` (of each level) are None where it is shown as no claim."""

    contents: tuple[Span, ...]
    chain: tuple[Link, ...]
    detected: float | None
    claim: bool
    level: int | None
    probabilities: tuple[float, ...] | None


@dataclass(frozen=True)
class Judged:
    """A labelled attribution and the claim that answers it, None where nothing does.

    `chain` is the labelled one without a last link that is nobody, `relayed` whether it passes through a house before the origin's own,
    `level` the labelled one, None for no claim. `right` are those of RIGHTS that hold of the answer.
    """

    label: LabelledAttribution
    chain: tuple[Link, ...]
    relayed: bool
    level: int | None
    found: Found | None
    right: frozenset[str]


@dataclass(frozen=True)
class Comparison:
    """A labelled article and its report. `counted` are claims, each with the label that it answers or None; `nested` are the nested statements that
    answer none, which no figure counts. `missing` tells that there is no report."""

    article: LabelledArticle
    missing: bool
    judged: tuple[Judged, ...]
    counted: tuple[tuple[Found, LabelledAttribution | None], ...]
    nested: tuple[Found, ...]


def compare(article: LabelledArticle, claims: Sequence[Found] | None) -> Comparison:
    """What the claims of a report come to, None where there is no report: the same as one without claims."""
    missing, claims = claims is None, claims or ()
    answers = match_contents([a.spans.get("content", ()) for a in article.attributions], [c.contents for c in claims])
    judged = tuple(judge(label, None if k is None else claims[k]) for label, k in zip(article.attributions, answers, strict=True))
    labels = {k: label for label, k in zip(article.attributions, answers, strict=True) if k is not None}
    held = [characters(c.contents) for c in claims]
    nested = {k for k in range(len(claims)) if k not in labels and any(held[k] < held[j] for j in labels)}
    counted = tuple((c, labels.get(k)) for k, c in enumerate(claims) if k not in nested)
    return Comparison(article, missing, judged, counted, tuple(claims[k] for k in sorted(nested)))


def judge(label: LabelledAttribution, found: Found | None) -> Judged:
    """A label and its answer."""
    chain = told(labelled_chain(label))
    right = frozenset(_rights(label, chain, found)) if found is not None and label.chain is not None else frozenset[str]()
    return Judged(label, chain, bool(houses(chain)), label_level(label), found, right)


def _rights(label: LabelledAttribution, chain: Sequence[Link], found: Found) -> list[str]:
    other = told(found.chain)
    ends = (chain[-1], other[-1]) if chain and other else None
    neither = not chain and not other
    holds = {
        "origin": is_same(ends[0], ends[1].entity) if ends else neither,
        "chain": len(chain) == len(other) and all(is_same(a, b.entity) for a, b in zip(chain, other, strict=True)),
        "route": _same_route(chain, other) if ends else neither,
        "naming": (chain[-1].naming if chain else "none") == (other[-1].naming if other else "none"),
        "kind": (chain[-1].kind if chain else "unknown") == (other[-1].kind if other else "unknown"),
        "claim": label.claim == found.claim,
    }
    return [name for name, right in holds.items() if right]


def _same_route(chain: Sequence[Link], other: Sequence[Link]) -> bool:
    ours, theirs = houses(chain), houses(other)
    same = len(ours) == len(theirs) and all(map(same_entity, ours, theirs))
    return same and is_same(to_origin(chain)[-1], to_origin(other)[-1].entity)


def told(chain: Sequence[Link]) -> tuple[Link, ...]:
    """The chain without a last link that is nobody: a hedge word."""
    return tuple(chain[:-1] if chain and chain[-1].naming == "none" else chain)


def houses(chain: Sequence[Link]) -> list[str]:
    """The houses before the origin's own, reader's side first. Unlike `features.relay_houses`, one that comes back behind the origin's counts once."""
    chain = to_origin(chain)
    out: list[str] = []
    for link in chain[:-1]:
        if link.house not in (chain[-1].house, *out[-1:]):
            out.append(link.house)
    return out


def read_reports(path: Path) -> dict[str, tuple[Found, ...] | None]:
    """The claims of each report by its article's id, of a file as `--format jsonl` writes it; None of an article that could not be scored.

    Raises InputError, naming file and line, for what is no report.
    """
    out: dict[str, tuple[Found, ...] | None] = {}
    for number, line in read_lines(path):
        try:
            report = json.loads(line)
            id, claims = report["article"]["id"], report.get("claims")
            out[id] = out.get(id) if claims is None else found_claims(claims)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise InputError(f"{path}:{number}: not a report ({in_words(error)}); pass what `--format jsonl` writes") from error
    return out


def found_claims(claims: Sequence[Mapping[str, Any]]) -> tuple[Found, ...]:
    """The claims of a report as JSON, those left out that have neither a cue nor a chain. Raises KeyError, TypeError or ValueError for others."""
    return tuple(_found(c) for c in claims if c.get("cue") or c["chain"])


def _found(claim: Mapping[str, Any]) -> Found:
    level, probabilities = claim["level"], claim["probabilities"]
    if level not in (None, *range(len(LEVELS))):
        raise ValueError(f"level {level!r}")
    if probabilities is not None and len(probabilities) != len(LEVELS):
        raise ValueError(f"{len(probabilities)} probabilities")
    chain = tuple(Link(x["mention"], x["start"], x["end"], x["entity"], x["kind"], x["naming"], x["org"], x["confidence"]) for x in claim["chain"])
    contents = tuple((start, end) for start, end in claim["spans"])
    return Found(contents, chain, claim.get("detected"), bool(claim["claim"]), level, None if probabilities is None else tuple(map(float, probabilities)))
