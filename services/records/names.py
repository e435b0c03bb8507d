"""Names as they are compared: without regard to case and spacing."""

from __future__ import annotations

import unicodedata
from urllib.parse import urlsplit


def folded(name: str) -> str:
    """Give the form in which a name is compared with others."""
    return " ".join(unicodedata.normalize("NFC", name.casefold()).split())


def address(url: str) -> str:
    """Give the form in which addresses are compared: without fragment, host in lower case."""
    parts = urlsplit(url)
    same = parts._replace(netloc=parts.netloc.lower(), path=parts.path or "/", fragment="")
    return same.geturl()
