"""Which URLs and which addresses the guard lets out."""

import ipaddress
import threading

import pytest

from services.runtime.outgoing.deadline import Deadline
from services.runtime.outgoing.errors import (
    AddressRefused,
    CredentialsRefused,
    FetchRefused,
    HostUnknown,
    PortRefused,
    SchemeRefused,
    TimedOut,
    UrlInvalid,
)
from services.runtime.outgoing.guard import (
    MAX_URL_CHARS,
    checked_addresses,
    is_public,
    parse_target,
    system_resolver,
)
from services.runtime.outgoing.policy import FetchPolicy, PolicyError

POLICY = FetchPolicy()


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("http://zeitung.example", "http://zeitung.example/"),
        ("https://zeitung.example/a/b?c=d&e=%20#f", "https://zeitung.example/a/b?c=d&e=%20"),
        ("HTTPS://ZEITUNG.Example/A", "https://zeitung.example/A"),
        ("http://zeitung.example:80/", "http://zeitung.example/"),
        ("https://zeitung.example:443/", "https://zeitung.example/"),
        ("http://zeitung.example:443/", "http://zeitung.example:443/"),
        ("http://zeitung.example./a", "http://zeitung.example/a"),
        ("http://zeitung.example?a=b", "http://zeitung.example/?a=b"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://straße.example/", "http://xn--strae-oqa.example/"),
        ("http://xn--bcher-kva.example/", "http://xn--bcher-kva.example/"),
        ("http://zeitung.example/über?w=Möhre", "http://zeitung.example/%C3%BCber?w=M%C3%B6hre"),
        ("http://ein_name.example/", "http://ein_name.example/"),
        ("http://198.51.100.7/", "http://198.51.100.7/"),
        ("http://[2606:4700:0::1111]/", "http://[2606:4700::1111]/"),
        ("http://１２７。０．0.1/", "http://127.0.0.1/"),
        ("http://127.0.0.1./", "http://127.0.0.1/"),
    ],
)
def test_reads_each_url_in_one_way(url: str, normal: str) -> None:
    """Case, default ports, final dots, fragments, umlauts and full-width digits are settled."""
    assert parse_target(url, POLICY).url == normal


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("", SchemeRefused),
        ("zeitung.example/a", SchemeRefused),
        ("//zeitung.example/a", SchemeRefused),
        ("ftp://zeitung.example/a", SchemeRefused),
        ("file:///etc/passwd", SchemeRefused),
        ("gopher://zeitung.example:80/_x", SchemeRefused),
        ("javascript:alert(1)", SchemeRefused),
        ("data:text/html,x", SchemeRefused),
        ("unix:///var/run/docker.sock", SchemeRefused),
        ("http:zeitung.example", UrlInvalid),
        ("http:/zeitung.example", UrlInvalid),
        ("http:///a", UrlInvalid),
        ("http://:80/", UrlInvalid),
        ("http://./", UrlInvalid),
        ("http://a..example/", UrlInvalid),
        ("http://-a.example/", UrlInvalid),
        (f"http://{'a' * 64}.example/", UrlInvalid),
        (f"http://{'a.' * 130}example/", UrlInvalid),
        (f"http://zeitung.example/{'a' * MAX_URL_CHARS}", UrlInvalid),
        ("http://zeitung%2eexample/", UrlInvalid),
        ("http://zei tung.example/", UrlInvalid),
        ("http://zeitung.example/a b", UrlInvalid),
        (" http://zeitung.example/", UrlInvalid),
        ("http://zeitung.example/\r\nHost: a", UrlInvalid),
        ("http://zeitung.example\t/", UrlInvalid),
        ("http://zeitung.example\\@127.0.0.1/", UrlInvalid),
        ("http://zeitung.example\x00.a/", UrlInvalid),
        ("http://[::1/", UrlInvalid),
        ("http://[zeitung]/", UrlInvalid),
        ("http://[fe80::1%25eth0]/", UrlInvalid),
        ("http://zeitung.example:99999/", UrlInvalid),
        ("http://zeitung.example:80:80/", UrlInvalid),
        ("http://zeitung.example:8o/", UrlInvalid),
        # Spellings of 127.0.0.1 that the system's resolver would understand.
        ("http://2130706433/", UrlInvalid),
        ("http://0x7f000001/", UrlInvalid),
        ("http://0X7F.1/", UrlInvalid),
        ("http://017700000001/", UrlInvalid),
        ("http://0177.0.0.1/", UrlInvalid),
        ("http://127.0.0.01/", UrlInvalid),
        ("http://127.1/", UrlInvalid),
        ("http://127.0.1/", UrlInvalid),
        ("http://127.0.0.1.0/", UrlInvalid),
        ("http://127.0.0.256/", UrlInvalid),
        ("http://①27.1/", UrlInvalid),
        ("http://wer@zeitung.example/", CredentialsRefused),
        ("http://wer:geheim@zeitung.example/", CredentialsRefused),
        ("http://@zeitung.example/", CredentialsRefused),
        ("http://zeitung.example@127.0.0.1/", CredentialsRefused),
        ("http://a@b@zeitung.example/", CredentialsRefused),
        ("http://zeitung.example:22/", PortRefused),
        ("http://zeitung.example:8080/", PortRefused),
        ("https://zeitung.example:6379/", PortRefused),
        ("http://zeitung.example:0/", PortRefused),
    ],
)
def test_refuses_urls_by_their_looks(url: str, error: type[FetchRefused]) -> None:
    """What is not plainly an http or https URL of a host is refused before any look-up."""
    with pytest.raises(error):
        parse_target(url, POLICY)


