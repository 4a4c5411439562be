"""Results in, text or JSON on standard output or in a file out: always UTF-8, a file only once it is whole."""

from __future__ import annotations

import json
import secrets
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from rich.console import Console, RenderableType
from rich.text import Text

from scorer.audit import Failure, Result, Tally
from scorer.errors import ScorerError
from scorer.render import Glyphs, Page, page_for, render_line, render_report, render_tally

if TYPE_CHECKING:
    from scorer.labels import LabelledArticle


class OutputError(ScorerError):
    """A file that can't be written."""


@dataclass(frozen=True)
class Output:
    """Where results go. `draws`: whether the reader's encoding has the marks that we draw with."""

    stream: TextIO
    is_file: bool = False
    draws: bool = True


@contextmanager
def open_output(path: Path | None) -> Iterator[Output]:
    """Standard output (None or `-`), or a file that is written beside its place and put there at the end.

    Raises OutputError where that file can't be.
    """
    if path is not None and str(path) != "-":
        with _replacing(path) as stream:
            yield Output(stream, is_file=True)
        return
    draws = _draws(sys.stdout.encoding)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    yield Output(sys.stdout, draws=draws)
    sys.stdout.flush()


def file_to_write(path: Path) -> Path:
    """The file a path stands for; a link stays a link. Raises OutputError where there can be none, to be told before long work."""
    target = path.resolve()
    if target.is_dir():
        raise OutputError(f"{path}: is a folder; give a file")
    if not target.parent.is_dir():
        raise OutputError(f"{path}: the folder {path.parent} does not exist; make it first")
    return target


def make_folder(path: Path) -> None:
    """Make a folder to write into, and those it stands in. Raises OutputError where there can be none, to be told before long work."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: can't be made a folder ({error.strerror or error}); give another") from error


@contextmanager
def _replacing(path: Path) -> Iterator[TextIO]:
    target = file_to_write(path)
    special = target.exists() and not target.is_file()  # /dev/null, a named pipe
    working = target if special else target.with_name(f".scorer-{secrets.token_hex(6)}.tmp")
    try:
        with working.open("w", encoding="utf-8", errors="replace", newline="\n") as stream:
            yield stream
        if not special:
            if target.exists():
                shutil.copymode(target, working)
            working.replace(target)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise OutputError(f"{path}: can't be written ({error.strerror or error}); check the folder's permissions and space") from error
    finally:
        if not special:
            working.unlink(missing_ok=True)


def _draws(encoding: str | None) -> bool:
    try:
        "".join(vars(Glyphs()).values()).encode(encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def write_jsonl(results: Iterable[Result | LabelledArticle], output: Output) -> None:
    """One result, or one labelled article, a line."""
    for result in results:
        output.stream.write(json.dumps(result.to_dict(), ensure_ascii=False, allow_nan=False) + "\n")


def write_json(results: Iterable[Result], output: Output, *, several: bool) -> None:
    """One object, or an array where `several` were asked for."""
    if several:
        output.stream.write("[\n")
    for k, result in enumerate(results):
        output.stream.write((",\n" if k else "") + json.dumps(result.to_dict(), ensure_ascii=False, allow_nan=False, indent=2))
    output.stream.write("\n]\n" if several else "\n")


def write_reports(results: Iterable[Result], output: Output) -> None:
    """Every report in full, an empty line between two; failures are told elsewhere."""
    console, page = _console(output)
    first = True
    for result in results:
        if not isinstance(result, Failure):
            _print(console, Text("" if first else "\n\n").append_text(render_report(result, page)))
            first = False


def write_lines(results: Iterable[Result], output: Output) -> None:
    """A line an article, and one for all."""
    console, page = _console(output)
    tally = Tally()
    for result in results:
        tally.add(result)
        if not isinstance(result, Failure):
            _print(console, render_line(result, page))
    _print(console, render_tally(tally, page))


def write_page(render: Callable[[Page], RenderableType], output: Output) -> None:
    """What is laid out for the reader's page: tables, wrapped text; without the spaces that rich fills lines with."""
    console, page = _console(output)
    with console.capture() as printed:
        console.print(render(page), width=page.width, highlight=False, markup=False, emoji=False)
    output.stream.writelines(f"{line.rstrip()}\n" for line in printed.get().splitlines())


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the caller: rich would end the program, with a code that means something else here."""
        raise


def _console(output: Output) -> tuple[Console, Page]:
    console = _Console(file=output.stream, force_terminal=False if output.is_file else None, legacy_windows=False)
    return console, page_for(console, draws=output.draws)


def _print(console: Console, text: Text) -> None:
    console.print(text, soft_wrap=True, highlight=False, markup=False, emoji=False)
