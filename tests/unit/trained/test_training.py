"""Training from annotated articles to a model on disk, and using it."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from services.extract.engine import EngineUnavailableError, load_engine
from services.extract.engine.text import analyse
from services.extract.engine.trained import TrainedFinder, UnusableModelError, load_model
from services.extract.engine.trained.model import load_words, save_model
from services.extract.engine.types import Article, Attribution, Medium, Span, Type
from tests.unit.trained.corpus import articles, quiet, silent
from training.__main__ import main
from training.corpus import UnreadableArticles, article_of, read_articles
from training.crf import Fit
from training.lemmas import learn_lemmas
from training.network import NetworkRecipe
from training.pipeline import Identity, Material, train_model
from training.project import project_article
from training.stages import RECIPE
from training.tagger import Recipe as TaggerRecipe
from training.tagger import train_tagger
from training.treebanks import TaggedWord

QUICK = replace(
    RECIPE,
    **{stage: Fit(0.1, 25) for stage in ("cue", "message", "outline", "role")},
    **{stage: Fit(0.1, 25, chained=False) for stage in ("quotation", "medium", "span", "finding")},
    network=NetworkRecipe(
        dimensions=16, channels=16, epochs=40, rate=1e-2, feature_dropout=0, dropout=0, rarest=1
    ),
)


def words():
    """Train a tagger and lemmas of a few words."""
    sentence = [
        TaggedWord("Sie", "PPER", "sie", "Nom"),
        TaggedWord("sagte", "VVFIN.I", "sagen", "-"),
        TaggedWord(",", "$,", ",", "-"),
        TaggedWord("er", "PPER", "er", "Nom"),
        TaggedWord("sei", "VAFIN.S", "sein", "-"),
        TaggedWord("Minister", "NN", "Minister", "Nom"),
        TaggedWord(".", "$.", ".", "-"),
    ]
    recipe = TaggerRecipe(dimensions=8, inner=8, outer=8, epochs=4)
    return train_tagger([sentence] * 6, recipe, quiet), learn_lemmas([sentence])


@pytest.fixture(scope="module")
def annotated():
    return [article_of(article) for article in articles()]


@pytest.fixture(scope="module")
def model(annotated):
    return trained(annotated)


def trained(annotated):
    text = "Die Feuerwehr warnte vor Bränden. Huber sagte, er habe Zeit."
    statements = [
        Attribution(Type.REPORTED, Medium.NONE, (Span(25, 32),), cue=(Span(14, 24),)),
        Attribution(Type.INDIRECT, Medium.NONE, (Span(47, 59),), cue=(Span(40, 45),)),
    ]
    project = [project_article(text, statements)]
    material = Material(annotated, project, *words())
    return train_model(material, QUICK, Identity("tiny", "1"), silent)


@pytest.fixture
def folder(model, tmp_path):
    save_model(model, tmp_path / "de-news")
    return tmp_path / "de-news"


def files_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_training_gives_the_same_bytes_twice(annotated, folder, tmp_path):
    """The same articles give the same files, to the last byte."""
    again = trained(annotated)
    save_model(again, tmp_path / "again")
    assert files_of(folder) == files_of(tmp_path / "again")


def test_model_finds_what_it_was_shown(folder, annotated):
    """On its own training articles a model finds nearly every statement, with its source."""
    finder = TrainedFinder(load_model(folder))
    found = finder.find_many([article.document for article in annotated])
    pairs = [
        (annotation, article, statements)
        for article, statements in zip(annotated, found, strict=True)
        for annotation in article.annotations
        # Of reported statements the answer keeps what the rules find, which is cut otherwise.
        if annotation.type is not Type.REPORTED
    ]
    hits = [
        any(
            _without_stop(article.document, s) == annotation.content
            and s.type is annotation.type
            and s.source
            for s in statements
        )
        for annotation, article, statements in pairs
    ]
    assert sum(hits) >= 0.8 * len(hits)


def _without_stop(document, statement):
    """Give the tokens of the content; so few articles do not teach where the full stop belongs."""
    first, end = document.tokens_of(statement.content[0].start, statement.content[-1].end)
    return tuple(range(first, end - (document.words[end - 1] == ".")))


def test_documents_do_not_disturb_each_other(folder, annotated):
    """A document's statements are the same alone, among others, and beside empty ones."""
    finder = TrainedFinder(load_model(folder))
    documents = [article.document for article in annotated[:5]] + [analyse(""), analyse(" \n ")]
    together = finder.find_many(documents)
    assert together == [finder.find_many([document])[0] for document in documents]
    assert together[-2:] == [[], []]
    assert finder.version == "1"


