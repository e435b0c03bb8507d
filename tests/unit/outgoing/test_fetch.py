"""Fetching from hosts that mean well, and from hosts that do not."""

import gzip
import itertools
import os
import socket
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from dataclasses import replace

import pytest

from services.runtime.outgoing.errors import (
    AddressRefused,
    BrokenAnswer,
    ConnectFailed,
    ContentTypeRefused,
    CredentialsRefused,
    EncodingRefused,
    FetchRefused,
    HttpStatus,
    PortRefused,
    RobotsRefused,
    SchemeRefused,
    TimedOut,
    TooLarge,
    TooManyRedirects,
    UrlInvalid,
)
from services.runtime.outgoing.fetch import ANY, FEED, fetch
from services.runtime.outgoing.guard import Target
from services.runtime.outgoing.policy import FetchPolicy
from tests.support.stranger import Stranger, answer, drip, raw, redirect, status

PAGE = "<html><body><p>Die Brücke wird gesperrt.</p></body></html>".encode()
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def test_gets_a_document(stranger: Stranger, policy: FetchPolicy) -> None:
    """The body, its type and charset, and the URL come back; we say who we are."""
    stranger.scripts["/a"] = answer(PAGE, "Text/HTML; Charset=UTF-8", ETag='"x"')
    found = fetch(stranger.url("/a?b=c#d"), policy=replace(policy, contact="https://b.example/"))
    assert (found.body, found.status, found.url) == (PAGE, 200, stranger.url("/a?b=c"))
    assert (found.content_type, found.charset) == ("text/html", "utf-8")
    assert found.headers["etag"] == '"x"'
    sent = stranger.requests[0].headers
    assert sent["user-agent"] == "Beleg/0.1 (+https://b.example/)"
    assert sent["host"] == f"127.0.0.1:{stranger.port}"
    assert not {"cookie", "authorization", "referer"} & sent.keys()


@pytest.mark.parametrize(
    ("encoding", "compress"),
    [
        ("gzip", gzip.compress),
        ("GZIP", gzip.compress),
        ("deflate", zlib.compress),
        ("identity", bytes),
    ],
)
def test_decompresses_what_it_asked_for(
    stranger: Stranger, policy: FetchPolicy, encoding: str, compress: type[bytes]
) -> None:
    """Gzip and deflate are undone before the caller sees the body."""
    stranger.scripts["/"] = answer(compress(PAGE), Content_Encoding=encoding)
    assert fetch(stranger.url(), policy=policy).body == PAGE


def test_reads_chunked_bodies_and_bodies_without_a_length(
    stranger: Stranger, policy: FetchPolicy
) -> None:
    """Both ways to leave the length out give the whole body."""
    chunks = b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    stranger.scripts["/chunked"] = raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", chunks)
    stranger.scripts["/open"] = raw(HEAD + b"\r\n", b"abcde")
    assert fetch(stranger.url("/chunked"), policy=policy).body == b"abcde"
    assert fetch(stranger.url("/open"), policy=policy).body == b"abcde"


def test_connects_to_the_address_that_was_checked(stranger: Stranger, policy: FetchPolicy) -> None:
    """A name is looked up once; a second, different answer would not be heard (DNS rebinding)."""
    answers = itertools.chain([["127.0.0.1"]], itertools.repeat(["192.0.2.1"]))
    asked: list[str] = []

    def resolve(host: str, _: int) -> list[str]:
        asked.append(host)
        return next(answers)

    stranger.scripts["/"] = answer(PAGE)
    url = stranger.url(host="zeitung.intern")
    assert fetch(url, policy=policy, resolve=resolve).body == PAGE
    assert asked == ["zeitung.intern"]
    assert stranger.requests[0].headers["host"] == f"zeitung.intern:{stranger.port}"


def test_rebinding_to_a_private_address_is_refused(stranger: Stranger) -> None:
    """A public name that answers with a private address gets no connection at all."""
    policy = FetchPolicy(allowed_ports=frozenset({stranger.port}))
    with pytest.raises(AddressRefused):
        fetch(stranger.url(host="zeitung.example"), policy=policy, resolve=lambda *_: ["127.0.0.1"])
    assert stranger.requests == []


