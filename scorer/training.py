"""Labelled articles in, a fitted model folder out.

The heads are fitted in the order in which a reading uses them, each on the labelled truth of the stages before it ("teacher forcing").
What judges a whole reading (the level model, the head `detected`) is fitted on articles read by heads that never saw them.
"""

from __future__ import annotations

import bisect
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from scorer.article import Article, make_article
from scorer.attributions import Attribution, Joiner, candidate_pairs, detection_features, find_attributions
from scorer.chains import Account, Decoder, Telling, make_tellings, open_accounts
from scorer.claims import claim_features, claim_vector
from scorer.directness import LevelModel, fit_levels
from scorer.entities import Names, Reader, Resolved
from scorer.errors import LabelError
from scorer.features import sourcing, to_origin
from scorer.heads import Features, LinearHead, fit_choice, fit_head
from scorer.labels import LabelledArticle, LabelledAttribution, LabelledLink
from scorer.links import Link, link_features, link_vector
from scorer.matching import same_entity
from scorer.model import ENCODER_FILES, Reading, read_with, write_manifest
from scorer.relays import Candidate, candidates, relay_vector, scored
from scorer.signals import RELAY_CLASSES, Signaller, Signals
from scorer.spans import hull, inside
from scorer.tagger import TaggedSpan, Tagger, Tagging
from scorer.vectors import Vectors
from scorer.vocabulary import KIND_CLASSES, NAMING_CLASSES, Role

NO_YES = ("no", "yes")


@dataclass(frozen=True)
class Example:
    """A labelled article as the stages see it: its attributions in reading order, each with its label."""

    article: Article
    vectors: Vectors
    signals: Signals
    attributions: tuple[Attribution, ...]
    labels: tuple[LabelledAttribution, ...]


@dataclass
class Rows:
    """Rows to fit one head on."""

    features: list[Features] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    vectors: list[np.ndarray] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)

    def add_choice(self, options: Sequence[Features], right: Sequence[bool]) -> None:
        """Rows of which one is to be chosen."""
        group = self.groups[-1] + 1 if self.groups else 0
        for features, label in zip(options, right, strict=True):
            self.add(features, NO_YES[label])
            self.groups.append(group)

    def add(self, features: Features, label: str, vector: np.ndarray | None = None) -> None:
        self.features.append(features)
        self.labels.append(label)
        if vector is not None:
            self.vectors.append(vector)


def make_example(labelled: LabelledArticle, article: Article, tagging: Tagging, signals: Signals) -> Example:
    """An article with its labelled attributions and what the encoders say of it."""
    return Example(article, Vectors(article, tagging), signals, *labelled_attributions(labelled, article))


def labelled_attributions(labelled: LabelledArticle, article: Article) -> tuple[tuple[Attribution, ...], tuple[LabelledAttribution, ...]]:
    """The labelled attributions of an article in reading order, nested ones told from outer ones by where their cues stand, and their labels."""
    pairs = []
    for label in labelled.attributions:
        if label.spans.get("content") and (label.spans.get("cue") or label.spans.get("source")):
            pairs.append((_attribution(article, label), label))
    pairs.sort(key=lambda pair: (pair[0].start, -hull([pair[0].cue, *pair[0].contents])[1], pair[0].cue))
    plain = [a for a, _ in pairs]
    attributions = tuple(replace(a, outer=_outer(plain, i)) for i, a in enumerate(plain))
    return attributions, tuple(label for _, label in pairs)


def _attribution(article: Article, label: LabelledAttribution) -> Attribution:
    source = label.spans.get("source") or ()
    cue = hull(label.spans.get("cue") or source)
    starts = [s for s, _ in article.paragraphs]
    return Attribution(cue, source[0] if source else None, tuple(label.spans["content"]), max(0, bisect.bisect_right(starts, cue[0]) - 1))


def _outer(attributions: Sequence[Attribution], i: int) -> int | None:
    """The attribution before i in the smallest content that holds its cue."""
    holding = [
        (sum(e - s for s, e in other.contents), j) for j, other in enumerate(attributions[:i]) if any(inside(attributions[i].cue, c) for c in other.contents)
    ]
    return min(holding)[1] if holding else None


