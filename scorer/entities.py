"""Mentions in, entities out: who each source and each name is, over the whole article.

Proper names are clustered first (surnames, acronyms, "the Times"), since a full name may stand later than a short one. Then the article is read
from left to right: a pronoun, a description ("the official", "the newspaper") or an attribution without a source takes the antecedent that a
fitted linear head scores best among those seen, or begins an entity of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from scorer.article import Article, tokenize
from scorer.attributions import Attribution
from scorer.heads import LinearHead, Value
from scorer.lexicon import (
    DETERMINERS,
    FIRST_NAMES,
    KIND_NOUNS,
    NAME_CONNECTORS,
    OPENERS,
    ORG_WORDS,
    OUTLET_ENDINGS,
    OUTLET_NOUNS,
    PRONOUNS,
    RELATIVE_CUTS,
    TITLES,
)
from scorer.matching import is_acronym
from scorer.mentions import NOBODY, Mention, find_names, in_title_case, is_outlet, parse_phrase, singular
from scorer.outlets import Outlet, Registry
from scorer.spans import Span, inside

MAX_CANDIDATES = 10  # the most recent entities an anaphor may stand for


@dataclass(eq=False)
class Entity:
    """Somebody the article speaks of. `name` is the fullest name or description; the rest gathers what all its mentions say."""

    name: str
    proper: bool
    spans: list[Span] = field(default_factory=list)
    titles: set[str] = field(default_factory=set)
    heads: set[str] = field(default_factory=set)
    apposition: set[str] = field(default_factory=set)
    affiliations: list[str] = field(default_factory=list)
    gender: str = ""
    plural: bool = False
    outlet: bool = False
    told: int = 0  # how many attributions had it as their source so far
    phrase: Mention = NOBODY  # the mention that describes it best

    @property
    def nouns(self) -> set[str]:
        """The nouns it may be called by: those it was called by, and the last word of its name."""
        return self.heads | self.titles | self.apposition | ({self.name.split()[-1].casefold()} if self.proper else set())

    @property
    def bodily(self) -> str:
        """A rough guess from the name: `person`, `body`, or `described` where it has none."""
        if not self.proper:
            return "described"
        words = self.name.split()
        if self.outlet or words[-1].casefold() in ORG_WORDS or any(w.casefold() in ORG_WORDS for w in words) or (len(words) == 1 and self.name.isupper()):
            return "body"
        return "person" if len(words) > 1 or self.gender or self.titles else "name"


@dataclass(frozen=True)
class Resolved:
    """A source with its entity; `sure` is the probability of the antecedent where it was looked for, else 1. Both None where nobody is told."""

    mention: Mention
    entity: Entity | None
    sure: float = 1.0


_WRITTEN_BY = re.compile(r"\b(?:report|story|article|dispatch|despatch|piece|column) by (?:the )?$", re.I)
_BEHIND_PLACE = re.compile(r"\b(?:in|at|near|from|outside|around|leaves?|left) $", re.I)
_ITS_JOURNALIST = re.compile(r"['’]s (?:[\w-]+ ){0,2}(?:correspondent|reporter|columnist|anchor|presenter|host|editor)\b", re.I)


class Names:
    """The proper names of an article, clustered into entities. `publisher` is the outlet that the article names as its own, where it is known."""

    def __init__(self, article: Article, outlets: Registry | None = None) -> None:
        self.article = article
        self.outlets = Registry.load() if outlets is None else outlets
        self.publisher = self.outlets.find(article.outlet) if article.outlet else None
        found: list[Mention] = []
        titled = {span for span in article.sentences if in_title_case(article, span)}
        known = _inner_capitals(article, [span for span in article.sentences if span not in titled])
        for span in article.sentences:
            found += [self._in_context(name) for name in find_names(article, span, known, titled=bool(known) and span in titled)]
        dateline = article.dateline.span() if article.dateline else (0, 0)
        mentions = [m for m in found if m.name and not inside(m.span, dateline)]
        self._places = {_key(m.name or "") for m in mentions if _BEHIND_PLACE.search(article.text, max(0, m.span[0] - 12), m.span[0])}
        self._by_key: dict[str, Entity] = {}
        self._by_outlet: dict[str, Entity] = {}
        self.entities: list[Entity] = []
        told = {id(m): self._add(m) for m in sorted(mentions, key=lambda m: -len((m.name or "").split()))}  # fullest names first
        self.mentions: list[tuple[Mention, Entity]] = [(m, told[id(m)]) for m in mentions]  # in reading order
        for entity in self.entities:
            entity.spans.sort()

    def entity_of(self, name: str) -> Entity | None:
        """The entity that a name stands for, None where the article has no such name."""
        return self._by_key.get(_key(name)) or self._by_outlet.get(self._outlet_name(name)) or self._match(name)

    def outlet_of(self, name: str | None) -> Outlet | None:
        """The known outlet of a name, as the publisher's country understands it."""
        return self.outlets.find(name, self.publisher.country if self.publisher else None) if name else None

    def is_publisher(self, name: str) -> bool:
        """Whether a name is that of the article's own outlet, which is no link of its chains."""
        if not self.article.outlet:
            return False
        return _shortens(name, self.article.outlet) or (self.publisher is not None and self.outlet_of(name) is self.publisher)

    def _outlet_name(self, name: str) -> str:
        """One name for all that an outlet goes by, empty for what is none."""
        outlet = self.outlet_of(name)
        return outlet.name if outlet else ""

    def add(self, mention: Mention) -> Entity:
        """The entity of a named mention, a new one where there is none yet."""
        return self._add(mention)

    def _in_context(self, span: Span) -> Mention:
        """A name with the words before it that may be titles and the apposition behind it."""
        text = self.article.text
        mention = parse_phrase(self.article, span)
        before = re.search(r"(?:[\w'’.&-]+ ){1,6}(?=[\"“]?$)", text[max(0, span[0] - 60) : span[0]])
        preceding = before.group().split() if before else []
        words: tuple[str, ...] = ()
        while preceding and preceding[-1].casefold() in TITLES.keys() - {"the", "a", "an", "then"}:
            words = (preceding.pop().casefold(), *words)
        body: list[str] = []
        while words and preceding and preceding[-1][0].isupper() and preceding[-1].casefold() not in OPENERS:
            body.insert(0, preceding.pop().removesuffix("'s").removesuffix("’s"))
        behind = re.match(r"(?:, | \()([^,;.()\n]{3,70})[,.)]", text[span[1] : span[1] + 80])
        said = tuple(behind.group(1).casefold().split()) if behind else ()
        possessor = mention.possessor or " ".join(body) or None
        called = {preceding[-1].casefold() if preceding else "", *words[-1:], *said[:5]}  # "the news site Nusa", "Nusa, a weekly"
        after = self.article.text[span[1] : span[1] + 40]
        if _WRITTEN_BY.search(text[max(0, span[0] - 30) : span[0]]) and not is_outlet(mention.name or ""):
            words = (*words, "reporter")
        called |= {"outlet"} if _ITS_JOURNALIST.match(after) else set()
        return replace(mention, titles=mention.titles + words, description=said, possessor=possessor, outlet=bool(called & OUTLET_NOUNS))

    def _add(self, mention: Mention) -> Entity:
        name = self._in_full(mention.name or mention.label)
        entity = self.entity_of(name)
        if entity is None:
            words = name.split()
            gender = FIRST_NAMES.get(words[0].casefold(), "") if len(words) > 1 else ""
            entity = Entity(re.sub(r"^[Tt]he ", "", name), proper=True, gender=gender, outlet=self._is_outlet(name, mention))
            self.entities.append(entity)
        self._by_key.setdefault(_key(name), entity)
        if outlet := self._outlet_name(name):
            self._by_outlet.setdefault(outlet, entity)
        entity.spans.append(mention.span)
        describe(entity, mention)
        return entity

    def _is_outlet(self, name: str, mention: Mention) -> bool:
        """Whether a name is an outlet's. A word that is also a first name, several papers' or "the" paper's ("the Hill") is one only behind "the"."""
        if " " not in name and name in self.outlets:
            outlet = self.outlet_of(name)
            unclear = outlet is None or outlet.name.startswith("The ") or name.casefold() in FIRST_NAMES
            return not unclear or mention.outlet or self.article.text[: mention.span[0]].casefold().endswith("the ")
        return is_outlet(name) or name in self.outlets

    def _in_full(self, name: str) -> str:
        """The name of several people with the fullest name of each: "Rubio and Bush" to "Marco Rubio and Jeb Bush"."""
        known = [self.entity_of(part) for part in re.split(r",? and |, ", name)]
        people = [e.name for e in known if e is not None and e.bodily == "person"]
        return " and ".join(people) if len(people) == len(known) > 1 and self._by_key.get(_key(name)) is None else name

    def _match(self, name: str) -> Entity | None:
        """An entity with a longer name that this one shortens: its last word, its first and last, or its initials."""
        words = _key(name).split()
        if not words:
            return None
        for entity in self.entities:
            longer = _key(entity.name).split()
            if len(words) == 1 and len(longer) > 1:
                initials = "".join(w[0] for w in entity.name.split() if w[0].isupper() and w.casefold() not in NAME_CONNECTORS)
                body = entity.bodily == "body"
                if (words[0] == longer[-1] and (not body or entity.outlet)) or (name.isupper() and len(name) > 1 and name.replace(".", "") == initials):
                    return entity
                titled = entity.outlet and set(longer[1:]) <= OUTLET_ENDINGS and words[0] not in self._places  # "Anselm" is not the Anselm Tribune
                if words[0] == longer[0] and len(words[0]) > 2 and (not body or titled):
                    return entity
            elif len(words) > 1:
                inner = len(longer) > len(words) and words[0] == longer[0] and words[-1] == longer[-1]
                if inner or (entity.outlet and longer[-len(words) :] == words):
                    return entity
        return None


