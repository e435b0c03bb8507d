"""The image is small, runs as an ordinary user, and says how it is."""

import json
import re
import shlex
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TEXT = re.sub(r"\\\n\s*", " ", (ROOT / "deploy" / "Dockerfile").read_text())
LINES = [line for line in TEXT.splitlines() if line and not line.startswith("#")]
STAGES = [stage.splitlines() for stage in re.split(r"(?m)^(?=FROM )", "\n".join(LINES))[1:]]
FINAL = STAGES[-1]


def instructions(name: str) -> list[str]:
    """Give what stands behind `name` in the final stage."""
    return [line.removeprefix(f"{name} ") for line in FINAL if line.startswith(f"{name} ")]


def test_the_base_can_be_chosen() -> None:
    """Every stage is built on BASE_IMAGE, which has a default with a version."""
    assert LINES[0] == "ARG BASE_IMAGE=python:3.11-slim-bookworm"
    assert [stage[0].split()[1] for stage in STAGES] == ["${BASE_IMAGE}"] * len(STAGES)


def test_runs_as_an_ordinary_user() -> None:
    """The last user is a number, so that it is known not to be root whatever the base says."""
    (user,) = instructions("USER")
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    assert f"--uid {user.split(':')[0]} " in instructions("RUN")[0]


def test_has_a_health_check_that_python_can_run() -> None:
    """It is a program of the image and not one that a slim base lacks, such as curl."""
    (check,) = instructions("HEALTHCHECK")
    command = json.loads(check.split("CMD", 1)[1])
    assert command[:2] == ["python", "-c"]
    compile(command[2], "healthcheck", "exec")
    assert "/healthz" in command[2]


def test_dependencies_are_locked_and_nothing_is_compiled() -> None:
    """Only wheels whose hashes are known are installed, and pip is gone afterwards."""
    install = " ".join(STAGES[0])
    assert "--require-hashes" in install
    assert "--only-binary=:all:" in install
    assert "pip uninstall --yes --quiet pip setuptools" in install
    assert "COPY requirements/run.txt" in install


@pytest.mark.parametrize("tool", ["apt-get", "gcc", "build-essential", "pip", "curl", "sudo"])
def test_the_final_stage_brings_no_tools(tool: str) -> None:
    """What is not there cannot be used by an intruder."""
    assert tool not in [word for run in instructions("RUN") for word in shlex.split(run)]


def test_the_build_sees_only_what_is_copied() -> None:
    """Everything is shut out of the build but what the Dockerfile copies: no .env, no .git."""
    allowed = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    copied = {
        line.split()[1] for line in LINES if line.startswith("COPY ") and "--from=" not in line
    }
    assert "*" in (ROOT / ".dockerignore").read_text().splitlines()
    assert allowed == copied
    assert all((ROOT / path).exists() for path in copied)


def commands() -> dict[str, list[str]]:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    ours = {
        name: service["command"]
        for name, service in services.items()
        if "nginx" not in service.get("image", "") and name not in ("postgres", "redis")
    }
    checks = {
        f"{name}'s check": services[name]["healthcheck"]["test"][1:]
        for name in ("extract", "sweeper")
    }
    return ours | checks | {"the image's own": json.loads(instructions("CMD")[-1])}


@pytest.mark.parametrize("name", commands())
def test_what_the_containers_run_is_there(name: str) -> None:
    """Every module that a command names exists, without having to start a container."""
    modules = [
        word.removeprefix("python:").split(":")[0]
        for word in commands()[name]
        if word.removeprefix("python:").startswith("services.")
    ]
    assert modules
    assert all(find_spec(module) for module in modules)
