"""The compose file is valid, needs nothing that .env.example does not name, and is hardened."""

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from services.ingest.reading import LONGEST_S
from services.runtime.outgoing.fetch import POST_DEADLINE_S
from services.runtime.settings import Settings
from tests.support.redis import Redis

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
SCHEMA = yaml.safe_load((ROOT / "tests" / "deploy" / "compose-spec.json").read_text())
# ${NAME:-default}, ${NAME:?message} or ${NAME}, but not the escaped $${NAME}.
VARIABLE = re.compile(r"(?<!\$)\$(?:\{(\w+)(?:(:[-?])([^}]*))?\}|(\w+))")
OURS = ("ingest", "api", "extract", "fetch", "sweeper", "deliver", "migrate")
UNITS = {"s": 1, "m": 60}


def example_variables() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    pairs = [line.split("=", 1) for line in lines if line and not line.startswith("#")]
    return dict(pairs)


def compose(variables: dict[str, str]) -> dict[str, Any]:
    """Read the compose file as Compose would, with these variables set."""

    def value(found: re.Match[str]) -> str:
        name, how, word = found[1] or found[4], found[2], found[3]
        if given := variables.get(name, ""):
            return given
        assert how == ":-", f"{name} is not set"
        return str(word)

    loaded: dict[str, Any] = yaml.safe_load(VARIABLE.sub(value, TEXT).replace("$$", "$"))
    return loaded


PASSWORDS = {
    "POSTGRES_PASSWORD": "3f9a",
    "REDIS_PASSWORD": "77c1",
    "BELEG_WEBHOOK_KEYS": "kQ1hFZ0m3uXUW5bYb0m1mDkYtX7m5v3nY0o3y3c0l0c=",
}
SERVICES: dict[str, Any] = compose(PASSWORDS)["services"]


def seconds(duration: str) -> int:
    found = re.fullmatch(r"(\d+)([sm])", duration)
    assert found
    return int(found[1]) * UNITS[found[2]]


def test_follows_the_compose_specification() -> None:
    """The file validates against the specification's own schema."""
    jsonschema.Draft7Validator(SCHEMA).validate(compose(PASSWORDS))


@pytest.mark.parametrize(
    "wrong", [{"servces": {}}, {"services": {"api": {"image": "x", "restrt": "no"}}}]
)
def test_the_schema_would_notice_a_slip(wrong: dict[str, Any]) -> None:
    """A misspelt key is found, so the check above means something."""
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(SCHEMA).validate(wrong)


def test_env_example_names_every_variable_and_no_other() -> None:
    """Whoever fills in .env.example leaves no variable unset, and none is there in vain."""
    used = {found[1] or found[4] for found in VARIABLE.finditer(TEXT)}
    assert used == set(example_variables())


def test_env_example_shows_the_defaults() -> None:
    """What may be left out has the same value in both files; what may not is empty there."""
    defaults = {found[1]: found[3] for found in VARIABLE.finditer(TEXT) if found[2] == ":-"}
    required = {found[1]: "" for found in VARIABLE.finditer(TEXT) if found[2] == ":?"}
    assert example_variables() == defaults | required


def test_no_secret_has_a_default() -> None:
    """Compose refuses to start before the passwords are chosen."""
    for found in VARIABLE.finditer(TEXT):
        if re.search("PASSWORD|KEY", found[1] or found[4]):
            assert found[2] == ":?"


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_hardened(name: str) -> None:
    """Read-only, without capabilities or new privileges, as an ordinary user, within limits."""
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["tmpfs"]
    assert service["pids_limit"] > 0
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}
    # Our own image's user is in the Dockerfile.
    assert name in OURS or service["user"] in ("nginx", "postgres", "redis")


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "migrate"])
def test_every_container_stays_up_and_says_how_it_is(name: str) -> None:
    """It is restarted when it ends, and has a health check (the HTTP services the image's)."""
    assert SERVICES[name]["restart"] == "unless-stopped"
    assert name in ("ingest", "api") or SERVICES[name]["healthcheck"]["test"]


def test_only_the_proxy_can_be_reached() -> None:
    """No other container publishes a port, and by default only this machine reaches it."""
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert SERVICES["proxy"]["ports"] == ["127.0.0.1:8080:8080"]


