"""`scorer evaluate`: labelled articles and a model's reports on them, or reports made before; figures, plots and the worst misses out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scorer.cli_common import ChainsOption, DebugOption, Exit, ModelOption, OutputOption, finish, labelled_articles, needs_extra
from scorer.errors import InputError, LabelError, ScorerError

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
    corpus: Annotated[list[Path], typer.Argument(metavar="CORPUS", help="Labelled articles: .jsonl, markup in .txt, or folders of these.")],
    chains: ChainsOption = None,
    reports: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Reports as --format jsonl writes them, matched by article id, in place of a model's.")
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
        articles = labelled_articles(corpus, chains)
        with open_output(output) as out:
            evaluation = evaluate_reports(articles, _reports(articles, reports, model))
            if plots is not None:
                write_plots(evaluation, plots)
            if format is EvaluateFormat.json:
                out.stream.write(json.dumps(evaluation.to_dict(bootstrap, worst or 0), ensure_ascii=False, allow_nan=False, indent=1) + "\n")
            else:
                write_page(lambda page: render_evaluation(evaluation, page, bootstrap, WORST_SHOWN if worst is None else worst), out)
        return Exit.OK

    finish(run, debug)


def _reports(articles: Sequence[LabelledArticle], reports: Path | None, model: Path | None) -> Mapping[str, Sequence[Found]]:
    """The claims found in each article, by its id: read from a file, or by a model."""
    from scorer.comparison import read_reports

    if reports is None:
        return dict(_scored(articles, model))
    read = read_reports(reports)
    if not read.keys() & {a.id for a in articles}:
        raise InputError(f"{reports}: no report on any article of the corpus; ids must be the same, such as {articles[0].id!r}")
    return read


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
