"""The deliverer: `python -m services.api.deliver` delivers webhooks until it is told to stop.

A process of its own with a thread for each delivery in progress: receivers that hang hold neither
extraction nor each other.
"""

from __future__ import annotations

import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from services.api.delivering import Outbound, attempt, spread, take
from services.api.slots import Slots
from services.records.store import StoreUnavailable, open_store
from services.runtime.clock import utcnow
from services.runtime.ids import new_id
from services.runtime.logs import configure_logs, get_logger
from services.runtime.settings import SettingsError, load_settings
from services.runtime.webhook_keys import secret_box

if TYPE_CHECKING:
    from services.records.deliveries import Taken
    from services.runtime.settings import Settings

LOOK_EVERY_S: Final = 0.5
_log = get_logger(__name__)


class Deliverer:
    """Looks for what is due and delivers it, until it is stopped."""

    def __init__(self, settings: Settings) -> None:
        self._out = Outbound(
            open_store(settings), secret_box(settings), settings.fetch_policy, utcnow
        )
        self._name = new_id("dlr")
        self._slots = Slots(settings.delivery_concurrency)
        self._threads = ThreadPoolExecutor(settings.delivery_concurrency, "deliver")
        self._stop = threading.Event()
        self._look = threading.Event()

    def stop(self, *_: object) -> None:
        """Finish the deliveries in progress, then return from `run`."""
        self._stop.set()
        self._look.set()

    def run(self) -> None:
        """Deliver until stopped; what fails is logged and tried again the next time."""
        with self._threads:
            while not self._stop.is_set():
                self._look.clear()
                try:
                    self._once()
                except StoreUnavailable:
                    _log.warning("store_unavailable")
                self._look.wait(LOOK_EVERY_S)

    def _once(self) -> None:
        now = utcnow()
        if spread(self._out.store, now=now):
            self._look.set()
        for taken in take(self._out.store, self._slots, by=self._name, now=now):
            self._threads.submit(self._deliver, taken)

    def _deliver(self, taken: Taken) -> None:
        try:
            attempt(taken, self._out)
        except StoreUnavailable:
            _log.warning("store_unavailable", delivery_id=taken.delivery.id)
        except Exception:
            # Nobody else would hear of it; the delivery is made again when its lease has run out.
            _log.exception("delivery_raised", delivery_id=taken.delivery.id)
        finally:
            self._slots.give_back(taken.webhook.id)
            self._look.set()


def main() -> None:
    """Run the deliverer."""
    settings = load_settings()
    configure_logs(settings, "deliver")
    try:
        deliverer = Deliverer(settings)
    except SettingsError as error:
        raise SystemExit(str(error)) from None
    signal.signal(signal.SIGTERM, deliverer.stop)
    signal.signal(signal.SIGINT, deliverer.stop)
    _log.info("deliverer_started", places=settings.delivery_concurrency)
    deliverer.run()
    _log.info("deliverer_stopped")


if __name__ == "__main__":
    main()
