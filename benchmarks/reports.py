"""Reports on the texts of a labelled corpus, one JSON line an article, for scripts that compare them with its labels.

    python benchmarks/reports.py CORPUS.jsonl REPORTS.jsonl [--model DIR]

Prints the words read a second. The labels are not looked at.
"""

import argparse
import json
import time
from pathlib import Path

from scorer.article import make_article
from scorer.labels import read_labelled
from scorer.locate import default_model
from scorer.model import Model
from scorer.report import build_report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("reports", type=Path)
    parser.add_argument("--model", type=Path, default=default_model())
    parser.add_argument("--threads", type=int, default=0, help="0 takes all cores")
    options = parser.parse_args()
    model = Model.load(options.model, options.threads)
    articles = [make_article(a.text, id=a.id, outlet=a.outlet) for a in read_labelled(options.corpus)]
    start = time.perf_counter()
    reports = []
    for article in articles:
        reading = model.read(article)
        reports.append(build_report(reading, model.rate(reading), model.version).to_dict())
    seconds = time.perf_counter() - start
    options.reports.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in reports), "utf-8")
    words = sum(a.words for a in articles)
    print(f"{len(articles)} articles, {words} words in {seconds:.1f} s: {words / seconds:.0f} words/s")


if __name__ == "__main__":
    main()
