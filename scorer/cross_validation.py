"""Labelled articles that no encoder has seen in, what heads fitted without them make of them out: what judges a whole reading is fitted on that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scorer.attributions import Joiner, detection_features, find_attributions
from scorer.directness import LevelModel, fit_levels
from scorer.examples import Example, label_level, match_contents
from scorer.features import sourcing
from scorer.head_fitting import fit_heads
from scorer.head_rows import join_rows
from scorer.heads import Features
from scorer.labels import LabelledArticle
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
    """A found attribution of an unseen article: its features, whether a label answers it, and the level that label gives (None for no claim)."""

    article: str
    detection: Features
    answered: bool
    row: dict[str, float] | None
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
    answers = match_contents([a.contents for a in item.example.attributions], [a.contents for a in reading.attributions])
    answered = [k for k in answers if k is not None]
    nested_labelled = any(a.outer is not None for a in item.example.attributions)
    weight = 0.5 if item.labelled.meta.get("picked") == "relays" else 1.0  # picked for their relays: they stand for fewer articles
    for k, attribution in enumerate(reading.attributions):
        label = item.example.labels[answers.index(k)] if k in answered else None
        inside_answered = any(inside(hull(attribution.contents), hull(reading.attributions[j].contents)) for j in answered if j != k)
        if label is None and inside_answered and attribution.outer is not None and not nested_labelled:
            continue  # a corpus without nested statements does not tell whether this is one
        level = label_level(label) if label is not None and label.chain is not None else None
        row = sourcing(reading.chains[k], reading.firsthand[k], reading.relayed[k]).row() if level is not None else None
        yield Outcome(item.labelled.id, detection_features(item.example.article, attribution), label is not None, row, level, weight)


def fit_outcomes(outcomes: Sequence[Outcome]) -> LevelModel:
    rated = [(o.row, o.level, o.weight) for o in outcomes if o.row is not None and o.level is not None]
    return fit_levels([row for row, _, _ in rated], [level for _, level, _ in rated], [weight for _, _, weight in rated])


def cross_validated(outcomes: Sequence[Outcome], folds: int) -> str:
    """How many found attributions answer a label, and how many levels are right by a model that was fitted without the article, in words."""
    articles = list(dict.fromkeys(o.article for o in outcomes))
    off: list[int] = []
    for fold in range(folds):
        held = set(articles[fold::folds])
        try:
            levels = fit_outcomes([o for o in outcomes if o.article not in held])
        except ValueError:  # too few labels outside the fold
            continue
        for o in outcomes:
            if o.article in held and o.row is not None and o.level is not None:
                probabilities = levels.probabilities(o.row)
                off.append(abs(max(range(5), key=probabilities.__getitem__) - o.level))
    right, near = (100 * sum(d <= k for d in off) / max(1, len(off)) for k in (0, 1))
    answered = 100 * sum(o.answered for o in outcomes) / max(1, len(outcomes))
    return f"cross-validated by article: {answered:.0f}% of {len(outcomes)} found are labelled; of {len(off)} levels {right:.0f}% right, {near:.0f}% within one"
