"""An article in, out who in it confirms or contradicts whom."""

from __future__ import annotations

import pytest
from conftest import ARTICLES, report_of

from scorer.labels import parse_markup
from scorer.stances import cue_stance, find_stances

Told = list[tuple[str, str, str]]


def stances(source: str) -> Told:
    """Who takes which stance on whom, of an article in the markup of the training data, without its title line."""
    report = report_of(parse_markup("id: a\n\n" + source))
    names = [c.origin.entity if c.origin else "nobody" for c in report.claims]
    return [(names[s.by], s.kind, names[s.on]) for s in find_stances(report)]


class TestCues:
    @pytest.mark.parametrize(
        ("cue", "content", "stance"),
        [
            ("confirmed", "that the gates had been shut", "confirmed"),
            ("has corroborated", "the account", "confirmed"),
            ("would confirm", "that two men had been questioned", "confirmed"),
            ("also said", "that the gates had been shut", "backed"),
            ("denied", "that the gates had been shut", "denied"),
            ("denied", "it", "denied"),
            ("denies", "any wrongdoing", "denied"),
            ("has denied", "having given the order", "denied"),
            ("disputed", "her account", "denied"),
            ("contradicted", "him", "denied"),
            ("rejected", "the accusation", "denied"),
            ("dismissed", "it as “cheap propaganda”", "denied"),
            ("called", "that “nonsense”", "denied"),
            ("called", "the report “pure fantasy”", "denied"),
        ],
    )
    def test_hits(self, cue: str, content: str, stance: str) -> None:
        assert cue_stance(cue, content) == stance

    @pytest.mark.parametrize(
        ("cue", "content"),
        [
            ("said", "that the gates had been shut"),
            ("would neither confirm nor deny", "the report"),
            ("has not been confirmed", "the report"),
            ("did not deny", "it"),
            ("didn’t deny", "it"),
            ("did n't deny", "it"),
            ("declined to confirm", "that the messages were authentic"),
            ("could not independently confirm", "the claim"),
            ("refused to deny", "it"),
            ("asked police to confirm", "that he was held"),
            ("hopes to confirm", "it"),
            ("agreed", "to confirm"),
            ("denied", "bail to the three men"),
            ("rejected", "the request"),
            ("rejected", "it"),  # an offer, as likely as a statement
            ("dismissed", "the minister"),
            ("called", "the report “brave”"),
            ("called", "the scheme “nonsense”"),
            ("called on", "the ministry to publish it"),
            ("also denounced", "the ministry"),
            ("agreed", "to publish the report"),
        ],
    )
    def test_misses(self, cue: str, content: str) -> None:
        assert cue_stance(cue, content) is None


GATES = "[The ministry]{1s} [said]{1c} [the gates of the dam were shut four days before the flood]{1t}.\n"
MINISTRY = "1 claim: The ministry = Water Ministry (organisation, named)\n"


