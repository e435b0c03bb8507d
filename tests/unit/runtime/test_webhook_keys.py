"""Where the key comes from by which the secrets of webhooks are kept."""

from pathlib import Path
from typing import Any

import pytest

from services.runtime.outgoing.webhooks import new_box_key, new_secret
from services.runtime.settings import Settings, SettingsError
from services.runtime.webhook_keys import FILE, secret_box


def settings(folder: Path, **more: Any) -> Settings:
    return Settings(_env_file=None, data_dir=folder / "new", **more)


def test_a_key_is_made_once_in_the_data_folder(tmp_path: Path) -> None:
    """Without a setting every process finds the same key, which only its owner can read."""
    secret = new_secret()
    sealed = secret_box(settings(tmp_path)).seal(secret)
    assert secret_box(settings(tmp_path)).open(sealed) == secret
    (file,) = (tmp_path / "new").iterdir()
    assert (file.name, file.stat().st_mode & 0o777) == (FILE, 0o600)


def test_keys_that_are_set_are_used(tmp_path: Path) -> None:
    """The first encrypts, all decrypt, and nothing is written."""
    old, new = new_box_key(), new_box_key()
    sealed = secret_box(settings(tmp_path, webhook_keys=old)).seal("x")
    both = secret_box(settings(tmp_path, webhook_keys=f"{new}, {old}"))
    assert both.open(sealed) == "x"
    assert secret_box(settings(tmp_path, webhook_keys=new)).open(both.seal("x")) == "x"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("more", [{"auth": "required"}, {"webhook_keys": "short"}])
def test_without_a_proper_key_nothing_starts(tmp_path: Path, more: dict[str, Any]) -> None:
    """Where API keys are required a key has to be set; the error says how to make one."""
    with pytest.raises(SettingsError, match=r"BELEG_WEBHOOK_KEYS.*openssl"):
        secret_box(settings(tmp_path, **more))


def test_keys_are_not_shown() -> None:
    """Neither a log line nor a traceback with the settings in it tells them."""
    key = new_box_key()
    assert key not in repr(Settings(_env_file=None, webhook_keys=key))
