"""A noun phrase in, what it says of who it stands for: name, head, form, possessor, label."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.article import Article
from scorer.mentions import find_names, is_outlet, parse_phrase, singular

# phrase: (name, head, form, possessor, label)
PHRASES: dict[str, tuple[str | None, str, str, str | None, str]] = {
    # names, with and without titles
    "James Comey": ("James Comey", "comey", "name", None, "James Comey"),
    "FBI Director James Comey": ("James Comey", "comey", "name", "FBI", "James Comey"),
    "Mr. Comey": ("Comey", "comey", "name", None, "Comey"),
    "Sen. Ruth Alder": ("Ruth Alder", "alder", "name", None, "Ruth Alder"),
    "White House spokesman Josh Earnest": ("Josh Earnest", "earnest", "name", None, "Josh Earnest"),
    "Bill O’Reilly": ("Bill O’Reilly", "reilly", "name", None, "Bill O’Reilly"),
    "Smith and Jones": ("Smith and Jones", "jones", "name", None, "Smith and Jones"),
    "the University of Karvela": ("University of Karvela", "karvela", "name", None, "University of Karvela"),
    "The New York Times": ("New York Times", "times", "name", None, "New York Times"),
    "the FBI": ("FBI", "fbi", "name", None, "FBI"),
    "the news site Znak.com": ("Znak.com", "com", "name", None, "Znak.com"),
    # a name with more behind it
    "Ruth Alder, a senator from Ohio,": ("Ruth Alder", "alder", "name", "Ohio", "Ruth Alder"),
    "Kim Hart, 43": ("Kim Hart", "hart", "name", None, "Kim Hart"),
    "Cllr Derek Anstey, who proposed approval,": ("Derek Anstey", "anstey", "name", None, "Derek Anstey"),
    "Anita Blakeway, of the Save Mill Meadow group,": ("Anita Blakeway", "blakeway", "name", "Save Mill Meadow", "Anita Blakeway"),
    # a name in apposition to a description
    "the manager, Robby Mook": ("Robby Mook", "manager", "name", None, "Robby Mook"),
    "his lawyer, Maria Conti": ("Maria Conti", "lawyer", "name", None, "Maria Conti"),
    "a spokeswoman for the mayor, Ann Lee": ("Ann Lee", "spokeswoman", "name", None, "Ann Lee"),
    "a report by the Associated Press": ("Associated Press", "report", "name", None, "Associated Press"),
    # descriptions
    "the official": (None, "official", "definite", None, "official"),
    "her client": (None, "client", "definite", None, "her client"),
    "a senior Clinton aide": (None, "aide", "indefinite", "Clinton", "senior Clinton aide"),
    "KTV's correspondent in Velden": (None, "correspondent", "definite", "KTV", "KTV's correspondent in Velden"),
    "the state-run KTV's correspondent": (None, "correspondent", "definite", "KTV", "state-run KTV's correspondent"),
    "the company’s chief executive": (None, "executive", "definite", None, "company’s chief executive"),
    "a spokesman for the Ministry of Health": (None, "spokesman", "indefinite", "Ministry of Health", "spokesman for the Ministry of Health"),
    "two people familiar with the matter": (None, "people", "indefinite", None, "two people familiar with the matter"),
    "a person who was in the room": (None, "person", "indefinite", None, "person who was in the room"),
    "an 81-year-old farmer": (None, "farmer", "indefinite", None, "81-year-old farmer"),
    "a poll by Gallup": (None, "poll", "indefinite", None, "poll by Gallup"),
    # bare nouns, also where they open a sentence and so have a capital
    "officials": (None, "officials", "bare", None, "officials"),
    "Critics": (None, "critics", "bare", None, "Critics"),
    "Police": (None, "police", "bare", None, "Police"),
    "Monday": (None, "monday", "bare", None, "Monday"),
    # pronouns and hedges
    "She": (None, "she", "pronoun", None, "She"),
    "they": (None, "they", "pronoun", None, "they"),
    "reportedly": (None, "reportedly", "hedge", None, "reportedly"),
    "": (None, "", "missing", None, ""),
}

SMALL_WORDS = {
    "Ursula von der Leyen": ("Ursula von der Leyen", "leyen", "name", None, "Ursula von der Leyen"),
    "Maria de la Cruz": ("Maria de la Cruz", "cruz", "name", None, "Maria de la Cruz"),
    "The WHO": ("WHO", "who", "name", None, "WHO"),
    "the University of Karvela's Paul Novak": ("Paul Novak", "novak", "name", "University of Karvela", "Paul Novak"),
}


def parsed(phrase: str) -> tuple[str | None, str, str, str | None, str]:
    mention = parse_phrase(Article(phrase), (0, len(phrase)))
    return mention.name, mention.head, mention.form, mention.possessor, mention.label


@pytest.mark.parametrize("phrase", [*PHRASES, *SMALL_WORDS])
def test_a_phrase_is_read_off_its_own_words(phrase: str) -> None:
    assert parsed(phrase) == (PHRASES | SMALL_WORDS)[phrase]


@pytest.mark.parametrize(
    ("phrase", "plural"),
    [("officials", True), ("two aides to the governor", True), ("Smith and Jones", True), ("they", True), ("police", True), ("the boss", False), ("he", False)],
)
def test_one_or_many(phrase: str, plural: bool) -> None:
    assert parse_phrase(Article(phrase), (0, len(phrase))).plural is plural


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [
        ("the newspaper", "outlet"),
        ("KTV's correspondent in Velden", "journalist"),
        ("a senior official", "official"),
        ("Sen. Ruth Alder's lawyer", "expert"),
        ("a neighbour", "witness"),
        ("the lawsuit", "document"),
        ("Critics", "crowd"),
        ("sources", "unknown"),
        ("Police", "official"),
    ],
)
def test_a_head_noun_speaks_for_a_kind(phrase: str, kind: str) -> None:
    assert kind in parse_phrase(Article(phrase), (0, len(phrase))).kinds


def test_a_name_alone_speaks_for_no_kind() -> None:
    assert parse_phrase(Article("Ruth Alder"), (0, 10)).kinds == frozenset()


@pytest.mark.parametrize(
    "name", ["CNN", "the Times", "The New York Times", "Znak.com", "Velden Gazette", "Northern Courier", "CBS This Morning", "Agence France-Presse"]
)
def test_an_outlets_name(name: str) -> None:
    assert is_outlet(name)


@pytest.mark.parametrize("name", ["Ruth Alder", "Water Ministry", "Karvela", "FBI", ""])
def test_no_outlets_name(name: str) -> None:
    assert not is_outlet(name)


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("On Tuesday Ruth Alder met Paul Novak of the Bank of Karvela.", ["Ruth Alder", "Paul Novak", "Bank of Karvela"]),
        ("Rain fell on Velden.", ["Velden"]),
        ("It was Canal 6, not Fox & Friends.", ["Canal 6", "Fox & Friends"]),
        ("On Meet the Press she named Znak.com.", ["Meet the Press", "Znak.com"]),
        ("It told the French agency AFP and the Italian daily Corriere dello Sport.", ["AFP", "Corriere dello Sport"]),
        ("Nobody came.", []),
    ],
)
def test_names_are_runs_of_capitals(sentence: str, names: list[str]) -> None:
    assert [sentence[s:e] for s, e in find_names(Article(sentence), (0, len(sentence)), frozenset())] == names


def test_a_word_that_opens_a_sentence_is_a_name_if_it_is_one_elsewhere() -> None:
    sentence = "Velden is cut off."
    assert find_names(Article(sentence), (0, len(sentence)), frozenset({"Velden"})) == [(0, 6)]
    assert find_names(Article(sentence), (0, len(sentence)), frozenset()) == []


@pytest.mark.parametrize(("word", "one"), [("sources", "source"), ("agencies", "agency"), ("boss", "boss"), ("press", "press"), ("gas", "gas")])
def test_singular(word: str, one: str) -> None:
    assert singular(word) == one


@given(st.lists(st.sampled_from("the a Mr. Ruth Alder KTV 's of , who ( he and official reportedly -- ’ . 43 “ ” Press by".split()), max_size=8).map(" ".join))
def test_any_phrase_is_read_within_its_bounds(phrase: str) -> None:
    mention = parse_phrase(Article(phrase), (0, len(phrase)))
    start, end = mention.head_span
    assert 0 <= start <= end <= len(phrase)
    assert mention.text == phrase[start:end]
    if mention.name_span:
        assert phrase[slice(*mention.name_span)] == mention.name
