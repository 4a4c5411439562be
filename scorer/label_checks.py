"""Labelled files in, what breaks the guidelines out: a line a problem, with its place and what to do about it.

A check is a function that yields problems of one attribution; all stand in `SPAN_CHECKS` or `CHAIN_CHECKS`. Only what can be told without
understanding the article is checked: whether the right words are labelled is for people.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from pathlib import Path

from scorer.article import make_article
from scorer.errors import InputError, LabelError
from scorer.labels import LabelledArticle, LabelledAttribution, LabelledLink, add_chains, find_labelled, id_clash, read_each, read_file, read_lines
from scorer.lexicon import PRONOUNS
from scorer.spans import Span, characters
from scorer.wording import counted

_CHAIN_LINE = re.compile(r"(\d+) (?:claim|attitude)")


@dataclass(frozen=True)
class Problem:
    """What is wrong with an attribution, by its id, and what to do. `at` is the offset of the words in question, if any; `in_chain` tells
    whether it is the judgement or the chain that is wrong, not the words marked."""

    attribution: str
    message: str
    at: int | None = None
    in_chain: bool = False


@dataclass(frozen=True)
class Checked:
    """What came of a check: findings as `file:line: message`, failures (files that can't be read) likewise, and how many articles were seen."""

    findings: tuple[str, ...]
    failures: tuple[str, ...]
    articles: int
    faulty: int

    @property
    def summary(self) -> str:
        """One line for all."""
        if not self.findings:
            return "The article is fine." if self.articles == 1 else f"All {self.articles} articles are fine."
        return f"Found {counted(len(self.findings), 'problem')} in {self.faulty} of {counted(self.articles, 'article')}."


@dataclass(frozen=True)
class _Entry:
    """An article, or why it is none, and where: its file, the line that it begins on, and the file's own text where that is markup.

    `chains` is the file and line of its stand-off labels, if it has any.
    """

    article: LabelledArticle | LabelError
    path: Path
    line: int
    markup: str | None = None
    chains: tuple[Path, int] | None = None

    def place(self, problem: Problem) -> str:
        """File and line of a problem: in markup that of the words in question or of the chain, else the one of the article or its labels."""
        path, line = self.chains if self.chains and problem.in_chain else (self.path, self._line(problem))
        return f"{path}:{line}"

    def _line(self, problem: Problem) -> int:
        if self.markup is None or isinstance(self.article, LabelError):
            return self.line
        if problem.at is not None:
            head, _, _ = self.markup.partition("\n\n")
            return head.count("\n") + 3 + self.article.text.count("\n", 0, problem.at)
        lines = self.markup.split("\n")
        start = len(lines) - lines[::-1].index("---")
        numbers = {f"E{m[1]}": n for n, line in enumerate(lines[start:], start + 1) if (m := _CHAIN_LINE.match(line))}
        return numbers.get(problem.attribution, self.line)


def check_files(paths: Iterable[Path], chains: Iterable[Path] = ()) -> Checked:
    """Check labelled files and folders of them; `chains` are stand-off labels for their attributions.

    Raises LabelError or InputError where stand-off labels fit no attribution or can't be read.
    """
    entries, failures = _read(paths)
    for path in chains:
        entries = _with_chains(entries, path)
    seen: dict[str, _Entry] = {}
    findings = [list(_findings(entry, seen)) for entry in entries]
    return Checked(tuple(f for found in findings for f in found), tuple(failures), len(entries), sum(map(bool, findings)))


def _read(paths: Iterable[Path]) -> tuple[list[_Entry], list[str]]:
    entries: list[_Entry] = []
    failures: list[str] = []
    for given in paths:
        try:
            files = list(find_labelled([given]))
        except InputError as error:
            failures.append(str(error))
            continue
        for path in files:
            try:
                markup = None if path.suffix == ".jsonl" else read_file(path)
                entries += [_Entry(article, path, line, markup) for line, article in read_each(path)]
            except InputError as error:
                failures.append(str(error))
    return entries, failures


def _with_chains(entries: Sequence[_Entry], path: Path) -> list[_Entry]:
    labelled = iter(add_chains([e.article for e in entries if isinstance(e.article, LabelledArticle)], path))
    lines = {json.loads(line)["id"]: number for number, line in read_lines(path)}
    out = []
    for entry in entries:
        if isinstance(entry.article, LabelledArticle):
            article = next(labelled)
            number = lines.get(article.id)
            entry = replace(entry, article=article, chains=(path, number) if number else entry.chains)
        out.append(entry)
    return out


def _findings(entry: _Entry, seen: dict[str, _Entry]) -> Iterator[str]:
    article = entry.article
    if isinstance(article, LabelError):
        yield str(article)
        return
    first = seen.setdefault(article.id, entry)
    if isinstance(first.article, LabelledArticle) and first.article.to_dict() != article.to_dict():
        yield f"{entry.path}:{entry.line}: {id_clash(f'{first.path}:{first.line}', article.id)}"
    for problem in problems(article):
        id = "" if entry.markup is not None else f"{article.id}: "
        yield f"{entry.place(problem)}: {id}{problem.attribution}: {problem.message}"


def problems(article: LabelledArticle) -> Iterator[Problem]:
    """What of an article's labels the guidelines forbid, attribution by attribution."""
    for id, times in Counter(a.id for a in article.attributions).items():
        if times > 1:
            yield Problem(id, f"{times} attributions have this id; give each its own")
    byline = make_article(article.text).byline if re.search(r"\w", article.text) else None
    publishers = {_folded(name) for name in (article.outlet, byline) if name}
    for attribution in article.attributions:
        for check in SPAN_CHECKS:
            yield from check(article, attribution)
        for check in CHAIN_CHECKS:
            yield from (replace(problem, in_chain=True) for problem in check(article, attribution))
        for link in attribution.chain or ():
            if _folded(link.entity) in publishers:
                message = f"{link.entity!r} publishes or wrote the article: the first hand of every chain, not listed; leave the link out"
                yield Problem(attribution.id, message, in_chain=True)


def _spans(article: LabelledArticle, attribution: LabelledAttribution) -> Iterator[Problem]:
    text = article.text
    for role, pieces in attribution.spans.items():
        for start, end in pieces:
            if not _lies_in(text, (start, end)):
                yield Problem(attribution.id, f"{role} [{start}, {end}] lies outside the text of {len(text)} characters; count characters, from 0")
            elif text[start:end] != text[start:end].strip():
                yield Problem(attribution.id, f"{role} {text[start:end]!r} begins or ends with white space; leave it out", start)
        for (start, end), (after, _) in pairwise(sorted(pieces)):
            if after < end:
                yield Problem(attribution.id, f"two pieces of the {role} overlap at {after}; make them one", start)


def _lies_in(text: str, span: Span) -> bool:
    return 0 <= span[0] < span[1] <= len(text)


def _roles(article: LabelledArticle, attribution: LabelledAttribution) -> Iterator[Problem]:
    if not attribution.spans.get("content"):
        yield Problem(attribution.id, "no content; mark the words that are told")
    if not attribution.spans.get("cue") and not attribution.spans.get("source"):
        yield Problem(attribution.id, "neither source nor cue; mark the words that ascribe, or leave the attribution out")
    if not all(_lies_in(article.text, piece) for pieces in attribution.spans.values() for piece in pieces):
        return  # what is shared is counted character by character
    for (role, pieces), (other, others) in combinations(attribution.spans.items(), 2):
        if shared := characters(pieces) & characters(others):
            yield Problem(attribution.id, f"{role} and {other} share words; give each word to one of them", min(shared))


def _judgements(article: LabelledArticle, attribution: LabelledAttribution) -> Iterator[Problem]:
    if attribution.chain is None:
        return
    for name, value in (("claim", attribution.claim), ("firsthand", attribution.firsthand)):
        if not isinstance(value, bool):
            yield Problem(attribution.id, f"{name} is {value!r}; say true or false")
    if attribution.claim and attribution.firsthand and _nobody(attribution.chain):
        yield Problem(attribution.id, "a claim without a source can't be first-hand; name the source, or leave first-hand out")


def _mentions(article: LabelledArticle, attribution: LabelledAttribution) -> Iterator[Problem]:
    for link in attribution.chain or ():
        if link.mention in article.text:
            continue
        at = article.text.casefold().find(link.mention.casefold())
        words = article.text[at : at + len(link.mention)]
        hint = f"; the article has {words!r}" if at >= 0 and words.casefold() == link.mention.casefold() else "; take the words as they stand there"
        yield Problem(attribution.id, f"mention {link.mention!r} is not in the article{hint}")


def _links(article: LabelledArticle, attribution: LabelledAttribution) -> Iterator[Problem]:
    for link in attribution.chain or ():
        if link.entity.casefold() in PRONOUNS and link.naming in ("named", "described"):  # of a vague "they" the article may say no more
            yield Problem(attribution.id, f"entity {link.entity!r} is a pronoun; give the fullest name or description that the article has")
        if link.naming == "none" and link.kind != "unknown":
            yield Problem(attribution.id, f"{link.mention!r} is nobody (naming none), yet of kind {link.kind}; make it unknown, or say how it is named")
        if link.org is not None and _folded(link.org) in ("", _folded(link.entity)):
            yield Problem(attribution.id, f"org of {link.entity!r} is {link.org!r}; it is the body that the link speaks for: another one, or left out")


def _order(article: LabelledArticle, attribution: LabelledAttribution) -> Iterator[Problem]:
    chain = attribution.chain or ()
    for before, link in pairwise(chain):
        if _folded(before.entity) == _folded(link.entity):
            yield Problem(attribution.id, f"{link.entity!r} stands twice in a row; list it once")
        if before.naming == "none" and not article.is_nested(attribution):  # then it begins with the other's ("reportedly, two lenders asked …")
            yield Problem(attribution.id, f"{before.mention!r} is nobody (naming none), yet stands before {link.entity!r}; leave one of them out")


_Check = Callable[[LabelledArticle, LabelledAttribution], Iterator[Problem]]
SPAN_CHECKS: tuple[_Check, ...] = (_spans, _roles)
CHAIN_CHECKS: tuple[_Check, ...] = (_judgements, _mentions, _links, _order)


def _nobody(chain: Sequence[LabelledLink]) -> bool:
    return not chain or chain[-1].naming == "none"


def _folded(name: str) -> str:
    return name.strip().casefold().removeprefix("the ")
