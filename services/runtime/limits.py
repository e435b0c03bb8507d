"""How many requests a client may make in a minute, counted in Redis.

When Redis is away nobody is kept out: the limit fails open, and a metric tells of it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter
from prometheus_client import Counter
from redis.exceptions import RedisError

from services.runtime.logs import get_logger
from services.runtime.problems import Problem

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

    from services.runtime.settings import Settings

_log = get_logger(__name__)


class RateLimit:
    """Counts the requests of each client over a sliding minute."""

    def __init__(self, settings: Settings, registry: CollectorRegistry) -> None:
        self._per_minute = settings.requests_per_minute
        self._open = Counter(
            "beleg_rate_limit_failed_open",
            "Requests that were not counted because Redis was away.",
            registry=registry,
        )
        if self._per_minute:
            self._item = RateLimitItemPerMinute(self._per_minute)
            storage = storage_from_string(
                settings.redis_url.replace("unix://", "redis+unix://"),
                socket_timeout=settings.redis_timeout_s,
                socket_connect_timeout=settings.redis_timeout_s,
                wrap_exceptions=False,
            )
            self._limiter = SlidingWindowCounterRateLimiter(storage)
        # While Redis is away it is not asked again at each request.
        self._ask_again_at = 0.0

    def count(self, client: str) -> None:
        """Count a request; raises a Problem when it is one too many."""
        if not self._per_minute or time.monotonic() < self._ask_again_at:
            return
        try:
            within = self._limiter.hit(self._item, client)
            wait = 0.0 if within else self._limiter.get_window_stats(self._item, client).reset_time
        except (RedisError, OSError) as error:
            _log.warning("rate_limit_failed_open", error=str(error))
            self._open.inc()
            self._ask_again_at = time.monotonic() + _PAUSE_S
            return
        if not within:
            seconds = max(1, round(wait - time.time()))
            raise Problem(
                "too-many-requests",
                f"More than {self._per_minute} requests in a minute.",
                headers={"Retry-After": str(seconds)},
            )


_PAUSE_S = 5.0
