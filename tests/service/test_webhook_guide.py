"""The receiver in docs/guides/webhooks.md does what the guide says."""

import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from services.runtime.settings import Settings
from tests.service.conftest import Beleg, asking_here
from tests.service.test_webhooks import attempted, deliveries, delivering, extracted, listen

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "webhooks.md"


def test_the_guides_receiver_hears_and_verifies(
    settings: Settings,
    make_beleg: Callable[[Settings], Beleg],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It answers 204 to what is signed, prints it once, and refuses what is not signed."""
    beleg = make_beleg(asking_here(settings))
    guide = GUIDE.read_text(encoding="utf-8")
    (code,) = re.findall(r"cat > receiver.py <<'END'\n(.*?)\nEND\n", guide, re.DOTALL)
    names: dict[str, Any] = {"__name__": "receiver"}

    def app(environ: Any, start_response: Any) -> Any:
        return names["app"](environ, start_response)

    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    webhook = listen(beleg, f"http://127.0.0.1:{server.port}/beleg")
    monkeypatch.setenv("BELEG_WEBHOOK_SECRET", webhook["secret"])
    exec(code, names)
    job = extracted(beleg)
    try:
        with delivering(beleg):
            delivery = attempted(beleg, webhook)
            path = f"/v1/webhooks/{webhook['id']}/deliveries/{delivery['id']}/replay"
            beleg.api.post(path)
            delivery = attempted(beleg, webhook, 2)
    finally:
        server.shutdown()
    assert [attempt["status"] for attempt in delivery["attempts"]] == [204, 204]
    printed = [line for line in capsys.readouterr().out.splitlines() if job["article_id"] in line]
    assert len([line for line in printed if line.startswith("article.extracted")]) == 1
    assert names["app"].test_client().post("/beleg", data=b"{}").status_code == 400
    assert deliveries(beleg, webhook)[0]["status"] == "delivered"
