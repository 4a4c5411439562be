"""Labelled articles in, rows to fit each head on out.

The rows of a head see the labelled truth of the stages before it ("teacher forcing"); relays alone are seen as a head finds them.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from scorer.article import Article, make_article
from scorer.attributions import candidate_pairs
from scorer.chains import Account, Decoder, Telling, make_tellings, open_accounts
from scorer.claims import claim_features, claim_vector
from scorer.entities import Names
from scorer.examples import Example, is_same, labelled_chain, source_index
from scorer.heads import Features, LinearHead
from scorer.labels import LabelledArticle, LabelledLink
from scorer.links import link_features, link_vector
from scorer.relays import Candidate, candidates, scored
from scorer.resolution import Reader, Resolved
from scorer.tagger import TaggedSpan
from scorer.vocabulary import Role

NO_YES = ("no", "yes")


@dataclass
class Rows:
    """Rows to fit one head on."""

    features: list[Features] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    vectors: list[np.ndarray] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)

    def add_choice(self, options: Sequence[Features], right: Sequence[bool]) -> None:
        """Rows of which one is to be chosen."""
        group = self.groups[-1] + 1 if self.groups else 0
        for features, label in zip(options, right, strict=True):
            self.add(features, NO_YES[label])
            self.groups.append(group)

    def add(self, features: Features, label: str, vector: np.ndarray | None = None) -> None:
        self.features.append(features)
        self.labels.append(label)
        if vector is not None:
            self.vectors.append(vector)


def merged(groups: Iterable[Sequence[Rows]]) -> Iterator[Rows]:
    """Rows of the same place, put together."""
    together: list[Rows] = []
    for group in groups:
        together = together or [Rows() for _ in group]
        for whole, part in zip(together, group, strict=True):
            whole.features += part.features
            whole.labels += part.labels
            whole.vectors += part.vectors
            offset = whole.groups[-1] + 1 if whole.groups else 0
            whole.groups += [offset + g for g in part.groups]
    return iter(together)


def join_rows(examples: Sequence[LabelledArticle]) -> dict[str, Rows]:
    """Pairs of a cue and a source or content near it, and whether they belong together; of the flat labelled spans."""
    out = {"join.source": Rows(), "join.content": Rows()}
    for labelled in examples:
        article = make_article(labelled.text)
        spans, owners = flat_spans(article, labelled)
        for cue, other, features in candidate_pairs(article, spans):
            out[f"join.{spans[other].role}"].add(features, NO_YES[bool(owners[cue] & owners[other])])
    return out


def flat_spans(article: Article, labelled: LabelledArticle) -> tuple[list[TaggedSpan], list[set[int]]]:
    """The labelled spans that overlap no earlier one, as the tagger would give them, and the attributions that each belongs to."""
    owners: dict[tuple[int, int, Role], set[int]] = {}
    for k, attribution in enumerate(labelled.attributions):
        for role, pieces in attribution.spans.items():
            for start, end in pieces:
                owners.setdefault((start, end, role), set()).add(k)
    starts = [s for s, _ in article.paragraphs]
    spans: list[TaggedSpan] = []
    kept: list[set[int]] = []
    for (start, end, role), own in sorted(owners.items(), key=lambda item: (item[0][0], -item[0][1])):
        if not spans or start >= spans[-1].end:
            spans.append(TaggedSpan(role, start, end, max(0, bisect.bisect_right(starts, start) - 1), 1.0))
            kept.append(own)
    return spans, kept


def read_truly(example: Example, rows: Rows | None = None) -> tuple[Names, list[Resolved]]:
    """Sources resolved as labelled; the choices met on the way go into `rows`."""
    names = Names(example.article)
    reader = Reader(example.article, example.attributions, names)
    for i, (attribution, label) in enumerate(zip(example.attributions, example.labels, strict=True)):
        options = list(reader.options(i))
        if not options:
            continue
        chain = label.chain or ()
        k = source_index(example.article, attribution, chain)
        right = next((e for e, _ in options if e is not None and k is not None and is_same(chain[k], e.name, e.proper)), None)
        if rows is not None and label.chain is not None:
            rows.add_choice([features for _, features in options], [entity is right for entity, _ in options])
        reader.settle(i, right, 1.0)
    return names, reader.resolved


@dataclass(frozen=True)
class TrueReading:
    """A labelled article read as its labels say: resolved sources, relay candidates with their labelled class."""

    example: Example
    names: Names
    resolved: list[Resolved]
    candidates: list[list[Candidate]]
    classes: list[list[str]]


def true_reading(example: Example, antecedents: Rows) -> TrueReading:
    """The resolved sources and labelled relay candidates of an example."""
    names, resolved = read_truly(example, antecedents)
    found, classes = [], []
    for i, (attribution, label) in enumerate(zip(example.attributions, example.labels, strict=True)):
        own = candidates(example.article, i, example.attributions, resolved, names, example.signals)
        chain = label.chain or ()
        k = source_index(example.article, attribution, chain)
        found.append(own)
        classes.append([_relay_class(c, chain, k) for c in own])
    return TrueReading(example, names, resolved, found, classes)


def _relay_class(candidate: Candidate, chain: Sequence[LabelledLink], source: int | None) -> str:
    name = candidate.entity.name if candidate.entity else candidate.mention.label
    out = "none"
    for k, link in enumerate(chain):
        if k != source and (is_same(link, name, bool(candidate.mention.name)) or candidate.mention.text.casefold() == link.mention.casefold()):
            out = "outer" if source is not None and k < source else "inner"
    return out


def link_rows(reading: TrueReading) -> tuple[Rows, Rows]:
    """Mentions with the labelled kind, and with the labelled naming."""
    kinds, namings = Rows(), Rows()
    example = reading.example

    def add(mention_link: LabelledLink, features: Features, vector: np.ndarray) -> None:
        kinds.add(features, mention_link.kind, vector)
        namings.add(features, mention_link.naming, vector)

    for i, (attribution, label) in enumerate(zip(example.attributions, example.labels, strict=True)):
        chain = label.chain or ()
        k = source_index(example.article, attribution, chain)
        resolved = reading.resolved[i]
        if k is not None and resolved.entity is not None and resolved.mention.form not in ("hedge", "missing"):
            add(chain[k], link_features(resolved.mention, resolved.entity, example.signals), link_vector(example.vectors, resolved.mention, resolved.entity))
        for c, label_class in zip(reading.candidates[i], reading.classes[i], strict=True):
            if label_class != "none":
                name = c.entity.name if c.entity else c.mention.label
                link = next((x for x in chain if is_same(x, name)), None)
                if link:
                    add(link, link_features(c.mention, c.entity, example.signals), link_vector(example.vectors, c.mention, c.entity))
    return kinds, namings


def account_rows(reading: TrueReading, relays: LinearHead) -> Rows:
    """Every choice of an account, and whether the labelled chain takes it; relays are found by the head, as they will be in use."""
    example, rows = reading.example, Rows()
    tellings = tellings_with(reading, relays)
    accounts = open_accounts(example.article, tellings, reading.names)
    decoder = Decoder(example.article, tellings, accounts)
    before: int | None = None
    for i, label in enumerate(example.labels):
        right = true_choices(example, tellings, accounts, i)
        if label.chain is None or not right:
            before = None
            continue
        if accounts and example.attributions[i].outer is None:
            choices = (None, *range(len(accounts)))
            rows.add_choice([decoder.row(i, choice, before) for choice in choices], [choice in right for choice in choices])
        before = before if before in right else right[0]
    return rows


def tellings_with(reading: TrueReading, relays: LinearHead) -> tuple[Telling, ...]:
    """The tellings of labelled attributions, their hands found by the head."""
    found = [scored(own, reading.example.vectors, relays) for own in reading.candidates]
    return make_tellings(reading.example.attributions, reading.resolved, found, reading.names, reading.example.signals)


def true_choices(example: Example, tellings: Sequence[Telling], accounts: Sequence[Account], i: int) -> list[int | None]:
    """The accounts whose hands come nearest to the labelled links before the source, the best first.

    [None] where there are no such links, [] where no account comes near them.
    """
    chain = example.labels[i].chain or ()
    k = source_index(example.article, example.attributions[i], chain)
    prefix = chain[:k] if k else ()
    if not prefix:
        return [None]
    scores: dict[int, int] = {}
    for a, account in enumerate(accounts):
        shared = sum(any(is_same(x, h.name) for x in prefix) for h in account.hands)
        if shared:
            scores[a] = 2 * shared - len(account.hands)
    best: list[int] = [a for a, score in scores.items() if score == max(scores.values()) and score > 0]

    def preference(a: int) -> tuple[bool, bool, int]:
        account = accounts[a]
        return i in account.openers, not account.passed_on, -min((abs(o - i) for o in account.places), default=99)

    return [*sorted(best, key=preference, reverse=True)]


def claim_rows(example: Example) -> tuple[Rows, Rows]:
    """Attributions with whether they are claims, and whether first-hand."""
    claims, firsthand = Rows(), Rows()
    for attribution, label in zip(example.attributions, example.labels, strict=True):
        if label.chain is None or label.claim is None:
            continue
        chain = labelled_chain(label)
        features = claim_features(example.article, attribution, chain, example.signals)
        vector = claim_vector(example.vectors, attribution)
        claims.add(features, NO_YES[label.claim], vector)
        firsthand.add({**features, "claim": str(label.claim)}, NO_YES[bool(label.firsthand)], vector)
    return claims, firsthand
