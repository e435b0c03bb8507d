"""TLS to an address that was checked, with the name that was meant."""

import datetime
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from services.runtime.clock import utcnow
from services.runtime.outgoing.errors import ConnectFailed, TimedOut
from services.runtime.outgoing.fetch import fetch
from services.runtime.outgoing.policy import FetchPolicy
from tests.support.stranger import Stranger, answer, drip


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Make a certificate for zeitung.intern that signs itself; give the PEM file with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "zeitung.intern")])
    day = datetime.timedelta(days=1)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(utcnow() - day)
        .not_valid_after(utcnow() + day)
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("zeitung.intern")]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "zeitung.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return pem


@pytest.fixture
def names() -> list[str | None]:
    """Collect the names that clients ask for by SNI."""
    return []


@pytest.fixture
def stranger(certificate: Path, names: list[str | None]) -> Iterator[Stranger]:
    """Give a host that speaks TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _, name, __: names.append(name)
    with Stranger(tls=context) as host:
        yield host


@pytest.fixture
def policy(certificate: Path) -> FetchPolicy:
    """Give a policy that trusts that certificate."""
    hosts = frozenset({"zeitung.intern", "anders.intern", "127.0.0.1"})
    return FetchPolicy(allowed_private_hosts=hosts, ca_bundle=str(certificate))


def loopback(_: str, __: int) -> list[str]:
    return ["127.0.0.1"]


def test_the_certificate_is_checked_against_the_name(
    stranger: Stranger, policy: FetchPolicy, names: list[str | None]
) -> None:
    """The connection goes to the address; SNI, Host and certificate keep the name."""
    stranger.scripts["/"] = answer(b"x")
    found = fetch(stranger.url(host="zeitung.intern"), policy=policy, resolve=loopback)
    assert found.body == b"x"
    assert names == ["zeitung.intern"]
    assert stranger.requests[0].headers["host"] == f"zeitung.intern:{stranger.port}"


@pytest.mark.parametrize("host", ["anders.intern", "127.0.0.1"])
def test_another_name_is_not_trusted(stranger: Stranger, policy: FetchPolicy, host: str) -> None:
    """A certificate for somebody else is refused, and nothing was sent."""
    stranger.scripts["/"] = answer(b"x")
    with pytest.raises(ConnectFailed):
        fetch(stranger.url(host=host), policy=policy, resolve=loopback)
    assert stranger.requests == []


def test_an_unknown_authority_is_not_trusted(stranger: Stranger, policy: FetchPolicy) -> None:
    """Without the bundle the certificate is nobody's; there is no second try without checks."""
    stranger.scripts["/"] = answer(b"x")
    with pytest.raises(ConnectFailed):
        fetch(
            stranger.url(host="zeitung.intern"),
            policy=replace(policy, ca_bundle=None),
            resolve=loopback,
        )
    assert stranger.requests == []


def test_the_environment_names_no_authorities(
    stranger: Stranger, policy: FetchPolicy, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Variables that other programs trust do not widen whom we trust."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(certificate))
    with pytest.raises(ConnectFailed):
        fetch(
            stranger.url(host="zeitung.intern"),
            policy=replace(policy, ca_bundle=None),
            resolve=loopback,
        )


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"])
def test_slow_drips_over_tls_end_with_the_deadline(
    stranger: Stranger, policy: FetchPolicy, head: bytes
) -> None:
    """The watchdog reaches through TLS."""
    stranger.scripts["/"] = drip(head, iter(lambda: b"a", b""), stranger)
    with pytest.raises(TimedOut):
        fetch(
            stranger.url(host="zeitung.intern"),
            policy=replace(policy, deadline_s=0.8),
            resolve=loopback,
        )


def test_a_handshake_without_end_is_given_up(policy: FetchPolicy) -> None:
    """A host that takes the connection and never starts TLS ends with the deadline as well."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises((TimedOut, ConnectFailed)):
            fetch(url, policy=replace(policy, deadline_s=0.4))
