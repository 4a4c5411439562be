"""What an editor is told to do, and which articles say why a source is not named."""

from __future__ import annotations

import pytest

from scorer.advice import advice, explained_sources
from scorer.article import make_article
from scorer.features import sourcing
from scorer.links import Link
from scorer.vocabulary import Kind, Naming


def link(entity: str, kind: Kind, naming: Naming, start: int | None = None) -> Link:
    return Link(entity, start, None if start is None else start + len(entity), entity, kind, naming)


CNN = link("CNN", "outlet", "named")
OFFICIAL = link("a senior official", "official", "described")
CAPTAIN = link("Jean Abel", "witness", "named")


class TestAdvice:
    def test_asks_why_a_source_is_not_named_and_never_for_the_name(self) -> None:
        said = advice("origin_naming", sourcing([OFFICIAL], 0.0), [OFFICIAL])
        assert said == "say why “a senior official” is not named"

    def test_asks_no_reason_that_the_article_gives(self) -> None:
        assert advice("origin_naming", sourcing([OFFICIAL], 0.0), [OFFICIAL], explained=True) is None

    def test_sends_the_writer_to_an_origin_that_is_named(self) -> None:
        chain = [CNN, CAPTAIN]
        assert advice("relays", sourcing(chain, 1.0), chain) == "ask Jean Abel, or say that you could not"

    def test_asks_for_a_second_source_where_the_origin_is_not_named(self) -> None:
        chain = [CNN, OFFICIAL]
        assert "second source" in (advice("relays", sourcing(chain, 0.0), chain) or "")

    def test_asks_for_the_name_of_an_outlet(self) -> None:
        chain = [link("local media", "outlet", "vague"), OFFICIAL]
        assert advice("relays", sourcing(chain, 0.0), chain) == "name the outlet: “local media”"

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
