"""Sentences in, who each source is: surnames, acronyms, pronouns and descriptions resolved over the article."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import Said

from scorer.article import Article
from scorer.entities import Names
from scorer.mentions import parse_phrase

Read = Callable[..., list[Said]]


def entities(text: str) -> list[str]:
    return [e.name for e in Names(Article(text)).entities]


def sources(found: list[Said]) -> list[str]:
    return [a.chain[-1] for a in found]


class TestNames:
    @pytest.mark.parametrize(
        ("short", "full"),
        [
            ("Alder", "Ruth Alder"),
            ("Ruth", "Ruth Alder"),
            ("FBI", "Federal Bureau of Investigation"),
            ("Times", "New York Times"),
            ("the Times", "New York Times"),
        ],
    )
    def test_a_short_name_is_the_full_one(self, short: str, full: str) -> None:
        names = Names(Article("On Monday Ruth Alder of the Federal Bureau of Investigation met two editors of The New York Times in Velden."))
        entity = names.entity_of(short)
        assert entity is not None
        assert entity.name == full

    def test_the_full_name_may_come_later(self) -> None:
        assert entities("At noon Alder left. The mayor, Ruth Alder, was tired.") == ["Ruth Alder"]

    def test_others_stay_others(self) -> None:
        names = Names(Article("On Monday Ruth Alder met Paul Novak in Velden."))
        assert {e.name for e in names.entities} == {"Ruth Alder", "Paul Novak", "Velden"}
        assert names.entity_of("Berg") is None
        assert names.entity_of("") is None

    def test_a_town_is_not_the_paper_that_is_called_after_it(self) -> None:
        assert set(entities("On Monday the mayor told the Velden Gazette in Velden that she was tired.")) == {"Velden Gazette", "Velden"}

    @pytest.mark.parametrize(
        ("name", "outlet", "is_it"),
        [
            ("Washington Post", "The Washington Post", True),
            ("Post", "The Washington Post", True),
            ("Politico Magazine", "Politico", True),
            ("Washington", "The Washington Post", False),
            ("Velden", "Velden Gazette", False),
            ("Post", "Politico", False),
            ("Gazette", None, False),
        ],
    )
    def test_the_publisher_is_known_by_its_name_or_the_end_of_it(self, name: str, outlet: str | None, is_it: bool) -> None:
        assert Names(Article("It rained.", outlet=outlet)).is_publisher(name) is is_it

    @pytest.mark.parametrize(
        ("text", "outlet"),
        [
            ("On Monday the Hill said it rained.", True),
            ("On Monday the magazine Time said it rained.", True),
            ("On Monday Reuters said it rained.", True),
            ("On Monday Hill said it rained.", False),
            ("On Monday Dawn said it rained.", False),
            ("On Monday Ann Post said it rained.", False),
        ],
    )
    def test_a_name_that_may_be_a_person_s_is_an_outlet_s_only_behind_an_article(self, text: str, outlet: bool) -> None:
        assert [e.outlet for e in Names(Article(text)).entities] == [outlet]

    def test_a_dateline_names_nobody(self) -> None:
        assert entities("Dam breaks\nVELDEN, March 4 (Reuters) - On Monday the dam broke, Ruth Alder said.\n") == ["Ruth Alder"]

    def test_a_title_and_an_apposition_describe_their_entity(self) -> None:
        names = Names(Article("On Monday Mayor Ruth Alder met Paul Novak, an engineer, in Velden."))
        mayor, engineer = names.entity_of("Ruth Alder"), names.entity_of("Novak")
        assert mayor is not None
        assert engineer is not None
        assert "mayor" in mayor.nouns
        assert "engineer" in engineer.nouns

    @pytest.mark.parametrize("text", ["On Monday the news site Nusa was shut.", "On Monday a court shut Nusa, a weekly, for a month."])
    def test_words_beside_a_name_call_it_an_outlet(self, text: str) -> None:
        entity = Names(Article(text)).entity_of("Nusa")
        assert entity is not None
        assert entity.outlet


class TestSources:
    def test_a_surname(self, read: Read) -> None:
        assert sources(read("Mayor Ruth Alder opened the bridge on Monday.\nThe bridge is safe, Alder said.")) == ["Ruth Alder"]

    def test_a_name_told_in_full_only_later(self, read: Read) -> None:
        assert sources(read("Bridge is safe, Alder says\nMayor Ruth Alder said on Monday that the bridge was safe.")) == ["Ruth Alder", "Ruth Alder"]

    def test_an_acronym(self, read: Read) -> None:
        text = "The Federal Bureau of Investigation searched the house on Monday.\nThe FBI said it had found no weapons."
        assert sources(read(text)) == ["Federal Bureau of Investigation"]

    def test_an_acronym_that_spells_a_pronoun(self, read: Read) -> None:
        text = "The World Health Organization met in Geneva on Monday.\nThe WHO said the outbreak was over."
        assert sources(read(text)) == ["World Health Organization"]

    def test_a_pronoun(self, read: Read) -> None:
        text = "Mayor Ruth Alder said the bridge was safe. She added that trucks would be allowed from May. “It will last,” she said."
        assert sources(read(text)) == ["Ruth Alder"] * 3

    def test_the_official(self, read: Read) -> None:
        text = "A senior official in the water ministry told Reuters that the order was given by telephone.\nThe official added that it was raining."
        assert sources(read(text)) == ["senior official in the water ministry"] * 2

    def test_the_newspaper(self, read: Read) -> None:
        text = "The Velden Gazette reported that the minister had sold his shares.\nThe newspaper said the sale took place in March."
        assert sources(read(text)) == ["Velden Gazette"] * 2

    def test_somebody_else_named_is_somebody_else(self, read: Read) -> None:
        assert sources(read("Mayor Ruth Alder said the bridge was safe. Paul Novak said it was not.")) == ["Ruth Alder", "Paul Novak"]

    def test_the_words_of_a_link_are_those_of_the_article(self, read: Read) -> None:
        text = "Mayor Ruth Alder said the bridge was safe. She added that trucks would be allowed from May."
        links = [link for a in read(text) for link in a.links]
        assert [link.mention for link in links] == ["Mayor Ruth Alder", "She"]
        assert [text[link.start : link.end] for link in links] == ["Mayor Ruth Alder", "She"]
        assert {link.naming for link in links} == {"named"}


class TestHeadlines:
    BODY = "\n\nDonald Trump said on Monday that he liked David Cameron. The talks with Cameron went on.\n"

    def test_in_title_case_only_the_names_of_the_text_are_names(self) -> None:
        names = Names(Article("Trump Says He Might Not Get Along With Cameron" + self.BODY))
        assert [(m.text, e.name) for m, e in names.mentions][:2] == [("Trump", "Donald Trump"), ("Cameron", "David Cameron")]

    def test_a_sentence_of_many_names_is_no_title(self) -> None:
        names = Names(Article("The World Health Organization met in Geneva on Monday." + self.BODY))
        assert names.mentions[0][1].name == "World Health Organization"


def test_several_people_have_their_full_names() -> None:
    article = Article("Marco Rubio met Jeb Bush on Monday.\n\nRubio and Bush said the talks were over.\n")
    names = Names(article)
    assert names.add(parse_phrase(article, (37, 51))).name == "Marco Rubio and Jeb Bush"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Donald Trump left on Monday. His campaign said he was tired.", "Donald Trump's campaign"),
        ("Donald Trump, whose lawyers said he was tired, left on Monday.", "Donald Trump's lawyers"),
    ],
)
def test_whose_somebody_is_stands_in_the_name(read: Read, text: str, name: str) -> None:
    assert [link.entity for said in read(text) for link in said.links] == [name]
