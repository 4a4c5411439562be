"""Mentions and entities in, `Link`s out: what kind of source each is, how far it is named, whom it answers to, and which known outlet it is.

Both classes come from linear heads over readable features of the mention and of all that the article says of the entity,
and the encoder's vector of its words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from scorer.encoder import Floats
from scorer.entities import Entity, Names, entity_kinds
from scorer.heads import LinearHead, Value
from scorer.lexicon import ADJECTIVES_OF_NAMES, PRONOUNS
from scorer.mentions import Mention, is_outlet, singular
from scorer.outlets import Outlet
from scorer.signals import Signals
from scorer.spans import Span
from scorer.vectors import Vectors
from scorer.vocabulary import KIND_CLASSES, NAMING_CLASSES, Kind, Naming

MIN_OUTLET = 0.1  # who bears a known outlet's very name is one where the head holds it as likely as this, however likely it holds another kind
_NO_BODIES = ADJECTIVES_OF_NAMES | {"Senior", "Former", "U.S."}


@dataclass(frozen=True)
class Link:
    """One pair of hands in a chain. `start` and `end` are where `mention` stands in the article; None only where nothing is said of who it is.

    `confidence` is the probability, 0 to 1, that this link is right: the right entity, in the right place of the chain.
    `namings` is the probability of each of NAMING_CLASSES, `kinds` of each of KIND_CLASSES. `outlet` is the known outlet that it is, or that the
    journalist answers to; `rating` the user's of that outlet, 0 to 1.
    """

    mention: str
    start: int | None
    end: int | None
    entity: str
    kind: Kind
    naming: Naming
    org: str | None = None
    confidence: float = 1.0
    kinds: tuple[float, ...] = ()
    namings: tuple[float, ...] = ()
    outlet: Outlet | None = None
    rating: float | None = None

    @property
    def house(self) -> str:
        """Whom the link answers to: its outlet or body, else itself."""
        return (self.org or self.entity).casefold().removeprefix("the ")

    @property
    def press(self) -> str | None:
        """The outlet that hands the claim on here: itself, or whom the journalist answers to; None for anybody else, and where his body is no outlet."""
        if self.kind == "journalist":
            return self.org if self.org and (self.outlet or is_outlet(self.org)) else None
        return self.entity if self.kind == "outlet" else None


class Describer:
    """Makes links of mentions, with the heads `kind` and `naming`."""

    def __init__(self, heads: Mapping[str, LinearHead], vectors: Vectors, signals: Signals, names: Names) -> None:
        self._heads, self._vectors, self._signals, self._names = heads, vectors, signals, names

    def link(self, mention: Mention, entity: Entity | None, confidence: float = 1.0) -> Link:
        """The link of somebody mentioned; a hedge word ("reportedly") is nobody."""
        if mention.form == "hedge":
            certain = tuple(float(c == "none") for c in NAMING_CLASSES)
            return Link(mention.text, *mention.span, mention.text.casefold(), "unknown", "none", None, confidence, namings=certain)
        features, vector = link_features(mention, entity, self._signals), link_vector(self._vectors, mention, entity)
        kinds = self._heads["kind"].probabilities(features, vector)
        namings = self._heads["naming"].probabilities(features, vector)
        kind, naming = KIND_CLASSES[int(kinds.argmax())], NAMING_CLASSES[int(namings.argmax())]
        name = entity.name if entity else mention.label
        if naming == "named" and kinds[KIND_CLASSES.index("outlet")] >= MIN_OUTLET and name in self._names.outlets:
            kind = "outlet"
        start, end = mention.span
        org = affiliation(mention, entity, kind)
        return Link(
            mention=mention.text,
            start=start,
            end=start + len(mention.text) if mention.text else end,
            entity=name,
            kind=kind,
            naming=naming,
            org=org,
            confidence=confidence,
            kinds=tuple(kinds),
            namings=tuple(namings),
            outlet=self._names.outlet_of(name if kind == "outlet" else org if kind == "journalist" else None),
        )


def affiliation(mention: Mention, entity: Entity | None, kind: str) -> str | None:
    """The body or outlet a link speaks for, where the article says so; bodies and outlets themselves have none."""
    if kind in ("outlet", "document", "crowd", "unknown"):
        return None
    bodies = [b for b in ([mention.possessor] if mention.possessor else []) + (entity.affiliations if entity else []) if b != (entity.name if entity else None)]
    if kind == "journalist":
        return next((b for b in bodies if is_outlet(b)), bodies[0] if bodies else None)
    return next((b for b in bodies if b not in _NO_BODIES), None)


def link_vector(vectors: Vectors, mention: Mention, entity: Entity | None) -> Floats:
    """Of the words that describe the entity best, and of the mention's own: one vector, their mean."""
    spans = _words_of(mention, entity)
    return np.mean([vectors.mean(s) for s in spans], axis=0) if spans else vectors.zero


def _words_of(mention: Mention, entity: Entity | None) -> list[Span]:
    """The mention's own words, and those that describe the entity best."""
    return [s for s in dict.fromkeys((mention.span, entity.phrase.span if entity else (0, 0))) if s[0] < s[1]]


def link_features(mention: Mention, entity: Entity | None, signals: Signals) -> dict[str, Value]:
    """What the words of a mention, and all that the article says of its entity, tell of its kind and naming."""
    out: dict[str, Value] = {"form": mention.form}
    if mention.form == "pronoun":
        out["pronoun"] = PRONOUNS[mention.head]
    if not mention.name and mention.form != "pronoun":
        out["head"] = singular(mention.head)
        out["form+plural"] = f"{mention.form}:{mention.plural}"
        out["modified"] = f"{mention.form}:{min(3, len(mention.description))}"
        for kind in mention.kinds:
            out[f"head_kind={kind}"] = 1.0
    for word in mention.titles[-6:]:
        out[f"title={word}"] = 1.0
    for word in mention.description:
        out[f"word={word}"] = 1.0
    if mention.possessor:
        out["possessor"] = "outlet" if is_outlet(mention.possessor) else "other"
    if entity is not None:
        out["proper"] = f"{entity.proper}:{mention.form == 'pronoun'}"
        out["bodily"] = f"{entity.bodily}:{entity.outlet}"
        out["name_words"] = str(min(3, len(entity.name.split()))) if entity.proper else "-"
        if entity.proper:
            out["last_word"] = entity.name.split()[-1].casefold()
            out["the"] = str(mention.text.casefold().startswith("the "))
        for kind in entity_kinds(entity):
            out[f"entity_kind={kind}"] = 1.0
        for word in entity.titles | entity.heads:
            out[f"entity_title={word}"] = 1.0
        for word in entity.apposition:
            out[f"entity_word={word}"] = 1.0
        out["gendered"] = f"{bool(entity.gender)}:{entity.plural}"
        if entity.affiliations:
            out["of_outlet"] = str(any(is_outlet(b) for b in entity.affiliations))
    answers = signals.of_words(*_words_of(mention, entity))
    for task, classes in (("kind", KIND_CLASSES), ("naming", NAMING_CLASSES)):
        out |= {f"encoder_{task}={c}": max(-6.0, float(p)) for c, p in zip(classes, answers[task], strict=True)}
    return out
