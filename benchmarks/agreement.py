"""How far two annotators agree who labelled the same attributions apart.

    python benchmarks/agreement.py ARTICLES.jsonl SECOND.jsonl

SECOND is a stand-off file of chains; articles that it does not name are left out. Shares of all attributions in percent, the level's of those
that both call claims; `relayed` is the F1 of whole chains over the attributions that either puts a relay into.
"""

import argparse
import json
from collections import Counter
from pathlib import Path

from scorer.examples import is_same, label_level
from scorer.labels import LabelledAttribution, add_chains, read_labelled


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("second", type=Path)
    options = parser.parse_args()
    articles = read_labelled(options.articles)
    n: Counter[str] = Counter()
    named = {json.loads(line)["id"] for line in options.second.read_text("utf-8").splitlines()}
    for first, second in zip(articles, add_chains(articles, options.second), strict=True):
        if first.id in named:
            n["articles"] += 1
            for a, b in zip(first.attributions, second.attributions, strict=True):
                n += compared(a, b)
    shares = {name: round(100 * n[name] / n["attributions"], 1) for name in ("origin", "chain", "naming", "kind", "claim")}
    claims = {name: round(100 * n[name] / n["claims"], 1) for name in ("firsthand", "level")}
    relayed = round(200 * n["same_relayed"] / max(1, n["relayed"]), 1)
    print(json.dumps({"articles": n["articles"], "attributions": n["attributions"], **shares, "relayed": relayed, "claims": n["claims"], **claims}, indent=1))


def compared(a: LabelledAttribution, b: LabelledAttribution) -> Counter[str]:
    """What of an attribution two labellings have in common."""
    one, other = a.chain or (), b.chain or ()
    same = len(one) == len(other) and all(is_same(x, y.entity) for x, y in zip(one, other, strict=True))
    ends = (one[-1], other[-1]) if one and other else None
    claims = bool(a.claim and b.claim)
    return Counter(
        attributions=1,
        origin=(not one and not other) or (ends is not None and is_same(ends[0], ends[1].entity)),
        chain=same,
        naming=ends[0].naming == ends[1].naming if ends else one == other,
        kind=ends[0].kind == ends[1].kind if ends else one == other,
        claim=a.claim == b.claim,
        relayed=(len(one) > 1) + (len(other) > 1),
        same_relayed=same and len(one) > 1,
        claims=claims,
        firsthand=claims and a.firsthand == b.firsthand,
        level=claims and label_level(a) == label_level(b),
    )


if __name__ == "__main__":
    main()