def join_rows(examples: Sequence[LabelledArticle]) -> dict[str, Rows]:
    """Pairs of a cue and a source or content near it, and whether they belong together; of the flat labelled spans."""
    out = {"join.source": Rows(), "join.content": Rows()}
    for labelled in examples:
        article = make_article(labelled.text)
        spans, owners = flat_spans(article, labelled)
        for cue, other, features in candidate_pairs(article, spans):
            out[f"join.{spans[other].role}"].add(features, NO_YES[bool(owners[cue] & owners[other])])
    return out


def flat_spans(article: Article, labelled: LabelledArticle) -> tuple[list[TaggedSpan], list[set[int]]]:
    """The labelled spans that overlap no earlier one, as the tagger would give them, and the attributions that each belongs to."""
    owners: dict[tuple[int, int, Role], set[int]] = {}
    for k, attribution in enumerate(labelled.attributions):
        for role, pieces in attribution.spans.items():
            for start, end in pieces:
                owners.setdefault((start, end, role), set()).add(k)
    starts = [s for s, _ in article.paragraphs]
    spans: list[TaggedSpan] = []
    kept: list[set[int]] = []
    for (start, end, role), own in sorted(owners.items(), key=lambda item: (item[0][0], -item[0][1])):
        if not spans or start >= spans[-1].end:
            spans.append(TaggedSpan(role, start, end, max(0, bisect.bisect_right(starts, start) - 1), 1.0))
            kept.append(own)
    return spans, kept


def source_index(article: Article, attribution: Attribution, chain: Sequence[LabelledLink]) -> int | None:
    """Which link of a labelled chain the source phrase stands for: the last one whose mention it holds, else the origin."""
    if not chain:
        return None
    if attribution.source:
        phrase = article.text[slice(*attribution.source)].casefold()
        held = [k for k, link in enumerate(chain) if link.mention.casefold() in phrase or phrase in link.mention.casefold()]
        if held:
            return held[-1]
    return len(chain) - 1


def is_same(link: LabelledLink, name: str, proper: bool = False) -> bool:
    """Whether a labelled link is the entity of this name; a `proper` name is nobody's who is not named."""
    named = link.naming == "named"
    return not (proper and not named and link.kind != "document") and same_entity(link.entity, name, named and link.kind != "document")


def read_truly(example: Example, rows: Rows | None = None) -> tuple[Names, list[Resolved]]:
    """Sources resolved as labelled; the choices met on the way go into `rows`."""
    names = Names(example.article)
    reader = Reader(example.article, example.attributions, names)
    for i, (attribution, label) in enumerate(zip(example.attributions, example.labels, strict=True)):
        options = list(reader.options(i))
        if not options:
            continue
        chain = label.chain or ()
        k = source_index(example.article, attribution, chain)
        right = next((e for e, _ in options if e is not None and k is not None and is_same(chain[k], e.name, e.proper)), None)
        if rows is not None and label.chain is not None:
            rows.add_choice([features for _, features in options], [entity is right for entity, _ in options])
        reader.settle(i, right, 1.0)
    return names, reader.resolved


@dataclass(frozen=True)
class TrueReading:
    """A labelled article read as its labels say: resolved sources, relay candidates with their labelled class."""

    example: Example
    names: Names
    resolved: list[Resolved]
    candidates: list[list[Candidate]]
    classes: list[list[str]]


def true_reading(example: Example, antecedents: Rows) -> TrueReading:
    """The resolved sources and labelled relay candidates of an example."""
    names, resolved = read_truly(example, antecedents)
    found, classes = [], []
    for i, (attribution, label) in enumerate(zip(example.attributions, example.labels, strict=True)):
        own = candidates(example.article, i, example.attributions, resolved, names, example.signals)
        chain = label.chain or ()
        k = source_index(example.article, attribution, chain)
        found.append(own)
        classes.append([_relay_class(c, chain, k) for c in own])
    return TrueReading(example, names, resolved, found, classes)


