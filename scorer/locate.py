"""Nothing in, the folder of the shipped model out, wherever the package runs from."""

from __future__ import annotations

from pathlib import Path

from scorer.errors import ModelError

_MARK = "tagger.json"  # a folder called "models" beside the package may be somebody else's


def default_model(package: Path = Path(__file__).parent) -> Path:
    """The model folder: inside an installed package, beside the package in a checkout or an editable install.

    Raises ModelError where neither is there.
    """
    places = (package / "models", package.parent / "models")
    for folder in places:
        if (folder / _MARK).is_file():
            return folder
    raise ModelError(f"no model in {' or '.join(map(str, places))}; install the package again or pass a model folder with --model")
