"""A `Report` in, text for a person out: rich `Text`, already wrapped, that reads the same without colours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from scorer.vocabulary import LEVELS
from scorer.wording import counted, plain

if TYPE_CHECKING:
    from scorer.admiralty import Grade
    from scorer.audit import Tally
    from scorer.links import Link
    from scorer.report import Claim, Report, Summary

MIN_WIDTH, MAX_WIDTH, PIPE_WIDTH = 44, 100, 80
BAR_CELLS = 10
SHOWN_REASONS = 2
QUOTED_LINES = 2
UNSURE = 0.5  # a link less likely than this is said to be unsure

_LEVEL_STYLES = ("red", "red", "yellow", "green", "bold green")
_SHORT_LEVELS = ("untraceable", "weakly traceable", "partly", "on the record", "first-hand")
_NAMING_NOTES = {"named": "", "described": "unnamed", "vague": "unnamed, vague", "none": "no source told"}
_NO_SOURCE = "no source told"
_NOT_SCORED = "not scored (attitude, wish or order)"
_QUOTES = "\"'“”‘’«»„`"


@dataclass(frozen=True)
class Glyphs:
    """The marks that are ours, not the article's."""

    full: str = "█"
    empty: str = "░"
    arrow: str = "→"
    dot: str = "·"
    ellipsis: str = "…"
    opening: str = "“"
    closing: str = "”"


ASCII = Glyphs("#", ".", "->", "-", "...", '"', '"')


@dataclass(frozen=True)
class Page:
    """How wide the text may be, in cells, and which marks it may use."""

    width: int = PIPE_WIDTH
    glyphs: Glyphs = Glyphs()


def page_for(console: Console, *, draws: bool) -> Page:
    """The page of a console: a terminal's own width within bounds, 80 cells in a pipe; plain marks where the encoding has no others."""
    width = min(max(console.width, MIN_WIDTH), MAX_WIDTH) if console.is_terminal else PIPE_WIDTH
    return Page(width, Glyphs() if draws else ASCII)


def render_report(report: Report, page: Page | None = None) -> Text:
    """The article's headline, a summary, and its claims in reading order; ends without a line break."""
    page = page or Page()
    lines = [*_wrap(Text(plain(report.article.title or report.article.path or report.article.id), "bold"), page.width), *_summary(report, page)]
    for k, claim in enumerate(report.claims):
        # Attitudes in a row stand together, everything else apart.
        if claim.claim or k == 0 or report.claims[k - 1].claim:
            lines.append(Text())
        lines += _claim(report, claim, page) if claim.claim else [_attitude(report, claim, page)]
    return Text("\n").join(lines)


def render_line(report: Report, page: Page | None = None) -> Text:
    """An article in one line: path, directness, claims, the share not named, and how many claims have each level."""
    page = page or Page()
    summary, where = report.summary, plain(report.article.path or report.article.id)
    if summary.directness is None:
        return Text.assemble((where, "bold"), ": no claims")
    parts = [
        f": directness {summary.directness:.0f}",
        counted(summary.claims, "claim"),
        f"{_percent(summary.anonymous)} not named",
        f"levels 0-4: {_counts(summary.levels)}",
    ]
    return Text.assemble((where, "bold"), f" {page.glyphs.dot} ".join(parts))


def render_tally(tally: Tally, page: Page | None = None) -> Text:
    """The closing line of an audit."""
    page = page or Page()
    parts = [f"{counted(tally.articles, 'article')}, {counted(tally.claims, 'claim')}"]
    if tally.claims:
        parts += [
            f"directness {tally.directness / tally.claims:.0f} of 100",
            f"{_percent(tally.anonymous / tally.claims)} not named",
            f"levels 0-4: {_counts(tally.levels)}",
        ]
    if tally.failures:
        parts.append(f"{tally.failures} could not be scored")
    return Text(f" {page.glyphs.dot} ".join(parts), "bold")


def _summary(report: Report, page: Page) -> list[Text]:
    """How many claims of which level, and how many of them come unnamed or through others."""
    summary, dot = report.summary, f" {page.glyphs.dot} "
    others = summary.attributions - summary.claims
    if summary.directness is None:
        attitudes = f"no claims; {counted(others, 'attitude, wish or order', 'attitudes, wishes or orders')}"
        told = attitudes if others else "no attributions found: nothing here is ascribed to anybody"
        return _wrap(Text(told), page.width)
    levels = ", ".join(f"{n} {word}" for n, word in zip(reversed(summary.levels), reversed(_short_levels(summary)), strict=True) if n)
    first = dot.join([f"{counted(summary.claims, 'claim')} by {counted(report.sources, 'source')}", f"directness {summary.directness:.0f} of 100", levels])
    second = dot.join([f"{_percent(summary.anonymous)} rest on sources not named", f"{_percent(summary.relayed)} came through other hands"])
    return [*_wrap(Text(first), page.width), *_wrap(Text(second), page.width)]


def _short_levels(summary: Summary) -> tuple[str, ...]:
    """The levels' names for a list: "1 partly, 6 weakly traceable", but "1 partly traceable" where no weakly traceable one follows."""
    return _SHORT_LEVELS if summary.levels[1] else LEVELS


def _claim(report: Report, claim: Claim, page: Page) -> list[Text]:
    indent = 2 if claim.within else 0
    width = page.width - indent
    lines = [
        *_head(report, claim, width, page.glyphs),
        *_wrap(Text(_chain(report, claim, page.glyphs)), width, 2, 4),
        *_quoted(claim.text, width, page.glyphs),
        *_reasons(claim, width, page.glyphs),
        *(_note(claim.admiralty.grade, _grounds(report, claim.admiralty), width) if claim.admiralty else ()),
    ]
    return [Text(" " * indent).append_text(line) for line in lines]


