"""Labels and reports in, what answers what, figures, tables and plots out; the figures are those that the definitions' first program gave."""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ARTICLES, DAM, LABELLED, GoldModel, Run, reading_of

from scorer.comparison import Found, compare, found_claims, houses, read_reports, told
from scorer.errors import InputError, LabelError
from scorer.evaluation import BREAKDOWNS, Evaluation, evaluate_reports
from scorer.examples import label_level, labelled_chain
from scorer.figures import bin_of, ranked_score
from scorer.labels import LabelledArticle, LabelledAttribution, parse_markup, read_labelled
from scorer.links import Link
from scorer.report import build_report

FIXTURE = Path(__file__).parent / "data" / "evaluation.json"
LEVELS = {"E1": 1, "E2": 1, "E3": 4, "E4": 4, "E5": 1, "E6": 0, "E7": None}


def hand(entity: str, kind: str = "official", naming: str = "named", org: str | None = None) -> Link:
    return Link(entity, None, None, entity, kind, naming, org, 0.9)  # type: ignore[arg-type]


def as_found(label: LabelledAttribution, **changes: Any) -> Found:
    """A claim that says what a label says, and is fairly sure of its level."""
    level = label_level(label)
    probabilities = None if level is None else tuple(0.8 if k == level else 0.05 for k in range(5))
    return replace(Found(label.spans["content"], labelled_chain(label), 0.9, bool(label.claim), level, probabilities), **changes)


def all_found(article: LabelledArticle = LABELLED, **changes: Mapping[str, Any]) -> list[Found]:
    """Claims that say what the labels say, but for the changes to some."""
    return [as_found(a, **changes.get(a.id, {})) for a in article.attributions]


def right(chain: Sequence[Link], found: Sequence[Link]) -> set[str]:
    """What is right of a chain where another is labelled."""
    label = parse_markup("id: a\n\n[It rained]{1t}, [he]{1s} [said]{1c}.\n---\n1 claim: -\n").attributions[0]
    links = [f"{x.entity} ({x.kind}, {x.naming}{', ' + x.org if x.org else ''})" for x in chain]
    article = parse_markup(f"id: a\n\n[It rained]{{1t}}, [he]{{1s}} [said]{{1c}}.\n---\n1 claim: {' > '.join(links) or '-'}\n")
    (judged,) = compare(article, [as_found(label, chain=tuple(found))]).judged
    return set(judged.right) - {"claim", "naming", "kind"}


KTV, DOSS, AIDE = hand("KTV", "outlet"), hand("Mira Doss", "journalist", org="KTV"), hand("an aide to the governor", naming="described")
REIL, NOBODY, POLL, CROWD = (
    hand("Anton Reil", "witness"),
    hand("reportedly", "unknown", "none"),
    hand("Gallup poll", "document"),
    hand("voters", "crowd", "vague"),
)

# what is labelled, what is found, what of it is right
CHAINS: list[tuple[str, list[Link], list[Link], set[str]]] = [
    ("the same", [KTV, REIL], [KTV, REIL], {"origin", "chain", "route"}),
    ("nobody told, nobody found", [], [], {"origin", "chain", "route"}),
    ("a hedge is nobody", [NOBODY], [], {"origin", "chain", "route"}),
    ("a rumour through an outlet ends at the outlet", [KTV, NOBODY], [KTV], {"origin", "chain", "route"}),
    ("a name's part", [REIL], [hand("Reil", "witness")], {"origin", "chain", "route"}),
    ("another", [REIL], [hand("Ada Reil", "witness")], set()),
    ("a relay missed", [KTV, REIL], [REIL], {"origin"}),
    ("a relay too many", [REIL], [KTV, REIL], {"origin"}),
    ("the correspondent is of the outlet's house", [KTV, DOSS, REIL], [KTV, REIL], {"origin", "route"}),
    ("the outlet behind its correspondent alone", [DOSS, REIL], [KTV, REIL], {"origin", "route"}),
    ("no house before the origin's own", [KTV, DOSS], [DOSS], {"origin", "route"}),
    ("a poll's respondents are the poll on the route alone", [POLL, CROWD], [POLL], {"route"}),
    ("two outlets in another order", [KTV, hand("CNN", "outlet"), REIL], [hand("CNN", "outlet"), KTV, REIL], {"origin"}),
    ("somebody for nobody", [], [AIDE], set()),
]


