"""Respecting robots.txt as RFC 9309 lays down."""

from dataclasses import replace

import pytest

from services.runtime.outgoing.deadline import Deadline
from services.runtime.outgoing.errors import RobotsRefused, RobotsUnreachable
from services.runtime.outgoing.fetch import fetch
from services.runtime.outgoing.guard import parse_target
from services.runtime.outgoing.policy import FetchPolicy
from services.runtime.outgoing.robots import (
    KEEP_S,
    KEEP_UNREACHABLE_S,
    RulesInMemory,
    robots_admission,
)
from services.runtime.outgoing.robots_rules import ALLOW_ALL, UNREACHABLE, parse_rules
from tests.support.stranger import Stranger, answer, drip, raw, redirect, status


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /a", "/ab/c", False),
        ("User-agent: *\nDisallow: /a/", "/a", True),
        ("user-AGENT:*\r\n  disallow :/a # hier nicht\r\n", "/a", False),
        ("\ufeffUser-agent: *\rDisallow: /a", "/a", False),
        ("Disallow: /a\nUser-agent: *\nDisallow: /b", "/a", True),
        ("User-agent: *\nDisallow /a", "/a", True),
        # Our own group counts instead of everyone's, however it is spelt and however often.
        ("User-agent: *\nDisallow: /\nUser-agent: beleg\nAllow: /", "/a", True),
        ("User-agent: BELEG/2.0\nDisallow: /a\n\nUser-agent: *\nDisallow:", "/a", False),
        ("User-agent: belegbot\nDisallow: /\nUser-agent: *\nDisallow:", "/a", True),
        ("User-agent: Andere\nDisallow: /", "/a", True),
        ("User-agent: Andere\nUser-agent: Beleg\nDisallow: /a", "/a", False),
        ("User-agent: beleg\nAllow:\nUser-agent: x\nUser-agent: beleg\nDisallow: /b", "/b", False),
        ("User-agent: Beleg\nSitemap: http://a.example/s\nUser-agent: x\nDisallow: /", "/a", False),
        ("User-agent: Beleg\n\nUser-agent: *\nDisallow: /", "/a", False),
        ("User-agent: Beleg\nDisallow:\nUser-agent: *\nDisallow: /", "/a", True),
        # The longest pattern decides, and of two the one that allows.
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*/b\nAllow: /a", "/a/b", False),
        # Wildcards and ends.
        ("User-agent: *\nDisallow: *.pdf", "/a/b.pdf?c", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?c", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", False),
        ("User-agent: *\nDisallow: /a$", "/a", False),
        ("User-agent: *\nDisallow: /a$", "/ab", True),
        ("User-agent: *\nDisallow: /a*b*c", "/a1b2c3", False),
        ("User-agent: *\nDisallow: /a*b*c", "/a1c2b3", True),
        ("User-agent: *\nDisallow: /*b*b$", "/ab", True),
        ("User-agent: *\nDisallow: /*?", "/a", True),
        ("User-agent: *\nDisallow: /*?", "/a?b", False),
        ("User-agent: *\nDisallow: /a**$", "/abc", False),
        # Equal paths spelt differently.
        ("User-agent: *\nDisallow: /über", "/%C3%BCber", False),
        ("User-agent: *\nDisallow: /%c3%bcber", "/%C3%BCber", False),
        ("User-agent: *\nDisallow: /%7Ea", "/~a", False),
        ("User-agent: *\nDisallow: /~a", "/%7ea", False),
        ("User-agent: *\nDisallow: /a%2Fb", "/a/b", True),
        ("User-agent: *\nDisallow: /a b", "/a%20b", False),
    ],
)  # fmt: skip
def test_rules_mean_what_rfc_9309_says(text: str, path: str, allowed: bool) -> None:
    """Groups, the longest match, wildcards and escapes decide as the standard says."""
    assert parse_rules(text, "Beleg").allow(path) is allowed


def test_hostile_patterns_take_linear_time() -> None:
    """Many wildcards would keep a backtracking matcher busy until the sun burns out."""
    rules = parse_rules("User-agent: *\nDisallow: /" + "*a" * 5000 + "*b$", "Beleg")
    assert rules.allow("/" + "a" * 2000)


