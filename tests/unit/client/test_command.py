"""The `beleg` command: what is documented, what it prints, how it ends."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

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


Shell = Callable[..., tuple[int | str | None, str, str]]


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Run the command against the address that comes first, with the words that follow."""
    return lambda url, *words: run(url, capsys, monkeypatch, *words)


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


REFUSED = {
    "type": "/problems/invalid-request", "title": "No", "status": 422, "detail": "Not valid: text.",
    "errors": [{"field": "text", "message": "Must not be empty.", "location": "body"}],
}  # fmt: skip


@pytest.fixture
def refusing(server: Stranger) -> Stranger:
    body = json.dumps(REFUSED).encode()
    server.scripts["/v1/articles"] = answer(body, "application/problem+json", code=422)
    return server


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("fehlt.ndjson", "cannot be read: No such file"),
        ("fehlt.txt", "cannot be read: No such file"),
        ("ordner", "is a folder; `beleg watch --once"),
        ("bild.pdf", "is not one of .txt, .json"),
        ("leer.txt", "Not valid: text. text: Must not be empty."),
        ("leer.json", "Not valid JSON"),
    ],
)
def test_what_cannot_be_submitted_is_explained(
    name: str,
    said: str,
    refusing: Stranger,
    tmp_path: Path,
    shell: Shell,
) -> None:
    """Each thing that is refused is named, with the reason and no traceback."""
    (tmp_path / "ordner").mkdir()
    for empty in ("leer.txt", "leer.json", "bild.pdf"):
        (tmp_path / empty).touch()
    words = ("--json", "submit", str(tmp_path / name))
    code, out, _ = shell(refusing.url(""), *words)
    told = json.loads(out)
    assert (code, told["status"]) == (1, "refused")
    assert said in told["error"]["detail"]


def test_a_folder_with_something_refused_ends_with_1(
    refusing: Stranger,
    tmp_path: Path,
    shell: Shell,
) -> None:
    """`watch --once` says what was refused and why; a folder without articles is fine."""
    once = ("watch", "--once", str(tmp_path))
    assert shell(refusing.url(""), *once)[0] == 0
    (tmp_path / "leer.txt").touch()
    code, out, _ = shell(refusing.url(""), *once)
    assert (code, "text: Must not be empty." in out) == (1, True)


def test_nothing_to_submit_is_said(
    server: Stranger,
    tmp_path: Path,
    shell: Shell,
) -> None:
    """A file without lines is no failure, but is not passed over in silence."""
    (tmp_path / "leer.ndjson").touch()
    words = ("submit", str(tmp_path / "leer.ndjson"))
    code, _, complaint = shell(server.url(""), *words)
    assert (code, "no articles" in complaint) == (0, True)


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "nonsense", "ftp://127.0.0.1", "http://"])
def test_an_address_has_to_be_one(url: str, shell: Shell) -> None:
    """What is no address is a mistake on the command line."""
    code, _, complaint = shell(url, "sources")
    assert (code, "--url" in complaint, "http://127.0.0.1:8000" in complaint) == (2, True, True)


def test_the_doctor_knows_what_is_not_beleg(server: Stranger, shell: Shell) -> None:
    """Another service at the address is told from one that is away."""
    code, out, _ = shell(server.url(""), "doctor")
    assert (code, "is not Beleg" in out) == (1, True)
    code, _, complaint = shell(server.url(""), "sources")
    assert (code, "Is it Beleg" in complaint) == (1, True)


def test_an_export_of_nothing_is_an_empty_file(
    server: Stranger,
    tmp_path: Path,
    shell: Shell,
) -> None:
    """A file is there also when nothing matches; where it cannot be made, that is said."""
    server.scripts["/v1/export"] = answer(b"", "application/x-ndjson")
    target = tmp_path / "out.ndjson"
    assert shell(server.url(""), "export", "-o", str(target))[0] == 0
    assert target.read_bytes() == b""
    words = ("export", "-o", str(tmp_path / "none" / "out.ndjson"))
    code, _, complaint = shell(server.url(""), *words)
    assert (code, "No such file" in complaint) == (2, True)
