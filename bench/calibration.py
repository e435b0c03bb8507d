"""What an engine's confidence is worth: `python -m bench.calibration FOLDER [--picture FILE]`.

A found statement counts as right when it is paired with a stated one and their overlap (F1) is at
least a half. Prints the expected calibration error over ten bins, and what precision and recall a
least confidence buys; the picture shows the latter.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.measure import Labelled, pair
from bench.wikinews import GoldDocument, corpus_file, read
from services.extract.engine import ENGINES, load_engine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.extract.engine.types import Engine

_BINS = 10
_RIGHT = 0.5
_THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(20))
_WIDTH, _HEIGHT, _MARGIN = 480, 300, 48


@dataclass(frozen=True, slots=True)
class Judged:
    """Every found statement's confidence and whether it was right; how many were stated."""

    found: tuple[tuple[float, bool], ...]
    stated: int

    def calibration_error(self) -> float:
        """Give the expected calibration error: how far confidence and truth lie apart."""
        bins: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
        for confidence, right in self.found:
            bins[min(_BINS - 1, int(confidence * _BINS))].append((confidence, right))
        gaps = (abs(sum(c for c, _ in b) - sum(right for _, right in b)) for b in bins)
        return sum(gaps) / max(1, len(self.found))

    def bought_by(self, least: float) -> tuple[float, float]:
        """Give precision and recall, in per cent, of what is at least so confident."""
        kept = [right for confidence, right in self.found if confidence >= least]
        return 100 * sum(kept) / max(1, len(kept)), 100 * sum(kept) / max(1, self.stated)


def judge(engine: Engine, documents: Sequence[GoldDocument]) -> Judged:
    """Run the engine and compare what it finds with what is stated."""
    found: list[tuple[float, bool]] = []
    answers = engine.extract_many([document.article for document in documents])
    for document, attributions in zip(documents, answers, strict=True):
        labelled = [document.labelled(attribution) for attribution in attributions]
        right = {
            j
            for i, j in pair(document.statements, labelled)
            if _overlap(document.statements[i], labelled[j]) >= _RIGHT
        }
        found += [(a.confidence, j in right) for j, a in enumerate(attributions)]
    return Judged(tuple(found), sum(len(document.statements) for document in documents))


def _overlap(one: Labelled, other: Labelled) -> float:
    both = len(one.content & other.content)
    return 2 * both / max(1, len(one.content) + len(other.content))


def picture(judged: Judged) -> str:
    """Draw precision and recall by least confidence, as SVG."""
    points = [(least, *judged.bought_by(least)) for least in _THRESHOLDS]

    def line(which: int, colour: str) -> str:
        places = " ".join(f"{_x(point[0]):.1f},{_y(point[which]):.1f}" for point in points)
        return f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="2.5"/>'

    marks = [
        f'<text x="{_MARGIN - 8}" y="{_y(share) + 4:.1f}" text-anchor="end">{share} %</text>'
        f'<line x1="{_MARGIN}" x2="{_x(1)}" y1="{_y(share)}" y2="{_y(share)}" stroke="#ddd"/>'
        for share in (0, 25, 50, 75, 100)
    ]
    marks += [
        f'<text x="{_x(step / 5):.1f}" y="{_y(0) + 18}" text-anchor="middle">{step / 5}</text>'
        for step in range(6)
    ]
    title = "Precision and recall of found statements by least confidence"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{title}" font-family="sans-serif" font-size="12"><title>{title}</title>'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>{"".join(marks)}'
        f"{line(1, '#1b5e9b')}{line(2, '#b3541e')}"
        f'<text x="{_x(0.05)}" y="{_y(points[1][1]) - 8:.1f}" fill="#1b5e9b">precision</text>'
        f'<text x="{_x(0.8)}" y="{_y(points[16][2]) - 10:.1f}" fill="#b3541e">recall</text>'
        f'<text x="{_WIDTH / 2}" y="{_HEIGHT - 8}" text-anchor="middle">min_confidence</text>'
        "</svg>\n"
    )


def _x(confidence: float) -> float:
    return _MARGIN + confidence * (_WIDTH - 2 * _MARGIN)


def _y(share: float) -> float:
    return _HEIGHT - _MARGIN - share / 100 * (_HEIGHT - 1.5 * _MARGIN)


def main(arguments: Sequence[str]) -> int:
    """Measure, print and draw; the exit status is 2 when the corpus is not there."""
    parser = argparse.ArgumentParser(prog="python -m bench.calibration", description=__doc__)
    parser.add_argument("folder", type=Path, help="holds wikinews-quotes/, or its files")
    parser.add_argument("--split", default="dev", help="default: %(default)s")
    parser.add_argument("--engine", choices=ENGINES, default="auto", help="default: %(default)s")
    parser.add_argument("--picture", type=Path, help="write the curve there, as SVG")
    options = parser.parse_args(arguments)
    try:
        documents = list(read(corpus_file(options.folder, options.split)))
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    judged = judge(load_engine(options.engine), documents)
    print(f"expected calibration error: {judged.calibration_error():.3f}")
    print(f"{'min_confidence':>15}{'precision':>11}{'recall':>8}")
    for least in _THRESHOLDS:
        precision, recall = judged.bought_by(least)
        print(f"{least:15.2f}{precision:11.1f}{recall:8.1f}")
    if options.picture:
        options.picture.write_text(picture(judged), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
