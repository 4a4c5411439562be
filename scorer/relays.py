"""An attribution's own words in, scored relay candidates out: who, besides the source, had the statement in hand.

Every name and every noun phrase of the press or of a document in the telling part of an attribution's sentences is a candidate. A linear head
says of each whether the statement came through it before it reached the source's teller (`outer`: "told CNN"), lies behind the source
(`inner`: "citing a ministry official"), or has no part in it (`none`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from scorer.article import Article, Token, tokenize
from scorer.attributions import Attribution
from scorer.encoder import Floats
from scorer.entities import Entity, Names, entity_kinds
from scorer.heads import LinearHead, Value
from scorer.lexicon import (
    CARRYING_DOCUMENTS,
    DETERMINERS,
    KIND_NOUNS,
    OPENERS,
    OUTLET_NOUNS,
    PREPOSITION_CUTS,
    PRONOUNS,
    RELATIVE_CUTS,
    RELAY_LEADS,
    RELAY_TRIGGERS,
    REPORTED_BY_NOBODY,
)
from scorer.mentions import Mention, is_capitalised, is_outlet, parse_phrase, singular
from scorer.resolution import Resolved
from scorer.signals import VIA_CLASSES, Signals, log_odds
from scorer.spans import Span, hull, inside, overlaps
from scorer.vectors import Vectors

_HAND_NOUNS = KIND_NOUNS["outlet"] | KIND_NOUNS["journalist"] | KIND_NOUNS["document"] | {"interview", "source", "sources", "official", "officials"}
_STRONG_TRIGGERS = frozenset({"citing", "quoting", "told", "by"})
_LEADS = tuple((name, re.compile(rf"\b(?:{pattern}) (?:[\w'’.&-]+ ?){{0,5}}$", re.I)) for name, pattern in RELAY_LEADS)
_OUTLET_NOUN = "|".join(sorted(OUTLET_NOUNS))
_TELLS_A_NAME_MORE = re.compile(rf" (?:[a-z-]+ )?(?:{_OUTLET_NOUN}) [\"“]?[A-Z]")  # "the Danish daily Berlingske": the name is the second
_PUBLISHER_ITSELF = re.compile(rf"(?:our|this) (?:{_OUTLET_NOUN})\b", re.I)
_MAX_PHRASE = 6
_MAX_CITED = 12


@dataclass(frozen=True)
class Candidate:
    """Somebody in the telling part of an attribution, with the probability of each of RELAY_CLASSES."""

    mention: Mention
    entity: Entity | None
    features: dict[str, Value]
    probabilities: tuple[float, ...] = (1.0, 0.0, 0.0)


def find_relays(
    article: Article, attributions: Sequence[Attribution], resolved: Sequence[Resolved], names: Names, vectors: Vectors, signals: Signals, head: LinearHead
) -> list[list[Candidate]]:
    """The candidates of each attribution, scored."""
    return [scored(candidates(article, i, attributions, resolved, names, signals), vectors, head) for i in range(len(attributions))]


def scored(found: Sequence[Candidate], vectors: Vectors, head: LinearHead) -> list[Candidate]:
    """The candidates with their probabilities."""
    return [replace(c, probabilities=tuple(head.probabilities(c.features, relay_vector(c, vectors)))) for c in found]


def relay_vector(candidate: Candidate, vectors: Vectors) -> Floats:
    """The mean vector of a candidate's words."""
    return vectors.mean(candidate.mention.span)