class TestSameThing:
    @pytest.mark.parametrize(
        ("second", "chain", "stance"),
        [
            ("[Petra Holm]{2s} [confirmed]{2c} [that the gates were shut before the flood]{2t}.", "Petra Holm (witness, named)", "confirmed"),
            ("[Petra Holm]{2s} [denied]{2c} [that the gates were shut before the flood]{2t}.", "Petra Holm (witness, named)", "denied"),
            ("[Petra Holm]{2s} [also said]{2c} [the gates of the dam were shut days before the flood]{2t}.", "Petra Holm (witness, named)", "backed"),
            ("[An engineer]{2s} [confirmed]{2c} [that the gates were shut before the flood]{2t}.", "An engineer (expert, described)", "confirmed"),
        ],
    )
    def test_told_over_again_by_another(self, second: str, chain: str, stance: str) -> None:
        ((by, kind, on),) = stances(f"{GATES}\nSnow fell.\n\n{second}\n---\n{MINISTRY}2 claim: {chain}\n")
        assert (by, kind, on) == (chain.partition(" (")[0], stance, "Water Ministry")

    @pytest.mark.parametrize(
        ("second", "chain", "why"),
        [
            ("[Petra Holm]{2s} [said]{2c} [that the gates were shut before the flood]{2t}.", "Petra Holm (witness, named)", "no word says it is the same"),
            ("[Petra Holm]{2s} [confirmed]{2c} [that the gates were not shut before the flood]{2t}.", "Petra Holm (witness, named)", "the contrary"),
            ("[Petra Holm]{2s} [confirmed]{2c} [that the dam is old]{2t}.", "Petra Holm (witness, named)", "something else"),
            ("[Petra Holm]{2s} [would not confirm]{2c} [that the gates were shut before the flood]{2t}.", "Petra Holm (witness, named)", "withheld"),
            ("[Petra Holm]{2s} [confirmed]{2c} [that the gates were shut before the flood]{2t}.", "Petra Holm (official, named, Water Ministry)", "its own"),
            ("[It]{2s} [confirmed]{2c} [that the gates were shut before the flood]{2t}.", "It = Water Ministry (organisation, named)", "itself"),
            ("[Critics]{2s} [confirmed]{2c} [that the gates were shut before the flood]{2t}.", "Critics (crowd, vague)", "anybody"),
        ],
        ids=lambda x: x if " " in x and "{" not in x and "(" not in x else "",
    )
    def test_no_stance(self, second: str, chain: str, why: str) -> None:
        assert stances(f"{GATES}\nSnow fell.\n\n{second}\n---\n{MINISTRY}2 claim: {chain}\n") == [], why

    def test_who_both_told_the_same_outlet_may_contradict_but_not_confirm_each_other(self) -> None:
        def told(cue: str) -> Told:
            first = "[The ministry]{1s} [told KTV]{1c} [the gates were shut before the flood]{1t}.\n\n"
            second = f"[Petra Holm]{{2s}} [{cue} to KTV]{{2c}} [that the gates were shut before the flood]{{2t}}.\n"
            ministry = "1 claim: KTV (outlet, named) > The ministry = Water Ministry (organisation, named)\n"
            return stances(f"{first}{second}---\n{ministry}2 claim: KTV (outlet, named) > Petra Holm (witness, named)\n")

        assert told("confirmed") == []
        assert told("denied") == [("Petra Holm", "denied", "Water Ministry")]

    def test_two_who_are_not_named_may_be_one(self) -> None:
        first = "[An official]{1s} [said]{1c} [the gates were shut before the flood]{1t}.\n\n"
        second = "[A senior source]{2s} [confirmed]{2c} [that the gates were shut before the flood]{2t}.\n---\n"
        official = "1 claim: An official (official, described{})\n"
        assert stances(first + second + official.format("") + "2 claim: A senior source (unknown, described)\n") == []
        both = stances(first + second + official.format(", Water Ministry") + "2 claim: A senior source (official, described, Sarun police)\n")
        assert both == [("A senior source", "confirmed", "An official")]

    def test_what_is_told_within_the_other_is_no_answer_to_it(self) -> None:
        text = "[Petra Holm]{1s} [said]{1c} [the ministry [denied]{2c} [that the gates were shut before the flood]{2t}]{1t}.\n---\n"
        chains = "1 claim: Petra Holm (witness, named)\n2 claim: the ministry = Water Ministry (organisation, named)\n"
        assert stances(text + chains) == []

    def test_two_who_deny_a_thing_do_not_contradict_each_other(self) -> None:
        text = "[Petra Holm]{1s} [denied]{1c} [that the gates were shut]{1t}.\n\n[The ministry]{2s} [denied]{2c} [that the gates were shut]{2t}.\n---\n"
        assert stances(text + "1 claim: Petra Holm (witness, named)\n2 claim: The ministry = Water Ministry (organisation, named)\n") == []


