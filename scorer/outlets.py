"""Names in, outlets out: a registry of news outlets by name, alias and web domain, which users extend with files of the same form.

`outlets.csv` has a header and four columns: `name`, `aliases`, `domains` (several of each separated by `|`, the main domain first) and `country`
(ISO 3166-1 alpha-2, where the outlet is based; empty where it has no one country). It says who an outlet is, nothing of what it is worth.

A name that several outlets share is written with what tells them apart in brackets: `The Guardian (UK)`, `The Guardian (Nigeria)`. Without the
brackets it means the one of the publisher's own country, and none elsewhere. A user's file adds outlets, or adds names and domains to one that
has the same name; where it says something else than the registry, the user's word holds.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path

from scorer.errors import ScorerError

COLUMNS = ("name", "aliases", "domains", "country")

_BRACKETS = re.compile(r"\s*\([^()]*\)$")
_POSSESSIVE = re.compile(r"(?:'s|(?<=s)')$")
_GENERIC = re.compile(r" (?:newspaper|magazine|website|news agency|news site|news website|broadcaster|television|daily|weekly)$")
_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")
_COUNTRY = re.compile(r"[A-Z]{2}")


class OutletError(ScorerError):
    """A file of outlets that can't be read, or that contradicts itself."""


@dataclass(frozen=True)
class Outlet:
    """A news outlet. `domains` has the main one first; `country` is an ISO 3166-1 alpha-2 code, None where it has no one country."""

    name: str
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    country: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Its name and its aliases."""
        return (self.name, *self.aliases)

    def to_dict(self) -> dict[str, str | None]:
        return {"name": self.name, "domain": next(iter(self.domains), None), "country": self.country}


class Registry:
    """Outlets by what they are called and by their domains; what `users` says wins over `outlets`, and what comes later over what came before."""

    def __init__(self, outlets: Iterable[Outlet], users: Iterable[Outlet] = ()) -> None:
        self._by_key: dict[str, Outlet] = {}
        self._by_domain: dict[str, Outlet] = {}
        self._shared: dict[str, dict[str | None, Outlet]] = {}  # a name without its brackets: its outlets by country
        for outlet in outlets:
            self._add(outlet)
        for outlet in users:
            for name in outlet.names:
                self._shared.pop(name_key(name), None)  # it is shared no longer
            self._add(outlet)

    @classmethod
    def load(cls, *paths: Path | str) -> Registry:
        """The shipped registry, with the outlets of some files of the user added in their order. Raises OutletError."""
        if not paths:
            return _shipped()
        known = {name_key(outlet.name): outlet for outlet in _shipped()}
        users: dict[str, Outlet] = {}
        for outlet in (outlet for path in paths for outlet in read_outlets(Path(path))):
            key = name_key(outlet.name)
            before = users.get(key) or known.pop(key, None)
            users[key] = _merged(before, outlet) if before else outlet
        return cls(known.values(), users.values())

    def _add(self, outlet: Outlet) -> None:
        for name in outlet.names:
            self._by_key[name_key(name)] = outlet
            if name.endswith(")"):
                self._shared.setdefault(name_key(_BRACKETS.sub("", name)), {})[outlet.country] = outlet
        for domain in outlet.domains:
            self._by_domain[domain] = outlet

    def __len__(self) -> int:
        return len(set(self._by_key.values()))

    def __iter__(self) -> Iterator[Outlet]:
        return iter(dict.fromkeys(self._by_key.values()))

    def __contains__(self, name: str) -> bool:
        """Whether it is an outlet's name at all, be it one that several share."""
        return any(key in self._by_key or key in self._shared for key in _keys(name)) or ("." in name and self.by_domain(name) is not None)

    def find(self, name: str, home: str | None = None) -> Outlet | None:
        """The outlet of a name, alias or web address; of a name that several share, the one of the country `home`, else None.

        Case, accents, a leading "the" and a possessive ending are no matter; the name must be whole otherwise.
        """
        for key in _keys(name):
            if found := self._shared.get(key, {}).get(home) if home else None:
                return found
            if found := self._by_key.get(key):
                return found
        return self.by_domain(name) if "." in name else None

    def by_domain(self, domain: str) -> Outlet | None:
        """The outlet of a domain, of a subdomain of one of its domains, or of a web address there."""
        return next((found for d in parents(domain_of(domain)) if (found := self._by_domain.get(d))), None)

    def same(self, a: str, b: str, home: str | None = None) -> bool:
        """Whether two names are of one outlet."""
        found = self.find(a, home)
        return found is not None and found is self.find(b, home)


