"""Labelled articles: read from JSONL or from the inline markup, checked, and written back as JSONL.

The markup is the article's own text with its spans in brackets, three dashes, and one line an attribution::

    id: dam
    outlet: Northern Courier
    sort: disaster

    [Broadcaster]{1s} [says]{1c} [the dam gates were shut]{1t}
    [He]{2s} [added]{2c} [that [nobody]{3s} [said]{3c} [a word]{3t}]{2t}.
    ---
    1 claim: Broadcaster = KTV (outlet, named)
    2 claim firsthand: Broadcaster = KTV (outlet, named) > He = Anton Reil (witness, named, Sarun dam)
    3 attitude: -

`[words]{1s 2s}` gives words to attributions 1 and 2 as their source (`s`), cue (`c`) or content (`t`, what is told).
Brackets nest; a literal bracket is written `\\[` or `\\]`. A chain runs from the reader's side to the origin, `-` is the empty chain;
a link is `mention = entity (kind, naming, org)`, the entity left out where it is the mention itself, the org where there is none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

from scorer.errors import LabelError
from scorer.vocabulary import Kind, Naming, Role

KINDS: frozenset[str] = frozenset(get_args(Kind))
NAMINGS: frozenset[str] = frozenset(get_args(Naming))
ROLE_LETTERS: dict[str, Role] = {"s": "source", "c": "cue", "t": "content"}
Span = tuple[int, int]

_LABEL = re.compile(r"\{((?:\d+[sct])(?: \d+[sct])*)\}")
_CHAIN_LINE = re.compile(r"(\d+) (claim|attitude)( firsthand)?: (.+)")
_LINK = re.compile(r"(?P<mention>.+?)(?: = (?P<entity>.+))? \((?P<kind>\w+), (?P<naming>\w+)(?:, (?P<org>.+))?\)")


@dataclass(frozen=True)
class LabelledLink:
    """One pair of hands as an annotator wrote it down."""

    mention: str
    entity: str
    kind: Kind
    naming: Naming
    org: str | None = None


@dataclass(frozen=True)
class LabelledAttribution:
    """One attribution; `chain`, `claim` and `firsthand` are None where only the spans were labelled."""

    id: str
    spans: dict[Role, tuple[Span, ...]]
    claim: bool | None = None
    firsthand: bool | None = None
    chain: tuple[LabelledLink, ...] | None = None


@dataclass(frozen=True)
class LabelledArticle:
    """A text and its attributions; offsets are characters into `text`, half-open."""

    id: str
    outlet: str | None
    text: str
    attributions: tuple[LabelledAttribution, ...]
    meta: dict[str, Any] = field(default_factory=dict)

    @property
    def has_chains(self) -> bool:
        return any(a.chain is not None for a in self.attributions)

    def to_dict(self) -> dict[str, Any]:
        """The article as one line of the labelled-data format."""
        rows = []
        for a in self.attributions:
            row: dict[str, Any] = {"id": a.id, **{role: [list(s) for s in a.spans.get(role, ())] for role in ROLE_LETTERS.values()}}
            if a.chain is not None:
                row |= {"claim": a.claim, "firsthand": a.firsthand, "chain": [vars(link) for link in a.chain]}
            rows.append(row)
        return {"id": self.id, "outlet": self.outlet, **self.meta, "text": self.text, "attributions": rows}


def read_labelled(*paths: Path) -> list[LabelledArticle]:
    """All labelled articles of the given files: `.jsonl`, or the markup in `.txt`; a folder stands for its files.

    Raises LabelError, naming file and line, at the first article that can't be read.
    """
    articles: list[LabelledArticle] = []
    for path in paths:
        if path.is_dir():
            articles += read_labelled(*sorted(path.glob("*.txt")))
        elif path.suffix == ".jsonl":
            articles += _read_jsonl(path)
        else:
            articles.append(parse_markup(path.read_text("utf-8"), name=str(path)))
    return articles


def add_chains(articles: Sequence[LabelledArticle], path: Path) -> list[LabelledArticle]:
    """The articles with the labels of a stand-off file, which gives chains to the spans of a corpus whose texts are not its own.

    One line an article: `{"id", "attributions": [{"id", "claim", "firsthand", "chain"}, …]}` and whatever goes into `meta`; what it does not
    name is left as it is. A mention may be given by its offsets, so that no word of the text is copied.
    Raises LabelError, naming file and line, where an article has no attribution of that id.
    """
    by_id = {a.id: a for a in articles}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            if row["id"] in by_id:
                by_id[row["id"]] = _with_chains(by_id[row["id"]], row)
        except (KeyError, TypeError, ValueError) as error:
            raise LabelError(f"{path}:{number}: labels that do not fit their article ({error!r})") from error
    return [by_id[a.id] for a in articles]


def _with_chains(article: LabelledArticle, row: dict[str, Any]) -> LabelledArticle:
    given = {a["id"]: a for a in row["attributions"]}
    if unknown := given.keys() - {a.id for a in article.attributions}:
        raise ValueError(f"no attribution {min(unknown)} in {article.id}")
    attributions = tuple(
        replace(a, claim=g["claim"], firsthand=g["firsthand"], chain=tuple(_link(article.text, link) for link in g["chain"])) if (g := given.get(a.id)) else a
        for a in article.attributions
    )
    return replace(article, attributions=attributions, meta={**article.meta, **{k: v for k, v in row.items() if k not in {"id", "attributions"}}})


def _link(text: str, given: dict[str, Any]) -> LabelledLink:
    mention = given["mention"]
    return LabelledLink(**{**given, "mention": mention if isinstance(mention, str) else text[mention[0] : mention[1]]})


def write_labelled(articles: list[LabelledArticle], path: Path) -> None:
    """One article a line."""
    path.write_text("".join(json.dumps(a.to_dict(), ensure_ascii=False) + "\n" for a in articles), "utf-8")


def _read_jsonl(path: Path) -> Iterator[LabelledArticle]:
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield article_from_dict(json.loads(line))
        except (KeyError, TypeError, ValueError) as error:
            raise LabelError(f"{path}:{number}: not a labelled article ({type(error).__name__}: {error})") from error


def article_from_dict(row: dict[str, Any]) -> LabelledArticle:
    """The inverse of `LabelledArticle.to_dict`; fields it does not know are kept in `meta`."""
    attributions = tuple(
        LabelledAttribution(
            id=a["id"],
            spans={role: tuple((s, e) for s, e in a.get(role) or ()) for role in ROLE_LETTERS.values()},
            claim=a.get("claim"),
            firsthand=a.get("firsthand"),
            chain=tuple(LabelledLink(**link) for link in a["chain"]) if "chain" in a else None,
        )
        for a in row["attributions"]
    )
    meta = {k: v for k, v in row.items() if k not in {"id", "outlet", "text", "attributions"}}
    return LabelledArticle(row["id"], row.get("outlet"), row["text"], attributions, meta)


def parse_markup(source: str, name: str = "<markup>") -> LabelledArticle:
    """An article from the inline markup of this module's docstring. Raises LabelError with `name` and the line."""
    head, blank, rest = source.partition("\n\n")
    body, dashes, tail = rest.rpartition("\n---\n")
    if not blank or not dashes:
        raise LabelError(f"{name}: expected `key: value` lines, an empty line, the marked text, a line `---`, the chains")
    meta: dict[str, str] = {}
    for number, line in enumerate(head.splitlines(), 1):
        key, colon, value = line.partition(": ")
        if not colon:
            raise LabelError(f"{name}:{number}: expected `key: value`, found {line!r}")
        meta[key] = value.strip()
    text, spans = _parse_spans(body + "\n", name)
    first_chain_line = source[: len(source) - len(tail)].count("\n") + 1
    chains: dict[int, LabelledAttribution] = {}
    for number, line in enumerate(tail.splitlines(), first_chain_line):
        if line.strip():
            index, attribution = _parse_chain(line.strip(), spans, f"{name}:{number}")
            if index in chains:
                raise LabelError(f"{name}:{number}: attribution {index} has two chain lines")
            chains[index] = attribution
    if missing := sorted(set(spans) - set(chains)):
        raise LabelError(f"{name}: no chain line for attribution {missing[0]}")
    if "id" not in meta:
        raise LabelError(f"{name}:1: no `id:` line")
    extra = {k: v for k, v in meta.items() if k not in {"id", "outlet"}}
    return LabelledArticle(meta["id"], meta.get("outlet"), text, tuple(chains[k] for k in sorted(chains)), extra)


