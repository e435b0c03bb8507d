"""From the bytes of a page to its characters."""

from __future__ import annotations

import codecs
import re
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{1,40})", re.I)
_META_WITHIN: Final = 4096
# As browsers do, the narrow names mean their Windows superset: that is where „ and “ live.
_WINDOWS: Final = {"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254"}
_KNOWN: Final = re.compile(
    r"utf-(8|16|16-le|16-be)|iso8859-\d+|cp125\d|koi8-[ru]|mac-roman|gb18030|gbk|gb2312|big5"
    r"|euc_jp|shift_jis|iso2022_jp|euc_kr"
)


def decode_page(html: bytes, charset: str | None = None) -> str:
    """Decode a page; `charset` is what its Content-Type names. Never raises.

    A byte order mark decides; then UTF-8, since text in another charset hardly ever happens to
    be valid UTF-8 while wrong declarations are common; then the declarations; then Windows-1252.
    """
    for mark, codec in _BOMS:
        if html.startswith(mark):
            return html.decode(codec, "replace")
    for candidate in ("utf-8", _codec(charset), _codec(_declared(html)), "cp1252"):
        if candidate is not None:
            try:
                return html.decode(candidate)
            except UnicodeError:
                continue
    return html.decode(_codec(charset) or "cp1252", "replace")


def _declared(html: bytes) -> str | None:
    found = _META.search(html[:_META_WITHIN])
    return found.group(1).decode() if found else None


def _codec(charset: str | None) -> str | None:
    """Find the codec of a charset's name, among those that pages are written in."""
    try:
        name = codecs.lookup(charset or "").name
    except (LookupError, ValueError):
        return None
    return _WINDOWS.get(name, name) if _KNOWN.fullmatch(name) or name in _WINDOWS else None
