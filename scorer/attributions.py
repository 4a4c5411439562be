"""A `Tagging` in, `Attribution`s out: each cue with its source and its pieces of content, and the statements nested in them.

The annotation scheme gives every attribution one cue, so a cue is where joining starts. Two linear heads score how well a source and a piece of
content go with a cue, by what stands between them; every piece of content takes its best cue, every cue its best source or none.
Nested statements are found by tagging the longer contents by themselves.
"""

from __future__ import annotations

import bisect
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scorer.article import Article, tokenize
from scorer.heads import LinearHead, Value
from scorer.lexicon import REPORTING_WORDS
from scorer.spans import Span, gap, hull, inside, overlaps, words_of
from scorer.tagger import TaggedSpan, Tagger

REACH = 8  # spans on either side of a cue that may belong to it
MIN_SOURCE, MIN_CONTENT = 0.35, 0.25  # a looser pair is none; read off the joining of gold spans
MIN_NESTED_TOKENS = 5
AGENT = "after:True:True"  # the feature `agent` of a source behind a passive cue and "by"

_LETTER = {"source": "S", "cue": "C", "content": "T"}
_LINE_BREAK = re.compile(r"[\r\n\u2028\u2029\x85\v\f]")
_THAT = re.compile(r"that\s+", re.I)
_PASSIVE = re.compile(r"\b(?:be|been|being|is|are|was|were)\b")
_CITES = re.compile(r"\b(?:citing|quoting)$", re.I)
_CITED = re.compile(r"[^,;:.“”\"]+, (?=that\b)")
_OPENS_WITH_QUOTE = re.compile(r"\s*(?:[\"“«„]|''|``)")


@dataclass(frozen=True)
class Attribution:
    """A statement the article ascribes: who (`source`, may be None), the words that ascribe (`cue`), and what is told (`contents`, not empty).

    `outer` is the index of the attribution in whose content this one stands. `pairing` is how surely the parts belong together and
    `tagged` how sure the tagger was of the least sure of them, both 0 to 1.
    """

    cue: Span
    source: Span | None
    contents: tuple[Span, ...]
    paragraph: int
    outer: int | None = None
    pairing: float = 1.0
    tagged: float = 1.0

    @property
    def start(self) -> int:
        """Where the first of its parts begins: the reading order."""
        return hull([self.cue, *self.contents, *([self.source] if self.source else [])])[0]


class Joiner:
    """Joins tagged spans by two heads: `source` and `content`, each a probability that the span belongs to the cue."""

    def __init__(self, heads: Mapping[str, LinearHead]) -> None:
        self._heads = heads

    def join(self, article: Article, spans: Sequence[TaggedSpan]) -> list[Attribution]:
        """The attributions of flat spans, in the order of their cues."""
        best_cue: dict[int, tuple[float, int]] = {}
        best_source: dict[int, tuple[bool, float, int]] = {}
        for cue, other, features in candidate_pairs(article, spans):
            role = spans[other].role
            p = self._heads[f"join.{role}"].probability(features)
            if role == "content" and p > max(MIN_CONTENT, best_cue.get(other, (0.0, 0))[0]):
                best_cue[other] = p, cue
            elif role == "source" and p > MIN_SOURCE:  # of "he had been told by an aide" the aide is the source, however likely "he" is
                agent = features["agent"] == AGENT
                best_source[cue] = max(best_source.get(cue, (False, 0.0, 0)), (agent, p, other))
        contents: dict[int, list[int]] = {}
        for piece, (_, cue) in sorted(best_cue.items()):
            contents.setdefault(cue, []).append(piece)
        out = []
        for cue, pieces in sorted(contents.items()):
            source = best_source.get(cue)
            parts = [spans[cue], *(spans[k] for k in pieces), *([spans[source[2]]] if source else [])]
            pairing = min([best_cue[k][0] for k in pieces] + ([source[1]] if source else []))
            out.append(
                Attribution(
                    cue=spans[cue].span,
                    source=spans[source[2]].span if source else None,
                    contents=tuple(_without_cited(article.text, spans[cue].span, spans[k].span) for k in pieces),
                    paragraph=spans[cue].paragraph,
                    pairing=pairing,
                    tagged=min(part.confidence for part in parts),
                )
            )
        return out


