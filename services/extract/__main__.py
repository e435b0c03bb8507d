"""The engine alone: `python -m services.extract < articles.jsonl > records.jsonl`."""

from __future__ import annotations

import sys

from services.extract.commandline import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdin.buffer, sys.stdout.buffer, sys.stderr))
