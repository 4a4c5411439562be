"""An article or its text in, its `Report` out: the whole way in one call."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from scorer.admiralty import graded
from scorer.article import Article, make_article
from scorer.locate import default_model
from scorer.model import Model
from scorer.outlets import Registry
from scorer.ratings import Ratings, rated
from scorer.report import Report, build_report


def score(
    article: Article | str, *, outlet: str | None = None, model: Model | None = None, outlets: Registry | None = None, ratings: Ratings | None = None
) -> Report:
    """Report on an article or its text, with the shipped model unless another is given. `outlet` is the publisher of a text.

    `outlets` are those known by name, the model's unless given (`Registry.load("mine.csv")`). With `ratings` of outlets (`Ratings.load("ratings.csv")`)
    each outlet carries its own and each claim an Admiralty grade; the score stays as it is.

    Raises InputError where there is nothing to score, ModelError where the model can't be loaded.
    """
    model = model or _shipped()
    model = model if outlets is None else replace(model, outlets=outlets)
    reading = model.read(make_article(article, outlet=outlet) if isinstance(article, str) else article)
    report = build_report(reading, model.rate(reading), model.version)
    return report if ratings is None else graded(rated(report, ratings))


@cache
def _shipped() -> Model:
    return Model.load(default_model())
