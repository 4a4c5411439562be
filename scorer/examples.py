"""A labelled article in, its attributions and labels out as the stages see them; and the labelled attribution that a found one answers."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scorer.article import Article
from scorer.attributions import Attribution
from scorer.features import sourcing, to_origin
from scorer.labels import LabelledArticle, LabelledAttribution, LabelledLink
from scorer.links import Link
from scorer.matching import same_entity
from scorer.signals import Signals
from scorer.spans import Span, characters, hull, inside
from scorer.tagger import Tagging
from scorer.vectors import Vectors


@dataclass(frozen=True)
class Example:
    """A labelled article as the stages see it: its attributions in reading order, each with its label."""

    article: Article
    vectors: Vectors
    signals: Signals
    attributions: tuple[Attribution, ...]
    labels: tuple[LabelledAttribution, ...]


def make_example(labelled: LabelledArticle, article: Article, tagging: Tagging, signals: Signals) -> Example:
    """An article with its labelled attributions and what the encoders say of it."""
    return Example(article, Vectors(article, tagging), signals, *labelled_attributions(labelled, article))


def labelled_attributions(labelled: LabelledArticle, article: Article) -> tuple[tuple[Attribution, ...], tuple[LabelledAttribution, ...]]:
    """The labelled attributions of an article in reading order, nested ones told from outer ones by where their cues stand, and their labels."""
    pairs = []
    for label in labelled.attributions:
        if label.spans.get("content") and (label.spans.get("cue") or label.spans.get("source")):
            pairs.append((_attribution(article, label), label))
    pairs.sort(key=lambda pair: (pair[0].start, -hull([pair[0].cue, *pair[0].contents])[1], pair[0].cue))
    plain = [a for a, _ in pairs]
    attributions = tuple(replace(a, outer=_outer(plain, i)) for i, a in enumerate(plain))
    return attributions, tuple(label for _, label in pairs)


def _attribution(article: Article, label: LabelledAttribution) -> Attribution:
    source = label.spans.get("source") or ()
    cue = hull(label.spans.get("cue") or source)
    starts = [s for s, _ in article.paragraphs]
    return Attribution(cue, source[0] if source else None, tuple(label.spans["content"]), max(0, bisect.bisect_right(starts, cue[0]) - 1))


def _outer(attributions: Sequence[Attribution], i: int) -> int | None:
    """The attribution before i in the smallest content that holds its cue."""
    holding = [
        (sum(e - s for s, e in other.contents), j) for j, other in enumerate(attributions[:i]) if any(inside(attributions[i].cue, c) for c in other.contents)
    ]
    return min(holding)[1] if holding else None


def source_index(article: Article, attribution: Attribution, chain: Sequence[LabelledLink]) -> int | None:
    """Which link of a labelled chain the source phrase stands for: the last one whose mention it holds, else the origin."""
    if not chain:
        return None
    if attribution.source:
        phrase = article.text[slice(*attribution.source)].casefold()
        held = [k for k, link in enumerate(chain) if link.mention.casefold() in phrase or phrase in link.mention.casefold()]
        if held:
            return held[-1]
    return len(chain) - 1


def is_same(link: LabelledLink | Link, name: str, proper: bool = False) -> bool:
    """Whether a labelled link is the entity of this name; a `proper` name is nobody's who is not named."""
    named = link.naming == "named"
    return not (proper and not named and link.kind != "document") and same_entity(link.entity, name, named and link.kind != "document")


def right_links(label: LabelledAttribution, chain: Sequence[Link]) -> list[bool]:
    """For each link of a chain whether the labelled one has its entity in the same place, counted from either end; nobody is nobody."""
    gold = label.chain or ()
    nobody = not gold or gold[-1].naming == "none"
    out = []
    for k, link in enumerate(chain):
        places = {k, len(gold) - len(chain) + k} & set(range(len(gold)))
        out.append(any(is_same(gold[j], link.entity) for j in places) or (nobody and link.naming == "none" and k == len(chain) - 1))
    return out


def match_contents(gold: Sequence[Sequence[Span]], found: Sequence[Sequence[Span]], least: float = 0.5) -> list[int | None]:
    """For each labelled attribution the found one whose content overlaps it most, by at least `least` of their union, each at most once."""
    held = [characters(spans) for spans in found]
    table = []
    for g, wanted in enumerate(map(characters, gold)):
        for f, have in enumerate(held):
            if shared := len(wanted & have):
                table.append((shared / len(wanted | have), g, f))
    out: list[int | None] = [None] * len(gold)
    for share, g, f in sorted(table, key=lambda t: (-t[0], t[1], t[2])):
        if share >= least and out[g] is None and f not in out:
            out[g] = f
    return out


def labelled_chain(label: LabelledAttribution) -> tuple[Link, ...]:
    """The chain of a label as links of a reading; empty where it has none."""
    return tuple(Link(x.mention, None, None, x.entity, x.kind, x.naming, x.org) for x in label.chain or ())


def label_level(label: LabelledAttribution) -> int | None:
    """The level of a labelled claim by its definition, None for what is no claim."""
    if not label.claim:
        return None
    chain = labelled_chain(label)
    naming = to_origin(chain)[-1].naming if chain else "none"
    return sourcing(chain, float(bool(label.firsthand))).level(naming, bool(label.firsthand))
