"""A reading in, the JSON contract out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from conftest import ARTICLES, REPO, GoldModel, link, reading_of, score_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scorer.article import make_article
from scorer.attributions import Attribution
from scorer.audit import Failure
from scorer.features import relay_houses
from scorer.labels import LabelledArticle, parse_markup
from scorer.report import COLUMNS, Report, build_report
from scorer.spans import inside

SCHEMA = json.loads(files("scorer").joinpath("schema/report.schema.json").read_text("utf-8"))
VALID = jsonschema.Draft202012Validator(SCHEMA)
LABELLED = [parse_markup(path.read_text("utf-8")) for path in sorted(ARTICLES.glob("*.txt"))[::8]]


def claim(report: Report, words: str) -> Any:
    return next(c for c in report.claims if words in c.text)


class TestContract:
    def test_the_fields_stand_in_the_order_of_the_contract(self, dam: Report) -> None:
        row = dam.to_dict()
        assert list(row) == ["schema", "scorer", "article", "spans", "claims", "summary", "findings"]
        assert list(row["article"]) == [
            *("id", "path", "title", "outlet", "provider", "byline", "published", "url", "language", "words", "text"),
            *("publisher", "rating"),
        ]
        assert list(row["claims"][1]) == [
            *("id", "text", "start", "end", "spans", "source", "cue", "chain", "detected", "claim", "firsthand", "relays", "hands", "restates"),
            *("level", "probabilities", "directness", "reasons", "admiralty"),
        ]
        assert list(row["claims"][1]["chain"][0]) == ["mention", "start", "end", "entity", "kind", "naming", "org", "confidence", "outlet", "rating"]
        assert list(row["summary"]) == ["attributions", "claims", "directness", "levels", "anonymous", "relayed", "untraceable"]

    def test_a_claim_in_full(self, dam: Report) -> None:
        row, text = dam.to_dict()["claims"][1], dam.article.text
        words = "that the order was given by telephone four days before the river rose"
        at = text.index(words)
        chain = row.pop("chain")
        source, cue = row.pop("source"), row.pop("cue")
        assert row == {
            "id": "c2",
            "text": words,
            "start": at,
            "end": at + len(words),
            "spans": [[at, at + len(words)]],
            "detected": 0.988,
            "claim": True,
            "firsthand": 0.1,
            "relays": 1,
            "hands": 3,
            "restates": None,
            "level": 1,
            "probabilities": [0.05, 0.8, 0.05, 0.05, 0.05],
            "directness": 31.2,
            "reasons": [
                {"feature": "origin_naming", "effect": -31.0, "text": "the origin is not named", "advice": None},
                {"feature": "relays", "effect": 4.5, "text": "it passed through few hands", "advice": None},
                {"feature": "other", "effect": 0.4, "text": "another", "advice": None},
            ],
            "admiralty": None,
        }
        assert source["text"] == "the state-run KTV's correspondent in Velden"
        assert cue == {"text": "reported, citing", "spans": [[text.index("reported,"), text.index("reported,") + 16]]}
        assert [(x["mention"], x["entity"], x["org"]) for x in chain] == [
            ("the state-run KTV", "KTV", None),
            ("correspondent in Velden", "Mira Doss", "KTV"),
            ("a senior water-ministry official", "senior water-ministry official", "Water Ministry"),
        ]

    def test_an_attitude_is_shown_and_not_scored(self, dam: Report) -> None:
        row = claim(dam, "to comment").to_dict()
        assert (row["claim"], row["level"], row["probabilities"], row["directness"], row["reasons"]) == (False, None, None, None, [])

    def test_what_is_told_in_pieces_has_an_ellipsis_between(self, make_report: Callable[[LabelledArticle], Report]) -> None:
        source = 'id: a\n\nNews\n["It rose,"]{1t} [he]{1s} [said]{1c}, ["and fell."]{1t}\n---\n1 claim: he (unknown, vague)\n'
        (c,) = make_report(parse_markup(source)).claims
        assert c.text == '"It rose," … "and fell."'
        assert c.content.spans == ((5, 15), (25, 36))

    def test_a_nested_statement_knows_what_it_stands_in(self, dam: Report) -> None:
        outer, inner = dam.claims[3:5]
        assert (outer.within, inner.within) == (None, "c4")
        assert inside((inner.start, inner.end), (outer.start, outer.end))

    def test_the_ids_are_in_reading_order(self, dam: Report) -> None:
        assert [c.id for c in dam.claims] == [f"c{k}" for k in range(1, 8)]
        assert [c.start for c in dam.claims] == sorted(c.start for c in dam.claims)

    @pytest.mark.parametrize("labelled", LABELLED, ids=lambda a: a.id)
    def test_every_report_is_valid(self, labelled: LabelledArticle, make_report: Callable[[LabelledArticle], Report]) -> None:
        VALID.validate(json.loads(json.dumps(make_report(labelled).to_dict(), allow_nan=False)))

    def test_a_failure_is_valid(self) -> None:
        VALID.validate(Failure("a", None, "no such file; check the path").to_dict())

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            (("schema",), 2),
            (("article", "words"), "many"),
            (("spans", "cue"), [[1]]),
            (("claims", 0, "level"), None),
            (("claims", 0, "probabilities"), [0.5, 0.5]),
            (("claims", 0, "chain", 0, "naming"), "secret"),
            (("claims", 6, "directness"), 50.0),
            (("claims", 0, "chain", 0, "outlet"), "KTV"),
            (("claims", 0, "chain", 0, "rating"), 72),
            (("claims", 0, "admiralty"), {"grade": "G1", "reliability": "F", "credibility": 1, "because": []}),
            (("claims", 6, "admiralty"), {"grade": "F1", "reliability": "F", "credibility": 1, "because": []}),
            (("summary", "anonymous"), 1.5),
        ],
    )
    def test_the_schema_refuses_what_breaks_the_contract(self, dam: Report, path: tuple[Any, ...], value: object) -> None:
        row = dam.to_dict()
        at: Any = row
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value
        assert not VALID.is_valid(row)

    def test_the_schema_lets_new_fields_in(self, dam: Report) -> None:
        row = dam.to_dict()
        row["new"] = row["claims"][0]["new"] = row["summary"]["new"] = 1
        assert VALID.is_valid(row)

    def test_the_schema_is_one(self) -> None:
        jsonschema.Draft202012Validator.check_schema(SCHEMA)


class TestSpans:
    @pytest.mark.parametrize("labelled", LABELLED, ids=lambda a: a.id)
    def test_the_words_of_every_span_are_the_texts_own(self, labelled: LabelledArticle, make_report: Callable[[LabelledArticle], Report]) -> None:
        check_spans(make_report(labelled).to_dict())

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.data())
    def test_whatever_the_stages_find(self, data: st.DataObject) -> None:
        text = data.draw(st.text(st.sampled_from("ab “”é\u00a0😀\n\r'."), min_size=4, max_size=60).filter(lambda t: "a" in t))
        cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=6, max_size=6, unique=True)) if len(text) >= 6 else [0, 1, 1, 2, 2, 3])
        source, cue, content = zip(cuts[::2], cuts[1::2], strict=True)
        mention = data.draw(st.sampled_from(["a", "b", text[slice(*source)], "nowhere"]))
        start = data.draw(st.one_of(st.none(), st.integers(0, len(text))))
        base = reading_of(LabelledArticle("x", None, text, ()))
        reading = replace(
            base,
            attributions=(Attribution(cue, source, (content,), 0),),
            chains=((link("a", mention=mention, start=start, end=None if start is None else start + len(mention)),),),
            claims=(0.9,),
            firsthand=(0.5,),
            detected=(0.9,),
        )
        check_spans(build_report(reading, [score_of(2)], GoldModel.version).to_dict())

    def test_a_mention_that_stands_elsewhere_is_found_there(self) -> None:
        text = "A report.\nThe man from the state-run KTV said it rained."
        reading = replace(
            reading_of(parse_markup("id: a\n\nA report.\n[The man from the state-run KTV]{1s} [said]{1c} [it rained]{1t}.\n---\n1 claim: -\n")),
            chains=((link("KTV", "outlet", start=10, end=13),),),
        )
        (found,) = build_report(reading, [score_of(1)], GoldModel.version).claims[0].chain
        assert (found.start, found.end) == (text.index("KTV"), text.index("KTV") + 3)


def check_spans(row: dict[str, Any]) -> None:
    text = row["article"]["text"]
    for c in row["claims"]:
        for quote in (c, c["source"], c["cue"]):
            if quote:
                assert quote["text"] == " … ".join(text[s:e] for s, e in quote["spans"])
        assert (c["start"], c["end"]) == (min(s for s, _ in c["spans"]), max(e for _, e in c["spans"]))
        for hand in c["chain"]:
            assert (hand["start"] is None) == (hand["end"] is None)
            assert hand["start"] is None or text[hand["start"] : hand["end"]] == hand["mention"]
    for spans in row["spans"].values():
        assert all(0 <= s < e <= len(text) for s, e in spans)


KTV, DOSS = link("KTV", "outlet"), link("Mira Doss", "journalist", org="KTV")
OFFICIAL = link("senior water-ministry official", "official", "described", "Water Ministry")
POLL, VOTERS = link("the poll", "document"), link("voters", "crowd", "vague")


class TestRelays:
    @pytest.mark.parametrize(
        ("chain", "relays"),
        [
            ([], 0),
            ([OFFICIAL], 0),
            ([KTV], 0),
            ([KTV, DOSS], 0),
            ([KTV, OFFICIAL], 1),
            ([KTV, DOSS, OFFICIAL], 1),
            ([link("the KTV", "outlet"), link("ktv", "outlet"), OFFICIAL], 1),
            ([link("Times", "outlet"), KTV, DOSS, OFFICIAL], 2),
            ([KTV, link("Times", "outlet"), KTV, OFFICIAL], 3),
            ([POLL, VOTERS], 0),
            ([KTV, POLL, VOTERS], 1),
            ([VOTERS, OFFICIAL], 1),
        ],
    )
    def test_houses_before_the_origins_own(self, chain: list[Any], relays: int) -> None:
        assert len(relay_houses(chain)) == relays

    def test_hands_are_relays_origin_and_publisher(self, dam: Report) -> None:
        assert [(c.relays, c.hands) for c in dam.claims] == [(0, 2), (1, 3), (0, 2), (0, 2), (1, 3), (0, 2), (0, 2)]

    def test_without_a_source_there_is_the_publisher_alone(self, make_report: Callable[[LabelledArticle], Report]) -> None:
        (c,) = make_report(parse_markup("id: a\n\nNews\n[A vote]{1t} [is expected]{1c} [soon]{1t}.\n---\n1 claim: -\n")).claims
        assert (c.chain, c.relays, c.hands, c.origin, c.anonymous) == ((), 0, 1, None, True)


class TestSummary:
    def test_counts_and_shares_are_over_claims(self, dam: Report) -> None:
        assert dam.summary.to_dict() == {
            "attributions": 7,
            "claims": 6,
            "directness": 46.9,
            "levels": [1, 3, 0, 0, 2],
            "anonymous": 0.5,
            "relayed": 0.33,
            "untraceable": 0.17,
        }

    def test_without_claims_the_shares_are_null(self, make_report: Callable[[LabelledArticle], Report]) -> None:
        summary = make_report(LabelledArticle("a", None, "Nobody says anything.", ())).to_dict()["summary"]
        assert summary == {"attributions": 0, "claims": 0, "directness": None, "levels": [0] * 5, "anonymous": None, "relayed": None, "untraceable": None}

    def test_sources_are_the_different_origins(self, dam: Report) -> None:
        assert dam.sources == 5  # KTV, the official, Reil, his supervisor, "reportedly"

    def test_respondents_of_a_named_poll_are_not_anonymous(self, make_report: Callable[[LabelledArticle], Report]) -> None:
        chain = "A Gallup poll = Gallup poll (document, named) > voters (crowd, vague)"
        source = f"id: a\n\nNews\n[A Gallup poll]{{1s}} [found]{{1c}} [voters were tired]{{1t}}.\n---\n1 claim: {chain}\n"
        (c,) = make_report(parse_markup(source)).claims
        assert (c.origin.entity if c.origin else None, c.anonymous) == ("Gallup poll", False)


class TestFrame:
    def test_a_row_an_attribution_and_every_column_told(self, dam: Report) -> None:
        frame = dam.to_frame()
        assert list(frame.columns) == list(COLUMNS)
        assert frame["claim_id"].tolist() == [c.id for c in dam.claims]
        row = frame.iloc[1]
        assert (row["article"], row["outlet"], row["chain"]) == ("dam", "Northern Courier", "KTV > Mira Doss > senior water-ministry official")
        assert (row["origin_naming"], row["relays"], row["level"], row["p1"], row["directness"]) == ("described", 1, 1, 0.8, 31.2)

    def test_what_is_not_scored_is_missing_not_zero(self, dam: Report) -> None:
        last = dam.to_frame().iloc[-1]
        assert not last["claim"]
        assert last[["level", "p0", "directness"]].isna().all()

    def test_no_attributions_make_an_empty_table_of_the_same_types(self, dam: Report, make_report: Callable[[LabelledArticle], Report]) -> None:
        empty = make_report(LabelledArticle("a", None, "Nothing.", ())).to_frame()
        assert len(empty) == 0
        assert list(empty.columns) == list(COLUMNS)
        assert empty["level"].dtype == dam.to_frame()["level"].dtype == "Int64"


class TestLines:
    @pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
    def test_lines_are_counted_as_an_editor_counts(self, ending: str) -> None:
        article = make_article(ending.join(["One", "", "three", "four"]))
        report = build_report(reading_of(LabelledArticle("a", None, article.text, ()), article), [], GoldModel.version)
        assert [report.line(article.text.index(w)) for w in ("One", "three", "four")] == [1, 3, 4]


def test_the_repository_has_articles_to_test_with() -> None:
    assert len(LABELLED) > 10, REPO
