"""The command line: arguments in, an exit code out. What is heavy is imported by the command that needs it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scorer import __version__, cli_evaluate, cli_labels
from scorer.cli_common import ChainsOption, DataArgument, DebugOption, Exit, ModelOption, OutputOption, finish, labelled_articles, needs_extra, tell
from scorer.errors import LabelError

if TYPE_CHECKING:
    from scorer.audit import Result
    from scorer.model import Model
    from scorer.ratings import Ratings

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
BaseOption = Annotated[Path | None, typer.Option(metavar="DIR", help="The model folder to begin with; the shipped one by default.")]

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
    def run() -> Exit:
        from scorer.audit import find_inputs, score_inputs
        from scorer.output import open_output, write_json, write_jsonl, write_reports

        rates = _ratings(ratings)
        with open_output(output) as out:
            teller = _FailureTeller(debug)
            results = teller.told(score_inputs(find_inputs(inputs, folders=False), _load(model, outlets), outlet or None, rates))
            match format:
                case ScoreFormat.text:
                    write_reports(results, out)
                case ScoreFormat.json:
                    write_json(results, out, several=len(inputs) > 1)
                case ScoreFormat.jsonl:
                    write_jsonl(results, out)
        return teller.exit

    finish(run, debug)


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
    def run() -> Exit:
        from scorer.audit import find_inputs, score_inputs
        from scorer.output import open_output, write_jsonl, write_lines

        rates = _ratings(ratings)
        with open_output(output) as out:
            teller = _FailureTeller(debug)
            results = teller.told(score_inputs(find_inputs(paths, folders=True), _load(model, outlets), outlet or None, rates))
            (write_jsonl if format is AuditFormat.jsonl else write_lines)(results, out)
        return teller.exit

    finish(run, debug)


TRAIN_HELP = """Fit the heads and the level model on labelled articles, and write a model folder.

[bold]Example[/bold]

  scorer train training_data/articles --output my-model
"""


@app.command(help=TRAIN_HELP, no_args_is_help=True)
def train(
    data: DataArgument,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The model folder to write.")],
    chains: ChainsOption = None,
    base: BaseOption = None,
    unseen: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="A folder with other encoders, for the articles of DATA that the model's were trained on; repeatable."),
    ] = None,
    folds: Annotated[int, typer.Option(min=2, help="Parts of DATA, each read by heads that were fitted without it.")] = 3,
    reports: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the reports by heads that were fitted without the article: for [bold]scorer evaluate --reports[/bold]."),
    ] = None,
    debug: DebugOption = False,
) -> None:
    def run() -> Exit:
        from scorer.locate import default_model
        from scorer.training import train as fit

        fit(labelled_articles(data, chains), base or default_model(), output, unseen=unseen or (), folds=folds, reports=reports, say=typer.echo)
        typer.echo(f"{output}: written")
        return Exit.OK

    finish(run, debug)


TRAIN_ENCODER_HELP = """Train the second encoder, whose answers the heads are fitted on, from the tagger of a model folder.

It takes about a second an article and epoch on one core, and the extra `encoder` (PyTorch). For `scorer train --unseen`, train others that leave
a part of the articles out.

[bold]Examples[/bold]

  scorer train-encoder training_data/articles --output my-model

  scorer train-encoder training_data/articles --leave-out 1/2 --output part-1
"""


@app.command(help=TRAIN_ENCODER_HELP, no_args_is_help=True)
def train_encoder(
    data: DataArgument,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="The folder to write signals.onnx and signals.json into.")],
    chains: ChainsOption = None,
    base: BaseOption = None,
    leave_out: Annotated[str | None, typer.Option(metavar="K/N", help="Leave out part K of N of the articles with chains.")] = None,
    epochs: Annotated[int, typer.Option(min=1, help="How often every article is read.")] = 4,
    seed: Annotated[int, typer.Option(help="The same seed gives the same encoder on the same machine.")] = 1,
    debug: DebugOption = False,
) -> None:
    def run() -> Exit:
        from scorer.locate import default_model

        part = _part(leave_out)
        with needs_extra("encoder"):
            from scorer.encoder_training import train_signals

        train_signals(labelled_articles(data, chains), base or default_model(), output, epochs=epochs, seed=seed, leave_out=part, say=typer.echo)
        typer.echo(f"{output}: written")
        return Exit.OK

    finish(run, debug)


def _part(given: str | None) -> tuple[int, int] | None:
    """`1/2` as (0, 2)."""
    if given is None:
        return None
    match = re.fullmatch(r"(\d+)/(\d+)", given)
    if not match or not 1 <= int(match[1]) <= int(match[2]) or int(match[2]) < 2:
        raise LabelError(f"--leave-out {given}: not a part such as 1/2; give K/N with K from 1 to N")
    return int(match[1]) - 1, int(match[2])


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


def _load(folder: Path | None, outlets: list[Path] | None) -> Model:
    from scorer.locate import default_model
    from scorer.model import Model
    from scorer.outlets import Registry

    registry = Registry.load(*outlets or ())  # before the model: a mistake in a small file is told at once
    return Model.load(folder or default_model(), outlets=registry)


def _ratings(path: Path | None) -> Ratings | None:
    from scorer.ratings import Ratings

    return Ratings.load(path) if path else None
