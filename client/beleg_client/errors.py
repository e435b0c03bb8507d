"""What can go wrong, as types: all of them are `BelegError`."""

from __future__ import annotations

from typing import Any


class BelegError(Exception):
    """Anything that keeps a call from being answered."""


class ConnectionFailed(BelegError):
    """The service could not be reached, or did not answer in time."""


class ProblemError(BelegError):
    """The service said no; `problem` is its problem document (RFC 9457)."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status = status
        self.problem = problem
        super().__init__(str(problem.get("detail") or problem.get("title") or status))

    @property
    def code(self) -> str:
        """The last part of the problem's type, such as `invalid-request`."""
        return str(self.problem.get("type", "")).rpartition("/")[2]

    @property
    def explained(self) -> str:
        """What is wrong, with what is said of each field, in one line."""
        named = (f"{e.get('field') or e.get('location')}: {e.get('message')}" for e in self.errors)
        return " ".join([str(self), *named])

    @property
    def errors(self) -> list[dict[str, str]]:
        """What is wrong with which field."""
        return list(self.problem.get("errors", []))


class JobFailed(BelegError):
    """A job that was waited for did not succeed; `job` says why."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.job = job
        reason = (job.get("error") or {}).get("detail", "")
        super().__init__(f"The job {job['id']} is {job['status']}. {reason}".strip())


class WaitTimeout(BelegError):
    """A job was not done in the time it was waited for."""
