"""Names in, known outlets out; and that the file of outlets holds together."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorer.article import make_article
from scorer.entities import Names
from scorer.model import Model
from scorer.outlets import Outlet, OutletError, Registry, domain_of, name_key, read_outlets

SHIPPED = Path(str(files("scorer").joinpath("outlets.csv")))
REGISTRY = Registry.load()
OUTLETS = read_outlets(SHIPPED)  # raises where a name, an alias or a domain stands on two lines


def named(name: str, home: str | None = None) -> str | None:
    outlet = REGISTRY.find(name, home)
    return outlet.name if outlet else None


@pytest.fixture
def mine(tmp_path: Path) -> Callable[[str], Path]:
    """A file of a user's outlets."""

    def write(text: str) -> Path:
        path = tmp_path / "mine.csv"
        path.write_text(text, "utf-8")
        return path

    return write


class TestFile:
    def test_it_has_outlets_of_the_whole_world(self) -> None:
        assert len(OUTLETS) == len(REGISTRY) >= 500
        countries = {o.country for o in OUTLETS}
        assert len(countries) > 150
        assert {"GB", "US", "IN", "PK", "NG", "KE", "EG", "IR", "BR", "MX", "FR", "DE", "CN", "JP", "RU", "UA", "AU", "NZ", "FJ"} <= countries

    def test_it_is_read_at_start_as_it_is_read_when_checked(self) -> None:
        assert set(REGISTRY) == set(OUTLETS)

    def test_every_cell_is_well_formed(self) -> None:
        for outlet in OUTLETS:
            assert outlet.country is None or re.fullmatch("[A-Z]{2}", outlet.country)
            assert all(name == " ".join(name.split()) for name in outlet.names)
            assert all(domain == domain_of(domain) for domain in outlet.domains)

    @pytest.mark.parametrize("word", "times post sun star standard herald nation mirror guardian independent observer citizen telegraph express news".split())
    def test_what_many_papers_are_called_is_no_outlet_by_itself(self, word: str) -> None:
        assert REGISTRY.find(word) is None

    def test_every_name_finds_its_outlet(self) -> None:
        assert all(REGISTRY.find(name, o.country) == o for o in OUTLETS for name in o.names)
        assert all(REGISTRY.by_domain(domain) == o for o in OUTLETS for domain in o.domains)


