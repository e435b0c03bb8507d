"""What a mention of a source says by itself, before anybody asks whom it means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.extract.engine.resolve.inflection import Noun

SPOKESPERSON = "Sprecher"


class Form(StrEnum):
    """How a mention points at somebody."""

    PRONOUN = "pronoun"
    RELATIVE = "relative"
    BACK = "back"  # „demnach“, „dort“: whoever was the source before
    PERSON = "person"
    ROLE = "role"
    ORGANISATION = "organisation"
    OUTLET = "outlet"
    DOCUMENT = "document"
    SAYING = "saying"
    GROUP = "group"
    BARE = "bare"  # one capitalised word that only the article can explain
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Mention:
    """A noun phrase taken apart.

    `name` is the phrase in the nominative without a definite article; for a person the bare name.
    `gender` is m, f, n or p for plural; a pronoun's may be "i" for ich and wir or "man". `article`
    is "definite", "indefinite", "possessive" or "". `owner` is whom the head belongs to („Sprecher
    der Polizei“: Polizei), `possessor` the gender that a possessive points at (sein m, ihr f).
    `modified` says that more than article and head stands there; for an act of saying that it is
    one's own („eigenen Angaben zufolge“).
    """

    form: Form
    name: str
    head: Noun | None = None
    role: str | None = None
    gender: str | None = None
    plural: bool = False
    article: str = ""
    owner: Mention | None = None
    possessor: str | None = None
    given: str | None = None
    modified: bool = False
