"""Attributions and names in, who each source is out.

The article is read from left to right: a pronoun, a description ("the official", "the newspaper") or an attribution without a source takes the
antecedent that a fitted linear head scores best among those seen, or begins an entity of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scorer.article import Article, tokenize
from scorer.attributions import Attribution
from scorer.entities import Entity, Names, describe, entity_kinds
from scorer.heads import LinearHead, Value
from scorer.lexicon import (
    DETERMINERS,
    KIND_NOUNS,
    OUTLET_NOUNS,
    PRONOUNS,
    RELATIVE_CUTS,
)
from scorer.mentions import NOBODY, Mention, parse_phrase, singular
from scorer.spans import inside

MAX_CANDIDATES = 10  # the most recent entities an anaphor may stand for


@dataclass(frozen=True)
class Resolved:
    """A source with its entity; `sure` is the probability of the antecedent where it was looked for, else 1. Both None where nobody is told."""

    mention: Mention
    entity: Entity | None
    sure: float = 1.0


def resolve_sources(article: Article, attributions: Sequence[Attribution], names: Names, antecedents: LinearHead) -> tuple[Resolved, ...]:
    """Who stands behind each attribution's source, in the order of the attributions."""
    reader = Reader(article, attributions, names)
    for index in range(len(attributions)):
        options = list(reader.options(index))
        if options:
            probabilities = antecedents.choice([features for _, features in options])
            best = int(probabilities.argmax())
            reader.settle(index, options[best][0], float(probabilities[best]))
    return tuple(reader.resolved)


