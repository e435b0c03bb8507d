"""`python -m training DATA`: from the data folders to the shipped model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bench.accuracy import run, scores
from bench.wikinews import read
from services.extract.engine.pipeline import Pipeline
from services.extract.engine.rules import VERSION as RULES_VERSION
from services.extract.engine.trained.model import (
    compressed_words,
    load_model,
    load_words,
    save_model,
)
from services.extract.engine.trained.statements import TrainedFinder
from training.card import card
from training.corpus import read_articles
from training.pipeline import Identity, Material, train_model
from training.project import read_project
from training.stages import RECIPE
from training.words import TAGGED, train_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.extract.engine.trained.lemmas import Lemmas
    from services.extract.engine.trained.model import Model
    from services.extract.engine.trained.tagger import Tagger

SHIPPED = Path(__file__).parents[1] / "services/extract/models/de-news"
ARTICLES = "wikinews-quotes"
PROJECT = [Path(__file__).parents[1] / "tests/gold" / folder for folder in ("dev", "more")]
LOG = "training-log.json"


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=SHIPPED,
    help="Folder that the model is written to.",
)
@click.option(
    "--articles",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with train.jsonl[.gz] and dev.jsonl[.gz]; by default in DATA.",
)
@click.option(
    "--words",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Take the tagger and the lemmas of this model instead of training them.",
)
@click.option("--version", "version_", default="4", help="The model's version.")
def main(data: Path, out: Path, articles: Path | None, words: Path | None, version_: str) -> None:
    """Train a model on the articles under DATA and write it with a log of its figures."""
    folder = articles or data / ARTICLES
    with _progress() as progress:
        steps = _steps(progress)
        tagger, lemmas, measured = _words(data, words, steps)
        train = read_articles(_split(folder, "train"))
        material = Material(train, read_project(PROJECT), tagger, lemmas)
        identity = Identity(out.name, version_)
        model = train_model(material, RECIPE, identity, steps)
    save_model(model, out)
    measured |= _measured(load_model(out), folder)
    log = {"name": out.name, "version": version_, "articles": len(train), "figures": measured}
    (out / LOG).write_text(json.dumps(log, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    text = card(identity, RULES_VERSION, material, measured)
    (out / "README.md").write_text(text, encoding="utf-8")
    Console().print_json(json.dumps(log, ensure_ascii=False))


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )


def _steps(progress: Progress) -> Callable[[str], Callable[[float], None]]:
    def begin(name: str) -> Callable[[float], None]:
        task = progress.add_task(name, total=1.0)
        return lambda done: progress.update(task, completed=done)

    return begin


def _words(
    data: Path, words: Path | None, steps: Callable[[str], Callable[[float], None]]
) -> tuple[Tagger, Lemmas, dict[str, float]]:
    """Train the tagger and the lemmas, or take them from a model where there are no treebanks."""
    if words is None and (data / TAGGED).exists():
        tagger, lemmas, measured = train_words(data, steps("tags, moods and cases"))
        return compressed_words(tagger), lemmas, measured
    tagger, lemmas = load_words(words or SHIPPED)
    return tagger, lemmas, {}


def _split(folder: Path, split: str) -> Path:
    compressed_ = folder / f"{split}.jsonl.gz"
    return compressed_ if compressed_.exists() else folder / f"{split}.jsonl"


def _measured(model: Model, folder: Path) -> dict[str, float]:
    """Measure the model as it was written, on the development split where there is one."""
    path = _split(folder, "dev")
    if not path.exists():
        return {}
    documents = list(read(path))
    engine = Pipeline(model.name, model.version, TrainedFinder(model).find_many)
    found, seconds = run(engine, documents)
    words = sum(len(document.starts) for document in documents)
    Console().print(f"{words / seconds:,.0f} words/s on one core")
    return {f"dev, {name}": round(score.f1, 2) for name, score in scores(documents, found).items()}


if __name__ == "__main__":
    main()