def _relay_class(candidate: Candidate, chain: Sequence[LabelledLink], source: int | None) -> str:
    name = candidate.entity.name if candidate.entity else candidate.mention.label
    out = "none"
    for k, link in enumerate(chain):
        if k != source and (is_same(link, name, bool(candidate.mention.name)) or candidate.mention.text.casefold() == link.mention.casefold()):
            out = "outer" if source is not None and k < source else "inner"
    return out


def link_rows(reading: TrueReading) -> tuple[Rows, Rows]:
    """Mentions with the labelled kind, and with the labelled naming."""
    kinds, namings = Rows(), Rows()
    example = reading.example

    def add(mention_link: LabelledLink, features: Features, vector: np.ndarray) -> None:
        kinds.add(features, mention_link.kind, vector)
        namings.add(features, mention_link.naming, vector)

    for i, (attribution, label) in enumerate(zip(example.attributions, example.labels, strict=True)):
        chain = label.chain or ()
        k = source_index(example.article, attribution, chain)
        resolved = reading.resolved[i]
        if k is not None and resolved.entity is not None and resolved.mention.form not in ("hedge", "missing"):
            add(chain[k], link_features(resolved.mention, resolved.entity, example.signals), link_vector(example.vectors, resolved.mention, resolved.entity))
        for c, label_class in zip(reading.candidates[i], reading.classes[i], strict=True):
            if label_class != "none":
                name = c.entity.name if c.entity else c.mention.label
                link = next((x for x in chain if is_same(x, name)), None)
                if link:
                    add(link, link_features(c.mention, c.entity, example.signals), link_vector(example.vectors, c.mention, c.entity))
    return kinds, namings


def account_rows(reading: TrueReading, relays: LinearHead) -> Rows:
    """Every choice of an account, and whether the labelled chain takes it; relays are found by the head, as they will be in use."""
    example, rows = reading.example, Rows()
    tellings = tellings_with(reading, relays)
    accounts = open_accounts(example.article, tellings, reading.names)
    decoder = Decoder(example.article, tellings, accounts)
    before: int | None = None
    for i, label in enumerate(example.labels):
        right = true_choices(example, tellings, accounts, i)
        if label.chain is None or not right:
            before = None
            continue
        if accounts and example.attributions[i].outer is None:
            choices = (None, *range(len(accounts)))
            rows.add_choice([decoder.row(i, choice, before) for choice in choices], [choice in right for choice in choices])
        before = before if before in right else right[0]
    return rows


def tellings_with(reading: TrueReading, relays: LinearHead) -> tuple[Telling, ...]:
    """The tellings of labelled attributions, their hands found by the head."""
    found = [scored(own, reading.example.vectors, relays) for own in reading.candidates]
    return make_tellings(reading.example.attributions, reading.resolved, found, reading.names, reading.example.signals)


def true_choices(example: Example, tellings: Sequence[Telling], accounts: Sequence[Account], i: int) -> list[int | None]:
    """The accounts whose hands come nearest to the labelled links before the source, the best first.

    [None] where there are no such links, [] where no account comes near them.
    """
    chain = example.labels[i].chain or ()
    k = source_index(example.article, example.attributions[i], chain)
    prefix = chain[:k] if k else ()
    if not prefix:
        return [None]
    scores: dict[int, int] = {}
    for a, account in enumerate(accounts):
        shared = sum(any(is_same(x, h.name) for x in prefix) for h in account.hands)
        if shared:
            scores[a] = 2 * shared - len(account.hands)
    best: list[int] = [a for a, score in scores.items() if score == max(scores.values()) and score > 0]

    def preference(a: int) -> tuple[bool, bool, int]:
        account = accounts[a]
        return i in account.openers, not account.passed_on, -min((abs(o - i) for o in account.places), default=99)

    return [*sorted(best, key=preference, reverse=True)]


