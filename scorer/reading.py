"""An article or its text in, its `Report` out: the whole way in one call."""

from __future__ import annotations

from functools import cache

from scorer.article import Article, make_article
from scorer.locate import default_model
from scorer.model import Model
from scorer.report import Report, build_report


def score(article: Article | str, *, outlet: str | None = None, model: Model | None = None) -> Report:
    """Report on an article or its text, with the shipped model unless another is given. `outlet` is the publisher of a text.

    Raises InputError where there is nothing to score, ModelError where the model can't be loaded.
    """
    model = model or _shipped()
    reading = model.read(make_article(article, outlet=outlet) if isinstance(article, str) else article)
    return build_report(reading, model.rate(reading), model.version)


@cache
def _shipped() -> Model:
    return Model.load(default_model())
