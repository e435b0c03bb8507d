"""The state of the queue as metrics, read from Redis whenever they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from services.runtime.queue import EXTRACT_QUEUE, FETCH_QUEUE, make_redis

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.metrics_core import Metric

    from services.runtime.settings import Settings


class QueueMetrics(Collector):
    """The length of each queue: hints that wait, among them repeated ones."""

    def __init__(self, settings: Settings) -> None:
        self._redis = make_redis(settings)

    def describe(self) -> list[Metric]:
        """Name nothing beforehand, so that registering does not touch Redis."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Read the figures; without Redis there is but the one that says so."""
        lengths = GaugeMetricFamily("beleg_queue_length", "Hints that wait.", labels=["queue"])
        try:
            for queue in (EXTRACT_QUEUE, FETCH_QUEUE):
                lengths.add_metric([queue], float(str(self._redis.llen(queue))))
        except RedisError:
            yield GaugeMetricFamily("beleg_redis_up", "Whether Redis answers.", value=0)
            return
        yield lengths
        yield GaugeMetricFamily("beleg_redis_up", "Whether Redis answers.", value=1)
