"""A report with rated outlets in, the same with an Admiralty grade a claim out: how reliable who hands it on is, and what the article tells for it.

The letter and the digit are judged apart, as the system asks (NATO AJP-2.1). The letter is the user's: it comes from his ratings of the outlets
through whose hands the claim came, for the reader has to rely on all of them, and the worst of them counts. One that has no rating makes it F: a
known outlet that repeats an unknown one vouches for nothing. The publisher counts where it has a rating, and alone where the chain has no outlet.
The digit tells what other sources in the same article say of the claim, and nothing of whether it is true.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scorer.outlets import name_key
from scorer.stances import Stance, StanceKind, find_stances

if TYPE_CHECKING:
    from scorer.links import Link
    from scorer.report import Claim, Report

RELIABILITY: tuple[tuple[str, float], ...] = (("A", 0.8), ("B", 0.6), ("C", 0.4), ("D", 0.2), ("E", 0.0))  # a letter, and the least rating for it
UNRATED = "F"

CREDIBILITY: dict[int, str] = {
    1: "a named source independent of its own confirms it",
    2: "an unnamed one does, or one that says the same of its own accord",
    3: "sources both confirm and contradict it",
    4: "another source contradicts it",
    5: "two or more do",
    6: "the article tells neither",
}


@dataclass(frozen=True)
class Ground:
    """What a grade rests on, in words; `claim` is the id of the claim that says so, None for a rating."""

    text: str
    claim: str | None = None


@dataclass(frozen=True)
class Grade:
    """`reliability` A to F of who hands a claim on, `credibility` 1 to 6 by what the article tells, and the grounds of both."""

    reliability: str
    credibility: int
    grounds: tuple[Ground, ...]

    @property
    def grade(self) -> str:
        """Both, as in B3."""
        return f"{self.reliability}{self.credibility}"

    def to_dict(self) -> dict[str, Any]:
        return {
            "grade": self.grade,
            "reliability": self.reliability,
            "credibility": self.credibility,
            "because": [f"{g.claim}: {g.text}" if g.claim else g.text for g in self.grounds],
        }


def graded(report: Report) -> Report:
    """The report with a grade for each of its claims; attitudes, wishes and orders have none."""
    stances = find_stances(report)
    claims = tuple(replace(c, admiralty=_grade(report, k, stances)) if c.claim else c for k, c in enumerate(report.claims))
    return replace(report, claims=claims)


def _grade(report: Report, k: int, stances: Sequence[Stance]) -> Grade:
    letter, rating = reliability(report, report.claims[k])
    digit, grounds = credibility(report.claims, k, stances)
    return Grade(letter, digit, (rating, *grounds))


def reliability(report: Report, claim: Claim) -> tuple[str, Ground]:
    """The letter of a claim, and whose rating it rests on."""
    publisher = report.article.outlet or "this article"
    ratings: dict[str, float | None] = {link.press: link.rating for link in claim.chain if link.press and not _publishes(link, link.press, report)}
    if report.rating is not None or not ratings:
        ratings[publisher] = report.rating
    unrated = [name for name, rating in ratings.items() if rating is None]
    if unrated:
        return UNRATED, Ground(f"{unrated[-1]} is not rated")
    rating, name = min((rating, name) for name, rating in ratings.items() if rating is not None)
    return next(letter for letter, least in RELIABILITY if rating >= least), Ground(f"{name} is rated {rating:.2f}")


def _publishes(link: Link, press: str, report: Report) -> bool:
    """Whether a link's outlet is the publisher, by name or as the registry knows both: "Washington" is not the Washington Post."""
    return name_key(press) == name_key(report.article.outlet or "") or (link.outlet is not None and link.outlet == report.publisher)


def credibility(claims: Sequence[Claim], k: int, stances: Iterable[Stance]) -> tuple[int, tuple[Ground, ...]]:
    """The digit of a claim, a key of CREDIBILITY, and the claims it rests on; a stance speaks for or against both of its claims."""
    others: dict[str, tuple[StanceKind, Claim, bool]] = {}  # by source: its stance, the claim it takes it in, whether that claim is the later one
    for stance in stances:
        if k in (stance.by, stance.on):
            other = claims[stance.by if stance.on == k else stance.on]
            others.setdefault(other.origin.entity if other.origin else "", (stance.kind, other, stance.on == k))
    contradicting = sum(kind == "denied" for kind, _, _ in others.values())
    confirming = len(others) - contradicting
    sure = any(kind == "confirmed" and other.origin and other.origin.naming == "named" for kind, other, _ in others.values())
    grounds = tuple(Ground((_ANSWERED if later else _ANSWERS)[kind].format(who), other.id) for who, (kind, other, later) in others.items())
    if confirming and contradicting:
        return 3, grounds
    if confirming:
        return 1 if sure else 2, grounds
    return {0: 6, 1: 4}.get(contradicting, 5), grounds


_ANSWERED = {"confirmed": "confirmed by {}", "backed": "told by {} too", "denied": "denied by {}"}
_ANSWERS = {"confirmed": "{} says the same", "backed": "{} says the same", "denied": "{} says the contrary"}