def claim_rows(example: Example) -> tuple[Rows, Rows]:
    """Attributions with whether they are claims, and whether first-hand."""
    claims, firsthand = Rows(), Rows()
    for attribution, label in zip(example.attributions, example.labels, strict=True):
        if label.chain is None or label.claim is None:
            continue
        chain = tuple(Link(x.mention, None, None, x.entity, x.kind, x.naming, x.org) for x in label.chain)
        features = claim_features(example.article, attribution, chain, example.signals)
        vector = claim_vector(example.vectors, attribution)
        claims.add(features, NO_YES[label.claim], vector)
        firsthand.add({**features, "claim": str(label.claim)}, NO_YES[bool(label.firsthand)], vector)
    return claims, firsthand


def fit_heads(examples: Sequence[Example], joins: Mapping[str, Rows]) -> dict[str, LinearHead]:
    """All heads of a reading. `joins` are the rows of `join_rows`, which may come from more articles than the examples."""
    heads = {name: fit_head(rows.features, rows.labels, classes=NO_YES, min_count=5) for name, rows in joins.items()}
    antecedents = Rows()
    readings = [true_reading(e, antecedents) for e in examples]
    heads["antecedent"] = fit_chooser(antecedents, c=1.0)
    heads["relay"] = fit_relays(readings)
    for name, classes, rows in zip(("kind", "naming"), (KIND_CLASSES, NAMING_CLASSES), _merged(link_rows(r) for r in readings), strict=True):
        heads[name] = fit_head(rows.features, rows.labels, classes=classes, vectors=rows.vectors, c=0.1, vector_scale=VECTOR_SCALE)
    for name, rows in zip(("claim", "firsthand"), _merged(claim_rows(e) for e in examples), strict=True):
        heads[name] = fit_head(rows.features, rows.labels, classes=NO_YES, vectors=rows.vectors, c=0.3, vector_scale=VECTOR_SCALE)
    (accounts,) = _merged([account_rows(r, relays)] for r, relays in zip(readings, _relays_of_others(readings), strict=True))
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


VECTOR_SCALE = 0.3
MIN_ARTICLES = 4  # with chains: below, a fold has nothing to be fitted on


def _merged(groups: Iterable[Sequence[Rows]]) -> Iterator[Rows]:
    """Rows of the same place, put together."""
    together: list[Rows] = []
    for group in groups:
        together = together or [Rows() for _ in group]
        for whole, part in zip(together, group, strict=True):
            whole.features += part.features
            whole.labels += part.labels
            whole.vectors += part.vectors
            offset = whole.groups[-1] + 1 if whole.groups else 0
            whole.groups += [offset + g for g in part.groups]
    return iter(together)


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
    answers = match_attributions(item.example.attributions, reading.attributions)
    answered = [k for k in answers if k is not None]
    weight = 0.5 if item.labelled.meta.get("picked") == "relays" else 1.0  # picked for their relays: they stand for fewer articles
    for k, attribution in enumerate(reading.attributions):
        label = item.example.labels[answers.index(k)] if k in answered else None
        inside_answered = any(inside(hull(attribution.contents), hull(reading.attributions[j].contents)) for j in answered if j != k)
        if label is None and inside_answered and attribution.outer is not None:
            continue  # nested statements are mostly not labelled
        level = label_level(label) if label is not None and label.chain is not None else None
        row = sourcing(reading.chains[k], reading.firsthand[k], reading.relayed[k]).row() if level is not None else None
        yield Outcome(item.labelled.id, detection_features(item.example.article, attribution), label is not None, row, level, weight)


def match_attributions(gold: Sequence[Attribution], found: Sequence[Attribution], least: float = 0.5) -> list[int | None]:
    """For each labelled attribution the found one whose content overlaps it most, by at least `least` of their union, each at most once."""
    characters = [{i for s, e in a.contents for i in range(s, e)} for a in found]
    table = []
    for g, attribution in enumerate(gold):
        wanted = {i for s, e in attribution.contents for i in range(s, e)}
        for f, have in enumerate(characters):
            if shared := len(wanted & have):
                table.append((shared / len(wanted | have), g, f))
    out: list[int | None] = [None] * len(gold)
    for share, g, f in sorted(table, key=lambda t: (-t[0], t[1], t[2])):
        if share >= least and out[g] is None and f not in out:
            out[g] = f
    return out


