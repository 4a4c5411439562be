"""Phrases of an article in, `Mention`s out: what a noun phrase says of the person, body or paper it stands for.

A mention is read off its own words alone; who it is, over the whole article, is the business of `scorer.entities`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from scorer.article import Article, Token, tokenize
from scorer.lexicon import (
    ADJECTIVES_OF_NAMES,
    CALENDAR,
    DETERMINERS,
    FIRST_NAMES,
    KIND_NOUNS,
    NAME_CONNECTORS,
    NETWORKS,
    OPENERS,
    ORG_WORDS,
    OUTLET_ENDINGS,
    PREPOSITION_CUTS,
    PROGRAMMES,
    PRONOUNS,
    RELATIVE_CUTS,
    REPORTED_BY_NOBODY,
    TITLES,
)
from scorer.outlets import Registry
from scorer.spans import Span, overlaps

Form = Literal["name", "pronoun", "definite", "indefinite", "bare", "hedge", "missing"]
_POSSESSIVE = {"'s", "’s"}
_COMMON_NOUNS = {noun for nouns in KIND_NOUNS.values() for noun in nouns} - {"facebook", "twitter"}
_DOMAINS = {"com", "org", "net", "info", "ru", "uk", "tv", "news", "co", "io", "de", "fr"}
_PRESS_PIECES = {"report", "story", "article", "dispatch", "despatch", "piece", "column"}
_SAYS_NOTHING = {"people", "person", "man", "men", "woman", "women", "those", "others", "member", "members", "employees", "one", "two", "three", "four", "five"}
_STOPS = {",", ";", "(", "--", "—", "–", ":"}
_QUOTES = {"'", "’", "‘", '"', "“", "”"}
_SMALL_IN_TITLES = OPENERS - {"told", "says", "said", "asked"}
_PARTICLES = {"de", "von", "van"}
_SURNAME_TAIL = {"jr", "sr", "ii", "iii"}


@dataclass(frozen=True)
class Mention:
    """A noun phrase that stands for somebody. `span` is the phrase, `head_span` its core without relative clauses and appositions.

    `name` is the proper name it ends at, titles left out, or None; `head` the head word in small letters; `titles` the words before the name;
    `description` all its small words; `possessor` the name before an 's ("KTV" of "KTV's correspondent"); `full_text` the core with its
    prepositional modifiers ("officials in the ministry"); `outlet` if the words around it call it one ("the news site Nusa").
    """

    span: Span
    head_span: Span
    text: str
    form: Form
    head: str
    name: str | None = None
    name_span: Span | None = None
    titles: tuple[str, ...] = ()
    description: tuple[str, ...] = ()
    possessor: str | None = None
    plural: bool = False
    full_text: str = ""
    outlet: bool = False

    @property
    def label(self) -> str:
        """What the entity is called where nothing better is known: the name, else the core phrase without its article."""
        if self.name:
            return self.name
        bare = re.sub(r"^(?:the|a|an|this|that|these|those|some)\s+", "", self.full_text or self.text, flags=re.I)
        return re.sub(r"s['’](?=\s)", "s", bare)  # "Sanders' campaign"

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds that its head noun, or a word of its title, may stand for."""
        words = {self.head, singular(self.head), *(() if self.name is None else (w for t in self.titles for w in (t, singular(t))))}
        return frozenset(kind for kind, nouns in KIND_NOUNS.items() if words & nouns)


NOBODY = Mention((0, 0), (0, 0), "", "missing", "")


