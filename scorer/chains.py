"""Resolved attributions in, chains out: through whose hands each statement came.

An *account* is a row of hands that statements may come through: relays named in an attribution's own words ("told CNN"), or a source that
passes others' words on (an outlet, its correspondent, a document). Accounts stay open: "the official added" goes on with the account in which
the official was first cited, and a headline may tell what is attributed only later. So each attribution takes one of the article's accounts
or none. A linear head scores every choice from readable features, among them which choice the attribution before it took; the Viterbi
algorithm finds the best row of choices over the article.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from scorer.article import Article
from scorer.attributions import Attribution
from scorer.entities import Entity, Names, entity_kinds
from scorer.heads import LinearHead, Value
from scorer.lexicon import RELAY_TRIGGERS, REPORTED_BY_NOBODY
from scorer.links import Describer, Link
from scorer.matching import same_entity
from scorer.mentions import Mention, is_outlet, parse_phrase
from scorer.relays import Candidate, document_phrases
from scorer.resolution import Resolved
from scorer.signals import VIA_CLASSES, Signals, log_odds
from scorer.spans import Span

MIN_RELAY = 0.3  # a candidate less likely than this opens no account
MAX_SPOKEN_OF = 12
NONE_BIAS = 0.7  # an account missed costs more than one too many: read off cross-validated relay F1
_CARRIERS = frozenset({"outlet", "journalist", "document"})
_HEDGE = re.compile(rf"\b(?:{'|'.join(sorted(REPORTED_BY_NOBODY))})\b", re.I)
_ORDER = {"outlet": 0, "journalist": 1, "document": 2}


@dataclass(frozen=True)
class Hand:
    """Somebody a statement passes through, as it is mentioned where the account is opened; `sure` is the probability of that."""

    mention: Mention
    entity: Entity | None
    sure: float = 1.0

    @property
    def name(self) -> str:
        return self.entity.name if self.entity else self.mention.label

    @property
    def is_person(self) -> bool:
        """Whether it reads as a single person's name."""
        return self.entity is not None and self.entity.bodily == "person" and self.carrier in ("journalist", "other")

    @property
    def carrier(self) -> str:
        """The kind of the press or of documents that its words speak for, else `other`."""
        kinds = self.mention.kinds | (entity_kinds(self.entity) if self.entity else frozenset())
        if "journalist" in kinds and self.entity is not None and self.entity.bodily == "person":
            return "journalist"
        return next((k for k in ("outlet", "journalist", "document") if k in kinds or (k == "outlet" and is_outlet(self.name))), "other")


@dataclass(frozen=True)
class Account:
    """A row of hands, reader's side first: `openers` are the attributions that name them as relays, `tellers` those whose source is the last hand.

    An account without either is a news outlet or document that the article merely speaks of ("in a meeting with the paper's editors").
    `spans` are all mentions of the last hand.
    """

    hands: tuple[Hand, ...]
    openers: tuple[int, ...] = ()
    tellers: tuple[int, ...] = ()
    spans: tuple[Span, ...] = ()

    @property
    def places(self) -> tuple[int, ...]:
        """The attributions where the account is open, in order."""
        return tuple(sorted({*self.openers, *self.tellers}))

    @property
    def passed_on(self) -> bool:
        """Whether it is known only as a source that passes others' words on."""
        return bool(self.tellers) and not self.openers


@dataclass(frozen=True)
class Telling:
    """What the decoder knows of an attribution: its source, the hands its own words name before (`outer`) and behind (`inner`) the source,
    where the source is a journalist, the outlet that the article gives as his (`house`), and the encoder's log-odds of each of VIA_CLASSES."""

    attribution: Attribution
    resolved: Resolved
    outer: tuple[Hand, ...]
    inner: Hand | None
    house: Hand | None = None
    names_hands: frozenset[str] = frozenset()
    via: tuple[float, ...] = (0.0, 0.0, 0.0)


