"""Labelled articles: read from JSONL or from the inline markup, and turned into lines of JSONL.

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
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from scorer.errors import InputError, LabelError, in_words
from scorer.spans import Span, inside
from scorer.vocabulary import KIND_CLASSES, NAMING_CLASSES, Kind, Naming, Role

ROLE_LETTERS: dict[str, Role] = {"s": "source", "c": "cue", "t": "content"}

_LABEL = re.compile(r"\{((?:\d+[sct])(?: \d+[sct])*)\}")
_CHAIN_LINE = re.compile(r"(\d+) (claim|attitude)( firsthand)?: (.+)")
_LINK = re.compile(r"(?P<mention>.+?)(?: = (?P<entity>.+))? \((?P<kind>\w+), (?P<naming>\w+)(?:, (?P<org>.+))?\)")


@dataclass(frozen=True)
class LabelledLink:
    """One pair of hands as an annotator wrote it down. Raises ValueError for a word that is not in the vocabulary, or none at all."""

    mention: str
    entity: str
    kind: Kind
    naming: Naming
    org: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in KIND_CLASSES or self.naming not in NAMING_CLASSES:
            raise ValueError(f"({self.kind}, {self.naming}): kind is one of {', '.join(sorted(KIND_CLASSES))}; naming one of {', '.join(NAMING_CLASSES)}")
        if not all(isinstance(name, str) and name.strip() for name in (self.mention, self.entity)):
            raise ValueError(f"a link needs a mention and an entity, found {self.mention!r} and {self.entity!r}")


@dataclass(frozen=True)
class LabelledAttribution:
    """One attribution; `chain`, `claim` and `firsthand` are None where they were not labelled. `meta` has the fields that this program does not know."""

    id: str
    spans: dict[Role, tuple[Span, ...]]
    claim: bool | None = None
    firsthand: bool | None = None
    chain: tuple[LabelledLink, ...] | None = None
    meta: dict[str, Any] = field(default_factory=dict)


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

    def is_nested(self, attribution: LabelledAttribution) -> bool:
        """Whether the cue of an attribution, or its source where it has none, stands in what another one tells."""
        cue = attribution.spans.get("cue") or attribution.spans.get("source") or ()
        others = [piece for a in self.attributions if a is not attribution for piece in a.spans.get("content", ())]
        return any(inside(piece, other) for piece in cue for other in others)

    def to_dict(self) -> dict[str, Any]:
        """The article as one line of the labelled-data format."""
        rows = []
        for a in self.attributions:
            row: dict[str, Any] = {"id": a.id, **{role: [list(s) for s in a.spans.get(role, ())] for role in ROLE_LETTERS.values()}}
            chain = None if a.chain is None else [vars(link) for link in a.chain]
            labels = {"claim": a.claim, "firsthand": a.firsthand, "chain": chain}
            rows.append({**row, **{k: v for k, v in labels.items() if v is not None}, **a.meta})
        return {"id": self.id, "outlet": self.outlet, **self.meta, "text": self.text, "attributions": rows}


def read_labelled(*paths: Path) -> list[LabelledArticle]:
    """All labelled articles of the given files: `.jsonl`, or the markup in `.txt`; a folder stands for its files of both.

    An article that comes twice with the same labels, as markup and in `.jsonl`, is read once. Raises LabelError, naming file and line, at the first
    article that can't be read or that has the id of another one, InputError where a file can't be read.
    """
    read: dict[str, tuple[LabelledArticle, str]] = {}
    for path in find_labelled(paths):
        for line, article in read_each(path):
            if isinstance(article, LabelError):
                raise article
            first, where = read.setdefault(article.id, (article, f"{path}:{line}"))
            if first is not article and first.to_dict() != article.to_dict():
                raise LabelError(f"{path}:{line}: {id_clash(where, article.id)}")
    return [article for article, _ in read.values()]


def id_clash(where: str, id: str) -> str:
    """What is wrong with an article whose id stands at another one too, whose texts or labels differ."""
    return f"{where} has the id {id!r} too, with another text or other labels; give each its own, or leave one out"


def find_labelled(paths: Iterable[Path]) -> Iterator[Path]:
    """The files that some paths stand for, in their order. Raises InputError for a folder that has none."""
    for path in paths:
        if not path.is_dir():
            yield path
        elif files := sorted(p for p in path.glob("*") if p.suffix in (".txt", ".jsonl")):
            yield from files
        else:
            raise InputError(f"{path}: no .txt or .jsonl files in this folder; pass one that has labelled articles")


def read_each(path: Path) -> Iterator[tuple[int, LabelledArticle | LabelError]]:
    """Each article of a file with the line that it begins on, or what is wrong with it. Raises InputError where the file can't be read."""
    if path.suffix == ".jsonl":
        for number, line in read_lines(path):
            try:
                row = json.loads(line)
                if "text" not in row and "attributions" in row:
                    raise InputError(f"{path}:{number}: stand-off labels, without the text; pass the articles, and these with --chains")
                yield number, article_from_dict(row)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                yield number, LabelError(f"{path}:{number}: not a labelled article ({in_words(error)})")
    else:
        try:
            yield 1, parse_markup(read_file(path), name=str(path))
        except LabelError as error:
            yield 1, error


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file that hold something, numbered from 1. Raises InputError where it can't be read."""
    for number, line in enumerate(read_file(path).split("\n"), 1):  # splitlines() would cut JSON at a U+2028
        if line.strip():
            yield number, line


