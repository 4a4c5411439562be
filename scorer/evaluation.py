"""Comparisons of articles with their labels in, an evaluation out: figures with intervals, tables by what the claims are, and the worst misses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from scorer.article import Article
from scorer.comparison import RIGHTS, Comparison, Found, Judged, compare, houses, told
from scorer.errors import LabelError
from scorer.examples import right_links
from scorer.figures import BINS, NO_LEVEL, NUMBERS, WORST_SCORE, Array, bin_of, figures_of, nested, ranked_score, rounded
from scorer.labels import LabelledArticle
from scorer.links import Link
from scorer.matching import same_entity
from scorer.spans import Span, hull
from scorer.vocabulary import LEVELS

BREAKDOWNS = ("sort", "origin_kind", "level", "links")
SORTS = ("sort", "outlet", "picked")
CONFIDENCE = 0.95

_FLAGS = ("chained", "answered", *RIGHTS, "relayed", "behind", "one_relay", "scored", "level_right")
_ROWS = {
    **{"article": "int64", "sort": "object", "origin_kind": "object", "links": "int64", "level": "Int64"},
    **{"given": "int64", "score": "float64", "top": "float64"},
    **dict.fromkeys(_FLAGS, "bool"),
}
_FOUND = {"article": "int64", "chained": "bool", "relayed": "bool"}


@dataclass(frozen=True)
class Miss:
    """An answer that went wrong, and by how much: `loss`, the more the worse."""

    article: LabelledArticle
    judged: Judged
    found: Found
    loss: float

    @property
    def span(self) -> Span:
        """The sentences that hold the attribution's words."""
        spans = [s for pieces in self.judged.label.spans.values() for s in pieces]
        start, end = hull(spans)
        held = [s for s in Article(self.article.text).sentences if s[0] < end and start < s[1]]
        return hull([*held, (start, end)])

    def to_dict(self) -> dict[str, Any]:
        """The miss in words of the article, which may not be yours to publish."""
        labelled, given = self.judged, self.found
        return {
            "article": self.article.id,
            "attribution": labelled.label.id,
            "loss": round(self.loss, 3),
            "context": self.article.text[slice(*self.span)],
            "labelled": {"level": labelled.level, "chain": [_link(x) for x in labelled.chain]},
            "given": {
                "level": given.level,
                "probabilities": given.probabilities and [round(p, 4) for p in given.probabilities],
                "chain": [{**_link(x), "confidence": x.confidence} for x in told(given.chain)],
            },
        }