def name_key(name: str) -> str:
    """A name as it is looked up: no case, no accents, no leading article, no dots; hyphens and slashes as blanks."""
    folded = name.casefold()
    if not folded.isascii():
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded.replace("’", "'").replace("–", "-")) if not unicodedata.combining(c))
    return " ".join(folded.replace(".", "").replace("-", " ").replace("/", " ").replace("&", " and ").split()).removeprefix("the ")


def _keys(name: str) -> tuple[str, ...]:
    """The keys a name may be found under: its own ("Barron's"), that without a possessive ("Reuters'") and without a noun ("Kommersant newspaper")."""
    key = name_key(name)
    bare = _POSSESSIVE.sub("", key) if "'" in key else key
    return tuple(dict.fromkeys((key, bare, _GENERIC.sub("", bare))))


def domain_of(address: str) -> str:
    """The domain of a web address or domain, in lower case and without `www.`."""
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", address.strip().casefold())
    return re.split(r"[/?#:]", host, maxsplit=1)[0].strip(".").removeprefix("www.")


def parents(domain: str) -> Iterator[str]:
    """A domain and those it is a subdomain of, the longest first, top-level domains left out."""
    labels = domain.split(".")
    return (".".join(labels[k:]) for k in range(len(labels) - 1))


def read_outlets(path: Path) -> tuple[Outlet, ...]:
    """The outlets of a file. Raises OutletError that names file and line."""
    found: list[Outlet] = []
    taken: dict[str, int] = {}  # names as they are looked up, and domains: the line that has them
    for line, row in rows_of(path, COLUMNS[:1], OutletError):
        outlet = _outlet(row, f"{path}, line {line}")
        for key in dict.fromkeys([*map(name_key, outlet.names), *outlet.domains]):
            if taken.setdefault(key, line) != line:
                raise OutletError(f"{path}, line {line}: {key!r} is on line {taken[key]} already; a name or domain is one outlet's")
        found.append(outlet)
    return tuple(found)


def rows_of(path: Path, required: Iterable[str], error: type[ScorerError]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, row) of a CSV file with a header, empty lines left out; columns are stripped and in lower case.

    Raises `error` where it can't be read or a required column is missing.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            header = [name.strip().casefold() for name in next(reader, [])]
            if missing := [name for name in required if name not in header]:
                raise error(f"{path}, line 1: no column {missing[0]!r}; the first line must name the columns")
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    if len(cells) > len(header):
                        raise error(f"{path}, line {reader.line_num}: {len(cells)} columns where the first line has {len(header)}; quote what has commas")
                    yield reader.line_num, dict.fromkeys(header, "") | {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
    except OSError as problem:
        raise error(f"{path}: can't be read ({problem.strerror or problem}); check the path") from problem
    except UnicodeDecodeError as problem:
        raise error(f"{path}: not UTF-8; save it as CSV in UTF-8") from problem
    except csv.Error as problem:
        raise error(f"{path}, line {reader.line_num}: not CSV ({problem}); check its quotation marks") from problem


def _outlet(row: dict[str, str], where: str) -> Outlet:
    """The outlet of a row. Raises OutletError."""
    if not name_key(row["name"]):
        raise OutletError(f"{where}: no name; every outlet needs one")
    domains = tuple(map(domain_of, _several(row.get("domains", ""))))
    if wrong := [d for d in domains if not _DOMAIN.fullmatch(d)]:
        raise OutletError(f"{where}: {wrong[0]!r} is no web domain; write it as in example.com, several with | between")
    country = row.get("country", "").upper() or None
    if country and not _COUNTRY.fullmatch(country):
        raise OutletError(f"{where}: {country!r} is no country code; give two letters (ISO 3166-1), or nothing")
    return Outlet(row["name"], _several(row.get("aliases", "")), domains, country)


def _several(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, cell.split("|")))) if cell else ()


def _merged(known: Outlet, told: Outlet) -> Outlet:
    """A known outlet with what a later row says of it: the row's domains go first, its country holds."""
    return replace(
        told,
        aliases=tuple(dict.fromkeys((*told.aliases, *known.aliases))),
        domains=tuple(dict.fromkeys((*told.domains, *known.domains))),
        country=told.country or known.country,
    )


@cache
def _shipped() -> Registry:
    """The registry as it ships. Its file is checked by the tests, not here: every start would wait for it."""
    rows = csv.reader(files("scorer").joinpath("outlets.csv").read_text("utf-8").splitlines())
    next(rows)
    return Registry(Outlet(name, _several(aliases), _several(domains), country or None) for name, aliases, domains, country in rows)
