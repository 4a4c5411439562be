"""How far two annotators agree who labelled the same attributions apart: the figures of `scorer evaluate`, the second labels taken for reports.

    python benchmarks/agreement.py ARTICLES.jsonl SECOND.jsonl

SECOND is a stand-off file of chains; articles that it does not name are left out. `firsthand` is the share, in percent, of those that both call
claims on which they agree that they are first-hand or not. What needs probabilities is not printed.
"""

import argparse
import json
from pathlib import Path

from scorer.comparison import Found
from scorer.evaluation import evaluate_reports
from scorer.examples import label_level, labelled_chain
from scorer.labels import LabelledArticle, add_chains, read_labelled, read_lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("second", type=Path)
    options = parser.parse_args()
    named = {json.loads(line)["id"] for _, line in read_lines(options.second)}
    first = [a for a in read_labelled(options.articles) if a.id in named]
    second = add_chains(first, options.second)
    figures = evaluate_reports(first, {a.id: as_found(a) for a in second}).figures
    level = {name: value for name, value in figures["level"].items() if name not in ("rps_skill", "ece")}
    shown = {name: figures[name] for name in ("articles", "origin_f1", "chain_f1", "route_f1", "relay_f1", "answered")}
    print(json.dumps({**shown, "level": level, "firsthand": firsthand(first, second)}, indent=1))


def as_found(article: LabelledArticle) -> tuple[Found, ...]:
    """The labels of an article as the claims of a report that is sure of nothing."""
    return tuple(Found(a.spans["content"], labelled_chain(a), None, bool(a.claim), label_level(a), None) for a in article.attributions)


def firsthand(first: list[LabelledArticle], second: list[LabelledArticle]) -> float:
    """The share of common claims on which two labellings agree who is first-hand, in percent."""
    pairs = [(a, b) for one, other in zip(first, second, strict=True) for a, b in zip(one.attributions, other.attributions, strict=True)]
    same = [a.firsthand == b.firsthand for a, b in pairs if a.claim and b.claim]
    return round(100 * sum(same) / max(1, len(same)), 1)


if __name__ == "__main__":
    main()