@dataclass(frozen=True)
class Evaluation:
    """The comparisons of a corpus, of one article at least, and all that is counted of them."""

    comparisons: tuple[Comparison, ...]

    @property
    def articles(self) -> int:
        return len(self.comparisons)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """One labelled attribution a row: its article's place, what it is (BREAKDOWNS), what it was given, and what of that is right."""
        rows = [_row(k, sort, judged) for k, (c, sort) in enumerate(zip(self.comparisons, self._sorts, strict=True)) for judged in c.judged]
        return pd.DataFrame(rows, columns=list(_ROWS)).astype(_ROWS)

    @cached_property
    def found(self) -> pd.DataFrame:
        """One counted claim of a report a row: its article's place, and whether it is to have a chain and passes through another house."""
        rows = [
            {
                "article": k,
                "chained": c.article.has_chains and (label is None or label.chain is not None),
                "relayed": bool(houses(told(found.chain))),
            }
            for k, c in enumerate(self.comparisons)
            for found, label in c.counted
        ]
        return pd.DataFrame(rows, columns=list(_FOUND)).astype(_FOUND)

    @property
    def sort_field(self) -> str:
        """What the articles are sorted by: the first of SORTS that tells any two of those with chains apart."""
        articles = [c.article for c in self.comparisons if c.article.has_chains]
        return next((name for name in SORTS if len({_sort(a, name) for a in articles}) > 1), SORTS[0])

    @property
    def _sorts(self) -> list[str | None]:
        field = self.sort_field
        return [_sort(c.article, field) for c in self.comparisons]

    @cached_property
    def counts(self) -> dict[str, Array]:
        """What figures are made of, one article a row."""
        rows, found = self.rows, self.found
        chains, scored, sure = rows[rows["chained"]], rows[rows["scored"]], self._sure
        answered, chains_found = chains[chains["answered"]], found[found["chained"]]
        cells = scored["level"].to_numpy(np.intp) * (NO_LEVEL + 1) + scored["given"].to_numpy(np.intp)
        top = sure["top"].to_numpy()
        return {
            "labelled": self._sums(rows),
            "found": self._sums(found),
            "hits": self._sums(rows, rows["answered"]),
            "chains": self._sums(chains),
            "chains_found": self._sums(chains_found),
            "answered": self._sums(answered),
            **{name: self._sums(answered, answered[name]) for name in RIGHTS},
            "relays": self._sums(chains, chains["relayed"]),
            "relays_found": self._sums(chains_found, chains_found["relayed"]),
            "relay_routes": self._sums(answered, answered["route"] & answered["relayed"]),
            "behind": self._sums(answered, answered["behind"]),
            "one_relay": self._sums(answered, answered["one_relay"]),
            "levels": self._cells(scored, cells, len(LEVELS) * (NO_LEVEL + 1), np.ones(len(scored))),
            "scores": self._sums(scored, scored["score"]),
            "sure": self._sums(sure),
            "gaps": self._cells(sure, bin_of(top), BINS, top - sure["level_right"].to_numpy()),
        }

    def _sums(self, rows: pd.DataFrame, values: pd.Series[Any] | None = None) -> Array:
        """The sum of some values, or the number of rows, by article."""
        weights = np.ones(len(rows)) if values is None else values.to_numpy(np.float64)
        return self._cells(rows, np.zeros(len(rows), np.intp), 1, weights)[:, 0]

    def _cells(self, rows: pd.DataFrame, cells: np.ndarray[Any, np.dtype[np.intp]], width: int, weights: Array) -> Array:
        """Sums by article and cell: articles × width."""
        places = rows["article"].to_numpy(np.intp) * width + cells
        return np.bincount(places, weights, self.articles * width).astype(np.float64).reshape(self.articles, width)

    @property
    def _sure(self) -> pd.DataFrame:
        """The rows of claims that were given probabilities."""
        return self.rows[self.rows["scored"] & self.rows["top"].notna()]

    @cached_property
    def figures(self) -> dict[str, Any]:
        """The figures that `scorer.figures` defines, rounded; None where there is nothing to measure."""
        flat = figures_of({name: by_article.sum(axis=0) for name, by_article in self.counts.items()})
        missing = sum(c.missing for c in self.comparisons)
        return {"articles": self.articles, "missing_reports": missing, **nested({name: rounded(name, float(value)) for name, value in flat.items()})}

    def intervals(self, resamples: int, seed: int = 0) -> dict[str, Any]:
        """For each figure [low, high]: the middle 95 % of what it is over so many draws of as many articles, with replacement; seeded.

        Draws with nothing to measure are left out of a figure's interval, None where all are. Empty where there are no draws, or a single article to
        draw.
        """
        if not resamples or self.articles < 2:
            return {}
        draws = np.random.default_rng(seed).multinomial(self.articles, np.full(self.articles, 1 / self.articles), resamples).astype(np.float64)
        flat = figures_of({name: draws @ by_article for name, by_article in self.counts.items()})
        return nested({name: _interval(name, values) for name, values in flat.items() if name not in NUMBERS})

    @property
    def confusion(self) -> list[list[int]]:
        """Labelled levels, 0 to 4, by given ones; the last column is no level."""
        return [[int(n) for n in row] for row in self.counts["levels"].sum(axis=0).reshape(len(LEVELS), NO_LEVEL + 1)]

    def breakdown(self, by: str) -> pd.DataFrame:
        """A row for each value of one of BREAKDOWNS: how many there are (`n`), the share `answered`, of these each of RIGHTS, and of the claims
        among them the right levels (`level_right`), in percent; nan where there is none."""
        groups = self.rows[self.rows["chained"]].groupby(by, dropna=False)
        sums, n = groups[["answered", *RIGHTS, "level_right", "scored"]].sum(), groups.size()
        of = {"answered": n, **dict.fromkeys(RIGHTS, sums["answered"]), "level_right": sums["scored"]}
        table = pd.DataFrame({"n": n, **{name: 100 * sums[name] / whole.where(whole > 0) for name, whole in of.items()}})
        return table.sort_values("n", ascending=False, kind="stable") if by in ("sort", "origin_kind") else table

    def reliability(self) -> dict[str, pd.DataFrame]:
        """How often what is told with a probability is so, of the given `level`, of all that is `detected` and of each `link` of an answer: a row a
        bin that holds any, with how many it holds (`n`), their mean probability (`told`) and the share of them that is `right`.

        Unlike the figures, `detected` counts nested statements that answer nothing, if any label of the corpus is nested: it is fitted like that.
        """
        nested_labelled = any(c.article.is_nested(a) for c in self.comparisons for a in c.article.attributions)
        found = [(found.detected, label is not None) for c in self.comparisons for found, label in c.counted]
        found += [(found.detected, False) for c in self.comparisons for found in c.nested if nested_labelled]
        links = [
            (link.confidence, right)
            for c in self.comparisons
            for j in c.judged
            if j.found is not None and j.label.chain is not None
            for link, right in zip(j.found.chain, right_links(j.label, j.found.chain), strict=True)
        ]
        return {"level": _bins(self._sure["top"], self._sure["level_right"]), "detected": _reliable(found), "link": _reliable(links)}

    def worst_levels(self, n: int) -> list[Miss]:
        """The wrong levels, by their ranked probability score (0 to 4); claims that are taken for none are left out."""
        misses = [
            Miss(article, judged, found, float(ranked_score(found.probabilities, judged.level)))
            for article, judged, found in self._answers()
            if judged.level is not None and found.probabilities and found.level != judged.level
        ]
        return _worst(misses, n)

    def worst_chains(self, n: int) -> list[Miss]:
        """The wrong chains, by how sure the model is of their least sure link (0 to 1)."""
        misses = [
            Miss(article, judged, found, min(link.confidence for link in found.chain))
            for article, judged, found in self._answers()
            if found.chain and "chain" not in judged.right
        ]
        return _worst(misses, n)

    def _answers(self) -> Iterable[tuple[LabelledArticle, Judged, Found]]:
        return ((c.article, j, j.found) for c in self.comparisons for j in c.judged if j.found is not None and j.label.chain is not None)

    def to_dict(self, resamples: int = 0, worst: int = 0, seed: int = 0) -> dict[str, Any]:
        """All of it as JSON; words of the articles only where `worst` misses are asked for."""
        misses = {"levels": self.worst_levels(worst), "chains": self.worst_chains(worst)} if worst else {}
        return {
            "figures": self.figures,
            "intervals": self.intervals(resamples, seed) or None,
            "bootstrap": {"resamples": resamples, "seed": seed, "confidence": CONFIDENCE},
            "by": {self.sort_field if by == "sort" else by: _records(self.breakdown(by).reset_index(names="value")) for by in BREAKDOWNS},
            "confusion": {"labelled": [*range(len(LEVELS))], "given": [*range(len(LEVELS)), None], "counts": self.confusion},
            "reliability": {name: _records(table) for name, table in self.reliability().items()},
            "worst": {name: [m.to_dict() for m in found] for name, found in misses.items()},
        }