def candidates(
    article: Article, index: int, attributions: Sequence[Attribution], everybody: Sequence[Resolved], names: Names, signals: Signals
) -> list[Candidate]:
    """Every name, and every noun phrase that may be a hand, in the telling part of an attribution's sentences, and the sources of what is nested in it."""
    attribution, resolved = attributions[index], everybody[index]
    region = telling_part(article, attribution)
    tokens = [t for part in region for t in tokenize(article.text, part)]
    out: list[Candidate] = []
    for mention, entity in _mentions(article, region, tokens, names):
        if names.is_publisher(entity.name if entity else mention.label):
            continue  # the publisher is the implicit first link of every chain
        own_name = resolved.mention.name_span and overlaps(mention.span, resolved.mention.name_span)
        whole_source = resolved.mention.span == mention.span
        if (
            own_name
            or whole_source
            or (entity is not None and entity is resolved.entity)
            or (overlaps(mention.span, attribution.cue) and not mention.name and mention.form != "hedge")
            or (entity is not None and not entity.outlet and _is_post(article, attribution, mention))
        ):
            continue
        out.append(Candidate(mention, entity, candidate_features(article, attribution, resolved, mention, entity, tokens)))
    nested = [k for k, a in enumerate(attributions) if a.outer == index]
    for rank, k in enumerate(nested):
        inner = everybody[k]
        if inner.entity is not None and inner.entity is not resolved.entity and inner.mention.form not in ("missing", "hedge"):
            out.append(Candidate(inner.mention, inner.entity, nested_features(article, attribution, resolved, attributions[k], inner, rank)))
    via = signals.of_attribution(attribution)["via"]
    return [replace(c, features={**c.features, **_encoder_features(c.mention, signals), "encoder_via": log_odds(via, VIA_CLASSES.index("own"))}) for c in out]


def _is_post(article: Article, attribution: Attribution, mention: Mention) -> bool:
    """Whether a name tells where the source is: "KTV's correspondent in Velden"."""
    inner = attribution.source is not None and inside(mention.span, attribution.source)
    return inner and re.search(r"\b(?:in|near|outside) $", article.text[: mention.span[0]]) is not None


def _encoder_features(mention: Mention, signals: Signals) -> dict[str, Value]:
    """Whether the encoder reads the words as those of a relay."""
    answers = signals.of_words(mention.span)["relay"]
    return {"encoder_outer": log_odds(answers, 1), "encoder_inner": log_odds(answers, 2)}


def nested_features(article: Article, attribution: Attribution, resolved: Resolved, inner: Attribution, source: Resolved, rank: int) -> dict[str, Value]:
    """Whether a statement nested in an attribution is all that it tells: then its source stands behind the attribution, too."""
    whole = sum(e - s for s, e in attribution.contents)
    share = min(1.0, (hull([inner.cue, *inner.contents, source.mention.span])[1] - inner.start) / max(1, whole))
    lead = min(source.mention.span[0], inner.cue[0]) - attribution.contents[0][0]
    press = sorted(kinds_of(resolved) & {"outlet", "journalist", "document"})
    teller = press[0] if press else "other"
    cue = re.findall(r"\w+", article.text[slice(*attribution.cue)].casefold())
    return {
        "nested": f"{teller}:{rank == 0}",
        "nested_share": f"{teller}:{int(share * 4)}",
        "nested_lead": f"{teller}:{'start' if lead < 8 else 'later'}",
        "nested_cue": f"{cue[-1] if cue else '-'}:{teller}",
        "nested_form": f"{source.mention.form}:{teller}",
        "nested_source": f"{attribution.source is not None}:{teller}",
    }


def kinds_of(resolved: Resolved) -> frozenset[str]:
    """The kinds that a source's own words, and what is said of it, may stand for."""
    return (entity_kinds(resolved.entity) if resolved.entity else frozenset()) | resolved.mention.kinds


def telling_part(article: Article, attribution: Attribution) -> list[Span]:
    """The stretches of the sentences of cue and source that are not the attribution's content."""
    parts = [attribution.cue, *([attribution.source] if attribution.source else [])]
    region: list[Span] = []
    for start, end in (s for s in article.sentences if any(overlaps(s, p) for p in parts)):
        at = start
        for s, e in sorted(attribution.contents):
            if s < end and e > at:
                if s > at:
                    region.append((at, s))
                at = max(at, e)
        if at < end:
            region.append((at, end))
    return region


def _mentions(article: Article, region: Sequence[Span], tokens: Sequence[Token], names: Names) -> Iterator[tuple[Mention, Entity | None]]:
    """Names first, then noun phrases that hold none of them."""
    found: list[Span] = []
    for mention, entity in names.mentions:
        if any(inside(mention.span, part) for part in region):
            found.append(mention.span)
            if not _TELLS_A_NAME_MORE.match(article.text, mention.span[1]):
                yield mention, entity
    for span in _noun_phrases(tokens):
        if not any(overlaps(span, other) for other in found) and not _PUBLISHER_ITSELF.match(article.text, span[0]):
            found.append(span)
            mention = parse_phrase(article, span)
            yield mention, _last_of_its_kind(mention, names)


