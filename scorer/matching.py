"""When two names or descriptions are the same entity."""

from __future__ import annotations

import re
from functools import lru_cache

_SMALL = frozenset("the a an of for to at in on by and who mr mrs ms dr sen rep gov gen president secretary senator former then vice us u.s".split())
_ROLES = frozenset(
    """spokesman spokeswoman spokesperson campaign aide adviser advisor lawyer attorney office official supporter staff ally source son daughter wife husband brother
    sister team report email tweet book ad video letter memo poll survey study reporter correspondent journalist editor""".split()
)
_GENERIC = _ROLES | frozenset(
    """senior department ministry government state house party newspaper time post news agency people men women group member one two three several some""".split()
)
_MAX_WORDS = 15


@lru_cache(maxsize=65536)
def telling_words(name: str) -> frozenset[str]:
    """The words that tell one entity from another: no titles, no small words, plurals and apostrophes folded."""
    folded = name.casefold().replace("’", "'").replace("e-mail", "email").replace("-", " ")
    return frozenset(w.removesuffix("'s").removesuffix("s") for w in re.findall(r"[\w'.]+", folded)) - _SMALL


def is_acronym(short: str, long: str) -> bool:
    """Whether `short` is made of the initials of `long`'s capitalised words."""
    return short.isupper() and 2 <= len(short) <= 6 and short == "".join(w[0] for w in re.findall(r"[A-Z]\w+", long))


def same_entity(a: str, b: str, named: bool = True) -> bool:
    """The same words; one name inside the other ("Comey", "James Comey") without a new role ("Clinton", "Clinton campaign"); an acronym;
    or, for what is not named, half of all words in common with a telling one among them."""
    if is_acronym(a.strip(), b) or is_acronym(b.strip(), a):
        return True
    x, y = telling_words(a), telling_words(b)
    if x == y:
        return True
    if not x or not y or max(len(x), len(y)) > _MAX_WORDS:
        return False
    shared, (small, large) = x & y, sorted((x, y), key=len)
    if not shared - _GENERIC:
        return False
    if small <= large:
        return not named or not (large - small) & _ROLES
    return not named and len(shared) / len(x | y) >= 0.5
