"""A chain and its judgements in, one row of readable numbers a claim out: what the directness model sees.

Every column is documented in `FEATURES`. Namings count by their probabilities, so that doubt about a name moves a claim less than a name does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scorer.links import NAMING_CLASSES, Link

if TYPE_CHECKING:
    import pandas

    from scorer.model import Reading

_PRESS = frozenset({"outlet", "journalist"})
_CARRIERS = _PRESS | {"document"}


@dataclass(frozen=True)
class Feature:
    """What a column means, its range, the reason it belongs to, and whether more of it may only raise (+1) or lower (-1) the directness."""

    meaning: str
    range: str
    reason: str
    sign: int


FEATURES: dict[str, Feature] = {
    "origin_named": Feature("probability that the origin is named", "0 to 1", "origin_naming", +1),
    "origin_described": Feature("probability that the origin is named or its position told", "0 to 1", "origin_naming", +1),
    "origin_told": Feature("probability that anything is told of the origin", "0 to 1", "origin_naming", +1),
    "firsthand": Feature("probability that the origin speaks of its own acts, plans or experience", "0 to 1", "firsthand", +1),
    "named_firsthand": Feature("probability that the origin is named and speaks first-hand", "0 to 1", "firsthand", +1),
    "relays_1": Feature("the claim passed through another house before the reader's", "0 or 1", "relays", -1),
    "relays_2": Feature("it passed through two or more", "0 or 1", "relays", -1),
    "relays_3": Feature("it passed through three or more", "0 or 1", "relays", -1),
    "untold": Feature("probability that a press account tells no source of its own", "0 to 1", "untold", -1),
    "go_between": Feature("probability that somebody who is neither press nor document and not named passed it on", "0 to 1", "go_between", -1),
    "no_chain": Feature("no source is stated at all", "0 or 1", "origin_naming", -1),
}


def to_origin(chain: Sequence[Link]) -> Sequence[Link]:
    """The chain without a crowd behind a document: a poll's respondents are the poll."""
    while len(chain) > 1 and chain[-1].kind == "crowd" and chain[-2].kind == "document":
        chain = chain[:-1]
    return chain


def relay_houses(chain: Sequence[Link]) -> list[str]:
    """The houses a claim passed before its origin's own, reader's side first; an outlet and its correspondent are one."""
    chain = to_origin(chain)
    out: list[str] = []
    for link in chain[:-1]:
        if link.house != chain[-1].house and (not out or out[-1] != link.house):
            out.append(link.house)
    return out


def naming_probabilities(link: Link) -> dict[str, float]:
    """How far a link is named; certain where no head was asked."""
    return dict(zip(NAMING_CLASSES, link.namings, strict=True)) if link.namings else {n: float(n == link.naming) for n in NAMING_CLASSES}


def claim_row(chain: Sequence[Link], firsthand: float) -> dict[str, float]:
    """The features of a claim; `firsthand` is the probability that its origin tells it first-hand."""
    chain = to_origin(chain)
    if not chain:
        return dict.fromkeys(FEATURES, 0.0) | {"no_chain": 1.0}
    p = naming_probabilities(chain[-1])
    named, described, told = p["named"], p["named"] + p["described"], 1.0 - p["none"]
    relays = len(relay_houses(chain))
    return {
        "origin_named": named,
        "origin_described": described,
        "origin_told": told,
        "firsthand": firsthand,
        "named_firsthand": named * firsthand,
        "relays_1": float(relays >= 1),
        "relays_2": float(relays >= 2),
        "relays_3": float(relays >= 3),
        "untold": (1.0 - firsthand) * is_press_account(chain),
        "go_between": max((1.0 - naming_probabilities(link)["named"] for link in chain[:-1] if link.kind not in _CARRIERS), default=0.0),
        "no_chain": 0.0,
    }


def is_press_account(chain: Sequence[Link]) -> bool:
    """Whether a chain ends at the press: at an outlet, or at a journalist or a document behind an outlet or journalist."""
    origin, before = chain[-1], chain[:-1]
    return origin.kind == "outlet" or (origin.kind in _CARRIERS and any(link.kind in _PRESS for link in before))


def to_frame(reading: Reading) -> pandas.DataFrame:
    """One row an attribution of a reading, with the columns of FEATURES."""
    import pandas

    rows: list[Mapping[str, float]] = [claim_row(chain, p) for chain, p in zip(reading.chains, reading.firsthand, strict=True)]
    return pandas.DataFrame(rows, columns=list(FEATURES))
