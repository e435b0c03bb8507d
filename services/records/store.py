"""The store: one transaction is one unit of work over typed repositories.

SQLite runs in WAL mode and writers begin IMMEDIATE: a deferred transaction that reads and then
writes fails with "database is locked" whenever another one wrote in between.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from services.records.articles import Articles
from services.records.attributions import Attributions
from services.records.batches import Batches
from services.records.deliveries import Deliveries
from services.records.events import Events
from services.records.feeds import Feeds
from services.records.heartbeats import Heartbeats
from services.records.idempotency import IdempotencyKeys
from services.records.jobs import Jobs
from services.records.keys import Keys
from services.records.source_changes import SourceChanges
from services.records.sources import Sources
from services.records.webhooks import Webhooks
from services.runtime.problems import Problem

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from services.runtime.settings import Settings


class StoreUnavailable(Problem):
    """The store cannot be reached or written; nothing was changed."""

    def __init__(self) -> None:
        super().__init__(
            "store-unavailable",
            "The store cannot be used at present; nothing was changed.",
            headers={"Retry-After": "5"},
        )


class Rows:
    """The repositories inside one transaction, all limited to one tenant unless it is None."""

    def __init__(self, session: Session, tenant: str | None) -> None:
        self.session = session
        self.tenant = tenant
        self.articles = Articles(session, tenant)
        self.jobs = Jobs(session, tenant)
        self.batches = Batches(session, tenant)
        self.idempotency = IdempotencyKeys(session, tenant)
        self.sources = Sources(session, tenant)
        self.source_changes = SourceChanges(session, tenant)
        self.attributions = Attributions(session, tenant)
        self.keys = Keys(session, tenant)
        self.heartbeats = Heartbeats(session)
        self.webhooks = Webhooks(session, tenant)
        self.events = Events(session)
        self.deliveries = Deliveries(session, tenant)
        self.feeds = Feeds(session, tenant)


class Store:
    """The way to the database; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # SQLite's transactions read one state anyhow; PostgreSQL's only when they are told to.
        state = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        self._reading = engine.execution_options(beleg_reading=True, **state)

    @contextmanager
    def transaction(self, tenant: str | None = None) -> Iterator[Rows]:
        """Change things, all or nothing; raises StoreUnavailable where that cannot be done."""
        with _translated(), self._session(self.engine) as session, session.begin():
            yield Rows(session, tenant)

    @contextmanager
    def reading(self, tenant: str | None = None) -> Iterator[Rows]:
        """Read one consistent state, without keeping a writer waiting."""
        with _translated(), self._session(self._reading) as session, session.begin():
            yield Rows(session, tenant)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Work on the tables themselves, for what is beneath the repositories."""
        with _translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Read one consistent state, straight from the tables."""
        with _translated(), self._reading.connect() as connection:
            yield connection

    @staticmethod
    def _session(engine: Engine) -> Session:
        return Session(engine, expire_on_commit=False)

    def ping(self) -> None:
        """Raise StoreUnavailable unless the store answers."""
        with self.reading() as rows:
            rows.session.execute(text("SELECT 1"))

    def forget_connections(self) -> None:
        """Drop what was inherited over a fork without closing the parent's sockets."""
        self.engine.dispose(close=False)


def open_store(settings: Settings) -> Store:
    """Open the store that the settings name; does not connect yet."""
    url = make_url(settings.store_url)
    if url.get_backend_name() == "sqlite":
        return Store(_sqlite(settings))
    return Store(
        create_engine(
            url,
            pool_pre_ping=True,
            pool_size=settings.database_pool,
            pool_timeout=settings.database_timeout_s,
            connect_args={"connect_timeout": max(1, round(settings.database_timeout_s))},
        )
    )


def _sqlite(settings: Settings) -> Engine:
    url = make_url(settings.store_url)
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": settings.database_timeout_s})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver must not begin transactions by itself: _begin_sqlite does.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        # What was deleted is overwritten, not just forgotten.
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("beleg_reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        raise StoreUnavailable from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise StoreUnavailable from error
        raise
