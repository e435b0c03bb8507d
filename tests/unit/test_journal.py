"""What a person and a machine read of a running Beleg."""

import io
import json
import os

import pytest

from services.run.journal import Console, JsonLines, Split


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_console_line_carries_its_name() -> None:
    """Without a terminal there are no colours."""
    out = io.StringIO()
    Console(out).write("http", "hello")
    assert out.getvalue() == "   http | hello\n"


def test_a_terminal_gets_colours() -> None:
    """The name is coloured and the colour ends before the line begins."""
    out = Terminal()
    Console(out).write("http", "hello")
    assert out.getvalue() == "\033[36m   http\033[0m | hello\n"


def test_json_passes_and_all_else_is_wrapped() -> None:
    """Every line is one JSON object, whoever wrote it."""
    out = io.StringIO()
    journal = JsonLines(out)
    journal.write("http", '{"event": "request"}')
    journal.write("redis", "größer")
    own, wrapped = map(json.loads, out.getvalue().splitlines())
    assert own == {"event": "request"}
    assert (wrapped["event"], wrapped["service"]) == ("größer", "redis")


def test_our_lines_are_kept_apart() -> None:
    """The demo shows what the supervisor says and puts the services' logs aside."""
    out, log = io.StringIO(), io.StringIO()
    journal = Split(ours=Console(out), others=Console(log))
    journal.write("http", "request")
    journal.write("beleg", "stopping")
    assert out.getvalue() == "  beleg | stopping\n"
    assert log.getvalue() == "   http | request\n"


def test_a_reader_who_left_does_not_matter() -> None:
    """Printing to a closed pipe is not an error."""
    reading, writing = os.pipe()
    os.close(reading)
    pipe = os.fdopen(writing, "w")
    Console(pipe).write("http", "hello")
    with pytest.raises(BrokenPipeError):
        pipe.close()
