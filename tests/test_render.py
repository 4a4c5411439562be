"""A report in, text for a person out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from io import StringIO

import pytest
from conftest import ARTICLES, link
from rich.cells import cell_len
from rich.console import Console

from scorer.admiralty import Grade, Ground
from scorer.audit import Failure, Tally
from scorer.labels import LabelledArticle, parse_markup
from scorer.outlets import Outlet
from scorer.render import ASCII, Page, page_for, render_line, render_report, render_tally
from scorer.report import Report

DAM_TEXT = """\
Ministry ordered dam gates shut, broadcaster says
6 claims by 5 sources · directness 47 of 100 · 2 first-hand, 3 weakly traceable,
1 untraceable
50% rest on sources not named · 33% came through other hands

weakly traceable  ███░░░░░░░  31  2 hands                     articles/dam.txt:1
  Northern Courier → KTV
  “Ministry ordered dam gates shut”
   -31  the origin is not named
    +4  it passed through few hands

weakly traceable  ███░░░░░░░  31  3 hands                     articles/dam.txt:3
  Northern Courier → KTV → Mira Doss → senior water-ministry official
    (unnamed)
  “that the order was given by telephone four days before the river rose”
   -31  the origin is not named
    +4  it passed through few hands

first-hand        █████████░  88  2 hands                     articles/dam.txt:4
  Northern Courier → Anton Reil
  "I closed the gates because I was told to close them,"
   -31  the origin is not named
    +4  it passed through few hands

first-hand        █████████░  88  2 hands                     articles/dam.txt:4
  Northern Courier → Anton Reil
  “he had been told by his supervisor that the instruction came "from the very
   top"”
   -31  the origin is not named
    +4  it passed through few hands

  weakly traceable  ███░░░░░░░  31  3 hands                   articles/dam.txt:4
    Northern Courier → Anton Reil → Anton Reil's supervisor (unnamed)
    “that the instruction came "from the very top"”
     -31  the origin is not named
      +4  it passed through few hands

untraceable       █░░░░░░░░░  12  2 hands                     articles/dam.txt:5
  Northern Courier → “reportedly” (no source told)
  “opened an inquiry”
   -31  the origin is not named
    +4  it passed through few hands

