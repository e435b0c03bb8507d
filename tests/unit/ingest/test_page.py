"""Taking the article out of a page."""

from datetime import date

import pytest

from services.ingest.page import Page, PageWithoutArticle, read_page

URL = "https://www.elbtaler-bote.example/lokales/bruecke?utm_source=x"
FIRST = (
    "Die Brücke über die Elde wird im Herbst für sechs Wochen gesperrt, sagte "
    "Bürgermeisterin Petra Holm am Mittwoch im Stadtrat."
)
SECOND = "„Wir haben lange gewartet“, erklärte Holm. Die Händler fürchten um ihr Geschäft."
LINKED = """<script type="application/ld+json">{"@context": "https://schema.org",
"@type": "NewsArticle", "headline": "Brücke wird gesperrt", "inLanguage": "de",
"datePublished": "2026-03-04T23:30:00+01:00", "dateModified": "2026-03-06T08:00:00Z",
"author": [{"@type": "Person", "name": "Anna Berg"}, {"@type": "Person", "name": "Jan Tal"}],
"publisher": {"@type": "NewsMediaOrganization", "name": "Elbtaler Bote Verlag"}}</script>"""
CHROME = """<nav><a href="/">Start</a> <a href="/sport">Sport</a></nav>"""
COMMENTS = """<div id="comments" class="comments"><h3>Kommentare</h3>
<p>Das war ja wohl längst überfällig, meine ich als Anwohner.</p></div>"""


def page(head: str = "", body: str = "", lang: str = ' lang="de-DE"', charset: str = "") -> str:
    article = f"<article><h1>Brücke wird gesperrt</h1><p>{FIRST}</p><p>{SECOND}</p>{body}</article>"
    return (
        f"<!DOCTYPE html><html{lang}><head>{charset}<title>Brücke</title>{head}</head>"
        f"<body>{CHROME}{article}{COMMENTS}<footer>© 2019 Verlag</footer></body></html>"
    )


def read(html: str, charset: str | None = None) -> Page:
    return read_page(html.encode(), url=URL, charset=charset)


def test_takes_the_article_and_nothing_else() -> None:
    """Paragraphs are lines; navigation, comments, footer and the repeated headline stay out."""
    found = read(page(LINKED))
    assert found.text == f"{FIRST}\n{SECOND}"
    assert found.title == "Brücke wird gesperrt"


def test_takes_what_the_page_says_about_itself() -> None:
    """Author, day of publication in the page's own time zone, language and outlet."""
    found = read(page(LINKED + '<meta property="og:site_name" content="Elbtaler Bote">'))
    assert found.author == "Anna Berg; Jan Tal"
    assert found.published_on == date(2026, 3, 4)
    assert found.language == "de"
    assert found.outlet == "Elbtaler Bote"


def test_says_nothing_where_the_page_says_nothing() -> None:
    """A year in the footer or a day in the text is not when the article appeared."""
    found = read(page(body="<p>Am 4. März 2021 war die Brücke schon einmal zu.</p>", lang=""))
    assert (found.author, found.published_on, found.language) == (None, None, None)
    assert found.outlet == "elbtaler-bote.example"


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ('<meta property="article:published_time" content="2026-03-04T00:30:00+01:00">', 4),
        ('<meta name="date" content="2026-03-05">', 5),
        ('<meta itemprop="datePublished" content="2026-03-06T10:00">', 6),
        ('<meta property="article:published_time" content="gestern">', None),
    ],
)
def test_reads_the_day_from_metadata(head: str, day: int | None) -> None:
    """The usual places are looked at; nonsense is no date."""
    assert read(page(head)).published_on == (date(2026, 3, day) if day else None)