def singular(word: str) -> str:
    """A noun without its plural ending: "sources" to "source", "agencies" to "agency"."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def is_outlet(name: str) -> bool:
    """Whether a proper name reads as a news outlet's: it is a known one, a web address, or ends as outlets' names do."""
    bare = re.sub(r"^the\s+", "", name, flags=re.I)
    words = bare.split()
    if bare in PROGRAMMES or bare in Registry.load() or re.fullmatch(r"[\w.-]+\.(?:com|org|net|info|ru|uk|tv|news)", bare, re.I):
        return True
    ends_as_one = words[-1:] and words[-1].casefold() in OUTLET_ENDINGS and words[0].casefold() not in FIRST_NAMES  # but "Ann Post"
    return len(words) > 1 and (bool(ends_as_one) or words[0] in NETWORKS)


def is_capitalised(token: Token) -> bool:
    """Whether a token may belong to a proper name."""
    first = token.text[0]
    return first.isupper() or (len(token.text) > 2 and first.islower() and token.text[1].isupper())


def in_title_case(article: Article, sentence: Span) -> bool:
    """Whether a sentence is a headline whose words are all capitalised, so that a capital tells no name."""
    text = article.text[slice(*sentence)].rstrip()
    telling = [w for w in re.findall(r"[^\W\d_]+", text) if len(w) > 2 and (w[0].isupper() or w not in _SMALL_IN_TITLES)]
    headed = article.headline is not None and overlaps(sentence, article.headline)
    return len(telling) > 2 and (headed or text[-1] not in '.!?"”') and sum(w[0].isupper() for w in telling) > 0.9 * len(telling)


def find_names(article: Article, sentence: Span, known: frozenset[str], *, titled: bool = False) -> list[Span]:
    """The proper names in a sentence: runs of capitalised words, small connectors between them allowed.

    A lone capitalised word that opens the sentence is one only if it is in `known`, the capitalised words from inside sentences; where the
    sentence is in title case (`titled`), that holds for every word.
    """
    tokens = tokenize(article.text, sentence)
    if titled:
        tokens = [t if t.text in known or not is_capitalised(t) else replace(t, text=t.text.casefold()) for t in tokens]
    opening = next((k for k, t in enumerate(tokens) if t.text[0].isalnum()), 0)
    out: list[Span] = []
    i = 0
    while i < len(tokens):
        if not _may_start_name(tokens, i, opening):
            i += 1
            continue
        end = i + 1
        while step := _goes_on(article.text, tokens, end):
            end += step
        if (i != opening or end > i + 1 or tokens[i].text in known) and not _is_adjective(tokens, i, end):
            out.append((tokens[i].start, tokens[end - 1].end))
        i = end
    return out


def _is_adjective(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether tokens start to end are one word that says whose the noun behind it is: "the French agency AFP"."""
    return end == start + 1 and tokens[start].text in ADJECTIVES_OF_NAMES and end < len(tokens) and tokens[end].text[0].islower()


def _goes_on(text: str, tokens: Sequence[Token], k: int) -> int:
    """How many tokens from token k on belong to the name before it; 0 where it ends."""
    if k >= len(tokens):
        return 0
    word = tokens[k].text
    numbered = word.isdigit() and len(word) < 4  # "Canal 6"
    if (numbered or (is_capitalised(tokens[k]) and word.casefold() not in CALENDAR)) and not _breaks(text, tokens, k):
        return 1
    if _connects(text, tokens, k) or _is_web_address(tokens, k):
        return 2
    if word in _PARTICLES and _connects(text, tokens, k + 1):  # "Ursula von der Leyen"
        return 3
    return int(word == "." and bool(re.fullmatch(r"[A-Z]|[A-Z][a-z]{1,3}", tokens[k - 1].text)) and _abbreviates(tokens, k))


def _may_start_name(tokens: Sequence[Token], k: int, opening: int) -> bool:
    """Whether a name may begin at token k: it is capitalised, and not merely because a sentence or a quotation begins there."""
    word = tokens[k].text
    if not is_capitalised(tokens[k]) or word.casefold() in CALENDAR:
        return False
    opens = k == opening or tokens[k - 1].text in {'"', "“", "''", "``", ":", "‘"}
    return not (word.casefold() in OPENERS and (opens or word.casefold() in TITLES) and (word[1:].islower() or len(word) == 1))


def _breaks(text: str, tokens: Sequence[Token], k: int) -> bool:
    """Whether a name ends before token k: not mere white space between."""
    between = text[tokens[k - 1].end : tokens[k].start]
    return bool(between.strip()) or "\n" in between or "\r" in between


