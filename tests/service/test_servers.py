"""The servers the other tests rest on do what their names say."""

from collections.abc import Callable, Mapping

import pytest
import redis
import sqlalchemy as sa

from tests.support.postgres import Postgres
from tests.support.redis import Redis


def test_redis_survives_a_crash_with_its_data(redis_server: Redis) -> None:
    """With AOF, what was written before a crash is there after a restart."""
    redis_server.client.set("kept", "yes")
    redis_server.restart()
    assert redis_server.client.get("kept") == b"yes"


def test_redis_can_hang_and_come_back(redis_server: Redis) -> None:
    """A paused Redis takes connections and answers nothing until it is resumed."""
    client = redis.Redis.from_url(redis_server.url, socket_timeout=0.2, retry=None)
    redis_server.pause()
    with pytest.raises(redis.TimeoutError):
        client.ping()
    redis_server.resume()
    assert redis_server.client.ping()


def test_redis_without_aof_forgets(start_redis: Callable[[Mapping[str, str]], Redis]) -> None:
    """A Redis started without options keeps nothing over a crash."""
    server = start_redis({})
    server.client.set("kept", "yes")
    server.restart()
    assert server.client.get("kept") is None


def test_postgres_survives_a_crash_with_its_data(
    postgres_server: Postgres, postgres_url: str
) -> None:
    """What was committed before a crash is there after the start that follows."""
    engine = sa.create_engine(postgres_url, pool_pre_ping=True)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE kept AS SELECT 42 AS answer"))
    postgres_server.kill()
    postgres_server.start()
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT answer FROM kept")) == 42
    engine.dispose()


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_gets_an_empty_database(database_url: str, turn: int) -> None:
    """No table of another test is in the database, whichever kind of store it is."""
    engine = sa.create_engine(database_url)
    assert sa.inspect(engine).get_table_names() == []
    with engine.begin() as connection:
        connection.execute(sa.text(f"CREATE TABLE left_over AS SELECT {turn} AS turn"))
    engine.dispose()
