"""Whatever the text, the trained engine answers, and its answers are consistent."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from services.extract.engine import load_engine
from services.extract.engine.text import analyse
from services.extract.engine.types import Article, Type
from tests.gold.loader import load_folder

GOLD = Path(__file__).parents[2] / "gold"

SCRAPS = st.sampled_from(
    [
        "„",
        "“",
        "»",
        "«",
        '"',
        "‚",
        "‘",
        ",",
        ".",
        ":",
        "\n\n",
        "\n",
        " ",
        "sagte",
        "Laut",
        "Angaben",
        "zufolge",
        "dass",
        "habe",
        "sei",
        "die Ministerin",
        "Huber",
        "er",
        "fordern",
        "wolle",
        "(",
        ")",
        "nicht",
        "am Montag",
        "…",
        "\u00ad",
        "\u2028",
        "🙂",
        "e\u0301",
        "\ud800",
        "A" * 60,
    ]
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(SCRAPS, max_size=60).map(" ".join))
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def engine():
    return load_engine("trained")


def spans_of(attribution):
    yield from attribution.content
    yield from attribution.cue
    yield from attribution.frame
    yield from attribution.addressee
    if attribution.source is not None:
        yield from attribution.source.spans


@SLOW
@given(text=TEXTS)
def test_any_text_gives_consistent_records(engine, text):
    """Spans lie inside the text, in order; contents are never empty; parents exist."""
    found = engine.extract(Article(text=text))
    for number, attribution in enumerate(found):
        assert attribution.content
        assert 0 <= attribution.confidence <= 1
        assert attribution.parent is None or 0 <= attribution.parent < len(found)
        assert attribution.parent != number
        for span in spans_of(attribution):
            assert 0 <= span.start < span.end <= len(text)
        starts = [span.start for span in attribution.content]
        assert starts == sorted(starts)


@SLOW
@given(texts=st.lists(TEXTS, max_size=4))
@example(texts=["dhe Mimisterin habe", "R³"])  # the tagger once saw the next article's first word
def test_company_changes_nothing(engine, texts):
    """Articles give the same records alone and together, and every time."""
    articles = [Article(text=text) for text in texts]
    assert engine.extract_many(articles) == [engine.extract(article) for article in articles]


def test_news_is_read_alike_alone_and_in_company(engine):
    """To the last digit of the confidence, however many articles come at once."""
    articles = [gold.article for name in ("dev", "more") for gold in load_folder(GOLD / name)]
    assert engine.extract_many(articles) == [engine.extract(article) for article in articles]


LONG = {
    "one sentence": "sagte er, ",
    "marks": "„“ ",
    "unclosed marks": "„sagte ",
    "quotations": "„Das reicht nicht“, sagte Huber. ",
    "no spaces": "ab-",
    "indirect": "Huber sagte, er habe das gewusst. ",
}


@pytest.mark.parametrize("piece", LONG.values(), ids=LONG.keys())
def test_long_monotonous_text_is_answered(engine, piece):
    """Twenty thousand signs of one thing after the other are no problem."""
    text = piece * (20_000 // len(piece))
    for attribution in engine.extract(Article(text=text)):
        assert all(0 <= span.start < span.end <= len(text) for span in spans_of(attribution))


ARTICLE = (
    "Die Stadt Nordheim will ihre Bäder erhalten. „Wir schließen kein einziges Bad“, sagte"
    " Oberbürgermeisterin Karin Feldmann am Dienstag. Das Geld reiche allerdings nur bis zum"
    " Sommer, fügte sie hinzu. Laut Kämmerer Jonas Reiter fehlen zwei Millionen Euro. Die"
    " Opposition forderte einen Sonderausschuss. Der Film „Die Flut“ läuft am Abend im Freibad."
)


def test_plain_article_is_understood(engine):
    """The forms that news is full of are found, with sources; a title is not taken for speech."""
    found = engine.extract(Article(text=ARTICLE))
    told = {
        (
            a.type,
            ARTICLE[a.content[0].start : a.content[-1].end].strip(" .,"),
            a.source and a.source.entity.name,
        )
        for a in found
    }
    contents = {content for _, content, _ in told}
    assert (Type.DIRECT, "„Wir schließen kein einziges Bad“", "Karin Feldmann") in told
    assert any("Das Geld reiche" in content for content in contents)
    assert any("fehlen zwei Millionen Euro" in content for content in contents)
    assert not any(content == "„Die Flut“" for content in contents)


def test_what_is_told_indirectly_leaves_the_full_stop_out(engine):
    """No indirect statement of news ends in the full stop of its sentence."""
    for gold in load_folder(GOLD / "dev"):
        for attribution in engine.extract(gold.article):
            if attribution.type is Type.INDIRECT:
                assert gold.article.text[attribution.content[-1].end - 1] != "."


def test_spans_fall_on_tokens(engine):
    """Statements begin and end where tokens do."""
    document = analyse(ARTICLE)
    for attribution in engine.extract(Article(text=ARTICLE)):
        for span in attribution.content:
            assert span.start in document.starts
            assert span.end in document.ends
