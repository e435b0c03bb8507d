"""The reference pages that are made from the code.

`python -m services.run.reference` writes docs/settings.md and docs/problems.md.
"""

from __future__ import annotations

from pathlib import Path

from services.runtime.problems import CATALOGUE
from services.runtime.settings import Settings

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


PAGES = {"settings.md": settings_page, "problems.md": problems_page}


def main() -> None:
    """Write the pages."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
