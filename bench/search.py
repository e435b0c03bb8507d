"""Measure full-text search over records on SQLite and PostgreSQL.

    python -m bench.search [--records N] [--searches N] [--store sqlite|postgresql]

The store is filled with records of made-up sentences whose words are as unevenly spread as those
of a language, compounds among them. Each search is one request to the API for 50 records, so
that the figures hold everything but the network. PostgreSQL is the one the tests bring.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil  # type: ignore[import-untyped]
import structlog
from sqlalchemy import text

from services.api.app import create_app
from services.records.articles import NewArticle
from services.records.migrations import migrate
from services.records.store import open_store
from services.runtime.settings import Settings
from services.runtime.web import DEFAULT_TENANT
from tests.support.postgres import Postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from services.records.store import Store

PER_ARTICLE = 100
AT_ONCE = 10
_STEMS = (
    "Rakete Technik Regierung Minister Haushalt Steuer Reform Klima Schutz Gesetz Gericht Urteil "
    "Polizei Schule Lehrer Bahn Straße Brücke Strom Preis Wahl Kampf Partei Bürger Meister Stadt "
    "Land Kreis Wasser Wirtschaft Bank Kredit Arbeit Markt Vertrag Verhandlung Kommission "
    "Präsident Krieg Waffe Lieferung Grenze Flucht Hilfe Kranken Haus Arzt Pflege Forschung Studie"
)
STEMS = _STEMS.split()
PEOPLE = ("Anna Huber", "Karl Maier", "Miriam Lenz", "Jonas Petersen", "Sofie Brandt", "Ali Demir")
SEARCHES = (
    *("Rakete", "Raketen", "Regierungen", "Reform", "Minister", "Wasserpreis", "Grenzen"),
    *("Huber Rakete", "die Polizei", "Arzt Studie", "Klimaschutz", "Häuser", "Gibtesnicht"),
)


class Sentences:
    """Sentences of words spread by Zipf's law, the same ones each time."""

    def __init__(self) -> None:
        self._random = random.Random(7)  # noqa: S311 - not a secret
        words = [*STEMS, *(a + b.lower() for a in STEMS for b in STEMS if a != b)]
        words += [word + ending for word in words for ending in ("n", "s", "en")]
        words += [f"{word}{n}" for n in range(4) for word in STEMS]
        self._random.shuffle(words)
        self._words = words
        self._weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))

    def next(self) -> str:
        """Make a sentence of 12 words."""
        return " ".join(self._random.choices(self._words, cum_weights=self._weights, k=12))

    def person(self) -> str:
        """Choose who says it."""
        return self._random.choice(PEOPLE)


def fill(store: Store, count: int) -> float:
    """Store `count` records by the way every record takes; gives the seconds it took."""
    sentences = Sentences()
    start = time.perf_counter()
    for _ in range(count // (PER_ARTICLE * AT_ONCE)):
        with store.transaction(DEFAULT_TENANT) as rows:
            for _ in range(AT_ONCE):
                lines = [f"{sentences.next()}: {sentences.person()}" for _ in range(PER_ARTICLE)]
                now = datetime.now(UTC)
                article, _ = rows.articles.add(NewArticle("\n".join(lines), language="de"), at=now)
                rows.attributions.replace(article, _records(lines), at=now)
    return time.perf_counter() - start


def _records(lines: list[str]) -> list[dict[str, Any]]:
    found = []
    start = 0
    for number, line in enumerate(lines):
        content, _, name = line.partition(": ")
        end = start + len(line)
        found.append(_record(number, _part(content, start), _part(name, end - len(name))))
        start = end + 1
    return found


def _part(words: str, start: int) -> dict[str, Any]:
    return {"text": words, "spans": [{"start": start, "end": start + len(words)}]}


def _record(number: int, content: dict[str, Any], source: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(number),
        "parent_id": None,
        "type": "indirect",
        "medium": "speech",
        "content": content,
        "source": {**source, "entity": {"name": source["text"], "kind": "person"}},
        "reported_by": [],
        "cue": None,
        "frame": None,
        "addressee": None,
        "stance": "asserted",
        "confidence": 0.9,
        "engine": {"name": "bench", "version": "1"},
    }


def search(client: FlaskClient, q: str) -> tuple[float, int]:
    """Search once; gives milliseconds and the number of records answered."""
    start = time.perf_counter()
    answer = client.get("/v1/attributions", query_string={"q": q})
    assert answer.status_code == HTTPStatus.OK, answer.text
    return (time.perf_counter() - start) * 1000, len(answer.get_json()["data"])


def processor_seconds() -> float:
    """Give the processor time that this process and its servers have used.

    On a machine that does other things, too, it says more than the time that passes.
    """
    children = psutil.Process().children(recursive=True)
    return time.process_time() + sum(sum(child.cpu_times()[:2]) for child in children)


def measure(url: str, records: int, searches: int) -> None:
    """Fill the store behind `url`, search it, print the figures."""
    settings = Settings(_env_file=None, database_url=url)  # type: ignore[call-arg]
    store = open_store(settings)
    migrate(store)
    seconds = fill(store, records)
    if url.startswith("postgresql"):
        # Autovacuum would do so within a minute.
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    client = create_app(settings).test_client()
    taken: dict[str, list[float]] = {q: [] for q in SEARCHES}
    counts = {q: search(client, q)[1] for q in SEARCHES}
    before = processor_seconds()
    for number in range(searches):
        q = SEARCHES[number % len(SEARCHES)]
        taken[q].append(search(client, q)[0])
    processor_ms = (processor_seconds() - before) * 1000 / searches
    store.engine.dispose()
    everything = sorted(ms for each in taken.values() for ms in each)
    print(f"  filled with {records} records in {seconds:.0f} s ({records / seconds:.0f} a second)")
    for q, each in taken.items():
        print(f"  {q:14} {counts[q]:3} records  median {statistics.median(each):6.1f} ms")
    print(
        f"  all {len(everything)} searches: median {statistics.median(everything):.1f} ms, "
        f"95 % under {everything[int(len(everything) * 0.95)]:.1f} ms; "
        f"on average {processor_ms:.1f} ms of processor time, the server's included"
    )


@contextmanager
def servers(names: list[str]) -> Iterator[dict[str, str]]:
    """Give the URL of an empty database of each kind."""
    with ExitStack() as stack:
        urls = {}
        if "sqlite" in names:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            urls["sqlite"] = f"sqlite:///{Path(folder) / 'beleg.db'}"
        if "postgresql" in names:
            server = Postgres()
            stack.callback(server.remove)
            server.start()
            urls["postgresql"] = server.url(server.create_database())
        yield urls


def main() -> None:
    """Print the figures of each store."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--searches", type=int, default=260)
    parser.add_argument("--store", action="append", choices=("sqlite", "postgresql"))
    arguments = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    with servers(arguments.store or ["sqlite", "postgresql"]) as urls:
        for name, url in urls.items():
            print(name, flush=True)
            measure(url, arguments.records, arguments.searches)


if __name__ == "__main__":
    main()