def _inner_capitals(article: Article, sentences: Sequence[Span]) -> frozenset[str]:
    """The capitalised words that stand inside a sentence: such a word is a name where it begins one, too."""
    words: set[str] = set()
    for sentence in sentences:
        tokens = [t for t in tokenize(article.text, sentence) if t.text[0].isalnum()]
        words.update(t.text for t in tokens[1:] if t.text[0].isupper())
    return frozenset(words)


def _shortens(name: str, outlet: str) -> bool:
    """Whether a name is an outlet's, its end ("the Post"), its initials or a part of the house ("Politico Magazine"); but "Washington" is not the Post."""
    words, whole = _key(name).split(), _key(outlet).split()
    return bool(words) and (whole[-len(words) :] == words or words[: len(whole)] == whole or is_acronym(name.strip(), outlet))


def _key(name: str) -> str:
    return re.sub(r"^the ", "", re.sub(r"[.'’]", "", name.casefold()))


def describe(entity: Entity, mention: Mention) -> None:
    """Add to an entity what one of its mentions says of it."""
    entity.titles.update(t for t in mention.titles if t.isalpha())
    if not mention.name:
        entity.heads.add(mention.head)
    entity.apposition.update(w for w in mention.description if w.isalpha() or "-" in w)
    entity.plural = entity.plural or mention.plural
    entity.outlet = entity.outlet or (mention.outlet and entity.gender == "")
    for title in mention.titles:
        entity.gender = entity.gender or TITLES.get(title, "")
    if mention.possessor and mention.possessor not in entity.affiliations:
        entity.affiliations.append(mention.possessor)
    if len(mention.titles) + len(mention.description) > len(entity.phrase.titles) + len(entity.phrase.description) or entity.phrase is NOBODY:
        entity.phrase = mention


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


def entity_kinds(entity: Entity) -> frozenset[str]:
    """The kinds that the words said of an entity may stand for."""
    words = {v for w in entity.heads | entity.titles | entity.apposition for v in (w, singular(w))}
    kinds = {kind for kind, nouns in KIND_NOUNS.items() if words & nouns}
    return frozenset(kinds | ({"outlet"} if entity.outlet else set()))
