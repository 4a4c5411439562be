"""Labelled articles in, the second encoder out: fine-tuned from the tagger on chains, first-hand, kinds and relays (PyTorch, optional).

Each article is read as it will be: with the labels that the tagger gives it. What the encoder answers is compared with the labels at the
labelled spans, so nested and missed attributions teach it, too.
"""

from __future__ import annotations

import bisect
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from scorer.article import Article, make_article
from scorer.attributions import Attribution
from scorer.encoder import Window, windows
from scorer.encoder_network import ROLES, EncoderNetwork, load_encoder, write_onnx
from scorer.errors import LabelError
from scorer.examples import label_level, labelled_attributions, source_index
from scorer.labels import LabelledArticle, LabelledAttribution
from scorer.lexicon import PRONOUNS
from scorer.output import make_folder
from scorer.relays import telling_part
from scorer.signals import ATTRIBUTION_TASKS, PARTS, RELAY_CLASSES, VIA_CLASSES, WIDTH, WORDS_TASKS
from scorer.spans import Span
from scorer.tagger import Tagger
from scorer.vocabulary import KIND_CLASSES, NAMING_CLASSES

IGNORED = -1
WEIGHTS = {"claim": 1.0, "firsthand": 1.0, "via": 1.0, "origin_kind": 0.5, "level": 0.5, "kind": 1.0, "naming": 1.0, "relay": 3.0, "role": 0.5}
RATE, NEW_RATE, WARM_UP = 2e-4, 2e-3, 0.1
USUAL = 23  # attributions in an article: one with more counts more
_ATTRIBUTION_WIDTH = sum(map(len, ATTRIBUTION_TASKS.values()))


@dataclass(frozen=True)
class Example:
    """An article as the encoder is taught it. Positions count its subwords, window behind window.

    `parts` are the positions of each attribution's cue, content and source; `targets` its class in each task, IGNORED where it has none.
    `words` are the positions of all tokens, `relays` the class of each in RELAY_CLASSES.
    """

    windows: tuple[Window, ...]
    parts: tuple[tuple[list[int], list[int], list[int]], ...]
    targets: tuple[dict[str, int], ...]
    words: list[int]
    relays: list[int]


def make_example(labelled: LabelledArticle, tagger: Tagger) -> Example:
    """A labelled article, read with the labels that the tagger gives it."""
    article = make_article(labelled.text, id=labelled.id, outlet=labelled.outlet)
    seen = tuple(windows(article, tagger.word_pieces, roles=tagger.tag(article).labels))
    place = sorted(_places(article, seen))
    starts = [start for start, _ in place]

    def positions(spans: Sequence[Span]) -> list[int]:
        return [at for s, e in spans for _, at in place[bisect.bisect_left(starts, s) : bisect.bisect_left(starts, e)]]

    parts, targets, relays = [], [], dict.fromkeys((at for _, at in place), 0)
    for attribution, label in zip(*labelled_attributions(labelled, article), strict=True):
        if label.chain is None:
            continue
        source = source_index(article, attribution, label.chain)
        named = list(relay_mentions(article, attribution, label, source))
        for span, relay_class in named:
            relays |= dict.fromkeys(positions([span]), relay_class)
        parts.append((positions([attribution.cue]), positions(attribution.contents), positions([attribution.source] if attribution.source else [])))
        targets.append(_targets(label, source, any(c == RELAY_CLASSES.index("outer") for _, c in named)))
    return Example(seen, tuple(parts), tuple(targets), list(relays), list(relays.values()))


def _places(article: Article, seen: Sequence[Window]) -> Iterator[tuple[int, int]]:
    """(where a token begins in the text, its position among the subwords of all windows)."""
    passed = 0
    for window in seen:
        for piece in window.pieces:
            for k, at in zip(range(piece.start, piece.end), piece.at, strict=True):
                yield article.tokens[piece.paragraph][k].start, passed + at
        passed += window.ids.shape[1]


def relay_mentions(article: Article, attribution: Attribution, label: LabelledAttribution, source: int | None) -> Iterator[tuple[Span, int]]:
    """Where the sentences of cue and source name the labelled links before the source (class `outer`) and behind it (`inner`)."""
    for k, link in enumerate(label.chain or ()):
        if k == source or link.mention.casefold() in PRONOUNS:
            continue
        found = [
            (abs(start + m.start() - attribution.cue[0]), (start + m.start(), start + m.end()))
            for start, end in telling_part(article, attribution)
            for m in re.finditer(re.escape(link.mention), article.text[start:end])
        ]
        if found:
            yield min(found)[1], RELAY_CLASSES.index("outer" if source is not None and k < source else "inner")


def _targets(label: LabelledAttribution, source: int | None, relay_named: bool) -> dict[str, int]:
    chain = label.chain or ()
    told = chain[source] if source is not None else None
    level = label_level(label)
    via = "none" if not source else "own" if relay_named else "carried"
    return {
        "claim": int(bool(label.claim)),
        "firsthand": int(bool(label.firsthand)),
        "via": VIA_CLASSES.index(via),
        "origin_kind": KIND_CLASSES.index(chain[-1].kind) if chain else IGNORED,
        "level": IGNORED if level is None else level,
        "kind": KIND_CLASSES.index(told.kind) if told else IGNORED,
        "naming": NAMING_CLASSES.index(told.naming) if told else IGNORED,
    }


