"""A file of ratings and a report in, the report with each outlet's rating out: shown beside the score, never part of it.

The ratings are the user's. Read are `domain,rating` and the table of Lin et al. (2023, doi:10.1093/pnasnexus/pgad286), whose column is `pc1`;
other columns are left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scorer.errors import ScorerError
from scorer.outlets import Outlet, domain_of, parents, rows_of

if TYPE_CHECKING:
    from scorer.links import Link
    from scorer.report import Report

RATING_COLUMNS = ("rating", "pc1")  # the first that a file has
UNRATED = frozenset({"", "na", "nan", "null", "none", "-"})


class RatingError(ScorerError):
    """A file of ratings that can't be read."""


@dataclass(frozen=True)
class Ratings:
    """Ratings from 0 to 1 by domain."""

    by_domain: Mapping[str, float]

    @classmethod
    def load(cls, path: Path | str) -> Ratings:
        """The ratings of a CSV file: from 0 to 1, or, where any of them is above 1, all of them from 0 to 100.

        Raises RatingError that names file and line.
        """
        found: dict[str, tuple[float, int]] = {}
        column = ""
        for line, row in rows_of(Path(path), ("domain",), RatingError):
            where = f"{path}, line {line}"
            column = column or next((name for name in RATING_COLUMNS if name in row), "")
            if not column:
                raise RatingError(f"{path}, line 1: no column {' or '.join(map(repr, RATING_COLUMNS))}; give domain,rating")
            if row[column].casefold() in UNRATED:
                continue
            domain, rating = domain_of(row["domain"]), _number(row[column], where)
            if not domain:
                raise RatingError(f"{where}: no domain; give one to each rating")
            if domain in found and found[domain][0] != rating:
                raise RatingError(f"{where}: {domain} is rated otherwise on line {found[domain][1]}; keep one of the two")
            found.setdefault(domain, (rating, line))
        if not found:
            raise RatingError(f"{path}: no ratings in it; give domain,rating with a line an outlet")
        top = 100.0 if max(rating for rating, _ in found.values()) > 1 else 1.0
        return cls({domain: rating / top for domain, (rating, _) in found.items()})

    def of_domain(self, domain: str) -> float | None:
        """The rating of a domain, else of the nearest domain that it is a subdomain of."""
        return next((self.by_domain[d] for d in parents(domain_of(domain)) if d in self.by_domain), None)

    def of(self, outlet: Outlet | None) -> float | None:
        """The rating of an outlet: that of the first of its domains that has one."""
        return next((found for d in (outlet.domains if outlet else ()) if (found := self.of_domain(d)) is not None), None)

    def of_name(self, outlet: Outlet | None, name: str | None) -> float | None:
        """The rating of an outlet, or of what is no known one but is named by its web address."""
        return self.of(outlet) if outlet or not name or "." not in name else self.of_domain(name)


def _number(cell: str, where: str) -> float:
    try:
        rating = float(cell)
    except ValueError:
        raise RatingError(f"{where}: {cell!r} is no number; ratings go from 0 to 1 or from 0 to 100") from None
    if not 0 <= rating <= 100:  # "nan" is not, either
        raise RatingError(f"{where}: {cell} is out of range; ratings go from 0 to 1 or from 0 to 100")
    return rating


def rated(report: Report, ratings: Ratings) -> Report:
    """The report with the rating of the publisher and of every outlet in its chains."""
    claims = tuple(replace(claim, chain=tuple(_rated(link, ratings) for link in claim.chain)) for claim in report.claims)
    return replace(report, claims=claims, rating=ratings.of_name(report.publisher, report.article.outlet))


def _rated(link: Link, ratings: Ratings) -> Link:
    return replace(link, rating=ratings.of_name(link.outlet, link.press))
