"""`scorer labels`: labelled articles checked, and turned from markup into JSONL."""

from __future__ import annotations

import typer

from scorer.cli_common import ChainsOption, DataArgument, DebugOption, Exit, OutputOption, finish, labelled_articles, tell

app = typer.Typer(name="labels", no_args_is_help=True, rich_markup_mode="rich", help="Check and convert labelled articles.")

CHECK_HELP = """Check labelled articles: offsets, vocabulary, mentions to the letter, chains that can't be.

One problem a line, as file:line: message. Exit codes: 0 all fine, 1 problems found, 2 something could not be read.

[bold]Examples[/bold]

  scorer labels check my-articles/

  scorer labels check corpus.jsonl --chains chains.jsonl
"""
CONVERT_HELP = """Write labelled articles as JSONL, one a line: markup is converted, stand-off chains are put in.

[bold]Example[/bold]

  scorer labels convert my-articles/ --output my-articles.jsonl
"""


@app.command(help=CHECK_HELP, no_args_is_help=True)
def check(data: DataArgument, chains: ChainsOption = None, output: OutputOption = None, debug: DebugOption = False) -> None:
    def run() -> Exit:
        from scorer.label_checks import check_files
        from scorer.output import open_output

        checked = check_files(data, chains or ())
        with open_output(output) as out:
            out.stream.writelines(f"{line}\n" for line in (*checked.findings, *([checked.summary] if checked.articles else ())))
        for failure in checked.failures:
            tell(failure)
        return Exit.FAILURE if checked.failures else Exit.FINDINGS if checked.findings else Exit.OK

    finish(run, debug)


@app.command(help=CONVERT_HELP, no_args_is_help=True)
def convert(data: DataArgument, chains: ChainsOption = None, output: OutputOption = None, debug: DebugOption = False) -> None:
    def run() -> Exit:
        from scorer.output import open_output, write_jsonl

        articles = labelled_articles(data, chains)
        with open_output(output) as out:
            write_jsonl(articles, out)
        return Exit.OK

    finish(run, debug)
