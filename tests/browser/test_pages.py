"""The pages in a real browser, under their own content security policy."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.running import RunningBeleg

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(
        CHROMIUM is None,
        reason="no Chromium here: `make browser` installs it on Debian, as root",
    ),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                *(["--no-sandbox"] if os.geteuid() == 0 else []),
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that notes what goes wrong on it, and where it loads things from."""
    opened = browser.new_page()
    opened.set_default_timeout(60_000)
    yield opened
    opened.close()


def watch(page: Page) -> tuple[list[str], list[str]]:
    wrong: list[str] = []
    loaded: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda asked: loaded.append(asked.url))
    return wrong, loaded


def test_the_documentation_shows_every_operation(page: Page, running_beleg: RunningBeleg) -> None:
    """Swagger UI runs from our files alone, breaks no policy, and lists the operations."""
    wrong, loaded = watch(page)
    page.goto(f"{running_beleg.url}/docs")
    page.get_by_text("Submit an article, or a batch of them.").first.wait_for()
    assert page.locator(".opblock").count() >= 15
    assert wrong == []
    ours = (running_beleg.url, "data:")
    assert [url for url in loaded if not url.startswith(ours)] == []


def test_an_operation_can_be_tried_from_the_page(page: Page, running_beleg: RunningBeleg) -> None:
    """`Try it out` sends a real request to the same service and shows its answer."""
    wrong, _ = watch(page)
    page.goto(f"{running_beleg.url}/docs")
    block = page.locator(".opblock", has_text="List sources").first
    block.click()
    block.get_by_role("button", name="Try it out").click()
    block.get_by_role("button", name="Execute").click()
    block.locator(".live-responses-table .response-col_status", has_text="200").wait_for()
    assert wrong == []


def test_a_problem_leads_to_its_page(page: Page, running_beleg: RunningBeleg) -> None:
    """The `type` of a problem is a page that explains it."""
    wrong, _ = watch(page)
    page.goto(f"{running_beleg.url}/problems/invalid-request")
    assert page.get_by_role("heading", name="The request does not validate").is_visible()
    page.get_by_role("link", name="All problems").click()
    page.get_by_role("heading", name="A key is needed").wait_for()
    assert wrong == []