def evaluate_reports(articles: Sequence[LabelledArticle], reports: Mapping[str, Sequence[Found] | None]) -> Evaluation:
    """Compare articles with the claims of their reports, by id; in an article without a report nothing was found.

    Raises LabelError where there is no article.
    """
    if not articles:
        raise LabelError("no labelled articles to evaluate; pass files that have some")
    return Evaluation(tuple(compare(article, reports.get(article.id)) for article in articles))


def _row(place: int, sort: str | None, judged: Judged) -> dict[str, Any]:
    label, found = judged.label, judged.found
    chained = label.chain is not None
    answered = found if chained else None
    scored = answered is not None and judged.level is not None
    given = answered.level if answered and scored else None
    probabilities = answered.probabilities if answered and scored else None
    before = (label.chain or ())[:-1]
    return {
        "article": place,
        "sort": sort,
        "origin_kind": judged.chain[-1].kind if judged.chain else "unknown",
        "links": len(judged.chain),
        "level": judged.level if chained else None,
        "given": NO_LEVEL if given is None else given,
        "score": WORST_SCORE if probabilities is None or judged.level is None else ranked_score(probabilities, judged.level),
        "top": np.nan if probabilities is None else max(probabilities),
        "chained": chained,
        "answered": found is not None,
        **{name: name in judged.right for name in RIGHTS},
        "relayed": chained and judged.relayed,
        "behind": bool(before),
        "one_relay": answered is not None and any(same_entity(a.entity, b.entity) for a in before for b in answered.chain[:-1]),
        "scored": scored,
        "level_right": scored and given == judged.level,
    }


def _sort(article: LabelledArticle, field: str) -> str | None:
    value = article.outlet if field == "outlet" else article.meta.get(field)
    return None if value is None else str(value)


def _interval(name: str, values: Array) -> list[float | int | None] | None:
    known = values[~np.isnan(values)]
    tails = (1 - CONFIDENCE) / 2
    return [rounded(name, float(q)) for q in np.quantile(known, [tails, 1 - tails])] if len(known) else None


def _reliable(told: Sequence[tuple[float | None, bool]]) -> pd.DataFrame:
    """Bins of (probability, whether it is so), what has no probability left out."""
    frame = pd.DataFrame(told, columns=["told", "right"]).astype({"told": "float64", "right": "bool"}).dropna()
    return _bins(frame["told"], frame["right"])


def _bins(told: pd.Series[Any], right: pd.Series[Any]) -> pd.DataFrame:
    frame = pd.DataFrame({"bin": bin_of(told.to_numpy(np.float64)), "told": told, "right": right.astype(float)})
    return frame.groupby("bin").agg(n=("told", "size"), told=("told", "mean"), right=("right", "mean")).reset_index()


def _worst(misses: Iterable[Miss], n: int) -> list[Miss]:
    return sorted(misses, key=lambda miss: -miss.loss)[:n]


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as JSON: None for what is not known."""
    return [{str(k): _plain(v) for k, v in row.items()} for row in table.to_dict("records")]


def _plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    return round(float(value), 3) if isinstance(value, float) else value if isinstance(value, str) else int(value)


def _link(link: Link) -> dict[str, Any]:
    return {"entity": link.entity, "kind": link.kind, "naming": link.naming, "org": link.org}
