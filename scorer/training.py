"""Labelled articles in, a fitted model folder out.

What judges a whole reading (the level model, the head `detected`) is fitted on articles read by heads that never saw them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from scorer.article import make_article
from scorer.cross_validation import Prepared, fit_confidence, fit_detected, fit_without, judge_unseen, level_rows, report_unseen
from scorer.directness import fit_levels
from scorer.errors import LabelError, ModelError
from scorer.examples import make_example
from scorer.head_fitting import fit_heads
from scorer.head_rows import join_rows
from scorer.labels import LabelledArticle
from scorer.model import ENCODER_FILES, write_manifest
from scorer.output import file_to_write, make_folder, open_output, write_jsonl
from scorer.signals import Signaller
from scorer.tagger import Tagger


def train(
    labelled: Sequence[LabelledArticle],
    base: Path,
    output: Path,
    *,
    unseen: Sequence[Path] = (),
    folds: int = 3,
    reports: Path | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Fit every head and the level model on labelled articles and write a model folder with the encoder of `base`.

    `unseen` are folders with other encoders, for the articles that those of `base` were trained on (their `trained_on` says which): a head that
    is fitted on what an encoder says of articles that it knows trusts it too much. Into `reports` goes a report, one a line, of each article that no
    encoder has seen, by heads and a level model that were fitted on other folds: what cross-validated figures are counted from.

    Raises LabelError where the articles are too few, ModelError where a folder of `unseen` has no encoder, OutputError where `output` or `reports`
    can't be written: all of them at once.
    """
    with_chains = [a for a in labelled if a.has_chains]
    if len(with_chains) < 2 * folds:
        raise LabelError(f"{len(with_chains)} articles with chains are too few for {folds} folds: {2 * folds} are needed; label more, or ask for fewer folds")
    for folder in unseen:
        if not any((folder / name).exists() for name in ("tagger.onnx", "signals.onnx")):
            raise ModelError(f"{folder}: no encoder in it (tagger.onnx or signals.onnx); `scorer train-encoder` makes one")
    if reports is not None and str(reports) != "-":
        file_to_write(reports)
    make_folder(output)
    say(f"reading {len(with_chains)} articles")
    corpus = prepare(with_chains, base, unseen)
    say(f"fitting on {folds} folds")
    if not any(c.unseen for c in corpus):
        say("the encoders were trained on every article: the probabilities will be too sure; pass other articles, or --unseen encoders")
        corpus = [replace(c, unseen=True) for c in corpus]
    without = fit_without(corpus, folds)
    outcomes = judge_unseen(corpus, without)
    if reports is not None:
        say("reading each fold by the heads of the others")
        with open_output(reports) as out:
            write_jsonl(report_unseen(corpus, without, outcomes), out)
    say("fitting on all articles")
    heads = fit_heads([c.example for c in corpus], join_rows(labelled))
    heads["detected"], heads["confidence"] = fit_detected(outcomes), fit_confidence(outcomes)
    levels = fit_levels(*level_rows(outcomes, heads["confidence"]))
    for name in ENCODER_FILES:
        if (base / name).resolve() != (output / name).resolve():
            shutil.copyfile(base / name, output / name)
    _write_json(output / "heads.json", {name: head.to_dict() for name, head in heads.items()})
    _write_json(output / "level.json", levels.to_dict())
    attributions = sum(len(a.attributions) for a in with_chains)
    write_manifest(output, {"articles": len(labelled), "with_chains": len(with_chains), "attributions": attributions, "folds": folds})


def prepare(labelled: Sequence[LabelledArticle], base: Path, unseen: Sequence[Path] = ()) -> list[Prepared]:
    """The articles read by encoders that have not seen them, as far as there are such: those of `unseen`, else those of `base`."""
    tagger = Tagger(base)
    taggers = [*(Tagger(f, word_pieces=tagger.word_pieces) for f in unseen if (f / "tagger.onnx").exists()), tagger]
    signallers = [Signaller(f, tagger.word_pieces) for f in (*unseen, base) if (f / "signals.onnx").exists()]
    return [_prepare(a, taggers, signallers) for a in labelled]


def _prepare(labelled: LabelledArticle, taggers: Sequence[Tagger], signallers: Sequence[Signaller]) -> Prepared:
    article = make_article(labelled.text, id=labelled.id, outlet=labelled.outlet)
    tagger = next((t for t in taggers if labelled.id not in t.trained_on), taggers[-1])
    signaller = next((s for s in signallers if labelled.id not in s.trained_on), signallers[-1])
    tagging = tagger.tag(article)
    example = make_example(labelled, article, tagging, signaller.read(article, tagging))
    return Prepared(labelled, example, tagging, tagger, labelled.id not in tagger.trained_on | signaller.trained_on)


def _write_json(path: Path, data: object) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(data, separators=(",", ":"), ensure_ascii=False) + "\n", "utf-8")
    part.replace(path)