def make_tellings(
    attributions: Sequence[Attribution], resolved: Sequence[Resolved], relays: Sequence[Sequence[Candidate]], names: Names, signals: Signals
) -> tuple[Telling, ...]:
    """Each attribution with the hands that its own words name, a journalist's outlet among them."""
    out = []
    for attribution, source, found in zip(attributions, resolved, relays, strict=True):
        outer = [Hand(c.mention, c.entity, c.probabilities[1]) for c in found if c.probabilities[1] > MIN_RELAY and c.probabilities[1] > c.probabilities[2]]
        inner = max((c for c in found if c.probabilities[2] > 0.5), key=lambda c: c.probabilities[2], default=None)
        hands = _distinct(outer, source)
        own = _source_hand(source)
        house = _house(source, names) if own is not None and own.carrier == "journalist" else None
        if house is not None and not hands:
            hands = (house,)
        out.append(
            Telling(
                attribution,
                source,
                hands,
                Hand(inner.mention, inner.entity, inner.probabilities[2]) if inner else None,
                house,
                frozenset(c.entity.name if c.entity else c.mention.label for c in found),
                tuple(log_odds(signals.of_attribution(attribution)["via"], k) for k in range(len(VIA_CLASSES))),
            )
        )
    return tuple(out)


def _distinct(hands: Sequence[Hand], source: Resolved) -> tuple[Hand, ...]:
    """The hands without repeats and without the source itself, outlets first, then their people, then documents."""
    kept: list[Hand] = []
    for hand in hands:
        if not any(same_entity(hand.name, other.name) for other in kept) and not (source.entity and same_entity(hand.name, source.entity.name)):
            kept.append(hand)
    return tuple(sorted(kept, key=lambda h: (_ORDER.get(h.carrier, 3), h.mention.span)))


def open_accounts(article: Article, tellings: Sequence[Telling], names: Names) -> tuple[Account, ...]:
    """All accounts that the article opens, each once: by its attributions in their order, then those it merely speaks of."""
    rows: dict[tuple[str, ...], Account] = {}

    def add(hands: tuple[Hand, ...], opener: int | None = None, teller: int | None = None) -> None:
        if hands and not any(names.is_publisher(h.name) for h in hands):
            row = rows.setdefault(_account_key(hands), Account(hands, spans=_spans_of(hands[-1])))
            openers = row.openers if opener is None else (*row.openers, opener)
            tellers = row.tellers if teller is None else (*row.tellers, teller)
            rows[_account_key(hands)] = replace(row, openers=openers, tellers=tellers)

    last: tuple[Hand, ...] = ()
    for i, telling in enumerate(tellings):
        if telling.outer:  # "he told the host": the account opened last goes on
            last = last if last and all(h.entity is None and h.mention.form == "definite" for h in telling.outer) else telling.outer
            add(last, opener=i)
        source = _source_hand(telling.resolved)
        if source is not None and (source.carrier in _CARRIERS or telling.inner):
            add((*telling.outer, source), teller=i)
    for hand in _spoken_of(article, names):
        add((hand,))
    for account in list(rows.values()):  # a host or correspondent told without the outlet takes the one spoken of last before
        alone = len(account.hands) == 1 and account.openers and account.hands[0].is_person
        if alone and (house := _last_outlet(article, rows.values(), account.hands[0])):
            del rows[_account_key(account.hands)]
            for opener in account.openers:
                add((house, *account.hands), opener=opener)
    return tuple(rows.values())


def _spans_of(hand: Hand) -> tuple[Span, ...]:
    return tuple(hand.entity.spans) if hand.entity else (hand.mention.span,)


def _account_key(hands: Sequence[Hand]) -> tuple[str, ...]:
    return tuple(h.name.casefold().removeprefix("the ") for h in hands)


def _last_outlet(article: Article, accounts: Iterable[Account], person: Hand) -> Hand | None:
    """The outlet mentioned last before a person, in the same paragraph or one of the two before it."""
    at = person.mention.span[0]
    low = max((s for k, (s, _) in enumerate(article.paragraphs) if any(p <= at for p, _ in article.paragraphs[k + 2 : k + 3])), default=0)
    houses = [a.hands[0] for a in accounts if a.hands[0].carrier == "outlet"]
    spans = [(s, i) for i, h in enumerate(houses) for s, _ in _spans_of(h) if low <= s <= at + 40]
    return houses[max(spans)[1]] if spans else None


def _spoken_of(article: Article, names: Names) -> list[Hand]:
    """The outlets, polls and recordings that the article mentions anywhere, the first of each."""
    first = {id(entity): (mention, entity) for mention, entity in reversed(names.mentions) if entity.outlet}
    found = [Hand(mention, entity, 0.5) for mention, entity in sorted(first.values(), key=lambda pair: pair[0].span)]
    for sentence in article.sentences:
        for span in document_phrases(article, sentence):
            mention = parse_phrase(article, span)
            if not any(same_entity(mention.label, h.name, named=False) for h in found):
                found.append(Hand(mention, None, 0.5))
    return found[:MAX_SPOKEN_OF]