def test_configured_ports_are_allowed() -> None:
    """A port that the settings name may be asked; the others still may not."""
    policy = FetchPolicy(allowed_ports=frozenset({80, 443, 8443}))
    assert parse_target("https://zeitung.example:8443/", policy).port == 8443
    with pytest.raises(PortRefused):
        parse_target("https://zeitung.example:8444/", policy)


NOT_PUBLIC = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.100",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",  # IPv4-compatible: ::127.0.0.1
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",  # NAT64
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",  # Teredo
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",  # 6to4 of 127.0.0.1
    "2002:808:808::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456:789a::1",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1111%eth0",
    "fec0::1",  # site-local
    "ff02::1",
    "ff0e::1",
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_refuses_every_address_that_is_not_public(address: str) -> None:
    """A name that resolves to any of these is refused, and is not told what it resolves to."""
    with pytest.raises(AddressRefused) as caught:
        addresses_of("zeitung.example", [address])
    assert address not in str(caught.value)


@pytest.mark.parametrize("address", [a for a in NOT_PUBLIC if "%" not in a])
def test_refuses_the_same_addresses_written_into_the_url(address: str) -> None:
    """A literal address gets no further than a name, with the system's own resolver."""
    literal = f"[{address}]" if ":" in address else address
    target = parse_target(f"http://{literal}/", POLICY)
    with pytest.raises((AddressRefused, HostUnknown)):
        checked_addresses(target, POLICY, system_resolver, Deadline(20))
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("name", ["localhost", "localhost.", "LOCALHOST"])
def test_refuses_names_of_this_machine(name: str) -> None:
    """A name for the loopback address is refused by what it resolves to."""
    target = parse_target(f"http://{name}/", POLICY)
    with pytest.raises(AddressRefused):
        checked_addresses(target, POLICY, system_resolver, Deadline(20))


@pytest.mark.parametrize("address", ["8.8.8.8", "192.0.1.1", "2606:4700::1111", "2a00:1450::1"])
def test_lets_public_addresses_pass(address: str) -> None:
    """Ordinary addresses are given back as they were resolved."""
    assert addresses_of("zeitung.example", [address]) == [ipaddress.ip_address(address)]


@pytest.mark.parametrize(
    "addresses", [["8.8.8.8", "127.0.0.1"], ["10.0.0.1", "2606:4700::1111"], ["8.8.8.8", "kaputt"]]
)
def test_one_bad_address_refuses_the_host(addresses: list[str]) -> None:
    """A name that points outside as well as inside is refused as a whole."""
    with pytest.raises(AddressRefused):
        addresses_of("zeitung.example", addresses)


