"""Reading feeds."""

import itertools
from datetime import date
from pathlib import Path

import pytest

from services.ingest.feeds import (
    MAX_ENTRIES,
    MAX_ID_CHARS,
    MAX_SUMMARY_CHARS,
    FeedError,
    Validators,
    parse_feed,
    validators_of,
)

URL = "https://bote.example/feeds/lokales"


def rss(items: str, head: str = "<title>Elbtaler Bote</title>") -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{items}'
        "</channel></rss>"
    ).encode()


ITEM = """<item><title>Brücke &amp;amp; Straße &lt;b&gt;gesperrt&lt;/b&gt;</title>
<link>https://bote.example/1</link><guid isPermaLink="false">bote-1</guid>
<pubDate>Thu, 05 Mar 2026 00:30:00 +0100</pubDate>
<description><![CDATA[<p>Die Brücke<br>wird gesperrt.</p><img>]]></description></item>"""


def test_reads_rss() -> None:
    """Each entry has its id, link, title and summary as plain text, and its day."""
    feed = parse_feed(rss(ITEM), url=URL)
    (entry,) = feed.entries
    assert feed.title == "Elbtaler Bote"
    assert (entry.id, entry.url) == ("bote-1", "https://bote.example/1")
    assert entry.title == "Brücke & Straße gesperrt"
    assert entry.published_on == date(2026, 3, 5)
    assert entry.summary == "Die Brücke wird gesperrt."


def test_reads_atom() -> None:
    """Atom gives the same as RSS."""
    feed = parse_feed(
        """<feed xmlns="http://www.w3.org/2005/Atom"><title type="html">Elbe &amp;amp; Tal</title>
        <entry><id>urn:uuid:1</id><title>Brücke</title><link href="/a/1"/>
        <published>2026-03-05T00:30:00+01:00</published><updated>2026-03-07T00:00:00Z</updated>
        <summary>Gesperrt.</summary></entry>
        <entry><id>urn:uuid:2</id><link href="https://bote.example/a/2"/>
        <updated>2026-03-06T12:00:00Z</updated></entry></feed>""".encode(),
        url=URL,
    )
    first, second = feed.entries
    assert feed.title == "Elbe & Tal"
    assert (first.id, first.url) == ("urn:uuid:1", "https://bote.example/a/1")
    assert (first.published_on, first.summary) == (date(2026, 3, 5), "Gesperrt.")
    assert (second.title, second.published_on) == (None, date(2026, 3, 6))


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("Thu, 05 Mar 2026 00:30:00 +0100", date(2026, 3, 5)),
        ("2026-03-05T00:30:00+01:00", date(2026, 3, 5)),
        ("2026-03-05", date(2026, 3, 5)),
        ("05 Mar 2026 10:00 CET", date(2026, 3, 5)),
        ("Thu, 99 Mar 2026 10:00:00 GMT", None),
        ("neulich", None),
        ("", None),
    ],
)
def test_days_are_those_of_the_feed(stated: str, day: date | None) -> None:
    """Half past midnight in Berlin is not the day before."""
    item = f"<item><link>https://bote.example/1</link><pubDate>{stated}</pubDate></item>"
    assert parse_feed(rss(item), url=URL).entries[0].published_on == day


@pytest.mark.parametrize(
    "link",
    ["", "javascript:alert(1)", "file:///etc/passwd", "ftp://bote.example/", "http://[", "http://"],
)
def test_entries_without_a_web_link_are_left_out(link: str) -> None:
    """An entry that cannot be fetched is none; its neighbours stay."""
    items = f"<item><title>x</title><link>{link}</link></item>{ITEM}"
    assert [e.id for e in parse_feed(rss(items), url=URL).entries] == ["bote-1"]


def test_an_entry_without_an_id_is_known_by_its_link() -> None:
    """The link is as good as an id."""
    item = "<item><link>/lokales/1</link></item>"
    (entry,) = parse_feed(rss(item), url=URL).entries
    assert entry.url == "https://bote.example/lokales/1"
    assert entry.id == parse_feed(rss(item), url=URL).entries[0].id != ""


