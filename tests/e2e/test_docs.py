"""Every block of code in the documentation does what the page says, against one installation."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.documents import ROOT, RUN, Block, Reader, blocks, differences
from tests.support.running import RunningBeleg

pytestmark = [pytest.mark.xdist_group("docs"), pytest.mark.timeout(600)]
ADDRESS = "http://127.0.0.1:8000"
# What a page serves itself.
OWN_PORT = "8081"
PAGES = [
    "README.md",
    "client/README.md",
    *sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs").rglob("*.md")),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the installation of this module keeps its state."""
    return tmp_path_factory.mktemp("documented")


@pytest.fixture(scope="module")
def documented(folder: Path) -> Iterator[RunningBeleg]:
    """Beleg as `make run` starts it, with nothing in it but what the pages submit.

    It may ask hosts on 127.0.0.1, as the page about feeds says.
    """
    beleg = RunningBeleg(folder, {"BELEG_ALLOWED_PRIVATE_HOSTS": "127.0.0.1"})
    yield beleg
    beleg.stop()


@pytest.fixture
def reader(documented: RunningBeleg, folder: Path, tmp_path: Path) -> Reader:
    """Somebody with the project's virtual environment activated, next to the installation."""
    env = {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'client'}",
        "BELEG_URL": documented.url,
        "BELEG_DATA_DIR": str(folder / "var"),
        "COLUMNS": "120",
    }
    return Reader(tmp_path, env)


@pytest.mark.parametrize("page", PAGES)
def test_every_block_is_run_or_says_why_not(page: str) -> None:
    """A block is code that is run, the output of the block before it, or marked with a reason."""
    before: Block | None = None
    for block in blocks((ROOT / page).read_text(encoding="utf-8")):
        where = f"{page}:{block.line}"
        assert block.language, f"{where} does not say its language"
        if block.is_output:
            assert before is not None, where
            assert before.is_run, f"{where} is the output of nothing that is run"
        elif not block.is_explained:
            assert block.language in RUN, f"{where} is neither run nor explained"
        before = block


@pytest.mark.parametrize(
    "page",
    [
        page
        for page in PAGES
        if any(block.is_run for block in blocks((ROOT / page).read_text(encoding="utf-8")))
    ],
)
def test_the_page_does_what_it_says(page: str, reader: Reader, documented: RunningBeleg) -> None:
    """Its code, typed from top to bottom, succeeds and prints what the page shows."""
    markdown = (ROOT / page).read_text(encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    printed = ""
    for block in blocks(markdown.replace(ADDRESS, documented.url).replace(OWN_PORT, port)):
        if block.is_run:
            printed = reader.run(block)
        elif block.is_output:
            assert differences(block, printed) == [], f"{page}:{block.line}\n{printed}"