def _last_of_its_kind(mention: Mention, names: Names) -> Entity | None:
    """Who "the newspaper" or "the host" is: the outlet or journalist named last before it."""
    if mention.form != "definite" or mention.possessor or mention.plural:
        return None
    nouns = mention.kinds & {"outlet", "journalist"}
    before = [
        e
        for m, e in names.mentions
        if m.span[0] < mention.span[0] and (("outlet" in nouns and e.outlet) or ("journalist" in nouns and "journalist" in entity_kinds(e)))
    ]
    return before[-1] if before else None


def _noun_phrases(tokens: Sequence[Token]) -> Iterator[Span]:
    """Phrases that end at a noun of the press or of documents, and what stands behind "citing", "quoting", "told" and "by"."""
    words = [t.text.casefold() for t in tokens]
    for k, word in enumerate(words):
        if word in REPORTED_BY_NOBODY:
            yield tokens[k].start, tokens[k].end
        elif word in _HAND_NOUNS and is_capitalised(next((t for t in tokens[k + 1 : k + 3] if t.text not in {'"', "“"}), tokens[k])):
            continue  # "the broadcaster DR", "the podcast “Second Helping”": the name is the candidate
        elif (word in _HAND_NOUNS or singular(word) in _HAND_NOUNS) and (start := _phrase_start(tokens, words, k)) is not None:
            yield tokens[start].start, tokens[k].end
        elif word in _STRONG_TRIGGERS and k + 1 < len(tokens):
            start = k + 1 + (tokens[k + 1].text in {'"', "“"} and k + 2 < len(tokens))
            end = start
            while end < len(tokens) and end - start < _MAX_CITED and tokens[end].text[0].isalnum() and words[end] not in RELATIVE_CUTS | {"as", "and", "said"}:
                end += 1
            if end > start and words[start] not in PRONOUNS and (words[start] in DETERMINERS or end > start + 1 or words[start] in _HAND_NOUNS):
                yield tokens[start].start, tokens[end - 1].end


def document_phrases(article: Article, sentence: Span) -> Iterator[Span]:
    """The noun phrases of a sentence that end at a poll, a recording, a post or another thing that carries words."""
    tokens = tokenize(article.text, sentence)
    words = [t.text.casefold() for t in tokens]
    for k, word in enumerate(words):
        if word in CARRYING_DOCUMENTS and (start := _phrase_start(tokens, words, k)) is not None:
            yield tokens[start].start, tokens[k].end


def _phrase_start(tokens: Sequence[Token], words: Sequence[str], k: int) -> int | None:
    """Where the noun phrase that ends at token k begins: back to a determiner, or over a few plain words."""
    start = k
    while start and k - start < _MAX_PHRASE:
        before = words[start - 1]
        if not tokens[start - 1].text[0].isalpha() and tokens[start - 1].text not in {"'s", "’s"}:
            break
        if before in DETERMINERS:
            return start - 1
        if before in PREPOSITION_CUTS | RELATIVE_CUTS | PRONOUNS.keys() | {
            "and",
            "or",
            "said",
            "was",
            "were",
            "is",
            "are",
            "has",
            "had",
            "have",
            "told",
            "citing",
            "quoting",
            "as",
        }:
            break
        start -= 1
    return start if k - start < _MAX_PHRASE else None


