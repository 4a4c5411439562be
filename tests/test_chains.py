"""Sentences in, chains out: through whose hands each statement reached the reader, the publisher left out."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from conftest import ARTICLES, Said

from scorer.article import make_article
from scorer.features import sourcing
from scorer.labels import read_labelled
from scorer.model import Model

Read = Callable[..., list[Said]]

CITED = """Reuters reported that the gates had been shut four days before the river rose, citing a senior official in the water ministry.
The official added that the river had been rising for a week.
Anton Reil, who keeps bees below the dam, said he lost all his hives in the flood.
"""
CORRESPONDENT = """On Tuesday the state-run KTV's correspondent in Velden reported, citing a senior water-ministry official, that the order was given by phone.
The official added that nobody had asked for the order in writing.
Anton Reil, who has kept bees below the dam for thirty years, said he lost all his hives in the flood.
"""


def by_cue(found: list[Said], cue: str) -> Said:
    """The attribution with this cue, of which there is one."""
    (only,) = (a for a in found if a.cue == cue)
    return only


class TestOneSentence:
    @pytest.mark.parametrize(
        ("sentence", "chain"),
        [
            ("Mayor Ruth Alder said that the bridge was safe.", ["Ruth Alder"]),
            ("Anna Berg told CNN that the plant would close in June.", ["CNN", "Anna Berg"]),
            ("Closing the plant was a mistake, Anna Berg told Reuters on Monday.", ["Reuters", "Anna Berg"]),
            ("“The bill is dead,” Senator Ruth Alder said in an interview with CNN.", ["CNN", "Ruth Alder"]),
            ("Senator Ruth Alder said on “Meet the Press” that she would not vote for the bill.", ["Meet the Press", "Ruth Alder"]),
            (
                "The gates had been shut four days before the river rose, Reuters reported, citing a senior official in the water ministry.",
                ["Reuters", "senior official in the water ministry"],
            ),
        ],
    )
    def test_from_the_readers_side_to_the_origin(self, read: Read, sentence: str, chain: list[str]) -> None:
        assert read(sentence)[0].chain == chain

    @pytest.mark.parametrize(
        "sentence",
        [
            "Senator Ruth Alder said at a rally in Dayton on Sunday that the bill was dead.",
            "Mayor Ruth Alder told reporters that the bridge was safe.",
            "Mayor Ruth Alder told the council that the bridge was safe.",
        ],
    )
    def test_a_public_act_is_no_relay(self, read: Read, sentence: str) -> None:
        assert read(sentence)[0].chain == ["Ruth Alder"]

    def test_a_link_says_who_it_is(self, read: Read) -> None:
        outlet, origin = read("Mayor Ruth Alder told CNN that the plant would close in June.")[0].links
        assert (outlet.kind, outlet.naming, outlet.mention) == ("outlet", "named", "CNN")
        assert (origin.kind, origin.naming, origin.mention) == ("official", "named", "Mayor Ruth Alder")
        (sources,) = read("Critics say the bridge was never safe.")[0].links
        assert (sources.kind, sources.naming) == ("crowd", "vague")
        (official,) = read("A senior official in the water ministry said the gates were old.")[0].links
        assert (official.kind, official.naming) == ("official", "described")


class TestNested:
    def test_the_inner_chain_is_the_outer_one_and_its_own_source(self, read: Read) -> None:
        outer, inner = read("Smith said on Friday that Jones had denied that the money was stolen.")
        assert outer.chain == ["Smith"]
        assert inner.chain == ["Smith", "Jones"]

    def test_what_was_told_to_an_outlet_is_so_inside_too(self, read: Read) -> None:
        outer, inner = read("Senator Ruth Alder told CNN that the president had said the war was over.")
        assert outer.chain == ["CNN", "Ruth Alder"]
        assert inner.chain == ["CNN", "Ruth Alder", "president"]

    @pytest.mark.parametrize(
        "sentence",
        [
            "According to Reuters, Mayor Ruth Alder said the bridge was safe.",
            "Mayor Ruth Alder said the bridge was safe, according to a report by Reuters.",
            "According to a report by Reuters, Mayor Ruth Alder said that the bridge was safe.",
        ],
    )
    def test_what_an_outlet_says_that_somebody_said_runs_on_to_him(self, read: Read, sentence: str) -> None:
        assert by_cue(read(sentence), "said").chain == ["Reuters", "Ruth Alder"]


class TestAccounts:
    def test_the_official_added_carries_on(self, read: Read) -> None:
        found = read(CITED)
        assert by_cue(found, "reported").chain == ["Reuters", "senior official in the water ministry"]
        assert by_cue(found, "added").chain == ["Reuters", "senior official in the water ministry"]

    def test_a_pronoun_carries_on(self, read: Read) -> None:
        found = read(
            "Ruth Alder told CNN that the bill was dead. “I will not vote for it,” she said. Alder added that most of her colleagues felt the same way."
        )
        assert [a.chain for a in found] == [["CNN", "Ruth Alder"]] * 3

    @pytest.mark.parametrize("text", [CITED, CORRESPONDENT], ids=["an agency", "a correspondent"])
    def test_a_speaker_introduced_afresh_starts_afresh(self, read: Read, text: str) -> None:
        assert read(text)[-1].chain == ["Anton Reil"]

    def test_a_correspondent_and_his_outlet_are_one_house(self, read: Read) -> None:
        found = read(CORRESPONDENT)
        assert found[0].houses[0] == "ktv"
        added = by_cue(found, "added")
        assert set(added.houses[:-1]) == {"ktv"}
        assert added.chain[-1] == "senior water-ministry official"

    def test_and_what_he_saw_himself_hides_no_relay(self, model: Model) -> None:
        reading = model.read(make_article("On Tuesday KTV's correspondent in Velden, Mira Doss, said she had seen the gates shut.\n"))
        (chain,) = reading.chains
        assert [link.entity for link in chain] == ["KTV", "Mira Doss"]
        assert sourcing(chain, 1.0, *reading.relayed).row()["relays_1"] < 0.5

    def test_a_journalist_right_behind_an_outlet_answers_to_it(self, model: Model) -> None:
        for name in ("disaster-01", "investigation-01"):
            for chain in model.read(make_article(read_labelled(ARTICLES / f"{name}.txt")[0].text)).chains:
                for before, link in pairwise(chain):
                    if before.kind == "outlet" and link.kind == "journalist":
                        assert link.org == before.entity


class TestPublisher:
    @pytest.mark.parametrize(
        "sentence",
        [
            "Mayor Ruth Alder told the Northern Courier that the bridge would be closed for a year.",
            "Mayor Ruth Alder said in an interview with the Northern Courier that the bridge would be closed.",
            "“The bridge will be closed for a year,” Mayor Ruth Alder told the Courier.",
        ],
    )
    def test_what_was_told_to_the_publisher_came_straight(self, read: Read, sentence: str) -> None:
        assert read(sentence, "Northern Courier")[0].chain == ["Ruth Alder"]

    def test_in_another_paper_the_same_words_passed_through_it(self, read: Read) -> None:
        sentence = "Mayor Ruth Alder told the Northern Courier that the bridge would be closed for a year."
        assert read(sentence, "Velden Gazette")[0].chain == ["Northern Courier", "Ruth Alder"]

    def test_what_the_publisher_says_itself_has_no_link(self, read: Read) -> None:
        assert read("The Northern Courier found that the bridge had not been inspected since 1998.", "Northern Courier")[0].chain == []


class TestHedges:
    @pytest.mark.parametrize(
        ("sentence", "word"),
        [
            ("The prosecutor's office has reportedly opened an inquiry into the dam.", "reportedly"),
            ("The factory is reportedly close to bankruptcy.", "reportedly"),
            ("He allegedly took the money from the safe.", "allegedly"),
        ],
    )
    def test_a_hedge_is_one_link_of_nobody(self, read: Read, sentence: str, word: str) -> None:
        (attribution,) = read(sentence)
        (link,) = attribution.links
        assert (link.kind, link.naming, link.mention) == ("unknown", "none", word)
        assert sentence[link.start : link.end] == word

    def test_a_passive_with_no_agent_has_no_link(self, read: Read) -> None:
        (attribution,) = read("The talks are expected to fail.")
        assert attribution.links == ()


@pytest.mark.parametrize("name", ["disaster-01", "liveblog-01"])
def test_in_a_whole_article_every_link_stands_where_it_says(model: Model, name: str) -> None:
    labelled = read_labelled(ARTICLES / f"{name}.txt")[0]
    reading = model.read(make_article(labelled.text, outlet=labelled.outlet))
    links = [link for chain in reading.chains for link in chain]
    assert len(links) > 10
    for link in links:
        assert reading.article.text[link.start : link.end] == link.mention
        assert link.entity
        assert 0.0 <= link.confidence <= 1.0
    for chain in reading.chains:
        names = [link.entity for link in chain]
        assert all(a != b for a, b in pairwise(names))
    for a, chain in zip(reading.attributions, reading.chains, strict=True):
        if a.outer is not None and chain:
            outer = [link.entity for link in reading.chains[a.outer]]
            own = [link.entity for link in chain]
            assert own[: len(outer)] == outer or own[-1] in outer


def test_whom_a_person_cites_of_his_own_people_is_another_link(read: Read) -> None:
    outer, inner = read("Anton Reil said he had been told by his supervisor that the instruction came from the very top.")
    assert outer.chain == ["Anton Reil"]
    assert inner.chain == ["Anton Reil", "Anton Reil's supervisor"]


def test_who_is_cited_is_no_part_of_what_is_told(read: Read) -> None:
    first = read(CORRESPONDENT)[0]
    assert first.chain[-1] == "senior water-ministry official"
    assert first.contents[0].startswith("that the order")
