"""Names as they are compared: without regard to case and spacing."""

from __future__ import annotations

import unicodedata


def folded(name: str) -> str:
    """Give the form in which a name is compared with others."""
    return " ".join(unicodedata.normalize("NFC", name.casefold()).split())
