"""The words every stage shares: roles of a span, kinds and namings of a link, names of the levels."""

from __future__ import annotations

from typing import Literal, get_args

Role = Literal["source", "cue", "content"]
Kind = Literal["outlet", "journalist", "official", "partisan", "organisation", "expert", "witness", "document", "crowd", "unknown"]
Naming = Literal["named", "described", "vague", "none"]

KIND_CLASSES: tuple[Kind, ...] = get_args(Kind)
NAMING_CLASSES: tuple[Naming, ...] = get_args(Naming)
LEVELS: tuple[str, ...] = ("untraceable", "weakly traceable", "partly traceable", "on the record", "first-hand")
