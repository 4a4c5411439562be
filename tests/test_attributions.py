"""Sentences in, attributions out: each cue with its source and its content, nested statements behind their outer ones."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import ARTICLES, Said

from scorer.article import Article, make_article
from scorer.attributions import detection_features
from scorer.labels import read_labelled
from scorer.model import Model, keep_likely
from scorer.spans import inside, overlaps

Read = Callable[..., list[Said]]


def parts(found: list[Said]) -> list[tuple[str | None, str, tuple[str, ...]]]:
    return [(a.source, a.cue, a.contents) for a in found]


@pytest.mark.parametrize(
    ("sentence", "source", "cue", "contents"),
    [
        ("Mayor Ruth Alder said that the bridge was safe.", "Mayor Ruth Alder", "said", ("that the bridge was safe",)),
        ("“The bridge is safe and will stay open,” said Mayor Ruth Alder.", "Mayor Ruth Alder", "said", ("“The bridge is safe and will stay open,”",)),
        ('"The bridge is safe," Mayor Ruth Alder told reporters.', "Mayor Ruth Alder", "told", ('"The bridge is safe,"',)),
        (
            '"The bridge is safe," Mayor Ruth Alder said, "and it will stay open all winter."',
            "Mayor Ruth Alder",
            "said",
            ('"The bridge is safe,"', '"and it will stay open all winter."'),
        ),
        ("The bridge is safe, according to Mayor Ruth Alder.", "Mayor Ruth Alder", "according to", ("The bridge is safe",)),
        ("According to Mayor Ruth Alder, the bridge is safe.", "Mayor Ruth Alder", "According to", ("the bridge is safe",)),
    ],
    ids=["behind the cue", "before the cue", "before source and cue", "in two pieces", "before an according to", "behind an according to"],
)
def test_a_sentence_is_one_attribution(read: Read, sentence: str, source: str, cue: str, contents: tuple[str, ...]) -> None:
    assert parts(read(sentence)) == [(source, cue, contents)]


def test_two_cues_in_a_sentence_each_have_their_own(read: Read) -> None:
    assert parts(read("The mayor said the bridge was safe, but the engineer Paul Novak warned that it could fall within a year.")) == [
        ("The mayor", "said", ("the bridge was safe",)),
        ("the engineer Paul Novak", "warned", ("that it could fall within a year",)),
    ]


def test_a_source_named_in_one_sentence_does_not_speak_in_the_next(read: Read) -> None:
    assert [a.source for a in read("Mayor Ruth Alder said the bridge was safe. Paul Novak said it was not.")] == ["Mayor Ruth Alder", "Paul Novak"]


@pytest.mark.parametrize("text", ["The bridge is eighty years old.", "It rained all day in Velden, and the river rose by a metre.", "42"])
def test_where_nobody_says_anything_there_is_nothing(read: Read, text: str) -> None:
    assert read(text) == []


class TestNested:
    def test_a_statement_in_a_statement_is_found_with_its_outer_one(self, read: Read) -> None:
        found = read("Smith said on Friday that Jones had denied that the money was stolen.")
        assert parts(found) == [
            ("Smith", "said", ("that Jones had denied that the money was stolen",)),
            ("Jones", "had denied", ("that the money was stolen",)),
        ]
        assert [a.outer for a in found] == [None, 0]

    def test_in_a_later_paragraph_its_offsets_are_the_articles(self, read: Read) -> None:
        found = read("The bridge is old.\nIt was built in 1931.\nSmith said on Friday that Jones had denied that the money was stolen.\nThen it rained.")
        assert parts(found)[1] == ("Jones", "had denied", ("that the money was stolen",))

    def test_line_breaks_inside_a_paragraph_change_nothing(self, model: Model) -> None:
        """Hard-wrapped text: the lines of a paragraph are no paragraphs."""
        wrapped = (
            "The bridge over the river at Velden\nwas built in 1931 and has been shut\nsince the flood of last spring.\n\n"
            "Senator Ruth Alder said on Monday that\nthe mayor of the town had told her in\nMay that the bridge was safe for cars\nand for heavy trucks.\n\n"
            "The council meets again on Friday to\ndiscuss what is to become of the old\nbridge and the road to it.\n"
        )
        assert len(make_article(wrapped).paragraphs) == 3

        def told(text: str) -> list[tuple[str, str]]:
            reading = model.read(make_article(text))
            return [(text[slice(*a.cue)].replace("\n", " "), " ".join(text[s:e] for s, e in a.contents).replace("\n", " ")) for a in reading.attributions]

        assert told(wrapped) == told("\n\n".join(p.replace("\n", " ") for p in wrapped.split("\n\n")))


@pytest.mark.parametrize("name", ["courts-02", "interview-01"])
def test_in_a_whole_article_every_part_is_in_its_place(model: Model, name: str) -> None:
    article = make_article(read_labelled(ARTICLES / f"{name}.txt")[0].text)
    reading = model.read(article)
    assert len(reading.attributions) > 5
    for i, a in enumerate(reading.attributions):
        own = [a.cue, *a.contents, *([a.source] if a.source else [])]
        assert all(0 <= s < e <= len(article.text) and article.text[s:e].strip() == article.text[s:e] for s, e in own)
        assert not any(overlaps(a.cue, piece) for piece in a.contents)
        assert 0.0 < a.pairing <= 1.0
        assert 0.0 < a.tagged <= 1.0
        if a.outer is not None:
            assert a.outer < i
            assert all(any(inside(part, piece) for piece in reading.attributions[a.outer].contents) for part in own)


def test_what_is_nested_in_a_dropped_attribution_stands_by_itself(model: Model) -> None:
    attributions = model.read(make_article("Smith said on Friday that Jones had denied that the money was stolen.")).attributions
    kept, sure = keep_likely(attributions, [0.1, 0.8], least=0.3)
    assert [(a.cue, a.outer) for a in kept] == [(attributions[1].cue, None)]
    assert sure == [0.8]


def test_an_unsure_tagger_makes_an_attribution_less_likely(model: Model) -> None:
    article = Article("Mayor Ruth Alder said that the bridge was safe.")
    (a,) = model.read(article).attributions
    features = detection_features(article, a)
    doubtful = {k: -3.0 if k.startswith("tagged") else v for k, v in features.items()}
    assert model.heads["detected"].probability(doubtful) < model.heads["detected"].probability(features)
