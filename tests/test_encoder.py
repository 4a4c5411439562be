"""An article in, windows of subwords out: every token once, whole paragraphs, roles on all of a token's subwords."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import MODELS
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer.article import Article
from scorer.encoder import MAX_SUBWORDS, WordPieces, windows

PIECES = WordPieces(MODELS)
TEXTS = st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=400), max_size=6).map("\n".join)


@settings(deadline=None, max_examples=60)
@given(TEXTS, st.integers(0, 300))
def test_every_token_stands_once_in_windows_of_the_allowed_size(text: str, longer: int) -> None:
    article = Article(text + "\n" + "Veldenborough’s waterworks " * longer)
    seen = list(windows(article, PIECES))
    tokens = [(p.paragraph, k) for w in seen for p in w.pieces for k in range(p.start, p.end)]
    assert tokens == [(i, k) for i, paragraph in enumerate(article.tokens) for k in range(len(paragraph))]
    assert all(w.ids.shape == w.features.shape == w.roles.shape == (1, w.ids.shape[1]) for w in seen)
    assert all(w.ids.shape[1] <= MAX_SUBWORDS for w in seen)


def test_neighbouring_paragraphs_share_a_window() -> None:
    (window,) = windows(Article("Bridge to close\nMayor Alder said so.\n"), PIECES)
    assert [p.paragraph for p in window.pieces] == [0, 1]


@pytest.mark.parametrize(("role", "inside"), [(0, 0), (1, 2), (2, 2), (3, 4), (5, 6)])
def test_a_word_s_further_subwords_have_the_inside_of_its_role(role: int, inside: int) -> None:
    (window,) = windows(Article("Veldenborough"), PIECES, roles=[[role]])
    first, *rest = window.roles[0, 1:-1]
    assert first == role
    assert rest
    assert set(rest) == {inside}


def test_only_where_the_article_opens_is_its_first_paragraph_marked() -> None:
    opening, inner = (next(windows(Article("He said so."), PIECES, opens=opens)).features for opens in (True, False))
    assert np.array_equal(opening[0, 1:-1], inner[0, 1:-1] + 15)