def _parse_spans(body: str, name: str) -> tuple[str, dict[int, dict[Role, tuple[Span, ...]]]]:
    """The text without its marks, and the spans of each numbered attribution."""
    out: list[str] = []
    length, i = 0, 0
    open_at: list[tuple[int, int]] = []  # (offset in the text, offset in the body) of brackets not closed yet
    spans: dict[int, dict[Role, list[Span]]] = {}
    while i < len(body):
        char = body[i]
        if char == "\\" and body[i + 1 : i + 2] in {"[", "]"}:
            char, i = body[i + 1], i + 1
        elif char == "[":
            open_at.append((length, i))
            i += 1
            continue
        elif char == "]":
            label = _LABEL.match(body, i + 1)
            if not label or not open_at:
                raise LabelError(f"{name}: near {body[max(0, i - 30) : i + 12]!r}: expected `[words]{{1s}}`; a literal bracket is `\\]`")
            start, _ = open_at.pop()
            for mark in label.group(1).split():
                spans.setdefault(int(mark[:-1]), {}).setdefault(ROLE_LETTERS[mark[-1]], []).append((start, length))
            i = label.end()
            continue
        out.append(char)
        length += 1
        i += 1
    if open_at:
        at = open_at[-1][1]
        raise LabelError(f"{name}: near {body[at : at + 30]!r}: bracket not closed")
    return "".join(out), {n: {role: tuple(sorted(pieces)) for role, pieces in roles.items()} for n, roles in spans.items()}


