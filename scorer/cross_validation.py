"""Labelled articles that no encoder has seen in, what heads fitted without them make of them out: what judges a whole reading is fitted on that."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scorer.attributions import Attribution, Joiner, detection_features, find_attributions
from scorer.confidence import confidence_features
from scorer.directness import fit_levels
from scorer.examples import Example, label_level, match_contents, right_links
from scorer.features import Sourcing, sourcing
from scorer.head_fitting import fit_heads
from scorer.head_rows import NO_YES, join_rows
from scorer.heads import Features, LinearHead, fit_head
from scorer.labels import LabelledArticle, LabelledAttribution
from scorer.links import Link
from scorer.model import Reading, rate, read_with
from scorer.report import Report, build_report
from scorer.spans import hull, inside
from scorer.tagger import Tagger, Tagging


@dataclass(frozen=True)
class Prepared:
    """A labelled article with all that fitting needs: made once, used in every fold.

    `unseen` tells whether neither `tagger`, which gave `tagging`, nor the encoder of the example's signals was trained on the article.
    """

    labelled: LabelledArticle
    example: Example
    tagging: Tagging
    tagger: Tagger
    unseen: bool


@dataclass(frozen=True)
class Outcome:
    """What came of a found attribution of an unseen article.

    `answered` tells whether a label answers it, `links` has the features of each link of its chain with whether it is right, `sourcing` is what its
    level is to be told from (None where nothing was labelled), and `level` what the label gives (None for no claim). `weight` is 0.5 in articles that
    were picked for their relays, of which there are too many, else 1.
    """

    fold: int
    detection: Features
    answered: bool
    links: tuple[tuple[Features, bool], ...]
    sourcing: Sourcing | None
    level: int | None
    weight: float


def fit_without(corpus: Sequence[Prepared], folds: int) -> list[dict[str, LinearHead]]:
    """For each fold the heads fitted on the articles of the others; article i is of fold i modulo `folds`."""
    out = []
    for fold in range(folds):
        others = [c for i, c in enumerate(corpus) if i % folds != fold]
        out.append(fit_heads([c.example for c in others if c.labelled.has_chains], join_rows([c.labelled for c in others])))
    return out


def read_unseen(corpus: Sequence[Prepared], heads: Sequence[Mapping[str, LinearHead]]) -> Iterator[tuple[int, Prepared, Reading]]:
    """Each article that no encoder has seen, with its fold, read by the heads of its fold, which have not seen it either."""
    for fold, own in enumerate(heads):
        for item in (c for c in corpus[fold :: len(heads)] if c.unseen):
            attributions = find_attributions(item.example.article, item.tagging.spans, Joiner(own), item.tagger)
            yield fold, item, read_with(item.example.article, item.tagging, item.example.signals, own, attributions)


def judge_unseen(corpus: Sequence[Prepared], heads: Sequence[Mapping[str, LinearHead]]) -> list[Outcome]:
    """What came of each attribution found in the articles that no encoder has seen."""
    return [outcome for fold, item, reading in read_unseen(corpus, heads) for outcome in judge_reading(fold, item, reading)]


def report_unseen(corpus: Sequence[Prepared], heads: Sequence[Mapping[str, LinearHead]], outcomes: Sequence[Outcome]) -> Iterator[Report]:
    """The report of each article that no encoder has seen, by heads and a level model that were fitted on other folds alone.

    Raises LabelError where too few labels are left outside a fold.
    """
    whole, levels, hashes = [], [], []
    for fold, own in enumerate(heads):
        others = [o for o in outcomes if o.fold != fold]
        confidence = fit_confidence(others)
        whole.append({**own, "detected": fit_detected(others), "confidence": confidence})
        levels.append(fit_levels(*level_rows(others, confidence)))
        parts = [{name: head.to_dict() for name, head in whole[-1].items()}, levels[-1].to_dict()]
        hashes.append(f"sha256:{hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()}")
    for fold, _, reading in read_unseen(corpus, whole):
        yield build_report(reading, rate(reading, levels[fold]), hashes[fold])


def judge_reading(fold: int, item: Prepared, reading: Reading) -> Iterator[Outcome]:
    """What came of each attribution of a reading."""
    answers = match_contents([a.contents for a in item.example.attributions], [a.contents for a in reading.attributions])
    answered = [k for k in answers if k is not None]
    nested_labelled = any(a.outer is not None for a in item.example.attributions)
    weight = 0.5 if item.labelled.meta.get("picked") == "relays" else 1.0
    for k, attribution in enumerate(reading.attributions):
        label = item.example.labels[answers.index(k)] if k in answered else None
        inside_answered = any(inside(hull(attribution.contents), hull(reading.attributions[j].contents)) for j in answered if j != k)
        if label is None and inside_answered and attribution.outer is not None and not nested_labelled:
            continue  # a corpus without nested statements does not tell whether this is one
        level = label_level(label) if label is not None and label.chain is not None else None
        yield Outcome(
            fold=fold,
            detection=detection_features(item.example.article, attribution),
            answered=label is not None,
            links=tuple(_judge_links(reading.chains[k], attribution, label)) if label is not None and label.chain is not None else (),
            sourcing=sourcing(reading.chains[k], reading.firsthand[k], reading.relayed[k]) if level is not None else None,
            level=level,
            weight=weight,
        )


def _judge_links(chain: Sequence[Link], attribution: Attribution, label: LabelledAttribution) -> Iterator[tuple[Features, bool]]:
    """Each link's features, and whether it is right."""
    for k, right in enumerate(right_links(label, chain)):
        yield confidence_features(chain, k, attribution), right


def fit_detected(outcomes: Sequence[Outcome]) -> LinearHead:
    """The head `detected`: whether what was found is an attribution at all."""
    return _fit_judge([(o.detection, o.answered, o.weight) for o in outcomes])


def fit_confidence(outcomes: Sequence[Outcome]) -> LinearHead:
    """The head `confidence`: whether a link is right."""
    return _fit_judge([(features, right, o.weight) for o in outcomes for features, right in o.links])


def _fit_judge(rows: Sequence[tuple[Features, bool, float]]) -> LinearHead:
    """A head that says how likely it is that something found is right, of (features, whether it was, weight)."""
    labels, weights = [NO_YES[right] for _, right, _ in rows], [weight for _, _, weight in rows]
    return fit_head([features for features, _, _ in rows], labels, classes=NO_YES, c=0.1, min_count=10, weights=weights)


def level_rows(outcomes: Sequence[Outcome], confidence: LinearHead) -> tuple[list[dict[str, float]], list[int], list[float]]:
    """Rows, levels and weights to fit the level model on: of the outcomes that are claims."""
    rows, levels, weights = [], [], []
    for o in outcomes:
        if o.sourcing is not None and o.level is not None:
            sure = min((confidence.probability(features) for features, _ in o.links), default=1.0)
            rows.append(replace(o.sourcing, doubt=1.0 - sure).row())
            levels.append(o.level)
            weights.append(o.weight)
    return rows, levels, weights
