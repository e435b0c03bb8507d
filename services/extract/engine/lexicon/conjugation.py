"""German verb forms from an infinitive: enough to know them when they are met in print."""

from __future__ import annotations

from enum import IntFlag
from typing import NamedTuple

_INSEPARABLE = (
    "miss",
    "wider",
    "hinter",
    "unter",
    "über",
    "ver",
    "ent",
    "emp",
    "zer",
    "be",
    "er",
    "ge",
    "um",
)
_UMLAUT = str.maketrans({"a": "ä", "o": "ö", "u": "ü"})
_DENTAL = ("t", "d", "chn", "ffn", "gn", "tm", "dm", "ckn")
_SIBILANT = ("s", "ß", "z", "x")


class Form(IntFlag):
    """What a verb form can be; several at once where German does not tell them apart."""

    NONE = 0
    PRESENT = 1
    PAST = 2
    K1 = 4
    K2 = 8
    PARTICIPLE = 16
    INFINITIVE = 32
    ZU = 64


FINITE = Form.PRESENT | Form.PAST | Form.K1 | Form.K2
SUBJUNCTIVE = Form.K1 | Form.K2


class Stem(NamedTuple):
    """Principal parts: infinitive, third person present and past, participle."""

    infinitive: str
    present: str
    past: str
    participle: str


def principal_parts(infinitive: str, irregular: dict[str, Stem]) -> Stem:
    """Give the principal parts of a verb without a separable prefix.

    A verb that only adds an inseparable prefix to an irregular one inherits from it.
    """
    if infinitive in irregular:
        return irregular[infinitive]
    for prefix in _INSEPARABLE:
        base = infinitive.removeprefix(prefix)
        if base != infinitive and base in irregular:
            stem = irregular[base]
            participle = stem.participle.removeprefix("ge")
            return Stem(*(prefix + part for part in (*stem[:3], participle)))
    return _weak(infinitive)


def _weak(infinitive: str) -> Stem:
    """Conjugate a verb that keeps its stem."""
    stem = _stem(infinitive)
    link = "e" if stem.endswith(_DENTAL) else ""
    bare = infinitive.endswith("ieren") or infinitive.startswith(_INSEPARABLE)
    participle = f"{'' if bare else 'ge'}{stem}{link}t"
    return Stem(infinitive, f"{stem}{link}t", f"{stem}{link}te", participle)


def _stem(infinitive: str) -> str:
    """Take the ending off an infinitive."""
    return infinitive[:-1] if infinitive.endswith(("eln", "ern", "tun")) else infinitive[:-2]


def forms(stem: Stem) -> dict[str, Form]:
    """Give every form of the third person with what it can be, and the infinitive."""
    root = _stem(stem.infinitive)
    weak = stem.past.endswith("te")
    plural_past = stem.past + ("n" if stem.past.endswith("e") else "en")
    found: dict[str, Form] = {}

    def add(word: str, form: Form) -> None:
        found[word] = found.get(word, Form.NONE) | form

    add(stem.present, Form.PRESENT)
    add(stem.infinitive, Form.PRESENT | Form.INFINITIVE)
    add(stem.past, Form.PAST)
    add(plural_past, Form.PAST)
    add(root + "e", Form.K1)
    if root.endswith("el"):
        add(root[:-2] + "le", Form.K1)
    add(stem.participle, Form.PARTICIPLE)
    for second in _second_subjunctives(stem, root, weak=weak):
        add(second, Form.K2)
        add(second + "n", Form.K2)
    return found


def _second_subjunctives(stem: Stem, root: str, *, weak: bool) -> list[str]:
    """Give the second subjunctives that differ from the past: "kam", "käme"; "wusste", "wüsste"."""
    if weak:
        mixed = not stem.past.startswith(root) and stem.past.endswith(("chte", "sste"))
        return [_second_subjunctive(stem.past[:-1])] if mixed else []
    second = _second_subjunctive(stem.past)
    older = second.replace("stände", "stünde").replace("hälfe", "hülfe").replace("ärbe", "ürbe")
    return [second] if older == second else [second, older]


def _second_subjunctive(past: str) -> str:
    """Umlaut the last vowel of a strong past and end it in -e: "kam", "käme"."""
    for index in range(len(past) - 1, -1, -1):
        if past[index] in "aou":
            past = past[:index] + past[index].translate(_UMLAUT) + past[index + 1 :]
            break
        if past[index] in "eiäöü":
            break
    return past + "e"
