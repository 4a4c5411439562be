"""Bytes in, an `Article` out: the text to the letter, its paragraphs, sentences and tokens, its headline and dateline."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from charset_normalizer import from_bytes

from scorer.errors import InputError
from scorer.spans import Span

# The tagger was trained on these tokens: its labels are theirs. `''` and two backticks are one quotation mark.
_TOKEN = re.compile(r"''|``|[A-Z]\.(?:[A-Z]\.)+|\d+(?:[.,]\d+)*|n['’]t\b|['’](?:s|re|ve|ll|d|m)\b|\w+(?=n['’]t\b)|\w+(?:[-–]\w+)*|\.\.\.|--|[^\w\s]", re.I)
_LINE = re.compile(r"[^\r\n\u2028\u2029\x85\v\f]+")
_BLANK_LINES = re.compile(r"(?:(?:\r\n|\r(?!\n)|[\n\u2028\u2029])[ \t\xa0]*){2,}")
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+(?=[\"'“‘«(\[]*[A-Z0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Capt|Sgt|Maj|Adm|Rev|Hon|Sr|Jr|St|Mt|vs|No|Inc|Ltd|Corp|Co|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec"
    r"|Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La|Md|Mass|Mich|Minn|Miss|Mo|Mont|Neb|Nev|Okla|Ore|Pa|Tenn|Tex|Va|Vt|Wash|Wis|Wyo)"
    r"|\b[A-Z])\.$"
)
# "VELDEN, March 4 (Reuters) - ", "WASHINGTON (AP) — ", "MOSCOW — ", "SURYANAGAR: "
_DATELINE = re.compile(
    r"(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ.'’\- ]{2,}(?:, [A-Z][\w.]+)*)(?:,? (?:[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?))?"
    r"(?: ?\((?P<provider>[A-Z][\w .&-]{1,30})\))?(?:\s*(?:--|[–—―-])|:)\s+"
)
_BYLINE = re.compile(r"[Bb][Yy] (?P<names>[A-ZÀ-Þ][\w.'’-]+(?: (?:and |[A-ZÀ-Þ])[\w.'’-]*)+)(?:,? .{0,40})?")
AGENCIES = {
    "AP": "AP",
    "ASSOCIATED PRESS": "AP",
    "THE ASSOCIATED PRESS": "AP",
    "REUTERS": "Reuters",
    "THOMSON REUTERS": "Reuters",
    "AFP": "AFP",
    "UPI": "UPI",
    "DPA": "dpa",
    "PTI": "PTI",
    "ANSA": "ANSA",
    "EFE": "EFE",
    "XINHUA": "Xinhua",
    "TASS": "TASS",
    "AGENCE FRANCE-PRESSE": "AFP",
}
MAX_HEADLINE_WORDS = 30
MAX_STOPPED_HEADLINE_WORDS = 18  # some archives end their headlines with a full stop


@dataclass(frozen=True)
class Token:
    """A word or a mark; offsets are characters into the article's text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Article:
    """A text and what it says of itself. `id` is unique in its batch; offsets everywhere are characters into `text`."""

    text: str
    id: str = "article"
    path: str | None = None
    outlet: str | None = None
    title: str | None = None
    provider: str | None = None
    byline: str | None = None

    @cached_property
    def paragraphs(self) -> tuple[Span, ...]:
        """The paragraphs without the white space around them. A line is one, or, in hard-wrapped text, what stands between blank lines."""
        lines = [m.span() for m in _LINE.finditer(self.text)]
        blocks = _blocks(self.text)
        spans = blocks if _hard_wrapped(self.text, lines, blocks) else lines
        return tuple(s for s in (_strip(self.text, s) for s in spans) if s[0] < s[1])

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The sentences of all paragraphs in order; a sentence ends no later than its paragraph."""
        return tuple(s for paragraph in self.paragraphs for s in split_sentences(self.text, paragraph))

    @cached_property
    def tokens(self) -> tuple[tuple[Token, ...], ...]:
        """The tokens of each paragraph."""
        return tuple(tuple(tokenize(self.text, s)) for s in self.paragraphs)

    @property
    def words(self) -> int:
        """How many words the text has, as `wc -w` counts them."""
        return len(self.text.split())

    @cached_property
    def headline(self) -> Span | None:
        """The first paragraph, where it reads as a headline: one short sentence, with a text to follow."""
        if len(self.paragraphs) < 2:
            return None
        start, end = self.paragraphs[0]
        first = self.text[start:end]
        words, stopped = len(first.split()), first.endswith((".", ":", ";", ","))
        is_title = words <= (MAX_STOPPED_HEADLINE_WORDS if stopped else MAX_HEADLINE_WORDS) and len(split_sentences(self.text, (start, end))) == 1
        return (start, end) if is_title and not _DATELINE.match(first) else None

    @cached_property
    def dateline(self) -> re.Match[str] | None:
        """The match of a dateline at the start of one of the first paragraphs; group `provider` is the agency in brackets."""
        for start, end in self.paragraphs[:4]:
            if match := _DATELINE.match(self.text, start, end):
                return match
        return None


def read_article(data: bytes, *, id: str = "article", path: str | None = None, outlet: str | None = None) -> Article:
    """An article from the bytes of a plain-text file.

    Raises InputError when there is no text in it.
    """
    return make_article(decode(data), id=id, path=path, outlet=outlet)


def make_article(text: str, *, id: str = "article", path: str | None = None, outlet: str | None = None) -> Article:
    """An article from its text, with what its headline, byline and dateline say. Raises InputError where there is no word in it."""
    text = _without_lone_surrogates(text)
    if not re.search(r"\w", text):
        raise InputError("no text to score; pass an article with words in it")
    bare = Article(text)
    byline, agency = _byline(bare)
    if bare.dateline and (name := bare.dateline["provider"]):
        agency = AGENCIES.get(name.upper(), agency)
    title = text[slice(*bare.headline)] if bare.headline else None
    return Article(text, id=id, path=path, outlet=outlet, title=title, provider=agency, byline=byline)


def decode(data: bytes) -> str:
    """The text of `data` to the letter, without a byte-order mark: UTF-8 or UTF-16/32 with a mark, else the likeliest encoding.

    Raises InputError for what is no text.
    """
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        if b"\0" in data[:4096]:
            raise InputError("binary data, not text; pass the article as plain text") from None
        guess = from_bytes(data).best()
        text = str(guess) if guess else data.decode("cp1252", errors="replace")
    if sum(unicodedata.category(c) == "Cc" and c not in "\t\n\r\f\v\x1a\x85" for c in text[:4096]) > len(text[:4096]) / 20:
        raise InputError("binary data, not text; pass the article as plain text")
    return text


def tokenize(text: str, span: Span) -> list[Token]:
    """The tokens of a stretch of the text."""
    return [Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text, *span)]


def split_sentences(text: str, span: Span) -> list[Span]:
    """The sentences of a paragraph, white space around them left out."""
    out, start = [], span[0]
    for match in _SENTENCE_END.finditer(text, *span):
        if not _ABBREVIATION.search(text[max(start, match.start() - 12) : match.start() + 1]):
            out.append(_strip(text, (start, match.end())))
            start = match.end()
    out.append(_strip(text, (start, span[1])))
    return [s for s in out if s[0] < s[1]]


def _byline(article: Article) -> tuple[str | None, str | None]:
    """Who the article says wrote it, and the agency in the byline, looked for in its first paragraphs."""
    for start, end in article.paragraphs[:4]:
        line = article.text[start:end]
        if len(line) < 90 and (match := _BYLINE.fullmatch(line)):
            agency = next((AGENCIES[w] for w in re.split(r"[,|/] ?", line.upper()) if w.strip() in AGENCIES), None)
            return match["names"], agency
    return None, None


def _blocks(text: str) -> list[Span]:
    """What stands between blank lines."""
    cuts = [m.span() for m in _BLANK_LINES.finditer(text)]
    starts, ends = [0, *(e for _, e in cuts)], [*(s for s, _ in cuts), len(text)]
    return [_strip(text, (s, e)) for s, e in zip(starts, ends, strict=True) if text[s:e].strip()]


def _hard_wrapped(text: str, lines: list[Span], blocks: list[Span]) -> bool:
    """Whether line breaks inside blocks are only where a line was full: most of them follow no end of a sentence, and no line is long."""
    inner = [(s, e) for s, e in lines for bs, be in blocks if bs <= s and e < be and text[s:e].strip()]
    if len(blocks) < 2 or len(inner) < 3 or max(e - s for s, e in lines) > 120:
        return False
    unfinished = sum(not re.search(r"[.!?:;…][\"'”’)]*\s*$", text[s:e]) for s, e in inner)
    return unfinished > 0.6 * len(inner)


def _strip(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _without_lone_surrogates(text: str) -> str:
    """Lone surrogates can't be written as UTF-8: each becomes one replacement character, so that offsets stay."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)
