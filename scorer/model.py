"""A model folder in, a `Model` out: it reads an article through all stages and rates its claims.

A folder holds `tagger.onnx`, `tagger.json`, `tokenizer.json` (the tagging encoder and its CRF), `signals.onnx`, `signals.json` (the second
encoder), `heads.json` (the linear heads), `level.json` (the ordinal level model) and `manifest.json`, which binds them together by their
hashes. Nothing in it is code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from scorer.advice import explained_sources
from scorer.article import Article
from scorer.attributions import Attribution, Joiner, detection_features, find_attributions
from scorer.chains import Decoder, make_chains, make_tellings, open_accounts
from scorer.claims import MIN_CLAIM, ClaimJudge
from scorer.confidence import with_confidence
from scorer.directness import LevelModel, Score
from scorer.entities import Names
from scorer.errors import ModelError
from scorer.features import sourcing, to_origin
from scorer.heads import LinearHead, read_heads
from scorer.links import Describer, Link
from scorer.outlets import Outlet, Registry
from scorer.relays import find_relays
from scorer.resolution import resolve_sources
from scorer.signals import Signaller, Signals
from scorer.tagger import Tagger, Tagging
from scorer.vectors import Vectors

SCHEMA = 1
ENCODER_FILES = ("tagger.onnx", "tagger.json", "tokenizer.json", "signals.onnx", "signals.json")
BOUND_FILES = (*ENCODER_FILES, "heads.json", "level.json")
HEADS = frozenset("account antecedent claim confidence detected firsthand join.content join.source kind naming relay".split())
MIN_DETECTED = 0.3  # what is less likely an attribution is not shown


@dataclass(frozen=True)
class Reading:
    """All that the stages found in an article; every tuple but `tagging`'s has one entry an attribution, in reading order.

    `detected`, `claims`, `firsthand` and `relayed` are probabilities: that it is an attribution at all, a claim, told first-hand, and, where
    its chain takes over no relay, that it should.
    """

    article: Article
    tagging: Tagging
    attributions: tuple[Attribution, ...]
    detected: tuple[float, ...]
    chains: tuple[tuple[Link, ...], ...]
    claims: tuple[float, ...]
    firsthand: tuple[float, ...]
    relayed: tuple[float, ...]
    publisher: Outlet | None = None


@dataclass(frozen=True)
class Model:
    """A loaded model folder. `version` is the hash of its manifest, `outlets` are those it knows by name."""

    tagger: Tagger
    signaller: Signaller
    heads: Mapping[str, LinearHead]
    levels: LevelModel
    version: str
    outlets: Registry = field(default_factory=Registry.load)

    @classmethod
    def load(cls, folder: Path, threads: int = 0, outlets: Registry | None = None) -> Model:
        """Load a folder; `threads` 0 takes all cores, `outlets` None the shipped registry.

        Raises ModelError for what is missing, broken or does not fit together.
        """
        manifest = check_manifest(folder)
        try:
            levels = LevelModel.from_dict(json.loads((folder / "level.json").read_text("utf-8")))
        except (OSError, ValueError, ModelError) as error:
            raise ModelError(f"{folder / 'level.json'}: {error}") from error
        heads = read_heads(folder / "heads.json")
        if missing := sorted(HEADS - heads.keys()):
            raise ModelError(f"{folder / 'heads.json'}: no head {missing[0]!r}; fit them again with `scorer train`")
        tagger = Tagger(folder, threads)
        version = f"sha256:{hashlib.sha256(manifest).hexdigest()}"
        return cls(tagger, Signaller(folder, tagger.word_pieces, threads), heads, levels, version, outlets or Registry.load())

    def read(self, article: Article) -> Reading:
        """Find the article's attributions and follow their chains."""
        tagging = self.tagger.tag(article)
        attributions = find_attributions(article, tagging.spans, Joiner(self.heads), self.tagger)
        return read_with(article, tagging, self.signaller.read(article, tagging), self.heads, attributions, self.outlets)

    def rate(self, reading: Reading) -> tuple[Score | None, ...]:
        """The score of each attribution of a reading, None where it is no claim."""
        return rate(reading, self.levels)