@pytest.mark.parametrize(
    ("lang", "head", "language"),
    [
        (' lang="de"', "", "de"),
        (' lang="DE_at"', "", "de"),
        (' lang="en-GB"', "", "en"),
        ("", '<meta property="og:locale" content="de_DE">', "de"),
        ("", '<meta http-equiv="Content-Language" content="en">', "en"),
        (' lang="deutsch"', '<meta property="og:locale" content="de_DE">', "de"),
        (' lang=""', "", None),
    ],
)
def test_reads_the_language(lang: str, head: str, language: str | None) -> None:
    """The page's own tag is cut to its language; other places are asked in turn."""
    assert read(page(head, lang=lang)).language == language


@pytest.mark.parametrize(
    ("canonical", "url"),
    [
        ("https://www.elbtaler-bote.example/b", "https://www.elbtaler-bote.example/b"),
        ("https://elbtaler-bote.example/b", "https://elbtaler-bote.example/b"),
        ("https://m.elbtaler-bote.example/b", "https://m.elbtaler-bote.example/b"),
        ("https://grosse-zeitung.example/b", URL),
        ("https://elbtaler-bote.example.boese.example/b", URL),
        ("https://wer@elbtaler-bote.example/b", URL),
        ("javascript:alert(1)", URL),
        ("http://[", URL),
    ],
)
def test_believes_a_canonical_url_of_the_same_host(canonical: str, url: str) -> None:
    """A page may tidy up its own URL, but not pose as another outlet's."""
    assert read(page(f'<link rel="canonical" href="{canonical}">')).url == url


@pytest.mark.parametrize(
    ("encoding", "header", "meta"),
    [
        ("utf-8", "utf-8", ""),
        ("utf-8", None, ""),
        ("utf-8", "iso-8859-1", '<meta charset="iso-8859-1">'),
        ("utf-8-sig", "iso-8859-1", ""),
        ("utf-16", "utf-8", ""),
        ("cp1252", "windows-1252", ""),
        ("cp1252", "iso-8859-1", ""),
        ("cp1252", "ISO-8859-15; x", '<meta charset="iso-8859-1">'),
        ("cp1252", None, '<meta charset="latin1">'),
        ("cp1252", None, '<meta http-equiv="Content-Type" content="text/html; charset=latin1">'),
        ("cp1252", None, ""),
        ("cp1252", "utf-8", ""),
        ("cp1252", "unicode_escape", '<meta charset="punycode">'),
        ("cp1252", "base64", '<meta charset="erfunden">'),
        ("cp1252", "\x00", ""),
    ],
)
def test_reads_every_usual_charset(encoding: str, header: str | None, meta: str) -> None:
    """Umlauts and quotation marks survive right, missing and wrong declarations."""
    html = page(charset=meta).encode(encoding)
    assert read_page(html, url=URL, charset=header).text == f"{FIRST}\n{SECOND}"


def test_bytes_that_fit_no_charset_are_replaced() -> None:
    """A few broken bytes cost a few characters, not the article."""
    html = page().encode("cp1252").replace(b"Stadtrat", b"Stadtr\x81t")
    assert "Stadtr\ufffdt" in read_page(html, url=URL).text


def test_linked_data_that_is_no_json_is_passed_over() -> None:
    """Broken linked data neither breaks the page nor is guessed at, and takes no time."""
    broken = '<script type="application/ld+json">{"author":"' + '\\"a' * 40_000 + "</script>"
    found = read(page(broken + '<meta name="author" content="Anna Berg">'))
    assert (found.text, found.author) == (f"{FIRST}\n{SECOND}", "Anna Berg")


@pytest.mark.parametrize(
    "html",
    [
        b"",
        b"   ",
        b"Nur ein Satz ohne jede Auszeichnung, und zwar ein ziemlich langer dazu.",
        b"<html></html>",
        b"<html><body><div id='app'>Loading</div><script>start()</script></body></html>",
        b"<html><body><p>Bitte JavaScript einschalten.</p></body></html>",
        b"%PDF-1.7 \x00\x01\x02",
        b"\xff\xfe",
    ],
)
def test_a_page_without_an_article_is_an_error(html: bytes) -> None:
    """What holds no text worth the name is refused, in words a client understands."""
    with pytest.raises(PageWithoutArticle, match="page holds no"):
        read_page(html, url=URL)
