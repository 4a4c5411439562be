"""What the commands share: their common options, the exit codes, and the one place where an exception becomes one."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scorer.errors import ScorerError

if TYPE_CHECKING:
    from scorer.labels import LabelledArticle


class Exit(IntEnum):
    """What the program tells its caller."""

    OK = 0
    FINDINGS = 1  # what was read is wrong: a rule is broken
    FAILURE = 2  # something could not be read, scored or written, or the command was wrong
    INTERRUPTED = 130  # Ctrl-C, as shells count it


OutputOption = Annotated[Path | None, typer.Option("--output", "-o", metavar="PATH", help="Write to this file, and only when all is done.")]
ModelOption = Annotated[Path | None, typer.Option("--model", metavar="DIR", help="Another model folder than the one shipped.")]
DataArgument = Annotated[list[Path], typer.Argument(metavar="DATA", help="Labelled articles: .jsonl, markup in .txt, or folders of these.")]
ChainsOption = Annotated[
    list[Path] | None, typer.Option(metavar="FILE", help="Stand-off labels: chains for attributions of DATA that have spans alone; repeatable.")
]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show the traceback of an internal error.")]


def labelled_articles(data: list[Path], chains: list[Path] | None) -> list[LabelledArticle]:
    """The labelled articles of a command. Raises LabelError or InputError for what can't be read."""
    from scorer.labels import add_chains, read_labelled

    articles = read_labelled(*data)
    for path in chains or ():
        articles = add_chains(articles, path)
    return articles


@contextmanager
def needs_extra(name: str) -> Iterator[None]:
    """Imports of packages that an extra brings. Raises ScorerError, which says how to install it, where one is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise ScorerError(f"{str(error.name).partition('.')[0]} is not installed; install it with: pip install 'attribution-scorer[{name}]'") from error


def finish(run: Callable[[], Exit], debug: bool) -> None:
    """Run a command and end the program: the one place where exceptions become exit codes."""
    try:
        code = run()
    except KeyboardInterrupt:
        code = Exit.INTERRUPTED
    except BrokenPipeError:  # the reader has seen enough; what is left in the buffer must not raise again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = Exit.OK
    except ScorerError as error:
        tell(str(error))
        code = Exit.FAILURE
    except Exception as error:
        tell(f"internal error, {type(error).__name__}: {error}; --debug shows where", error if debug else None)
        code = Exit.FAILURE
    raise typer.Exit(code)


def tell(message: str, cause: Exception | None = None) -> None:
    """One line on standard error; the traceback behind it where a cause is given."""
    typer.echo(" ".join(message.split()).encode("utf-8", errors="replace").decode("utf-8"), err=True)
    if cause is not None:
        typer.echo("".join(traceback.format_exception(cause)), err=True)
