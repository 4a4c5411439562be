"""What an editor is told to do, and which articles say why a source is not named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.advice import advice, explained_sources
from scorer.article import make_article
from scorer.features import sourcing
from scorer.links import Link
from scorer.vocabulary import KIND_CLASSES, NAMING_CLASSES, Kind, Naming


def link(entity: str, kind: Kind, naming: Naming, start: int | None = None) -> Link:
    return Link(entity, start, None if start is None else start + len(entity), entity, kind, naming)


CNN = link("CNN", "outlet", "named")
OFFICIAL = link("a senior official", "official", "described")
CAPTAIN = link("Jean Abel", "witness", "named")
AUDIT = link("audit report", "document", "described")
PAPERS = link("documents", "document", "vague")
BANK = link("Central Bank", "organisation", "named")
CRITICS = link("critics", "crowd", "vague")
SOURCES = link("sources", "unknown", "vague")
ANOTHER = "add a second source, or say that there is none"


class TestAdvice:
    def test_asks_why_a_source_is_not_named_and_never_for_the_name(self) -> None:
        said = advice("origin_naming", sourcing([OFFICIAL], 0.0), [OFFICIAL])
        assert said == "say why “a senior official” is not named"

    def test_asks_no_reason_that_the_article_gives(self) -> None:
        assert advice("origin_naming", sourcing([OFFICIAL], 0.0), [OFFICIAL], explained=True) is None

    def test_sends_the_writer_to_an_origin_that_is_named(self) -> None:
        chain = [CNN, CAPTAIN]
        assert advice("relays", sourcing(chain, 1.0), chain) == "ask Jean Abel, or say that you could not"

    @pytest.mark.parametrize(
        ("aspect", "chain", "said"),
        [
            ("relays", [CNN, OFFICIAL], ANOTHER),
            ("relays", [CNN, BANK], ANOTHER),
            ("relays", [CNN, link("Times", "outlet", "named")], ANOTHER),
            ("relays", [CNN, AUDIT], "link or quote “audit report” yourself"),
            ("relays", [CNN, AUDIT, CRITICS], "link or quote “audit report” yourself"),  # a poll's respondents are the poll
            ("relays", [link("local media", "outlet", "vague"), OFFICIAL], "say which outlet “local media” is"),
            ("firsthand", [CAPTAIN], "add a second source who was there, or say how Jean Abel can know"),
            ("firsthand", [BANK], ANOTHER),
            ("firsthand", [CRITICS], ANOTHER),
            ("firsthand", [PAPERS], "link or quote “documents” yourself"),
            ("origin_naming", [PAPERS], "link or quote “documents” yourself"),
            ("origin_naming", [AUDIT], "link or quote “audit report” yourself"),
            ("origin_naming", [CRITICS], ANOTHER),
            ("origin_naming", [SOURCES], "say why “sources” is not named, and what tells how they know"),
            ("untold", [CNN], "say where CNN has it from, or that this is not told"),
        ],
    )
    def test_what_can_be_done_depends_on_what_the_source_is(self, aspect: str, chain: list[Link], said: str) -> None:
        assert advice(aspect, sourcing(chain, 0.0), chain) == said

    def test_a_reason_for_not_naming_does_not_tell_how_a_vague_source_knows(self) -> None:
        assert advice("origin_naming", sourcing([SOURCES], 0.0), [SOURCES], explained=True) == "say how “sources” can know"

    @given(st.sampled_from(KIND_CLASSES), st.sampled_from(NAMING_CLASSES), st.booleans(), st.booleans())
    def test_it_is_an_order_and_never_to_name_a_source(self, kind: Kind, naming: Naming, relayed: bool, explained: bool) -> None:
        chain = [*([CNN] if relayed else []), link("somebody", kind, naming)]
        for aspect in ("origin_naming", "firsthand", "relays", "untold", "go_between"):
            said = advice(aspect, sourcing(chain, 0.0), chain, explained)
            assert said is None or (said.split()[0] in ("say", "add", "ask", "link") and "name" not in said.split())

    def test_asks_whose_account_it_is_where_nobody_is_told(self) -> None:
        assert advice("origin_naming", sourcing([], 0.0), []) == "say whose account this is"


class TestExplainedSources:
    @pytest.mark.parametrize(
        "words",
        [
            "a senior official, who spoke on condition of anonymity because the talks are private",
            "a senior official, who asked not to be named to discuss the talks freely",
            "a senior official who was not authorised to speak publicly because an inquiry is open",
            "a senior official, whose name is being withheld for safety reasons",
        ],
    )
    def test_a_reason_beside_the_source_counts(self, words: str) -> None:
        assert self._explained(f"The bridge was shut on Monday, said {words}.")

    @pytest.mark.parametrize(
        "words",
        [
            "The bridge was shut, said a senior official, who spoke on condition of anonymity.",
            "The bridge was shut, a senior official said. A driver spoke on condition of anonymity because he feared for his job.",
            "The bridge was shut because of ice, a senior official said.",
        ],
    )
    def test_a_bare_condition_or_another_source_s_reason_does_not(self, words: str) -> None:
        assert not self._explained(words)

    def _explained(self, text: str) -> bool:
        chain = [link("a senior official", "official", "described", text.index("a senior official"))]
        return bool(explained_sources(make_article(text), [chain]))
