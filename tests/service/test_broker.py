"""What a worker has in hand, on a real Redis that goes away under it."""

from logging import getLogger
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from kombu import Connection, Consumer, Message, Queue

from services.run.redis_server import DURABLE
from services.runtime.broker import Transport
from services.runtime.queue import EXTRACT_QUEUE, Due, Publisher, make_celery, make_redis
from services.runtime.settings import Settings
from tests.support.redis import Redis

LOG = getLogger(__name__)


def settings_for(redis_server: Redis) -> Settings:
    return Settings(_env_file=None, redis_url=redis_server.url)


def in_hand(connection: Connection) -> Message:
    """Take the one task that a worker with one child takes."""
    messages: list[Message] = []
    tasks = Consumer(connection, [Queue(EXTRACT_QUEUE)], on_message=messages.append)
    tasks.qos(prefetch_count=1)
    tasks.consume()
    while not messages:
        connection.drain_events(timeout=60)
    return messages[0]


@pytest.mark.parametrize("end", ["ack_log_error", "reject_log_error"])
def test_a_task_whose_end_redis_does_not_hear_is_out_of_hand(redis_server: Redis, end: str) -> None:
    """The worker may take another, and Redis still has the task to give it out again."""
    settings = settings_for(redis_server)
    Publisher(settings).publish([Due("job_1", "extract")])
    with make_celery(settings, "worker").connection_for_read() as connection:
        message = in_hand(connection)
        assert not message.channel.qos.can_consume()
        redis_server.kill()
        getattr(message, end)(LOG, connection.connection_errors)
        assert message.channel.qos.can_consume()
        redis_server.start()
        with redis_server.client as client:
            assert client.hlen("unacked") == 1


def test_tasks_go_through_a_unix_socket(tmp_path: Path) -> None:
    """A Redis named by unix:// carries tasks, in the database that the URL names."""
    socket = tmp_path / "redis.sock"
    redis_server = Redis(tmp_path, {**DURABLE, "unixsocket": str(socket)})
    redis_server.start()
    try:
        password = urlsplit(redis_server.url).password
        settings = Settings(_env_file=None, redis_url=f"unix://:{password}@{socket}?db=3")
        Publisher(settings).publish([Due("job_1", "extract")])
        with make_celery(settings, "worker").connection_for_read() as connection:
            assert "job_1" in str(in_hand(connection).payload)
            with make_redis(settings) as client:
                assert client.connection_pool.connection_kwargs["db"] == 3
                assert client.hlen("unacked") == 1
    finally:
        redis_server.stop()


def test_logs_name_redis_by_the_beginning_of_its_url(redis_server: Redis) -> None:
    """Kombu takes our transport, and what it writes begins as the setting does."""
    connection = make_celery(settings_for(redis_server), "worker").connection_for_read()
    assert isinstance(connection.transport, Transport)
    assert connection.as_uri().startswith("redis://")
