"""`make demo` shows who said what, and ends with a status that says how it went."""

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from services.run.claims import free_port
from services.run.demo import DemoError, demo_settings, demonstrate, read_articles, screen_on
from services.run.display import CONTENT_CHARS, shortened, show_failure
from services.run.display import cells as cells_of
from services.runtime.settings import Settings
from tests.support.running import ROOT, RunningBeleg

pytestmark = pytest.mark.timeout(600)


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "services.run.demo", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )


def test_shows_who_said_what_in_every_example() -> None:
    """All example articles are there with their title, and something was found in them."""
    answer = demo()
    assert answer.returncode == 0, answer.stderr
    for article in read_articles(ROOT / "examples"):
        assert article["title"][:40] in answer.stdout
    assert "„Hellborn wird nicht allein gelassen“" in answer.stdout
    assert "attributions to" in answer.stdout


def test_a_folder_without_articles_is_refused(tmp_path: Path) -> None:
    """Nothing is started for it, and the status is 1."""
    answer = demo(str(tmp_path))
    assert answer.returncode == 1
    assert "there is no *.json" in answer.stderr


def test_a_file_that_is_not_json_is_refused(tmp_path: Path) -> None:
    """The refusal names the folder."""
    (tmp_path / "1.json").write_text("{")
    with pytest.raises(DemoError, match=str(tmp_path)):
        read_articles(tmp_path)


def test_an_article_that_is_refused_ends_the_demo(running_beleg: RunningBeleg) -> None:
    """The reason is the service's own."""
    with pytest.raises(DemoError, match=r"„Leer“ was refused.*text"):
        demonstrate(running_beleg.url, [{"title": "Leer", "text": " "}], screen_on(io.StringIO()))


def test_a_service_that_is_gone_ends_the_demo() -> None:
    """A refused connection is told as such."""
    with pytest.raises(DemoError, match="refused"):
        demonstrate(f"http://127.0.0.1:{free_port()}", [{"text": "Gut."}], screen_on(io.StringIO()))


def test_everything_is_shown_when_there_are_many_attributions(running_beleg: RunningBeleg) -> None:
    """More attributions than fit on one page of the API are all shown."""
    places = [f"Ort{number}" for number in range(120)]
    text = " ".join(f"„Wir fangen in {place} an“, sagte Ina Roth." for place in places)
    out = io.StringIO()
    assert demonstrate(running_beleg.url, [{"text": text}], screen_on(out)) == 0
    assert all(f"in {place} an" in out.getvalue() for place in places)


def test_uses_nothing_that_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The demo has a store and a Redis of its own, so that it never mixes with an installation."""
    monkeypatch.setenv("BELEG_REDIS_URL", "redis://elsewhere:6379/0")
    monkeypatch.setenv("BELEG_DATABASE_URL", "postgresql://elsewhere/beleg")
    monkeypatch.setenv("BELEG_ENGINE", "rules")
    settings = demo_settings(Settings(), tmp_path)
    assert "redis_url" not in settings.model_fields_set
    assert settings.store_url == f"sqlite:///{tmp_path / 'beleg.db'}"
    assert (settings.port, settings.engine) == (0, "rules")


def record(**changes: Any) -> dict[str, Any]:
    return {
        "type": "indirect",
        "stance": "asserted",
        "parent_id": None,
        "content": {"text": "die Brücke sei sicher"},
        "source": {"text": "sie", "entity": {"id": "src_1", "name": "Ina Roth", "role": None}},
        "reported_by": [],
        "confidence": 0.8,
    } | changes


def test_a_job_that_failed_is_shown_with_its_reason() -> None:
    """Its title and the problem's detail are there."""
    out = io.StringIO()
    job = {"status": "failed", "error": {"detail": "It took too long."}}
    show_failure(screen_on(out), {"title": "Brücke", "outlet": "Küstenbote"}, job)
    assert out.getvalue().strip() == "Brücke (Küstenbote): failed, It took too long."


ROLE = {"text": "sie", "entity": {"id": "src_1", "name": "Ina Roth", "role": "Bürgermeisterin"}}
CHAIN = [{"entity": {"name": "Der Spiegel"}}, {"entity": {"name": "Reuters"}}]


@pytest.mark.parametrize(
    ("changes", "cells"),
    [
        ({}, ("Ina Roth", "die Brücke sei sicher", "indirect", "", "0.80")),
        ({"source": None}, ("(nobody named)", "die Brücke sei sicher", "indirect", "", "0.80")),
        ({"source": ROLE}, ("Ina Roth, Bürgermeisterin", ..., ..., ..., ...)),
        ({"parent_id": "att_1"}, (..., "↳ die Brücke sei sicher", ..., ..., ...)),
        ({"stance": "denied"}, (..., ..., "indirect, denied", ..., ...)),
        ({"type": "indirect_free_indirect"}, (..., ..., "indirect free indirect", ..., ...)),
        ({"reported_by": CHAIN}, (..., ..., ..., "Der Spiegel ← Reuters", ...)),
    ],
)
def test_a_record_becomes_a_row(changes: dict[str, Any], cells: tuple[Any, ...]) -> None:
    """Each part of a record has its place; what is usual is left out."""
    row = cells_of(record(**changes))
    assert [mine for mine, wanted in zip(row, cells, strict=True) if wanted is not ...] == [
        wanted for wanted in cells if wanted is not ...
    ]


def test_long_content_is_cut_between_words() -> None:
    """It stays on a few lines, and the cut is marked."""
    text = "Wort " * 100
    assert shortened(text).endswith("Wort …")
    assert len(shortened(text)) <= CONTENT_CHARS
