"""Labelled articles in, a fitted model folder out; the level of a label is the guidelines' formula."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import ARTICLES, DAM, MODELS

from scorer.article import make_article
from scorer.errors import LabelError, ModelError
from scorer.examples import label_level, labelled_attributions, match_contents
from scorer.labels import LabelledArticle, LabelledAttribution, LabelledLink, parse_markup, read_labelled
from scorer.model import BOUND_FILES, ENCODER_FILES, Model
from scorer.output import OutputError
from scorer.training import train

SMALL = [ARTICLES / f"{name}.txt" for name in ("disaster-01", "council-01", "elections-01", "courts-01", "investigation-01", "politics-01")]


def hand(entity: str, kind: str, naming: str, org: str | None = None) -> LabelledLink:
    return LabelledLink(entity, entity, kind, naming, org)  # type: ignore[arg-type]


ALDER = hand("Ruth Alder", "official", "named")
AIDE = hand("an aide", "partisan", "described")
OFFICIAL = hand("a senior official", "official", "described", "Water Ministry")
SOURCES = hand("sources", "unknown", "vague")
CRITICS = hand("critics", "crowd", "vague")
NOBODY = hand("reportedly", "unknown", "none")
LAWYER = hand("Maria Conti", "expert", "named")
CNN = hand("CNN", "outlet", "named")
TIMES = hand("Times", "outlet", "named")
POST = hand("Post", "outlet", "named")
KTV = hand("KTV", "outlet", "named")
DOSS = hand("Mira Doss", "journalist", "named", "KTV")
REPORT = hand("audit report", "document", "named")
EMAIL = hand("an e-mail", "document", "described")
POLL = hand("Gallup poll", "document", "named")
RESPONDENTS = hand("respondents", "crowd", "described")

# chain, first-hand or not, the level
LEVELS: list[tuple[str, list[LabelledLink], bool, int]] = [
    ("nobody is told", [], False, 0),
    ("a hedge", [NOBODY], False, 0),
    ("sources", [SOURCES], False, 1),
    ("critics of their own views", [CRITICS], True, 1),
    ("described", [OFFICIAL], False, 2),
    ("described, of his own acts", [OFFICIAL], True, 2),
    ("named", [ALDER], False, 3),
    ("named, of her own acts", [ALDER], True, 4),
    ("a document of its own content", [REPORT], True, 4),
    ("a document on the world", [REPORT], False, 3),
    ("told CNN, of her own acts", [CNN, ALDER], True, 3),
    ("told CNN", [CNN, ALDER], False, 2),
    ("an unnamed official, through an outlet", [CNN, OFFICIAL], False, 1),
    ("sources, through an outlet: an outlet is named", [CNN, SOURCES], False, 1),
    ("a rumour, through an outlet", [CNN, NOBODY], False, 1),
    ("two outlets", [CNN, TIMES, ALDER], True, 2),
    ("three outlets", [CNN, TIMES, POST, ALDER], True, 1),
    ("three outlets, not first-hand: never under the floor", [CNN, TIMES, POST, ALDER], False, 1),
    ("an outlet and its correspondent are one house", [KTV, DOSS, ALDER], True, 3),
    ("the correspondent alone", [DOSS, ALDER], True, 3),
    ("an official through an outlet and its correspondent", [KTV, DOSS, OFFICIAL], False, 1),
    ("an outlet that tells no source", [CNN], False, 1),
    ("an outlet on its own acts", [CNN], True, 4),
    ("a correspondent who tells no source", [KTV, DOSS], False, 1),
    ("a correspondent who saw it", [KTV, DOSS], True, 4),
    ("a document behind an outlet", [CNN, REPORT], False, 1),
    ("a document of its own content, through an outlet", [CNN, REPORT], True, 3),
    ("a described document behind an outlet", [CNN, EMAIL], False, 1),
    ("in an e-mail, of his own acts", [EMAIL, ALDER], True, 3),
    ("a named lawyer for his client", [LAWYER, ALDER], True, 3),
    ("an unnamed aide for his principal", [AIDE, ALDER], True, 1),
    ("sources on what she said", [SOURCES, ALDER], True, 1),
    ("sources on other sources: nobody is named or described", [SOURCES, CRITICS], False, 0),
    ("a poll's respondents are the poll", [POLL, RESPONDENTS], True, 4),
    ("a poll's respondents, through an outlet", [CNN, POLL, RESPONDENTS], True, 3),
]


@pytest.mark.parametrize(("chain", "firsthand", "level"), [row[1:] for row in LEVELS], ids=[row[0] for row in LEVELS])
def test_the_level_of_a_labelled_claim(chain: list[LabelledLink], firsthand: bool, level: int) -> None:
    assert label_level(LabelledAttribution("E1", {}, True, firsthand, tuple(chain))) == level


def test_what_is_no_claim_has_no_level() -> None:
    assert label_level(LabelledAttribution("E1", {}, False, True, (ALDER,))) is None


class TestExamples:
    def test_labels_become_attributions_in_reading_order_nested_ones_known(self) -> None:
        labelled = parse_markup(DAM)
        article = make_article(labelled.text, outlet=labelled.outlet)
        attributions, labels = labelled_attributions(labelled, article)
        assert [label.id for label in labels] == ["E1", "E2", "E3", "E4", "E5", "E6", "E7"]
        assert [a.outer for a in attributions] == [None, None, None, None, 3, None, None]

    def test_found_attributions_answer_the_labels_they_overlap(self) -> None:
        labelled = parse_markup(DAM)
        article = make_article(labelled.text, outlet=labelled.outlet)
        gold = [a.contents for a in labelled_attributions(labelled, article)[0]]
        assert match_contents(gold, gold) == list(range(7))
        assert match_contents(gold, gold[2:4]) == [None, None, 0, 1, None, None, None]
        assert match_contents(gold, []) == [None] * 7


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder fitted on a few articles."""
    folder = tmp_path_factory.mktemp("fitted") / "model"
    train(read_labelled(*SMALL), MODELS, folder, folds=2)
    return folder


