"""An `Evaluation` in, tables and misses for a person out: what rich prints, that reads the same without colours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from scorer.comparison import RIGHTS, told
from scorer.evaluation import BREAKDOWNS, CONFIDENCE, Evaluation, Miss
from scorer.figures import written
from scorer.links import Link
from scorer.render import Glyphs, Page
from scorer.vocabulary import LEVELS
from scorer.wording import counted, plain

MOST_ROWS = 12  # of a breakdown; the rest is counted
MOST_CONTEXT = 400  # characters of an article around a miss
VALUE_WIDTH = 22

# A heading, its figures by their dotted names, and what each is called.
_GROUPS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("detection", (("detection.p", "precision"), ("detection.r", "recall"), ("detection.f1", "F1"))),
    (
        "F1 over all found and all labelled",
        (("origin_f1", "origin"), ("chain_f1", "whole chain"), ("route_f1", "route, by houses"), ("relay_f1", "route of the relayed")),
    ),
    (
        "right, of {chains} answered",
        (
            ("answered.origin", "origin"),
            ("answered.chain", "whole chain"),
            ("answered.route", "route, by houses"),
            ("answered.naming", "naming of the origin"),
            ("answered.kind", "kind of the origin"),
            ("answered.claim", "claim or attitude"),
            ("relays.one_found", "a hand before the origin, of {relays}"),
        ),
    ),
    (
        "level, of {claims} answered claims",
        (
            ("level.accuracy", "right"),
            ("level.on_record", "right on whether it is 3 or 4"),
            ("level.mae", "mean absolute error, in levels"),
            ("level.qwk", "quadratic weighted kappa"),
            ("level.rps_skill", "ranked probability skill"),
            ("level.ece", "expected calibration error"),
        ),
    ),
)
_HEADS = {"n": "n", "answered": "found"} | {name: name for name in RIGHTS} | {"level_right": "level"}
_NARROW = ("n", "answered", "origin", "chain", "level_right")  # what a page of less than WIDE cells has room for
WIDE = 78
_TITLES = {"sort": "sort of news", "origin_kind": "kind of the origin", "level": "labelled level", "links": "links in the chain"}


def render_evaluation(evaluation: Evaluation, page: Page, resamples: int, worst: int) -> RenderableType:
    """The figures, the tables and the misses, one below the other."""
    parts: list[RenderableType] = [_head(evaluation, page), _figures(evaluation, page, resamples)]
    for by in BREAKDOWNS:
        table = evaluation.breakdown(by)
        if len(table) > 1:
            field = evaluation.sort_field if by == "sort" else by
            parts.append(_breakdown(table, f"by {_TITLES.get(field, field)}", by, page))
    parts.append(_confusion(evaluation))
    for title, what, misses in (
        ("The levels most wrong, by their ranked probability score (at most 4)", _level_miss, evaluation.worst_levels(worst)),
        ("The wrong chains that it is surest of", _chain_miss, evaluation.worst_chains(worst)),
    ):
        if misses:
            parts.append(Group(Text(title, "bold underline"), *(_miss(m, what(m), page) for m in misses)))
    return Group(*(Padding(part, (0, 0, int(k + 1 < len(parts)), 0)) for k, part in enumerate(parts)))


def _head(evaluation: Evaluation, page: Page) -> Text:
    dot = f" {page.glyphs.dot} "
    with_chains = sum(c.article.has_chains for c in evaluation.comparisons)
    parts = [f"{counted(evaluation.articles, 'article')}, {counted(len(evaluation.rows), 'labelled attribution')}", f"{with_chains:,} with chains"]
    if missing := evaluation.figures["missing_reports"]:
        parts.append(f"{missing:,} could not be scored")
    return Text(dot.join(parts))


def _figures(evaluation: Evaluation, page: Page, resamples: int) -> Table:
    figures = evaluation.figures
    intervals = evaluation.intervals(resamples)
    counts = {"claims": f"{figures['level']['claims']:,}", "relays": f"{figures['relays']['labelled']:,}"}
    counts["chains"] = f"{int((evaluation.rows['chained'] & evaluation.rows['answered']).sum()):,}"
    table = _table("", "figure", *([f"{100 * CONFIDENCE:.0f} % interval"] if intervals else []))
    for heading, names in _GROUPS:
        table.add_row(Text(heading.format(**counts), "bold"))
        for name, called in names:
            interval = _at(intervals, name)
            shown = " to ".join(written(name, end) for end in interval) if interval else ""
            table.add_row(f"  {called.format(**counts)}", written(name, _at(figures, name)), *([shown] if intervals else []))
    return table


def _breakdown(frame: pd.DataFrame, title: str, by: str, page: Page) -> Table:
    """A table of one kind of value; what is no claim is a level too, and the rarest values are one row that says how many they are."""
    names = tuple(_HEADS) if page.width >= WIDE else _NARROW
    table = _table(title, *(_HEADS[name] for name in names))
    shown = frame.iloc[:MOST_ROWS]
    for value, row in shown.iterrows():
        table.add_row(_value(by, value, page.glyphs), *(_share(row[name]) for name in names))
    if rest := len(frame) - len(shown):
        table.add_row(Text(f"{rest} more, with fewer", "dim"), f"{frame['n'].iloc[MOST_ROWS:].sum():,.0f}")
    return table


def _value(by: str, value: Any, glyphs: Glyphs) -> str:
    if pd.isna(value):
        return "no claim" if by == "level" else "not told"
    if by == "level":
        return f"{value} {LEVELS[int(value)]}"
    text = plain(str(value))
    return text if len(text) <= VALUE_WIDTH else f"{text[: VALUE_WIDTH - len(glyphs.ellipsis)].rstrip()}{glyphs.ellipsis}"


def _confusion(evaluation: Evaluation) -> Table:
    table = _table("labelled level by given one", *map(str, range(len(LEVELS))), "no claim")
    for level, row in enumerate(evaluation.confusion):
        table.add_row(f"{level} {LEVELS[level]}", *(Text(f"{n:,}", "bold" if k == level else "") for k, n in enumerate(row)))
    return table


def _level_miss(miss: Miss) -> str:
    sure = max(miss.found.probabilities or (0.0,))
    return f"labelled {_level(miss.judged.level)}, given {_level(miss.found.level)} at {sure:.2f}; score {miss.loss:.2f}"


def _chain_miss(miss: Miss) -> str:
    return f"sure of each link by {miss.loss:.2f} or more"


def _miss(miss: Miss, what: str, page: Page) -> RenderableType:
    glyphs, labelled, given = page.glyphs, miss.judged, miss.found
    head = f" {labelled.label.id}: {what}"
    lines = [Text(_context(miss, glyphs)), _hands("labelled", labelled.chain, glyphs), _hands("given", told(given.chain), glyphs)]
    return Group(Text(), Text.assemble((plain(str(miss.article.id)), "bold"), head), *(Padding(line, (0, 0, 0, 2)) for line in lines))


def _context(miss: Miss, glyphs: Glyphs) -> str:
    """The sentences of a miss, what is told in square brackets, cut where they are long."""
    text, (start, end) = miss.article.text, miss.span
    out, at = "", start
    for piece in sorted(miss.judged.label.spans.get("content", ())):
        out += f"{text[at : piece[0]]}[{text[slice(*piece)]}]"
        at = piece[1]
    out = plain(out + text[at:end])
    return out if len(out) <= MOST_CONTEXT else f"{out[:MOST_CONTEXT]} {glyphs.ellipsis}"


def _hands(whose: str, chain: tuple[Link, ...], glyphs: Glyphs) -> RenderableType:
    hands = (f"{plain(x.entity)} ({x.kind}, {x.naming}{', ' + plain(x.org) if x.org else ''})" for x in chain)
    row = Table.grid(padding=(0, 1, 0, 0))
    row.add_column(width=len("labelled"))
    row.add_row(Text(whose, "dim"), Text(f" {glyphs.arrow} ".join(hands) or "no source told"))
    return row


def _level(level: int | None) -> str:
    return "as no claim" if level is None else f"{level} {LEVELS[level]}"


def _table(title: str, *columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold", show_edge=False)
    table.add_column(title)
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True, min_width=max(5, len(name)))
    return table


def _at(figures: Mapping[str, Any], name: str) -> Any:
    """A figure by its dotted name, None where it is not there."""
    group, _, leaf = name.rpartition(".")
    return (figures.get(group, {}) if group else figures).get(leaf)


def _share(value: float) -> str:
    return "-" if pd.isna(value) else f"{value:,.0f}"
