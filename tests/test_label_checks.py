"""Labels in, what the guidelines forbid out: one row a check, with labels that break it and the same put right."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ARTICLES, DAM, REPO, Run

from scorer.label_checks import check_files, problems
from scorer.labels import LabelledArticle, article_from_dict, parse_markup

DATA = REPO / "training_data"
ONE = "id: a\noutlet: The Courier\n\n[It rained]{1t}, [he]{1s} [said]{1c}. Joe and Ada left.\n---\n1 claim: he = Joe (witness, named)\n"
NESTED = "id: a\n\n[They [asked]{2c} [to leave]{2t}]{1t}, [reportedly]{1c}.\n---\n1 claim: reportedly (unknown, none)\n2 attitude: CHAIN\n"

# the chain line of ONE, what it breaks, and the line put right
CHAINS = [
    ("claim: Ann (witness, named)", "mention 'Ann' is not in the article; take the words as they stand there", "claim: he = Ann (witness, named)"),
    ("claim: joe = Joe (witness, named)", "mention 'joe' is not in the article; the article has 'Joe'", "claim: Joe (witness, named)"),
    ("claim: he = Courier (outlet, named)", "'Courier' publishes or wrote the article", "claim: he = Evening Courier (outlet, named)"),
    ("claim: he (witness, named)", "entity 'he' is a pronoun; give the fullest name", "claim: he (unknown, vague)"),
    (
        "claim: he = Joe (witness, named) > Joe (witness, named)",
        "'Joe' stands twice in a row; list it once",
        "claim: Ada (witness, named) > Joe (witness, named)",
    ),
    ("claim: he (witness, none)", "'he' is nobody (naming none), yet of kind witness", "claim: he (unknown, none)"),
    (
        "claim: he (unknown, none) > Joe (witness, named)",
        "'he' is nobody (naming none), yet stands before 'Joe'",
        "claim: Joe (witness, named) > he (unknown, none)",
    ),
    ("claim: he = Joe (witness, named, Joe)", "org of 'Joe' is 'Joe'; it is the body that the link speaks for", "claim: he = Joe (witness, named, Ada)"),
    ("claim firsthand: he (unknown, none)", "a claim without a source can't be first-hand", "attitude firsthand: he (unknown, none)"),
    ("claim firsthand: -", "a claim without a source can't be first-hand", "claim: -"),
]


def found(article: LabelledArticle) -> list[str]:
    return [p.message for p in problems(article)]


class TestChecks:
    @pytest.mark.parametrize(("wrong", "message", "right"), CHAINS)
    def test_chains_that_the_guidelines_forbid(self, wrong: str, message: str, right: str) -> None:
        (told,) = found(parse_markup(ONE.replace("claim: he = Joe (witness, named)", wrong)))
        assert told.startswith(message)
        assert found(parse_markup(ONE.replace("claim: he = Joe (witness, named)", right))) == []

    @pytest.mark.parametrize(
        ("spans", "messages"),
        [
            ({"source": [[18, 99]]}, ["source [18, 99] lies outside the text of 38 characters"]),
            ({"source": [[13, 11]]}, ["source [13, 11] lies outside the text"]),
            ({"cue": [[13, 18]]}, ["cue ' said' begins or ends with white space"]),
            ({"source": [[0, 10**15]], "cue": [[-(10**15), 4]]}, ["source [0, 10", "cue [-10"]),
            ({"content": []}, ["no content; mark the words that are told"]),
            ({"source": [], "cue": []}, ["neither source nor cue"]),
            ({"content": [[0, 5], [3, 9]]}, ["two pieces of the content overlap at 3"]),
            ({"content": [[0, 13]]}, ["source and content share words"]),
            ({"claim": None}, ["claim is None; say true or false"]),
            ({"source": [[11, 13]]}, []),
        ],
    )
    def test_spans_and_judgements(self, spans: dict[str, object], messages: list[str]) -> None:
        row = parse_markup(ONE.replace(" Joe and Ada left.", "")).to_dict()
        row["text"] = "It rained, he said. Joe and Ada left.\n"
        row["attributions"][0] |= spans
        told = found(article_from_dict(row))
        assert [t.startswith(m) for t, m in zip(told, messages, strict=True)] == [True] * len(messages)

    def test_what_nobody_is_told_to_tell_of_may_hold_another_source(self) -> None:
        assert found(parse_markup(NESTED.replace("CHAIN", "reportedly (unknown, none) > They = lenders (crowd, vague)"))) == []

    def test_the_writer_is_no_link(self) -> None:
        article = parse_markup(ONE.replace("[It rained]", "Rain in the north\nBy Ann Lee\n[It rained]").replace("he = Joe", "he = Ann Lee"))
        assert found(article) == ["'Ann Lee' publishes or wrote the article: the first hand of every chain, not listed; leave the link out"]

    def test_one_id_for_two(self) -> None:
        row = parse_markup(ONE).to_dict()
        row["attributions"] *= 2
        assert found(article_from_dict(row)) == ["2 attributions have this id; give each its own"]

    def test_an_article_without_attributions_or_words_is_fine(self) -> None:
        assert found(LabelledArticle("a", None, "It rained.", ())) == []
        assert found(LabelledArticle("a", None, "", ())) == []


class TestFiles:
    def test_the_projects_own_labels_follow_the_guidelines(self) -> None:
        checked = check_files([ARTICLES, DATA / "held_out", DATA / "articles.jsonl", DATA / "held_out.jsonl"])
        assert (checked.findings, checked.failures) == ((), ())
        assert checked.summary == "All 324 articles are fine."

    def test_so_do_the_second_annotators(self) -> None:
        assert check_files([DATA / "held_out.jsonl"], [DATA / "held_out_second.jsonl"]).summary == "All 66 articles are fine."

    def test_in_markup_a_problem_has_its_own_line(self, tmp_path: Path) -> None:
        path = tmp_path / "dam.txt"
        path.write_text(DAM.replace("= Mira Doss", "= she").replace("[opened an inquiry]{6t}", "[opened an inquiry ]{6t}"))
        assert check_files([path]).findings == (
            f"{path}:11: E2: entity 'she' is a pronoun; give the fullest name or description that the article has",
            f"{path}:8: E6: content 'opened an inquiry ' begins or ends with white space; leave it out",
        )

    def test_in_jsonl_the_line_of_its_article_and_stand_off_labels_their_own(self, tmp_path: Path) -> None:
        corpus, chains = tmp_path / "all.jsonl", tmp_path / "chains.jsonl"
        row = parse_markup(ONE).to_dict()
        row["attributions"][0]["cue"] = [[13, 18]]
        corpus.write_text("\n" + json.dumps(row) + "\n")
        link = {"mention": [11, 13], "entity": "he", "kind": "witness", "naming": "named"}
        chains.write_text("\n\n" + json.dumps({"id": "a", "attributions": [{"id": "E1", "claim": True, "firsthand": False, "chain": [link]}]}))
        span, pronoun = check_files([corpus], [chains]).findings
        assert span.startswith(f"{corpus}:2: a: E1: cue ' said' begins")
        assert pronoun.startswith(f"{chains}:3: a: E1: entity 'he' is a pronoun")

    def test_two_articles_of_one_id(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text(ONE)
        (tmp_path / "b.txt").write_text(ONE.replace("rained", "poured"))
        assert check_files([tmp_path]).findings == (
            f"{tmp_path / 'b.txt'}:1: {tmp_path / 'a.txt'}:1 has the id 'a' too, with another text or other labels; give each its own, or leave one out",
        )
        assert check_files([tmp_path / "a.txt", tmp_path / "a.txt"]).findings == ()

    def test_a_line_ends_where_the_markup_has_it_end(self, tmp_path: Path) -> None:
        path = tmp_path / "a.txt"
        path.write_text(ONE.replace("Joe and Ada", "Joe\u2028and\x0cAda").replace("he = Joe", "he"))
        (finding,) = check_files([path]).findings
        assert finding.startswith(f"{path}:6: E1: entity 'he' is a pronoun")

    def test_labels_are_checked_without_what_draws_in_a_terminal(self) -> None:
        program = "import sys, scorer.label_checks; sys.exit('rich' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", program], cwd=REPO, timeout=60).returncode == 0


class TestCommand:
    def test_a_line_a_problem_and_one_for_all(self, run: Run) -> None:
        Path("bad.txt").write_text(ONE.replace("he = Joe (witness", "he (witness"))
        Path("good.txt").write_text(ONE.replace("id: a", "id: b"))
        Path("broken.txt").write_text(ONE.replace("{1c}", ""))
        ran = run("labels", "check", "good.txt", "bad.txt", "broken.txt")
        assert (ran.code, ran.err) == (1, "")
        assert ran.out.splitlines() == [
            "bad.txt:6: E1: entity 'he' is a pronoun; give the fullest name or description that the article has",
            "broken.txt:4: near 'It rained]{1t}, [he]{1s} [said]. Joe and A': expected `[words]{1s}`; a literal bracket is `\\]`",
            "Found 2 problems in 2 of 3 articles.",
        ]

    def test_all_fine(self, run: Run) -> None:
        Path("good.txt").write_text(ONE)
        assert run("labels", "check", "good.txt").out == "The article is fine.\n"
        assert run("labels", "check", str(DATA / "held_out")).out == "All 66 articles are fine.\n"

    def test_what_can_not_be_read_is_a_failure_and_the_rest_is_checked(self, run: Run) -> None:
        Path("bad.txt").write_text(ONE.replace("he = Joe (witness", "he (witness"))
        ran = run("labels", "check", "nowhere.jsonl", "bad.txt")
        assert (ran.code, ran.err) == (2, "nowhere.jsonl: no such file; check the path\n")
        assert ran.out.endswith("Found 1 problem in 1 of 1 article.\n")

    def test_markup_becomes_jsonl(self, run: Run) -> None:
        assert run("labels", "convert", str(DATA / "held_out"), "--output", "held_out.jsonl").code == 0
        assert Path("held_out.jsonl").read_bytes() == (DATA / "held_out.jsonl").read_bytes()

    def test_what_can_not_be_converted_is_told_and_nothing_written(self, run: Run) -> None:
        Path("broken.txt").write_text(ONE.replace("{1c}", ""))
        ran = run("labels", "convert", "broken.txt", "--output", "out.jsonl")
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert not Path("out.jsonl").exists()
