"""A report in, out which of its claims another source confirms or contradicts in the article's own words.

A source takes a stance where the cue says so ("confirmed", "denied", "called the report false") and what it is taken on can be told: the same thing
told over again, by the words that the two have in common, the rarer in the article the more they count; or the thing told last before ("denied
it"). Where either is in doubt there is no stance. What is told without such a word is none, however alike or contrary it may be.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from scorer.lexicon import (
    ACCUSING,
    DENIED_WHOLLY,
    DETERMINERS,
    NAME_CONNECTORS,
    OPENERS,
    PREPOSITION_CUTS,
    PRONOUNS,
    REPORTING_WORDS,
    STANCE_WITHHELD,
    STANCES,
    TOLD_BEFORE,
    UNTRUE,
)
from scorer.matching import same_entity, telling_words
from scorer.spans import Span, overlaps

if TYPE_CHECKING:
    from scorer.links import Link
    from scorer.report import Claim, Report

MIN_SHARED = 2  # words that two claims on one thing have in common, at least
MIN_OVERLAP = 0.6  # the share of the shorter one that these make up, by weight
MIN_COVER = 0.4  # and of the longer one; of all of it MIN_OVERLAP where no word of the cue says that it is the same
REACH = 1  # sentences back to where "it" or "the report" was told

StanceKind = Literal["confirmed", "backed", "denied"]

_CUES = tuple((name, re.compile(rf"\b(?:{pattern})\b", re.I)) for name, pattern in STANCES)
_WITHHELD = re.compile(rf"(?<![\w])(?:{STANCE_WITHHELD})\b|n['’]t\b", re.I)
_TOLD_BEFORE = re.compile(rf"(?P<told>{TOLD_BEFORE})(?P<rest>.*)", re.I | re.S)
_DENIED_WHOLLY = re.compile(DENIED_WHOLLY, re.I)
_ACCUSING = re.compile(rf"\b(?:{ACCUSING})\b", re.I)
_UNTRUE = re.compile(rf"\b(?:{UNTRUE})\b", re.I)
_CLAUSE = re.compile(r"\s*(?:that|any|every|ever|having|being|\w+ing)\b|.*\b(?:is|are|was|were|has|had|have|did|does|will|would|could|can|may)\b", re.I | re.S)
_NEGATION = re.compile(r"\b(?:not|never|no|nobody|none|nothing|neither|without|cannot)\b|n['’]t\b", re.I)
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_WORDS_BEFORE = re.compile(r"(?:[\w'’-]+ ){0,3}$")
_UNCHECKED = re.compile(r"(?:not|n['’]t|unable to) (?:be )?(?:\w+ )?(?:confirm|verif)", re.I)
_PRONOUN = re.compile(r"(?:it|this|that|these|those|which)\b", re.I)
_PERSON = re.compile(r"(?:him|her|them)\W*", re.I)
_EMPTY = (
    frozenset("be been being have has had do does did would could will can may should must so very just more most than then there here per own not".split())
    | OPENERS
    | PRONOUNS.keys()
    | DETERMINERS.keys()
    | NAME_CONNECTORS
    | PREPOSITION_CUTS
    | REPORTING_WORDS
)


@dataclass(frozen=True)
class Stance:
    """What the claim of index `by` says of the claim of index `on`, which another source told."""

    by: int
    on: int
    kind: StanceKind


def find_stances(report: Report) -> tuple[Stance, ...]:
    """The stances of a report's claims on each other, in reading order."""
    return tuple(_Reader(report).stances())


