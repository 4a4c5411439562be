"""The errors a user may meet: each says what is wrong, where, and what to do, in one line."""

from __future__ import annotations


class ScorerError(Exception):
    """Base of all errors that are the input's fault, not the program's."""


class InputError(ScorerError):
    """An article that can't be read or scored."""


class ModelError(ScorerError):
    """A model folder that is missing, broken or does not fit together."""


class LabelError(ScorerError):
    """Labelled data that break the format or the guidelines."""


def in_words(error: Exception) -> str:
    """What an error of reading JSON says; of a missing field Python tells the bare name."""
    return f"no field {error}" if isinstance(error, KeyError) else str(error)
