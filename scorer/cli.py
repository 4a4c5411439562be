"""The command line: arguments in, an exit code out. What is heavy is imported by the command that needs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scorer import __version__, cli_evaluate, cli_labels, cli_train
from scorer.cli_common import DebugOption, Exit, ModelOption, OutputOption, finish, tell

if TYPE_CHECKING:
    from scorer.audit import Result
    from scorer.output import Output

app = typer.Typer(name="scorer", no_args_is_help=True, add_completion=False, rich_markup_mode="rich", pretty_exceptions_enable=False)


class ScoreFormat(StrEnum):
    text = "text"
    json = "json"
    jsonl = "jsonl"


class AuditFormat(StrEnum):
    text = "text"
    jsonl = "jsonl"


OutletOption = Annotated[str | None, typer.Option(metavar="NAME", help="Who publishes the articles: the first pair of hands of every chain.")]
OutletsOption = Annotated[list[Path] | None, typer.Option(metavar="FILE.csv", help="More outlets to know by name: name,aliases,domains,country; repeatable.")]
RatingsOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE.csv", help="Your ratings of outlets (domain,rating, or Lin et al. 2023), told beside the score, with Admiralty grades."),
]

SCORE_HELP = """Report on each claim of an article: who said it, through whose hands it came, how direct that is.

[bold]Examples[/bold]

  scorer score article.txt --outlet "Northern Courier"

  scorer score - < draft.txt

  scorer score a.txt b.txt --format jsonl | jq .summary
"""
AUDIT_HELP = """Report on many articles, one line each; a folder stands for all .txt files in it, however deep.

[bold]Examples[/bold]

  scorer audit archive/

  scorer audit archive/ extra.txt --format jsonl --output reports.jsonl
"""


@app.command(help=SCORE_HELP, no_args_is_help=True)
def score(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT", help="Plain-text files; [bold]-[/bold] is standard input.")],
    outlet: OutletOption = None,
    format: Annotated[ScoreFormat, typer.Option(help="Text for people; one JSON document; or one JSON report a line.")] = ScoreFormat.text,
    output: OutputOption = None,
    outlets: OutletsOption = None,
    ratings: RatingsOption = None,
    model: ModelOption = None,
    debug: DebugOption = False,
) -> None:
    def write(results: Iterable[Result], out: Output) -> None:
        from scorer.output import write_json, write_jsonl, write_reports

        match format:
            case ScoreFormat.text:
                write_reports(results, out)
            case ScoreFormat.json:
                write_json(results, out, several=len(inputs) > 1)
            case ScoreFormat.jsonl:
                write_jsonl(results, out)

    finish(lambda: _report(inputs, False, write, outlet, output, outlets, ratings, model, debug), debug)


@app.command(help=AUDIT_HELP, no_args_is_help=True)
def audit(
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Plain-text files and folders of them.")],
    outlet: OutletOption = None,
    format: Annotated[AuditFormat, typer.Option(help="A line an article for people, or one JSON report a line.")] = AuditFormat.text,
    output: OutputOption = None,
    outlets: OutletsOption = None,
    ratings: RatingsOption = None,
    model: ModelOption = None,
    debug: DebugOption = False,
) -> None:
    def write(results: Iterable[Result], out: Output) -> None:
        from scorer.output import write_jsonl, write_lines

        (write_jsonl if format is AuditFormat.jsonl else write_lines)(results, out)

    finish(lambda: _report(paths, True, write, outlet, output, outlets, ratings, model, debug), debug)


app.command(help=cli_train.HELP, no_args_is_help=True)(cli_train.train)
app.command(help=cli_train.ENCODER_HELP, no_args_is_help=True)(cli_train.train_encoder)
app.command(help=cli_evaluate.HELP, no_args_is_help=True)(cli_evaluate.evaluate)
app.add_typer(cli_labels.app)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a report."""

    def run() -> Exit:
        typer.echo(files("scorer").joinpath("schema/report.schema.json").read_text("utf-8"), nl=False)
        return Exit.OK

    finish(run, debug=False)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"scorer {__version__}")
        raise typer.Exit(Exit.OK)


@app.callback()
def _options(version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")] = False) -> None:
    """Follow every statement in a news article back through all the hands it passed, and score how directly sourced it is.

    It does not judge truth: a directly sourced claim can be false, an anonymous one can be right.
    """


def main() -> int:
    """Run the program on `sys.argv`; the exit code."""
    try:
        app(prog_name="scorer")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else Exit.OK if stop.code is None else Exit.FAILURE
    return Exit.OK


class _FailureTeller:
    """Tells of failures on standard error as they pass by; `exit` is what they come to."""

    def __init__(self, debug: bool) -> None:
        self._debug = debug
        self.exit = Exit.OK

    def told(self, results: Iterable[Result]) -> Iterator[Result]:
        from scorer.audit import Failure

        for result in results:
            if isinstance(result, Failure):
                self.exit = Exit.FAILURE
                tell(str(result), result.cause if self._debug else None)
            yield result


def _report(
    inputs: list[str],
    folders: bool,
    write: Callable[[Iterable[Result], Output], None],
    outlet: str | None,
    output: Path | None,
    outlets: list[Path] | None,
    ratings: Path | None,
    model: Path | None,
    debug: bool,
) -> Exit:
    """What `score` and `audit` do: score the inputs, `write` what comes of them, tell of failures. The user's small files are read before the model."""
    from scorer.audit import find_inputs, score_inputs
    from scorer.locate import default_model
    from scorer.model import Model
    from scorer.outlets import Registry
    from scorer.output import open_output
    from scorer.ratings import Ratings

    rates = Ratings.load(ratings) if ratings else None
    registry = Registry.load(*outlets or ())
    with open_output(output) as out:
        teller = _FailureTeller(debug)
        loaded = Model.load(model or default_model(), outlets=registry)
        write(teller.told(score_inputs(find_inputs(inputs, folders=folders), loaded, outlet or None, rates)), out)
    return teller.exit