class TestComparison:
    @pytest.mark.parametrize(("chain", "found", "expected"), [row[1:] for row in CHAINS], ids=[row[0] for row in CHAINS])
    def test_what_is_right_of_a_chain(self, chain: list[Link], found: list[Link], expected: set[str]) -> None:
        assert right(chain, found) == expected

    def test_houses_before_the_origins_own(self) -> None:
        assert houses([KTV, DOSS, AIDE]) == ["ktv"]
        assert houses([KTV, REIL, KTV, REIL]) == ["ktv"]  # it comes back behind the origin's own
        assert houses([]) == []
        assert told([KTV, NOBODY]) == (KTV,)

    def test_naming_kind_and_claim_are_the_origins(self) -> None:
        changes: dict[str, dict[str, Any]] = {
            "E1": {"chain": (hand("KTV", "document"),)},
            "E3": {"chain": (hand("Anton Reil", "witness", "described"),)},
            "E7": {"claim": True},
        }
        judged = compare(LABELLED, all_found(**changes)).judged
        assert [{"naming", "kind", "claim"} - j.right for j in judged] == [{"kind"}, set(), {"naming"}, set(), set(), set(), {"claim"}]

    def test_an_answer_shares_half_of_all_characters(self) -> None:
        (start, end), half = LABELLED.attributions[1].spans["content"][0], len("that the order was given by telephone four days before the river rose") // 2
        for cut, answered in ((start + half, True), (start + half + 2, False)):
            assert (compare(LABELLED, all_found(E2={"contents": ((cut, end),)})).judged[1].found is not None) == answered

    def test_each_answers_one_the_best_overlap_first(self) -> None:
        whole = as_found(LABELLED.attributions[0])
        less = replace(whole, contents=((0, whole.contents[0][1] - 3),), claim=False)
        comparison = compare(LABELLED, [less, whole])
        assert comparison.judged[0].found is whole
        assert [found.claim for found, _ in comparison.counted] == [True]  # the other lies inside its content: a nested statement

    def test_what_answers_nothing_counts_unless_it_is_nested(self) -> None:
        loose = as_found(LABELLED.attributions[0], contents=((50, 60),))
        assert len(compare(LABELLED, [*all_found(), loose]).counted) == 8
        (start, end) = LABELLED.attributions[1].spans["content"][0]
        assert len(compare(LABELLED, [*all_found(), replace(loose, contents=((start + 3, end - 40),))]).counted) == 7


class TestReports:
    def reports(self, folder: Path, *lines: object) -> Path:
        path = folder / "reports.jsonl"
        path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
        return path

    def test_what_the_program_prints_is_read(self, tmp_path: Path) -> None:
        reading = reading_of(LABELLED)
        report = build_report(reading, GoldModel().rate(reading), GoldModel.version).to_dict()
        claims, nothing = read_reports(self.reports(tmp_path, report, {"schema": 1, "article": {"id": "b"}, "error": "no text"})).values()
        assert nothing is None
        assert claims is not None
        assert [c.contents for c in claims] == [a.contents for a in reading.attributions]
        assert [[x.entity for x in c.chain] for c in claims] == [[x.entity for x in chain] for chain in reading.chains]
        assert [c.level is None for c in claims] == [not c.claim for c in claims]

    def test_a_claim_without_cue_and_chain_is_none(self) -> None:
        claim = {"spans": [[0, 9]], "cue": None, "chain": [], "claim": True, "level": 0, "probabilities": [1, 0, 0, 0, 0]}
        assert found_claims([claim]) == ()
        assert len(found_claims([{**claim, "cue": {"text": "said", "spans": [[3, 7]]}}])) == 1

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("{", "2: not a report ("),
            ("3", "2: not a report ("),
            ({"claims": []}, "2: not a report (no field 'article')"),
            ({"article": {"id": "a"}, "claims": [{"chain": [], "cue": {"text": "said"}, "level": 7, "probabilities": None}]}, "2: not a report (level 7)"),
            ({"article": {"id": "a"}, "claims": [{"chain": [], "cue": {}}]}, None),
        ],
    )
    def test_what_is_none_is_told_with_its_line(self, tmp_path: Path, line: object, message: str | None) -> None:
        path = self.reports(tmp_path, {"article": {"id": "x"}, "claims": []}, line)
        if message is None:
            assert read_reports(path) == {"x": (), "a": ()}
        else:
            with pytest.raises(InputError, match=re.escape(f"{path}:{message}")):
                read_reports(path)


