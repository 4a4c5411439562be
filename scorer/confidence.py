"""A chain in, the probability out that each of its links is right: the right entity, in its place from either end.

The stages before multiply their own probabilities, which are those of choices made on labelled truth; a linear head fitted on whole readings of
articles that nothing was fitted to turns the product into one that can be trusted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from scorer.attributions import Attribution
from scorer.heads import LinearHead, Value
from scorer.links import Link


def with_confidence(chain: Sequence[Link], attribution: Attribution, head: LinearHead) -> tuple[Link, ...]:
    """The chain with calibrated confidences."""
    return tuple(replace(link, confidence=head.probability(confidence_features(chain, k, attribution))) for k, link in enumerate(chain))


def confidence_features(chain: Sequence[Link], k: int, attribution: Attribution) -> dict[str, Value]:
    """What tells whether link k of a chain is right: how sure the stages were of it and of the rest, and what it is."""
    link, others = chain[k], [x.confidence for i, x in enumerate(chain) if i != k]
    place = "origin" if k == len(chain) - 1 else "relay"
    described = "name" if link.naming == "named" else link.naming
    return {
        "raw": _log_odds(link.confidence),
        f"raw:{place}": _log_odds(link.confidence),
        "others": _log_odds(min(others)) if others else 0.0,
        f"others:{place}": _log_odds(min(others)) if others else 0.0,
        "tagged": _log_odds(attribution.tagged),
        "pairing": _log_odds(attribution.pairing),
        "naming_sure": _log_odds(max(link.namings, default=1.0)),
        "kind_sure": _log_odds(max(link.kinds, default=1.0)),
        "place": f"{place}:{min(3, len(chain))}",
        "place+kind": f"{place}:{link.kind}",
        "place+naming": f"{place}:{described}",
        "source": f"{attribution.source is not None}:{attribution.outer is not None}",
    }


def _log_odds(p: float) -> float:
    p = min(max(p, 1e-2), 1 - 1e-2)
    return math.log(p / (1 - p))
