"""Where the package may run from, and that it finds its model there."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import REPO

import scorer
from scorer.errors import ModelError
from scorer.locate import default_model


def python(program: str, path: Path, cwd: Path) -> str:
    """What a program prints that finds packages in `path` before all others."""
    environment = {**os.environ, "PYTHONPATH": str(path), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([sys.executable, "-c", program], cwd=cwd, env=environment, capture_output=True, text=True, timeout=60, check=True).stdout.strip()


def build(kind: str, folder: Path) -> Path:
    """A wheel of the repository, `wheel` or `editable`."""
    program = f"import sys; from hatchling.build import build_{kind} as build; print(build(sys.argv[1]))"
    done = subprocess.run([sys.executable, "-c", program, str(folder)], cwd=REPO, capture_output=True, text=True, timeout=120, check=True)
    return folder / done.stdout.split()[-1]


FOUND = "import scorer, scorer.locate as l; print(scorer.__file__); print(l.default_model())"


def found(path: Path, cwd: Path) -> Sequence[Path]:
    """The package and the model that a program finds."""
    return [Path(line) for line in python(FOUND, path, cwd).splitlines()]


class TestModel:
    def test_in_a_checkout_it_lies_beside_the_package(self, tmp_path: Path) -> None:
        package, model = found(REPO, tmp_path)
        assert (package, model) == (REPO / "scorer" / "__init__.py", REPO / "models")

    @pytest.mark.slow
    def test_in_an_editable_install_it_is_the_checkouts(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(build("editable", tmp_path)) as wheel:
            assert not [name for name in wheel.namelist() if name.endswith(".onnx")]
            (pointer,) = [name for name in wheel.namelist() if name.endswith(".pth")]
            (on_the_path,) = wheel.read(pointer).decode().split()
        package, model = found(Path(on_the_path), tmp_path)
        assert (package, model) == (REPO / "scorer" / "__init__.py", REPO / "models")

    @pytest.mark.slow
    def test_in_an_installed_wheel_it_lies_in_the_package(self, tmp_path: Path) -> None:
        wheel, site = build("wheel", tmp_path), tmp_path / "site"
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target"]
        subprocess.run([*pip, str(site), str(wheel)], capture_output=True, timeout=120, check=True)
        package, model = found(site, tmp_path)
        assert (package, model) == (site / "scorer" / "__init__.py", site / "scorer" / "models")
        assert {p.name: p.read_bytes() for p in model.iterdir()} == {p.name: p.read_bytes() for p in (REPO / "models").iterdir()}
        assert (site / "scorer" / "py.typed").exists()
        assert (site / "scorer" / "schema" / "report.schema.json").exists()
        assert (site / "scorer" / "outlets.csv").exists()
        assert not (site / "cli.py").exists()
        assert not (site / "tests").exists()
        assert python("from scorer.cli import main; import sys; sys.argv = ['scorer', '--version']; main()", site, tmp_path) == f"scorer {scorer.__version__}"

    def test_a_folder_of_somebody_elses_models_is_none(self, tmp_path: Path) -> None:
        (tmp_path / "scorer").mkdir()
        (tmp_path / "models").mkdir()
        with pytest.raises(ModelError, match=r"no model in .*; install the package again or pass a model folder with --model"):
            default_model(tmp_path / "scorer")


class TestDoor:
    def test_every_name_can_be_imported(self) -> None:
        assert all(getattr(scorer, name) for name in scorer.__all__)
        assert set(scorer.__all__) <= set(dir(scorer))
        assert len(scorer.__all__) < 10

    def test_other_names_can_not(self) -> None:
        with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
            _ = scorer.nonsense

    def test_all_three_ways_are_one_program(self, tmp_path: Path) -> None:
        ways = (["cli.py"], ["-m", "scorer"], ["-c", "from scorer.cli import main; raise SystemExit(main())"])
        printed = {subprocess.run([sys.executable, *way, "--help"], cwd=REPO, capture_output=True, text=True, timeout=60, check=True).stdout for way in ways}
        assert len(printed) == 1