def label_level(label: LabelledAttribution) -> int | None:
    """The level of a labelled claim by its definition, None for what is no claim."""
    if not label.claim:
        return None
    chain = [Link(x.mention, None, None, x.entity, x.kind, x.naming, x.org) for x in label.chain or ()]
    naming = to_origin(chain)[-1].naming if chain else "none"
    return sourcing(chain, float(bool(label.firsthand))).level(naming, bool(label.firsthand))


def train(
    labelled: Sequence[LabelledArticle],
    base: Path,
    output: Path,
    *,
    unseen: Sequence[Path] = (),
    folds: int = 4,
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Fit every head and the level model on labelled articles and write a model folder with the encoder of `base`.

    `unseen` are folders with other encoders, for the articles that those of `base` were trained on (their `trained_on` says which): a head that
    is fitted on what an encoder says of articles that it knows trusts it too much.
    """
    tagger = Tagger(base)
    taggers = [*(Tagger(f, word_pieces=tagger.word_pieces) for f in unseen if (f / "tagger.onnx").exists()), tagger]
    signallers = [Signaller(f, tagger.word_pieces) for f in (*unseen, base) if (f / "signals.onnx").exists()]
    with_chains = [a for a in labelled if a.has_chains]
    if len(with_chains) < max(MIN_ARTICLES, 2 * folds):
        needed = max(MIN_ARTICLES, 2 * folds)
        raise LabelError(f"{len(with_chains)} articles with chains are too few for {folds} folds: {needed} are needed; label more, or ask for fewer folds")
    say(f"reading {len(with_chains)} articles")
    corpus = [_prepare(a, taggers, signallers) for a in with_chains]
    say(f"fitting on {folds} folds")
    if not any(c.unseen for c in corpus):
        say("the encoders were trained on every article: the probabilities will be too sure; pass other articles, or --unseen encoders")
        corpus = [replace(c, unseen=True) for c in corpus]
    outcomes, _ = read_unseen(corpus, folds)
    say("fitting on all articles")
    heads = fit_heads([c.example for c in corpus], join_rows(labelled))
    heads["detected"] = fit_head([o.detection for o in outcomes], [NO_YES[o.answered] for o in outcomes], classes=NO_YES, c=0.1, min_count=10)
    say(cross_validated(outcomes, folds))
    levels = _fit_levels(outcomes)
    output.mkdir(parents=True, exist_ok=True)
    for name in ENCODER_FILES:
        if (base / name).resolve() != (output / name).resolve():
            shutil.copyfile(base / name, output / name)
    _write_json(output / "heads.json", {name: head.to_dict() for name, head in heads.items()})
    _write_json(output / "level.json", levels.to_dict())
    attributions = sum(len(a.attributions) for a in with_chains)
    write_manifest(output, {"articles": len(labelled), "with_chains": len(with_chains), "attributions": attributions, "folds": folds})


def _fit_levels(outcomes: Sequence[Outcome]) -> LevelModel:
    rated = [(o.row, o.level, o.weight) for o in outcomes if o.row is not None and o.level is not None]
    return fit_levels([row for row, _, _ in rated], [level for _, level, _ in rated], [weight for _, _, weight in rated])


def cross_validated(outcomes: Sequence[Outcome], folds: int) -> str:
    """How many found attributions answer a label, and how many levels are right by a model that was fitted without the article, in words."""
    articles = list(dict.fromkeys(o.article for o in outcomes))
    off: list[int] = []
    for fold in range(folds):
        held = set(articles[fold::folds])
        try:
            levels = _fit_levels([o for o in outcomes if o.article not in held])
        except ValueError:  # too few labels outside the fold
            continue
        for o in outcomes:
            if o.article in held and o.row is not None and o.level is not None:
                probabilities = levels.probabilities(o.row)
                off.append(abs(max(range(5), key=probabilities.__getitem__) - o.level))
    right, near = (100 * sum(d <= k for d in off) / max(1, len(off)) for k in (0, 1))
    answered = 100 * sum(o.answered for o in outcomes) / max(1, len(outcomes))
    return f"cross-validated by article: {answered:.0f}% of {len(outcomes)} found are labelled; of {len(off)} levels {right:.0f}% right, {near:.0f}% within one"


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