class Reader:
    """Reads an article's attributions from left to right, keeping whom it has met; shared by resolution and by the fitting of its head."""

    def __init__(self, article: Article, attributions: Sequence[Attribution], names: Names) -> None:
        self.article, self.attributions, self.names = article, attributions, names
        self.resolved: list[Resolved] = []
        self._described: list[Entity] = []
        self._phrases = list(_described_phrases(article))
        self._sentences = article.sentences

    def options(self, index: int) -> Iterator[tuple[Entity | None, dict[str, Value]]]:
        """(an entity it may be, features) for a source that needs an antecedent; None stands for nobody yet met. Nothing where the words suffice."""
        mention = self.mention(index)
        if mention.form in ("name", "hedge"):
            self.settle(index, None, 1.0)
            return
        if journalist := self._named_later(mention):
            self.settle(index, journalist, 0.8)
            return
        candidates = self._recent(index)
        yield None, self._new_features(mention, index)
        for rank, entity in enumerate(candidates):
            yield entity, self._features(mention, index, entity, rank, candidates)

    def _named_later(self, mention: Mention) -> Entity | None:
        """Who a correspondent is that the text names only later: the one journalist whom it names after him and gives to no other outlet."""
        if mention.name or mention.form == "pronoun" or "journalist" not in mention.kinds or not mention.possessor:
            return None
        later = [
            e
            for e in self.names.entities
            if "journalist" in entity_kinds(e) and not e.outlet and min(e.spans) > mention.span and set(e.affiliations) <= {mention.possessor}
        ]
        return later[0] if len(later) == 1 else None

    def mention(self, index: int) -> Mention:
        source = self.attributions[index].source
        return parse_phrase(self.article, source) if source else NOBODY

    def settle(self, index: int, entity: Entity | None, sure: float) -> None:
        """Take `entity` for the source of the attribution, or a new one for None, and go on."""
        mention = self.mention(index)
        if entity is None and mention.form != "missing":
            if mention.form == "name":
                entity = self.names.add(mention)
            else:
                label = self._owned_label(mention, index)
                entity = next((e for e in reversed(self._described) if e.name.casefold() == label.casefold()), None) or Entity(label, proper=False)
                self._described.append(entity)
        if entity is not None:
            if not entity.proper and entity not in self._described:
                self._described.append(entity)
            describe(entity, mention)
            if mention.form == "pronoun" and not entity.gender:
                entity.gender = PRONOUNS[mention.head] if PRONOUNS[mention.head] in ("masculine", "feminine") else ""
            entity.told += 1
            if mention is not NOBODY:
                entity.spans.append(mention.span)
        self.resolved.append(Resolved(mention, entity, sure))

    def _owned_label(self, mention: Mention, index: int) -> str:
        """What a description is called, whom "his" means said by name: "his campaign" to "Donald Trump's campaign"."""
        first, _, rest = mention.label.partition(" ")
        word = first.casefold()
        wanted = "relative" if word == "whose" else PRONOUNS.get(word, "") if DETERMINERS.get(word) == "possessive" else ""
        owner = self._owner(wanted, mention.span[0], index) if rest and wanted in ("masculine", "feminine", "neuter", "relative") else None
        return f"{owner.name}'s {rest}" if owner else mention.label

    def _owner(self, wanted: str, at: int, index: int) -> Entity | None:
        """Whom a possessive pronoun means: the first fitting name in its sentence before it, else the last source, else the last fitting name.

        "Whose" means the last name before it.
        """

        def fits(entity: Entity) -> bool:
            person = entity.bodily in ("person", "name") and entity.gender in ("", wanted)
            return entity.proper and (wanted == "relative" or (entity.bodily == "body" if wanted == "neuter" else person))

        start = max((s for s, _ in self._sentences if s <= at), default=0)
        named = sorted(((s, e) for e in self.names.entities if fits(e) for s, _ in e.spans if s < at), key=lambda pair: pair[0])
        if wanted == "relative":
            return named[-1][1] if named else None
        in_sentence = sorted((e for s, e in named if s >= start), key=lambda e: not e.gender)  # a first name or title tells more than a capital
        here = in_sentence[0] if in_sentence else None
        previous = self._previous(index)
        return here or (previous if previous is not None and fits(previous) else None) or (named[-1][1] if named else None)

    def _recent(self, index: int) -> list[Entity]:
        """The entities met before this source, and later in its sentence for what stands after its quotation, most recent first."""
        attribution = self.attributions[index]
        at = (attribution.source or attribution.cue)[0]
        own = attribution.source or attribution.cue
        seen: list[tuple[int, Entity]] = []
        for entity in {id(e): e for e in (*self.names.entities, *self._described)}.values():
            starts = [s for s, _ in entity.spans if s < at and not inside((s, s + 1), own)]
            if starts:
                seen.append((max(starts), entity))
        recent = [entity for _, entity in sorted(seen, key=lambda pair: -pair[0])]
        noun = self.mention(index).head
        namesakes = [e for e in recent[MAX_CANDIDATES:] if noun in e.nouns]
        before = recent[:MAX_CANDIDATES] + namesakes[:3] + self._first_described(noun, at, recent)
        before.sort(key=lambda e: -max(s for s, _ in e.spans if s < at))
        return before + self._told_later(index, noun)

    def _first_described(self, noun: str, at: int, known: Sequence[Entity]) -> list[Entity]:
        """Whoever a phrase before that was no source described by this noun: "citing a member of the board … the member said"."""
        for mention in reversed(self._phrases):
            if mention.span[1] <= at and mention.head == noun and not any(inside(mention.span, s) for e in known for s in e.spans):
                entity = Entity(mention.label, proper=False, spans=[mention.span])
                describe(entity, mention)
                return [entity]
        return []

    def _told_later(self, index: int, noun: str) -> list[Entity]:
        """For a headline's bare noun ("coroner rules", "broadcaster says"), those the text names and calls so, or that are outlets as it is."""
        headline = self.article.headline
        if self.attributions[index].paragraph or not headline:
            return []
        later = [e for e in self.names.entities if min(e.spans)[0] > headline[1] and (noun in e.nouns or (noun in OUTLET_NOUNS and e.outlet))]
        return sorted(later, key=lambda e: min(e.spans))[:2]

    def _new_features(self, mention: Mention, index: int) -> dict[str, Value]:
        form = mention.form
        nested = self.attributions[index].outer is not None
        return {
            "new": form,
            "new_head": mention.head,
            "new_nested": f"{form}:{nested}",
            "new_plural": f"{form}:{mention.plural}",
            "new_first": f"{form}:{index == 0}",
        }

    def _features(self, mention: Mention, index: int, entity: Entity, rank: int, candidates: Sequence[Entity]) -> dict[str, Value]:
        attribution = self.attributions[index]
        at = (attribution.source or attribution.cue)[0]
        form = mention.form if mention.form != "pronoun" else PRONOUNS[mention.head]
        seen = max((s for s, _ in entity.spans if s < at), default=0)  # 0: told only later
        sentence_of = self._sentence
        apart = sentence_of(at) - sentence_of(seen) if seen else -1
        previous = self._previous(index)
        source_rank = self._source_rank(index, entity)
        same_noun = "same" if mention.head in entity.nouns else "kin" if mention.kinds & entity_kinds(entity) else "other"
        subject = self._leads_sentence(seen)
        outer = self.resolved[attribution.outer].entity if attribution.outer is not None else None
        return {
            "form+rank": f"{form}:{min(rank, 4)}",
            "form+apart": f"{form}:{min(apart, 5)}",
            "form+source_rank": f"{form}:{source_rank}",
            "form+body": f"{form}:{entity.bodily}",
            "form+gender": f"{form}:{entity.gender or '-'}",
            "form+plural": f"{form}:{entity.plural}",
            "form+outlet": f"{form}:{entity.outlet}",
            "form+noun": f"{form}:{same_noun}",
            "form+noun+told": f"{form}:{same_noun}:{entity.proper}:{entity.told > 0}:{min(apart, 4)}",
            "form+previous": f"{form}:{entity is previous}:{min(apart, 2)}",
            "form+subject": f"{form}:{subject}:{min(apart, 2)}",
            "form+told": f"{form}:{min(entity.told, 2)}",
            "form+outer": f"{form}:{'outer' if entity is outer and outer else 'nested' if outer else '-'}",
            "head": f"{mention.head}:{entity.bodily}:{entity.outlet}",
        }

    def _source_rank(self, index: int, entity: Entity) -> str:
        """How many other sources were told since this one last was; `-` if it never was."""
        others: list[Entity] = []
        for k in reversed(range(index)):
            resolved = self.resolved[k]
            if self._is_aside(k, index):
                continue
            if resolved.entity is entity:
                return str(min(len(others), 3))
            if resolved.entity is not None and resolved.entity not in others:
                others.append(resolved.entity)
        return "-"

    def _is_aside(self, k: int, index: int) -> bool:
        """Whether attribution k stands inside what another tells and `index` does not: its source is no voice of the article's."""
        return self.attributions[k].outer is not None and self.attributions[index].outer is None

    def _previous(self, index: int) -> Entity | None:
        """The source of the attribution before, asides left out."""
        return next((self.resolved[k].entity for k in reversed(range(index)) if not self._is_aside(k, index)), None)

    def _sentence(self, at: int) -> int:
        return sum(1 for s, _ in self._sentences if s <= at)

    def _leads_sentence(self, at: int) -> bool:
        start = max((s for s, _ in self._sentences if s <= at), default=0)
        return at - start < 12


