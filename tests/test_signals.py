"""An article and its tagging in, log-probabilities out: of attributions, of sources, of any words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.article import Article, make_article
from scorer.model import Model
from scorer.signals import ATTRIBUTION_TASKS, WIDTH, WORDS_TASKS, Signals, log_odds

TOLD = "Anna Berg told CNN that the plant would close in June.\n"
PLAIN = "Anna Berg said at a news conference that the plant would close in June.\n"


def signals(model: Model, text: str) -> tuple[Signals, object]:
    reading = model.read(make_article(text))
    return model.signaller.read(reading.article, reading.tagging), reading.attributions[0]


@given(st.lists(st.floats(-30, 30), min_size=2, max_size=6))
def test_log_odds_rise_with_the_class_s_score_and_end_at_five(scores: list[float]) -> None:
    row = np.array(scores, np.float32)
    row = row - np.logaddexp.reduce(row)
    odds = [log_odds(row, k) for k in range(len(row))]
    assert all(-5 <= o <= 5 for o in odds)
    assert odds[int(row.argmax())] == pytest.approx(max(odds), abs=1e-4)


def test_every_task_has_probabilities_that_sum_to_one(model: Model) -> None:
    found, attribution = signals(model, TOLD)
    answers = {**found.of_attribution(attribution), **found.of_words((0, 9))}  # type: ignore[arg-type]
    assert {task: len(a) for task, a in answers.items()} == {task: len(c) for task, c in (ATTRIBUTION_TASKS | WORDS_TASKS).items()}
    for row in answers.values():
        assert np.exp(row).sum() == pytest.approx(1.0, abs=1e-4)


def test_words_that_hold_no_token_have_even_odds() -> None:
    article = Article("It rained.")
    found = Signals(article, [np.ones((3, WIDTH), np.float32)])
    assert found.of_words((2, 2))["relay"] == pytest.approx(np.log([1 / 3] * 3), abs=1e-5)


def test_the_outlet_told_is_a_relay_and_a_conference_is_none(model: Model) -> None:
    told, attribution = signals(model, TOLD)
    plain, other = signals(model, PLAIN)
    assert log_odds(told.of_words((15, 18))["relay"], 1) > 0 > log_odds(plain.of_words((10, 14))["relay"], 1)
    assert told.of_attribution(attribution)["via"].argmax() == 1  # type: ignore[arg-type]
    assert plain.of_attribution(other)["via"].argmax() == 0  # type: ignore[arg-type]


def test_the_same_article_has_the_same_signals_whatever_was_read_before(model: Model) -> None:
    alone, attribution = signals(model, TOLD)
    signals(model, PLAIN * 40)
    again, _ = signals(model, TOLD)
    for task, row in alone.of_attribution(attribution).items():  # type: ignore[arg-type]
        assert np.array_equal(row, again.of_attribution(attribution)[task])  # type: ignore[arg-type]