def _connects(text: str, tokens: Sequence[Token], k: int) -> bool:
    """Whether token k is a small word inside a name ("Bank of Karvela", "de la Cruz", "Fox & Friends")."""
    if k >= len(tokens):
        return False
    word = tokens[k].text
    if word in {"'", "’"} and k + 1 < len(tokens):  # "O'Reilly"
        return tokens[k - 1].end == tokens[k].start and tokens[k].end == tokens[k + 1].start and is_capitalised(tokens[k + 1])
    if word not in NAME_CONNECTORS or k + 1 >= len(tokens) or not is_capitalised(tokens[k + 1]) or _breaks(text, tokens, k) or _breaks(text, tokens, k + 1):
        return False
    before = tokens[k - 1].text.casefold()
    if word in {"of", "for"}:
        return before in ORG_WORDS or before in {
            "state",
            "times",
            "bank",
            "republic",
            "voice",
            "house",
            "department",
            "doctors",
            "secretary",
            "centers",
            "democrats",
            "citizens",
        }
    if word in {"the", "on", "in", "at", "to", "and", "a"}:
        return (before in {"meet", "face"} and word == "the") or (word == "and" and before in {"fox", "food", "health", "marks", "ernst"})
    return True


def _is_web_address(tokens: Sequence[Token], k: int) -> bool:
    """Whether tokens k and k + 1 end a web address: ".com"."""
    parts = tokens[k - 1 : k + 2]
    return len(parts) == 3 and parts[1].text == "." and parts[0].end == parts[1].start and parts[1].end == parts[2].start and parts[2].text in _DOMAINS


def _abbreviates(tokens: Sequence[Token], k: int) -> bool:
    return k + 1 < len(tokens) and tokens[k + 1].start - tokens[k].end <= 1 and is_capitalised(tokens[k + 1])


def parse_phrase(article: Article, span: Span) -> Mention:
    """What a noun phrase says of who it stands for."""
    text = article.text
    tokens = tokenize(text, span)
    while len(tokens) > 1 and tokens[-1].text in _POSSESSIVE | _QUOTES | {",", ".", "-", "—", "–", ":"}:
        tokens.pop()
    while len(tokens) > 1 and tokens[0].text in _QUOTES:
        tokens.pop(0)
    words = [t.text.casefold() for t in tokens]
    if not words:
        return NOBODY
    if words[-1] in PRONOUNS and len(words) <= 2 and not (len(words[-1]) > 1 and tokens[-1].text.isupper()):  # but "the WHO"
        return Mention(span, span, text[slice(*span)], "pronoun", words[-1], plural=PRONOUNS[words[-1]] == "plural")
    if any(w in REPORTED_BY_NOBODY for w in words):
        return Mention(span, span, text[slice(*span)], "hedge", words[-1])
    core = _core(tokens, words)
    head_tokens, apposed = tokens[:core], tokens[core:]
    possessor = None
    if (k := _last_possessive(head_tokens)) is not None:
        possessor = _capitalised_tail(head_tokens[:k])
        head_tokens_after = head_tokens[k + 1 :]
    else:
        head_tokens_after = head_tokens
    name_tokens = _name_at_end(head_tokens_after)
    if not name_tokens and possessor is None:
        possessor = _inner_name(head_tokens_after)
    from_apposition = False
    if not name_tokens and head_tokens_after and head_tokens_after[-1].text.casefold() in _PRESS_PIECES:  # "a report by Mira Doss"
        name_tokens = _author(apposed)
        from_apposition = bool(name_tokens)
    if not name_tokens and (named := _apposed_name(apposed)):
        name_tokens, from_apposition = named, True
    titles = tuple(t.text.casefold() for t in head_tokens_after if t not in name_tokens)
    head_span = (head_tokens[0].start, head_tokens[-1].end) if not from_apposition else (head_tokens[0].start, name_tokens[-1].end)
    description = tuple(w for w in (t.text.casefold() for t in tokens if t not in name_tokens) if w.isalpha() or "-" in w)
    name_words = _without_titles(name_tokens)
    possessor = possessor or _body_before_title(name_tokens, name_words) or _body_behind(head_tokens, apposed)
    head = (name_words or head_tokens_after or head_tokens)[-1].text.casefold()
    if from_apposition:
        head = head_tokens_after[-1].text.casefold() if head_tokens_after else head
    form: Form = "name" if name_words else _form(words[0], possessor)
    return Mention(
        span=span,
        head_span=head_span,
        text=text[slice(*head_span)],
        form=form,
        head=head,
        name=text[name_words[0].start : name_words[-1].end] if name_words else None,
        name_span=(name_words[0].start, name_words[-1].end) if name_words else None,
        titles=titles + tuple(t.text.casefold() for t in name_tokens if t not in name_words),
        description=description,
        possessor=possessor,
        plural=_plural(head, words, bool(name_words)),
        full_text=_full_text(text, tokens),
    )


