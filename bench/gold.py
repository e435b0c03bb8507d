"""Measure an engine on gold articles: who says it, according to whom, when, and how they stand.

    python -m bench.gold [--engine NAME] [--misses] [FOLDER ...]

A gold statement is found when a prediction's content overlaps it with a character F1 of at least
.6; predictions and gold are paired one to one so that the summed overlap is largest. Every other
figure counts, of all gold statements, those that are found and right in that respect.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

from services.extract import engine as engines
from services.extract.engine.types import Type
from tests.gold.loader import GoldArticle, load_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from services.extract.engine.types import Attribution, Engine, Spans

GOLD = Path(__file__).parent.parent / "tests" / "gold" / "dev"
FOUND = 0.6
RESPECTS = ("entity", "kind", "chain", "date", "stance", "type")
ARTICLES = {"der", "die", "das", "des", "dem", "den", "ein", "eine", "einer", "eines", "einem"}
# Corpora draw the line between the two free forms differently, so they count as one type here.
FREE = {Type.INDIRECT_FREE_INDIRECT: Type.FREE_INDIRECT}


@dataclass(frozen=True, slots=True)
class Result:
    """One article's gold and predictions; `pairs` are indices (gold, predicted) of those found."""

    gold: GoldArticle
    predicted: Sequence[Attribution]
    pairs: Mapping[int, int]

    def wrong(self, index: int) -> tuple[str, ...]:
        """Name the respects in which the gold statement `index` was found but is not right."""
        gold, predicted = self.gold.attributions[index], self.predicted[self.pairs[index]]
        return tuple(r for r in RESPECTS if not _right(r, gold, predicted, self.gold.aliases))

    def extra(self) -> list[Attribution]:
        """Give the predictions that are no gold statement."""
        taken = set(self.pairs.values())
        return [p for i, p in enumerate(self.predicted) if i not in taken]

    def violations(self) -> list[Attribution]:
        """Give the predictions made of what must not be one: half their content or more is."""
        banned = _characters(tuple(m.span for m in self.gold.must_not))
        inside = ((p, _characters(p.content)) for p in self.extra())
        return [p for p, content in inside if 2 * len(content & banned) >= len(content)]


def measure(engine: Engine, articles: Sequence[GoldArticle]) -> list[Result]:
    """Run `engine` over the texts of `articles` and pair what it finds with their gold."""
    found = engine.extract_many([gold.article for gold in articles])
    return [
        Result(gold, predicted, pair(gold.attributions, predicted))
        for gold, predicted in zip(articles, found, strict=True)
    ]


def pair(gold: Sequence[Attribution], predicted: Sequence[Attribution]) -> dict[int, int]:
    """Pair gold with predicted statements one to one, where they overlap enough to be the same."""
    if not gold or not predicted:
        return {}
    scores = np.array([[_likeness(g, p) for p in predicted] for g in gold])
    rows, columns = linear_sum_assignment(scores, maximize=True)
    return {int(g): int(p) for g, p in zip(rows, columns, strict=True) if scores[g, p] > 0}


def _likeness(gold: Attribution, predicted: Attribution) -> float:
    """Give the overlap if it is enough; the same type decides between equal overlaps."""
    overlap = overlap_f1(gold.content, predicted.content)
    return overlap + 0.01 * (gold.type == predicted.type) if overlap >= FOUND else 0.0


def overlap_f1(one: Spans, other: Spans) -> float:
    """Give the F1 of the characters that two contents have in common."""
    a, b = _characters(one), _characters(other)
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 0.0


def _characters(spans: Spans) -> set[int]:
    return {at for span in spans for at in range(span.start, span.end)}


def _right(
    respect: str, gold: Attribution, predicted: Attribution, aliases: Mapping[str, tuple[str, ...]]
) -> bool:
    if respect == "entity":
        return _same_names(_source_names(gold), _source_names(predicted), aliases)
    if respect == "kind":
        return _kind(gold) == _kind(predicted)
    if respect == "chain":
        return _same_names(_chain_names(gold), _chain_names(predicted), aliases)
    if respect == "date":
        return _dates(gold) == _dates(predicted)
    if respect == "stance":
        return gold.stance == predicted.stance
    return FREE.get(gold.type, gold.type) == FREE.get(predicted.type, predicted.type)


def _source_names(attribution: Attribution) -> tuple[str, ...]:
    return (attribution.source.entity.name,) if attribution.source else ()


def _chain_names(attribution: Attribution) -> tuple[str, ...]:
    return tuple(report.entity.name for report in attribution.reported_by)