class TestFind:
    @pytest.mark.parametrize(
        ("said", "name"),
        [
            ("the Associated Press", "Associated Press"),
            ("AP", "Associated Press"),
            ("A.P.", "Associated Press"),
            ("Reuters'", "Reuters"),
            ("The New York Times’s", "New York Times"),
            ("BBC News", "BBC"),
            ("Agence France Presse", "Agence France-Presse"),
            ("Al-Jazeera", "Al Jazeera"),
            ("El Pais", "El País"),
            ("Kommersant newspaper", "Kommersant"),
            ("TASS news agency", "TASS"),
            ("RFE/RL", "Radio Free Europe/Radio Liberty"),
            ("bbc.co.uk", "BBC"),
            ("Bellingcat", "Bellingcat"),
        ],
    )
    def test_however_it_is_written(self, said: str, name: str) -> None:
        assert named(said) == name
        assert said in REGISTRY

    @pytest.mark.parametrize("said", ["", "the", "Ruth Alder", "Associated", "Anselm Tribune", "New York", "nowhere.example", "."])
    def test_nobody_else(self, said: str) -> None:
        assert named(said) is None
        assert said not in REGISTRY

    def test_a_shared_name_is_the_one_of_the_publishers_country(self) -> None:
        assert named("the Guardian", "GB") == "The Guardian (UK)"
        assert named("the Guardian", "NG") == "The Guardian (Nigeria)"
        assert named("the Guardian", "US") is named("the Guardian") is None
        assert "the Guardian" in REGISTRY

    @pytest.mark.parametrize("acronym", ["CCTV", "PTI", "PAP", "AAP", "CNA"])
    def test_an_acronym_that_means_something_else_elsewhere_needs_its_country(self, acronym: str) -> None:
        assert REGISTRY.find(acronym) is None
        assert acronym in REGISTRY

    @pytest.mark.parametrize("address", ["bbc.co.uk", "www.bbc.co.uk", "https://www.bbc.co.uk/news/1?x=2", "news.bbc.co.uk", "BBC.CO.UK:443"])
    def test_by_domain(self, address: str) -> None:
        outlet = REGISTRY.by_domain(address)
        assert outlet is not None
        assert outlet.name == "BBC"

    @pytest.mark.parametrize("address", ["co.uk", "uk", "", "notbbc.co.uk", "bbc.co.uk.example.com"])
    def test_not_by_a_part_of_a_domain(self, address: str) -> None:
        assert REGISTRY.by_domain(address) is None

    def test_two_names_of_one_outlet(self) -> None:
        assert REGISTRY.same("VOA", "Voice of America")
        assert not REGISTRY.same("VOA", "AP")
        assert not REGISTRY.same("Ruth Alder", "Ruth Alder")

    @given(st.text())
    def test_any_text_can_be_asked_for(self, text: str) -> None:
        assert REGISTRY.find(text) is None or text in REGISTRY

    @given(st.sampled_from([name for o in OUTLETS for name in o.names if "'" not in name]))
    def test_capitals_an_article_and_a_possessive_are_no_matter(self, name: str) -> None:
        assert REGISTRY.find(name) == REGISTRY.find(name.upper()) == REGISTRY.find(f"{name}’s") == REGISTRY.find(f"the {name_key(name)}")

    def test_it_costs_no_time(self) -> None:
        from scorer import outlets

        def seconds() -> float:
            outlets._shipped.cache_clear()
            start = time.process_time()
            Registry.load()
            return time.process_time() - start

        assert min(seconds() for _ in range(5)) < 0.05  # under 10 ms on a quiet core; a busy machine takes longer