def recorded() -> tuple[list[LabelledArticle], list[dict[str, Any]], dict[str, Any]]:
    """Labelled articles of the project, reports on them (most made by disturbing the labels, some by the shipped model), and the figures."""
    data = json.loads(FIXTURE.read_text("utf-8"))
    articles = [read_labelled(ARTICLES / f"{name}.txt")[0] for name in data["articles"]]
    alone = set(data["spans_alone"])
    articles = [_without_chains(a) if a.id in alone else a for a in articles]
    for report in data["reports"]:
        for claim in report.get("claims", ()):
            claim["chain"] = [dict(zip(("entity", "kind", "naming", "org", "confidence"), link, strict=True)) for link in claim["chain"]]
            claim["chain"] = [{"mention": link["entity"], "start": None, "end": None, **link} for link in claim["chain"]]
            claim["cue"] = claim["cue"] and {"text": claim["cue"], "spans": []}
    return articles, data["reports"], data["figures"]


def _without_chains(article: LabelledArticle) -> LabelledArticle:
    return replace(article, attributions=tuple(replace(a, claim=None, firsthand=None, chain=None) for a in article.attributions))


def evaluated(articles: Sequence[LabelledArticle], reports: Sequence[Mapping[str, Any]]) -> Evaluation:
    return evaluate_reports(articles, {r["article"]["id"]: found_claims(r["claims"]) for r in reports if r.get("claims") is not None})


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    articles, reports, _ = recorded()
    return evaluated(articles, reports)


class TestFigures:
    def test_they_are_those_recorded(self, evaluation: Evaluation) -> None:
        figures = dict(evaluation.figures)
        figures.pop("relays")
        assert figures == recorded()[2]

    def test_labels_taken_for_reports_are_all_right(self) -> None:
        figures = evaluate_reports([LABELLED], {"dam": all_found()}).figures
        assert figures["detection"] == {"p": 100.0, "r": 100.0, "f1": 100.0}
        assert set(figures["answered"].values()) == {100.0}
        assert (figures["relay_f1"], figures["relays"]) == (100.0, {"labelled": 2, "one_found": 100.0})
        assert figures["level"] | {"rps_skill": 0, "ece": 0} == {
            "claims": 6, "accuracy": 100.0, "on_record": 100.0, "mae": 0.0, "qwk": 1.0, "rps_skill": 0, "ece": 0
        }  # fmt: skip
        assert figures["level"]["ece"] == pytest.approx(0.2)  # told with 0.8, always right

    def test_no_level_is_a_wrong_one(self) -> None:
        level = evaluate_reports([LABELLED], {"dam": all_found(E3={"claim": False, "level": None, "probabilities": None})}).figures["level"]
        assert (level["claims"], level["accuracy"], level["mae"]) == (6, 83.3, round(5 / 6, 3))

    def test_without_reports_there_is_little(self) -> None:
        figures = evaluate_reports([LABELLED], {}).figures
        assert (figures["missing_reports"], figures["detection"], figures["relay_f1"]) == (1, {"p": None, "r": 0.0, "f1": 0.0}, 0.0)
        assert set(figures["answered"].values()) == {None}

    def test_without_articles_there_is_nothing(self) -> None:
        with pytest.raises(LabelError, match="no labelled articles"):
            evaluate_reports([], {})

    def test_where_there_is_nothing_to_measure_there_is_no_figure(self) -> None:
        figures = evaluate_reports([LabelledArticle("a", None, "", ())], {}).figures
        assert figures.pop("articles") == figures.pop("missing_reports") == 1
        assert figures.pop("relays") == {"labelled": 0, "one_found": None}
        assert figures["level"].pop("claims") == 0
        assert {value for figure in figures.values() for value in (figure.values() if isinstance(figure, dict) else [figure])} == {None}

    def test_a_kappa_needs_levels_that_differ(self) -> None:
        article = replace(LABELLED, attributions=LABELLED.attributions[2:4])
        level = evaluate_reports([article], {"dam": all_found(article)}).figures["level"]
        assert (level["claims"], level["accuracy"], level["mae"], level["qwk"], level["rps_skill"]) == (2, 100.0, 0.0, None, None)

    def test_no_level_is_below_the_record_and_has_the_worst_ranked_score(self) -> None:
        nothing: dict[str, Any] = {"claim": False, "level": None, "probabilities": None}
        below, above = (evaluate_reports([LABELLED], {"dam": all_found(**{id: nothing})}) for id in ("E6", "E3"))
        assert below.figures["level"]["on_record"] == 100.0
        assert above.figures["level"]["on_record"] == 83.3
        assert below.rows["score"].max() == above.rows.loc[2, "score"] == 4

    def test_the_ranked_score(self) -> None:
        assert ranked_score((0, 0, 0, 0, 1), 4) == 0
        assert ranked_score((0, 0, 0, 0, 1), 0) == 4
        assert ranked_score((0.5, 0.5, 0, 0, 0), 0) == 0.25
        assert ranked_score(np.full((3, 5), 0.2), 2).shape == (3,)

    def test_a_bin_holds_its_upper_edge(self) -> None:
        assert list(bin_of(np.array([0.0, 0.1, 0.11, 0.3, 0.9, 0.95, 1.0]))) == [0, 0, 1, 2, 8, 9, 9]