def candidate_features(
    article: Article, attribution: Attribution, resolved: Resolved, mention: Mention, entity: Entity | None, tokens: Sequence[Token]
) -> dict[str, Value]:
    """Where a candidate stands, behind which words, and what it is."""
    span, cue, source = mention.span, attribution.cue, attribution.source
    before = [t.text.casefold() for t in tokens if t.end <= span[0]]
    while before and before[-1] in DETERMINERS | dict.fromkeys(
        ["state-run", "daily", "official", "newspaper", "magazine", "news", "agency", "program", "host", "'s", "’s"], ""
    ):
        before.pop()
    after = [t.text.casefold() for t in tokens if t.start >= span[1]][:3]
    at = next((k for k in range(len(before) - 1, max(-1, len(before) - 9), -1) if before[k] in RELAY_TRIGGERS), None)
    trigger = before[at] if at is not None else "-"
    governed = f"{before[at - 1]} {trigger}" if at else trigger
    lead = _lead(" ".join(t.text for t in tokens if t.end <= span[0]))
    press = "outlet" if (entity and entity.outlet) or (mention.name and is_outlet(mention.name)) else "-"
    kinds = (entity_kinds(entity) if entity else frozenset()) | mention.kinds
    zone = _zone(span, cue, source)
    cue_words = re.sub(r"\s+", " ", article.text[slice(*cue)].casefold())
    source_press = resolved.entity.outlet if resolved.entity else False
    source_kinds = kinds_of(resolved)
    out: dict[str, Value] = {
        "zone": zone,
        "press+zone": f"{press}:{zone}",
        "trigger+press": f"{trigger}:{press}",
        "trigger+zone": f"{trigger}:{zone}",
        "lead": f"{lead}:{bool(mention.name)}",
        "lead+press": f"{lead}:{press}",
        "lead+zone": f"{lead}:{press}:{zone.split(':')[0]}",
        "lead+body": f"{lead}:{entity.bodily if entity else mention.form}",
        "governed": governed,
        "governed+press": f"{governed}:{press}",
        "before": " ".join(before[-1:]) or "-",
        "before2": " ".join(before[-2:]) or "-",
        "before+press": f"{' '.join(before[-1:])}:{press}",
        "after": after[0] if after else "-",
        "after+press": f"{after[0] if after else '-'}:{press}",
        "cue+zone": f"{cue_words if len(cue_words) < 20 else cue_words.split()[-1]}:{zone}:{press}",
        "cue_end": f"{cue_words.split()[-1]}:{zone}",
        "body": f"{entity.bodily if entity else mention.form}:{press}:{zone}",
        "told": f"{min(2, entity.told) if entity else '-'}:{press}",
        "source_press": f"{source_press}:{press}:{zone}",
        "name": f"{bool(mention.name)}:{mention.form}",
        "possessive": f"{after[0] in ('’s', chr(39) + 's') if after else False}:{press}:{zone}",
        "capital": f"{is_capitalised(tokens[-1]) if tokens else False}",
        "phrase_head": f"{next((w for w in after if w in _HAND_NOUNS), '-')}:{zone.split(':')[0]}",
        "near": f"{_steps(tokens, span, cue)}:{press}",
        "source_head": f"{resolved.mention.head if not resolved.mention.name else 'name'}:{zone}",
    }
    if not mention.name:
        out["head+modified"] = f"{singular(mention.head)}:{len(mention.description) > 1}:{mention.form}"
        out["head"] = singular(mention.head)
        out["head+trigger"] = f"{singular(mention.head)}:{trigger}"
    for kind in kinds:
        out[f"kind={kind}"] = 1.0
        out[f"kind+zone={kind}:{zone}"] = 1.0
        out[f"kind+trigger={kind}:{trigger}"] = 1.0
        out[f"kind+lead={kind}:{lead}"] = 1.0
        for own in source_kinds:
            out[f"kinds={kind}:{own}:{zone}"] = 1.0
    return out


def _lead(words: str) -> str:
    """The pattern of RELAY_LEADS that the words before a phrase end with."""
    return next((name for name, pattern in _LEADS if pattern.search(words[-90:])), "-")


def _zone(span: Span, cue: Span, source: Span | None) -> str:
    """Where a candidate lies to cue and source."""
    if source and inside(span, source):
        return "in_source:first" if span[0] - source[0] < 5 else "in_source"
    if inside(span, cue):
        return "in_cue"
    order = [("source", source)] if source else []
    order = sorted([*order, ("cue", cue)], key=lambda pair: pair[1][0] if pair[1] else 0)
    names = [name for name, part in order if part and part[0] <= span[0]]
    last = names[-1] if names else "start"
    return f"after_{last}:{len(names)}of{len(order)}"


def _steps(tokens: Sequence[Token], span: Span, cue: Span) -> str:
    """How many tokens lie between candidate and cue, coarsely."""
    low, high = min(span[1], cue[1]), max(span[0], cue[0])
    n = sum(1 for t in tokens if low <= t.start < high and t.text.casefold() not in OPENERS)
    return "0" if n == 0 else "1-2" if n < 3 else "3-6" if n < 7 else "7+"
