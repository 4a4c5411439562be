"""Words for people: what a number is of, and an article's own words as they may be printed."""

from __future__ import annotations

import re

# White space, what moves a terminal's cursor, and what turns the direction of writing: an article must not be able to repaint the screen.
_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")


def plain(text: str) -> str:
    """Words of an article as they may be printed: on one line, without what would move a terminal's cursor."""
    return _UNPRINTABLE.sub(" ", text).strip()


def counted(n: int, one: str, many: str | None = None) -> str:
    """A number and what it is of, in the plural but for one."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"
