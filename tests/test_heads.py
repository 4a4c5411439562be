"""Named coefficients in, the probabilities of scikit-learn's own model out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from scorer.errors import LabelError, ModelError
from scorer.heads import Features, LinearHead, fit_choice, fit_head, read_heads

COLOURS = ("red", "green", "blue")


def made(classes: int, n: int = 120) -> tuple[list[Features], list[str], np.ndarray, np.ndarray]:
    """Rows with a word and a number, labels that go with both, the same rows one-hot, and vectors that tell the label too."""
    random = np.random.default_rng(7)
    words = random.integers(0, 3, n)
    amounts = random.normal(size=n)
    label = (words + (amounts > 0.3) + (random.random(n) < 0.2)) % classes
    vectors = random.normal(size=(n, 4)) + label[:, None] * np.array([0.5, 0.0, -0.5, 0.1])
    rows: list[Features] = [{"colour": COLOURS[w], "amount": float(a)} for w, a in zip(words, amounts, strict=True)]
    return rows, [str(x) for x in label], np.column_stack([amounts, np.eye(3)[words]]), vectors


class TestAgainstScikitLearn:
    @pytest.mark.parametrize("with_vectors", [False, True], ids=["words alone", "with vectors"])
    @pytest.mark.parametrize("classes", [2, 3], ids=["binary", "multinomial"])
    def test_the_probabilities_are_the_same(self, classes: int, with_vectors: bool) -> None:
        rows, labels, matrix, vectors = made(classes)
        names = [str(k) for k in range(classes)]
        head = fit_head(rows, labels, classes=names, vectors=vectors if with_vectors else None, vector_scale=0.3, min_count=1)
        whole = np.hstack([matrix, 0.3 * vectors]) if with_vectors else matrix
        expected = LogisticRegression(C=1.0, max_iter=1000).fit(whole, labels).predict_proba(whole)
        got = [head.probabilities(row, vector if with_vectors else None) for row, vector in zip(rows, vectors, strict=True)]
        assert np.array(got) == pytest.approx(expected, abs=2e-3)

    def test_a_class_without_an_example_is_never_the_answer(self) -> None:
        rows, labels, _, _ = made(2)
        head = fit_head(rows, labels, classes=["0", "never", "1"], min_count=1)
        assert max(head.probabilities(row)[1] for row in rows) < 1e-4

    def test_classes_keep_the_order_they_were_given_in(self) -> None:
        rows: list[Features] = [{"colour": "red"}] * 20 + [{"colour": "blue"}] * 20
        labels = ["no"] * 20 + ["yes"] * 20
        assert fit_head(rows, labels, classes=["no", "yes"]).probability({"colour": "blue"}) > 0.5
        assert fit_head(rows, labels, classes=["yes", "no"]).probability({"colour": "blue"}) < 0.5

    def test_rare_features_are_left_out(self) -> None:
        rows: list[Features] = [{"colour": "red"}] * 5 + [{"colour": "blue"}] * 5 + [{"colour": "green"}] * 2
        head = fit_head(rows, ["0"] * 5 + ["1"] * 7, classes=["0", "1"], min_count=3)
        assert set(head.coefficients) == {"colour=red", "colour=blue"}


class TestScoring:
    HEAD = LinearHead(
        ("no", "yes"), np.array([0.0, 0.5]), {"colour=red": np.array([0.0, 1.0]), "amount": np.array([0.0, -2.0])}, np.array([[0.0, 0.0], [1.0, 3.0]])
    )

    @pytest.mark.parametrize(
        ("features", "vector", "yes"),
        [
            ({}, None, 0.5),
            ({"colour": "red"}, None, 1.5),
            ({"colour": "mauve", "size": 3.0}, None, 0.5),
            ({"colour": "red", "amount": 0.25}, None, 1.0),
            ({}, [2.0, 1.0], 5.5),
        ],
        ids=["intercept", "a word", "unknown features", "a number", "a vector"],
    )
    def test_scores_are_sums_of_coefficients(self, features: Features, vector: list[float] | None, yes: float) -> None:
        assert self.HEAD.scores(features, vector).tolist() == [0.0, yes]
        assert self.HEAD.probability(features, vector) == pytest.approx(1 / (1 + np.exp(-yes)))

    def test_scoring_changes_nothing(self) -> None:
        first = self.HEAD.scores({"colour": "red"}).tolist()
        assert self.HEAD.scores({"colour": "red"}).tolist() == first

    @given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=5))
    def test_probabilities_sum_to_one_however_large_the_scores(self, scores: list[float]) -> None:
        probabilities = LinearHead(tuple(map(str, range(len(scores)))), np.array(scores), {}).probabilities({})
        assert probabilities.sum() == pytest.approx(1.0)
        assert scores[int(probabilities.argmax())] == pytest.approx(max(scores))


class TestChoice:
    def test_an_obvious_preference_is_learnt(self) -> None:
        """Of each group the red row is right, wherever it stands."""
        rows: list[Features] = []
        right: list[bool] = []
        groups: list[int] = []
        for group in range(20):
            for place in range(3):
                red = place == group % 3
                rows.append({"colour": "red" if red else "blue", "place": str(place)})
                right.append(red)
                groups.append(group)
        head = fit_choice(rows, right, groups)
        probabilities = head.choice([{"colour": "blue"}, {"colour": "red"}, {"colour": "blue"}])
        assert probabilities.sum() == pytest.approx(1.0)
        assert int(probabilities.argmax()) == 1
        assert probabilities[1] > 0.8

    def test_groups_without_a_right_row_teach_nothing(self) -> None:
        rows, groups = [{"colour": "red"}, {"colour": "blue"}] * 5, [k // 2 for k in range(10)]
        with pytest.raises(LabelError, match="nothing to choose"):
            fit_choice(rows, [False] * 10, groups)
        right = [True, False] + [False] * 8
        assert fit_choice(rows, right, groups).to_dict() == fit_choice(rows[:2] * 5, right, groups).to_dict()


GOOD: dict[str, Any] = {"classes": ["no", "yes"], "intercept": [0.0, 0.5], "coefficients": {"colour=red": [0.0, 1.0]}, "vector": [[0.0, 0.0], [1.0, 3.0]]}


class TestFile:
    def test_a_head_comes_back_from_json(self) -> None:
        rows, labels, _, vectors = made(3)
        head = fit_head(rows, labels, classes=["0", "1", "2"], vectors=vectors)
        again = LinearHead.from_dict(json.loads(json.dumps(head.to_dict())))
        assert again.to_dict() == head.to_dict()
        for row, vector in zip(rows[:10], vectors[:10], strict=True):
            assert again.probabilities(row, vector) == pytest.approx(head.probabilities(row, vector), abs=1e-4)

    def test_a_file_of_heads_is_read_by_name(self, tmp_path: Path) -> None:
        path = tmp_path / "heads.json"
        path.write_text(json.dumps({"kind": GOOD}), "utf-8")
        assert read_heads(path)["kind"].scores({"colour": "red"}).tolist() == [0.0, 1.5]

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "{",
            "{\x00}",
            '{"kind": 3}',
            '{"kind": {}}',
            json.dumps({"kind": {**GOOD, "intercept": [0.0]}}),
            json.dumps({"kind": {**GOOD, "intercept": ["a", "b"]}}),
            json.dumps({"kind": {**GOOD, "coefficients": {"colour=red": [1.0]}}}),
        ],
    )
    def test_a_broken_file_is_refused_by_name(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "heads.json"
        path.write_text(text, "utf-8")
        with pytest.raises(ModelError, match=r"heads\.json: the heads can't be loaded") as caught:
            read_heads(path)
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize("text", ["[]", json.dumps({"kind": {**GOOD, "coefficients": []}}), json.dumps({"kind": {**GOOD, "vector": [[1.0, 2.0, 3.0]]}})])
    def test_a_file_of_another_shape_is_refused_by_name(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "heads.json"
        path.write_text(text, "utf-8")
        with pytest.raises(ModelError, match=r"heads\.json"):
            read_heads(path)

    def test_no_file_is_refused_by_name(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match=r"heads\.json"):
            read_heads(tmp_path / "heads.json")