def test_loaded_model_is_the_saved_one(folder, tmp_path):
    """Saving what was loaded gives the same files again."""
    save_model(load_model(folder), tmp_path / "copy")
    assert files_of(folder) == files_of(tmp_path / "copy")


@pytest.mark.parametrize("name", ["message.npz", "tagger.npz", "bins.tsv.gz"])
def test_tampered_file_is_refused(folder, name):
    """One changed byte is enough."""
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(UnusableModelError, match=name):
        load_model(folder)


def test_missing_files_are_refused(folder, tmp_path):
    """A folder without a manifest, with another format, or without a file is no model."""
    with pytest.raises(UnusableModelError, match=r"model\.json"):
        load_model(tmp_path / "nowhere")
    manifest = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    (folder / "role.npz").unlink()
    with pytest.raises(UnusableModelError, match=r"role\.npz"):
        load_model(folder)
    for change in ({"format": 0}, {"files": {}}):
        (folder / "model.json").write_text(json.dumps(manifest | change), encoding="utf-8")
        with pytest.raises(UnusableModelError):
            load_model(folder)


def test_engine_falls_back_loudly(tmp_path, caplog):
    """Without a model `auto` is the rules, with a warning, and `trained` is refused."""
    assert load_engine("auto", tmp_path).name == "rules"
    assert "RULES ENGINE" in caplog.text
    with pytest.raises(EngineUnavailableError, match="no model"):
        load_engine("trained", tmp_path)


def test_engine_uses_the_model_that_is_there(folder):
    """With a model `auto` is the trained engine, and says which."""
    engine = load_engine("auto", folder.parent)
    assert (engine.name, engine.version) == ("trained", "tiny-1")
    found = engine.extract(Article(text=articles()[0]["text"]))
    assert any(attribution.type is Type.INDIRECT for attribution in found)


def test_words_of_a_model_serve_another(model, folder):
    """Who has no treebanks trains upon the words of a model that is there."""
    tagger, lemmas = load_words(folder)
    assert tagger.tags == model.tagger.tags
    assert lemmas == model.lemmas


def test_command_trains_and_measures(folder, tmp_path, monkeypatch):
    """The command writes a model with a log of its figures on the development split."""
    monkeypatch.setattr("training.__main__.RECIPE", QUICK)
    data = tmp_path / "articles"
    data.mkdir()
    lines = "".join(json.dumps(article) + "\n" for article in articles())
    for split in ("train", "dev"):
        (data / f"{split}.jsonl").write_text(lines, encoding="utf-8")
    out = tmp_path / "own"
    options = [str(tmp_path), "--articles", str(data), "--words", str(folder), "--out", str(out)]
    result = CliRunner().invoke(main, options, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    log = json.loads((out / "training-log.json").read_text(encoding="utf-8"))
    assert log["figures"]["dev, joint"] > 50
    assert load_model(out).name == "own"


def test_unreadable_line_is_named(tmp_path):
    """A line that is not an article is refused with its number."""
    good = json.dumps(articles()[0])
    (tmp_path / "x.jsonl").write_text(good + '\n{"id": 1}\n', encoding="utf-8")
    with pytest.raises(UnreadableArticles, match="line 2"):
        read_articles(tmp_path / "x.jsonl")