class TestIntervals:
    def test_they_hold_the_figure_and_repeat(self, evaluation: Evaluation) -> None:
        intervals = evaluation.intervals(300)
        for name, (low, high) in intervals["answered"].items():
            assert low < evaluation.figures["answered"][name] < high
        assert intervals == evaluation.intervals(300)
        assert intervals != evaluation.intervals(300, seed=1)

    def test_they_are_as_wide_as_drawing_articles_one_by_one(self, evaluation: Evaluation) -> None:
        draw = random.Random(1)
        values = []
        for _ in range(200):
            drawn = Evaluation(tuple(draw.choices(evaluation.comparisons, k=len(evaluation.comparisons))))
            values.append(drawn.figures["level"]["qwk"])
        low, high = evaluation.intervals(2000)["level"]["qwk"]
        assert np.quantile(values, [0.025, 0.975]) == pytest.approx([low, high], abs=0.08)

    def test_one_article_has_none(self) -> None:
        assert evaluate_reports([LABELLED], {"dam": all_found()}).intervals(10) == {}

    def test_draws_with_nothing_to_measure_are_left_out(self) -> None:
        intervals = evaluate_reports([LABELLED, LabelledArticle("b", None, "It rained.", ())], {"dam": all_found()}).intervals(100)
        assert intervals["answered"]["origin"] == intervals["detection"]["r"] == [100.0, 100.0]
        assert evaluate_reports([LABELLED, replace(LABELLED, id="b")], {}).intervals(10)["level"]["qwk"] is None

    def test_two_articles_that_are_alike_have_none_to_speak_of(self) -> None:
        intervals = evaluate_reports([LABELLED, replace(LABELLED, id="b")], {"dam": all_found(), "b": all_found()}).intervals(10)
        assert intervals["answered"]["origin"] == [100.0, 100.0]