def _parse_chain(line: str, spans: dict[int, dict[Role, tuple[Span, ...]]], where: str) -> tuple[int, LabelledAttribution]:
    match = _CHAIN_LINE.fullmatch(line)
    if not match:
        raise LabelError(f"{where}: expected `1 claim: mention = entity (kind, naming, org) > …`, found {line!r}")
    number, claim, firsthand, chain = match.groups()
    index = int(number)
    if index not in spans:
        raise LabelError(f"{where}: attribution {index} has no spans in the text")
    links = []
    for part in chain.split(" > ") if chain.strip() != "-" else []:
        link = _LINK.fullmatch(part.strip())
        if not link:
            raise LabelError(f"{where}: expected `mention = entity (kind, naming, org)`, found {part.strip()!r}")
        kind, naming = link["kind"], link["naming"]
        if kind not in KINDS or naming not in NAMINGS:
            raise LabelError(f"{where}: ({kind}, {naming}): kind is one of {', '.join(sorted(KINDS))}; naming one of {', '.join(sorted(NAMINGS))}")
        links.append(LabelledLink(link["mention"], link["entity"] or link["mention"], kind, naming, link["org"]))  # type: ignore[arg-type]
    return index, LabelledAttribution(f"E{index}", spans[index], claim == "claim", firsthand is not None, tuple(links))


def problems(article: LabelledArticle) -> Iterator[str]:
    """What the guidelines forbid, one line each: spans out of range, mentions not in the text, impossible chains."""
    folded = article.text.casefold()
    for a in article.attributions:
        for role, pieces in a.spans.items():
            for start, end in pieces:
                if not 0 <= start < end <= len(article.text):
                    yield f"{article.id}: {a.id}: {role} [{start}, {end}] lies outside the text"
                elif article.text[start:end] != article.text[start:end].strip():
                    yield f"{article.id}: {a.id}: {role} {article.text[start:end]!r} begins or ends with white space"
        if not a.spans.get("content"):
            yield f"{article.id}: {a.id}: no content"
        if not a.spans.get("cue") and not a.spans.get("source"):
            yield f"{article.id}: {a.id}: neither source nor cue"
        for i, link in enumerate(a.chain or ()):
            if link.mention.casefold() not in folded:
                yield f"{article.id}: {a.id}: mention {link.mention!r} is not in the text"
            if article.outlet and link.entity.casefold().removeprefix("the ") == article.outlet.casefold().removeprefix("the "):
                yield f"{article.id}: {a.id}: the publisher is the implicit first link, not listed"
            if i and link.entity == (a.chain or ())[i - 1].entity:
                yield f"{article.id}: {a.id}: {link.entity!r} stands twice in a row"
            if link.naming == "none" and link.kind != "unknown":
                yield f"{article.id}: {a.id}: naming none goes with kind unknown, found {link.kind}"


if __name__ == "__main__":
    import sys

    for path in sys.argv[1:]:
        try:
            for article in read_labelled(Path(path)):
                print(*problems(article), sep="\n")
        except LabelError as error:
            print(error)