def test_ids_are_unique_and_bounded() -> None:
    """The first entry of an id counts, in the feed's order; long ids become a digest."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><link>https://bote.example/{number}</link></item>"
        for number, guid in enumerate(["a", "b", "a", "x" * 10_000])
    )
    entries = parse_feed(rss(items), url=URL).entries
    assert [e.url[-1] for e in entries] == ["0", "1", "3"]
    assert len(entries[2].id) <= MAX_ID_CHARS


def test_size_is_bounded() -> None:
    """Neither many entries nor long ones make much of a feed."""
    item = "<item><link>https://bote.example/{}</link><description>{}</description></item>"
    items = "".join(item.format(n, "lang " * 2000 if n < 3 else "") for n in range(MAX_ENTRIES + 9))
    entries = parse_feed(rss(items), url=URL).entries
    assert len(entries) == MAX_ENTRIES
    assert len(entries[0].summary or "") <= MAX_SUMMARY_CHARS


def test_charsets_of_header_and_declaration() -> None:
    """A feed in Latin-1 keeps its umlauts."""
    text = '<?xml version="1.0" encoding="iso-8859-1"?><rss version="2.0"><channel>'
    text += "<title>Börde</title></channel></rss>"
    assert parse_feed(text.encode("latin-1"), url=URL).title == "Börde"
    bare = text.replace(' encoding="iso-8859-1"', "").encode("latin-1")
    content_type = "application/rss+xml; charset=iso-8859-1"
    assert parse_feed(bare, url=URL, content_type=content_type).title == "Börde"


def test_broken_xml_gives_what_can_be_read() -> None:
    """A feed that breaks off still has the entries before the break."""
    broken = rss(ITEM + "<item><title>&nbsp;Halb").removesuffix(b"</channel></rss>")
    assert parse_feed(broken, url=URL).entries[0].id == "bote-1"


@pytest.mark.parametrize("body", [b"", b"<html><body>Kein Feed</body></html>", b"{}", b"\x00\xff"])
def test_what_is_no_feed_is_an_error(body: bytes) -> None:
    """Anything else is refused in words a client understands."""
    with pytest.raises(FeedError, match="neither RSS nor Atom"):
        parse_feed(body, url=URL)


def test_a_body_is_no_file_name(tmp_path: Path) -> None:
    """A body that happens to name a file, or a URL, does not have it read."""
    secret = tmp_path / "feed.xml"
    secret.write_bytes(rss(ITEM))
    for body in (str(secret).encode(), f"file://{secret}".encode()):
        with pytest.raises(FeedError):
            parse_feed(body, url=URL)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    """Neither files nor a billion laughs come in by XML entities."""
    secret = tmp_path / "geheim.txt"
    secret.write_text("geheim")
    names = "abcdefgh"
    laughs = "".join(
        f'<!ENTITY {name} "{f"&{before};" * 20}">'
        for before, name in itertools.pairwise("z" + names)
    )
    for doctype, title in (
        (f'<!DOCTYPE r [<!ENTITY x SYSTEM "file://{secret}">]>', "&x;"),
        (f'<!DOCTYPE r [<!ENTITY z "ha">{laughs}]>', "&h;"),
    ):
        body = rss(ITEM, f"<title>{title}</title>").replace(b"?><rss", f"?>{doctype}<rss".encode())
        feed = parse_feed(body, url=URL)
        assert len(feed.title or "") < 20
        assert "geheim" not in (feed.title or "")


def test_validators_ask_for_changes_only() -> None:
    """What the host said last is sent back; an answer 304 without validators keeps them."""
    known = validators_of({"etag": '"1"', "last-modified": "Thu, 05 Mar 2026 10:00:00 GMT"})
    assert known.conditions() == {
        "If-None-Match": '"1"',
        "If-Modified-Since": "Thu, 05 Mar 2026 10:00:00 GMT",
    }
    assert known.after({}) == known
    assert known.after({"etag": '"2"'}).etag == '"2"'
    assert Validators().conditions() == {}
    assert validators_of({}) == Validators()
