"""The `beleg` command: what is documented, what it prints, how it ends."""

import json
import re
from collections.abc import Iterator

import click
import pytest
from beleg_client.command import cli, main

from tests.support.documents import ROOT
from tests.support.stranger import Stranger, answer

PAGE = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
RECORDS = [{"id": "att_1", "source": None, "content": {"text": "=1+1"}}, {"id": "att_2"}]


def commands() -> Iterator[tuple[str, click.Command]]:
    """Give every command with its words, groups included."""
    waiting: list[tuple[str, click.Command]] = [("beleg", cli)]
    while waiting:
        name, command = waiting.pop(0)
        yield name, command
        if isinstance(command, click.Group):
            waiting += [(f"{name} {sub}", command.commands[sub]) for sub in command.commands]


@pytest.fixture
def server() -> Iterator[Stranger]:
    with Stranger() as stranger:
        yield stranger


def run(
    server_url: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    *words: str,
) -> tuple[int | str | None, str, str]:
    """Run the command as a shell does; gives its exit code, its output, what it complained of."""
    monkeypatch.setattr("sys.argv", ["beleg", "--url", server_url, *words])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    return ended.value.code or 0, said.out, said.err


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=str)
def test_every_command_and_option_is_documented(name: str, command: click.Command) -> None:
    """docs/cli.md names each command under its group, each argument and each option."""
    assert f"`{name}" in PAGE
    for parameter in command.params:
        for word in parameter.opts if isinstance(parameter, click.Option) else ():
            if word.startswith("--"):
                assert f"`{word}" in PAGE, f"{name} {word}"


def test_nothing_else_is_documented() -> None:
    """docs/cli.md names no command that does not exist."""
    known = {name for name, _ in commands()}
    rows = re.findall(r"^\| `(beleg(?: [a-z]+)*)", PAGE, re.MULTILINE)
    assert rows
    assert set(rows) <= known


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["attributions"], 0),
        (["jobs", "show", "job_none"], 1),
        (["submit"], 2),
        (["nonsense"], 2),
        (["--url", "http://127.0.0.1:9", "sources"], 3),
    ],
    ids=str,
)
def test_exit_codes_are_as_documented(
    words: list[str],
    code: int,
    server: Stranger,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each way to end has its code, its row in docs/cli.md, and a sentence where it failed."""
    body = json.dumps({"data": [], "next": None}).encode()
    server.scripts["/v1/attributions"] = answer(body, "application/json", Connection="close")
    ended, out, complaint = run(server.url(""), capsys, monkeypatch, *words)
    assert ended == code
    assert re.search(rf"^\| {code} \| ", PAGE, re.MULTILINE)
    if code:
        assert out == ""
        assert complaint
        assert "Traceback" not in complaint


@pytest.mark.parametrize("place", [0, 1, 2])
def test_json_may_stand_anywhere(
    place: int,
    server: Stranger,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`--json` before or behind the command: an object a line, and nothing else."""
    body = json.dumps({"data": RECORDS, "next": None}).encode()
    server.scripts["/v1/attributions"] = answer(body, "application/json", Connection="close")
    words = ["attributions", "--limit=0"]
    words.insert(place, "--json")
    code, out, complaint = run(server.url(""), capsys, monkeypatch, *words)
    assert (code, complaint) == (0, "")
    assert [json.loads(line) for line in out.splitlines()] == RECORDS