def rate(reading: Reading, levels: LevelModel) -> tuple[Score | None, ...]:
    """The score of each attribution of a reading, None where it is no claim."""
    explained = explained_sources(reading.article, reading.chains)
    scores: list[Score | None] = []
    for chain, claim, firsthand, relayed in zip(reading.chains, reading.claims, reading.firsthand, reading.relayed, strict=True):
        known = any(link.entity in explained for link in to_origin(chain)[-1:])
        scores.append(levels.score(sourcing(chain, firsthand, relayed), chain, explained=known) if claim > MIN_CLAIM else None)
    return tuple(scores)


def read_with(
    article: Article,
    tagging: Tagging,
    signals: Signals,
    heads: Mapping[str, LinearHead],
    attributions: Sequence[Attribution],
    outlets: Registry | None = None,
) -> Reading:
    """Follow the chains of an article's attributions, stage by stage."""
    vectors = Vectors(article, tagging)
    detected = [heads["detected"].probability(detection_features(article, a)) if "detected" in heads else 1.0 for a in attributions]
    attributions, detected = keep_likely(attributions, detected)
    names = Names(article, outlets)
    resolved = resolve_sources(article, attributions, names, heads["antecedent"])
    tellings = make_tellings(attributions, resolved, find_relays(article, attributions, resolved, names, vectors, signals, heads["relay"]), names, signals)
    accounts = open_accounts(article, tellings, names)
    choices = Decoder(article, tellings, accounts).choose(heads["account"])
    chains = make_chains(names, tellings, accounts, choices, Describer(heads, vectors, signals, names))
    if "confidence" in heads:
        chains = tuple(with_confidence(chain, attribution, heads["confidence"]) for chain, attribution in zip(chains, attributions, strict=True))
    judge = ClaimJudge(heads, vectors, signals)
    judged = [judge.judge(article, a, c) for a, c in zip(attributions, chains, strict=True)]
    claims, firsthand = (tuple(p[k] for p in judged) for k in range(2))
    relayed = tuple(1.0 - sure if choice is None else 0.0 for choice, sure in choices)
    return Reading(article, tagging, tuple(attributions), tuple(detected), chains, claims, firsthand, relayed, names.publisher)


def keep_likely(attributions: Sequence[Attribution], detected: Sequence[float], least: float = MIN_DETECTED) -> tuple[list[Attribution], list[float]]:
    """The attributions that are likely enough, what is nested in a dropped one now standing by itself."""
    place = {i: k for k, i in enumerate(i for i, p in enumerate(detected) if p >= least)}
    kept = [replace(attributions[i], outer=place.get(outer) if (outer := attributions[i].outer) is not None else None) for i in place]
    return kept, [detected[i] for i in place]


def file_hash(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_manifest(folder: Path, trained_on: Mapping[str, object]) -> None:
    """Bind the files of a model folder together by their hashes."""
    manifest = {"schema": SCHEMA, "files": {name: file_hash(folder / name) for name in BOUND_FILES}, "trained_on": trained_on}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", "utf-8")


def check_manifest(folder: Path) -> bytes:
    """The bytes of a folder's manifest, its files found to be those it names.

    Raises ModelError that names the first file that does not fit.
    """
    try:
        data = (folder / "manifest.json").read_bytes()
        manifest = json.loads(data)
        files = dict(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder}: not a model folder ({type(error).__name__}: {error}); pass one that `scorer train` wrote") from error
    if manifest.get("schema") != SCHEMA:
        raise ModelError(f"{folder}: a model of schema {manifest.get('schema')}, this version reads {SCHEMA}; fit it again with `scorer train`")
    for name in BOUND_FILES:
        if name not in files or not (folder / name).is_file() or file_hash(folder / name) != files[name]:
            raise ModelError(f"{folder / name}: missing, or not the file that the manifest names; take the folder as `scorer train` wrote it")
    return data
