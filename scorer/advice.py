"""A weakness of a claim's sourcing in, what an editor could do about it out; and where an article says why a source is not named.

The advice never asks for a name: who is not named may have good reason, and a reader is served by being told it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from scorer.article import Article
from scorer.features import Sourcing, to_origin
from scorer.lexicon import ANONYMITY, ANONYMITY_REASONS
from scorer.links import Link
from scorer.spans import overlaps

_ASKS = re.compile("|".join(ANONYMITY), re.I)
_BECAUSE = re.compile("|".join(ANONYMITY_REASONS), re.I)
_PEOPLE = frozenset({"official", "partisan", "expert", "witness", "journalist", "unknown"})
_ANSWERABLE = _PEOPLE | {"organisation"}


def explained_sources(article: Article, chains: Iterable[Sequence[Link]]) -> frozenset[str]:
    """The entities, not named, of which the article says why: the reason stands in a sentence that mentions them."""
    telling = [s for s in article.sentences if (found := _ASKS.search(article.text, *s)) and _BECAUSE.search(article.text, found.start(), s[1])]
    links = [link for chain in chains for link in chain if link.naming != "named" and link.start is not None and link.end is not None]
    return frozenset(link.entity for link in links for s in telling if overlaps(s, (link.start or 0, link.end or 0)))


def advice(aspect: str, sourcing: Sourcing, chain: Sequence[Link], explained: bool = False) -> str | None:
    """What would make up for a weakness; `explained` tells whether the article says why the origin is not named. None where nothing would."""
    chain = to_origin(chain)
    if not chain:
        return "say whose account this is" if aspect == "origin_naming" else None
    origin, before = chain[-1], chain[:-1]
    who = origin.entity if origin.naming == "named" else f"“{origin.entity}”"
    match aspect:
        case "origin_naming" if origin.naming == "none":
            return "say whose account this is, or that nobody stands by it"
        case "origin_naming" if origin.kind == "outlet":
            return "say which outlet it is"
        case "origin_naming" if origin.kind in _ANSWERABLE and not explained:
            return f"say why {who} is not named" + (", and what tells how they know" if origin.naming == "vague" else "")
        case "origin_naming" if origin.naming == "vague" or origin.kind == "document":
            return f"say how {who} can know" if origin.kind in _PEOPLE else _another(origin)
        case "relays" if unnamed := next((link for link in before if link.kind == "outlet" and link.naming != "named"), None):
            return f"say which outlet “{unnamed.mention}” is"
        case "relays" if before:
            return f"ask {who}, or say that you could not" if origin.kind in _PEOPLE and origin.naming == "named" else _another(origin)
        case "firsthand" if not sourcing.press:
            return f"add a second source who was there, or say how {who} can know" if origin.kind in _PEOPLE else _another(origin)
        case "untold":
            return f"say where {who} has it from, or that this is not told"
        case "go_between":
            return "say why whoever passed it on is not named"
    return None


def _another(origin: Link) -> str:
    """What to do where nobody can be asked: a document can be read, all else be checked with somebody else."""
    return f"link or quote “{origin.entity}” yourself" if origin.kind == "document" else "add a second source, or say that there is none"
