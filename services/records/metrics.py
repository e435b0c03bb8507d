"""The state of the jobs as metrics, read from the store whenever they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from services.records.jobs import Status
from services.records.store import StoreUnavailable
from services.runtime.clock import utcnow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prometheus_client.metrics_core import Metric

    from services.records.store import Store


class JobMetrics(Collector):
    """Jobs and attempts by status, and the age of the oldest job that is not done."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def describe(self) -> list[Metric]:
        """Name nothing beforehand, so that registering does not touch the store."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Read the figures; without a store there are none."""
        try:
            with self._store.reading() as rows:
                counts = rows.jobs.counts()
                attempts = rows.jobs.attempts()
                oldest = rows.jobs.oldest_unfinished()
        except StoreUnavailable:
            return
        yield _by_status("beleg_jobs", "Jobs by status.", counts)
        yield _by_status("beleg_job_attempts", "Attempts made, by the job's status.", attempts)
        age = (utcnow() - oldest).total_seconds() if oldest else 0.0
        yield GaugeMetricFamily(
            "beleg_oldest_unfinished_job_seconds", "Age of the oldest job not done.", value=age
        )


def _by_status(name: str, help_text: str, figures: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, help_text, labels=["status"])
    for status in Status:
        family.add_metric([status], figures.get(status, 0))
    return family


class OutgoingMetrics(Collector):
    """What goes out: deliveries that wait, endpoints that were given up, feeds that fail."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def describe(self) -> list[Metric]:
        """Name nothing beforehand, so that registering does not touch the store."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Read the figures; without a store there are none."""
        try:
            with self._store.reading() as rows:
                pending = rows.deliveries.pending()
                given_up = rows.webhooks.given_up()
                failing = rows.feeds.failing()
        except StoreUnavailable:
            return
        yield GaugeMetricFamily(
            "beleg_webhook_deliveries_pending", "Deliveries not heard yet.", value=pending
        )
        yield GaugeMetricFamily(
            "beleg_webhooks_given_up", "Endpoints disabled since they did not hear.", value=given_up
        )
        yield GaugeMetricFamily(
            "beleg_feeds_failing", "Feeds whose last poll failed.", value=failing
        )
