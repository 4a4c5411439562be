"""A report with rated outlets in, an Admiralty grade a claim out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from conftest import link, report_of
from hypothesis import given
from hypothesis import strategies as st

from scorer.admiralty import CREDIBILITY, RELIABILITY, credibility, graded, reliability
from scorer.article import make_article
from scorer.labels import parse_markup
from scorer.links import Link
from scorer.model import Model
from scorer.outlets import Registry
from scorer.ratings import Ratings, rated
from scorer.reading import score
from scorer.report import Claim, Report
from scorer.stances import Stance, StanceKind

OFFICIAL = link("official", naming="described")


def outlet(name: str, rating: float | None) -> Link:
    return link(name, "outlet", rating=rating)


def letter(dam: Report, chain: Sequence[Link], publisher: float | None = None) -> tuple[str, str]:
    found, ground = reliability(replace(dam, rating=publisher), replace(dam.claims[0], chain=tuple(chain)))
    return found, ground.text


class TestReliability:
    @pytest.mark.parametrize(
        ("chain", "publisher", "told"),
        [
            ([outlet("KTV", 0.9), OFFICIAL], None, ("A", "KTV is rated 0.90")),
            ([outlet("KTV", 0.9)], None, ("A", "KTV is rated 0.90")),
            ([outlet("Nusa", 0.9), outlet("KTV", 0.45), OFFICIAL], 0.7, ("C", "KTV is rated 0.45")),  # the worst counts
            ([outlet("KTV", 0.9), OFFICIAL], 0.1, ("E", "Northern Courier is rated 0.10")),  # the publisher's, too
            ([OFFICIAL], 0.7, ("B", "Northern Courier is rated 0.70")),
            ([], 0.2, ("D", "Northern Courier is rated 0.20")),
            ([OFFICIAL], None, ("F", "Northern Courier is not rated")),
            ([outlet("KTV", None), OFFICIAL], 0.9, ("F", "KTV is not rated")),  # an unknown one is not made good by who repeats it
            ([outlet("Nusa", 0.9), outlet("KTV", None), OFFICIAL], None, ("F", "KTV is not rated")),
            ([outlet("KTV", 0.9), link("Mira Doss", "journalist", org="KTV", rating=0.9), OFFICIAL], None, ("A", "KTV is rated 0.90")),
            ([link("Mira Doss", "journalist", org="Nusa Times"), OFFICIAL], 0.9, ("F", "Nusa Times is not rated")),  # his outlet hands it on, named or not
            ([link("Mira Doss", "journalist", org="White House"), OFFICIAL], 0.9, ("A", "Northern Courier is rated 0.90")),  # no outlet: his beat
            ([link("Mira Doss", "journalist", org="the Northern Courier"), OFFICIAL], 0.9, ("A", "Northern Courier is rated 0.90")),
            ([link("Mira Doss", "journalist"), OFFICIAL], 0.9, ("A", "Northern Courier is rated 0.90")),
        ],
    )
    def test_whom_the_reader_relies_on(self, dam: Report, chain: Sequence[Link], publisher: float | None, told: tuple[str, str]) -> None:
        assert letter(dam, chain, publisher) == told

    def test_an_outlet_called_by_its_web_address_and_its_journalist_are_rated_alike(self, dam: Report) -> None:
        chain = (outlet("Znak.com", None), link("Ann Lee", "journalist", org="Znak.com"), OFFICIAL)
        report = rated(replace(dam, claims=(replace(dam.claims[0], chain=chain),)), Ratings({"znak.com": 0.9}))
        assert [x.rating for x in report.claims[0].chain] == [0.9, 0.9, None]
        assert reliability(report, report.claims[0])[0] == "A"

    @pytest.mark.parametrize(
        ("name", "publisher", "same"),
        [
            ("Washington", "Washington Post", False),
            ("The Washington Post", "Washington Post", True),
            ("the Post", "Washington Post", False),
            ("WaPo", "Washington Post", True),
            ("Nusa Daily", "Nusa", False),
        ],
    )
    def test_the_publisher_is_known_by_its_whole_name(self, dam: Report, name: str, publisher: str, same: bool) -> None:
        registry = Registry.load()
        report = replace(dam, article=replace(dam.article, outlet=publisher), publisher=registry.find(publisher), rating=0.9)
        claim = replace(dam.claims[0], chain=(link(name, "outlet", outlet=registry.find(name)),))
        assert reliability(report, claim)[0] == ("A" if same else "F")

    @pytest.mark.parametrize(("rating", "expected"), [(1.0, "A"), (0.8, "A"), (0.79, "B"), (0.6, "B"), (0.4, "C"), (0.2, "D"), (0.19, "E"), (0.0, "E")])
    def test_cut_points(self, dam: Report, rating: float, expected: str) -> None:
        assert letter(dam, [], rating)[0] == expected

    @given(st.lists(st.floats(0, 1), min_size=1, max_size=4), st.floats(0, 1))
    def test_another_hand_never_makes_it_better(self, dam: Report, ratings: Sequence[float], more: float) -> None:
        chain = [outlet(f"Paper {k}", r) for k, r in enumerate(ratings)]
        assert letter(dam, [*chain, outlet("Another", more)])[0] >= letter(dam, chain)[0]

    def test_the_letters_fall_with_the_rating(self) -> None:
        assert [least for _, least in RELIABILITY] == sorted((least for _, least in RELIABILITY), reverse=True)
        assert RELIABILITY[-1][1] == 0


def digit(dam: Report, *stances: tuple[int, int, StanceKind], k: int = 0, names: Sequence[str] = ("Ann", "Bob", "Cleo", "Dan"), naming: str = "named") -> int:
    claims = [replace(dam.claims[0], id=f"c{i + 1}", chain=(link(name, naming=naming),)) for i, name in enumerate(names)]
    return credibility(claims, k, [Stance(*stance) for stance in stances])[0]


class TestCredibility:
    def test_what_each_digit_takes(self, dam: Report) -> None:
        assert digit(dam) == digit(dam, (2, 1, "denied")) == 6
        assert digit(dam, (1, 0, "confirmed")) == 1
        assert digit(dam, (1, 0, "confirmed"), naming="described") == digit(dam, (1, 0, "backed")) == 2
        assert digit(dam, (1, 0, "confirmed"), (2, 0, "denied")) == 3
        assert digit(dam, (1, 0, "denied")) == 4
        assert digit(dam, (1, 0, "denied"), (2, 0, "denied")) == 5
        assert set(CREDIBILITY) == {1, 2, 3, 4, 5, 6}

    def test_it_goes_both_ways(self, dam: Report) -> None:
        assert digit(dam, (1, 0, "confirmed"), k=1) == 1
        assert digit(dam, (1, 0, "denied"), k=1) == 4  # a denial is gainsaid by what it denies

    def test_who_says_a_thing_twice_is_one_source(self, dam: Report) -> None:
        assert digit(dam, (1, 0, "denied"), (2, 0, "denied"), names=["Ann", "Bob", "Bob"]) == 4


TEXT = """id: gates
outlet: Northern Courier

