"""The engine alone: `python -m services.extract < articles.jsonl > records.jsonl`."""

from __future__ import annotations

import sys

from services.extract.commandline import main
from services.extract.garbage import collect_seldom

if __name__ == "__main__":
    collect_seldom()
    sys.exit(main(sys.argv[1:], sys.stdin.buffer, sys.stdout.buffer, sys.stderr))
