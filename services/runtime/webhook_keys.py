"""The keys by which the secrets of webhooks are encrypted in the store."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from services.runtime.outgoing.webhooks import SecretBox, SecretInvalid, new_box_key
from services.runtime.settings import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

    from services.runtime.settings import Settings

FILE: Final = "webhook.key"
_HOW: Final = "openssl rand -base64 32 | tr '+/' '-_'"


def secret_box(settings: Settings) -> SecretBox:
    """Make the box of the settings, or of a key in the data folder, made when it is first needed.

    Raises SettingsError where API keys are required and no key is set: there the services run
    in places that do not share a folder. Also for keys that are none.
    """
    keys = [key.strip() for key in settings.webhook_keys.get_secret_value().split(",")]
    if not any(keys):
        if settings.keys_required:
            raise SettingsError(
                "BELEG_WEBHOOK_KEYS: is needed where API keys are, to encrypt the secrets of "
                f"webhooks in the store; make one with: {_HOW}"
            )
        keys = [_kept_key(settings.data_dir / FILE)]
    try:
        return SecretBox(keys)
    except SecretInvalid as error:
        raise SettingsError(f"BELEG_WEBHOOK_KEYS: {error}; make one with: {_HOW}") from None


def _kept_key(path: Path) -> str:
    """Read the key in a file; of several processes that make it at once, one does."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = path.with_name(f"{path.name}.{os.getpid()}")
        with open(os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:  # noqa: PTH123
            file.write(new_box_key())
        with suppress(FileExistsError):
            path.hardlink_to(whole)
        whole.unlink()
    return path.read_text(encoding="ascii").strip()
