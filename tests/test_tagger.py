"""An article in, flat spans out: verbatim, the same every time, decoded as the CRF's definition says."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from conftest import ARTICLES, MODELS
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer.article import Article
from scorer.labels import read_labelled
from scorer.model import Model
from scorer.tagger import Crf, Tagger, Tagging

STORY = "Bridge to close\nMayor Ruth Alder said that the bridge was safe. “It will stay open,” she added.\nThe engineer’s office declined to comment.\n"
OTHER = "The talks failed.\nReuters reported that the talks had failed, citing two officials in the ministry.\n"
ENDLESS = "The plant opened. " + "Mayor Ruth Alder said on Monday that the bridge over the river was safe for cars and trucks. " * 60


def words(article: Article, tagging: Tagging) -> list[tuple[str, str]]:
    return [(s.role, article.text[s.start : s.end]) for s in tagging.spans]


def same(a: Tagging, b: Tagging) -> bool:
    return a.spans == b.spans and all(np.array_equal(x, y) for x, y in zip(a.vectors, b.vectors, strict=True))


class TestSpans:
    def test_source_cue_and_content_are_found_in_reading_order(self, model: Model) -> None:
        article = Article("Mayor Ruth Alder said that the bridge was safe.")
        assert words(article, model.tagger.tag(article)) == [("source", "Mayor Ruth Alder"), ("cue", "said"), ("content", "that the bridge was safe")]

    @pytest.mark.parametrize("text", [STORY, STORY.replace("\n", "\r\n"), "\ufeff  " + STORY, STORY.replace("Alder", "Ålder 🙂")])
    def test_spans_are_whole_words_of_one_paragraph_and_do_not_overlap(self, model: Model, text: str) -> None:
        article = Article(text)
        spans = model.tagger.tag(article).spans
        assert spans
        assert [s.span for s in spans] == sorted(s.span for s in spans)
        assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
        for span in spans:
            tokens = article.tokens[span.paragraph]
            assert span.start in {t.start for t in tokens}
            assert span.end in {t.end for t in tokens}
            assert 0.0 < span.confidence <= 1.0

    def test_every_token_has_a_vector(self, model: Model) -> None:
        article = Article(STORY)
        vectors = model.tagger.tag(article).vectors
        assert [v.shape for v in vectors] == [(len(tokens), 384) for tokens in article.tokens]
        assert {v.dtype for v in vectors} == {np.dtype(np.float32)}

    def test_a_paragraph_longer_than_a_window_is_read_to_its_end(self, model: Model) -> None:
        article = Article(ENDLESS)
        tagging = model.tagger.tag(article)
        assert [len(v) for v in tagging.vectors] == [len(article.tokens[0])]
        cues = [s.start for s in tagging.spans if s.role == "cue"]
        assert len(cues) >= 55
        assert cues[-1] > len(ENDLESS) - 120
        assert all(article.text[s.start : s.end].strip() == article.text[s.start : s.end] for s in tagging.spans)

    @pytest.mark.parametrize("text", ["", "\n", "...", "a", "x" * 5000, "🙂 " * 400, "-" * 300])
    def test_odd_texts_are_read_too(self, model: Model, text: str) -> None:
        article = Article(text)
        assert [len(v) for v in model.tagger.tag(article).vectors] == [len(tokens) for tokens in article.tokens]


class TestTheSameEveryTime:
    def test_what_is_read_before_does_not_matter(self, model: Model) -> None:
        article = Article(STORY)
        alone = Tagger(MODELS, threads=1).tag(article)
        for text in (OTHER, ENDLESS, ""):
            model.tagger.tag(Article(text))
        assert same(alone, model.tagger.tag(article))
        assert same(alone, model.tagger.tag(Article(STORY)))

    def test_two_loads_agree_on_a_whole_article(self, model: Model) -> None:
        article = Article(read_labelled(ARTICLES / "disaster-01.txt")[0].text)
        assert same(Tagger(MODELS, threads=2).tag(article), model.tagger.tag(article))


K = 3
NUMBERS = st.floats(-4, 4, width=32)
FORBIDDEN = st.one_of(NUMBERS, st.just(-10_000.0))


def numbers(size: int, of: st.SearchStrategy[float] = NUMBERS) -> st.SearchStrategy[np.ndarray]:
    return st.lists(of, min_size=size, max_size=size).map(lambda x: np.array(x, np.float32))


@st.composite
def crfs(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Transitions of which some are forbidden, as an I behind an O is; start and end."""
    transitions = draw(numbers(K * K, FORBIDDEN)).reshape(K, K)
    transitions[:, 0] = draw(numbers(K))  # there is always a way on
    return transitions, draw(numbers(K)), draw(numbers(K))


