"""Labelled articles in, the second encoder out; where PyTorch (the extra `encoder`) is not installed, an error that says how to install it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from conftest import ARTICLES, MODELS

from scorer.article import make_article
from scorer.cli import main
from scorer.encoder import WordPieces
from scorer.labels import read_labelled
from scorer.signals import Signaller
from scorer.tagger import Tagger

SMALL = [ARTICLES / "council-01.txt", ARTICLES / "disaster-01.txt"]


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["scorer", "train-encoder", *map(str, arguments)])
    return main()


def test_without_pytorch_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for name in ("torch", "onnx"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "scorer.encoder_training", raising=False)
    monkeypatch.delitem(sys.modules, "scorer.encoder_network", raising=False)
    assert run(monkeypatch, SMALL[0], "--output", tmp_path) == 2
    assert "pip install 'attribution-scorer[encoder]'" in capsys.readouterr().err


@pytest.mark.parametrize("part", ["0/2", "3/2", "1/1", "half"])
def test_a_part_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, part: str) -> None:
    assert run(monkeypatch, SMALL[0], "--output", tmp_path, "--leave-out", part) == 2
    assert f"--leave-out {part}" in capsys.readouterr().err


class TestTraining:
    def test_it_learns_from_all_but_the_part_left_out_and_can_be_read_with(self, tmp_path: Path) -> None:
        pytest.importorskip("torch")
        from scorer.encoder_training import train_signals

        told: list[str] = []
        train_signals(read_labelled(*SMALL), MODELS, tmp_path, epochs=2, leave_out=(1, 2), say=told.append)
        losses = [float(line.rpartition(" ")[2]) for line in told]
        assert losses[1] < losses[0]
        assert json.loads((tmp_path / "signals.json").read_text("utf-8"))["trained_on"] == ["council-01"]
        article = make_article("Anna Berg told CNN that the plant would close in June.\n")
        signals = Signaller(tmp_path, WordPieces(MODELS), threads=1).read(article, Tagger(MODELS, threads=1).tag(article))
        assert signals.of_words((0, 9))["kind"].shape == (10,)

    def test_a_network_written_and_loaded_again_is_the_same_but_for_rounding(self, tmp_path: Path) -> None:
        pytest.importorskip("torch")
        from scorer.encoder_network import load_encoder, write_onnx
        from scorer.signals import WIDTH

        first = load_encoder(MODELS / "tagger.onnx", WIDTH)
        write_onnx(first, tmp_path / "signals.onnx")
        again = load_encoder(tmp_path / "signals.onnx", WIDTH)
        for name, weights in first.state_dict().items():
            if not name.startswith(("out", "role")):
                assert float((weights - again.state_dict()[name]).abs().max()) <= 0.01 * float(weights.abs().max())