def read_file(path: Path) -> str:
    """The text of a UTF-8 file. Raises InputError where it can't be read."""
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file; check the path") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror or error}); check the path and its permissions") from error


def add_chains(articles: Sequence[LabelledArticle], path: Path) -> list[LabelledArticle]:
    """The articles with the labels of a stand-off file, which gives chains to the spans of a corpus whose texts are not its own.

    One line an article: `{"id", "attributions": [{"id", "claim", "firsthand", "chain"}, …]}` and whatever goes into `meta`; what it does not
    name is left as it is. A mention may be given by its offsets, so that no word of the text is copied.
    Raises LabelError, naming file and line, where an article has no attribution of that id or none of the articles is named, InputError where the
    file can't be read.
    """
    out, fits = [*articles], not articles
    for number, line in read_lines(path):
        try:
            row = json.loads(line)
            for k in [k for k, a in enumerate(out) if a.id == row["id"]]:
                out[k], fits = _with_chains(out[k], row), True
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise LabelError(f"{path}:{number}: labels that do not fit their article ({in_words(error)})") from error
    if not fits:
        raise LabelError(f"{path}: no labels of any of the articles; ids must be the same, such as {articles[0].id!r}")
    return out


def _with_chains(article: LabelledArticle, row: dict[str, Any]) -> LabelledArticle:
    given = {a["id"]: a for a in row["attributions"]}
    if unknown := given.keys() - {a.id for a in article.attributions}:
        raise ValueError(f"no attribution {min(unknown)} in {article.id}")
    attributions = tuple(_labelled(a, given[a.id], article.text) if a.id in given else a for a in article.attributions)
    return replace(article, attributions=attributions, meta={**article.meta, **{k: v for k, v in row.items() if k not in {"id", "attributions"}}})


def _labelled(attribution: LabelledAttribution, given: dict[str, Any], text: str) -> LabelledAttribution:
    chain = tuple(_link(text, link) for link in given["chain"])
    return replace(attribution, claim=given["claim"], firsthand=given["firsthand"], chain=chain, meta=attribution.meta | _unknown(given))


def _unknown(given: dict[str, Any]) -> dict[str, Any]:
    """The fields of an attribution that this program does not know."""
    return {k: v for k, v in given.items() if k not in {"id", *ROLE_LETTERS.values(), "claim", "firsthand", "chain"}}


def _link(text: str, given: dict[str, Any]) -> LabelledLink:
    mention = given["mention"]
    return LabelledLink(**{**given, "mention": mention if isinstance(mention, str) else text[mention[0] : mention[1]]})


