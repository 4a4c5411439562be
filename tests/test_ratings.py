"""A user's file of ratings in, outlets with their ratings out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from conftest import link
from hypothesis import given
from hypothesis import strategies as st

from scorer.outlets import Outlet, Registry
from scorer.ratings import RatingError, Ratings, rated
from scorer.report import Report

AP = Registry.load().find("AP")
BBC = Outlet("BBC", domains=("bbc.co.uk", "bbc.com"))
LIN = "domain,pc1,afm,afm_bias\nreuters.com,1,0.96,0.95\nbbc.com,0.88,0.9,0.9\nabc.example,0,0.1,0.1\n"

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        path = tmp_path / "ratings.csv"
        path.write_text(text, "utf-8")
        return path

    return write


class TestFile:
    def test_domain_and_rating(self, write: Write) -> None:
        assert Ratings.load(write("domain,rating\nhttps://www.bbc.co.uk/news,0.9\napnews.com,1\n")).by_domain == {"bbc.co.uk": 0.9, "apnews.com": 1.0}

    def test_the_table_of_lin_and_others(self, write: Write) -> None:
        assert Ratings.load(write(LIN)).by_domain == {"reuters.com": 1.0, "bbc.com": 0.88, "abc.example": 0.0}

    def test_above_1_they_go_to_100(self, write: Write) -> None:
        assert Ratings.load(write("domain,rating\na.example,1\nb.example,87.5\n")).by_domain == {"a.example": 0.01, "b.example": 0.875}

    @given(st.lists(st.floats(0, 1), min_size=1, max_size=5))
    def test_both_ranges_mean_the_same(self, ratings: Sequence[float]) -> None:
        def load(scale: float) -> list[float]:
            with TemporaryDirectory() as folder:
                path = Path(folder) / "r.csv"
                rows = [f"d{k}.example,{r * scale!r}" for k, r in enumerate([*ratings, 1.0])]
                path.write_text("\n".join(["domain,rating", *rows]), "utf-8")
                return list(Ratings.load(path).by_domain.values())

        assert load(1) == pytest.approx(load(100))

    def test_what_is_not_rated_is_left_out(self, write: Write) -> None:
        assert Ratings.load(write("rating,domain\nNA,a.example\n,b.example\n0.5,c.example\n")).by_domain == {"c.example": 0.5}

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("", "ratings.csv, line 1: no column 'domain'"),
            ("domain,stars\na.example,5\n", "ratings.csv, line 1: no column 'rating' or 'pc1'; give domain,rating"),
            ("domain,rating\n", "ratings.csv: no ratings in it"),
            ("domain,rating\na.example,1\nb.example,101\n", "ratings.csv, line 3: 101 is out of range; ratings go from 0 to 1 or from 0 to 100"),
            ("domain,rating\na.example,-0.1\n", "ratings.csv, line 2: -0.1 is out of range"),
            ("domain,rating\na.example,inf\n", "ratings.csv, line 2: inf is out of range"),
            ("domain,rating\na.example,good\n", "ratings.csv, line 2: 'good' is no number"),
            ("domain,rating\n,0.5\n", "ratings.csv, line 2: no domain"),
            ("domain,rating\na.example,0.5\nwww.a.example,0.6\n", "ratings.csv, line 3: a.example is rated otherwise on line 2"),
        ],
    )
    def test_a_mistake_is_told_with_its_line(self, write: Write, text: str, message: str) -> None:
        with pytest.raises(RatingError, match=re.escape(message)) as told:
            Ratings.load(write(text))
        assert "\n" not in str(told.value)


class TestLookUp:
    @pytest.mark.parametrize(
        ("by_domain", "rating"),
        [
            ({"bbc.co.uk": 0.9}, 0.9),
            ({"bbc.com": 0.8}, 0.8),
            ({"bbc.com": 0.8, "bbc.co.uk": 0.9}, 0.9),  # the main domain goes first
            ({"co.uk": 0.1, "news.bbc.co.uk": 0.2}, 0.1),
            ({"notbbc.com": 0.8}, None),
        ],
    )
    def test_any_domain_of_an_outlet_will_do(self, by_domain: dict[str, float], rating: float | None) -> None:
        assert Ratings(by_domain).of(BBC) == rating

    def test_a_subdomain_is_rated_as_what_it_belongs_to(self) -> None:
        ratings = Ratings({"cnn.example": 0.7, "money.cnn.example": 0.6})
        assert [ratings.of_domain(d) for d in ("edition.cnn.example", "money.cnn.example", "www.cnn.example", "example")] == [0.7, 0.6, 0.7, None]

    def test_no_outlet_has_no_rating(self) -> None:
        assert Ratings({"a.example": 1.0}).of(None) is None
        assert Ratings({"a.example": 1.0}).of(Outlet("No site")) is None


class TestInAReport:
    def test_every_outlet_of_a_chain_and_the_publisher(self, dam: Report) -> None:
        chain = (link("AP", "outlet", outlet=AP), link("Mira Doss", "journalist", org="AP", outlet=AP), link("aide", naming="described"))
        report = replace(dam, publisher=BBC, claims=(replace(dam.claims[0], chain=chain),))
        told = rated(report, Ratings({"bbc.com": 0.8, "apnews.com": 0.95}))
        assert told.rating == 0.8
        assert [x.rating for x in told.claims[0].chain] == [0.95, 0.95, None]

    def test_who_is_called_by_a_web_address(self, dam: Report) -> None:
        chain = (link("exile.example", "outlet"), link("example.com", "organisation"))
        report = replace(dam, article=replace(dam.article, outlet="www.nusa.example"), claims=(replace(dam.claims[0], chain=chain),))
        told = rated(report, Ratings({"nusa.example": 0.8, "exile.example": 0.5, "example.com": 0.1}))
        assert told.rating == 0.8
        assert [x.rating for x in told.claims[0].chain] == [0.5, None]

    @given(st.dictionaries(st.sampled_from(["apnews.com", "bbc.co.uk", "nusa.example"]), st.floats(0, 1)))
    def test_it_is_never_part_of_the_score(self, dam: Report, by_domain: dict[str, float]) -> None:
        told = rated(replace(dam, publisher=BBC), Ratings(by_domain))
        assert [(c.directness, c.level, c.probabilities, c.reasons) for c in told.claims] == [
            (c.directness, c.level, c.probabilities, c.reasons) for c in dam.claims
        ]
