"""What a description tells of a person: one or several, a further role of theirs, or nothing."""

from __future__ import annotations

from dataclasses import replace

from services.extract.engine.resolve.figures import OFFICES, PARTS_PLAYED, Figure
from services.extract.engine.resolve.inflection import TRAIT, Sort
from services.extract.engine.resolve.mentions import SPOKESPERSON, Form, Mention
from services.extract.engine.types import Entity, Kind

# What somebody was or learnt besides the role that the article gave first.
_FORMER = ("Früher", "Ehemalig", "Gelernt", "Studiert", "Promoviert", "Langjährig", "Damalig")


def adds_to(mention: Mention, person: Figure) -> bool:
    """Whether a role may be a further one of a person: „der Biologe“, „die Stürmerin“.

    An office would be somebody else's: nobody is both managing director and „der Verwalter“.
    """
    former = mention.name.startswith(_FORMER)
    if mention.head is None or (mention.head.base in PARTS_PLAYED and not former):
        return False
    if former or person.base in (None, TRAIT):
        return True
    if person.base == SPOKESPERSON and mention.head.base in ("Oberstaatsanwalt", "Kommissar"):
        return True
    if mention.owner is not None and mention.head.base in OFFICES:
        return person.base not in OFFICES  # „die Kletterin X“, „die Leiterin der Bergwacht“
    of_acronym = "-" in mention.name and mention.name.partition("-")[0].isupper()
    of_acronym = of_acronym and person.base not in OFFICES
    return of_acronym or (not mention.modified and mention.head.base not in OFFICES)


def as_one_person(mention: Mention) -> Mention | None:
    """Read a form of either number as one person, where the verb is a singular.

    „Minister weist Vorwürfe zurück“, „die Grüne sagte“.
    """
    head = mention.head
    bound = mention.modified and not mention.possessor and mention.owner is None
    if head is None or mention.gender != "p" or bound:
        return None
    if head.base == "Grüne" and mention.article == "definite":
        return replace(mention, form=Form.ROLE, gender="f", head=replace(head, base=TRAIT))
    if mention.article in ("", "possessive") and head.sort is Sort.ROLE and head.singular:
        return replace(mention, form=Form.ROLE, gender=head.gender, plural=False)
    return None


def may_be_several(mention: Mention) -> bool:
    """Whether a form without an article is a plural too.

    „Abgeordnete werfen ihr vor“, „Hersteller warnen“.
    """
    head = mention.head
    if mention.article or head is None:
        return False
    if mention.form is Form.ORGANISATION:
        return head.singular and head.plural == head.lemma and not mention.modified
    return mention.form is Form.ROLE and head.lemma.endswith("e")


def is_described(mention: Mention) -> bool:
    """Whether a writing is told apart from others: „interne Mails“, „ein anonymer Brief“."""
    if mention.article == "indefinite":
        _, described, *_ = (*mention.name.split(), "", "")
        return described[:1].islower()
    if not mention.plural or mention.head is None:
        return False
    return mention.name.split()[0] not in (mention.head.plural, mention.head.lemma)


def described_as(mention: Mention, kind: Kind) -> Figure:
    """Make a figure of what the mention tells, and of nothing else."""
    head = mention.head
    return Figure(
        Entity(mention.name, kind),
        gender=mention.gender,
        base=head.base if head else None,
        lemma=head.lemma if head else None,
    )


def with_role_of(mention: Mention, figure: Figure) -> Figure:
    """A known person, with the role that this mention adds when none was known."""
    if figure.entity.role is not None or mention.role is None:
        return figure
    described = described_as(mention, Kind.PERSON)
    entity = replace(figure.entity, role=mention.role)
    return replace(figure, entity=entity, base=described.base, lemma=described.lemma)


def fits_anybody(mention: Mention) -> bool:
    """Whether a description tells no more than a gender: „die junge Frau“, „die Britin“."""
    if mention.article != "definite":
        return False
    if mention.head is None:
        return not mention.name.endswith("e")
    return mention.head.base in (TRAIT, "Mann")