def article_from_dict(row: dict[str, Any]) -> LabelledArticle:
    """The inverse of `LabelledArticle.to_dict`; fields it does not know are kept in `meta`.

    Raises AttributeError, KeyError, TypeError or ValueError for what is none.
    """
    attributions = tuple(
        LabelledAttribution(
            id=a["id"],
            spans={role: tuple(_span(s) for s in a.get(role) or ()) for role in ROLE_LETTERS.values()},
            claim=a.get("claim"),
            firsthand=a.get("firsthand"),
            chain=None if a.get("chain") is None else tuple(LabelledLink(**link) for link in a["chain"]),
            meta=_unknown(a),
        )
        for a in row["attributions"]
    )
    meta = {k: v for k, v in row.items() if k not in {"id", "outlet", "text", "attributions"}}
    for name, value in (("id", row["id"]), ("text", row["text"]), ("outlet", row.get("outlet") or ""), *(("id of an attribution", a.id) for a in attributions)):
        if not isinstance(value, str):
            raise ValueError(f"the {name} is {value!r}; make it text")
    return LabelledArticle(row["id"], row.get("outlet"), row["text"], attributions, meta)


def _span(given: Sequence[int]) -> Span:
    start, end = given
    if not (isinstance(start, int) and isinstance(end, int)):
        raise ValueError(f"a span is two whole numbers, found {given!r}")
    return start, end


def parse_markup(source: str, name: str = "<markup>") -> LabelledArticle:
    """An article from the inline markup of this module's docstring. Raises LabelError with `name` and the line."""
    head, blank, rest = source.partition("\n\n")
    body, dashes, tail = rest.rpartition("\n---\n")
    if not blank or not dashes:
        raise LabelError(f"{name}:1: expected `key: value` lines, an empty line, the marked text, a line `---`, the chains")
    meta: dict[str, str] = {}
    for number, line in enumerate(head.split("\n"), 1):
        key, colon, value = line.partition(": ")
        if not colon:
            raise LabelError(f"{name}:{number}: expected `key: value`, found {line!r}")
        meta[key] = value.strip()
    text, spans = _parse_spans(body + "\n", name, head.count("\n") + 3)
    first_chain_line = source[: len(source) - len(tail)].count("\n") + 1
    chains: dict[int, LabelledAttribution] = {}
    for number, line in enumerate(tail.split("\n"), first_chain_line):
        if line.strip():
            index, attribution = _parse_chain(line.strip(), spans, f"{name}:{number}")
            if index in chains:
                raise LabelError(f"{name}:{number}: attribution {index} has two chain lines")
            chains[index] = attribution
    if missing := sorted(set(spans) - set(chains)):
        raise LabelError(f"{name}:{first_chain_line}: no chain line for attribution {missing[0]}")
    if "id" not in meta:
        raise LabelError(f"{name}:1: no `id:` line")
    extra = {k: v for k, v in meta.items() if k not in {"id", "outlet"}}
    return LabelledArticle(meta["id"], meta.get("outlet"), text, tuple(chains[k] for k in sorted(chains)), extra)


def _parse_spans(body: str, name: str, first_line: int) -> tuple[str, dict[int, dict[Role, tuple[Span, ...]]]]:
    """The text without its marks, and the spans of each numbered attribution; the body begins on line `first_line` of its file."""

    def near(at: int, before: int, after: int) -> str:
        return f"{name}:{first_line + body.count(chr(10), 0, at)}: near {body[max(0, at - before) : at + after]!r}"

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
                raise LabelError(f"{near(i, 30, 12)}: expected `[words]{{1s}}`; a literal bracket is `\\]`")
            start, _ = open_at.pop()
            for mark in label.group(1).split():
                spans.setdefault(int(mark[:-1]), {}).setdefault(ROLE_LETTERS[mark[-1]], []).append((start, length))
            i = label.end()
            continue
        out.append(char)
        length += 1
        i += 1
    if open_at:
        raise LabelError(f"{near(open_at[-1][1], 0, 30)}: bracket not closed")
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
        try:
            links.append(LabelledLink(link["mention"], link["entity"] or link["mention"], link["kind"], link["naming"], link["org"]))  # type: ignore[arg-type]
        except ValueError as error:
            raise LabelError(f"{where}: {error}") from error
    return index, LabelledAttribution(f"E{index}", spans[index], claim == "claim", firsthand is not None, tuple(links))