class TestTables:
    def test_a_row_for_each_value(self) -> None:
        evaluation = evaluate_reports([LABELLED], {"dam": all_found(E2={"chain": (KTV,)})[:-1]})
        table = evaluation.breakdown("links")
        assert table["n"].to_dict() == {0: 1, 1: 4, 2: 1, 3: 1}
        assert table["answered"].to_dict() == {0: 100, 1: 75, 2: 100, 3: 100}
        assert table["chain"].to_dict() == {0: 100, 1: 100, 2: 100, 3: 0}
        assert evaluation.breakdown("level")["n"].to_list() == [1, 3, 2, 1]  # 0, 1, 4, and what is no claim
        assert evaluation.breakdown("level")["level_right"].isna().to_list() == [False, False, False, True]

    def test_together_they_are_the_whole(self, evaluation: Evaluation) -> None:
        chained = int(evaluation.counts["chains"].sum())
        for by in BREAKDOWNS:
            table = evaluation.breakdown(by)
            assert table["n"].sum() == chained
            assert round((table["answered"] * table["n"]).sum() / 100) == evaluation.counts["answered"].sum()

    @pytest.mark.parametrize(
        ("metas", "field"),
        [
            ([{"sort": "wire"}, {"sort": "blog"}], "sort"),
            ([{"sort": "wire"}, {}], "sort"),
            ([{"picked": "random"}, {"picked": "relays"}], "picked"),
            ([{"outlet": "Post"}, {"outlet": "Times"}], "outlet"),
            ([{}, {}], "sort"),
        ],
    )
    def test_articles_are_sorted_by_what_tells_them_apart(self, metas: list[dict[str, str]], field: str) -> None:
        articles = [
            replace(LABELLED, id=str(k), outlet=meta.get("outlet"), meta={name: m for name, m in meta.items() if name != "outlet"})
            for k, meta in enumerate(metas)
        ]
        assert evaluate_reports(articles, {}).sort_field == field

    def test_what_is_told_with_a_probability(self) -> None:
        tables = evaluate_reports([LABELLED], {"dam": all_found(E3={"probabilities": (0.25, 0.25, 0.35, 0.1, 0.05), "level": 2})}).reliability()
        assert tables["level"].to_dict("list") == {"bin": [3, 7], "n": [1, 5], "told": [0.35, pytest.approx(0.8)], "right": [0.0, 1.0]}
        assert tables["detected"].to_dict("list") == {"bin": [8], "n": [7], "told": [pytest.approx(0.9)], "right": [1.0]}

    def test_links_are_right_in_their_place_from_either_end(self) -> None:
        label = next(a for a in LABELLED.attributions if a.chain and len(a.chain) > 1)
        origin = replace(labelled_chain(label)[-1], confidence=0.65)
        stranger = replace(origin, entity="Petra Holm", confidence=0.25)
        for chain, rights in (([origin], [1.0]), ([stranger, origin], [0.0, 1.0]), ([origin, stranger], [0.0, 0.0])):
            evaluation = evaluate_reports([LABELLED], {"dam": [as_found(label, chain=tuple(chain))]})
            assert evaluation.reliability()["link"]["right"].to_list() == rights

    def test_nested_statements_that_are_false_are_told_of_where_such_are_labelled(self) -> None:
        (start, _), label = LABELLED.attributions[1].spans["content"][0], LABELLED.attributions[0]
        false = as_found(label, contents=((start + 3, start + 9),), detected=0.55)
        flat = replace(LABELLED, attributions=tuple(a for a in LABELLED.attributions if not LABELLED.is_nested(a)))
        for article, bins in ((LABELLED, [5, 8]), (flat, [8])):
            evaluation = evaluate_reports([article], {"dam": [*all_found(article), false]})
            assert evaluation.figures["detection"]["p"] == 100.0  # which the figures do not see
            assert evaluation.reliability()["detected"]["bin"].to_list() == bins
        several = evaluate_reports([LABELLED, replace(flat, id="b")], {"dam": [], "b": [*all_found(flat), false]})
        assert several.reliability()["detected"]["right"].to_list() == [0.0, 1.0]  # one corpus, labelled alike

    def test_levels_taken_for_others(self) -> None:
        matrix = evaluate_reports([LABELLED], {"dam": all_found(E3={"level": 2}, E4={"claim": False, "level": None, "probabilities": None})}).confusion
        assert matrix == [[1, 0, 0, 0, 0, 0], [0, 3, 0, 0, 0, 0], [0] * 6, [0] * 6, [0, 0, 1, 0, 0, 1]]


class TestMisses:
    def test_the_worst_level_first_in_its_sentence(self) -> None:
        changes: dict[str, dict[str, Any]] = {
            "E3": {"level": 0, "probabilities": (0.9, 0.1, 0, 0, 0)},
            "E5": {"level": 2, "probabilities": (0, 0.4, 0.6, 0, 0)},
            "E4": {"claim": False, "level": None, "probabilities": None},
        }
        misses = evaluate_reports([LABELLED], {"dam": all_found(**changes)}).worst_levels(9)
        assert [m.judged.label.id for m in misses] == ["E3", "E5"]
        told = misses[0].to_dict()
        assert told["context"] == '"I closed the gates because I was told to close them," said Anton Reil.'
        assert (told["article"], told["attribution"], told["labelled"]["level"], told["given"]["level"]) == ("dam", "E3", 4, 0)
        assert [x["entity"] for x in told["given"]["chain"]] == ["Anton Reil"]

    def test_the_wrong_chains_that_it_is_surest_of(self) -> None:
        sure, doubtful = replace(REIL, confidence=0.95), replace(REIL, confidence=0.4)
        evaluation = evaluate_reports([LABELLED], {"dam": all_found(E1={"chain": (doubtful,)}, E2={"chain": (sure,)}, E6={"chain": ()})})
        assert [(m.judged.label.id, m.loss) for m in evaluation.worst_chains(9)] == [("E2", 0.95), ("E1", 0.4)]
        assert len(evaluation.worst_chains(1)) == 1


