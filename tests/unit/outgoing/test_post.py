"""Posting to an address that a stranger named."""

import socket
import time
from dataclasses import replace

import pytest

from services.runtime.outgoing.errors import (
    AddressRefused,
    BrokenAnswer,
    ConnectFailed,
    PortRefused,
    TimedOut,
)
from services.runtime.outgoing.fetch import EXCERPT_BYTES, post
from services.runtime.outgoing.policy import FetchPolicy
from tests.support.stranger import Stranger, answer, drip, raw, redirect, status

BODY = '{"type": "article.extracted", "ü": 1}'.encode()
HEADERS = {"Content-Type": "application/json", "webhook-id": "msg_1"}


def test_posts_exactly_these_bytes(stranger: Stranger, policy: FetchPolicy) -> None:
    """The body arrives as it is, with the headers; the answer's status and beginning come back."""
    stranger.scripts["/hook?a=b"] = stranger.scripts["/hook"] = answer(b"danke", "text/plain")
    said = post(stranger.url("/hook?a=b"), body=BODY, headers=HEADERS, policy=policy)
    assert (said.status, said.excerpt) == (200, b"danke")
    sent = stranger.requests[0]
    assert (sent.method, sent.path, sent.body) == ("POST", "/hook?a=b", BODY)
    assert sent.headers["webhook-id"] == "msg_1"
    assert sent.headers["user-agent"] == "Beleg/0.1"


@pytest.mark.parametrize("code", [204, 400, 404, 410, 429, 500])
def test_every_status_is_an_answer(stranger: Stranger, policy: FetchPolicy, code: int) -> None:
    """What a status means is for the caller to say."""
    stranger.scripts["/"] = status(code, Retry_After="7")
    said = post(stranger.url(), body=BODY, headers=HEADERS, policy=policy)
    assert (said.status, said.headers["retry-after"]) == (code, "7")


def test_redirects_are_not_followed(stranger: Stranger, policy: FetchPolicy) -> None:
    """A redirect is an answer; the body is not sent to anybody else."""
    stranger.scripts["/"] = redirect("/elsewhere", 307)
    assert post(stranger.url(), body=BODY, headers=HEADERS, policy=policy).status == 307
    assert stranger.paths() == ["/"]


def test_the_same_guard_holds() -> None:
    """Addresses and ports are checked as they are for fetching."""
    policy = FetchPolicy()
    with pytest.raises(AddressRefused):
        post("http://127.0.0.1/", body=BODY, headers=HEADERS, policy=policy)
    with pytest.raises(PortRefused):
        post("http://zeitung.example:6379/", body=BODY, headers=HEADERS, policy=policy)
    with pytest.raises(AddressRefused):
        post(
            "http://zeitung.example/",
            body=BODY,
            headers=HEADERS,
            policy=policy,
            resolve=lambda *_: ["10.0.0.1"],
        )


def test_only_the_beginning_of_an_answer_is_kept(stranger: Stranger, policy: FetchPolicy) -> None:
    """A receiver that answers without end costs two kilobytes."""
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    stranger.scripts["/"] = drip(head + b"a" * 9000, iter(lambda: b"a" * 9000, b""), stranger, 0)
    said = post(stranger.url(), body=BODY, headers=HEADERS, policy=policy)
    assert said.status == 200
    assert len(said.excerpt) <= EXCERPT_BYTES


def test_a_status_counts_though_its_body_does_not_come(
    stranger: Stranger, policy: FetchPolicy
) -> None:
    """200 is 200, also where the promised body breaks off, drips or is no gzip."""
    stranger.scripts["/short"] = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
    stranger.scripts["/chunk"] = raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
    stranger.scripts["/gzip"] = answer(b"no gzip", Content_Encoding="gzip")
    stranger.scripts["/drip"] = drip(
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", iter(()), stranger
    )
    for path in ("/short", "/chunk", "/gzip", "/drip"):
        assert post(stranger.url(path), body=BODY, headers=HEADERS, policy=policy).status == 200


def test_a_hanging_receiver_ends_with_the_deadline(stranger: Stranger, policy: FetchPolicy) -> None:
    """A receiver that says nothing, or says it a byte at a time, is given up."""
    stranger.scripts["/drip"] = drip(b"HTTP/1.1 2", iter(lambda: b"0", b""), stranger)
    stranger.scripts["/silent"] = lambda *_: stranger.stopping.wait(60) and None
    for path in ("/drip", "/silent"):
        started = time.monotonic()
        with pytest.raises(TimedOut):
            post(
                stranger.url(path),
                body=BODY,
                headers=HEADERS,
                policy=replace(policy, deadline_s=0.4),
            )
        assert time.monotonic() - started < 20


def test_no_answer_is_an_error(stranger: Stranger, policy: FetchPolicy) -> None:
    """Nothing and nobody are told apart."""
    stranger.scripts["/"] = raw(b"")
    with pytest.raises(BrokenAnswer):
        post(stranger.url(), body=BODY, headers=HEADERS, policy=policy)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ConnectFailed):
        post(f"http://127.0.0.1:{port}/", body=BODY, headers=HEADERS, policy=policy)