ROWS = st.lists(st.integers(0, 4).flatmap(lambda n: numbers(n * K).map(lambda x: x.reshape(-1, K))), min_size=1, max_size=4)


def enumerate_paths(crf: tuple[np.ndarray, np.ndarray, np.ndarray], row: np.ndarray) -> dict[tuple[int, ...], float]:
    """The score of every labelling, by the definition."""
    transitions, start, end = (x.astype(np.float64) for x in crf)
    return {
        path: start[path[0]] + end[path[-1]] + sum(row[t, k] for t, k in enumerate(path)) + sum(transitions[a, b] for a, b in itertools.pairwise(path))
        for path in itertools.product(range(K), repeat=len(row))
    }


class TestCrf:
    @given(crfs(), ROWS)
    @settings(deadline=None, max_examples=60)
    def test_the_labels_are_the_best_of_all(self, parts: tuple[np.ndarray, np.ndarray, np.ndarray], rows: list[np.ndarray]) -> None:
        decoded = Crf(*parts).decode(rows)
        assert [len(labels) for labels, _ in decoded] == [len(row) for row in rows]
        for row, (labels, _) in zip(rows, decoded, strict=True):
            if len(row):
                scores = enumerate_paths(parts, row)
                assert scores[tuple(labels)] >= max(scores.values()) - 1e-3

    @given(crfs(), ROWS)
    @settings(deadline=None, max_examples=60)
    def test_a_labels_probability_is_its_share_of_all_labellings(self, parts: tuple[np.ndarray, np.ndarray, np.ndarray], rows: list[np.ndarray]) -> None:
        for row, (labels, marginals) in zip(rows, Crf(*parts).decode(rows), strict=True):
            assert len(marginals) == len(row)
            if not len(row):
                continue
            scores = enumerate_paths(parts, row)
            top = max(scores.values())
            weight = {path: np.exp(score - top) for path, score in scores.items()}
            for t, label in enumerate(labels):
                share = sum(w for path, w in weight.items() if path[t] == label) / sum(weight.values())
                assert marginals[t] == pytest.approx(share, abs=2e-4)

    @given(crfs(), numbers(5 * K).map(lambda x: x.reshape(-1, K)))
    @settings(deadline=None, max_examples=60)
    def test_the_probabilities_of_a_tokens_labels_sum_to_one(self, parts: tuple[np.ndarray, np.ndarray, np.ndarray], row: np.ndarray) -> None:
        marginals = Crf(*parts)._marginals(row[None], np.array([len(row)]))
        assert marginals.sum(axis=2) == pytest.approx(np.ones((1, len(row))), abs=1e-4)

    def test_nothing_gives_nothing(self) -> None:
        crf = Crf(np.zeros((K, K), np.float32), np.zeros(K, np.float32), np.zeros(K, np.float32))
        assert crf.decode([]) == []
        ((labels, marginals),) = crf.decode([np.zeros((0, K), np.float32)])
        assert labels == []
        assert len(marginals) == 0

    def test_no_content_begins_in_its_middle(self, model: Model) -> None:
        """A span of the shipped tagger begins where its role's does: an I- never follows another role."""
        crf = model.tagger._crf
        labels = model.tagger._labels
        for i, before in enumerate(labels):
            for j, after in enumerate(labels):
                if after.startswith("I-") and before[2:] != after[2:]:
                    assert crf._transitions[i, j] < -1000
