"""Examples in, fitted heads out: each fitted on the labelled truth of the stages before it, in the order in which a reading uses them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scorer.examples import Example
from scorer.head_rows import NO_YES, Rows, TrueReading, account_rows, claim_rows, link_rows, merged, true_reading
from scorer.heads import LinearHead, fit_choice, fit_head
from scorer.relays import relay_vector
from scorer.signals import RELAY_CLASSES
from scorer.vocabulary import KIND_CLASSES, NAMING_CLASSES

VECTOR_SCALE = 0.3


def fit_heads(examples: Sequence[Example], joins: Mapping[str, Rows]) -> dict[str, LinearHead]:
    """All heads of a reading. `joins` are the rows of `join_rows`, which may come from more articles than the examples."""
    heads = {name: fit_head(rows.features, rows.labels, classes=NO_YES, min_count=5) for name, rows in joins.items()}
    antecedents = Rows()
    readings = [true_reading(e, antecedents) for e in examples]
    heads["antecedent"] = fit_chooser(antecedents, c=1.0)
    heads["relay"] = fit_relays(readings)
    for name, classes, rows in zip(("kind", "naming"), (KIND_CLASSES, NAMING_CLASSES), merged(link_rows(r) for r in readings), strict=True):
        heads[name] = fit_head(rows.features, rows.labels, classes=classes, vectors=rows.vectors, c=0.1, vector_scale=VECTOR_SCALE)
    for name, rows in zip(("claim", "firsthand"), merged(claim_rows(e) for e in examples), strict=True):
        heads[name] = fit_head(rows.features, rows.labels, classes=NO_YES, vectors=rows.vectors, c=0.3, vector_scale=VECTOR_SCALE)
    (accounts,) = merged([account_rows(r, relays)] for r, relays in zip(readings, _relays_of_others(readings), strict=True))
    heads["account"] = fit_chooser(accounts, c=1.0)
    return heads


def fit_relays(readings: Sequence[TrueReading]) -> LinearHead:
    """The head `relay`."""
    rows = Rows()
    for reading in readings:
        for own, labels in zip(reading.candidates, reading.classes, strict=True):
            for candidate, label in zip(own, labels, strict=True):
                rows.add(candidate.features, label, relay_vector(candidate, reading.example.vectors))
    return fit_head(rows.features, rows.labels, classes=RELAY_CLASSES, vectors=rows.vectors, c=0.3, vector_scale=VECTOR_SCALE)


def _relays_of_others(readings: Sequence[TrueReading], folds: int = 4) -> list[LinearHead]:
    """For each reading a head that was fitted without it: the next stage is to see relays as unsure as they will be."""
    folds = min(folds, len(readings))
    heads = [fit_relays([r for i, r in enumerate(readings) if i % folds != fold]) for fold in range(folds)]
    return [heads[i % folds] for i in range(len(readings))]


def fit_chooser(rows: Rows, c: float) -> LinearHead:
    """A head that chooses among the rows of each group."""
    return fit_choice(rows.features, [label == "yes" for label in rows.labels], rows.groups, c=c)
