"""The way to Redis that Celery takes: Kombu's, where a lost acknowledgement costs no child."""

from __future__ import annotations

from typing import Final

from kombu.transport import redis, virtual

# What Kombu is to use for URLs that begin like this.
TRANSPORTS: Final = dict.fromkeys(("redis", "rediss"), f"{__name__}:Transport")


class QoS(redis.QoS):  # type: ignore[misc] # Kombu's is not typed.
    """Counts what a worker has in hand, which is no more than it has children.

    Where Redis does not answer an acknowledgement, Kombu goes on counting its task. Celery does
    not acknowledge twice, so after one such task for each child the worker would take no more.
    Redis gives the task out again after the visibility timeout, and then it is found done.
    """

    def ack(self, delivery_tag: str) -> None:
        """Acknowledge a task; it is out of hand even when an error is raised."""
        try:
            super().ack(delivery_tag)
        except Exception:
            self._let_go(delivery_tag)
            raise

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Give a task back; it is out of hand even when an error is raised."""
        try:
            super().reject(delivery_tag, requeue=requeue)
        except Exception:
            self._let_go(delivery_tag)
            raise

    def _let_go(self, delivery_tag: str) -> None:
        virtual.QoS.ack(self, delivery_tag)


class Channel(redis.Channel):  # type: ignore[misc] # Kombu's is not typed.
    """Kombu's channel that counts so."""

    QoS = QoS


class Transport(redis.Transport):  # type: ignore[misc] # Kombu's is not typed.
    """Kombu's transport with such channels."""

    Channel = Channel
