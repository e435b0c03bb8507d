"""The engine as a command over JSON lines."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import Any

import pytest

from services.extract.commandline import main


def run(*lines: str | bytes) -> tuple[int, list[dict[str, Any]], str]:
    """Run the rules engine over the lines; give its status, its answers, what it said."""
    encoded = [line.encode() if isinstance(line, str) else line for line in lines]
    out, err = io.BytesIO(), io.StringIO()
    status = main(["--engine", "rules"], io.BytesIO(b"\n".join(encoded)), out, err)
    return status, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


def article(**fields: Any) -> str:
    return json.dumps({"id": "a", "text": "Lenz sagte, es reiche."} | fields)


def test_answers_each_article_in_order() -> None:
    """Ids come back as they were, strings or numbers; empty lines are passed over."""
    status, answers, said = run(article(), "", article(id=2, text=""), article(id="c"))
    assert (status, said) == (0, "")
    assert [answer["id"] for answer in answers] == ["a", 2, "c"]
    assert answers[0]["attributions"][0]["content"]["text"] == "es reiche"
    assert answers[1]["attributions"] == []


@pytest.mark.parametrize(
    ("line", "reason", "article_id"),
    [
        ("{", "not JSON", None),
        (b'{"id": "a", "text": "\xff"}', "not JSON", None),
        ("[1]", "not a JSON object", None),
        ('{"text": "x"}', "'id' must be a string or a number", None),
        ('{"id": true, "text": "x"}', "'id' must be a string or a number", None),
        ('{"id": "a"}', "'text' must be a string", "a"),
        (article(text=3), "'text' must be a string", "a"),
        (article(title=3), "'title' must be a string", "a"),
        (article(outlet=[]), "'outlet' must be a string", "a"),
        (article(published_on="gestern"), "'published_on' must be a date", "a"),
        ("[" * 100_000, "not JSON", None),
    ],
)
def test_names_a_bad_line_and_goes_on(line: str | bytes, reason: str, article_id: str) -> None:
    """A bad line is named with its number on both outputs, the good ones are answered."""
    status, answers, said = run(article(id="before"), line, article(id="after"))
    assert status == 1
    assert said.startswith(f"line 2: {reason}")
    assert [answer["id"] for answer in answers] == ["before", article_id, "after"]
    assert reason in answers[1]["error"]
    assert "attributions" in answers[2]


def test_takes_what_is_known_about_an_article() -> None:
    """Title, date, outlet and language are read; other fields are left alone."""
    status, answers, _ = run(
        article(title="T", published_on="2026-03-01", outlet="O", language="de", tokens=[[0, 1]])
    )
    assert status == 0
    assert answers[0]["attributions"]


def test_writes_half_a_surrogate_pair_escaped() -> None:
    """Text that UTF-8 cannot hold comes back as it was."""
    _, answers, _ = run('{"id": "a", "text": "Lenz sagte, es sei \\ud800 gut."}')
    assert answers[0]["attributions"][0]["content"]["text"] == "es sei \ud800 gut"


def test_answers_more_articles_than_one_batch_holds() -> None:
    """Order and number hold over batches."""
    _, answers, _ = run(*(article(id=number) for number in range(150)))
    assert [answer["id"] for answer in answers] == list(range(150))


def test_runs_as_a_module() -> None:
    """`python -m services.extract` reads standard input and writes standard output."""
    done = subprocess.run(
        [sys.executable, "-m", "services.extract", "--engine", "rules"],
        input=article().encode(),
        capture_output=True,
        timeout=120,
        check=True,
    )
    assert json.loads(done.stdout)["id"] == "a"


def test_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` shows the line format."""
    with pytest.raises(SystemExit) as left:
        main(["--help"], io.BytesIO(), io.BytesIO(), io.StringIO())
    assert left.value.code == 0
    assert "published_on" in capsys.readouterr().out