class TestToldLast:
    @pytest.mark.parametrize(
        "second", ["[denied]{2c} [it]{2t}", "[denied]{2c} [this]{2t}", "[called]{2c} [that “nonsense”]{2t}", "[disputed]{2c} [the account]{2t}"]
    )
    def test_it_is_what_was_told_last(self, second: str) -> None:
        assert stances(f"{GATES.rstrip()} [Petra Holm]{{2s}} {second}.\n---\n{MINISTRY}2 claim: Petra Holm (witness, named)\n") == [
            ("Petra Holm", "denied", "Water Ministry")
        ]

    @pytest.mark.parametrize(
        ("between", "second", "why"),
        [
            ("\n\n", "[called]{2c} [the accusation “a lie”]{2t}", "a noun in a paragraph of its own may mean anything"),
            (" ", "[disputed]{2c} [the figure]{2t}", "no number was told"),
            (" ", "[denied]{2c} [the report]{2t}", "nobody reported it"),
            (" It rained. It rained. ", "[denied]{2c} [it]{2t}", "too far back"),
            (" ", "[denies]{2c} [any wrongdoing]{2t}", "nobody accused her"),
        ],
    )
    def test_in_doubt_it_is_nothing(self, between: str, second: str, why: str) -> None:
        assert stances(f"{GATES.rstrip()}{between}[Petra Holm]{{2s}} {second}.\n---\n{MINISTRY}2 claim: Petra Holm (witness, named)\n") == [], why

    @pytest.mark.parametrize(("who", "denied"), [("Jonas Weil (witness, named)", ["Petra Holm", "Water Ministry"]), ("Petra Holm (witness, named)", [])])
    def test_what_ends_there_is_denied_with_what_is_told_within_it(self, who: str, denied: list[str]) -> None:
        text = "[Petra Holm]{1s} [said]{1c} [[the ministry]{2s} [had said]{2c} [the gates were shut]{2t}]{1t}. [Weil]{3s} [denied]{3c} [it]{3t}.\n---\n"
        chains = "1 claim: Petra Holm (witness, named)\n2 claim: Petra Holm (witness, named) > the ministry = Water Ministry (organisation, named)\n"
        name = who.partition(" (")[0]
        assert stances(f"{text}{chains}3 claim: Weil = {who}\n") == [(name, "denied", on) for on in denied or ["Water Ministry"]]

    def test_the_report_is_an_outlets(self) -> None:
        text = "[KTV]{1s} [reported]{1c} [that the gates were shut]{1t}. [The ministry]{2s} [denied]{2c} [the report]{2t}.\n---\n"
        assert stances(text + "1 claim: KTV (outlet, named)\n2 claim: The ministry = Water Ministry (organisation, named)\n") == [
            ("Water Ministry", "denied", "KTV")
        ]

    def test_wrongdoing_is_denied_to_who_accuses(self) -> None:
        text = "[Prosecutors]{1s} [accuse]{1c} [Petra Holm of shutting the gates]{1t}. [Holm]{2s} [denies]{2c} [any wrongdoing]{2t}.\n---\n"
        chains = "1 claim: Prosecutors (official, described)\n2 claim: Holm = Petra Holm (witness, named)\n"
        assert stances(text + chains) == [("Petra Holm", "denied", "Prosecutors")]


# The labelled articles in which a source answers what another told, once for each claim it answers, as read by hand; all other words of denial go
# against what no source told.
ANSWERED = """council-01 disaster-02 disaster-02 elections-02 elections-07 health-02 investigation-02 science-03 sport-01 translated-02 translated-04
    war-01 war-02 war-04 war-06 world-04 world-05 world-08""".split()


def test_it_does_not_cry_wolf() -> None:
    reports = [report_of(parse_markup(path.read_text("utf-8"))) for path in sorted(ARTICLES.glob("*.txt"))]
    assert [r.article.id for r in reports for _ in find_stances(r)] == ANSWERED
