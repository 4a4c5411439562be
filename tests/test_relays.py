"""An attribution's own words in, relay candidates out: through whom the statement came, and who stands behind its source."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scorer.article import make_article
from scorer.entities import Names
from scorer.model import Model
from scorer.relays import find_relays, telling_part
from scorer.resolution import resolve_sources
from scorer.signals import RELAY_CLASSES
from scorer.vectors import Vectors

Relays = Callable[..., dict[str, str]]


@pytest.fixture(scope="module")
def relays(model: Model) -> Relays:
    """A sentence in, the likeliest class of each candidate of its first attribution out."""

    def find(sentence: str, outlet: str | None = None) -> dict[str, str]:
        article = make_article(sentence, outlet=outlet)
        reading = model.read(article)
        names = Names(article)
        resolved = resolve_sources(article, reading.attributions, names, model.heads["antecedent"])
        vectors, signals = Vectors(article, reading.tagging), model.signaller.read(article, reading.tagging)
        first = find_relays(article, reading.attributions, resolved, names, vectors, signals, model.heads["relay"])[0]
        for candidate in first:
            assert sum(candidate.probabilities) == pytest.approx(1.0)
        return {c.mention.label: RELAY_CLASSES[max(range(3), key=c.probabilities.__getitem__)] for c in first}

    return find


@pytest.mark.parametrize(
    ("sentence", "outlet"),
    [
        ("Anna Berg told CNN that the plant would close in June.", "CNN"),
        ("Closing the plant was a mistake, Anna Berg told Reuters on Monday.", "Reuters"),
        ("“The bill is dead,” Senator Ruth Alder said in an interview with CNN.", "CNN"),
        ("In an interview with CNN on Sunday, Senator Ruth Alder said the bill was dead.", "CNN"),
        ("Senator Ruth Alder said on “Meet the Press” that she would not vote for the bill.", "Meet the Press"),
    ],
)
def test_a_statement_made_to_an_outlet_came_through_it(relays: Relays, sentence: str, outlet: str) -> None:
    assert relays(sentence)[outlet] == "outer"


@pytest.mark.parametrize(
    ("sentence", "origin"),
    [
        (
            "The gates had been shut four days before the river rose, Reuters reported, citing a senior official in the water ministry.",
            "senior official in the water ministry",
        ),
        ("Reuters reported that the talks had failed, citing a senior official in the ministry.", "senior official in the ministry"),
    ],
)
def test_who_is_cited_stands_behind_the_source(relays: Relays, sentence: str, origin: str) -> None:
    assert relays(sentence)[origin] == "inner"


@pytest.mark.parametrize(
    ("sentence", "listener"),
    [
        ("Mayor Ruth Alder told reporters that the bridge was safe.", "reporters"),
        ("Mayor Ruth Alder told the council that the bridge was safe.", "council"),
        ("Senator Ruth Alder said at a rally in Dayton on Sunday that the bill was dead.", "Dayton"),
        ("In a statement on Monday, the company said the plant would close.", "statement"),
    ],
)
def test_who_merely_hears_it_or_stands_by_has_no_part_in_it(relays: Relays, sentence: str, listener: str) -> None:
    assert relays(sentence)[listener] == "none"


@pytest.mark.parametrize("outlet", ["Northern Courier", "The Northern Courier"])
def test_the_publisher_is_no_candidate(relays: Relays, outlet: str) -> None:
    sentence = "Mayor Ruth Alder told the Northern Courier that the bridge would be closed."
    assert relays(sentence, outlet) == {}
    assert relays(sentence, "Velden Gazette") == {"Northern Courier": "outer"}


def test_the_source_itself_is_no_candidate(relays: Relays) -> None:
    assert relays("CNN said that the plant would close in June.") == {}


def test_a_name_inside_the_content_is_no_candidate(relays: Relays) -> None:
    assert relays("Anna Berg said that CNN would close its studio in Velden.") == {}


def test_the_telling_part_is_the_sentence_without_the_content(model: Model) -> None:
    article = make_article("It rained. “The bill is dead,” Senator Ruth Alder said in an interview with CNN. CNN is in Atlanta.")
    (attribution,) = model.read(article).attributions
    assert "".join(article.text[s:e] for s, e in telling_part(article, attribution)).strip() == "Senator Ruth Alder said in an interview with CNN."
