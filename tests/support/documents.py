"""Markdown pages: the code blocks in them, how they are run, and where their links lead.

A block of `sh` or `python` is run, unless the comment `<!-- not run: why -->` stands above it. A
block of any other kind is what the block before it prints, and `<!-- output -->` stands above it,
or it is marked as `not run` as well. `…` in an output stands for whatever comes there.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
RUN = ("sh", "python")
_FENCE = re.compile(r"^```(?P<language>\S*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
_MARKER = re.compile(r"<!-- (output|not run: .+?) -->\s*\Z", re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code on a page, by the line it begins on."""

    line: int
    language: str
    code: str
    marker: str

    @property
    def is_run(self) -> bool:
        """Whether it is code that has to succeed."""
        return self.language in RUN and not self.marker

    @property
    def is_output(self) -> bool:
        """Whether it shows what the block before it prints."""
        return self.marker == "output"

    @property
    def is_explained(self) -> bool:
        """Whether it is marked as what cannot be run, with a reason."""
        return self.marker.startswith("not run: ")


def blocks(markdown: str) -> Iterator[Block]:
    """Give the code blocks of a page from top to bottom."""
    for fence in _FENCE.finditer(markdown):
        above = markdown[: fence.start()]
        marker = _MARKER.search(above)
        yield Block(
            above.count("\n") + 1, fence["language"], fence["code"], marker[1] if marker else ""
        )


def links(markdown: str) -> list[str]:
    """Give where the links of a page lead, those in its code left out."""
    prose = re.sub(r"`[^`\n]*`", "", _FENCE.sub("", markdown))
    return _LINK.findall(prose)


def anchors(markdown: str) -> set[str]:
    """Give the anchors of a page's headings, as code hosts make them."""
    titles = re.findall(r"^#+ (.+)$", _FENCE.sub("", markdown), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).strip().replace(" ", "-") for title in titles}


class Reader:
    """Somebody who types what a page says into one shell, in a folder of their own."""

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        self._folder = folder
        self._env = {**os.environ, **env}
        self._kept = folder / ".environment"
        self._kept.touch()

    def run(self, block: Block) -> str:
        """Run a block and give what it prints; fails when the block does."""
        argv = [sys.executable, "-"] if block.language == "python" else ["bash", "-s"]
        code = block.code if block.language == "python" else self._remembering(block.code)
        done = subprocess.run(
            argv,
            input=code,
            capture_output=True,
            text=True,
            check=False,
            cwd=self._folder,
            env=self._env,
            timeout=150,
        )
        said = f"line {block.line}:\n{block.code}\n{done.stdout}\n{done.stderr}"
        assert done.returncode == 0, said
        return done.stdout

    def _remembering(self, code: str) -> str:
        """Carry the variables of a shell block on to the next one."""
        return f"set -aeuo pipefail\n. {self._kept}\n{code}\nexport -p > {self._kept}\n"


def differences(shown: Block, printed: str) -> list[str]:
    """Say where an output on a page and what was printed do not agree."""
    if shown.language == "json":
        return list(_unlike(json.loads(shown.code), json.loads(printed), "$"))
    pattern = "\n".join(map(_line_pattern, shown.code.rstrip("\n").split("\n")))
    plain = "\n".join(line.rstrip() for line in printed.strip("\n").splitlines())
    return [] if re.fullmatch(pattern, plain) else [f"{plain!r} is not {shown.code!r}"]


def _line_pattern(line: str) -> str:
    return r"(?:.*\n?)*" if line.strip() == "…" else _pattern(line.rstrip())


def _pattern(text: str) -> str:
    return ".*".join(map(re.escape, text.split("…")))


def _unlike(shown: Any, real: Any, at: str) -> Iterator[str]:
    if shown == "…":
        return
    if isinstance(shown, dict) and isinstance(real, dict):
        yield from _unlike_objects(shown, real, at)
    elif isinstance(shown, list) and isinstance(real, list):
        yield from _unlike_lists(shown, real, at)
    elif isinstance(shown, str) and isinstance(real, str):
        if not re.fullmatch(_pattern(shown), real, re.DOTALL):
            yield f"{at} is {real!r}, not {shown!r}"
    elif isinstance(shown, float) and isinstance(real, float):
        return  # how sure an engine is changes with the engine
    elif shown != real:
        yield f"{at} is {real!r}, not {shown!r}"


def _unlike_objects(shown: dict[str, Any], real: dict[str, Any], at: str) -> Iterator[str]:
    known = shown.keys() - {"…"}
    yield from (f"{at}.{name} is missing" for name in sorted(known - real.keys()))
    if "…" not in shown:
        yield from (f"{at}.{name} is not shown" for name in sorted(real.keys() - known))
    for name in known & real.keys():
        yield from _unlike(shown[name], real[name], f"{at}.{name}")


def _unlike_lists(shown: list[Any], real: list[Any], at: str) -> Iterator[str]:
    more = shown[-1:] == ["…"]
    items = shown[:-1] if more else shown
    if len(real) < len(items) or (len(real) > len(items) and not more):
        yield f"{at} has {len(real)} items, not {len(items)}"
    for index, (item, other) in enumerate(zip(items, real, strict=False)):
        yield from _unlike(item, other, f"{at}[{index}]")
