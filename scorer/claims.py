"""An attribution and its chain in, two probabilities out: that its content is a claim, and that its origin tells it first-hand.

A claim could be true or false; an attitude, a wish, an order or a bare topic could not. First-hand is what an origin says of its own acts,
plans, feelings, words or experience.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from scorer.article import Article
from scorer.attributions import Attribution, content_words
from scorer.encoder import Floats
from scorer.heads import LinearHead, Value
from scorer.links import Link
from scorer.signals import Signals, log_odds
from scorer.vectors import Vectors

MIN_CLAIM = 0.04  # hiding a claim costs more than scoring an attitude: read off cross-validated claim accuracy and rps skill

_QUOTED = re.compile(r"[\"“”]|''|``")
_SELF = re.compile(r"\b(?:I|me|my|mine|myself|I['’]\w+)\b")
_OWN_GROUP = re.compile(r"\b(?:we|us|our|ours|ourselves|we['’]\w+)\b", re.I)
_THIRD = re.compile(r"\b(?:he|she|his|her|him|himself|herself|it|its|itself|they|their|them|themselves)\b", re.I)
_FIRST_PERSON = re.compile(r"(?:I|we|my|our)(?:['’]\w+)?", re.I)
_THIRD_PERSON = frozenset("he she it they his her its their".split())
_BEFORE_SUBJECT = frozenset("that if whether and but because as to of in the a an".split())
_SUBJECT_WITHIN = 8  # words
_VERB_TENSE = re.compile(r"\b(?:will|would|plans?|planned|intends?|going to|could|may|might|must|should|can)\b", re.I)


class ClaimJudge:
    """The heads `claim` and `firsthand`."""

    def __init__(self, heads: Mapping[str, LinearHead], vectors: Vectors, signals: Signals) -> None:
        self._heads, self._vectors, self._signals = heads, vectors, signals

    def judge(self, article: Article, attribution: Attribution, chain: Sequence[Link]) -> tuple[float, float]:
        """The probability that it is a claim, and, should it be one, that it is told first-hand."""
        features, vector = claim_features(article, attribution, chain, self._signals), claim_vector(self._vectors, attribution)
        claim = self._heads["claim"].probability(features, vector)
        return claim, self._heads["firsthand"].probability({**features, "claim": "True"}, vector)


def claim_vector(vectors: Vectors, attribution: Attribution) -> Floats:
    """The mean vectors of cue, content and source, end to end."""
    source = vectors.mean(attribution.source) if attribution.source else vectors.zero
    return np.concatenate([vectors.mean(attribution.cue), vectors.mean(*attribution.contents), source])


def claim_features(article: Article, attribution: Attribution, chain: Sequence[Link], signals: Signals) -> dict[str, Value]:
    """What cue, content and origin tell of both."""
    content = content_words(article, attribution)
    words = re.findall(r"\w+", content.casefold())
    cue = re.findall(r"\w+", article.text[slice(*attribution.cue)].casefold())
    origin = chain[-1] if chain else None
    kind = origin.kind if origin else "nobody"
    quoted = "all" if _QUOTED.match(content) else "part" if _QUOTED.search(content) else "no"
    own = "I" if _SELF.search(content) else "we" if _OWN_GROUP.search(content) else "third" if _THIRD.search(" ".join(words[:6])) else "no"
    subject = _subject(content, origin)
    out: dict[str, Value] = {
        "cue": " ".join(cue) if len(cue) < 4 else "long",
        "cue_end": cue[-1] if cue else "-",
        "first": words[0] if words else "-",
        "first_two": " ".join(words[:2]),
        "cue+first": f"{cue[-1] if cue else '-'}:{words[0] if words else '-'}",
        "quoted": quoted,
        "length": str(min(4, len(words) // 4)),
        "own": own,
        "own+kind": f"{own}:{kind}",
        "kind": kind,
        "naming": origin.naming if origin else "none",
        "links": str(min(3, len(chain))),
        "tense": f"{bool(_VERB_TENSE.search(content))}:{kind}",
        "nested": str(attribution.outer is not None),
        "source": str(attribution.source is not None),
        "subject": subject,
        "subject+kind": f"{subject}:{kind}",
        "subject+cue": f"{subject}:{cue[-1] if cue else '-'}",
        "subject+tense": f"{subject}:{bool(_VERB_TENSE.search(content))}:{kind}",
        "kind+cue": f"{kind}:{cue[-1] if cue else '-'}",
    }
    for word in cue:
        out[f"cue_word={word}"] = 1.0
    answers = signals.of_attribution(attribution)
    out["encoder_claim"], out["encoder_firsthand"] = log_odds(answers["claim"], 1), log_odds(answers["firsthand"], 1)
    return out


def _subject(content: str, origin: Link | None) -> str:
    """Of whom the first telling word of a content speaks: the origin, its body, a pronoun, another name or a thing."""
    own = set(re.findall(r"\w+", origin.entity.casefold())) if origin and origin.naming == "named" else set()
    body = set(re.findall(r"\w{3,}", origin.org.casefold())) if origin and origin.org else set()
    for k, word in enumerate(re.findall(r"[\w’']+", content)[:_SUBJECT_WITHIN]):
        bare = re.sub(r"['’]s$", "", word.casefold())
        if bare in _BEFORE_SUBJECT:
            continue
        if _FIRST_PERSON.fullmatch(word):
            return "first person"
        if bare in _THIRD_PERSON:
            return bare
        if bare in own | body:
            return "origin" if bare in own else "its body"
        if word[0].isupper() and k:
            return "other name"
        if k > 2:
            break
    return "thing"
