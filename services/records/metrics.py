"""The state of the jobs as metrics, read from the store whenever they are asked for."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from services.records.jobs import Status
from services.records.store import StoreUnavailable
from services.runtime.clock import utcnow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prometheus_client.metrics_core import Metric

    from services.records.store import Rows, Store


class _StoreMetrics(Collector):
    """Figures of the store; while it is away there are none."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def describe(self) -> list[Metric]:
        """Name nothing beforehand, so that registering does not touch the store."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Read the figures; without a store there are none."""
        try:
            with self._store.reading() as rows:
                figures = self._figures(rows)
        except StoreUnavailable:
            return
        yield from figures

    @abstractmethod
    def _figures(self, rows: Rows) -> list[Metric]:
        """Read them; raises StoreUnavailable."""


class JobMetrics(_StoreMetrics):
    """Jobs and attempts by status, and the age of the oldest job that is not done."""

    def _figures(self, rows: Rows) -> list[Metric]:
        oldest = rows.jobs.oldest_unfinished()
        age = (utcnow() - oldest).total_seconds() if oldest else 0.0
        return [
            _by_status("beleg_jobs", "Jobs by status.", rows.jobs.counts()),
            _by_status(
                "beleg_job_attempts", "Attempts made, by the job's status.", rows.jobs.attempts()
            ),
            _gauge("beleg_oldest_unfinished_job_seconds", "Age of the oldest job not done.", age),
        ]


class OutgoingMetrics(_StoreMetrics):
    """What goes out: deliveries that wait, endpoints that were given up, feeds that fail."""

    def _figures(self, rows: Rows) -> list[Metric]:
        pending, given_up = rows.deliveries.pending(), rows.webhooks.given_up()
        return [
            _gauge("beleg_webhook_deliveries_pending", "Deliveries not heard yet.", pending),
            _gauge(
                "beleg_webhooks_given_up", "Endpoints disabled since they did not hear.", given_up
            ),
            _gauge("beleg_feeds_failing", "Feeds whose last poll failed.", rows.feeds.failing()),
        ]


def _gauge(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help_text, value=value)


def _by_status(name: str, help_text: str, figures: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, help_text, labels=["status"])
    for status in Status:
        family.add_metric([status], figures.get(status, 0))
    return family
