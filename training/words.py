"""Makes the tagger and the lemma table from the tagged corpora in the data folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.lemmas import learn_lemmas
from training.tagger import Recipe, accuracy, train_tagger
from training.treebanks import read_conllu, read_redewiedergabe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from services.extract.engine.trained.lemmas import Lemmas
    from services.extract.engine.trained.tagger import Tagger
    from training.treebanks import Sentence

TAGGED = "redewiedergabe/main-tsv.tar.xz"
NEWS = "ud-german/de_gsd-ud-dev.conllu.gz"
HELD_OUT = "ud-german/de_gsd-ud-test.conllu.gz"

# The treebank of modern text is small and gold, the other one large, old and silver.
_NEWS_TIMES_TAGGER = 6
_NEWS_TIMES_LEMMAS = 3


def train_words(
    data: Path, progress: Callable[[float], None]
) -> tuple[Tagger, Lemmas, dict[str, float]]:
    """Train on the corpora under `data`; the figures are from a held-out treebank."""
    old: list[Sentence] = read_redewiedergabe(data / TAGGED)
    news = read_conllu(data / NEWS)
    tagger = train_tagger([*old, *news * _NEWS_TIMES_TAGGER], Recipe(), progress)
    lemmas = learn_lemmas([*old, *news * _NEWS_TIMES_LEMMAS])
    measured = {
        f"tagger, {k}": round(100 * v, 2)
        for k, v in accuracy(tagger, read_conllu(data / HELD_OUT)).items()
    }
    return tagger, lemmas, measured
