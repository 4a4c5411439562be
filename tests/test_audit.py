"""Paths in, ids and results out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import DAM, GoldModel

from scorer.audit import Failure, find_inputs, score_inputs
from scorer.labels import parse_markup
from scorer.report import Report


def write(folder: Path, *names: str, text: str = "It rained.\n") -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def ids(*paths: Path | str, folders: bool = True) -> list[str]:
    return [i.id for i in find_inputs([str(p) for p in paths], folders=folders)]


class TestIds:
    def test_a_file_is_its_name_without_ending(self, tmp_path: Path) -> None:
        assert ids(write(tmp_path, "a.txt") / "a.txt") == ["a"]

    def test_a_folder_is_its_text_files_however_deep_and_sorted(self, tmp_path: Path) -> None:
        write(tmp_path, "b.txt", "a/z.TXT", "a/y.txt", "a-b.txt", "notes.md")
        assert ids(tmp_path) == ["a/y", "a/z", "a-b", "b"]

    def test_an_ending_is_kept_where_two_would_collide(self, tmp_path: Path) -> None:
        write(tmp_path, "a.txt", "a.md", "b.txt")
        assert ids(tmp_path / "a.txt", tmp_path / "a.md", tmp_path / "b.txt") == ["a.txt", "a.md", "b"]

    def test_the_whole_path_is_where_endings_do_not_help(self, tmp_path: Path) -> None:
        write(tmp_path, "x/a.txt", "y/a.txt", "y/b.txt")
        assert ids(tmp_path / "x", tmp_path / "y") == [f"{tmp_path}/x/a.txt", f"{tmp_path}/y/a.txt", "b"]

    def test_ids_are_unique_whatever_is_given(self, tmp_path: Path) -> None:
        write(tmp_path, "a.txt", "a", "a.txt.txt", "x/a.txt")
        found = ids(tmp_path / "a", tmp_path, tmp_path / "x", "-")
        assert len(found) == len(set(found)) == 5

    def test_what_is_given_twice_is_read_once_at_its_first_place(self, tmp_path: Path) -> None:
        write(tmp_path, "a.txt", "b.txt")
        assert ids(tmp_path / "b.txt", tmp_path, "-", "-") == ["b", "a", "stdin"]

    def test_the_order_is_that_given(self, tmp_path: Path) -> None:
        write(tmp_path, "a.txt", "b.txt", "c.txt")
        assert ids(tmp_path / "c.txt", tmp_path / "a.txt", tmp_path / "b.txt") == ["c", "a", "b"]

    def test_a_loop_of_links_ends(self, tmp_path: Path) -> None:
        write(tmp_path, "a.txt")
        (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
        assert ids(tmp_path) == ["a"]

    @pytest.mark.skipif(os.name == "nt", reason="such names can't be")
    def test_a_file_name_that_is_no_text_can_be_written_down(self, tmp_path: Path) -> None:
        name = os.fsdecode(b"caf\xe9.txt")
        try:
            (tmp_path / name).write_text("It rained.")
        except OSError:
            pytest.skip("the file system refuses it")
        (result,) = score_inputs(find_inputs([str(tmp_path)], folders=True), GoldModel())  # type: ignore[arg-type]
        assert isinstance(result, Report)
        assert result.article.path is not None
        assert result.article.path.endswith("caf\ufffd.txt")
        assert result.article.path.encode("utf-8")


class TestFailures:
    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (b"", "no text to score"),
            (b" \n\t\n", "no text to score"),
            (b"\xef\xbb\xbf", "no text to score"),
            (b"...!?\n", "no text to score"),
            (b"PK\x03\x04\x14\x00\x00\x00\x08\x00\xff\xfe\x00\x81", "binary data, not text"),
            (b"\x00" * 300, "binary data, not text"),
            (b"explode", "internal error, RuntimeError: a stage broke; --debug shows where"),
        ],
    )
    def test_a_bad_file_is_one_line(self, tmp_path: Path, data: bytes, message: str) -> None:
        (tmp_path / "bad.txt").write_bytes(data)
        (result,) = score_inputs(find_inputs([str(tmp_path / "bad.txt")], folders=False), GoldModel())  # type: ignore[arg-type]
        assert isinstance(result, Failure)
        assert message in result.message
        assert "\n" not in str(result)
        assert str(result).startswith(f"{tmp_path}/bad.txt: ")
        assert result.to_dict() == {"schema": 1, "article": {"id": "bad", "path": f"{tmp_path}/bad.txt"}, "error": result.message}

    def test_only_our_own_faults_have_a_traceback(self, tmp_path: Path) -> None:
        write(tmp_path, "bug.txt", text="explode")
        write(tmp_path, "empty.txt", text="")
        bug, empty = score_inputs(find_inputs([str(tmp_path)], folders=True), GoldModel())  # type: ignore[arg-type]
        assert isinstance(bug, Failure)
        assert isinstance(empty, Failure)
        assert (type(bug.cause), empty.cause) == (RuntimeError, None)

    @pytest.mark.parametrize(
        ("path", "message"),
        [
            ("missing.txt", "no such file; check the path"),
            ("nothing", "no .txt files in this folder; pass one that has some"),
        ],
    )
    def test_what_is_not_there(self, tmp_path: Path, path: str, message: str) -> None:
        (tmp_path / "nothing").mkdir()
        (result,) = score_inputs(find_inputs([str(tmp_path / path)], folders=True), GoldModel())  # type: ignore[arg-type]
        assert str(result) == f"{tmp_path}/{path}: {message}"

    def test_a_folder_is_no_article(self, tmp_path: Path) -> None:
        (result,) = score_inputs(find_inputs([str(tmp_path)], folders=False), GoldModel())  # type: ignore[arg-type]
        assert str(result) == f"{tmp_path}: is a folder; pass its files, or use `scorer audit`"

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
    def test_what_may_not_be_read(self, tmp_path: Path) -> None:
        write(tmp_path, "secret.txt", "closed/a.txt")
        (tmp_path / "secret.txt").chmod(0)
        (tmp_path / "closed").chmod(0)
        results = list(score_inputs(find_inputs([str(tmp_path)], folders=True), GoldModel()))  # type: ignore[arg-type]
        (tmp_path / "closed").chmod(0o700)
        assert [str(r).removeprefix(f"{tmp_path}/") for r in results] == [
            "closed: may not be read; change its permissions",
            "secret.txt: may not be read; change its permissions",
        ]


def test_one_bad_file_never_stops_the_rest(tmp_path: Path) -> None:
    labelled = parse_markup(DAM)
    write(tmp_path, "a.txt", "c.txt", text=labelled.text)
    write(tmp_path, "b.txt", text="")
    results = list(score_inputs(find_inputs([str(tmp_path)], folders=True), GoldModel([labelled]), "Northern Courier"))  # type: ignore[arg-type]
    assert [type(r) for r in results] == [Report, Failure, Report]
    first = results[0]
    assert isinstance(first, Report)
    assert (first.article.id, first.article.path, first.article.outlet, len(first.claims)) == ("a", f"{tmp_path}/a.txt", "Northern Courier", 7)
