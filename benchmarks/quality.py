"""How well the model reads a labelled corpus, end to end from plain text.

    python benchmarks/quality.py CORPUS.jsonl [--model DIR]

A found attribution answers a labelled one if their contents overlap by half of their union, each at most one. Detection counts all articles
(what is found nested in an answered content and not labelled counts neither way); the rest are shares of the answered attributions
that have chains, in percent; the level is counted over those labelled as claims, a claim taken for an attitude being wrong.
"""

import argparse
import json
from collections import Counter
from pathlib import Path

from scorer.article import make_article
from scorer.examples import is_same, label_level, labelled_attributions, match_attributions
from scorer.labels import read_labelled
from scorer.locate import default_model
from scorer.matching import same_entity
from scorer.model import Model
from scorer.spans import hull, inside


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--model", type=Path, default=default_model())
    options = parser.parse_args()
    model = Model.load(options.model)
    n: Counter[str] = Counter()
    for labelled in read_labelled(options.corpus):
        article = make_article(labelled.text, id=labelled.id, outlet=labelled.outlet)
        reading = model.read(article)
        attributions, labels = labelled_attributions(labelled, article)
        answers = match_attributions(attributions, reading.attributions)
        hulls = [hull(a.contents) for a in reading.attributions]
        answered = {k for k in answers if k is not None}
        aside = sum(k not in answered and any(hulls[k] != hulls[j] and inside(hulls[k], hulls[j]) for j in answered) for k in range(len(hulls)))
        n += Counter(labelled=len(answers), answered=len(answered), found=len(hulls) - aside)
        scores = model.rate(reading)
        for label, k in zip(labels, answers, strict=True):
            if label.chain is None or k is None:
                continue
            chain, gold = reading.chains[k], label.chain
            same = [is_same(g, p.entity) for g, p in zip(gold, chain, strict=False)]
            n["chains"] += 1
            n["origin"] += (not gold and not chain) or bool(gold and chain and is_same(gold[-1], chain[-1].entity))
            n["chain"] += len(gold) == len(chain) and all(same)
            n["naming"] += (gold[-1].naming if gold else "none") == (chain[-1].naming if chain else "none")
            n["kind"] += (gold[-1].kind if gold else "unknown") == (chain[-1].kind if chain else "unknown")
            n["claim"] += label.claim == (scores[k] is not None)
            n["relayed"] += len(gold) > 1
            n["relay_found"] += len(gold) > 1 and any(same_entity(g.entity, p.entity) for g in gold[:-1] for p in chain[:-1])
            if (level := label_level(label)) is not None:
                score = scores[k]
                n["claims"] += 1
                n["level"] += score is not None and score.level == level
    print(json.dumps(figures(n), indent=1))


def figures(n: Counter[str]) -> dict[str, object]:
    """Percentages of the counts."""

    def share(part: str, whole: str) -> float:
        return round(100 * n[part] / max(1, n[whole]), 1)

    f1 = round(200 * n["answered"] / max(1, n["labelled"] + n["found"]), 1)
    return {
        "detection": {"precision": share("answered", "found"), "recall": share("answered", "labelled"), "f1": f1},
        **{name: share(name, "chains") for name in ("origin", "chain", "naming", "kind", "claim")},
        "relays": {"labelled": n["relayed"], "one_found": share("relay_found", "relayed")},
        "level": {"claims": n["claims"], "accuracy": share("level", "claims")},
    }


if __name__ == "__main__":
    main()