class TestTrain:
    def test_it_writes_a_folder_that_loads_reads_and_scores(self, fitted: Path) -> None:
        assert {p.name for p in fitted.iterdir()} == {*BOUND_FILES, "manifest.json"}
        model = Model.load(fitted, threads=1)
        reading = model.read(make_article("Mayor Ruth Alder said that the bridge was safe. “It will stay open,” she said.\n"))
        scores = [score for score in model.rate(reading) if score]
        assert scores
        assert all(0 <= score.directness <= 100 for score in scores)
        assert {link.entity for chain in reading.chains for link in chain} >= {"Ruth Alder"}

    def test_it_has_every_head_of_the_shipped_model(self, fitted: Path, model: Model) -> None:
        assert set(Model.load(fitted, threads=1).heads) == set(model.heads)

    def test_it_keeps_the_encoders_it_was_given(self, fitted: Path) -> None:
        for name in ENCODER_FILES:
            assert (fitted / name).read_bytes() == (MODELS / name).read_bytes()

    def test_the_same_articles_give_the_same_bytes(self, fitted: Path, tmp_path: Path) -> None:
        told: list[str] = []
        train(read_labelled(*SMALL), MODELS, tmp_path, folds=2, say=told.append)
        for name in ("heads.json", "level.json", "manifest.json"):
            assert (tmp_path / name).read_bytes() == (fitted / name).read_bytes()
        assert told[0] == "reading 6 articles"
        assert any("trained on every article" in line for line in told)  # they are the shipped encoder's own

    def test_it_writes_the_reports_of_heads_that_had_not_seen_the_article(self, tmp_path: Path) -> None:
        reports = tmp_path / "reports.jsonl"
        labelled = read_labelled(*SMALL)
        train(labelled, MODELS, tmp_path / "model", folds=2, reports=reports)
        lines = [json.loads(line) for line in reports.read_text("utf-8").splitlines()]
        assert {line["article"]["id"] for line in lines} == {a.id for a in labelled}
        assert len({line["scorer"]["model"] for line in lines}) == 2  # one a fold

    def test_fewer_articles_than_folds_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(LabelError, match="too few"):
            train(read_labelled(*SMALL[:2]), MODELS, tmp_path, folds=3)
        assert not list(tmp_path.iterdir())

    def test_articles_without_chains_alone_are_refused(self, tmp_path: Path) -> None:
        bare = [LabelledArticle("a", None, "He said it rained.", (LabelledAttribution("E1", {"source": ((0, 2),), "cue": ((3, 7),), "content": ((8, 17),)}),))]
        with pytest.raises(LabelError, match="too few"):
            train(bare * 5, MODELS, tmp_path, folds=2)

    def test_a_fold_needs_two_articles(self, tmp_path: Path) -> None:
        with pytest.raises(LabelError, match="3 articles with chains are too few for 2 folds: 4 are needed"):
            train(read_labelled(*SMALL[:3]), MODELS, tmp_path, folds=2)
        assert not list(tmp_path.iterdir())

    @pytest.mark.parametrize("output", ["file", "file/model"])
    def test_where_no_model_can_be_written_it_is_told_at_once(self, tmp_path: Path, output: str) -> None:
        (tmp_path / "file").touch()
        told: list[str] = []
        with pytest.raises(OutputError, match="can't be made a folder"):
            train(read_labelled(*SMALL), MODELS, tmp_path / output, folds=2, say=told.append)
        assert not told

    @pytest.mark.parametrize(("reports", "message"), [("nowhere/reports.jsonl", "nowhere does not exist; make it first"), (".", "is a folder; give a file")])
    def test_where_no_reports_can_be_written_it_is_told_at_once(self, tmp_path: Path, reports: str, message: str) -> None:
        told: list[str] = []
        with pytest.raises(OutputError, match=message):
            train(read_labelled(*SMALL), MODELS, tmp_path / "model", folds=2, reports=tmp_path / reports, say=told.append)
        assert not told
        assert not list(tmp_path.iterdir())

    def test_a_folder_without_an_encoder_is_refused_at_once(self, tmp_path: Path) -> None:
        told: list[str] = []
        with pytest.raises(ModelError, match=r"nowhere: no encoder in it \(tagger\.onnx or signals\.onnx\)"):
            train(read_labelled(*SMALL), MODELS, tmp_path / "model", folds=2, unseen=[tmp_path / "nowhere"], say=told.append)
        assert not told
        assert not list(tmp_path.iterdir())