class _Reader:
    """Reads an article's claims for what each says of the others."""

    def __init__(self, report: Report) -> None:
        self.report, self.text, self.claims = report, report.article.text, report.claims
        self._words = [stems(self.text, c.content.spans) for c in self.claims]
        self._kinds = [cue_stance(self._cue(c), c.text) for c in self.claims]

    def stances(self) -> Iterator[Stance]:
        for by, (claim, kind) in enumerate(zip(self.claims, self._kinds, strict=True)):
            if kind is not None and _can_be_told(claim.origin):
                yield from (Stance(by, on, kind) for on in self._targets(by, kind))

    def _cue(self, claim: Claim) -> str:
        """The cue, with the words right before it that are not its source's."""
        if claim.cue is None:
            return ""
        start, end = claim.cue.spans[0][0], claim.cue.spans[-1][1]
        source = [e for _, e in (claim.source.spans if claim.source else ()) if e <= start]
        before = _WORDS_BEFORE.search(self.text, max([0, start - 30, *source]), start)
        return self.text[before.start() if before else start : end].strip()

    def _targets(self, by: int, kind: StanceKind) -> list[int]:
        """The claims that a stance is taken on."""
        claim = self.claims[by]
        told = _TOLD_BEFORE.fullmatch(claim.text)
        if told and (len(stems_of(told["rest"])) < MIN_SHARED or _UNTRUE.search(told["rest"])):
            return [on for on in self._last_told(by, kind) if self._meant(by, on, told)]
        if kind == "denied" and _PERSON.fullmatch(claim.text):
            return self._last_told(by, kind)
        if kind == "denied" and _DENIED_WHOLLY.match(claim.text):
            return [on for on in self._last_told(by, kind) if self._accuses(on, claim.origin)]
        if told or not _CLAUSE.match(claim.text):
            return []  # what is only named ("the story about the dam") is about the same, and need not be the same
        return [on for on in range(len(self.claims)) if self._alike(by, on) and self._independent(by, on, kind)]

    def _meant(self, by: int, on: int, told: re.Match[str]) -> bool:
        """Whether "it", "the report" or "the figures" may be the claim told last: a figure has a number, a report an outlet or document behind it.

        A noun in a paragraph of its own may go further back, unless the claim speaks of the one who answers it.
        """
        claim = self.claims[on]
        if told["number"] and not re.search(r"\d", claim.text):
            return False
        if told["press"] and not any(link.kind in ("outlet", "journalist", "document") for link in claim.chain):
            return False
        apart = self._paragraph(self.claims[by].start) != self._paragraph(claim.start)
        return not apart or _PRONOUN.match(told["told"]) is not None or self._speaks_of(on, self.claims[by].origin)

    def _accuses(self, on: int, origin: Link | None) -> bool:
        """Whether a claim accuses somebody by its cue, and names whom."""
        cue = self.claims[on].cue
        return cue is not None and _ACCUSING.search(cue.text) is not None and self._speaks_of(on, origin)

    def _last_told(self, by: int, kind: StanceKind) -> list[int]:
        """The claims told last before this one, the ones within the other, where they are another source's and no more than REACH sentences back."""
        at = self.claims[by]
        start = min(at.start, *(s for s, _ in at.cue.spans)) if at.cue else at.start
        before = [k for k, c in enumerate(self.claims) if c.end <= start and k != by]
        end = max((self.claims[k].end for k in before), default=0)
        if not before or self._sentence(at.start) - self._sentence(end - 1) > REACH:
            return []
        return [k for k in before if self.claims[k].end == end and self.claims[k].claim and self._independent(by, k, kind)]

    def _paragraph(self, at: int) -> int:
        return sum(1 for s, _ in self.report.article.paragraphs if s <= at)

    def _sentence(self, at: int) -> int:
        return sum(1 for s, _ in self.report.article.sentences if s <= at)

    def _speaks_of(self, on: int, origin: Link | None) -> bool:
        """Whether a claim names whom the other source is or speaks for."""
        said = telling_words(self.claims[on].text)
        return origin is not None and any(telling_words(name) & said for name in (origin.entity, origin.org) if name)

    def _alike(self, by: int, on: int) -> bool:
        """Whether two claims are on the same thing: enough words in common, and both or neither of them negated."""
        a, b = self._words[by], self._words[on]
        shared = a & b
        if by == on or not self.claims[on].claim or len(shared) < MIN_SHARED:
            return False
        if self._negated(by) != self._negated(on):
            return False
        shorter, longer = sorted((self._weight(a), self._weight(b)))
        return self._weight(shared) >= max(MIN_OVERLAP * shorter, (MIN_OVERLAP if self._kinds[by] == "backed" else MIN_COVER) * longer)

    def _negated(self, k: int) -> bool:
        return len(_NEGATION.findall(self.claims[k].text)) % 2 == 1

    def _weight(self, words: frozenset[str]) -> float:
        return sum(math.log(1 + self._sentences / max(1, self._often[w])) for w in words)

    @property
    def _sentences(self) -> int:
        return len(self.report.article.sentences)

    @cached_property
    def _often(self) -> Counter[str]:
        """In how many sentences each word stands."""
        return Counter(word for s in self.report.article.sentences for word in stems(self.text, (s,)))

    def _apart(self, by: int, on: int) -> bool:
        """Whether two claims come from different sources, and neither is told within the other."""
        a, b = self.claims[by], self.claims[on]
        nested = any(overlaps(s, t) for s in a.content.spans for t in b.content.spans)
        answers = self._kinds[on] == "denied" or _UNCHECKED.search(b.text)  # of two who deny a thing, neither contradicts the other
        return not nested and not answers and a.origin is not None and b.origin is not None and not _one_house(a.origin, b.origin)

    def _independent(self, by: int, on: int, kind: StanceKind) -> bool:
        """Whether one source can vouch for, or contradict, what the other told. Who confirms must have come to the reader by another way, too."""
        if not self._apart(by, on):
            return False
        if kind == "denied":
            return True
        a, b = self.claims[by], self.claims[on]
        return _can_be_told(b.origin) and not any(_one_house(x, y) for x in a.chain for y in b.chain) and not _maybe_one(a.origin, b.origin)