def test_a_page_is_fetched_where_robots_txt_allows(stranger: Stranger, policy: FetchPolicy) -> None:
    """The file is asked for first and once, under our own name."""
    stranger.scripts["/robots.txt"] = answer(b"User-agent: *\nDisallow: /geheim", "text/plain")
    stranger.scripts["/a"] = answer(b"A")
    admit = robots_admission(policy, RulesInMemory())
    for _ in range(2):
        assert fetch(stranger.url("/a"), policy=policy, admit=admit).body == b"A"
    with pytest.raises(RobotsRefused):
        fetch(stranger.url("/geheim/a"), policy=policy, admit=admit)
    assert stranger.paths() == ["/robots.txt", "/a", "/a"]
    assert stranger.requests[0].headers["user-agent"] == policy.user_agent


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410])
def test_a_host_without_the_file_allows_everything(
    stranger: Stranger, policy: FetchPolicy, code: int
) -> None:
    """4xx means that there are no rules."""
    stranger.scripts["/robots.txt"] = status(code)
    stranger.scripts["/a"] = answer(b"A")
    admit = robots_admission(policy, RulesInMemory())
    assert fetch(stranger.url("/a"), policy=policy, admit=admit).body == b"A"


def test_a_redirect_without_end_counts_as_no_file(stranger: Stranger, policy: FetchPolicy) -> None:
    """Five redirects are followed, then there are no rules."""
    stranger.scripts["/robots.txt"] = redirect("/robots.txt")
    stranger.scripts["/a"] = answer(b"A")
    admit = robots_admission(policy, RulesInMemory())
    assert fetch(stranger.url("/a"), policy=policy, admit=admit).body == b"A"
    assert stranger.paths() == ["/robots.txt"] * 6 + ["/a"]


def test_a_redirected_file_holds_for_the_host_that_was_asked(
    stranger: Stranger, policy: FetchPolicy
) -> None:
    """The rules found at the end of a redirect are the first host's rules."""
    stranger.scripts["/robots.txt"] = redirect("/rules")
    stranger.scripts["/rules"] = answer(b"User-agent: Beleg\nDisallow: /", "text/plain")
    admit = robots_admission(policy, RulesInMemory())
    with pytest.raises(RobotsRefused):
        fetch(stranger.url("/a"), policy=policy, admit=admit)


def test_a_host_that_cannot_be_asked_is_left_alone(stranger: Stranger, policy: FetchPolicy) -> None:
    """5xx, nonsense, no end and redirects to forbidden places close the host for a while."""
    endless = drip(b"HTTP/1.1 200 OK\r\n\r\n", iter(lambda: b"a" * 90_000, b""), stranger, 0)
    for script in (status(500), status(503), raw(b""), redirect("http://10.0.0.1/"), endless):
        stranger.scripts["/robots.txt"] = script
        admit = robots_admission(policy, RulesInMemory())
        with pytest.raises(RobotsUnreachable) as caught:
            fetch(stranger.url("/a"), policy=policy, admit=admit)
        assert caught.value.retryable
    assert "/a" not in stranger.paths()


def test_a_slow_file_does_not_eat_the_fetchs_time_twice(
    stranger: Stranger, policy: FetchPolicy
) -> None:
    """The file's own time is part of the whole request's."""
    stranger.scripts["/robots.txt"] = drip(b"", iter(lambda: b"a", b""), stranger)
    admit = robots_admission(policy, RulesInMemory())
    with pytest.raises(RobotsUnreachable):
        fetch(stranger.url("/a"), policy=replace(policy, deadline_s=0.5), admit=admit)


def test_rules_are_asked_for_again_when_they_are_old(
    stranger: Stranger, policy: FetchPolicy
) -> None:
    """A closed host is tried again after ten minutes, rules after twelve hours."""
    now = [1000.0]
    cache = RulesInMemory(clock=lambda: now[0])
    admit = robots_admission(policy, cache)
    target = parse_target(stranger.url("/a"), policy)

    def refused() -> bool:
        try:
            admit(target, Deadline(20))
        except (RobotsRefused, RobotsUnreachable):
            return True
        return False

    stranger.scripts["/robots.txt"] = status(500)
    assert refused()
    stranger.scripts["/robots.txt"] = answer(b"User-agent: *\nAllow: /")
    now[0] += KEEP_UNREACHABLE_S - 1
    assert refused()
    now[0] += 2
    assert not refused()
    stranger.scripts["/robots.txt"] = answer(b"User-agent: *\nDisallow: /")
    now[0] += KEEP_S - 1
    assert not refused()
    now[0] += 2
    assert refused()
    assert len(stranger.requests) == 3


def test_the_cache_forgets_the_oldest_of_too_many() -> None:
    """Memory does not grow with the number of hosts."""
    cache = RulesInMemory(size=2)
    for origin in ("a", "b", "c"):
        cache.put(origin, ALLOW_ALL, keep_s=60)
    cache.put("b", UNREACHABLE, keep_s=60)
    cache.put("d", ALLOW_ALL, keep_s=60)
    assert [cache.get(o) for o in "abcd"] == [None, UNREACHABLE, None, ALLOW_ALL]
