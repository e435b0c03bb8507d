"""Settings: defaults that fit together, refusals that help."""

from pathlib import Path

import pytest

from services.runtime.settings import Settings, SettingsError, load_settings


def test_the_defaults_are_consistent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Beleg starts without any setting; its store is SQLite in the data folder."""
    monkeypatch.chdir(tmp_path)
    settings = load_settings()
    assert settings.store_url == f"sqlite:///{tmp_path}/var/beleg.db"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("BELEG_JOB_HARD_LIMIT_S", "200", "BELEG_VISIBILITY_TIMEOUT_S"),
        ("BELEG_JOB_SOFT_LIMIT_S", "120", "BELEG_JOB_HARD_LIMIT_S"),
        ("BELEG_HEARTBEAT_STALE_S", "5", "BELEG_HEARTBEAT_EVERY_S"),
        ("BELEG_DATABASE_URL", "mysql://a", "BELEG_DATABASE_URL: must begin with sqlite:///"),
        ("BELEG_REDIS_URL", "http://a", "BELEG_REDIS_URL: must begin with redis://"),
        ("BELEG_PORT", "99999", "BELEG_PORT"),
        ("BELEG_CORS_ORIGINS", "*", "BELEG_CORS_ORIGINS"),
        ("BELEG_CORS_ORIGINS", "https://a.example/path", "BELEG_CORS_ORIGINS"),
        ("BELEG_ENGINE", "magic", "BELEG_ENGINE"),
        ("BELEG_JOB_MAX_ATTEMPTS", "0", "BELEG_JOB_MAX_ATTEMPTS"),
    ],
)
def test_what_contradicts_itself_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    """A wrong setting stops the start with a sentence that names it."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=says):
        load_settings()


def test_postgresql_urls_get_their_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plain form of the URL that hosting companies hand out is taken."""
    monkeypatch.setenv("BELEG_DATABASE_URL", "postgresql://u@h/d")
    assert load_settings().store_url == "postgresql+psycopg://u@h/d"


def test_every_setting_is_described() -> None:
    """Each setting says what it is for."""
    assert all(field.description for field in Settings.model_fields.values())
