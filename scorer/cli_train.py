"""`scorer train` and `scorer train-encoder`: labelled articles in, a model folder, or its second encoder, out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from scorer.cli_common import ChainsOption, DataArgument, DebugOption, Exit, finish, labelled_articles, needs_extra
from scorer.errors import ScorerError

HELP = """Fit the heads and the level model on labelled articles, and write a model folder.

[bold]Example[/bold]

  scorer train training_data/articles --output my-model
"""
ENCODER_HELP = """Train the second encoder, whose answers the heads are fitted on, from the tagger of a model folder.

It takes about a second an article and epoch on one core, and the extra `encoder` (PyTorch). For `scorer train --unseen`, train others that leave
a part of the articles out.

[bold]Examples[/bold]

  scorer train-encoder training_data/articles --output my-model

  scorer train-encoder training_data/articles --leave-out 1/2 --output part-1
"""

BaseOption = Annotated[Path | None, typer.Option(metavar="DIR", help="The model folder to begin with; the shipped one by default.")]


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
        raise ScorerError(f"--leave-out {given}: not a part such as 1/2; give K/N with K from 1 to N")
    return int(match[1]) - 1, int(match[2])