def _source_hand(resolved: Resolved) -> Hand | None:
    return Hand(resolved.mention, resolved.entity, resolved.sure) if resolved.entity and resolved.mention.form not in ("missing", "hedge") else None


def _house(source: Resolved, names: Names) -> Hand | None:
    """The outlet that a journalist's own words, or the article, give as theirs."""
    mention, entity = source.mention, source.entity
    bodies = [mention.possessor, *(entity.affiliations if entity else [])]
    outlet = next((b for b in bodies if b and (is_outlet(b) or ((known := names.entity_of(b)) and known.outlet))), None)
    if outlet is None:
        return None
    at = names.article.text.find(outlet, *mention.span)
    if at >= 0:  # in the journalist's own phrase
        return Hand(parse_phrase(names.article, (at, at + len(outlet))), names.entity_of(outlet), 0.98)
    elsewhere = next(((m, e) for m, e in names.mentions if m.name == outlet), None)
    return Hand(*elsewhere, 0.98) if elsewhere else None


class Decoder:
    """Gives every attribution an account or none, by the head `account`."""

    def __init__(self, article: Article, tellings: Sequence[Telling], accounts: Sequence[Account]) -> None:
        self.article, self.tellings, self.accounts = article, tellings, accounts
        self._first: dict[int, int] = {}  # id of an entity: the first attribution that has it as its source
        for i, telling in enumerate(tellings):
            if telling.resolved.entity is not None:
                self._first.setdefault(id(telling.resolved.entity), i)

    def choose(self, head: LinearHead) -> list[tuple[int | None, float]]:
        """For each attribution the index of its account, or None, with the probability of that choice given the one before."""
        choices: list[int | None] = [None, *range(len(self.accounts))]
        if not self.accounts or not self.tellings:
            return [(None, 0.9)] * len(self.tellings)
        best = {c: 0.0 if c is None else -math.inf for c in choices}
        back: list[dict[int | None, int | None]] = []
        normed: list[dict[tuple[int | None, int | None], float]] = []
        for i in range(len(self.tellings)):
            step: dict[tuple[int | None, int | None], float] = {}
            base = {c: self._local(head, i, c) - (NONE_BIAS if c is None else 0.0) for c in choices}
            moving = {m: self._moving(head, i, m) for m in _MOVES}
            for before in choices:
                if best[before] == -math.inf:
                    continue
                scores = {c: base[c] + moving[_move(c, before, first=i == 0)] for c in choices}
                top = max(scores.values())
                total = top + math.log(sum(math.exp(s - top) for s in scores.values()))
                step |= {(before, c): s - total for c, s in scores.items()}
            arrive = {c: max(((best[b] + step[b, c], b) for b in choices if (b, c) in step), key=lambda pair: pair[0]) for c in choices}
            best = {c: arrive[c][0] for c in choices}
            back.append({c: arrive[c][1] for c in choices})
            normed.append(step)
        path = [max(choices, key=lambda c: best[c])]
        for i in range(len(self.tellings) - 1, 0, -1):
            path.append(back[i][path[-1]])
        path.reverse()
        befores = [None, *path[:-1]]
        return [(c, math.exp(normed[i][b, c])) for i, (b, c) in enumerate(zip(befores, path, strict=True))]

    def _local(self, head: LinearHead, i: int, choice: int | None) -> float:
        return float(head.scores(self.features(i, choice))[1])

    def _moving(self, head: LinearHead, i: int, move: str) -> float:
        return float(head.scores(self.moving_features(i, move))[1])

    def moving_features(self, i: int, move: str) -> dict[str, Value]:
        """How a choice goes with that of the attribution before."""
        telling, last = self.tellings[i], self.tellings[i - 1] if i else None
        same_paragraph = last is not None and last.attribution.paragraph == telling.attribution.paragraph
        same_source = last is not None and last.resolved.entity is telling.resolved.entity and telling.resolved.entity is not None
        form = telling.resolved.mention.form
        return {
            "move": move,
            "move+paragraph": f"{move}:{same_paragraph}",
            "move+source": f"{move}:{same_source}:{form}",
            "move+new": f"{move}:{self._is_first(i)}:{form}",
        }

    def row(self, i: int, choice: int | None, before: int | None) -> dict[str, Value]:
        """All features of a choice after another (for fitting)."""
        return {**self.features(i, choice), **self.moving_features(i, _move(choice, before, first=i == 0))}

    def features(self, i: int, choice: int | None) -> dict[str, Value]:
        """How an account, or none, goes with an attribution, whatever the one before took."""
        telling = self.tellings[i]
        form, cue = telling.resolved.mention.form, self._cue(telling)
        first = self._is_first(i)
        where = "headline" if telling.attribution.paragraph == 0 and self.article.headline else "body"
        if choice is None:
            return {
                "none": "yes",
                "none+own": str(bool(telling.outer)),
                "none+own_sure": _sureness(max((h.sure for h in telling.outer), default=0.0)),
                "none+form": f"{form}:{first}",
                "none+cue": cue,
                "none+where": where,
                "none+accounts": str(min(4, len(self.accounts))),
                "none+encoder": telling.via[0],
            }
        account = self.accounts[choice]
        own = i in account.openers
        earlier = [k for k in account.places if k < i or (k == i and own)]
        later = [k for k in account.places if k > i]
        distance = _bucket(i - earlier[-1]) if earlier else "later:" + _bucket(later[0] - i) if later else "self"
        apart = telling.attribution.paragraph - self.tellings[earlier[-1]].attribution.paragraph if earlier else 0
        carrier = account.hands[-1].carrier
        source = telling.resolved.entity
        names = [h.name for h in account.hands]
        role = "none" if source is None else "hand" if any(same_entity(source.name, n) for n in names) else "cited" if self._cited(account, source) else "other"
        fresh_voice = role == "other" and source is not None and first
        named = any(same_entity(n, h) for n in names for h in telling.names_hands) if not own else False
        return {
            "own": f"{own}:{account.passed_on}",
            "own_sure": f"{_sureness(min((h.sure for h in telling.outer), default=0.0))}:{len(account.hands)}" if own else "-",
            "other_own": f"{bool(telling.outer) and not own}",
            "distance": distance,
            "distance+role": f"{distance}:{role}",
            "apart": f"{min(apart, 4)}:{role}" if not own else "own",
            "role": f"{role}:{account.passed_on}:{carrier}",
            "role+form": f"{role}:{form}:{first}",
            "carrier": f"{carrier}:{own}",
            "carrier+distance": f"{carrier}:{distance}",
            "fresh": f"{fresh_voice}:{carrier}:{account.passed_on}",
            "cue": f"{cue}:{own}",
            "where": f"{where}:{distance}",
            "named": f"{named}:{role}",
            "hands": str(len(account.hands)),
            "openers": str(min(3, len(account.places))),
            "quoted": f"{self._quoted(telling)}:{own}:{carrier}",
            "encoder_own" if own else "encoder_carried": telling.via[1 if own else 2],
            f"encoder_via={own}:{role}": telling.via[0],
            **self._nearness(telling, account, role, carrier),
        }

    def _nearness(self, telling: Telling, account: Account, role: str, carrier: str) -> dict[str, Value]:
        """How near the last hand is mentioned, and behind which word."""
        at = telling.attribution.start
        spans = [s for s in account.spans if s[0] <= at] or list(account.spans)
        if not spans:
            return {}
        span = max(spans) if spans[0][0] <= at else min(spans)
        low, high = min(at, span[0]), max(at, span[0])
        paragraphs = sum(1 for s, _ in self.article.paragraphs if low < s <= high)
        sentences = sum(1 for s, _ in self.article.sentences if low < s <= high)
        side = "before" if span[0] <= at else "behind"
        near = f"{side}:{'sentence' if sentences == 0 else 'next' if sentences == 1 else 'paragraph' if paragraphs == 0 else min(paragraphs, 4)}"
        words = re.findall(r"[\w'’]+", self.article.text[max(0, span[0] - 30) : span[0]].casefold())
        trigger = next((w for w in reversed(words[-4:]) if w in RELAY_TRIGGERS), "-")
        opened = "opened" if account.places else "spoken of"
        head = telling.resolved.mention.head if telling.resolved.mention.form != "name" else "name"
        return {
            "near": f"{near}:{opened}",
            "near+role": f"{near}:{role}",
            "near+trigger": f"{near}:{trigger}",
            "trigger": f"{trigger}:{opened}:{carrier}",
            "head+carrier": f"{head}:{carrier}:{account.hands[-1].mention.head if carrier == 'document' else '-'}",
            "mentions": str(min(5, len(account.spans))),
        }

    def _is_first(self, i: int) -> bool:
        entity = self.tellings[i].resolved.entity
        return entity is None or self._first[id(entity)] == i

    def _cited(self, account: Account, source: Entity) -> bool:
        """Whether the account was opened by an attribution of this source, or with this source behind."""
        for k in account.places:
            telling = self.tellings[k]
            if telling.resolved.entity is source or (telling.inner and same_entity(telling.inner.name, source.name)):
                return True
        return False

    def _cue(self, telling: Telling) -> str:
        words = re.findall(r"\w+", self.article.text[slice(*telling.attribution.cue)].casefold())
        return words[-1] if words else "-"

    def _quoted(self, telling: Telling) -> bool:
        return any(c in '"“”' for s, e in telling.attribution.contents for c in (self.article.text[s], self.article.text[e - 1]))


