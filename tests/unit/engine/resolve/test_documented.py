"""docs/sources.md tells what there is."""

import re
from pathlib import Path

from services.extract.engine.types import Kind, Stance

PAGE = (Path(__file__).parents[4] / "docs" / "sources.md").read_text(encoding="utf-8")


def test_every_stance_is_documented():
    """The table of stances names every stance and no other."""
    assert _first_cells("## Stance") == {stance.value for stance in Stance}


def test_every_kind_is_documented():
    """The table of kinds names every kind and no other."""
    assert _first_cells("## Kinds of sources") == {kind.value for kind in Kind}


def _first_cells(heading: str) -> set[str]:
    section = PAGE.partition(f"{heading}\n")[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE))