def _form(first: str, possessor: str | None) -> Form:
    """The form of a phrase without a name, by its first word."""
    determiner = DETERMINERS.get(first)
    if determiner == "indefinite" or first.isdigit():
        return "indefinite"
    return "definite" if determiner or possessor else "bare"


def _full_text(text: str, tokens: Sequence[Token]) -> str:
    """The phrase with its prepositional modifiers, without appositions, and without relative clauses unless nothing else tells who it is."""
    cut = next((k for k in range(1, len(tokens)) if _cuts(tokens[k])), len(tokens))
    if all(t.text.casefold() in _SAYS_NOTHING | DETERMINERS.keys() for t in tokens[:cut]):
        cut = next((k for k in range(cut + 1, len(tokens)) if tokens[k].text in _STOPS), len(tokens))
    return text[tokens[0].start : tokens[cut - 1].end]


def _cuts(token: Token) -> bool:
    """Whether a relative clause or an apposition begins at a token; "WHO" is a name."""
    return token.text in _STOPS or (token.text.casefold() in RELATIVE_CUTS and not (len(token.text) > 1 and token.text.isupper()))


def _core(tokens: Sequence[Token], words: Sequence[str]) -> int:
    """How many tokens stand before the first apposition, relative clause or modifier after the head noun; at least one."""
    for k in range(1, len(tokens)):
        if _cuts(tokens[k]):
            return k
        if words[k] in PREPOSITION_CUTS and words[k - 1] not in DETERMINERS:
            inside_name = is_capitalised(tokens[k - 1]) and k + 1 < len(tokens) and is_capitalised(tokens[k + 1]) and words[k] in {"of", "for", "on"}
            if not (inside_name and words[k - 1] in ORG_WORDS | {"bank", "state", "republic", "voice", "times", "university"}):
                return k
    return len(tokens)


def _last_possessive(tokens: Sequence[Token]) -> int | None:
    found = [
        k
        for k, t in enumerate(tokens)
        if (t.text in _POSSESSIVE or (t.text in {"'", "’"} and k and tokens[k - 1].text.endswith("s"))) and 0 < k < len(tokens) - 1
    ]
    return found[-1] if found else None


def _capitalised_tail(tokens: Sequence[Token]) -> str | None:
    """The words of the name that ends at the last token, or None."""
    return " ".join(t.text for t in _name_at_end(tokens)) or None


def _inner_name(tokens: Sequence[Token]) -> str | None:
    """The name inside a phrase that ends in a common noun: "Clinton" of "a senior Clinton aide"."""
    run = [t.text for k, t in enumerate(tokens[:-1]) if is_capitalised(t) and t.text.casefold() not in DETERMINERS and k > 0]
    return " ".join(run) or None


def _name_at_end(tokens: Sequence[Token]) -> list[Token]:
    """The run of capitalised words that ends the phrase (small connectors inside), without a leading article."""
    k = len(tokens)
    while k:
        token = tokens[k - 1]
        if token.text.casefold() in CALENDAR:
            break
        after_capital = k > 1 and (is_capitalised(tokens[k - 2]) or (k > 2 and tokens[k - 2].text in _PARTICLES and is_capitalised(tokens[k - 3])))
        connector = after_capital and k < len(tokens) and token.text in NAME_CONNECTORS | {"&", "'", "’"}
        address = token.text in _DOMAINS and k > 2 and tokens[k - 2].text == "." and tokens[k - 2].end == token.start
        if not (is_capitalised(token) or connector or address or (token.text == "." and k > 1) or (after_capital and token.text.isdigit())):
            break
        k -= 1
    run = list(tokens[k:])
    while run and (
        run[0].text.casefold() in DETERMINERS or run[0].text in NAME_CONNECTORS | {"."} or (run[0] is tokens[0] and run[0].text.casefold() in OPENERS)
    ):
        if run[0].text.casefold() in TITLES.keys() - DETERMINERS.keys():
            break
        run.pop(0)
    if k == 0 and len(run) == 1 and len(tokens) == 1 and {run[0].text.casefold(), singular(run[0].text.casefold())} & _COMMON_NOUNS:
        return []  # a common noun that begins its sentence: "Critics"
    return run