def _without_cited(text: str, cue: Span, content: Span) -> Span:
    """A content without the words at its head that are who is cited: of "reported, citing | an official, that …" what begins at "that"."""
    cited = _CITED.match(text, *content) if _CITES.search(text[slice(*cue)]) else None
    return (cited.end(), content[1]) if cited else content


def find_attributions(article: Article, spans: Sequence[TaggedSpan], joiner: Joiner, tagger: Tagger) -> tuple[Attribution, ...]:
    """All attributions of an article in reading order, nested ones after the one they stand in."""
    dateline = article.dateline.span() if article.dateline else (0, 0)
    said = [s for s in spans if s.role != "source" or not inside(s.span, dateline)]  # "VELDEN: It rained" is no dialogue
    joined = [a if a.source else _with_source(article, a, joiner, tagger) for a in joiner.join(article, said)]
    outer = sorted(joined, key=lambda a: (a.start, a.cue))
    found: list[Attribution] = []
    nested = _nested(article, outer, joiner, tagger)
    for i, attribution in enumerate(outer):
        index = len(found)
        found.append(attribution)
        found += [replace(inner, outer=index) for inner in nested.get(i, ())]
    return tuple(found)


def _with_source(article: Article, attribution: Attribution, joiner: Joiner, tagger: Tagger) -> Attribution:
    """An attribution without a source with the one that is found in its sentence read by itself, if there is one: its neighbours distract."""
    sentence = next((s for s in article.sentences if inside(attribution.cue, s)), None)
    if sentence is None:
        return attribution
    again = [_moved(a, sentence[0], attribution.paragraph) for a in _read_by_itself(article.text[slice(*sentence)], joiner, tagger)]
    source = next((a.source for a in again if a.cue == attribution.cue and a.source), None)
    free = source is not None and not any(overlaps(source, piece) for piece in attribution.contents)
    return replace(attribution, source=source) if free else attribution


def _nested(article: Article, outer: Sequence[Attribution], joiner: Joiner, tagger: Tagger) -> dict[int, list[Attribution]]:
    """The attributions inside each content that may hold one, found by reading that content by itself."""
    out: dict[int, list[Attribution]] = {}
    for i, attribution in enumerate(outer):
        for whole in attribution.contents:
            if _may_nest(article.text, whole):
                clause = _THAT.match(article.text, *whole)  # without it, the clause reads as a sentence of its own
                start = clause.end() if clause else whole[0]
                found = [_moved(a, start, attribution.paragraph) for a in _read_by_itself(article.text[start : whole[1]], joiner, tagger)]
                out.setdefault(i, []).extend(a for a in found if sum(e - s for s, e in a.contents) < 0.95 * (whole[1] - whole[0]))
    return {i: sorted(found, key=lambda a: (a.start, a.cue)) for i, found in out.items()}


def _read_by_itself(text: str, joiner: Joiner, tagger: Tagger) -> list[Attribution]:
    content = Article(_LINE_BREAK.sub(" ", text))  # one paragraph, offsets kept
    return joiner.join(content, tagger.tag(content, opens=False).spans)


def _moved(a: Attribution, by: int, paragraph: int) -> Attribution:
    """An attribution of a stretch of text as one of the whole text."""

    def move(span: Span) -> Span:
        return span[0] + by, span[1] + by

    return replace(a, cue=move(a.cue), source=move(a.source) if a.source else None, contents=tuple(map(move, a.contents)), paragraph=paragraph)


def _may_nest(text: str, span: Span) -> bool:
    tokens = tokenize(text, span)
    return len(tokens) >= MIN_NESTED_TOKENS and any(t.text.casefold() in REPORTING_WORDS for t in tokens)


