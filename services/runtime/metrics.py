"""What Prometheus reads at `/metrics`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import generate_latest

if TYPE_CHECKING:
    from prometheus_client.registry import Collector


class Metrics:
    """The metrics of one process; `collectors` are asked at each reading."""

    def __init__(self, *collectors: Collector) -> None:
        self.registry = CollectorRegistry()
        for collector in collectors:
            self.registry.register(collector)
        self._requests = Counter(
            "beleg_http_requests",
            "Requests answered.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "beleg_http_request_seconds",
            "Seconds from a request to its answer.",
            ["method", "route"],
            registry=self.registry,
        )

    def watch(self, app: Flask) -> None:
        """Count and time the requests of `app`, and serve the figures."""
        app.before_request(self._begin)
        app.after_request(self._end)
        app.add_url_rule("/metrics", "metrics", self._serve)

    @staticmethod
    def _begin() -> None:
        g.begun_at = time.perf_counter()

    def _end(self, response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "unknown"
        self._requests.labels(request.method, route, response.status_code).inc()
        self._seconds.labels(request.method, route).observe(time.perf_counter() - g.begun_at)
        return response

    def _serve(self) -> Response:
        return Response(generate_latest(self.registry), content_type=CONTENT_TYPE_LATEST)
