"""The reference pages that are made from the code.

`python -m services.run.reference` writes docs/settings.md, docs/problems.md and docs/api.md; the
last from the OpenAPI document, so `make openapi` comes before.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from services.run.openapi import EVERYWHERE
from services.run.openapi import PATH as OPENAPI
from services.runtime.problems import CATALOGUE
from services.runtime.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parents[2] / "docs"


def settings_page() -> str:
    """Write the table of all settings."""
    lines = [
        "# Settings",
        "",
        (
            "Set in the environment or in a file named `.env`. Beleg refuses to start with "
            "settings that contradict each other and says how to mend them. This page is made by "
            "`make reference`."
        ),
        "",
        "| setting | default | meaning |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = f"`{field.default}`" if str(field.default) else "empty"
        lines.append(f"| `BELEG_{name.upper()}` | {default} | {field.description} |")
    return "\n".join([*lines, ""])


def problems_page() -> str:
    """Write the catalogue of problems."""
    lines = [
        "# Problems",
        "",
        (
            "Every error is answered as `application/problem+json` (RFC 9457). Its `type` is a "
            "path under which the service explains it; the codes are stable. This page is made by "
            "`make reference`."
        ),
        "",
        "| type | status | title | what to do |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| `/problems/{p.code}` | {int(p.status)} | {p.title} | {p.help} |"
        for p in CATALOGUE.values()
    ]
    return "\n".join([*lines, ""])


def api_page() -> str:
    """Write a table of calls for each tag of the OpenAPI document."""
    spec = json.loads(OPENAPI.read_text(encoding="utf-8"))
    lines = [
        "# API",
        "",
        (
            "Every call. `/docs` of an installation shows the fields of each body and answer and "
            "lets you try them; `/openapi.json` is the same for programs. This page is made by "
            "`make openapi reference`."
        ),
        "",
        (
            "*Scopes*: a key needs one of them; `administer` allows everything, and an "
            "installation that only its own machine can reach asks for no key. *Answers* leaves "
            f"out what every call may be answered with: {_everywhere()}, and 304 to a `GET` with "
            "`If-None-Match`. Each [problem](problems.md) says what to do."
        ),
    ]
    for tag in spec["tags"]:
        lines += ["", f"## {tag['name'].capitalize()}", "", tag["description"], ""]
        lines += ["| call | what | scopes | answers |", "|---|---|---|---|"]
        lines += _calls(spec["paths"], tag["name"])
    return "\n".join([*lines, ""])


def _everywhere() -> str:
    return ", ".join(sorted({str(int(CATALOGUE[code].status)) for code in EVERYWHERE}))


def _calls(paths: dict[str, Any], tag: str) -> Iterator[str]:
    for path, item in paths.items():
        for method, operation in item.items():
            if method != "parameters" and tag in operation["tags"]:
                yield (
                    f"| `{method.upper()} {path}` | {operation['summary']} "
                    f"| {_scopes(operation)} | {_answers(operation)} |"
                )


def _scopes(operation: dict[str, Any]) -> str:
    scopes = [scope for way in operation["security"] for scope in way.get("key", [])]
    named = [scope for scope in scopes if scope != "administer"] or scopes
    return " or ".join(f"`{scope}`" for scope in named)


def _answers(operation: dict[str, Any]) -> str:
    left_out = {*_everywhere().split(", "), "304"}
    return ", ".join(sorted(operation["responses"].keys() - left_out))


PAGES = {"settings.md": settings_page, "problems.md": problems_page, "api.md": api_page}


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
