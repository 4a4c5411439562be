"""Markup in, a labelled article out, and back."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ARTICLES, DAM

from scorer.errors import InputError, LabelError
from scorer.labels import LabelledArticle, LabelledAttribution, add_chains, article_from_dict, parse_markup, read_labelled

HEAD = "id: a\n\n"
ONE = HEAD + "[It rained]{1t}, [he]{1s} [said]{1c}.\n---\n1 claim: he = Joe (witness, named)\n"


def words_by_role(article: LabelledArticle) -> list[dict[str, list[str]]]:
    return [{role: [article.text[s:e] for s, e in pieces] for role, pieces in a.spans.items()} for a in article.attributions]


class TestMarkup:
    def test_the_text_is_left_without_its_marks(self) -> None:
        article = parse_markup(ONE)
        assert (article.id, article.outlet, article.text) == ("a", None, "It rained, he said.\n")
        (a,) = article.attributions
        assert words_by_role(article) == [{"content": ["It rained"], "source": ["he"], "cue": ["said"]}]
        assert (a.claim, a.firsthand) == (True, False)
        assert a.chain is not None
        assert [vars(x) for x in a.chain] == [{"mention": "he", "entity": "Joe", "kind": "witness", "naming": "named", "org": None}]

    def test_brackets_nest_and_words_may_have_several_labels(self) -> None:
        article = parse_markup(HEAD + "[He]{1s 2s} [said]{1c} [she [had said]{2c} [no]{2t}]{1t}.\n---\n1 claim: He (unknown, vague)\n2 attitude firsthand: -\n")
        assert words_by_role(article) == [
            {"source": ["He"], "cue": ["said"], "content": ["she had said no"]},
            {"source": ["He"], "cue": ["had said"], "content": ["no"]},
        ]
        assert [(a.claim, a.firsthand, len(a.chain or ())) for a in article.attributions] == [(True, False, 1), (False, True, 0)]

    def test_a_literal_bracket_is_escaped(self) -> None:
        article = parse_markup(HEAD + "[It \\[the dam\\] broke]{1t}, [he]{1s} [said]{1c}.\n---\n1 claim: -\n")
        assert article.text == "It [the dam] broke, he said.\n"

    def test_a_link_takes_its_entity_and_org_from_the_line(self) -> None:
        article = parse_markup(DAM)
        chain = article.attributions[1].chain or ()
        assert [(x.mention, x.entity, x.org) for x in chain] == [
            ("the state-run KTV", "KTV", None),
            ("correspondent in Velden", "Mira Doss", "KTV"),
            ("a senior water-ministry official", "senior water-ministry official", "Water Ministry"),
        ]

    def test_other_lines_of_the_head_are_kept(self) -> None:
        assert parse_markup("id: a\nsort: wire\n\nIt rained.\n---\n").meta == {"sort": "wire"}

    @pytest.mark.parametrize(
        ("source", "message"),
        [
            ("no head", "a.txt:1: expected `key: value` lines"),
            ("id: a\n\nno dashes\n", "a.txt:1: expected `key: value` lines"),
            ("id\n\nIt rained.\n---\n", "a.txt:1: expected `key: value`, found 'id'"),
            ("sort: wire\n\nIt rained.\n---\n", "a.txt:1: no `id:` line"),
            (HEAD + "[It rained.\n---\n", "a.txt:3: near '[It rained.\\n': bracket not closed"),
            (HEAD + "It rained].\n---\n", "expected `[words]{1s}`; a literal bracket is"),
            (HEAD + "[It rained]{1x}.\n---\n", "expected `[words]{1s}`"),
            (HEAD + "[It rained]{1t}.\n---\n", "a.txt:5: no chain line for attribution 1"),
            (HEAD + "It rained.\n---\n1 claim: -\n", "a.txt:5: attribution 1 has no spans in the text"),
            (HEAD + "[It rained]{1t}.\n---\n1 claim: -\n1 claim: -\n", "a.txt:6: attribution 1 has two chain lines"),
            (HEAD + "[It rained]{1t}.\n---\n1 claims: -\n", "a.txt:5: expected `1 claim: mention = entity (kind, naming, org) > …`"),
            (HEAD + "[It rained]{1t}.\n---\n1 claim: he\n", "a.txt:5: expected `mention = entity (kind, naming, org)`, found 'he'"),
            (HEAD + "[It rained]{1t}.\n---\n1 claim: he (man, named)\n", "a.txt:5: (man, named): kind is one of crowd, document"),
            (HEAD + "It rained.\nIt\n poured].\n---\n", "a.txt:5: near "),
            ("id: a\nsort: a\u2028b\x0cc\n\nIt\u2028rained].\n---\n", "a.txt:4: near "),
            (HEAD + "[It rained]{1t}.\n---\n1 claim: he\u2028she = Joe (witness, named)\n2 claim: -\n", "a.txt:6: attribution 2 has no spans"),
        ],
    )
    def test_an_error_tells_where_and_what(self, source: str, message: str) -> None:
        with pytest.raises(LabelError) as error:
            parse_markup(source, name="a.txt")
        assert message in str(error.value)
        assert str(error.value).startswith("a.txt:")


class TestFiles:
    def test_what_is_written_reads_the_same(self, tmp_path: Path) -> None:
        articles = read_labelled(ARTICLES)[::10]
        assert len(articles) > 5
        (tmp_path / "all.jsonl").write_text("".join(json.dumps(a.to_dict()) + "\n" for a in articles))
        assert [a.to_dict() for a in read_labelled(tmp_path / "all.jsonl")] == [a.to_dict() for a in articles]

    def test_spans_alone_are_labels_too(self) -> None:
        attribution = {"id": "E1", "source": [[11, 13]], "cue": [[14, 18]], "content": [[0, 9]]}
        row = {"id": "a", "outlet": None, "text": "It rained, he said.", "attributions": [attribution]}
        article = article_from_dict(row)
        assert not article.has_chains
        assert article.to_dict() == row

    def test_labels_without_a_chain_and_fields_of_others_are_kept(self) -> None:
        attribution = {"id": "E1", "source": [[11, 13]], "cue": [[14, 18]], "content": [[0, 9]], "claim": True, "firsthand": False, "level": 3, "by": None}
        row = {"id": "a", "outlet": None, "text": "It rained, he said.", "attributions": [attribution]}
        article = article_from_dict(row)
        assert article.attributions[0].meta == {"level": 3, "by": None}
        assert article.to_dict() == row

    def test_a_chain_that_is_null_is_none(self) -> None:
        row = parse_markup(ONE).to_dict()
        row["attributions"][0]["chain"] = None
        article = article_from_dict(row)
        assert not article.has_chains
        assert "chain" not in article.to_dict()["attributions"][0]

    def test_a_folder_is_its_files_of_both_sorts(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text(ONE)
        (tmp_path / "more.jsonl").write_text(json.dumps(parse_markup(ONE.replace("id: a", "id: b")).to_dict()))
        (tmp_path / "notes.md").write_text("none of them")
        assert [a.id for a in read_labelled(tmp_path)] == ["a", "b"]

    def test_an_article_that_comes_twice_is_read_once(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text(ONE)
        (tmp_path / "all.jsonl").write_text(json.dumps(parse_markup(ONE).to_dict()))
        assert [a.id for a in read_labelled(tmp_path)] == ["a"]

    @pytest.mark.parametrize("change", [("rained", "poured"), ("Joe", "Jim")])
    def test_two_articles_of_one_id_are_refused(self, tmp_path: Path, change: tuple[str, str]) -> None:
        (tmp_path / "a.txt").write_text(ONE)
        (tmp_path / "all.jsonl").write_text("\n" + json.dumps(parse_markup(ONE.replace(*change)).to_dict()))
        with pytest.raises(LabelError) as error:
            read_labelled(tmp_path)
        assert str(error.value).startswith(f"{tmp_path / 'all.jsonl'}:2: {tmp_path / 'a.txt'}:1 has the id 'a' too, with another text or other labels;")

    def test_a_broken_line_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "all.jsonl"
        path.write_text(json.dumps(parse_markup(ONE).to_dict()) + "\n\n{}\n")
        with pytest.raises(LabelError, match=r"all\.jsonl:3: not a labelled article \(no field 'attributions'\)"):
            read_labelled(path)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"text": 3}, "the text is 3; make it text"),
            ({"id": ["a"]}, "the id is ['a']; make it text"),
            ({"attributions": [{"id": 1}]}, "the id of an attribution is 1; make it text"),
            ({"attributions": [{"id": "E1", "content": [[0, "9"]]}]}, "a span is two whole numbers, found [0, '9']"),
            ({"attributions": [{"id": "E1", "chain": [{"mention": "he", "entity": "Joe", "kind": "man", "naming": "named"}]}]}, "(man, named): kind is one of"),
            (
                {"attributions": [{"id": "E1", "chain": [{"mention": "he", "entity": " ", "kind": "witness", "naming": "named"}]}]},
                "needs a mention and an entity",
            ),
            ({"attributions": [{"id": "E1", "chain": [{"mention": "he", "who": "Joe"}]}]}, "unexpected keyword argument 'who'"),
        ],
    )
    def test_what_is_wrong_with_a_line_is_told(self, tmp_path: Path, change: dict[str, object], message: str) -> None:
        (tmp_path / "all.jsonl").write_text(json.dumps(parse_markup(ONE).to_dict() | change))
        with pytest.raises(LabelError, match=re.escape(message)):
            read_labelled(tmp_path / "all.jsonl")

    def test_a_line_separator_in_a_text_is_no_end_of_the_line(self, tmp_path: Path) -> None:
        row = LabelledArticle("a", None, "It rained.\u2028It poured.", ()).to_dict()
        (tmp_path / "all.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", "utf-8")
        assert [a.text for a in read_labelled(tmp_path / "all.jsonl")] == ["It rained.\u2028It poured."]

    def test_files_that_can_not_be_read(self, tmp_path: Path) -> None:
        (tmp_path / "latin.txt").write_bytes(b"id: caf\xe9")
        (tmp_path / "chains.jsonl").write_text('{"id": "a", "attributions": []}\n')
        (tmp_path / "empty").mkdir()
        for name, message in (
            ("nowhere.jsonl", "no such file; check the path"),
            ("latin.txt", "not UTF-8 text (byte 7); save it as UTF-8"),
            ("empty", "no .txt or .jsonl files in this folder"),
            ("chains.jsonl", "stand-off labels, without the text; pass the articles, and these with --chains"),
        ):
            with pytest.raises(InputError, match=re.escape(message)) as error:
                read_labelled(tmp_path / name)
            assert str(error.value).startswith(f"{tmp_path / name}:")


@pytest.mark.parametrize("name", ["articles", "held_out"])
def test_the_shipped_articles_as_jsonl_are_the_marked_ones(name: str) -> None:
    folder = Path(__file__).parent.parent / "training_data"
    marked, lines = read_labelled(folder / name), read_labelled(folder / f"{name}.jsonl")
    assert [a.to_dict() for a in marked] == [a.to_dict() for a in lines]


class TestStandOff:
    ARTICLE = LabelledArticle("a", None, "He said it rained.", (LabelledAttribution("E1", {"source": ((0, 2),), "cue": ((3, 7),), "content": ((8, 17),)}),))

    def labels(self, folder: Path, **row: object) -> Path:
        path = folder / "chains.jsonl"
        path.write_text(json.dumps({"id": "a", "attributions": [{"id": "E1", "claim": True, "firsthand": False, "chain": []}], **row}) + "\n", "utf-8")
        return path

    def test_spans_get_their_chains_and_the_article_its_meta(self, tmp_path: Path) -> None:
        (article,) = add_chains([self.ARTICLE], self.labels(tmp_path, picked="random"))
        assert article.has_chains
        assert article.attributions[0].spans == self.ARTICLE.attributions[0].spans
        assert (article.attributions[0].claim, article.attributions[0].chain, article.meta) == (True, (), {"picked": "random"})

    def test_articles_that_are_not_named_stay_as_they_are(self, tmp_path: Path) -> None:
        other = replace(self.ARTICLE, id="b")
        assert add_chains([other, self.ARTICLE], self.labels(tmp_path))[0] == other

    def test_labels_of_none_of_the_articles_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(LabelError, match=r"chains\.jsonl: no labels of any of the articles; ids must be the same, such as 'a'"):
            add_chains([self.ARTICLE], self.labels(tmp_path, id="b"))

    def test_each_of_two_articles_of_one_id_keeps_its_text(self, tmp_path: Path) -> None:
        other = replace(self.ARTICLE, text="He said it poured.")
        articles = add_chains([self.ARTICLE, other], self.labels(tmp_path))
        assert [(a.text, a.has_chains) for a in articles] == [("He said it rained.", True), ("He said it poured.", True)]

    def test_fields_of_others_are_kept(self, tmp_path: Path) -> None:
        rows = [{"id": "E1", "claim": True, "firsthand": False, "chain": [], "by": "me"}]
        (article,) = add_chains([self.ARTICLE], self.labels(tmp_path, attributions=rows))
        assert article.attributions[0].meta == {"by": "me"}

    @pytest.mark.parametrize("row", [{"attributions": [{"id": "E2"}]}, {"attributions": [{"id": "E1"}]}, {"attributions": 3}])
    def test_labels_that_do_not_fit_are_refused_by_line(self, tmp_path: Path, row: dict[str, object]) -> None:
        with pytest.raises(LabelError, match=r"chains\.jsonl:1: labels that do not fit"):
            add_chains([self.ARTICLE], self.labels(tmp_path, **row))


@pytest.mark.parametrize(("chains", "articles"), [("held_out_second", "held_out")])
def test_the_shipped_stand_off_labels_fit_their_articles(chains: str, articles: str) -> None:
    folder = Path(__file__).parent.parent / "training_data"
    labelled = read_labelled(folder / f"{articles}.jsonl")
    again = add_chains(labelled, folder / f"{chains}.jsonl")
    changed = [a for a, b in zip(again, labelled, strict=True) if a != b]
    assert len(changed) == 40
