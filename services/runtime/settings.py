"""Every setting of Beleg, in one typed class: its unit, its default and why.

Settings come from the environment (`BELEG_...`) or from a file named `.env`. `load_settings`
refuses what contradicts itself with a sentence that says how to mend it.
"""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.runtime.outgoing.policy import FetchPolicy
from services.runtime.version import VERSION


class SettingsError(Exception):
    """The settings are missing something or contradict each other; the message says what."""


class Settings(BaseSettings):
    """What can be set, in the environment, with the prefix `BELEG_`."""

    model_config = SettingsConfigDict(
        env_prefix="BELEG_", env_file=".env", extra="ignore", frozen=True
    )

    data_dir: Path = Field(
        default=Path("var"), description="Folder for all state of a single-machine installation."
    )
    database_url: str = Field(
        default="",
        description="SQLAlchemy URL of the store: `postgresql+psycopg://…` or `sqlite:///…`. "
        "Empty: SQLite in the data folder.",
    )
    redis_url: str = Field(
        default="redis://127.0.0.1:6379/0",
        description="Redis that carries the queue: `redis://…`, `rediss://…` or `unix://…`. "
        "`make run` starts one of its own unless this is set.",
    )
    host: str = Field(default="127.0.0.1", description="Address the HTTP server listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port of the HTTP server.")
    auth: Literal["auto", "required", "off"] = Field(
        default="auto",
        description="Whether requests need an API key. `auto`: unless the address is loopback.",
    )
    allow_open: bool = Field(
        default=False,
        description="Whether `BELEG_AUTH=off` is meant where others can reach the address.",
    )
    requests_per_minute: int = Field(
        default=6000,
        ge=0,
        description="Requests that one key may make in a minute. 0: as many as it likes.",
    )
    cors_origins: str = Field(
        default="",
        description="Origins whose pages may call the API from a browser, by commas, such as "
        "`https://desk.example`. Empty: none.",
    )
    http_threads: int = Field(
        default=8, ge=1, le=128, description="Requests one HTTP process answers at the same time."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe log line that is written."
    )
    log_format: Literal["json", "console"] = Field(
        default="json", description="`json`: one object a line; `console`: for reading."
    )

    engine: Literal["auto", "rules", "trained"] = Field(
        default="auto",
        description="Which engine finds the attributions. `auto`: the trained one where a model "
        "is installed, otherwise the rules, with a warning.",
    )
    worker_concurrency: int = Field(
        default=2, ge=1, le=256, description="Articles one worker extracts at the same time."
    )
    job_soft_limit_s: int = Field(
        default=90, ge=1, description="Seconds after which an extraction is asked to stop."
    )
    job_hard_limit_s: int = Field(
        default=120, ge=1, description="Seconds after which an extraction is killed."
    )
    job_max_attempts: int = Field(
        default=3,
        ge=1,
        le=20,
        description="Attempts before a job fails for good; each is counted before its work.",
    )
    visibility_timeout_s: int = Field(
        default=180,
        ge=1,
        description="Seconds after which Redis hands out an unacknowledged task again. Must be "
        "longer than the hard limit, or a long task would run twice.",
    )
    hint_grace_s: float = Field(
        default=10,
        ge=0.1,
        description="Seconds the queue has to start a new job before the sweeper publishes it.",
    )
    sweep_every_s: float = Field(
        default=3, ge=0.1, description="Seconds between two looks of the sweeper for due jobs."
    )
    sweep_backlog: int = Field(
        default=500,
        ge=1,
        description="Queue length at which the sweeper stops publishing more, since what waits "
        "there is not lost.",
    )
    heartbeat_every_s: float = Field(
        default=10,
        ge=0.5,
        description="Seconds between two heartbeat tasks, by which the worker shows that it works.",
    )
    heartbeat_stale_s: float = Field(
        default=60,
        ge=1,
        description="Age in seconds of the last heartbeat at which `/readyz` goes red.",
    )
    redis_timeout_s: float = Field(
        default=1.0, gt=0, description="Seconds to wait for Redis before it counts as away."
    )
    database_timeout_s: float = Field(
        default=5.0,
        gt=0,
        description="Seconds to wait for a connection or a lock before the store counts as away.",
    )
    database_pool: int = Field(
        default=10, ge=1, description="Connections one process keeps to PostgreSQL."
    )

    retention_days: int = Field(
        default=0,
        ge=0,
        description="Days after which an article is deleted with all its records. 0: never.",
    )
    max_unfinished_jobs: int = Field(
        default=100_000,
        ge=1,
        description="Jobs that may wait in the whole installation before articles are answered "
        "with 503.",
    )
    max_unfinished_jobs_per_tenant: int = Field(
        default=50_000,
        ge=1,
        description="Jobs of one tenant that may wait before its articles are answered with 429.",
    )
    max_batch_lines: int = Field(
        default=10_000, ge=1, description="Most articles in one NDJSON request."
    )
    max_batch_bytes: int = Field(
        default=200_000_000, ge=1024, description="Largest NDJSON request, in bytes."
    )
    max_text_chars: int = Field(
        default=1_000_000, ge=1, description="Longest text of an article, in code points."
    )
    max_request_bytes: int = Field(
        default=8_000_000, ge=1024, description="Largest body of a request, in bytes."
    )

    allowed_private_hosts: str = Field(
        default="",
        description="Hosts that may be asked for articles, feeds and webhooks although they are "
        "not on the public internet, separated by commas: `wiki.intern,10.0.0.7:8080`. See "
        "[fetching](fetching.md).",
    )
    allowed_ports: str = Field(
        default="80,443",
        description="Ports of public hosts that may be asked, separated by commas.",
    )
    contact: str = Field(
        default="",
        description="URL or mail address of whoever runs this installation, told to every host "
        "that is asked, in the User-Agent.",
    )
    ca_bundle: str = Field(
        default="",
        description="PEM file of the certificate authorities to trust when fetching, instead of "
        "the usual ones; for an intranet with its own.",
    )
    fetch_deadline_s: float = Field(
        default=20.0,
        gt=0,
        le=120,
        description="Seconds that fetching one page or feed may take, redirects included.",
    )
    fetch_max_bytes: int = Field(
        default=5_000_000,
        ge=1024,
        description="Largest page or feed that is fetched, in bytes after decompression.",
    )
    fetch_interval_s: float = Field(
        default=1.0,
        ge=0,
        description="Seconds between two requests of one process to the same host.",
    )
    fetch_concurrency: int = Field(
        default=8, ge=1, le=256, description="Pages and feeds one process fetches at the same time."
    )
    robots: Literal["respect", "ignore"] = Field(
        default="respect",
        description="Whether a host's robots.txt is asked for and kept to. `ignore` is for hosts "
        "whose owners agreed.",
    )
    feed_every_minutes: int = Field(
        default=15,
        ge=1,
        le=10_080,
        description="Minutes between two polls of a feed that names no interval of its own.",
    )
    webhook_keys: SecretStr = Field(
        default=SecretStr(""),
        description="Keys by which the secrets of webhooks are encrypted in the store, separated "
        "by commas, each 32 bytes in URL-safe base64; the first encrypts, all decrypt. Needed "
        "where API keys are; otherwise one is made in the data folder.",
    )
    delivery_concurrency: int = Field(
        default=64,
        ge=2,
        le=1024,
        description="Webhooks one process delivers at the same time. More than half of them never "
        "go to receivers that failed lately.",
    )

    @field_validator("allowed_ports")
    @classmethod
    def _ports(cls, ports: str) -> str:
        if not all(port.isdigit() and 0 < int(port) < 65536 for port in _listed(ports)):  # noqa: PLR2004
            raise ValueError("must be ports separated by commas, such as 80,443")
        return ports

    @field_validator("database_url")
    @classmethod
    def _known_store(cls, url: str) -> str:
        if url and not url.startswith(("sqlite:///", "postgresql+psycopg://", "postgresql://")):
            raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")
        if url.startswith("postgresql://"):
            return "postgresql+psycopg://" + url.removeprefix("postgresql://")
        return url

    @field_validator("redis_url")
    @classmethod
    def _known_queue(cls, url: str) -> str:
        if not url.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must begin with redis://, rediss:// or unix://")
        return url

    @field_validator("cors_origins")
    @classmethod
    def _whole_origins(cls, origins: str) -> str:
        for origin in filter(None, map(str.strip, origins.split(","))):
            if not re.fullmatch(r"https?://[^/*\s]+", origin):
                raise ValueError(f"{origin} is not an origin such as https://desk.example")
        return origins

    @model_validator(mode="after")
    def _limits_in_order(self) -> Self:
        if not self.job_soft_limit_s < self.job_hard_limit_s < self.visibility_timeout_s:
            raise ValueError(
                "BELEG_JOB_SOFT_LIMIT_S < BELEG_JOB_HARD_LIMIT_S < BELEG_VISIBILITY_TIMEOUT_S must "
                f"hold, but they are {self.job_soft_limit_s}, {self.job_hard_limit_s} and "
                f"{self.visibility_timeout_s}: raise the later or lower the earlier"
            )
        if self.heartbeat_stale_s < 2 * self.heartbeat_every_s:
            raise ValueError(
                "BELEG_HEARTBEAT_STALE_S must be at least twice BELEG_HEARTBEAT_EVERY_S, or a "
                "healthy worker would look dead"
            )
        return self

    @model_validator(mode="after")
    def _way_out(self) -> Self:
        self.fetch_policy  # noqa: B018 - refuses what the guard cannot work with
        if self.ca_bundle and not Path(self.ca_bundle).is_file():
            raise ValueError(f"BELEG_CA_BUNDLE names {self.ca_bundle}, which is no file")
        return self

    @model_validator(mode="after")
    def _closed_to_strangers(self) -> Self:
        if self.auth == "off" and not self._on_loopback and not self.allow_open:
            raise ValueError(
                f"BELEG_AUTH=off would let everybody in who reaches {self.host}: leave it out, "
                "listen on 127.0.0.1, or say BELEG_ALLOW_OPEN=true"
            )
        return self

    @property
    def _on_loopback(self) -> bool:
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def keys_required(self) -> bool:
        """Whether requests need an API key."""
        return self.auth == "required" or (self.auth == "auto" and not self._on_loopback)

    @property
    def origins(self) -> list[str]:
        """The origins whose pages may call the API."""
        return _listed(self.cors_origins)

    @property
    def fetch_policy(self) -> FetchPolicy:
        """What an outgoing request may do."""
        return FetchPolicy(
            allowed_private_hosts=frozenset(_listed(self.allowed_private_hosts)),
            allowed_ports=frozenset(map(int, _listed(self.allowed_ports))),
            max_bytes=self.fetch_max_bytes,
            deadline_s=self.fetch_deadline_s,
            version=VERSION,
            contact=self.contact,
            ca_bundle=self.ca_bundle or None,
        )

    @property
    def store_url(self) -> str:
        """The URL of the store, with the default filled in."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'beleg.db').absolute()}"


def _listed(words: str) -> list[str]:
    return [word.strip() for word in words.split(",") if word.strip()]


def load_settings() -> Settings:
    """Read the settings from the environment.

    Raises SettingsError with a line for each setting that is wrong.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(_complaints(error))) from None


def _complaints(error: ValidationError) -> list[str]:
    return [
        (f"BELEG_{str(e['loc'][0]).upper()}: " if e["loc"] else "")
        + e["msg"].removeprefix("Value error, ")
        for e in error.errors()
    ]