def _sureness(p: float) -> str:
    return next(name for bound, name in ((0.95, "sure"), (0.8, "likely"), (0.6, "rather"), (0.4, "maybe"), (0.0, "hardly")) if p >= bound)


_MOVES = ("start", "none", "stay", "leave", "open", "change")


def _move(choice: int | None, before: int | None, *, first: bool) -> str:
    """What a choice does after the one before it."""
    if first:
        return "start"
    if choice == before:
        return "none" if choice is None else "stay"
    return "leave" if choice is None else "open" if before is None else "change"


def _bucket(n: int) -> str:
    return str(n) if n < 4 else "4-6" if n < 7 else "7+"


def make_chains(
    names: Names, tellings: Sequence[Telling], accounts: Sequence[Account], choices: Sequence[tuple[int | None, float]], describer: Describer
) -> tuple[tuple[Link, ...], ...]:
    """The chain of each attribution, reader's side first; a nested statement's begins with that of the statement it stands in."""
    chains: list[tuple[Link, ...]] = []
    for telling, (choice, sure) in zip(tellings, choices, strict=True):
        own = _own_links(names, telling, describer, sure)
        outer = telling.attribution.outer
        if outer is not None:
            before = chains[outer]
        else:
            before = tuple(describer.link(h.mention, h.entity, sure * h.sure) for h in _hands_of(telling, accounts[choice])) if choice is not None else ()
        chains.append(_with_houses(_joined(before, own)))
    return tuple(chains)