def test_asks_the_next_address_where_the_first_takes_no_connection(
    stranger: Stranger, policy: FetchPolicy
) -> None:
    """A host with a dead address is reached at another one."""
    stranger.scripts["/"] = answer(PAGE)
    found = fetch(
        stranger.url(host="zeitung.intern"),
        policy=policy,
        resolve=lambda *_: ["127.0.0.2", "127.0.0.1"],
    )
    assert found.body == PAGE
    assert len(stranger.requests) == 1


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_the_environment_names_no_proxy(
    stranger: Stranger, policy: FetchPolicy, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A proxy variable would hand the look-up to somebody else, so it counts for nothing."""
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    stranger.scripts["/"] = answer(PAGE)
    assert fetch(stranger.url(), policy=policy).body == PAGE


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_follows_redirects(stranger: Stranger, policy: FetchPolicy, code: int) -> None:
    """Absolute, relative and oddly written locations lead to the document and its own URL."""
    stranger.scripts["/1"] = redirect(stranger.url("/2"), code)
    stranger.scripts["/2"] = redirect("3 x?y#z", code)
    stranger.scripts["/3%20x"] = redirect("/über", code)
    stranger.scripts["/%C3%BCber"] = answer(PAGE)
    found = fetch(stranger.url("/1"), policy=policy)
    assert (found.body, found.url) == (PAGE, stranger.url("/%C3%BCber"))


@pytest.mark.parametrize(
    ("location", "error"),
    [
        ("http://10.0.0.1/", AddressRefused),
        ("http://169.254.169.254/latest/meta-data/", AddressRefused),
        ("http://127.0.0.2/", AddressRefused),
        ("//[::1]/", AddressRefused),
        ("http://[::ffff:127.0.0.1]/", AddressRefused),
        ("http://2130706433/", UrlInvalid),
        ("http://wer@127.0.0.1/", CredentialsRefused),
        ("http://192.0.2.1:6379/", PortRefused),
        ("file:///etc/passwd", SchemeRefused),
        ("ftp://127.0.0.1/", SchemeRefused),
        ("http://[/", UrlInvalid),
    ],
)
def test_checks_where_redirects_lead(
    stranger: Stranger, policy: FetchPolicy, location: str, error: type[FetchRefused]
) -> None:
    """A redirect gets no further than the same URL would if it were named at once."""
    stranger.scripts["/"] = redirect(location)
    with pytest.raises(error):
        fetch(stranger.url(), policy=policy)


def test_gives_up_on_redirect_loops(stranger: Stranger, policy: FetchPolicy) -> None:
    """After three redirects it is enough."""
    stranger.scripts["/"] = redirect("/")
    with pytest.raises(TooManyRedirects):
        fetch(stranger.url(), policy=policy)
    assert len(stranger.requests) == 4


def test_three_redirects_are_followed(stranger: Stranger, policy: FetchPolicy) -> None:
    """The limit is three, not two."""
    for number in range(3):
        stranger.scripts[f"/{number}"] = redirect(f"/{number + 1}")
    stranger.scripts["/3"] = answer(PAGE)
    assert fetch(stranger.url("/0"), policy=policy).body == PAGE


def test_every_hop_is_admitted(stranger: Stranger, policy: FetchPolicy) -> None:
    """Whoever admits requests is asked for each of them, before it is made."""
    stranger.scripts["/1"] = redirect("/2")

    def admit(target: Target, _: object) -> None:
        if target.path == "/2":
            raise RobotsRefused("No.")

    with pytest.raises(RobotsRefused):
        fetch(stranger.url("/1"), policy=policy, admit=admit)
    assert stranger.paths() == ["/1"]


def endlessly(piece: bytes) -> Iterator[bytes]:
    return itertools.repeat(piece)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX: ",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        HEAD + b"Content-Length: 100000\r\n\r\n",
        HEAD + b"\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n100000\r\n",
        b"HTTP/1.1 301 Moved\r\nLocation: /",
    ],
    ids=["status", "header", "continue", "length", "open", "chunked", "location"],
)
def test_slow_drips_end_with_the_deadline(
    stranger: Stranger, policy: FetchPolicy, head: bytes
) -> None:
    """A byte now and then does not extend the time, wherever in the answer it drips."""
    stranger.scripts["/"] = drip(head, endlessly(b"a"), stranger)
    started = time.monotonic()
    with pytest.raises(TimedOut):
        fetch(stranger.url(), policy=replace(policy, deadline_s=0.6))
    assert time.monotonic() - started < 20  # a read timeout alone would never end it


def test_an_endless_row_of_interim_answers_ends_with_the_deadline(
    stranger: Stranger, policy: FetchPolicy
) -> None:
    """`100 Continue` for ever is no answer."""
    stranger.scripts["/"] = drip(b"", endlessly(b"HTTP/1.1 100 Continue\r\n\r\n"), stranger)
    with pytest.raises(TimedOut):
        fetch(stranger.url(), policy=replace(policy, deadline_s=0.6))


def test_silence_ends_with_the_deadline(stranger: Stranger, policy: FetchPolicy) -> None:
    """A host that takes the connection and says nothing is given up."""
    stranger.scripts["/"] = lambda *_: stranger.stopping.wait(60) and None
    with pytest.raises(TimedOut):
        fetch(stranger.url(), policy=replace(policy, deadline_s=0.4))


def test_the_deadline_covers_all_redirects(stranger: Stranger, policy: FetchPolicy) -> None:
    """Redirects do not start the time anew."""
    stranger.scripts["/"] = lambda request, connection: (
        (
            stranger.stopping.wait(0.4),
            redirect("/")(request, connection),
        )[0]
        and None
    )
    with pytest.raises(TimedOut):
        fetch(stranger.url(), policy=replace(policy, deadline_s=0.6, max_redirects=1000))
    assert len(stranger.requests) <= 2


@pytest.mark.parametrize("coding", ["gzip", "deflate", "x-gzip"])
def test_bombs_are_not_unpacked(stranger: Stranger, policy: FetchPolicy, coding: str) -> None:
    """200 MB packed into 200 KB are given up at the limit, in little memory."""
    window = zlib.MAX_WBITS + (0 if coding == "deflate" else 16)
    packer = zlib.compressobj(9, wbits=window)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(200)) + packer.flush()
    assert len(bomb) < 250_000
    stranger.scripts["/"] = answer(bomb, Content_Encoding=coding)
    tracemalloc.start()
    with pytest.raises(TooLarge):
        fetch(stranger.url(), policy=policy)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * policy.max_bytes


def test_nested_compression_is_refused(stranger: Stranger, policy: FetchPolicy) -> None:
    """A bomb in a bomb needs a decoder for each layer, and gets none."""
    bomb = gzip.compress(gzip.compress(bytes(10_000_000)))
    stranger.scripts["/"] = answer(bomb, Content_Encoding="gzip, gzip")
    with pytest.raises(EncodingRefused):
        fetch(stranger.url(), policy=policy)


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "erfunden"])
def test_other_codings_are_refused(stranger: Stranger, policy: FetchPolicy, coding: str) -> None:
    """What we did not ask for we do not read."""
    stranger.scripts["/"] = answer(PAGE, Content_Encoding=coding)
    with pytest.raises(EncodingRefused):
        fetch(stranger.url(), policy=policy)


def test_endless_bodies_end_at_the_limit(stranger: Stranger, policy: FetchPolicy) -> None:
    """A body without end is cut off when it is too large, whatever its framing."""
    block = os.urandom(50_000)
    chunk = b"%x\r\n%s\r\n" % (len(block), block)
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    stranger.scripts["/open"] = drip(HEAD + b"\r\n", endlessly(block), stranger, 0)
    stranger.scripts["/chunked"] = drip(chunked, endlessly(chunk), stranger, 0)
    for path in ("/open", "/chunked"):
        with pytest.raises(TooLarge):
            fetch(stranger.url(path), policy=replace(policy, max_bytes=1_000_000))


def test_a_stated_length_over_the_limit_is_not_even_read(
    stranger: Stranger, policy: FetchPolicy
) -> None:
    """Content-Length is believed where it says that the body is too large."""
    stranger.scripts["/"] = raw(HEAD + b"Content-Length: 6000000\r\n\r\n")
    with pytest.raises(TooLarge):
        fetch(stranger.url(), policy=policy)


def test_a_body_of_just_the_limit_is_taken(stranger: Stranger, policy: FetchPolicy) -> None:
    """The limit itself is allowed, one byte more is not."""
    stranger.scripts["/"] = answer(b"x" * 1000)
    assert len(fetch(stranger.url(), policy=replace(policy, max_bytes=1000)).body) == 1000
    with pytest.raises(TooLarge):
        fetch(stranger.url(), policy=replace(policy, max_bytes=999))


@pytest.mark.parametrize(
    "content_type",
    ["application/pdf", "application/zip", "image/svg+xml", "text/plain", "text", "", None],
)
def test_other_content_types_are_refused(
    stranger: Stranger, policy: FetchPolicy, content_type: str | None
) -> None:
    """What is not said to be a web page is not read."""
    stranger.scripts["/"] = answer(PAGE, content_type)
    with pytest.raises(ContentTypeRefused):
        fetch(stranger.url(), policy=policy)


def test_the_caller_names_the_content_types(stranger: Stranger, policy: FetchPolicy) -> None:
    """A feed is asked for as such; ANY takes everything."""
    stranger.scripts["/"] = answer(b"<rss/>", "application/rss+xml")
    assert fetch(stranger.url(), policy=policy, content_types=FEED).body == b"<rss/>"
    assert "application/rss+xml" in stranger.requests[0].headers["accept"]
    assert fetch(stranger.url(), policy=policy, content_types=ANY).body == b"<rss/>"


@pytest.mark.parametrize("code", [204 + 96, 304, 400, 401, 404, 410, 429, 500, 503])
def test_other_statuses_are_errors(stranger: Stranger, policy: FetchPolicy, code: int) -> None:
    """An error page is no document; its status and Retry-After are told."""
    stranger.scripts["/"] = status(code, Retry_After="120")
    with pytest.raises(HttpStatus) as caught:
        fetch(stranger.url(), policy=policy)
    assert (caught.value.status, caught.value.retry_after) == (code, 120)


def test_conditional_requests_may_be_answered_with_not_modified(
    stranger: Stranger, policy: FetchPolicy
) -> None:
    """304 is an answer where a condition was sent."""
    stranger.scripts["/"] = status(304, ETag='"y"')
    found = fetch(stranger.url(), policy=policy, headers={"If-None-Match": '"x"'})
    assert (found.status, found.body, found.headers["etag"]) == (304, b"", '"y"')
    assert stranger.requests[0].headers["if-none-match"] == '"x"'


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\n",
        HEAD + b"Content-Length: 100\r\n\r\nabc",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
        HEAD + b"Content-Encoding: gzip\r\n\r\nno gzip at all",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
    ],
)
def test_broken_answers_are_said_to_be_broken(
    stranger: Stranger, policy: FetchPolicy, said: bytes
) -> None:
    """What is not HTTP, or breaks off, is one error and no document."""
    stranger.scripts["/"] = raw(said)
    with pytest.raises(BrokenAnswer) as caught:
        fetch(stranger.url(), policy=policy)
    assert "127.0.0.1" not in str(caught.value)


def test_closed_ports_are_said_to_take_no_connection(policy: FetchPolicy) -> None:
    """Nobody listening is an error that may pass, and names no address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ConnectFailed) as caught:
        fetch(f"http://127.0.0.1:{port}/", policy=policy)
    assert caught.value.retryable
    assert "127.0.0.1" not in str(caught.value)