def _kind(attribution: Attribution) -> str | None:
    return attribution.source.entity.kind if attribution.source else None


def _dates(attribution: Attribution) -> tuple[date, ...]:
    return tuple(r.reported_on for r in attribution.reported_by if r.reported_on)


def _same_names(
    gold: tuple[str, ...], predicted: tuple[str, ...], aliases: Mapping[str, tuple[str, ...]]
) -> bool:
    return len(gold) == len(predicted) and all(
        plain_name(p) in {plain_name(name) for name in (g, *aliases.get(g, ()))}
        for g, p in zip(gold, predicted, strict=True)
    )


def plain_name(name: str) -> str:
    """Fold the case of `name` and leave its leading article out."""
    words = name.casefold().split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in ARTICLES else words)


def report(results: Sequence[Result]) -> str:
    """Lay the figures out as a table."""
    gold = sum(len(r.gold.attributions) for r in results)
    predicted = sum(len(r.predicted) for r in results)
    found = sum(len(r.pairs) for r in results)
    wrong = Counter(respect for r in results for i in r.pairs for respect in r.wrong(i))
    violations = sum(len(r.violations()) for r in results)
    banned = sum(len(r.gold.must_not) for r in results)
    lines = [
        f"articles {len(results)}, gold {gold}, predicted {predicted}",
        f"{'':12}{'right':>7}{'of all':>9}{'of found':>10}",
        _row("found", found, gold, found),
        *(_row(respect, found - wrong[respect], gold, found) for respect in RESPECTS),
        _dated_row(results),
        _row("precision", found, predicted, predicted),
        f"must_not violated {violations} of {banned}",
    ]
    return "\n".join(lines)


def _row(name: str, right: int, of_all: int, of_found: int) -> str:
    return f"{name:12}{right:7}{_percent(right, of_all):>9}{_percent(right, of_found):>10}"


def _dated_row(results: Sequence[Result]) -> str:
    """Count apart the statements whose gold has a date: most have none, which is easy to get."""
    dated = [(r, i) for r in results for i, g in enumerate(r.gold.attributions) if _dates(g)]
    found = [(r, i) for r, i in dated if i in r.pairs]
    right = sum("date" not in r.wrong(i) for r, i in found)
    return _row("dated", right, len(dated), len(found))


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "-"


def misses(results: Sequence[Result]) -> Iterator[str]:
    """Tell, line by line, what was not found, wrong, too much, or forbidden."""
    for result in results:
        where = result.gold.name
        text = result.gold.article.text
        for index, gold in enumerate(result.gold.attributions):
            if index not in result.pairs:
                yield f"{where}: MISSED {_shown(gold, text)}"
                continue
            predicted = result.predicted[result.pairs[index]]
            for respect in result.wrong(index):
                answers = f"{_answer(respect, gold)} <> {_answer(respect, predicted)}"
                yield f"{where}: {respect.upper()} {answers} in {_shown(gold, text)}"
        violations = result.violations()
        for extra in result.extra():
            word = "FORBIDDEN" if extra in violations else "EXTRA"
            yield f"{where}: {word} {_shown(extra, text)}"


def _answer(respect: str, attribution: Attribution) -> str:
    answers: dict[str, object] = {
        "entity": " ".join(_source_names(attribution)) or None,
        "kind": _kind(attribution),
        "chain": ", ".join(_chain_names(attribution)) or None,
        "date": ", ".join(day.isoformat() for day in _dates(attribution)) or None,
        "stance": attribution.stance,
        "type": attribution.type,
    }
    return str(answers[respect])


def _shown(attribution: Attribution, text: str) -> str:
    content = " … ".join(text[span.start : span.end] for span in attribution.content)
    cue = " … ".join(text[span.start : span.end] for span in attribution.cue)
    who = " ".join(_source_names(attribution)) or "nobody"
    return f"[{attribution.type}] {who} ({cue}): {content}"


def main() -> None:
    """Print the figures of each folder, and the misses where they are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path, default=[GOLD], metavar="FOLDER")
    parser.add_argument("--engine", default="rules", help="the engine's name (default: rules)")
    parser.add_argument("--misses", action="store_true", help="print each miss as well")
    arguments = parser.parse_args()
    engine = engines.load_engine(arguments.engine)
    for folder in arguments.folders:
        results = measure(engine, load_folder(folder))
        if arguments.misses:
            print(*misses(results), sep="\n")
        print(f"{folder}, engine {engine.name} {engine.version}", report(results), sep="\n")


if __name__ == "__main__":
    main()