@pytest.mark.parametrize(
    ("entry", "url", "allowed"),
    [
        ("wiki.intern", "http://wiki.intern/", True),
        ("wiki.intern", "http://WIKI.intern.:9000/", True),
        ("wiki.intern", "http://a.wiki.intern/", False),
        ("wiki.intern", "http://wiki.intern.example/", False),
        ("wiki.intern:9000", "http://wiki.intern:9000/", True),
        ("wiki.intern:443", "https://wiki.intern/", True),
        ("wiki.intern:9000", "http://wiki.intern/", False),
        ("127.0.0.1", "http://127.0.0.1:5000/", True),
        ("127.0.0.1", "http://127.0.0.2/", False),
        ("127.0.0.1", "http://localhost/", False),
        ("[::1]", "http://[0::1]:5000/", True),
        ("[::1]:5000", "http://[::1]:5000/", True),
        ("[::1]:5000", "http://[::1]/", False),
    ],
)
def test_named_private_hosts(entry: str, url: str, allowed: bool) -> None:
    """The operator's exceptions hold for exactly the host, or host and port, that they name."""
    policy = FetchPolicy(allowed_private_hosts=frozenset({entry}))
    target = parse_target(url, policy)
    addresses = ["::1" if "[" in entry else "10.1.2.3"]
    if allowed:
        assert len(checked_addresses(target, policy, lambda *_: addresses, Deadline(20))) == 1
    else:
        with pytest.raises(AddressRefused):
            checked_addresses(target, policy, lambda *_: addresses, Deadline(20))


@pytest.mark.parametrize("address", ["0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "ff02::1"])
def test_named_private_hosts_are_single_hosts(address: str) -> None:
    """Not even a named host may be everyone or nobody."""
    policy = FetchPolicy(allowed_private_hosts=frozenset({"wiki.intern"}))
    with pytest.raises(AddressRefused):
        addresses_of("wiki.intern", [address], policy)


@pytest.mark.parametrize(
    "entry", ["http://wiki.intern", "wiki.intern/", "Wiki.intern", "10.0.0.0/8", "::1", "a b", ""]
)
def test_policy_refuses_entries_that_would_never_match(entry: str) -> None:
    """An exception that is no host is an error at start-up, with advice."""
    with pytest.raises(PolicyError, match="BELEG_ALLOWED_PRIVATE_HOSTS"):
        FetchPolicy(allowed_private_hosts=frozenset({entry}))


def test_policy_refuses_a_contact_that_breaks_headers() -> None:
    """The contact is part of a header and cannot add another one."""
    with pytest.raises(PolicyError):
        FetchPolicy(contact="https://beleg.example\r\nX: y")


@pytest.mark.parametrize("outcome", [OSError("no such name"), UnicodeError("label too long"), []])
def test_unknown_hosts_are_said_to_be_unknown(outcome: Exception | list[str]) -> None:
    """A name that does not resolve is an error of its own, which may pass."""

    def resolve(_: str, __: int) -> list[str]:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    target = parse_target("http://niemand.example/", POLICY)
    with pytest.raises(HostUnknown) as caught:
        checked_addresses(target, POLICY, resolve, Deadline(20))
    assert caught.value.retryable


def test_slow_name_servers_are_bounded_by_the_deadline() -> None:
    """A resolver that hangs is left behind when the time is up."""
    release = threading.Event()

    def resolve(_: str, __: int) -> list[str]:
        release.wait(60)
        return ["8.8.8.8"]

    target = parse_target("http://langsam.example/", POLICY)
    with pytest.raises(TimedOut):
        checked_addresses(target, POLICY, resolve, Deadline(0.2))
    release.set()


def addresses_of(
    host: str, addresses: list[str], policy: FetchPolicy = POLICY
) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    target = parse_target(f"http://{host}/", policy)
    return checked_addresses(target, policy, lambda *_: addresses, Deadline(20))
