"""What each part of the model brings, and what perfect spans would bring, end to end on a labelled corpus.

    python benchmarks/ablation.py CORPUS.jsonl                                          what needs no fitting
    python benchmarks/ablation.py CORPUS.jsonl --data DATA… [--chains FILE] [--unseen DIR…]    and the heads refitted without an encoder's answers

Each row is the shipped model with one thing changed; the figures are those of `scorer evaluate`. "gold spans" reads the labelled attributions.
The heads refitted on DATA with nothing left out are a row of their own: what is left out is to be compared with that. Refitted rows keep the
model's own `detected`, `confidence` and level model.
"""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scorer.article import Article, make_article
from scorer.attributions import Attribution, Joiner, find_attributions
from scorer.comparison import Found, found_claims
from scorer.cross_validation import Prepared
from scorer.evaluation import evaluate_reports
from scorer.examples import Example, labelled_attributions, make_example
from scorer.head_fitting import fit_heads
from scorer.head_rows import join_rows
from scorer.heads import LinearHead
from scorer.labels import LabelledArticle, add_chains, read_labelled
from scorer.locate import default_model
from scorer.model import Model, rate, read_with
from scorer.report import build_report
from scorer.signals import WIDTH, Signals
from scorer.tagger import Tagging
from scorer.training import prepare

Heads = Mapping[str, LinearHead]
FIGURES = ("detection.f1", "origin_f1", "chain_f1", "route_f1", "relay_f1", "answered.naming", "answered.kind", "answered.claim", "level.accuracy")
FORMS = ("name", "pronoun", "definite", "indefinite", "bare", "hedge", "missing")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--model", type=Path, default=default_model())
    parser.add_argument("--data", type=Path, nargs="*", default=[])
    parser.add_argument("--chains", type=Path)
    parser.add_argument("--unseen", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    corpus = read_labelled(options.corpus)
    model = Model.load(options.model)
    rows = {
        "shipped": _figures(corpus, model, model.heads),
        "no antecedents: whoever is not named is new": _figures(corpus, model, {**model.heads, "antecedent": _nobody_met()}),
        "no carry-over: a relay holds for its sentence": _figures(corpus, model, {**model.heads, "account": _own_alone(model.heads["account"])}),
        "no relays in a sentence's own words": _figures(corpus, model, {**model.heads, "relay": _no_relay(model.heads["relay"])}),
        "gold spans": _figures(corpus, model, model.heads, gold=True),
    }
    if options.data:
        data = read_labelled(*options.data)
        data = add_chains(data, options.chains) if options.chains else data
        prepared = prepare([a for a in data if a.has_chains], options.model, options.unseen)
        for name, blind in {"refitted": _as_it_is, "refitted without the second encoder": _no_signals, "refitted without the vectors": _no_vectors}.items():
            heads = fit_heads([_blinded(p, blind) for p in prepared], join_rows(data))
            rows[name] = _figures(corpus, model, {**model.heads, **heads}, blind)
    table = pd.DataFrame({name: [_pick(figures, f) for f in FIGURES] for name, figures in rows.items()}, index=list(FIGURES)).T
    print(table.to_string())


Blind = Callable[[Article, Tagging, Signals], tuple[Tagging, Signals]]


def _as_it_is(article: Article, tagging: Tagging, signals: Signals) -> tuple[Tagging, Signals]:
    return tagging, signals


def _no_signals(article: Article, tagging: Tagging, signals: Signals) -> tuple[Tagging, Signals]:
    return tagging, Signals(article, [np.zeros((len(tokens), WIDTH), np.float32) for tokens in article.tokens])


def _no_vectors(article: Article, tagging: Tagging, signals: Signals) -> tuple[Tagging, Signals]:
    return replace(tagging, vectors=tuple(np.zeros_like(v) for v in tagging.vectors)), signals


def _blinded(prepared: Prepared, blind: Blind) -> Example:
    tagging, signals = blind(prepared.example.article, prepared.tagging, prepared.example.signals)
    return make_example(prepared.labelled, prepared.example.article, tagging, signals)


def _figures(corpus: Sequence[LabelledArticle], model: Model, heads: Heads, blind: Blind = _as_it_is, *, gold: bool = False) -> dict[str, Any]:
    def reports() -> Iterator[tuple[str, tuple[Found, ...]]]:
        for labelled in corpus:
            article = make_article(labelled.text, id=labelled.id, outlet=labelled.outlet)
            tagging = model.tagger.tag(article)
            attributions: Sequence[Attribution] = (
                labelled_attributions(labelled, article)[0] if gold else find_attributions(article, tagging.spans, Joiner(heads), model.tagger)
            )
            tagging, signals = blind(article, tagging, model.signaller.read(article, tagging))
            own = {name: head for name, head in heads.items() if not (gold and name == "detected")}
            reading = read_with(article, tagging, signals, own, attributions)
            yield labelled.id, found_claims(build_report(reading, rate(reading, model.levels), model.version).to_dict()["claims"])

    return evaluate_reports(corpus, dict(reports())).figures


def _nobody_met() -> LinearHead:
    return LinearHead(("no", "yes"), np.zeros(2), {f"new={form}": np.array([0.0, 50.0]) for form in FORMS})


def _own_alone(head: LinearHead) -> LinearHead:
    never = {f"own=False:{passed}": np.array([0.0, -50.0]) for passed in (True, False)}
    return replace(head, coefficients={**head.coefficients, **never})


def _no_relay(head: LinearHead) -> LinearHead:
    return replace(head, intercept=head.intercept + np.array([50.0, 0.0, 0.0]))


def _pick(figures: Mapping[str, Any], name: str) -> Any:
    value: Any = figures
    for part in name.split("."):
        value = value[part]
    return value


if __name__ == "__main__":
    main()
