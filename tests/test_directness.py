"""A chain in, its level and directness out: ordered, calibrated and monotone, whatever the chain."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from conftest import MODELS, link
from hypothesis import given, settings
from hypothesis import strategies as st

from scorer.directness import LevelModel, fit_levels
from scorer.errors import LabelError, ModelError
from scorer.features import FEATURES, relay_houses, sourcing
from scorer.links import Link
from scorer.vocabulary import KIND_CLASSES, NAMING_CLASSES

SHIPPED = LevelModel.from_dict(json.loads((MODELS / "level.json").read_text("utf-8")))

SHARES = st.floats(0, 1)
NAMES = st.sampled_from(["CNN", "KTV", "Mira Doss", "Ruth Alder", "Water Ministry", "critics"])


@st.composite
def namings(draw: st.DrawFn) -> tuple[float, ...]:
    """Probabilities of the four namings."""
    weights = [draw(st.floats(0, 1)) + 1e-6 for _ in NAMING_CLASSES]
    return tuple(w / sum(weights) for w in weights)


@st.composite
def links(draw: st.DrawFn) -> Link:
    probabilities = draw(namings())
    naming = NAMING_CLASSES[max(range(4), key=probabilities.__getitem__)]
    more: dict[str, Any] = {"namings": probabilities} if draw(st.booleans()) else {}
    return link(draw(NAMES), draw(st.sampled_from(KIND_CLASSES)), naming, draw(st.none() | NAMES), **more)


@st.composite
def shares_of_levels(draw: st.DrawFn) -> tuple[float, ...]:
    weights = [draw(st.floats(0.01, 1)) for _ in range(5)]
    return tuple(w / sum(weights) for w in weights)


@st.composite
def models(draw: st.DrawFn) -> LevelModel:
    """Any level model that would be accepted, the shipped one among them."""
    if draw(st.booleans()):
        return SHIPPED
    steps = [draw(st.floats(0, 3)) for _ in range(4)]
    thresholds = tuple(2.0 - sum(steps[: k + 1]) for k in range(4))
    slopes = {name: f.sign * draw(st.floats(0, 3)) for name, f in FEATURES.items()}
    return LevelModel(thresholds, slopes, draw(st.floats(0, 4)), draw(shares_of_levels()), draw(SHARES))


def lowered(probabilities: tuple[float, ...], by: tuple[float, ...]) -> tuple[float, ...]:
    """Namings of which a share has moved to the next less identified one, named first."""
    out = list(probabilities)
    for k, share in enumerate(by):
        moved = out[k] * share
        out[k] -= moved
        out[k + 1] += moved
    return tuple(out)


CHAINS = st.lists(links(), max_size=4)


class TestAnyChain:
    @given(models(), CHAINS, SHARES)
    @settings(deadline=None)
    def test_probabilities_sum_to_one_and_directness_is_a_share_of_a_hundred(self, model: LevelModel, chain: list[Link], firsthand: float) -> None:
        score = model.score(sourcing(chain, firsthand), chain)
        assert sum(score.probabilities) == pytest.approx(1.0)
        assert all(p >= -1e-12 for p in score.probabilities)
        assert -1e-9 <= score.directness <= 100 + 1e-9
        assert score.directness == pytest.approx(sum(25 * k * p for k, p in enumerate(score.probabilities)))
        assert score.probabilities[score.level] == max(score.probabilities)
        assert [abs(r.effect) for r in score.reasons] == sorted((abs(r.effect) for r in score.reasons), reverse=True)

    @given(models(), CHAINS, SHARES, links(), st.integers(0, 3))
    @settings(deadline=None, max_examples=300)
    def test_one_more_house_never_raises_the_directness(self, model: LevelModel, before: list[Link], firsthand: float, new: Link, at: int) -> None:
        for naming in ("named", "described"):
            for kind in ("official", "outlet", "journalist", "organisation", "expert", "witness", "document"):
                chain = [*before, link("Anton Reil", kind, naming)]
                house = replace(new, entity="Another House", org=None)
                at = min(at, len(before))
                longer = [*chain[:at], house, *chain[at:]]
                assert len(relay_houses(longer)) > len(relay_houses(chain))
                assert model.directness(sourcing(longer, firsthand).row()) <= model.directness(sourcing(chain, firsthand).row()) + 1e-9

    @given(st.lists(NAMES, max_size=3), SHARES, st.sampled_from(["named", "described"]), st.floats(0.7, 1), namings())
    @settings(deadline=None)
    def test_nor_does_it_where_the_model_is_not_quite_sure_of_the_origin(
        self, outlets: list[str], firsthand: float, naming: str, sure: float, rest: tuple[float, ...]
    ) -> None:
        mixed = tuple(sure * (n == naming) + (1 - sure) * p for n, p in zip(NAMING_CLASSES, rest, strict=True))
        chain = [*(link(name, "outlet") for name in outlets), link("Anton Reil", "witness", naming, namings=mixed)]
        longer = [link("Another House", "outlet"), *chain]
        assert SHIPPED.directness(sourcing(longer, firsthand).row()) <= SHIPPED.directness(sourcing(chain, firsthand).row()) + 1e-9

    @given(models(), CHAINS, links(), SHARES, namings(), st.tuples(SHARES, SHARES, SHARES))
    @settings(deadline=None, max_examples=200)
    def test_a_less_identified_origin_never_raises_the_directness(
        self, model: LevelModel, before: list[Link], origin: Link, firsthand: float, known: tuple[float, ...], less: tuple[float, ...]
    ) -> None:
        clear = [*before, replace(origin, namings=known)]
        dim = [*before, replace(origin, namings=lowered(known, less))]
        assert model.directness(sourcing(dim, firsthand).row()) <= model.directness(sourcing(clear, firsthand).row()) + 1e-9

    @given(models(), CHAINS, links(), st.tuples(SHARES, SHARES).map(sorted))
    @settings(deadline=None)
    def test_to_know_it_at_first_hand_never_lowers_the_directness(self, model: LevelModel, before: list[Link], origin: Link, shares: list[float]) -> None:
        chain = [*before, origin]
        low, high = (model.directness(sourcing(chain, share).row()) for share in shares)
        assert low <= high + 1e-9


class TestDoubt:
    """A chain that may be wrong says less about the level."""

    @given(models(), links(), SHARES, SHARES, SHARES)
    @settings(deadline=None)
    def test_takes_the_levels_towards_their_shares_at_large(self, model: LevelModel, origin: Link, firsthand: float, sure: float, surer: float) -> None:
        def off(confidence: float) -> float:
            probabilities = model.probabilities(sourcing([replace(origin, confidence=confidence)], firsthand).row())
            return sum(abs(p - share) for p, share in zip(probabilities, model.shares, strict=True))

        assert off(min(sure, surer)) <= off(max(sure, surer)) + 1e-9

    def test_is_that_of_the_least_sure_link(self) -> None:
        chain = [link("CNN", "outlet", confidence=0.6), link("Ruth Alder", confidence=0.9)]
        assert sourcing(chain, 0.0).row()["doubt"] == pytest.approx(0.4)

    def test_of_an_empty_chain_is_none(self) -> None:
        assert sourcing([], 0.0).row()["doubt"] == 0.0


class TestHouses:
    ALDER = link("Ruth Alder")

    @pytest.mark.parametrize(
        ("chain", "houses"),
        [
            ([], []),
            ([ALDER], []),
            ([link("CNN", "outlet"), ALDER], ["cnn"]),
            ([link("KTV", "outlet"), link("Mira Doss", "journalist", org="KTV"), ALDER], ["ktv"]),
            ([link("The Times", "outlet"), link("CNN", "outlet"), ALDER], ["times", "cnn"]),
            ([link("Water Ministry", "organisation"), link("official", org="Water Ministry")], []),
            ([link("Gallup poll", "document"), link("respondents", "crowd", "described")], []),
            ([link("CNN", "outlet"), link("Gallup poll", "document"), link("respondents", "crowd", "described")], ["cnn"]),
        ],
    )
    def test_the_houses_a_claim_passed(self, chain: list[Link], houses: list[str]) -> None:
        assert relay_houses(chain) == houses


class TestShipped:
    """The order that the levels are about, in the shipped model."""

    def directness(self, *chain: Link, firsthand: float = 0.0) -> float:
        return SHIPPED.directness(sourcing(chain, firsthand).row())

    def test_from_first_hand_to_nobody(self) -> None:
        ladder = [
            self.directness(link("Ruth Alder"), firsthand=1.0),
            self.directness(link("Ruth Alder")),
            self.directness(link("CNN", "outlet"), link("Ruth Alder")),
            self.directness(link("CNN", "outlet"), link("official", naming="described")),
            self.directness(link("reportedly", "unknown", "none")),
        ]
        assert ladder == sorted(ladder, reverse=True)
        assert ladder[0] > 75
        assert ladder[-1] < ladder[0] - 40

    def test_what_an_outlet_says_of_its_own_accord_is_no_better_than_what_it_cites(self) -> None:
        alone = self.directness(link("CNN", "outlet"))
        assert alone < self.directness(link("Ruth Alder")) - 10

    def test_reasons_speak_of_the_chain_in_its_own_words(self) -> None:
        chain = [link("CNN", "outlet"), link("official", naming="described", mention="a senior official")]
        reasons = {r.feature: r for r in SHIPPED.score(sourcing(chain, 0.0), chain).reasons}
        assert reasons["relays"].effect < 0
        assert "CNN" in reasons["relays"].text
        assert reasons["origin_naming"].effect < 0
        assert "“a senior official”" in reasons["origin_naming"].text


def broken(**changes: object) -> dict[str, Any]:
    return {**SHIPPED.to_dict(), **changes}


class TestFile:
    def test_it_comes_back_as_it_was(self) -> None:
        assert LevelModel.from_dict(json.loads(json.dumps(SHIPPED.to_dict()))) == SHIPPED

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (broken(slopes={**SHIPPED.slopes, "relays_1": 0.5}), "the slope of relays_1 has the wrong sign"),
            (broken(slopes={**SHIPPED.slopes, "firsthand": -0.5}), "the slope of firsthand has the wrong sign"),
            (broken(slopes={k: v for k, v in SHIPPED.slopes.items() if k != "firsthand"}), "other features"),
            (broken(slopes={}), "other features"),
            (broken(slopes={**SHIPPED.slopes, "astrology": 1.0}), "other features"),
            ({"thresholds": [1, 0, -1, -2]}, "not a level model"),
            (broken(thresholds=["high"]), "not a level model"),
            (broken(thresholds=None), "not a level model"),
        ],
    )
    def test_what_does_not_fit_is_refused(self, data: dict[str, Any], message: str) -> None:
        with pytest.raises(ModelError, match=message):
            LevelModel.from_dict(data)

    @pytest.mark.parametrize(
        "data",
        [
            broken(thresholds=[1.0, 0.0, -1.0]),
            broken(thresholds=[1.0, 0.0, -1.0, -2.0, -3.0]),
            broken(thresholds=[-2.0, 1.0, 0.0, 3.0]),
            broken(slopes={**SHIPPED.slopes, "relays_1": float("nan")}),
            broken(step=-1.0),
        ],
        ids=["three", "five", "rising", "not a number", "a falling step"],
    )
    def test_thresholds_that_do_not_fit_are_refused(self, data: dict[str, Any]) -> None:
        with pytest.raises(ModelError):
            LevelModel.from_dict(data)


class TestFitting:
    NAMED, DESCRIBED, NOBODY = link("Ruth Alder"), link("official", naming="described"), link("reportedly", "unknown", "none")
    CNN = link("CNN", "outlet")
    LADDER = (([NAMED], 1.0, 4), ([NAMED], 0.0, 3), ([DESCRIBED], 0.0, 2), ([CNN, DESCRIBED], 0.0, 1), ([NOBODY], 0.0, 0))

    def test_the_order_of_the_levels_is_recovered(self) -> None:
        rows = [sourcing(chain, firsthand).row() for chain, firsthand, _ in self.LADDER for _ in range(30)]
        levels = [level for *_, level in self.LADDER for _ in range(30)]
        model = fit_levels(rows, levels)
        directness = [model.directness(sourcing(chain, firsthand).row()) for chain, firsthand, _ in self.LADDER]
        assert directness == sorted(directness, reverse=True)
        assert [model.score(sourcing(chain, firsthand), chain).level for chain, firsthand, _ in self.LADDER] == [4, 3, 2, 1, 0]
        assert list(model.thresholds) == sorted(model.thresholds, reverse=True)

    def test_a_slope_of_the_wrong_sign_is_dropped(self) -> None:
        rows = [sourcing([self.NAMED], 0.0).row()] * 30 + [sourcing([self.CNN, self.NAMED], 0.0).row()] * 30 + [sourcing([self.NOBODY], 0.0).row()] * 30
        model = fit_levels(rows, [2] * 30 + [4] * 30 + [0] * 30)  # as if relays made a claim more direct
        assert model.slopes["relays_1"] == 0.0
        assert all(slope * FEATURES[name].sign >= 0 for name, slope in model.slopes.items())
        assert LevelModel.from_dict(model.to_dict()).slopes["relays_1"] == 0.0

    def test_weights_count_as_repeats(self) -> None:
        rows = [sourcing(chain, firsthand).row() for chain, firsthand, _ in self.LADDER]
        levels = [level for *_, level in self.LADDER]
        once = fit_levels([*rows, rows[0]], [*levels, levels[0]])
        weighted = fit_levels(rows, levels, [2.0, 1.0, 1.0, 1.0, 1.0])
        assert weighted.thresholds == pytest.approx(once.thresholds, abs=0.02)
        assert weighted.slopes == pytest.approx(once.slopes, abs=0.02)

    def test_one_level_alone_teaches_nothing(self) -> None:
        with pytest.raises(LabelError, match="at least two"):
            fit_levels([sourcing([self.NAMED], 0.0).row()] * 5, [3] * 5)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_relay_more_likely_hidden_never_makes_a_claim_more_direct(firsthand: float, a: float, b: float) -> None:
    chain = [Link("Ruth Alder", 0, 10, "Ruth Alder", "official", "named")]
    low, high = sorted((a, b))
    sure, doubtful = (SHIPPED.directness(sourcing(chain, firsthand, relayed).row()) for relayed in (low, high))
    shown = SHIPPED.directness(sourcing([Link("CNN", 20, 23, "CNN", "outlet", "named"), *chain], firsthand).row())
    assert shown - 1e-9 <= doubtful <= sure + 1e-9