Gates were shut
[KTV]{1s} [reported]{1c} [that the gates were shut before the flood]{1t}. [The ministry]{2s} [denied]{2c} [it]{2t}.
[Petra Holm]{3s} [wants]{3c} [an inquiry]{3t}.
[Petra Holm]{4s} [said]{4c} [the water rose fast]{4t}.
---
1 claim: KTV (outlet, named)
2 claim: The ministry = Water Ministry (organisation, named)
3 attitude: Petra Holm (witness, named)
4 claim: Petra Holm (witness, named)
"""


class TestReport:
    def test_a_grade_with_its_grounds(self) -> None:
        rows = graded(replace(report_of(parse_markup(TEXT)), rating=0.7)).to_dict()["claims"]
        assert rows[0]["admiralty"] == {
            "grade": "F4",
            "reliability": "F",
            "credibility": 4,
            "because": ["KTV is not rated", "c2: denied by Water Ministry"],
        }
        assert rows[1]["admiralty"]["because"] == ["Northern Courier is rated 0.70", "c1: KTV says the contrary"]
        assert rows[3]["admiralty"]["grade"] == "B6"

    def test_an_attitude_has_none(self) -> None:
        assert graded(report_of(parse_markup(TEXT))).claims[2].admiralty is None

    def test_there_is_none_without_ratings(self, dam: Report) -> None:
        assert all(c.admiralty is None for c in dam.claims)
        assert dam.to_frame()["admiralty"].isna().all()

    def test_the_score_stays_as_it_is(self, dam: Report) -> None:
        def scored(claims: Sequence[Claim]) -> list[Any]:
            return [(c.directness, c.level, c.reasons, c.chain) for c in claims]

        assert scored(graded(replace(dam, rating=0.1)).claims) == scored(dam.claims)

    def test_in_the_table(self) -> None:
        frame = graded(replace(report_of(parse_markup(TEXT)), rating=0.7)).to_frame()
        assert frame["admiralty"].tolist()[:2] == ["F4", "B4"]


NEWS = """Ministry ordered dam gates shut, broadcaster says

The gates of the Sarun dam were shut four days before the flood, Al Jazeera reported on Tuesday, citing a senior official.

Rebels had been seen at the dam on Friday, Reuters reported. The ministry denied it.
"""


def test_with_the_shipped_model(model: Model) -> None:
    ratings = Ratings({"aljazeera.com": 0.72, "voanews.com": 0.94, "reuters.com": 1.0})
    report = score(make_article(NEWS, outlet="VOA"), model=model, ratings=ratings, outlets=Registry.load())
    row = report.to_dict()
    jsonschema.validate(row, json.loads(files("scorer").joinpath("schema/report.schema.json").read_text("utf-8")))
    assert (row["article"]["publisher"], row["article"]["rating"]) == ({"name": "Voice of America", "domain": "voanews.com", "country": "US"}, 0.94)
    gates = next(c for c in row["claims"] if "were shut four days" in c["text"])
    assert gates["chain"][0]["outlet"] == {"name": "Al Jazeera", "domain": "aljazeera.com", "country": "QA"}
    assert [x["rating"] for x in gates["chain"]] == [0.72, None]
    assert gates["admiralty"]["grade"] == "B6"
    rebels = next(c for c in row["claims"] if c["text"].startswith("Rebels had been seen"))
    assert rebels["admiralty"]["grade"] == "A4"
    plain = score(make_article(NEWS, outlet="VOA"), model=model)
    assert [c.directness for c in plain.claims] == [c.directness for c in report.claims]