def _hands_of(telling: Telling, account: Account) -> tuple[Hand, ...]:
    """The hands of an account, as the attribution's own words mention them where they do."""
    return telling.outer if _account_key(telling.outer) == _account_key(account.hands) else account.hands


def _own_links(names: Names, telling: Telling, describer: Describer, sure: float) -> tuple[Link, ...]:
    """The source and who stands behind it."""
    article, resolved = names.article, telling.resolved
    links: list[Link] = []
    if resolved.entity is not None and names.is_publisher(resolved.entity.name):
        pass  # the publisher is the implicit first link
    elif resolved.mention.form == "hedge" or resolved.entity is not None:
        mention = resolved.mention
        if mention.form == "missing":  # the source stands in another sentence: its own mention there
            at: Span = resolved.entity.spans[0] if resolved.entity else (0, 0)
            mention = resolved.entity.phrase if resolved.entity and resolved.entity.phrase.text else parse_phrase(article, at)
        if telling.house:  # an outlet and its own journalist are two links wherever the article names both
            links.append(describer.link(telling.house.mention, telling.house.entity, telling.house.sure))
        links.append(describer.link(mention, resolved.entity, sure * resolved.sure))
    elif hedge := _HEDGE.search(article.text, *telling.attribution.cue):
        links.append(describer.link(Mention(hedge.span(), hedge.span(), hedge.group(), "hedge", hedge.group().casefold()), None))
    if telling.inner:
        links.append(describer.link(telling.inner.mention, telling.inner.entity, sure * telling.inner.sure))
    return tuple(links)


def _joined(before: tuple[Link, ...], own: tuple[Link, ...]) -> tuple[Link, ...]:
    """The two in a row; where the source is one of the hands before it, the chain ends there with the source's own mention."""
    if own:
        for k, link in enumerate(before):
            belongs = ("'s " in link.entity) != ("'s " in own[0].entity)  # "Anton Reil's supervisor" is not Anton Reil
            if same_entity(link.entity, own[0].entity) and not belongs:
                return (*before[:k], *own)
    return (*before, *own)


def _with_houses(chain: tuple[Link, ...]) -> tuple[Link, ...]:
    """A journalist told right behind an outlet answers to it."""
    out: list[Link] = []
    for link in chain:
        if link.kind == "journalist" and out and out[-1].kind == "outlet":
            link = replace(link, org=out[-1].entity, outlet=out[-1].outlet)
        out.append(link)
    return tuple(out)