def cue_stance(cue: str, content: str) -> StanceKind | None:
    """The stance that a cue takes, None where it takes none or withholds it."""
    name = next((name for name, pattern in _CUES if pattern.search(cue)), None)
    if name is None or _WITHHELD.search(cue):
        return None
    if name == "confirmed" or name == "backed":
        return "confirmed" if name == "confirmed" else "backed"
    told = _TOLD_BEFORE.match(content)
    if name == "denied":
        return "denied" if told or _PERSON.fullmatch(content) or _DENIED_WHOLLY.match(content) or _CLAUSE.match(content) else None
    if told and (_UNTRUE.search(told["rest"]) or (name == "spurned" and not re.match(r"(?:it|this|that)\b", content, re.I))):
        return "denied"
    return None


def _can_be_told(origin: Link | None) -> bool:
    """Whether it is said who a source is, at least by position: "critics" may be anybody."""
    return origin is not None and origin.naming in ("named", "described")


def _one_house(a: Link, b: Link) -> bool:
    """Whether two links are one person or body, or speak for one."""
    return any(same_entity(x, y) for x in (a.entity, a.org) for y in (b.entity, b.org) if x and y)


def _maybe_one(a: Link | None, b: Link | None) -> bool:
    """Whether two sources may be one and the same, since neither is named and it isn't told of both whom they speak for."""
    return a is not None and b is not None and "named" not in (a.naming, b.naming) and not (a.org and b.org)


def stems(text: str, spans: Sequence[Span]) -> frozenset[str]:
    """The telling words of some stretches of text, their endings cut."""
    return frozenset(stem for s, e in spans for stem in stems_of(text[s:e]))


def stems_of(text: str) -> frozenset[str]:
    """The telling words of a text, their endings cut, those that say nothing of a thing left out."""
    words = (w.casefold().replace("’", "'").removesuffix("'s") for w in _WORD.findall(text))
    return frozenset(re.sub(r"(?:ing|ed|es|s|e)$", "", w) if len(w) > 4 else w for w in words if w not in _EMPTY and len(w) > 1)
