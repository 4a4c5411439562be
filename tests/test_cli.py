"""A command line in; what is printed, written and returned out."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import jsonschema
import pytest
from conftest import LABELLED, REPO, GoldModel, Ran, Run

import scorer

EXAMPLE = min((REPO / "examples").glob("*.txt"))


class TestScore:
    def test_text_for_people(self, run: Run) -> None:
        ran = run("score", "a.txt", "--outlet", "Northern Courier")
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.startswith("Ministry ordered dam gates shut, broadcaster says\n6 claims by 5 sources · directness")
        assert "  Northern Courier → KTV → Mira Doss → senior water-ministry official\n    (unnamed)\n" in ran.out
        assert "a.txt:3\n" in ran.out

    def test_several_in_text_stand_one_after_the_other(self, run: Run) -> None:
        out = run("score", "a.txt", "b.txt").out
        assert out.startswith("Ministry ordered dam gates shut, broadcaster says\n")
        assert out.count("\n\n\nMinistry ordered dam gates shut, broadcaster says\n") == 1

    def test_one_input_is_one_object_several_are_an_array(self, run: Run) -> None:
        assert json.loads(run("score", "a.txt", "--format", "json").out)["article"]["id"] == "a"
        assert [r["article"]["id"] for r in json.loads(run("score", "b.txt", "a.txt", "--format", "json").out)] == ["b", "a"]

    def test_a_report_a_line(self, run: Run) -> None:
        lines = run("score", "b.txt", "a.txt", "--format", "jsonl").out.splitlines()
        assert [json.loads(line)["article"]["id"] for line in lines] == ["b", "a"]

    def test_standard_input(self, run: Run) -> None:
        report = json.loads(run("score", "-", "--format", "json", stdin=LABELLED.text.encode()).out)
        assert (report["article"]["id"], report["article"]["path"], len(report["claims"])) == ("stdin", None, 7)

    def test_the_outlet_is_the_first_hand(self, run: Run) -> None:
        assert json.loads(run("score", "a.txt", "--format", "json", "--outlet", "Courier").out)["article"]["outlet"] == "Courier"
        assert json.loads(run("score", "a.txt", "--format", "json").out)["article"]["outlet"] is None

    def test_ratings_stand_beside_the_score(self, run: Run) -> None:
        Path("ratings.csv").write_text("domain,rating\nnorth.example,72\n")
        ran = run("score", "a.txt", "--outlet", "north.example", "--ratings", "ratings.csv")
        assert (ran.code, ran.err) == (0, "")
        assert "  north.example (rated 0.72) → Anton Reil\n" in ran.out
        assert "\n    B6  Admiralty: north.example is rated 0.72\n" in ran.out
        assert ran.out.replace("(rated 0.72) ", "").splitlines()[:5] == run("score", "a.txt", "--outlet", "north.example").out.splitlines()[:5]

    @pytest.mark.parametrize("command", ["score", "audit"])
    @pytest.mark.parametrize(
        ("option", "text", "message"),
        [
            ("--ratings", "domain,rating\na.example,good\n", "mine.csv, line 2: 'good' is no number; ratings go from 0 to 1 or from 0 to 100\n"),
            ("--outlets", "name,country\nNusa,Indonesia\n", "mine.csv, line 2: 'INDONESIA' is no country code; give two letters (ISO 3166-1), or nothing\n"),
        ],
    )
    def test_a_mistake_in_a_users_file_is_told_before_anything_is_read(self, run: Run, command: str, option: str, text: str, message: str) -> None:
        Path("mine.csv").write_text(text)
        assert run(command, "a.txt", option, "mine.csv", "--output", "out") == Ran(2, "", message)
        assert not Path("out").exists()

    def test_a_bad_input_is_told_in_one_line_and_the_others_are_scored(self, run: Run) -> None:
        ran = run("score", "a.txt", "missing.txt", "b.txt", "--format", "jsonl")
        rows = [json.loads(line) for line in ran.out.splitlines()]
        assert (ran.code, ran.err) == (2, "missing.txt: no such file; check the path\n")
        assert rows[1] == {"schema": 1, "article": {"id": "missing", "path": "missing.txt"}, "error": "no such file; check the path"}
        assert [row["article"]["id"] for row in rows] == ["a", "missing", "b"]

    def test_a_bad_input_in_text_and_json(self, run: Run) -> None:
        assert "Ministry ordered" in run("score", "missing.txt", "a.txt").out
        ran = run("score", "missing.txt", "--format", "json")
        assert (ran.code, json.loads(ran.out)["error"]) == (2, "no such file; check the path")

    def test_no_article_at_all(self, run: Run) -> None:
        ran = run("score", "-", stdin=b"")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("stdin: no text to score")
        assert ran.err.count("\n") == 1

    def test_an_internal_error_is_a_line_and_with_debug_a_traceback(self, run: Run) -> None:
        Path("bug.txt").write_text("explode")
        ran = run("score", "bug.txt", "a.txt")
        assert (ran.code, ran.err) == (2, "bug.txt: internal error, RuntimeError: a stage broke; --debug shows where\n")
        assert "Ministry ordered" in ran.out
        assert "Traceback (most recent call last)" in run("score", "bug.txt", "--debug").err

    def test_plain_marks_where_the_terminal_has_no_others_and_still_utf8(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        Path("café.txt").write_text("Snow fell.", "utf-8")
        stdout = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
        monkeypatch.setattr(sys, "stdout", stdout)
        assert run("score", "a.txt", "café.txt").code == 0
        printed = stdout.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]
        assert "#######..." in printed
        assert "-> KTV" in printed
        assert "café.txt" in printed

    def test_colours_can_be_forced_and_forbidden(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        assert "\x1b" not in run("score", "a.txt").out
        monkeypatch.setenv("FORCE_COLOR", "1")
        assert "\x1b[32mon the record" in run("score", "a.txt").out
        monkeypatch.setenv("NO_COLOR", "1")
        assert "\x1b[3" not in run("score", "a.txt").out.replace("\x1b[3m", "")  # italics are no colour


class TestAudit:
    def test_a_line_an_article_and_one_for_all(self, run: Run) -> None:
        Path("archive/deep").mkdir(parents=True)
        for name in ("archive/z.txt", "archive/deep/y.txt"):
            Path(name).write_text(LABELLED.text, "utf-8")
        ran = run("audit", "b.txt", "archive")
        assert (ran.code, ran.err) == (0, "")
        lines = ran.out.splitlines()
        assert lines == [
            *(f"{path}: directness 53 · 6 claims · 50% not named · levels 0-4: 1 0 2 3 0" for path in ("b.txt", "archive/deep/y.txt", "archive/z.txt")),
            "3 articles, 18 claims · directness 53 of 100 · 50% not named · levels 0-4: 3 0 6 9 0",
        ]

    def test_ids_are_relative_to_the_folder(self, run: Run) -> None:
        rows = [json.loads(line) for line in run("audit", ".", "--format", "jsonl").out.splitlines()]
        assert [(r["article"]["id"], r["article"]["path"]) for r in rows] == [("a", "a.txt"), ("b", "b.txt")]

    def test_one_bad_file_never_stops_the_rest(self, run: Run) -> None:
        Path("a.txt").write_bytes(b"")
        ran = run("audit", ".")
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert ran.out.startswith("b.txt: directness")
        assert ran.out.endswith("1 could not be scored\n")
        assert [("error" in json.loads(line)) for line in run("audit", ".", "--format", "jsonl").out.splitlines()] == [True, False]


class TestOutput:
    def test_a_file_holds_what_would_have_been_printed(self, run: Run) -> None:
        printed = run("score", "a.txt", "--format", "jsonl").out
        ran = run("score", "a.txt", "--format", "jsonl", "--output", "out.jsonl")
        assert (ran.code, ran.out, Path("out.jsonl").read_text("utf-8")) == (0, "", printed)
        assert sorted(p.name for p in Path().iterdir()) == ["a.txt", "b.txt", "out.jsonl"]

    def test_text_in_a_file_has_no_colours(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FORCE_COLOR", "1")
        run("score", "a.txt", "--output", "out.txt")
        assert "\x1b" not in Path("out.txt").read_text("utf-8")

    def test_the_old_file_stays_until_the_new_one_is_whole(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        Path("out.jsonl").write_text("old")

        def interrupt(self: GoldModel, article: object) -> None:
            assert Path("out.jsonl").read_text() == "old"
            raise KeyboardInterrupt

        monkeypatch.setattr(GoldModel, "read", interrupt)
        ran = run("score", "a.txt", "--format", "jsonl", "--output", "out.jsonl")
        assert (ran.code, ran.out, ran.err) == (130, "", "")
        assert Path("out.jsonl").read_text() == "old"
        assert sorted(p.name for p in Path().iterdir()) == ["a.txt", "b.txt", "out.jsonl"]

    def test_a_new_file_has_the_old_ones_permissions(self, run: Run) -> None:
        Path("out.jsonl").touch()
        Path("out.jsonl").chmod(0o600)
        run("score", "a.txt", "--output", "out.jsonl")
        assert Path("out.jsonl").stat().st_mode & 0o777 == 0o600

    def test_a_link_stays_a_link(self, run: Run) -> None:
        Path("out.jsonl").symlink_to("real.jsonl")
        run("score", "a.txt", "--output", "out.jsonl")
        assert Path("out.jsonl").is_symlink()
        assert "Ministry" in Path("real.jsonl").read_text("utf-8")

    @pytest.mark.parametrize(
        ("path", "message"),
        [
            ("nowhere/out.jsonl", "nowhere/out.jsonl: the folder nowhere does not exist; make it first\n"),
            (".", ".: is a folder; give a file\n"),
        ],
    )
    def test_where_it_can_not_be_written(self, run: Run, path: str, message: str) -> None:
        ran = run("score", "a.txt", "--output", path)
        assert (ran.code, ran.out, ran.err) == (2, "", message)

    @pytest.mark.skipif(not Path("/dev/null").exists(), reason="no /dev/null")
    def test_special_files_are_not_replaced(self, run: Run) -> None:
        assert run("score", "a.txt", "--output", "/dev/null").code == 0
        assert not Path("/dev/null").is_file()

    def test_a_dash_is_standard_output(self, run: Run) -> None:
        assert "Ministry" in run("score", "a.txt", "--output", "-").out


class TestProgram:
    def test_version(self, run: Run) -> None:
        assert run("--version") == Ran(0, f"scorer {scorer.__version__}\n", "")

    def test_schema_is_a_schema(self, run: Run) -> None:
        jsonschema.Draft202012Validator.check_schema(json.loads(run("schema").out))

    @pytest.mark.parametrize("command", [(), ("score",), ("audit",), ("schema",)])
    def test_every_command_has_help_with_examples(self, run: Run, command: Sequence[str]) -> None:
        ran = run(*command, "--help")
        assert ran.code == 0
        assert "Usage: scorer" in ran.out
        assert ("Examples" in ran.out) == (command in [("score",), ("audit",)])

    def test_no_arguments_are_a_question(self, run: Run) -> None:
        assert "Usage: scorer" in "".join((run().out, run("score").out))

    @pytest.mark.parametrize("arguments", [("scor", "a.txt"), ("score", "a.txt", "--format", "xml"), ("audit", "--nonsense", ".")])
    def test_a_wrong_command_is_a_failure(self, run: Run, arguments: Sequence[str]) -> None:
        ran = run(*arguments)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err

    def test_a_model_that_is_none(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.undo()
        ran = subprocess_run(["score", "-", "--model", "/nowhere"], stdin=b"It rained.")
        assert ran.code == 2
        assert ran.err.startswith("/nowhere: ")
        assert ran.err.count("\n") == 1

    @pytest.mark.parametrize("arguments", [("schema",), ("score", "-", "--format", "jsonl"), ("audit", str(REPO / "training_data"))])
    @pytest.mark.skipif(os.name == "nt", reason="no such pipes")
    def test_a_closed_pipe_ends_quietly(self, arguments: Sequence[str]) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        command = [sys.executable, str(REPO / "cli.py"), *arguments]
        done = subprocess.run(command, input=b"It rained, he said.", stdout=writer, stderr=subprocess.PIPE, timeout=60, check=False)
        os.close(writer)
        assert (done.returncode, done.stderr) == (0, b"")

    def test_help_is_quick(self) -> None:
        assert not loaded_by("--help") & {"onnxruntime", "tokenizers", "sklearn", "scipy", "pandas", "numpy"}

    def test_scoring_needs_no_scikit_learn_and_no_pandas(self) -> None:
        loaded = loaded_by("score", "-", stdin=b"Snow fell, he said.")
        assert "onnxruntime" in loaded
        assert not loaded & {"sklearn", "scipy", "pandas"}


class TestShippedModel:
    """The program as a user has it, on the example that ships with it."""

    def test_every_report_keeps_the_contract(self) -> None:
        ran = subprocess_run(["score", str(EXAMPLE), "--format", "json", "--outlet", "Northern Courier"])
        assert (ran.code, ran.err) == (0, "")
        report = json.loads(ran.out)
        jsonschema.validate(report, json.loads(subprocess_run(["schema"]).out))
        text = report["article"]["text"]
        assert text == EXAMPLE.read_text("utf-8")
        assert report["summary"]["claims"] > 3
        for claim in report["claims"]:
            assert claim["text"] == " … ".join(text[s:e] for s, e in claim["spans"])
            assert all(x["start"] is None or text[x["start"] : x["end"]] == x["mention"] for x in claim["chain"])

    def test_a_report_depends_on_its_article_alone(self, tmp_path: Path) -> None:
        (tmp_path / "other.txt").write_text("Snow shuts pass\nSnow shut the pass, police said on Monday.\n", "utf-8")
        alone = subprocess_run(["score", str(EXAMPLE), "--format", "jsonl"]).out
        together = subprocess_run(["audit", str(tmp_path / "other.txt"), str(EXAMPLE), "--format", "jsonl"]).out
        assert together.splitlines(keepends=True)[1] == alone

    def test_a_users_outlets_and_ratings(self, tmp_path: Path) -> None:
        (tmp_path / "outlets.csv").write_text("name,domains,country\nRadio Mirande,mirande.example,XK\nAnselm Tribune,anselm.example,XK\n")
        (tmp_path / "ratings.csv").write_text("domain,pc1\nmirande.example,0.55\nwww.anselm.example,0.9\n")
        options = ["--outlets", str(tmp_path / "outlets.csv"), "--ratings", str(tmp_path / "ratings.csv"), "--outlet", "Anselm Tribune"]
        plain = json.loads(subprocess_run(["score", str(EXAMPLE), "--format", "json", "--outlet", "Anselm Tribune"]).out)
        report = json.loads(subprocess_run(["score", str(EXAMPLE), "--format", "json", *options]).out)
        assert report["article"]["publisher"] == {"name": "Anselm Tribune", "domain": "anselm.example", "country": "XK"}
        links = [x for claim in report["claims"] for x in claim["chain"] if x["entity"] == "Radio Mirande"]
        assert {(x["outlet"]["domain"], x["rating"]) for x in links} == {("mirande.example", 0.55)}
        assert {claim["admiralty"]["grade"] for claim in report["claims"] if claim["admiralty"]} <= {
            f"{letter}{digit}" for letter in "ACF" for digit in range(1, 7)
        }
        assert [c["directness"] for c in report["claims"]] == [c["directness"] for c in plain["claims"]]

    def test_the_library_says_the_same(self) -> None:
        row = json.loads(subprocess_run(["score", str(EXAMPLE), "--format", "jsonl"]).out)
        assert scorer.score(EXAMPLE.read_text("utf-8")).to_dict()["claims"] == row["claims"]


def subprocess_run(arguments: Sequence[str], stdin: bytes = b"", **environment: str) -> Ran:
    """Runs `python cli.py` as a user would."""
    command = [sys.executable, str(REPO / "cli.py"), *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, env={**os.environ, **environment}, timeout=60, check=False)
    return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def loaded_by(*arguments: str, stdin: bytes = b"") -> set[str]:
    """The packages that the program imports for a command."""
    program = "import sys; from scorer.cli import main; main(); print(*sys.modules, file=sys.stderr)"
    environment = {**os.environ, "PYTHONPATH": str(REPO)}
    done = subprocess.run([sys.executable, "-c", program, *arguments], input=stdin, capture_output=True, env=environment, timeout=60, check=True)
    return {name.partition(".")[0] for name in done.stderr.decode().split()}
