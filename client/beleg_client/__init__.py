"""Talk to Beleg: submit articles, read who said what according to whom."""

from beleg_client.client import Beleg
from beleg_client.errors import BelegError, ConnectionFailed, JobFailed, ProblemError, WaitTimeout
from beleg_client.webhooks import InvalidWebhook, verify_webhook

__version__ = "0.1.0"
__all__ = [
    "Beleg",
    "BelegError",
    "ConnectionFailed",
    "InvalidWebhook",
    "JobFailed",
    "ProblemError",
    "WaitTimeout",
    "verify_webhook",
]
