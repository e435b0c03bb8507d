"""What each family of rules brings: `python -m bench.families FOLDER [--split dev]`.

Runs the rules engine with one family left out at a time and prints what the figures lose.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from bench.accuracy import run, scores
from bench.wikinews import corpus_file, read
from services.extract.engine import load_engine
from services.extract.engine.rules import finder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.measure import Score
    from bench.wikinews import GoldDocument

# The functions of the finder that give many statements, and those that give one or none.
_MANY = ("direct", "according", "complements", "nominal", "reasons", "reported", "quoted")
_ONE = ("pointing", "headline", "carried", "hearsay", "rumoured")
_SHOWN = ("message", "roles", "joint")


def main(arguments: Sequence[str]) -> int:
    """Measure with everything, then without each family."""
    parser = argparse.ArgumentParser(prog="python -m bench.families", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--split", default="dev")
    options = parser.parse_args(arguments)
    documents = list(read(corpus_file(options.folder, options.split)))
    everything = _scores(documents)
    print(f"{'':22}{'message':>18}{'roles':>18}{'joint':>18}")
    print(_row("everything", everything, None))
    for name in (*_MANY, *_ONE):
        with patch.object(finder, name, _nothing if name in _MANY else _none):
            print(_row(f"without {name}", _scores(documents), everything))
    return 0


def _nothing(*_: object) -> tuple[()]:
    return ()


def _none(*_: object) -> None:
    return None


def _scores(documents: Sequence[GoldDocument]) -> dict[str, Score]:
    found, _ = run(load_engine("rules"), documents)
    return scores(documents, found)


def _row(name: str, figures: dict[str, Score], everything: dict[str, Score] | None) -> str:
    cells = []
    for shown in _SHOWN:
        lost = f"({figures[shown].f1 - everything[shown].f1:+.2f})" if everything else ""
        cells.append(f"{figures[shown].f1:9.2f}{lost:>9}")
    return f"{name:22}" + "".join(cells)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
