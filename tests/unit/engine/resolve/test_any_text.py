"""The resolver takes any text and any statements."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.extract.engine.resolve import resolve
from services.extract.engine.text import analyse
from services.extract.engine.types import Article, Span, Statement, Type

_VOCABULARY = (
    "der die das ein Sprecher Polizei Minister Anna Ott sagte nicht , . : „ “ ( ) laut Zeit soll "
    "Spiegel am Dienstag 4. Mai und von seiner er sie es dort heißt in dem Angaben keine Details "
    "Vertrag Bericht ' – 1. - & Dr. Frau USA"
)
WORDS = st.sampled_from([*_VOCABULARY.split(), "\n", "\u200b"])
TEXTS = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=40).map(" ".join))


@st.composite
def texts_with_statements(draw):
    text = draw(TEXTS)
    offsets = st.integers(0, max(len(text), 1))

    def spans(least):
        pairs = draw(st.lists(st.tuples(offsets, offsets), min_size=least, max_size=2))
        return tuple(sorted(Span(min(pair), max(pair) + 1) for pair in pairs))

    count = draw(st.integers(0, 4))
    return text, [
        Statement(
            spans(1), draw(st.sampled_from(Type)), source=spans(0), cue=spans(0),
            parent=draw(st.one_of(st.none(), st.integers(0, max(count - 1, 0)))),
        )
        for _ in range(count)
    ]  # fmt: skip


@settings(deadline=None)
@given(texts_with_statements())
def test_resolves_any_text(case):
    """Nothing raises, nothing is added, and the answer is the same every time."""
    text, statements = case
    found = resolve(Article(text), analyse(text), statements)
    assert len(found) <= len(statements)
    assert found == resolve(Article(text), analyse(text), statements)
    assert all(each.parent is None or 0 <= each.parent < len(found) for each in found)
