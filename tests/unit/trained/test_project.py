"""The project's articles, put into the corpus's terms."""

import pytest

from services.extract.engine.types import Attribution, Entity, Kind, Medium, Source, Span, Type
from training.project import project_article

TEXT = (
    "Anna Huber kritisierte die Pläne. Das Geld reiche nicht. „Es ist wenig“, sagte sie, „viel zu "
    "wenig.“ Die Ministerin habe es „vertagt“. Petersen sagte, er habe Zeit."
)


def spans(*stretches):
    return tuple(Span(TEXT.index(s), TEXT.index(s) + len(s)) for s in stretches)


def stated(kind, *content, source=(), cue=()):
    mention = Source(spans(*source), Entity("Anna Huber", Kind.PERSON)) if source else None
    return Attribution(kind, Medium.SPEECH, spans(*content), mention, cue=spans(*cue))


def annotated(*attributions):
    """Give what the corpus's annotators would mark: type, words, whether nested, for each."""
    article = project_article(TEXT, attributions).annotated
    words = article.document.words
    return [
        (a.type, " ".join(words[token] for token in a.content), a.nested)
        for a in article.annotations
    ]


@pytest.mark.parametrize(
    ("attribution", "expected"),
    [
        (
            stated(Type.REPORTED, "die Pläne", source=["Anna Huber"], cue=["kritisierte"]),
            [(Type.REPORTED, "Anna Huber kritisierte die Pläne .", False)],
        ),
        (
            stated(Type.REPORTED, "Zeit", source=["Anna Huber"], cue=["habe Zeit"]),
            [(Type.REPORTED, "habe Zeit .", False)],
        ),
        (
            stated(Type.FREE_INDIRECT, "Das Geld reiche nicht"),
            [(Type.INDIRECT_FREE_INDIRECT, "Das Geld reiche nicht .", False)],
        ),
        (
            stated(Type.DIRECT, "„Es ist wenig“", "„viel zu wenig.“", cue=["sagte"]),
            [
                (Type.DIRECT, "„ Es ist wenig “", False),
                (Type.DIRECT, "„ viel zu wenig . “", False),
            ],
        ),
        (
            stated(Type.INDIRECT, "er habe Zeit", source=["Petersen"], cue=["sagte"]),
            [(Type.INDIRECT, "er habe Zeit", False)],
        ),
    ],
    ids=["the clause", "in its sentence", "with the full stop", "in pieces", "as it is"],
)
def test_statements_are_cut_as_the_corpus_cuts_them(attribution, expected):
    assert annotated(attribution) == expected


def test_what_stands_inside_another_statement_is_nested():
    around = stated(Type.FREE_INDIRECT, "Die Ministerin habe es „vertagt“")
    assert [nested for *_, nested in annotated(around, stated(Type.DIRECT, "„vertagt“"))] == [
        False,
        True,
    ]


def test_reported_clause_has_a_source_and_no_cue():
    clause = stated(Type.REPORTED, "die Pläne", source=["Anna Huber"], cue=["kritisierte"])
    article = project_article(TEXT, [clause]).annotated
    (annotation,) = article.annotations
    assert [article.document.words[token] for token in annotation.source] == ["Anna", "Huber"]
    assert annotation.cue == ()
    assert not article.complete


def test_records_keep_their_own_cut():
    """The judge's other line compares with what the project's annotators marked."""
    clause = stated(Type.REPORTED, "die Pläne", source=["Anna Huber"], cue=["kritisierte"])
    article = project_article(TEXT, [clause])
    words = article.annotated.document.words
    (recorded,) = article.recorded
    assert [words[token] for token in sorted(recorded.content)] == ["die", "Pläne"]