def _described_phrases(article: Article) -> Iterator[Mention]:
    """The indefinite noun phrases of the article that introduce somebody or some document ("a senior official in the ministry")."""
    for sentence in article.sentences:
        tokens = tokenize(article.text, sentence)
        words = [t.text.casefold() for t in tokens]
        for k, word in enumerate(words):
            if DETERMINERS.get(word) == "indefinite" or (k == 0 and word in _INTRODUCED):
                head = next((j for j in range(k, min(k + 6, len(tokens))) if singular(words[j]) in _INTRODUCED or words[j] in _INTRODUCED), None)
                if head is not None and all(t.text[0].isalnum() or t.text in {"'s", "’s"} for t in tokens[k:head]):
                    end = head + 1
                    while end < len(tokens) and end < head + 8 and tokens[end].text[0].isalnum() and words[end] not in RELATIVE_CUTS | _VERBS_AFTER:
                        end += 1
                    phrase = (
                        tokens[k].start,
                        tokens[end - 1].end if words[head + 1 : head + 2] and words[head + 1] in {"of", "in", "at", "for", "from"} else tokens[head].end,
                    )
                    yield parse_phrase(article, phrase)


_INTRODUCED = frozenset(noun for kind, nouns in KIND_NOUNS.items() if kind not in ("crowd", "unknown", "partisan") for noun in nouns) | {"source", "person"}
_VERBS_AFTER = frozenset("said says told tells was were is are has had have who would will did as that to and but".split())