def _apposed_name(tokens: Sequence[Token]) -> list[Token]:
    """The name in an apposition to a description: "the manager, Robby Mook", "a spokesman for the mayor, Ann Lee", "her employer, the charity Santé"."""
    opening = next((k for k, t in enumerate(tokens[:9]) if t.text in {",", "(", "—", "–", "--"}), None)
    if opening is None or opening + 1 >= len(tokens) or tokens[opening + 1].text in {"including", "such", "like"}:
        return []
    end = opening + 1
    while (
        end < len(tokens) and tokens[end].text not in {",", ")", ";"} and tokens[end].text.casefold() not in RELATIVE_CUTS | {"of", "for", "at", "in", "from"}
    ):
        end += 1
    part = tokens[opening + 1 : end]
    run = _name_at_end(part)
    if not run:
        return []
    whole = len(run) == len(part) and (end < len(tokens) or len(run) > 1)  # ", Znak.com,"
    described = part[0].text.casefold() in DETERMINERS and len(part) <= len(run) + 4
    return run if whole or described or (len(run) >= len(part) - 2 and len(_without_titles(run)) >= 2) else []


def _author(tokens: Sequence[Token]) -> list[Token]:
    """The journalist or outlet behind the "by" of a report."""
    if not tokens or tokens[0].text.casefold() != "by":
        return []
    end = next((k for k in range(1, len(tokens)) if not tokens[k].text[0].isalnum() or tokens[k].text.casefold() in RELATIVE_CUTS), len(tokens))
    run = _without_titles(_name_at_end(tokens[1:end]))
    person = len(run) > 1 and not any(t.text.casefold() in ORG_WORDS for t in run)
    return run if run and (person or is_outlet(" ".join(t.text for t in run))) else []


def _without_titles(tokens: Sequence[Token]) -> list[Token]:
    """A name without the titles before it: "FBI Director James Comey" to "James Comey". A name of titles alone is kept whole."""
    last = -1
    for k, token in enumerate(tokens[:-1]):
        if token.text.casefold().rstrip(".") in TITLES and not (k == 0 and tokens[k + 1].text in {"of", "for"}):
            after = tokens[k + 1 :]
            if after and all(t.text in {".", ","} or t.text.casefold() in _SURNAME_TAIL for t in after):
                break
            last = k
    rest = list(tokens[last + 1 :])
    while rest and rest[0].text in {".", "of", "for", "and", ",", "-"}:
        rest.pop(0)
    if not rest or rest[0].text.casefold() in {"of", "for"} or rest[0].text.casefold() in ORG_WORDS:
        return list(tokens)
    return rest


def _body_before_title(tokens: Sequence[Token], name: Sequence[Token]) -> str | None:
    """The body in the titles before a name: "FBI" of "FBI Director James Comey"."""
    words = [t.text for t in tokens if t not in name and t.text.casefold() not in TITLES and t.text[0].isalnum()]
    return " ".join(words) or None


def _body_behind(head: Sequence[Token], modifiers: Sequence[Token]) -> str | None:
    """The body that somebody speaks for or belongs to: "Ministry of Health" of "a spokesman for the Ministry of Health" or "…, of the Ministry of Health"."""
    for k, token in enumerate(modifiers[:9]):
        if token.text.casefold() in {"for", "of", "at", "from", "with", "in"} and k + 1 < len(modifiers):
            start = k + 1 + (modifiers[k + 1].text.casefold() in DETERMINERS)
            end = start
            while end < len(modifiers) and (
                is_capitalised(modifiers[end])
                or (end > start and modifiers[end].text in NAME_CONNECTORS and end + 1 < len(modifiers) and is_capitalised(modifiers[end + 1]))
            ):
                end += 1
            if end > start:
                return " ".join(t.text for t in modifiers[start:end])
    return None


def _plural(head: str, words: Sequence[str], named: bool) -> bool:
    if words[0] in {"some", "several", "many", "two", "three", "four", "five", "most", "few", "these", "those", "both", "multiple", "all", "other"}:
        return True
    if named:
        return "and" in words[1:-1]
    return head in {"people", "women", "men", "police", "many", "others", "some"} or singular(head) != head