class TestUsersFile:
    def test_it_adds_outlets(self, mine: Callable[[str], Path]) -> None:
        registry = Registry.load(mine("name,aliases,domains,country\nAnselm Tribune,Tribune of Anselm|AT,https://www.anselm.example/,xk\n"))
        assert registry.find("the tribune of anselm") == Outlet("Anselm Tribune", ("Tribune of Anselm", "AT"), ("anselm.example",), "XK")
        assert registry.find("AFP") is not None
        assert len(registry) == len(REGISTRY) + 1

    def test_a_known_name_gains_what_is_told(self, mine: Callable[[str], Path]) -> None:
        registry = Registry.load(mine("name,aliases,domains\nBBC,Auntie,bbc.example\n"))
        auntie = registry.find("Auntie")
        assert auntie is not None
        assert (auntie.domains[0], auntie.country) == ("bbc.example", "GB")
        assert registry.find("BBC News") is registry.by_domain("bbc.co.uk") is auntie

    def test_the_users_word_holds(self, mine: Callable[[str], Path]) -> None:
        registry = Registry.load(mine("name,domains\nThe Guardian,theguardian.com\n"))
        theirs = Outlet("The Guardian", (), ("theguardian.com",), None)
        assert registry.find("Guardian") == registry.find("Guardian", "NG") == registry.by_domain("theguardian.com") == theirs

    def test_a_later_file_wins(self, mine: Callable[[str], Path], tmp_path: Path) -> None:
        first = mine("name,country\nNusa,ID\n").rename(tmp_path / "first.csv")
        outlet = Registry.load(first, mine("name,country,domains\nNusa,MY,nusa.example\n")).find("Nusa")
        assert outlet is not None
        assert (outlet.country, outlet.domains) == ("MY", ("nusa.example",))

    def test_spaces_marks_and_empty_lines_are_no_matter(self, mine: Callable[[str], Path]) -> None:
        registry = Registry.load(mine('\ufeffName , Country\r\n\r\n"Nusa, the weekly", id \r\n'))
        assert registry.find("nusa, the weekly") == Outlet("Nusa, the weekly", country="ID")

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("", "mine.csv, line 1: no column 'name'"),
            ("outlet,domain\nNusa,nusa.example\n", "mine.csv, line 1: no column 'name'"),
            ("name,country\nNusa,Indonesia\n", "mine.csv, line 2: 'INDONESIA' is no country code"),
            ("name,domains\nNusa,nusa example\n", "mine.csv, line 2: 'nusa example' is no web domain"),
            ("name,country\n,ID\n", "mine.csv, line 2: no name"),
            ("name,aliases\nNusa,\nOther,the NUSA\n", "mine.csv, line 3: 'nusa' is on line 2 already"),
            ("name,domains\nNusa,nusa.example\nOther,www.nusa.example\n", "mine.csv, line 3: 'nusa.example' is on line 2 already"),
            ("name\nNusa,the weekly\n", "mine.csv, line 2: 2 columns where the first line has 1"),
            ('name\n"Nusa\n', "mine.csv, line 2: not CSV"),
        ],
    )
    def test_a_mistake_is_told_with_its_line(self, mine: Callable[[str], Path], text: str, message: str) -> None:
        with pytest.raises(OutletError, match=re.escape(message)) as told:
            Registry.load(mine(text))
        assert "\n" not in str(told.value)

    def test_a_file_that_can_not_be_read(self, tmp_path: Path) -> None:
        with pytest.raises(OutletError, match=r"none.csv: can't be read \(No such file"):
            Registry.load(tmp_path / "none.csv")
        (tmp_path / "latin.csv").write_bytes("name\nL'Équipe\n".encode("latin-1"))
        with pytest.raises(OutletError, match=r"latin.csv: not UTF-8"):
            Registry.load(tmp_path / "latin.csv")


class TestInAnArticle:
    def test_two_names_of_an_outlet_are_one_entity(self) -> None:
        names = Names(make_article("It was first told by Agence France-Presse on Monday. On Tuesday AFP and Voice of America had more, and VOA sent a team."))
        assert names.entity_of("AFP") is names.entity_of("Agence France-Presse")
        assert names.entity_of("VOA") is names.entity_of("Voice of America")
        assert names.entity_of("AFP") is not names.entity_of("VOA")

    def test_the_publisher_is_known_by_all_its_names(self) -> None:
        names = Names(make_article("On Monday Ruth Alder told Voice of America of it.", outlet="VOA"))
        assert names.publisher is not None
        assert names.publisher.name == "Voice of America"
        assert names.is_publisher("Voice of America")
        assert not names.is_publisher("Ruth Alder")

    def test_a_link_tells_which_outlet_it_is(self, model: Model) -> None:
        text = "Gates were shut\nThe gates were shut on Friday, Al-Jazeera reported on Monday, citing an engineer at the dam.\n"
        reading = model.read(make_article(text, outlet="The Guardian (UK)"))
        outlets = [link.outlet.name if link.outlet else None for link in reading.chains[0]]
        assert outlets[0] == "Al Jazeera"
        assert set(outlets[1:]) <= {None}
        assert reading.publisher is not None
        assert reading.publisher.country == "GB"

    def test_a_user_may_make_any_name_an_outlet(self, model: Model, mine: Callable[[str], Path]) -> None:
        from scorer import score

        text = "Gates were shut\nThe gates were shut on Friday, Radio Mirande reported on Monday, citing an engineer at the dam.\n"
        registry = Registry.load(mine("name,domains,country\nRadio Mirande,mirande.example,XK\n"))
        link = score(text, model=model, outlets=registry).claims[0].chain[0]
        assert link.outlet == Outlet("Radio Mirande", (), ("mirande.example",), "XK")
        assert score(text, model=model).claims[0].chain[0].outlet is None