class _Learner(nn.Module):
    """The network with a further answer that it is only taught with: the tagger's label of each token, lest it forgets it."""

    def __init__(self, network: EncoderNetwork) -> None:
        super().__init__()
        self.network = network
        self.role = nn.Linear(network.out.in_features, ROLES)

    def loss(self, example: Example) -> Tensor:
        """The weighted sum of the cross entropies of all tasks."""
        vectors = torch.cat([self._hidden(w) for w in example.windows])
        words = torch.tensor(example.words)
        roles = torch.cat([torch.from_numpy(w.roles[0]) for w in example.windows])[words]
        losses = {"role": cross_entropy(self.role(vectors[words]), roles)}
        answers = self.network.out(vectors)
        own = answers[:, len(PARTS) * _ATTRIBUTION_WIDTH :].split([len(c) for c in WORDS_TASKS.values()], 1)
        by_task = dict(zip(WORDS_TASKS, own, strict=True))
        losses["relay"] = cross_entropy(by_task["relay"][words], torch.tensor(example.relays))
        losses |= self._attribution_losses(example, answers)
        sourced = [(parts[2], target) for parts, target in zip(example.parts, example.targets, strict=True) if parts[2] and target["kind"] != IGNORED]
        for task in ("kind", "naming") if sourced else ():
            losses[task] = cross_entropy(torch.stack([by_task[task][at].mean(0) for at, _ in sourced]), torch.tensor([t[task] for _, t in sourced]))
        total = sum((WEIGHTS[task] * value for task, value in losses.items()), torch.zeros(()))
        return total * len(example.parts) / USUAL

    def _hidden(self, window: Window) -> Tensor:
        ids, features, roles = (torch.from_numpy(x) for x in (window.ids, window.features, window.roles))
        with torch.autocast("cpu", torch.bfloat16):
            return self.network.drop(self.network.hidden(ids, features, roles, torch.ones_like(ids)))[0].float()

    @staticmethod
    def _attribution_losses(example: Example, answers: Tensor) -> dict[str, Tensor]:
        rows = []
        for parts in example.parts:
            row = torch.zeros(_ATTRIBUTION_WIDTH)
            for k, at in enumerate(parts):
                if at:
                    row = row + answers[at, k * _ATTRIBUTION_WIDTH : (k + 1) * _ATTRIBUTION_WIDTH].mean(0)
            rows.append(row)
        by_task = dict(zip(ATTRIBUTION_TASKS, torch.stack(rows).split([len(c) for c in ATTRIBUTION_TASKS.values()], 1), strict=True))
        out = {}
        for task, scores in by_task.items():
            target = torch.tensor([t[task] for t in example.targets])
            if bool((target != IGNORED).any()):
                out[task] = cross_entropy(scores, target, ignore_index=IGNORED)
        return out


def train_signals(
    labelled: Sequence[LabelledArticle],
    base: Path,
    output: Path,
    *,
    epochs: int = 4,
    seed: int = 1,
    leave_out: tuple[int, int] | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Train the second encoder from the tagger of `base` and write `signals.onnx` and `signals.json` into `output`.

    `leave_out` (k, n) leaves every n-th article from the k-th on to others, for whom the encoder is one that has not seen them.
    """
    torch.manual_seed(seed)
    order = random.Random(seed)
    tagger = Tagger(base)
    articles = [a for a in labelled if a.has_chains]
    if leave_out:
        articles = [a for i, a in enumerate(articles) if i % leave_out[1] != leave_out[0]]
    examples = [e for e in (make_example(a, tagger) for a in articles) if e.parts]
    if not examples:
        raise LabelError("no article has chains to learn from; label some, or pass others")
    make_folder(output)
    learner = _Learner(load_encoder(base / "tagger.onnx", WIDTH))
    optimizer, schedule = _optimizer(learner, len(examples) * epochs)
    learner.train()
    for epoch in range(1, epochs + 1):
        total = 0.0
        for example in order.sample(examples, len(examples)):
            optimizer.zero_grad(set_to_none=True)
            loss = learner.loss(example)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += float(loss.detach())
        say(f"epoch {epoch} of {epochs}: loss {total / len(examples):.3f}")
    write_onnx(learner.network, output / "signals.onnx")
    (output / "signals.json").write_text(json.dumps({"trained_on": sorted(a.id for a in articles)}, indent=0) + "\n", "utf-8")


def _optimizer(learner: _Learner, steps: int) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    """AdamW, faster on what is new, its rate rising over the first tenth of the steps and then falling to nothing."""
    new = {id(p) for part in (learner.network.out, learner.network.role, learner.role) for p in part.parameters()}
    groups = [
        {"params": [p for p in learner.parameters() if id(p) not in new], "lr": RATE},
        {"params": [p for p in learner.parameters() if id(p) in new], "lr": NEW_RATE},
    ]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.01)

    def rate(step: int) -> float:
        return min((step + 1) / (WARM_UP * steps), max(0.0, (1 - step / steps) / (1 - WARM_UP)))

    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
