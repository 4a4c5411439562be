"""Arithmetic on spans: half-open pairs of character offsets, as every stage uses them."""

from __future__ import annotations

from collections.abc import Iterable

Span = tuple[int, int]


def inside(inner: Span, outer: Span) -> bool:
    """Whether `inner` lies within `outer`, which it may equal."""
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def overlaps(a: Span, b: Span) -> bool:
    """Whether the two share a character."""
    return a[0] < b[1] and b[0] < a[1]


def gap(a: Span, b: Span) -> int:
    """The characters between the two; 0 where they touch or overlap."""
    return max(0, max(a[0], b[0]) - min(a[1], b[1]))


def hull(spans: Iterable[Span]) -> Span:
    """The smallest span that holds all of `spans`, which must not be empty."""
    pieces = list(spans)
    return min(s for s, _ in pieces), max(e for _, e in pieces)


def characters(spans: Iterable[Span]) -> set[int]:
    """The offsets that the spans hold."""
    return {i for start, end in spans for i in range(start, end)}


def words_of(text: str, spans: Iterable[Span]) -> str:
    """The words of several pieces, an ellipsis between them."""
    return " … ".join(text[s:e] for s, e in spans)
