"""Names in, entities out: whom the proper names of an article stand for, over the whole of it.

Names are clustered (surnames, acronyms, "the Times"), fullest first, since a full name may stand later than a short one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from scorer.article import Article, tokenize
from scorer.lexicon import (
    FIRST_NAMES,
    KIND_NOUNS,
    NAME_CONNECTORS,
    OPENERS,
    ORG_WORDS,
    OUTLET_ENDINGS,
    OUTLET_NOUNS,
    TITLES,
)
from scorer.matching import is_acronym
from scorer.mentions import NOBODY, Mention, find_names, in_title_case, is_outlet, parse_phrase, singular
from scorer.outlets import Outlet, Registry
from scorer.spans import Span, inside


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


def entity_kinds(entity: Entity) -> frozenset[str]:
    """The kinds that the words said of an entity may stand for."""
    words = {v for w in entity.heads | entity.titles | entity.apposition for v in (w, singular(w))}
    kinds = {kind for kind, nouns in KIND_NOUNS.items() if words & nouns}
    return frozenset(kinds | ({"outlet"} if entity.outlet else set()))