def test_the_store_and_the_queue_are_not_on_the_proxys_network() -> None:
    """A broken proxy does not reach them, and they do not reach the internet."""
    assert SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"] == ["back"]
    assert SERVICES["proxy"]["networks"] == ["front"]
    assert compose(PASSWORDS)["networks"]["back"]["internal"] is True


def test_only_what_fetches_gets_out() -> None:
    """The way to the internet is open to those alone whose requests are guarded."""
    assert [name for name in SERVICES if "out" in SERVICES[name]["networks"]] == [
        "fetch",
        "deliver",
    ]
    for name in ("fetch", "deliver"):
        assert SERVICES[name]["networks"] == ["back", "out"]


def test_the_key_of_webhooks_is_where_it_is_used() -> None:
    """Only who makes secrets and who signs with them can decrypt them, and both the same."""
    keys = {
        name: environment["BELEG_WEBHOOK_KEYS"]
        for name in OURS
        if "BELEG_WEBHOOK_KEYS" in (environment := SERVICES[name]["environment"])
    }
    assert keys == dict.fromkeys(("api", "deliver"), PASSWORDS["BELEG_WEBHOOK_KEYS"])
    common = SERVICES["extract"]["environment"].items()
    assert all(common <= SERVICES[name]["environment"].items() for name in keys)


def test_workers_can_be_scaled() -> None:
    """--scale extract=N works: nothing about a worker can be there only once."""
    for name in ("extract", "fetch"):
        assert not {"container_name", "ports", "hostname"} & set(SERVICES[name])


def test_workers_get_time_to_finish() -> None:
    """The grace is longer than the hard limit of a job, which is below the visibility timeout."""
    environment = SERVICES["extract"]["environment"]
    hard = int(environment["BELEG_JOB_HARD_LIMIT_S"])
    assert seconds(SERVICES["extract"]["stop_grace_period"]) > hard
    assert Settings.model_fields["visibility_timeout_s"].default > hard
    fetching = Settings.model_fields["fetch_deadline_s"].default + LONGEST_S
    assert seconds(SERVICES["fetch"]["stop_grace_period"]) > fetching
    assert seconds(SERVICES["deliver"]["stop_grace_period"]) > POST_DEADLINE_S


def test_everything_waits_for_the_schema() -> None:
    """No service starts on a store that has not been migrated."""
    for name in set(OURS) - {"migrate"}:
        wanted = SERVICES[name]["depends_on"]["migrate"]["condition"]
        assert wanted == "service_completed_successfully"
    assert SERVICES["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"


def test_ingest_does_not_wait_for_redis() -> None:
    """It accepts articles without it, so nothing may keep it from starting."""
    assert "redis" not in SERVICES["ingest"]["depends_on"]


def test_the_services_take_the_settings_they_are_given() -> None:
    """Every variable handed to our containers is a setting, and together they are accepted."""
    environment = SERVICES["extract"]["environment"]
    names = {f"BELEG_{name.upper()}" for name in Settings.model_fields}
    assert set(environment) <= names
    values = {name.removeprefix("BELEG_").lower(): value for name, value in environment.items()}
    settings = Settings(_env_file=None, **values)
    assert settings.store_url.startswith("postgresql+psycopg://beleg:3f9a@postgres")
    assert settings.redis_url == "redis://:77c1@redis:6379/0"


def test_redis_takes_its_options(tmp_path: Path) -> None:
    """A real Redis starts with the options of the file, and keeps and refuses what it should."""
    command = SERVICES["redis"]["command"][-1].removeprefix("exec redis-server ")
    words = [word for word in command.split() if word not in ("--requirepass", '"$REDISCLI_AUTH"')]
    options = {
        name.removeprefix("--"): value.replace("''", '""')
        for name, value in zip(words[::2], words[1::2], strict=True)
    }
    server = Redis(tmp_path, options)
    server.start()
    try:
        running = server.client.config_get("*")
    finally:
        server.kill()
    assert running["appendonly"] == "yes"
    assert running["maxmemory-policy"] == "noeviction"
    assert 0 < int(running["maxmemory"]) < 640 * 2**20 / 2