def _reasons(claim: Claim, width: int, glyphs: Glyphs) -> Iterator[Text]:
    """The first reasons with their points, and what an editor could do about the weakest spot among them."""
    shown = claim.reasons[:SHOWN_REASONS]
    for reason in shown:
        yield from _note(_points(reason.effect), reason.text, width)
    if advised := next((reason.advice for reason in shown if reason.advice), None):
        yield from _note(f" {glyphs.arrow}", advised, width)


def _note(mark: str, text: str, width: int) -> list[Text]:
    return _wrap(Text(f"{mark:>4}  {plain(text)}", "dim"), width, 2, 8)


def _grounds(report: Report, grade: Grade) -> str:
    """What an Admiralty grade rests on, other claims by their lines."""
    lines = {claim.id: report.line(claim.start) for claim in report.claims}
    return "Admiralty: " + "; ".join(f"{g.text}, line {lines[g.claim]}" if g.claim in lines else g.text for g in grade.grounds)


def _head(report: Report, claim: Claim, width: int, glyphs: Glyphs) -> list[Text]:
    """Level, bar, number, hands, and where in the file, on a second line where the first has no room for it."""
    level, directness = claim.level or 0, claim.directness or 0.0
    full = round(directness / 100 * BAR_CELLS)
    bar = glyphs.full * full + glyphs.empty * (BAR_CELLS - full)
    style = _LEVEL_STYLES[level]
    line = Text.assemble((f"{LEVELS[level]:<16}", style), "  ", (bar, style), f" {directness:>3.0f}  {counted(claim.hands, 'hand')}")
    where = Text(f"{plain(report.article.path)}:{report.line(claim.start)}" if report.article.path else f"line {report.line(claim.start)}", "dim")
    if line.cell_len + 2 + where.cell_len <= width:
        return [line.append(" " * (width - line.cell_len - where.cell_len)).append_text(where)]
    return [line, Text("  ").append_text(where)]  # never broken: an editor or a terminal makes a link of it


def _chain(report: Report, claim: Claim, glyphs: Glyphs) -> str:
    """All hands from the publisher to the origin."""
    hands = [_noted(report.article.outlet or "this article", _rating(report.rating))]
    for k, link in enumerate(claim.chain):
        before = claim.chain[k - 1] if k else None  # of an outlet and its journalist the rating stands once
        told = before is not None and before.outlet is link.outlet and (link.outlet is not None or before.press == link.press)
        hands.append(_hand(link, glyphs, None if told else link.rating))
    return f" {glyphs.arrow} ".join(map(plain, hands if claim.chain else [*hands, _NO_SOURCE]))


def _hand(link: Link, glyphs: Glyphs, rating: float | None) -> str:
    name = f"{glyphs.opening}{link.mention}{glyphs.closing}" if link.naming == "none" and link.mention else link.entity
    return _noted(name, _NAMING_NOTES[link.naming], _rating(rating), "unsure" if link.confidence < UNSURE else "")


def _rating(rating: float | None) -> str:
    return "" if rating is None else f"rated {rating:.2f}"


def _noted(name: str, *notes: str) -> str:
    told = ", ".join(filter(None, notes))
    return f"{name} ({told})" if told else name


def _quoted(words: str, width: int, glyphs: Glyphs) -> list[Text]:
    """The claim's words in quotation marks, unless they bring their own, cut to two lines."""
    text = plain(words)
    opening, closing = ("", "") if text[:1] in _QUOTES else (glyphs.opening, glyphs.closing)
    lines = [line.plain for line in _wrap(Text(opening + text + closing), width, 2, 3)]
    if len(lines) > QUOTED_LINES:
        last = _cut(lines[QUOTED_LINES - 1], width - cell_len(closing), glyphs, always=True)
        lines = [*lines[: QUOTED_LINES - 1], last + closing]
    return [Text(line, "italic") for line in lines]


def _attitude(report: Report, claim: Claim, page: Page) -> Text:
    text = f"{'  ' if claim.within else ''}{_NOT_SCORED}, line {report.line(claim.start)}: {plain(claim.text)}"
    return Text(_cut(text, page.width, page.glyphs), "dim")


def _cut(text: str, width: int, glyphs: Glyphs, *, always: bool = False) -> str:
    """The text, if it is too long (or `always`) without its last words and with an ellipsis."""
    if cell_len(text) <= width and not always:
        return text
    room = width - 1 - cell_len(glyphs.ellipsis)
    while cell_len(text) > room and " " in text.strip():
        text = text[: text.rindex(" ")].rstrip()
    return f"{text if cell_len(text) <= room else set_cell_size(text, room)} {glyphs.ellipsis}"


def _wrap(text: Text, width: int, indent: int = 0, hanging: int = 0) -> list[Text]:
    """The lines of a text: the first indented by `indent`, the others by `hanging`."""
    lines = text.wrap(_unprinted(), width - max(indent, hanging)) or [Text()]
    for line in lines:
        line.rstrip()
    return [Text(" " * (hanging if k else indent)).append_text(line) for k, line in enumerate(lines)]


@cache
def _unprinted() -> Console:
    """rich wraps for a console; nothing is printed on this one."""
    return Console(color_system=None)


def _points(effect: float) -> str:
    return f"{effect:+.0f}" if abs(effect) >= 1 else f"{effect:+.1f}"


def _percent(share: float | None) -> str:
    return f"{100 * (share or 0):.0f}%"


def _counts(levels: tuple[int, ...]) -> str:
    return " ".join(map(str, levels))