def candidate_pairs(article: Article, spans: Sequence[TaggedSpan]) -> Iterator[tuple[int, int, dict[str, Value]]]:
    """(index of a cue, index of a source or content near it, features of the pair) for every pair that may belong together."""
    sentence_starts = [s for s, _ in article.sentences]
    sentence = [bisect.bisect_right(sentence_starts, span.start) for span in spans]
    for cue, span in enumerate(spans):
        if span.role == "cue":
            for other in range(max(0, cue - REACH), min(len(spans), cue + REACH + 1)):
                if spans[other].role != "cue" and abs(spans[other].paragraph - span.paragraph) <= 1:
                    yield cue, other, pair_features(article.text, spans, cue, other, sentence)


def pair_features(text: str, spans: Sequence[TaggedSpan], cue: int, other: int, sentence: Sequence[int]) -> dict[str, Value]:
    """How a source or content lies to a cue: the roles between, distance, sentences and paragraphs apart, quotation, and the cue's words."""
    a, b = spans[cue], spans[other]
    step = 1 if other > cue else -1
    between = "".join(_LETTER[spans[k].role] for k in range(cue + step, other, step))
    beyond = "".join(_LETTER[spans[k].role] for k in range(other + step, other + 3 * step, step) if 0 <= k < len(spans) and spans[k].paragraph == b.paragraph)
    behind = "".join(_LETTER[spans[k].role] for k in range(cue - step, cue - 3 * step, -step) if 0 <= k < len(spans) and spans[k].paragraph == a.paragraph)
    side = "after" if step > 0 else "before"
    apart = min(3, abs(sentence[other] - sentence[cue]))
    words = re.sub(r"\s+", " ", text[a.start : a.end].casefold())
    quoted = bool(_OPENS_WITH_QUOTE.match(text, b.start))
    between_text = text[min(a.end, b.end) : max(a.start, b.start)]
    return {
        "path": f"{side}:{between[:5] or '-'}",
        "path+beyond": f"{side}:{between[:3]}>{beyond}",
        "path+behind": f"{side}:{behind}<{between[:3]}",
        "sentences": f"{side}:{apart}",
        "paragraph": f"{side}:{b.paragraph - a.paragraph}",
        "cue": words if len(words) < 25 else "long",
        "cue+side": f"{side}:{words if len(words) < 25 else 'long'}",
        "quoted": f"{side}:{quoted}:{apart}:{between[:3]}",
        "between_text": f"{side}:{between_text.strip()[:12].casefold()}" if len(between_text.strip()) <= 12 else f"{side}:words",
        "agent": f"{side}:{between_text.strip().casefold() == 'by'}:{bool(_PASSIVE.search(words))}",
        "distance": math.log1p(gap(a.span, b.span)) / 5,
        "cues_between": float(between.count("C")),
    }


def content_words(article: Article, attribution: Attribution) -> str:
    """The words of the content, an ellipsis where it is interrupted."""
    return words_of(article.text, attribution.contents)


def detection_features(article: Article, attribution: Attribution) -> dict[str, Value]:
    """What tells a true attribution from a spurious one: how sure tagger and joining were, and the shape of its parts."""
    cue = re.findall(r"\w+", article.text[slice(*attribution.cue)].casefold())
    content = content_words(article, attribution)
    quoted = bool(_OPENS_WITH_QUOTE.match(content))
    words = len(content.split())
    where = "nested" if attribution.outer is not None else "plain"
    source = "source" if attribution.source else "none"
    return {
        "tagged": _log_odds(attribution.tagged),
        "pairing": _log_odds(attribution.pairing),
        f"tagged:{where}:{source}": _log_odds(attribution.tagged),
        "where": f"{where}:{source}",
        "quoted": f"{quoted}:{where}",
        "words": str(min(5, words // 2)) if words < 10 else "10+",
        "pieces": str(min(3, len(attribution.contents))),
        "cue": " ".join(cue) if len(cue) < 3 else "long",
        "cue_words": str(min(5, len(cue))),
        "where+words": f"{where}:{min(4, words // 2)}",
        "where+cue": f"{where}:{cue[-1] if cue else '-'}",
    }


def _log_odds(p: float) -> float:
    p = min(max(p, 1e-3), 1 - 1e-3)
    return math.log(p / (1 - p))
