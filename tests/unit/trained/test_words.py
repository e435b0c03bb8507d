"""What is known about words: spelling, lemmas, word lists, hashing."""

import numpy as np
import pytest

from services.extract.engine.trained.hashing import ABSENT, BITS, Slots
from services.extract.engine.trained.lemmas import Lemmas, WordClass, word_class
from services.extract.engine.trained.reporting import Reporting, reporting
from services.extract.engine.trained.tagger import padded_positions, shape, spelling, windows
from tests.unit.trained.corpus import quiet
from training.lemmas import learn_lemmas
from training.tagger import Recipe, accuracy, train_tagger
from training.treebanks import TaggedWord

VERB, NOUN = WordClass.VERB, WordClass.NOUN


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("VVFIN.I", VERB),
        ("NN", NOUN),
        ("NE", NOUN),
        ("ADJA", WordClass.ADJECTIVE),
        ("ART", WordClass.OTHER),
    ],
)
def test_class_of_tag(tag, expected):
    assert word_class(tag) is expected


@pytest.mark.parametrize(
    ("word", "kind", "lemma"),
    [
        ("sagte", VERB, "sagen"),
        ("zusagte", VERB, "zusagen"),
        ("Ministern", NOUN, "minister"),
        ("Innenministern", NOUN, "innenminister"),
        ("klagte", VERB, "klagen"),
        ("Und", WordClass.OTHER, "und"),
        ("xyz", NOUN, "xyz"),
    ],
)
def test_lemma(word, kind, lemma):
    """A lemma comes from the table, from a prefix or a compound's head, or from the ending."""
    lemmas = Lemmas(
        {("sagte", VERB): "sagen", ("ministern", NOUN): "minister"}, {("te", VERB): (2, "en")}
    )
    assert lemmas.lemma(word, kind) == lemma


def sentence(*words):
    return [TaggedWord(word, tag, lemma, case) for word, tag, lemma, case in words]


SAID = sentence(
    ("Sie", "PPER", "sie", "Nom"), ("sagte", "VVFIN.I", "sagen", "-"), (".", "$.", ".", "-")
)
ASKED = sentence(
    ("Er", "PPER", "er", "Nom"), ("fragte", "VVFIN.I", "fragen", "-"), (".", "$.", ".", "-")
)


def test_lemmas_are_learnt():
    """Words are remembered and endings that agree are carried over."""
    lemmas = learn_lemmas([SAID, ASKED])
    assert lemmas.lemma("sagte", VERB) == "sagen"
    assert lemmas.lemma("wagte", VERB) == "wagen"


def test_tagger_learns_and_repeats_itself():
    """A few sentences are learnt by heart, with the same weights every time."""
    recipe = Recipe(dimensions=8, inner=16, outer=16, epochs=12, batch_words=12)
    corpus = [SAID, ASKED] * 8
    first, second = (train_tagger(corpus, recipe, quiet) for _ in range(2))
    assert first.buckets.tobytes() == second.buckets.tobytes()
    assert first.out.tobytes() == second.out.tobytes()
    assert accuracy(first, corpus)["stts"] == 1.0


@pytest.mark.parametrize(
    ("word", "expected"), [("Merkel-Regierung", "Xxx-Xx"), ("2024", "dd"), ("sagte", "xx")]
)
def test_shape(word, expected):
    assert shape(word) == expected


def test_spelling_of_any_word():
    """Every string, the empty one too, has spelling features."""
    assert all(spelling(word) for word in ("", "\ud800", "A-b"))


def test_windows_stop_at_the_edges():
    """A row has zeros where it has no neighbours."""
    rows = np.arange(1, 4, dtype=np.float32).reshape(3, 1)
    assert windows(rows, 1).tolist() == [[0, 1, 2], [1, 2, 3], [2, 3, 0]]
    assert padded_positions(np.array([0, 0, 1])).tolist() == [2, 3, 6]


@pytest.mark.parametrize(
    ("lemma", "kind"),
    [
        ("sagen", Reporting.SAY),
        ("hoffen", Reporting.THINK),
        ("schreiben", Reporting.WRITE),
        ("bericht", Reporting.NOUN),
        ("lagebericht", Reporting.COMPOUND),
        ("tisch", Reporting.NONE),
    ],
)
def test_reporting_words(lemma, kind):
    assert reporting(lemma) is kind


def test_slots_tell_features_apart():
    """The name and every value count; an absent feature has no slot."""
    slots = Slots(3)
    same, other = np.array([1, 1, 2]), np.array([1, 1, 1])
    slots.add("a", same)
    slots.add("b", same, where=np.array([True, False, True]))
    slots.add("a", same, other)
    slots.add("flag")
    matrix = slots.matrix()
    assert matrix.shape == (3, 4)
    assert (matrix[0] == matrix[1]).sum() == 3
    assert (matrix == ABSENT).sum() == 1
    assert len(set(matrix[0].tolist())) == 4
    assert matrix.max() < 1 << BITS
    assert Slots(2).matrix().shape == (2, 0)
