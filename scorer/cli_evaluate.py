"""`scorer evaluate`: labelled articles and a model's reports on them, or reports made before; figures, plots and the worst misses out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scorer.cli_common import ChainsOption, DataArgument, DebugOption, Exit, ModelOption, OutputOption, finish, labelled_articles, needs_extra, tell
from scorer.errors import InputError, LabelError, ScorerError
from scorer.wording import counted

if TYPE_CHECKING:
    from scorer.comparison import Found
    from scorer.labels import LabelledArticle

HELP = """Compare reports with labels: figures with intervals, by sort of news, kind, level and length of chain, and the worst misses.

[bold]Examples[/bold]

  scorer evaluate training_data/held_out.jsonl

  scorer evaluate corpus.jsonl --reports reports.jsonl --plots plots/

  scorer evaluate corpus.jsonl --model my-model --format json --output figures.json
"""
WORST_SHOWN = 5


class EvaluateFormat(StrEnum):
    text = "text"
    json = "json"


def evaluate(
    data: DataArgument,
    chains: ChainsOption = None,
    reports: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Reports as --format jsonl writes them, in place of a model's; articles whose id they do not have are left out."),
    ] = None,
    model: ModelOption = None,
    format: Annotated[EvaluateFormat, typer.Option(help="Text for people, or one JSON object.")] = EvaluateFormat.text,
    output: OutputOption = None,
    plots: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write reliability.png and confusion.png into this folder; needs the extra [bold]evaluate[/bold].")
    ] = None,
    bootstrap: Annotated[int, typer.Option(min=0, metavar="N", help="Draws of articles that the intervals are made of; 0 for none.")] = 1000,
    worst: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Show N of the worst misses of each sort, in the articles' words; 5 in text, none in JSON.")
    ] = None,
    debug: DebugOption = False,
) -> None:
    def run() -> Exit:
        from scorer.evaluation import evaluate_reports
        from scorer.output import open_output, write_page
        from scorer.render_evaluation import render_evaluation

        if reports is not None and model is not None:
            raise ScorerError("--reports and --model: reports are made already; give one of the two")
        if plots is not None:
            with needs_extra("evaluate"):
                from scorer.plots import write_plots
        articles = labelled_articles(data, chains)
        with open_output(output) as out:
            found = (articles, dict(_scored(articles, model))) if reports is None else _reported(articles, reports)
            evaluation = evaluate_reports(*found)
            if plots is not None:
                write_plots(evaluation, plots)
            if format is EvaluateFormat.json:
                out.stream.write(json.dumps(evaluation.to_dict(bootstrap, worst or 0), ensure_ascii=False, allow_nan=False, indent=1) + "\n")
            else:
                write_page(lambda page: render_evaluation(evaluation, page, bootstrap, WORST_SHOWN if worst is None else worst), out)
        return Exit.OK

    finish(run, debug)


def _reported(articles: Sequence[LabelledArticle], path: Path) -> tuple[list[LabelledArticle], Mapping[str, Sequence[Found] | None]]:
    """The articles that a file has reports of, and their claims; it tells how many others there are."""
    from scorer.comparison import read_reports

    reports = read_reports(path)
    there = [a for a in articles if a.id in reports]
    if articles and not there:
        raise InputError(f"{path}: no report on any article of the corpus; ids must be the same, such as {articles[0].id!r}")
    if others := len(articles) - len(there):
        tell(f"{path}: {counted(others, 'article')} without a report left out")
    return there, reports


def _scored(articles: Sequence[LabelledArticle], folder: Path | None) -> Iterator[tuple[str, Sequence[Found]]]:
    from rich.console import Console
    from rich.progress import track

    from scorer.article import make_article
    from scorer.comparison import found_claims
    from scorer.locate import default_model
    from scorer.model import Model
    from scorer.reading import score

    model, console = Model.load(folder or default_model()), Console(stderr=True)
    for a in track(articles, "scoring", console=console, transient=True, disable=not console.is_terminal):
        try:
            article = make_article(a.text, id=a.id, outlet=a.outlet)
        except InputError as error:
            raise LabelError(f"article {a.id!r}: {error}") from error
        yield a.id, found_claims(score(article, model=model).to_dict()["claims"])
