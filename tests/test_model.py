"""A model folder in, a model out; nothing in the folder is run, and nothing but what its manifest names is read."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import MODELS, REPO

from scorer.article import make_article
from scorer.errors import ModelError
from scorer.model import BOUND_FILES, SCHEMA, Model, check_manifest, write_manifest

TEXT = "Anna Berg told CNN that the plant would close in June. She added that the town would suffer.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped folder."""
    return Path(shutil.copytree(MODELS, tmp_path / "model"))


def refusal(folder: Path) -> str:
    """Why a folder is refused: one line."""
    with pytest.raises(ModelError) as caught:
        Model.load(folder)
    message = str(caught.value)
    assert "\n" not in message
    return message


class TestManifest:
    def test_the_shipped_folder_fits_its_manifest(self) -> None:
        assert set(json.loads(check_manifest(MODELS))["files"]) == set(BOUND_FILES)

    @pytest.mark.parametrize("name", BOUND_FILES)
    def test_a_changed_byte_is_refused(self, folder: Path, name: str) -> None:
        path = folder / name
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        assert refusal(folder).startswith(f"{path}: ")

    @pytest.mark.parametrize("name", BOUND_FILES)
    def test_a_missing_file_is_refused(self, folder: Path, name: str) -> None:
        (folder / name).unlink()
        assert refusal(folder).startswith(f"{folder / name}: ")

    def test_a_file_the_manifest_does_not_name_is_refused(self, folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        del manifest["files"]["level.json"]
        (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        assert refusal(folder).startswith(f"{folder / 'level.json'}: ")

    @pytest.mark.parametrize("schema", [SCHEMA + 1, 0, None, "1"])
    def test_another_schema_is_refused(self, folder: Path, schema: object) -> None:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        (folder / "manifest.json").write_text(json.dumps({**manifest, "schema": schema}), "utf-8")
        message = refusal(folder)
        assert str(folder) in message
        assert f"schema {schema}" in message
        assert "scorer train" in message

    @pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"schema": 1}', '{"schema": 1, "files": 3}', "\ufffd{"])
    def test_no_manifest_or_a_broken_one_is_refused(self, folder: Path, text: str | None) -> None:
        path = folder / "manifest.json"
        path.unlink() if text is None else path.write_text(text, "utf-8")
        assert "not a model folder" in refusal(folder)

    @pytest.mark.parametrize("name", ["level.json", "heads.json", "tagger.json", "tokenizer.json", "tagger.onnx", "signals.json", "signals.onnx"])
    def test_a_broken_file_with_a_manifest_that_fits_is_refused(self, folder: Path, name: str) -> None:
        (folder / name).write_text('{"a": [', "utf-8")
        write_manifest(folder, {})
        assert str(folder) in refusal(folder)

    def test_no_folder_is_refused(self, tmp_path: Path) -> None:
        assert "nowhere" in refusal(tmp_path / "nowhere")


class TestVersion:
    def test_the_same_files_are_the_same_version(self, folder: Path, model: Model) -> None:
        assert Model.load(folder).version == model.version
        assert model.version.startswith("sha256:")
        assert len(model.version) == len("sha256:") + 64

    def test_other_heads_are_another_version(self, folder: Path, model: Model) -> None:
        path = folder / "heads.json"
        path.write_text(path.read_text("utf-8") + "\n", "utf-8")
        write_manifest(folder, {"articles": 1})
        assert Model.load(folder).version != model.version


class TestReading:
    def test_all_parts_of_a_reading_go_together(self, model: Model) -> None:
        reading = model.read(make_article(TEXT))
        n = len(reading.attributions)
        assert n >= 2
        assert [len(x) for x in (reading.detected, reading.chains, reading.claims, reading.firsthand, model.rate(reading))] == [n] * 5
        assert all(0 <= p <= 1 for p in (*reading.detected, *reading.claims, *reading.firsthand))

    def test_a_reading_depends_on_its_article_alone(self, model: Model, folder: Path) -> None:
        before = model.read(make_article(TEXT))
        model.read(make_article("Reuters reported that the talks had failed, citing two officials.\n" * 20))
        for after in (model.read(make_article(TEXT)), Model.load(folder).read(make_article(TEXT))):
            assert (after.tagging.spans, after.attributions, after.chains) == (before.tagging.spans, before.attributions, before.chains)
            assert (after.detected, after.claims, after.firsthand) == (before.detected, before.claims, before.firsthand)

    def test_an_attitude_is_not_scored(self, model: Model) -> None:
        reading = model.read(make_article("Mayor Ruth Alder said that the bridge was safe. The ministry declined to comment.\n"))
        assert [score is not None for score in model.rate(reading)] == [True, False]

    @pytest.mark.parametrize("text", ["a", "?! 7", "“" * 200 + "a", "said said said said", "he said she said they said it said"])
    def test_odd_texts_are_read_too(self, model: Model, text: str) -> None:
        reading = model.read(make_article(text))
        assert len(model.rate(reading)) == len(reading.attributions)


CODELESS = """
import sys
from pathlib import Path
from scorer.article import make_article
from scorer.model import Model

def once():
    model = Model.load(Path(sys.argv[1]))
    reading = model.read(make_article(sys.argv[2]))
    assert len(model.rate(reading)) >= 2

once()  # what is imported late is imported here
heavy = {"sklearn", "pandas", "scipy", "joblib"} & set(sys.modules)
assert not heavy, heavy
seen = []
risky = {"exec", "compile", "import", "pickle.find_class", "marshal.loads", "subprocess.Popen", "os.system", "os.exec", "ctypes.dlopen", "socket.connect"}
sys.addaudithook(lambda event, args: seen.append(event) if event in risky else None)
once()
found = sorted(set(seen))
assert not found, found
print("clean")
"""


def test_loading_and_reading_run_no_code_and_import_neither_scikit_learn_nor_pandas() -> None:
    done = subprocess.run([sys.executable, "-c", CODELESS, str(MODELS), TEXT], capture_output=True, text=True, timeout=60, cwd=REPO, check=False)
    assert done.stdout == "clean\n", done.stderr