class TestCommand:
    """The program, with reports or a model that is never wrong on one article."""

    @pytest.fixture(autouse=True)
    def files(self, run: Run) -> None:
        Path("dam.txt").write_text(DAM, "utf-8")
        reading = reading_of(LABELLED)
        report = build_report(reading, GoldModel().rate(reading), GoldModel.version).to_dict()
        Path("reports.jsonl").write_text(json.dumps(report) + "\n")

    def test_text_for_people_fits_the_page(self, run: Run) -> None:
        ran = run("evaluate", "dam.txt", "--bootstrap", "20")
        assert (ran.code, ran.err) == (0, "")
        assert max(map(len, ran.out.splitlines())) <= 80
        assert "\x1b" not in ran.out
        for line in ("1 article, 7 labelled attributions", "by kind of the origin", "by links in the chain", "labelled level by given one"):
            assert line in ran.out
        assert re.search(r"^  whole chain +100\.0$", ran.out, re.MULTILINE)
        assert "by sort of news" not in ran.out  # there is one

    def test_intervals_of_several_articles(self, run: Run) -> None:
        Path("other.txt").write_text(DAM.replace("id: dam", "id: other"), "utf-8")
        assert re.search(r"^  whole chain +100\.0 +100\.0 to 100\.0$", run("evaluate", "dam.txt", "other.txt").out, re.MULTILINE)
        assert "interval" not in run("evaluate", "dam.txt", "other.txt", "--bootstrap", "0").out

    def test_a_narrow_terminal_has_fewer_columns(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("COLUMNS", "56")
        lines = re.sub(r"\x1b\[[\d;]*m", "", run("evaluate", "dam.txt").out).splitlines()
        assert max(map(len, lines)) <= 56
        assert any(re.fullmatch(r"by links in the chain +n found origin chain level *", line) for line in lines)

    def test_the_worst_are_shown_in_context(self, run: Run) -> None:
        out = run("evaluate", "dam.txt").out
        assert "The levels most wrong" in out
        assert "dam E3: labelled 4 first-hand, given 3 on the record at 0.80; score 0." in out
        assert '  ["I closed the gates because I was told to close them,"] said Anton Reil.' in out
        assert "The levels most wrong" not in run("evaluate", "dam.txt", "--worst", "0").out

    def test_json_has_no_words_of_the_articles_unless_asked(self, run: Run) -> None:
        printed = json.loads(run("evaluate", "dam.txt", "--format", "json", "--bootstrap", "0").out)
        assert printed["figures"]["chain_f1"] == 100.0
        assert (printed["intervals"], printed["worst"]) == (None, {})
        assert "gates" not in json.dumps(printed)
        assert printed["by"]["level"][0] | {"kind": 0} == {
            "value": 0, "n": 1, "answered": 100.0, "origin": 100.0, "chain": 100.0, "route": 100.0, "naming": 100.0, "kind": 0, "claim": 100.0,
            "level_right": 100.0,
        }  # fmt: skip
        worst = json.loads(run("evaluate", "dam.txt", "--format", "json", "--worst", "1").out)["worst"]
        assert [len(misses) for misses in worst.values()] == [1, 0]

    def test_reports_in_place_of_a_model(self, run: Run) -> None:
        scored, read = run("evaluate", "dam.txt").out, run("evaluate", "dam.txt", "--reports", "reports.jsonl").out
        assert scored == read

    def test_articles_without_a_report_are_left_out(self, run: Run) -> None:
        Path("other.txt").write_text(DAM.replace("id: dam", "id: other"), "utf-8")
        alone, ran = run("evaluate", "dam.txt", "--reports", "reports.jsonl"), run("evaluate", "dam.txt", "other.txt", "--reports", "reports.jsonl")
        assert (ran.code, ran.out) == (0, alone.out)
        assert (alone.err, ran.err) == ("", "reports.jsonl: 1 article without a report left out\n")

    def test_an_article_that_could_not_be_scored_is_one_in_which_nothing_was_found(self, run: Run) -> None:
        Path("other.txt").write_text(DAM.replace("id: dam", "id: other"), "utf-8")
        with Path("reports.jsonl").open("a") as reports:
            reports.write('{"schema": 1, "article": {"id": "other"}, "error": "no text"}\n')
        ran = run("evaluate", "dam.txt", "other.txt", "--reports", "reports.jsonl")
        assert ran.err == ""
        assert ran.out.startswith("2 articles, 14 labelled attributions · 2 with chains · 1 could not be scored\n")
        assert re.search(r"^  recall +50\.0 ", ran.out, re.MULTILINE)

    def test_where_there_is_nothing_to_measure_there_is_a_dash(self, run: Run) -> None:
        Path("none.jsonl").write_text('{"article": {"id": "dam"}, "claims": []}\n')
        assert re.search(r"^  precision +-$", run("evaluate", "dam.txt", "--reports", "none.jsonl").out, re.MULTILINE)
        printed = json.loads(run("evaluate", "dam.txt", "--reports", "none.jsonl", "--format", "json").out)
        assert (printed["figures"]["detection"]["p"], printed["figures"]["level"]["mae"]) == (None, None)

    def test_stand_off_labels(self, run: Run) -> None:
        rows = [{"id": a.id, "claim": True, "firsthand": False, "chain": []} for a in LABELLED.attributions]
        Path("chains.jsonl").write_text(json.dumps({"id": "dam", "attributions": rows}))
        printed = json.loads(run("evaluate", "dam.txt", "--chains", "chains.jsonl", "--format", "json").out)
        assert printed["confusion"]["counts"][0] == [1, 0, 2, 3, 0, 1]

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("nowhere.jsonl",), "nowhere.jsonl: no such file; check the path"),
            (("dam.txt", "--reports", "nowhere.jsonl"), "nowhere.jsonl: no such file; check the path"),
            (("dam.txt", "--reports", "other.jsonl"), "other.jsonl: no report on any article of the corpus; ids must be the same, such as 'dam'"),
            (("dam.txt", "--reports", "reports.jsonl", "--model", "m"), "--reports and --model: reports are made already; give one of the two"),
            (("dam.txt", "--chains", "strange.jsonl"), "strange.jsonl: no labels of any of the articles; ids must be the same, such as 'dam'"),
            (("empty.jsonl", "--reports", "reports.jsonl"), "no labelled articles to evaluate; pass files that have some"),
            (("empty.jsonl",), "no labelled articles to evaluate; pass files that have some"),
            (("wordless.jsonl",), "article 'w': no text to score; pass an article with words in it"),
            (("dam.txt", "--plots", "dam.txt"), "dam.txt: plots can't be written (File exists); give --plots a folder that can be"),
        ],
    )
    def test_what_can_not_be_is_told_in_one_line(self, run: Run, arguments: Sequence[str], message: str) -> None:
        Path("other.jsonl").write_text('{"article": {"id": "x"}, "claims": []}\n')
        Path("strange.jsonl").write_text('{"id": "x", "attributions": []}\n')
        Path("empty.jsonl").touch()
        Path("wordless.jsonl").write_text('{"id": "w", "text": "", "attributions": []}\n')
        ran = run("evaluate", *arguments)
        assert (ran.code, ran.out, ran.err) == (2, "", message + "\n")

    def test_plots(self, run: Run) -> None:
        pytest.importorskip("matplotlib")
        assert run("evaluate", "dam.txt", "--plots", "deep/plots").code == 0
        for name in ("reliability.png", "confusion.png"):
            assert Path("deep/plots", name).read_bytes().startswith(b"\x89PNG")

    def test_without_matplotlib_plots_are_a_line_and_nothing_is_scored(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "matplotlib", None)
        for name in ("matplotlib.axes", "matplotlib.figure", "scorer.plots"):
            monkeypatch.delitem(sys.modules, name, raising=False)
        monkeypatch.setattr("scorer.model.Model.load", None)
        ran = run("evaluate", "dam.txt", "--plots", "plots")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == "matplotlib is not installed; install it with: pip install 'attribution-scorer[evaluate]'\n"
        assert not Path("plots").exists()

    @pytest.mark.parametrize("command", [("evaluate",), ("labels",), ("labels", "check"), ("labels", "convert")])
    def test_every_command_has_help(self, run: Run, command: Sequence[str]) -> None:
        ran = run(*command, "--help")
        assert ran.code == 0
        assert ("Example" in ran.out) == (command != ("labels",))
