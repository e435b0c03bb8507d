"""The documentation is whole: everything can be found, and every link leads somewhere."""

import re
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.support.documents import ROOT, Block, anchors, blocks, differences, links

PAGES = sorted(
    path
    for folder in (ROOT, ROOT / "client", ROOT / "tests", ROOT / "docs")
    for path in (folder.rglob("*.md") if folder.name in ("docs", "tests") else folder.glob("*.md"))
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every link inside the repository names a file or folder, and a heading that is there."""
    markdown = page.read_text(encoding="utf-8")
    for link in links(markdown):
        target = urlsplit(link)
        if target.scheme:
            continue
        file = (page.parent / unquote(target.path)).resolve() if target.path else page
        assert file.exists(), f"{page.name} links {link}"
        if target.fragment:
            assert target.fragment in anchors(file.read_text(encoding="utf-8")), link


def test_every_page_is_in_the_index() -> None:
    """docs/README.md links each page below docs/."""
    index = ROOT / "docs" / "README.md"
    linked = {(index.parent / link).resolve() for link in links(index.read_text(encoding="utf-8"))}
    pages = set((ROOT / "docs").rglob("*.md")) - {index}
    assert {str(page.relative_to(ROOT)) for page in pages - linked} == set()


def test_every_make_target_is_told_of() -> None:
    """Whatever `make` lists stands in the documentation for those who run or change Beleg."""
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    targets = re.findall(r"^  make (\S+)", listed.stdout, re.MULTILINE)
    pages = ("CONTRIBUTING.md", "docs/operations.md")
    told = "\n".join((ROOT / page).read_text(encoding="utf-8") for page in pages)
    assert len(targets) > 10
    assert [t for t in targets if not re.search(rf"make ([a-z-]+ )*{t}\b(?!-)", told)] == []


def test_blocks_are_found_with_what_is_said_of_them() -> None:
    """Language, marker and line of each block are read; a link in code is none."""
    page = "a [b](c.md)\n\n<!-- not run: no -->\n```sh\nx [d](e)\n```\n\n```python\n1\n```\n"
    first, second = blocks(page)
    assert (first.line, first.language, first.is_run, first.is_explained) == (4, "sh", False, True)
    assert (second.line, second.code, second.is_run) == (8, "1\n", True)
    assert links(page) == ["c.md"]
    assert anchors("# Who, what & why?\n") == {"who-what--why"}


@pytest.mark.parametrize(
    ("language", "shown", "printed", "agrees"),
    [
        ("json", '{"id": "job_…", "n": 1}', '{"n": 1, "id": "job_7"}', True),
        ("json", '{"id": "job_…"}', '{"id": "art_7"}', False),
        ("json", '{"n": 1}', '{"n": 2}', False),
        ("json", '{"n": 0.8}', '{"n": 0.9}', True),
        ("json", '{"a": 1}', '{"a": 1, "b": 2}', False),
        ("json", '{"a": 1, "…": "…"}', '{"a": 1, "b": 2}', True),
        ("json", '{"a": 1, "…": "…"}', '{"b": 2}', False),
        ("json", "[1]", "[1, 2]", False),
        ("json", '[1, "…"]', "[1, 2]", True),
        ("json", '{"a": null}', '{"a": "x"}', False),
        ("text", "a … c\n", "a b c\n", True),
        ("text", "a … c\n", "a b\nc\n", False),
        ("text", "a\n…\nz\n", "a\nb\nc\nz\n", True),
        ("text", "a\n", "b\n", False),
    ],
)
def test_outputs_agree_in_shape(language: str, shown: str, printed: str, agrees: bool) -> None:
    """What is shown has to come, `…` stands for anything, and nothing else may come."""
    found = differences(Block(1, language, shown, "output"), printed)
    assert (found == []) is agrees
