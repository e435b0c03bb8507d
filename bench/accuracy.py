"""How well an engine finds who said what: `python -m bench.accuracy FOLDER`.

Runs the engine over a split of the WIKINEWS quotation corpus and prints the published measure
beside the published figures, with speed and memory. Answers are put into the corpus's terms, which
differ from a record's for reported statements (`GoldDocument.labelled`); the figures of the
spans as a record has them follow.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.measure import ROLES, Tally
from bench.wikinews import GoldDocument, corpus_file, read
from services.extract.engine import ENGINES, load_engine
from services.extract.garbage import collect_seldom

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.measure import Labelled, Score
    from services.extract.engine.types import Attribution, Engine

# F1 as published for QUiTE, rules on a spaCy parser (Petersen-Frey and Biemann 2024).
_PUBLISHED = {
    "message": {"dev": 48.79, "test": 47.91},
    "roles": {"dev": 34.87, "test": 35.48},
    "joint": {"dev": 38.91, "test": 39.06},
    "form": {"test": 43.93},
    "STWR": {"test": 36.31},
}
_RECORDED = ("message", "roles", "joint", "cue", "type Reported")
_BATCH = 50
_MEBI = 1024


def main(arguments: Sequence[str]) -> int:
    """Measure and print; the exit status is 2 when the corpus is not there."""
    options = _parser().parse_args(arguments)
    try:
        documents = list(read(corpus_file(options.folder, options.split)))
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    engine = load_engine(options.engine)
    found, seconds = run(engine, documents)
    words = sum(len(document.starts) for document in documents)
    print(f"{engine.name} {engine.version} on {options.split}: ", end="")
    print(f"{len(documents)} documents, {words:,} words")
    print(table(scores(documents, found)))
    print("\nthe same with the spans of reported statements as a record has them:")
    recorded = scores(documents, found, GoldDocument.as_recorded)
    print(table({name: recorded[name] for name in _RECORDED if name in recorded}))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MEBI
    print(
        f"\n{words / seconds:,.0f} words for each second of one core, peak memory {memory:.0f} MiB"
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy", description=__doc__)
    parser.add_argument("folder", type=Path, help="holds wikinews-quotes/, or its files")
    parser.add_argument("--split", default="dev", help="default: %(default)s")
    parser.add_argument("--engine", choices=ENGINES, default="auto", help="default: %(default)s")
    return parser


def run(engine: Engine, documents: Sequence[GoldDocument]) -> tuple[list[list[Attribution]], float]:
    """Run the engine; give what it finds in each document, and the CPU seconds it took."""
    engine.extract(documents[0].article)
    found = []
    begin = time.process_time()
    for start in range(0, len(documents), _BATCH):
        articles = [document.article for document in documents[start : start + _BATCH]]
        found.extend(engine.extract_many(articles))
    return found, time.process_time() - begin


def scores(
    documents: Sequence[GoldDocument],
    found: Sequence[Sequence[Attribution]],
    terms: Callable[[GoldDocument, Attribution], Labelled] = GoldDocument.labelled,
) -> dict[str, Score]:
    """Measure what was found in each document, put into `terms`."""
    tally = Tally()
    for document, attributions in zip(documents, found, strict=True):
        tally.add(document.statements, [terms(document, a) for a in attributions])
    return tally.scores()


def table(figures: dict[str, Score]) -> str:
    """Lay the figures out, the published ones beside."""
    lines = [f"{'':28}{'P':>7}{'R':>7}{'F1':>7}   published F1 (QUiTE)"]
    for name, score in figures.items():
        published = ", ".join(f"{split} {f1}" for split, f1 in _PUBLISHED.get(name, {}).items())
        cells = f"{score.precision:7.2f}{score.recall:7.2f}{score.f1:7.2f}"
        lines.append(f"{name:28}{cells}   {published}".rstrip())
        if name in ("STWR", ROLES[-1]):
            lines.append("")
    return "\n".join(lines).rstrip()


if __name__ == "__main__":
    collect_seldom()
    sys.exit(main(sys.argv[1:]))
