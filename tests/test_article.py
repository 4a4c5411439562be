"""Bytes in, an article out whose offsets are those of the text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.article import Article, decode, make_article, read_article, tokenize
from scorer.errors import InputError

ANY_TEXT = st.text(st.one_of(st.characters(), st.sampled_from("aB.,\"“” \n\r\t\u00a0'’-")), max_size=200)


def paragraphs(text: str) -> list[str]:
    return [text[s:e] for s, e in Article(text).paragraphs]


def sentences(text: str) -> list[str]:
    return [text[s:e] for s, e in Article(text).sentences]


def refused(data: bytes) -> str:
    """Why some bytes are no article; nothing where they are one that can be written down again."""
    try:
        read_article(data).text.encode("utf-8")
    except InputError as error:
        return str(error)
    return ""


def tokens(text: str) -> list[str]:
    return [t.text for t in tokenize(text, (0, len(text)))]


class TestBytes:
    TEXT = "“Café,” she said – twice.\n"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
    def test_unicode_comes_through_to_the_letter(self, encoding: str) -> None:
        mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
        assert decode(mark + self.TEXT.encode(encoding)) == self.TEXT

    def test_windows_quotes_in_an_old_file(self) -> None:
        text = "“We have nothing to add,” the ministry’s spokesman said on Friday. The café – on the quay – was shut.\n" * 5
        assert decode(text.encode("cp1252")) == text

    @pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
    def test_line_ends_stay_as_they_are(self, ending: str) -> None:
        text = f"News{ending}It rained.{ending}"
        article = read_article(text.encode())
        assert article.text == text
        assert [text[s:e] for s, e in article.paragraphs] == ["News", "It rained."]

    @pytest.mark.parametrize(
        "data", [b"", b"\n \t", b"\xef\xbb\xbf", b"?!", b"\x00" * 100, b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xfe", "\u00a0\u2028".encode()]
    )
    def test_no_text_is_an_error(self, data: bytes) -> None:
        with pytest.raises(InputError):
            read_article(data)

    @pytest.mark.parametrize("data", [b"caf\xe9", b"\xed\xa0\x80 lone", b"\xff\xfea", b"a\x00b", b"\xc3", b"It rained\xff\xff.", b"\xff\xfe\x00\x00a"])
    def test_bytes_of_no_encoding_are_read_or_refused_never_a_crash(self, data: bytes) -> None:
        assert "\n" not in refused(data)

    @given(st.binary(max_size=300))
    def test_no_bytes_crash_it(self, data: bytes) -> None:
        refused(data)

    def test_lone_surrogates_become_replacement_characters_one_for_one(self) -> None:
        assert make_article("It \ud800rained\udfff.").text == "It \ufffdrained\ufffd."


class TestOffsets:
    @given(ANY_TEXT)
    def test_paragraphs_and_sentences_are_in_order_and_without_white_space_around(self, text: str) -> None:
        article = Article(text)
        for spans in (article.paragraphs, article.sentences):
            assert all(s < e and text[s:e] == text[s:e].strip() for s, e in spans)
            assert all(a[1] <= b[0] for a, b in pairwise(spans))
        assert all(any(p[0] <= s and e <= p[1] for p in article.paragraphs) for s, e in article.sentences)

    @given(ANY_TEXT)
    def test_nothing_but_white_space_is_left_out(self, text: str) -> None:
        def letters(spans: tuple[tuple[int, int], ...]) -> str:
            return "".join("".join(text[s:e].split()) for s, e in spans)

        article = Article(text)
        assert letters(article.paragraphs) == letters(article.sentences) == "".join(text.split())

    @given(ANY_TEXT)
    def test_a_token_is_its_words_in_the_text(self, text: str) -> None:
        for row, (start, end) in zip(Article(text).tokens, Article(text).paragraphs, strict=True):
            assert all(text[t.start : t.end] == t.text and start <= t.start < t.end <= end for t in row)


class TestTokens:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("He didn't say.", ["He", "did", "n't", "say", "."]),
            ("the official’s aide", ["the", "official", "’s", "aide"]),
            ("the U.S. said", ["the", "U.S.", "said"]),
            ("1,200.50 dollars", ["1,200.50", "dollars"]),
            ("a vice-president", ["a", "vice-president"]),
            ("``No,'' he", ["``", "No", ",", "''", "he"]),
            ("well... no--never", ["well", "...", "no", "--", "never"]),
            ("it\u00a0rained", ["it", "rained"]),
        ],
    )
    def test_words_and_marks(self, text: str, words: list[str]) -> None:
        assert tokens(text) == words


class TestSentences:
    @pytest.mark.parametrize(
        ("text", "parts"),
        [
            ("It rained. It stopped.", ["It rained.", "It stopped."]),
            ("Mr. Smith of the U.S. Senate spoke.", ["Mr. Smith of the U.S. Senate spoke."]),
            ("Gen. J. P. Rowe left. He slept.", ["Gen. J. P. Rowe left.", "He slept."]),
            ('"Go." He went.', ['"Go."', "He went."]),
            ("It cost 3.5 million. So what?", ["It cost 3.5 million.", "So what?"]),
            ("“Why?” she asked.", ["“Why?” she asked."]),
            ("It rained.\nIt stopped", ["It rained.", "It stopped"]),
        ],
    )
    def test_where_they_end(self, text: str, parts: list[str]) -> None:
        assert sentences(text) == parts


class TestParagraphs:
    def test_a_line_is_one(self) -> None:
        assert paragraphs("One.\nTwo.\n\nThree.\n") == ["One.", "Two.", "Three."]

    def test_spaces_that_do_not_break_are_trimmed(self) -> None:
        assert paragraphs("\u00a0 One.\u00a0\n \u00a0 \nTwo.") == ["One.", "Two."]

    def test_hard_wrapped_text_is_joined_between_blank_lines(self) -> None:
        first = "The gates of the dam were\nshut by hand on Tuesday, the\nministry said in a note."
        second = "No one was hurt when the\nwater came down the valley\nat night, it added."
        text = f"{first}\n\n{second}\n"
        assert paragraphs(text) == [first, second]

    def test_hard_wrapped_text_with_windows_line_ends(self) -> None:
        text = "The gates of the dam were\r\nshut by hand on Tuesday, the\r\nministry said in a note.\r\n\r\nNo one was hurt when the\r\nwater came.\r\n"
        assert len(paragraphs(text)) == 2


class TestHeadline:
    BODY = "\nThe gates were shut, the ministry said. It gave no reason.\n"

    @pytest.mark.parametrize(
        ("first", "title"),
        [
            ("Dam gates shut, ministry says", "Dam gates shut, ministry says"),
            ("Who shut the gates?", "Who shut the gates?"),
            ("The dam broke. Nobody was hurt.", None),
            ("VELDEN, March 4 (Reuters) - The dam broke", None),
            (" ".join(["word"] * 31), None),
            (" ".join(["word"] * 19) + ".", None),
        ],
    )
    def test_a_short_first_line_is_one(self, first: str, title: str | None) -> None:
        assert make_article(first + self.BODY).title == title

    def test_a_text_of_one_line_has_none(self) -> None:
        assert make_article("Dam gates shut").title is None


class TestWhoWroteIt:
    @pytest.mark.parametrize(
        ("line", "provider"),
        [
            ("VELDEN, March 4 (Reuters) - The dam broke.", "Reuters"),
            ("WASHINGTON (AP) — The dam broke.", "AP"),
            ("PARIS (Agence France-Presse) – The dam broke.", "AFP"),
            ("DURANGA, March 4 (Continental Wire) - The dam broke.", None),
            ("MOSCOW — The dam broke.", None),
            ("The dam broke (AP).", None),
        ],
    )
    def test_the_agency_in_the_dateline(self, line: str, provider: str | None) -> None:
        assert make_article(f"Dam breaks\n{line}\nMore.\n").provider == provider

    @pytest.mark.parametrize("line", ["VELDEN: The dam broke.", "VELDEN, March 4 (Reuters) - The dam broke.", "VELDEN — The dam broke."])
    def test_the_dateline_ends_where_the_news_begins(self, line: str) -> None:
        article = make_article(f"Dam breaks\n{line}\nMore.\n")
        assert article.dateline is not None
        assert article.text[article.dateline.end() :].startswith("The dam broke.")

    @pytest.mark.parametrize(
        ("line", "byline"),
        [
            ("By Ilse Varga", "Ilse Varga"),
            ("By Ilse Varga and Tomo Reddick", "Ilse Varga and Tomo Reddick"),
            ("By the time it was over, forty were dead.", None),
            ("by hand", None),
        ],
    )
    def test_the_byline(self, line: str, byline: str | None) -> None:
        assert make_article(f"Dam breaks\n{line}\nThe dam broke. It rained.\n").byline == byline
