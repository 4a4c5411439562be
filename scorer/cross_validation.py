"""Labelled articles that no encoder has seen in, what heads fitted without them make of them out: what judges a whole reading is fitted on that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from scorer.attributions import Attribution, Joiner, detection_features, find_attributions
from scorer.confidence import confidence_features
from scorer.directness import fit_levels
from scorer.errors import LabelError
from scorer.examples import Example, is_same, label_level, match_attributions
from scorer.features import Sourcing, sourcing
from scorer.head_fitting import fit_heads
from scorer.head_rows import NO_YES, join_rows
from scorer.heads import Features, LinearHead, fit_head
from scorer.labels import LabelledArticle, LabelledAttribution
from scorer.links import Link
from scorer.model import Reading, read_with
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
    level is to be told from (None where nothing was labelled), and `level` what the label gives (None for no claim).
    """

    article: str
    detection: Features
    answered: bool
    links: tuple[tuple[Features, bool], ...]
    sourcing: Sourcing | None
    level: int | None
    weight: float


def read_unseen(corpus: Sequence[Prepared], folds: int) -> tuple[list[Outcome], list[Reading]]:
    """Each article that no encoder has seen, read by heads fitted on the other folds, and what came of it."""
    outcomes: list[Outcome] = []
    readings: list[Reading] = []
    for fold in range(folds):
        seen = [c for i, c in enumerate(corpus) if i % folds != fold]
        heads = fit_heads([c.example for c in seen if c.labelled.has_chains], join_rows([c.labelled for c in seen]))
        for item in (c for c in corpus[fold::folds] if c.unseen):
            attributions = find_attributions(item.example.article, item.tagging.spans, Joiner(heads), item.tagger)
            reading = read_with(item.example.article, item.tagging, item.example.signals, heads, attributions)
            readings.append(reading)
            outcomes += judge_reading(item, reading)
    return outcomes, readings


def judge_reading(item: Prepared, reading: Reading) -> Iterator[Outcome]:
    """What came of each attribution of a reading."""
    answers = match_attributions(item.example.attributions, reading.attributions)
    answered = [k for k in answers if k is not None]
    nested_labelled = any(a.outer is not None for a in item.example.attributions)
    weight = 0.5 if item.labelled.meta.get("picked") == "relays" else 1.0  # picked for their relays: they stand for fewer articles
    for k, attribution in enumerate(reading.attributions):
        label = item.example.labels[answers.index(k)] if k in answered else None
        inside_answered = any(inside(hull(attribution.contents), hull(reading.attributions[j].contents)) for j in answered if j != k)
        if label is None and inside_answered and attribution.outer is not None and not nested_labelled:
            continue  # a corpus without nested statements does not tell whether this is one
        level = label_level(label) if label is not None and label.chain is not None else None
        yield Outcome(
            article=item.labelled.id,
            detection=detection_features(item.example.article, attribution),
            answered=label is not None,
            links=tuple(_judge_links(reading.chains[k], attribution, label)) if label is not None and label.chain is not None else (),
            sourcing=sourcing(reading.chains[k], reading.firsthand[k], reading.relayed[k]) if level is not None else None,
            level=level,
            weight=weight,
        )


def _judge_links(chain: Sequence[Link], attribution: Attribution, label: LabelledAttribution) -> Iterator[tuple[Features, bool]]:
    """Each link's features, and whether the labelled chain has its entity in the same place, counted from either end."""
    gold = label.chain or ()
    for k, link in enumerate(chain):
        places = {k, len(gold) - len(chain) + k} & set(range(len(gold)))
        yield confidence_features(chain, k, attribution), any(is_same(gold[j], link.entity) for j in places)


def fit_detected(outcomes: Sequence[Outcome]) -> LinearHead:
    """The head `detected`: whether what was found is an attribution at all."""
    return fit_head([o.detection for o in outcomes], [NO_YES[o.answered] for o in outcomes], classes=NO_YES, c=0.1, min_count=10)


def fit_confidence(outcomes: Sequence[Outcome]) -> LinearHead:
    """The head `confidence`: whether a link is right."""
    links = [link for o in outcomes for link in o.links]
    return fit_head([features for features, _ in links], [NO_YES[right] for _, right in links], classes=NO_YES, c=0.1, min_count=10)


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


@dataclass(frozen=True)
class Figures:
    """What cross-validation by article found: shares, 0 to 1."""

    found: int
    answered: float
    levels: int
    right: float
    near: float

    def __str__(self) -> str:
        return (
            f"cross-validated by article: {self.answered:.0%} of {self.found} found are labelled; "
            f"of {self.levels} levels {self.right:.0%} right, {self.near:.0%} within one"
        )


def cross_validated(outcomes: Sequence[Outcome], folds: int) -> Figures:
    """How many found attributions answer a label, and how many levels are right by a model that was fitted without the article."""
    articles = list(dict.fromkeys(o.article for o in outcomes))
    off: list[int] = []
    for fold in range(folds):
        held = set(articles[fold::folds])
        others = [o for o in outcomes if o.article not in held]
        try:
            confidence = fit_confidence(others)
            levels = fit_levels(*level_rows(others, confidence))
        except (LabelError, ValueError):  # too few labels outside the fold
            continue
        for row, level, _ in zip(*level_rows([o for o in outcomes if o.article in held], confidence), strict=True):
            probabilities = levels.probabilities(row)
            off.append(abs(max(range(5), key=probabilities.__getitem__) - level))
    right, near = (sum(d <= k for d in off) / max(1, len(off)) for k in (0, 1))
    return Figures(len(outcomes), sum(o.answered for o in outcomes) / max(1, len(outcomes)), len(off), right, near)