not scored (attitude, wish or order), line 5: to comment"""


def with_text(report: Report, words: str) -> Report:
    """The report with other words in its first claim."""
    first, *rest = report.claims
    return replace(report, claims=(replace(first, content=replace(first.content, text=words)), *rest))


def test_the_whole_screen(dam: Report) -> None:
    assert render_report(dam).plain == DAM_TEXT


@pytest.mark.parametrize("width", [44, 60, 80, 100])
def test_no_line_is_wider_than_the_page(dam: Report, width: int) -> None:
    assert max(cell_len(line) for line in render_report(dam, Page(width)).plain.split("\n")) <= width


@pytest.mark.parametrize("path", sorted(ARTICLES.glob("*.txt"))[::12], ids=lambda p: p.stem)
def test_articles_of_all_sorts_fit_and_leave_no_space_at_line_ends(path: object, make_report: Callable[[LabelledArticle], Report]) -> None:
    lines = render_report(make_report(parse_markup(path.read_text("utf-8")))).plain.split("\n")  # type: ignore[attr-defined]
    assert all(cell_len(line) <= 80 and line == line.rstrip() for line in lines)


def test_a_path_is_never_broken(dam: Report) -> None:
    path = "archive/" + "long/" * 20 + "dam.txt"
    long = replace(dam, article=replace(dam.article, path=path))
    assert f"\n  {path}:1\n" in render_report(long).plain


def test_long_words_are_cut_to_two_lines(dam: Report) -> None:
    lines = render_report(with_text(dam, "word " * 100)).plain.split("\n")
    assert lines[7].startswith("  “word word")
    assert lines[8].startswith("   word word")
    assert lines[8].endswith("word …”")
    assert lines[9].startswith("   -31")


def test_one_endless_word_fits_too(dam: Report) -> None:
    lines = render_report(with_text(dam, "w" * 500)).plain.split("\n")
    assert all(cell_len(line) <= 80 for line in lines)


def test_an_article_can_not_repaint_the_screen(dam: Report) -> None:
    plain = render_report(with_text(dam, "red \x1b[31malert\x07 \u202eback\r\nnext")).plain
    assert "“red [31malert back next”" in plain


def test_markup_in_the_text_is_printed_as_it_stands(dam: Report) -> None:
    out = StringIO()
    Console(file=out, width=80).print(render_report(with_text(dam, "[bold]order[/bold] :smile:")), soft_wrap=True)
    assert "[bold]order[/bold] :smile:" in out.getvalue()


def test_without_an_outlet_it_is_this_article(dam: Report) -> None:
    nameless = replace(dam, article=replace(dam.article, outlet=None))
    assert "  this article → KTV\n" in render_report(nameless).plain


@pytest.mark.parametrize(
    ("links", "chain"),
    [
        ((), "Northern Courier → no source told"),
        ((link("critics", "crowd", "vague"),), "Northern Courier → critics (unnamed, vague)"),
        ((link("KTV", "outlet", confidence=0.3),), "Northern Courier → KTV (unsure)"),
        ((link("aide", naming="described", confidence=0.3),), "Northern Courier → aide (unnamed, unsure)"),
    ],
)
def test_the_links_of_a_chain(dam: Report, links: tuple[object, ...], chain: str) -> None:
    report = replace(dam, claims=(replace(dam.claims[0], chain=links),))  # type: ignore[arg-type]
    assert f"  {chain}\n" in render_report(report).plain


def test_ratings_and_grades_stand_beside_the_score(dam: Report) -> None:
    outlet = Outlet("KTV", (), ("ktv.example",), None)
    chain = (
        link("KTV", "outlet", outlet=outlet, rating=0.55),
        link("Mira Doss", "journalist", org="KTV", outlet=outlet, rating=0.55),
        link("aide", naming="described", confidence=0.3),
    )
    grade = Grade("C", 4, (Ground("KTV is rated 0.55"), Ground("denied by Water Ministry", "c6")))
    report = replace(dam, rating=0.8, claims=(replace(dam.claims[0], chain=chain, admiralty=grade), *dam.claims[1:]))
    lines = render_report(report).plain.split("\n")
    assert lines[5:12] == [
        "weakly traceable  ███░░░░░░░  31  2 hands                     articles/dam.txt:1",
        "  Northern Courier (rated 0.80) → KTV (rated 0.55) → Mira Doss → aide",
        "    (unnamed, unsure)",
        "  “Ministry ordered dam gates shut”",
        "   -31  the origin is not named",
        "    +4  it passed through few hands",
        "    C4  Admiralty: KTV is rated 0.55; denied by Water Ministry, line 5",
    ]


def test_the_rating_of_a_web_address_and_its_journalist_stands_once(dam: Report) -> None:
    chain = (link("Znak.com", "outlet", rating=0.9), link("Ann Lee", "journalist", org="Znak.com", rating=0.9))
    report = replace(dam, claims=(replace(dam.claims[0], chain=chain),))
    assert "→ Znak.com (rated 0.90) → Ann Lee\n" in render_report(report).plain


def test_plain_marks_where_the_encoding_has_no_others(dam: Report) -> None:
    plain = render_report(dam, Page(glyphs=ASCII)).plain
    assert plain.isascii()
    assert "weakly traceable  ###.......  31  2 hands" in plain
    assert 'Northern Courier -> "reportedly" (no source told)' in plain


def test_nothing_ascribed(make_report: Callable[[LabelledArticle], Report]) -> None:
    report = make_report(LabelledArticle("quiet", None, "Snow fell.\nIt fell all day.", ()))
    assert render_report(report).plain == "Snow fell.\nno attributions found: nothing here is ascribed to anybody"
    assert render_line(report).plain == "quiet: no claims"


def test_attitudes_alone(make_report: Callable[[LabelledArticle], Report]) -> None:
    report = make_report(parse_markup("id: a\n\nNews\n[He]{1s} [wants]{1c} [peace]{1t}.\n---\n1 attitude: He (unknown, vague)\n"))
    assert render_report(report).plain == "News\nno claims; 1 attitude, wish or order\n\nnot scored (attitude, wish or order), line 2: peace"


def test_one_line_an_article(dam: Report) -> None:
    assert render_line(dam).plain == "articles/dam.txt: directness 47 · 6 claims · 50% not named · levels 0-4: 1 3 0 0 2"


def test_the_closing_line(dam: Report) -> None:
    tally = Tally()
    for result in (dam, dam, Failure("x", "x.txt", "no such file")):
        tally.add(result)
    assert render_tally(tally).plain == "2 articles, 12 claims · directness 47 of 100 · 50% not named · levels 0-4: 2 6 0 0 4 · 1 could not be scored"
    assert render_tally(Tally()).plain == "0 articles, 0 claims"


def test_colours_carry_nothing_alone(dam: Report) -> None:
    out = StringIO()
    Console(file=out, width=80, force_terminal=True, color_system="standard").print(render_report(dam), soft_wrap=True, highlight=False)
    assert re.sub(r"\x1b\[[\d;]*m", "", out.getvalue()).rstrip("\n") == DAM_TEXT


@pytest.mark.parametrize(("terminal", "width", "page"), [(True, 90, 90), (True, 200, 100), (True, 20, 44), (False, 200, 80)])
def test_the_width_is_the_terminals_within_bounds(terminal: bool, width: int, page: int) -> None:
    console = Console(file=StringIO(), force_terminal=terminal, width=width)
    assert page_for(console, draws=True).width == page
