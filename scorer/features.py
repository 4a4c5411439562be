"""A chain and its judgements in, one row of readable numbers a claim out: what the directness model sees.

Every column is documented in `FEATURES`. What the models of the stages before are unsure of counts by its probability: so a doubtful name moves
a claim less than a sure one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from scorer.links import Link
from scorer.vocabulary import NAMING_CLASSES, Naming

if TYPE_CHECKING:
    import pandas

    from scorer.model import Reading

_PRESS = frozenset({"outlet", "journalist"})
_CARRIERS = _PRESS | {"document"}
_BASE: dict[Naming, int] = {"named": 3, "described": 2, "vague": 1, "none": 0}


@dataclass(frozen=True)
class Feature:
    """What a column means, its range, and whether more of it may only raise (+1) or lower (-1) the directness, or only spread the levels (0)."""

    meaning: str
    range: str
    sign: int


FEATURES: dict[str, Feature] = {
    **{f"at_least_{k}": Feature(f"probability that the chain, by the levels' definition, is of level {k} or more", "0 to 1", +1) for k in range(1, 5)},
    "origin_named": Feature("probability that the origin is named", "0 to 1", +1),
    "hedged": Feature("the words themselves say that no source is stated (“reportedly”)", "0 or 1", -1),
    "firsthand": Feature("probability that the origin speaks of its own acts, plans or experience", "0 to 1", +1),
    "relays_1": Feature("probability that the claim passed through another house before the reader's; 1 where the chain shows one", "0 to 1", -1),
    "relays_2": Feature("it passed through two or more", "0 or 1", -1),
    "doubt": Feature("probability that a link of the chain is not right", "0 to 1", 0),
}


@dataclass(frozen=True)
class Sourcing:
    """What counts of a chain: how far the origin is named (a probability for each of NAMING_CLASSES), the probability that it speaks first-hand,
    the number of other houses passed, whether the chain ends at the press, what unnamed go-betweens cap the base at (0 to 3), whether anybody
    before the origin is identified, whether a word like "reportedly" says that no source is stated, the probability (`relayed`) that it passed
    through a house that the chain does not show, where it shows none, and the probability (`doubt`) that a link of the chain is not right."""

    namings: tuple[float, ...]
    firsthand: float
    relays: int
    press: bool
    cap: int
    traceable: bool
    hedged: bool = False
    relayed: float = 0.0
    doubt: float = 0.0

    def level(self, naming: Naming, firsthand: bool, more: int = 0) -> int:
        """The level by its definition, were the origin so named and first-hand or not, and had it passed through `more` houses."""
        base = _BASE[naming] + int(naming == "named" and firsthand)
        if self.press and not firsthand:
            base = min(base, 1)
        floor = int(self.traceable or naming in ("named", "described"))
        return max(floor, min(base, self.cap) - self.relays - more)

    def row(self) -> dict[str, float]:
        """The columns of FEATURES."""
        hidden = 0.0 if self.relays else self.relayed
        cases = product(
            zip(NAMING_CLASSES, self.namings, strict=True), ((True, self.firsthand), (False, 1.0 - self.firsthand)), ((0, 1.0 - hidden), (1, hidden))
        )
        at_least = [0.0] * 5
        for (naming, p), (firsthand, q), (more, r) in cases:
            for k in range(1, self.level(naming, firsthand, more) + 1):
                at_least[k] += p * q * r
        return {
            **{f"at_least_{k}": at_least[k] for k in range(1, 5)},
            "origin_named": self.namings[0],
            "hedged": float(self.hedged),
            "firsthand": self.firsthand,
            "relays_1": 1.0 if self.relays else hidden,
            "relays_2": float(self.relays >= 2),
            "doubt": self.doubt,
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
    before = None
    for link in chain[:-1]:
        if link.house not in (before, chain[-1].house):
            out.append(link.house)
        before = link.house
    return out


def sourcing(chain: Sequence[Link], firsthand: float, relayed: float = 0.0) -> Sourcing:
    """What counts of a chain whose origin speaks first-hand, and which hides a relay, with these probabilities.

    An empty chain is an origin of which nothing is told.
    """
    doubt = 1.0 - min((link.confidence for link in chain), default=1.0)
    chain = to_origin(chain)
    if not chain:
        return Sourcing((0.0, 0.0, 0.0, 1.0), 0.0, 0, False, 4, False, relayed=relayed)
    before = chain[:-1]
    namings = chain[-1].namings or tuple(float(n == chain[-1].naming) for n in NAMING_CLASSES)
    return Sourcing(
        namings=namings,
        firsthand=firsthand,
        relays=len(relay_houses(chain)),
        press=is_press_account(chain),
        cap=min((_BASE[link.naming] for link in before if link.kind not in _CARRIERS and link.naming != "named"), default=4),
        traceable=any(link.naming in ("named", "described") for link in before),
        hedged=chain[-1].naming == "none",
        relayed=relayed,
        doubt=doubt,
    )


def is_press_account(chain: Sequence[Link]) -> bool:
    """Whether a chain ends at the press: at an outlet, or at a journalist or a document behind an outlet or journalist."""
    origin, before = chain[-1], chain[:-1]
    return origin.kind == "outlet" or (origin.kind in _CARRIERS and any(link.kind in _PRESS for link in before))


def to_frame(reading: Reading) -> pandas.DataFrame:
    """One row an attribution of a reading, with the columns of FEATURES."""
    import pandas

    rows: list[Mapping[str, float]] = [sourcing(*known).row() for known in zip(reading.chains, reading.firsthand, reading.relayed, strict=True)]
    return pandas.DataFrame(rows, columns=list(FEATURES))
