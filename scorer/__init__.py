"""Follows every statement in a news article back through all the hands it passed, and scores how directly sourced it is.

>>> import scorer
>>> report = scorer.score(text, outlet="Northern Courier")
>>> report.claims[0].chain, report.claims[0].directness
>>> report.to_dict(), report.to_frame()
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scorer.article import Article, read_article
    from scorer.errors import ScorerError
    from scorer.links import Link
    from scorer.model import Model
    from scorer.reading import score
    from scorer.report import Claim, Report

__version__ = "0.1.0"
__all__ = ["Article", "Claim", "Link", "Model", "Report", "ScorerError", "read_article", "score"]

_HOMES = {
    "Article": "article",
    "Claim": "report",
    "Link": "links",
    "Model": "model",
    "Report": "report",
    "ScorerError": "errors",
    "read_article": "article",
    "score": "reading",
}


def __getattr__(name: str) -> Any:
    """Import a name when it is first used: the command line's help must not wait for the encoder's runtime."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
