"""One instance for each data folder and port."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from services.run import claims
from services.run.claims import TakenError, claim_folder, claim_port, free_port


def test_a_folder_is_claimed_once(tmp_path: Path) -> None:
    """A second claim on a held folder is refused and names the holder; afterwards it is free."""
    with (
        claim_folder(tmp_path / "var"),
        pytest.raises(TakenError, match=rf"process {os.getpid()}.*BELEG_DATA_DIR"),
        claim_folder(tmp_path / "var"),
    ):
        pass
    with claim_folder(tmp_path / "var"):
        pass


def test_a_folder_stays_claimed_while_a_killed_instance_is_cleaned_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever inherited the lock of a dead instance holds the folder; then we wait for it."""
    holder = subprocess.Popen([sys.executable, "-c", "pass"])
    holder.wait()
    with claim_folder(tmp_path) as lock:
        heir = subprocess.Popen(
            [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=[lock]
        )
        os.pwrite(lock, f"{holder.pid}       ".encode(), 0)
        os.ftruncate(lock, len(str(holder.pid)))
    monkeypatch.setattr(claims, "PATIENCE_S", 0.2)
    with pytest.raises(TakenError, match=f"process {holder.pid}"), claim_folder(tmp_path):
        pass
    monkeypatch.setattr(claims, "PATIENCE_S", 60)
    heir.communicate(b"\n")
    with claim_folder(tmp_path):
        pass


@pytest.mark.parametrize("content", ["", "not a number"])
def test_a_lock_without_a_holders_name_still_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    """What counts is the lock, not what its file says."""
    monkeypatch.setattr(claims, "PATIENCE_S", 0)
    with claim_folder(tmp_path):
        (tmp_path / "beleg.lock").write_text(content)
        with pytest.raises(TakenError), claim_folder(tmp_path):
            pass


def test_a_taken_port_is_refused_with_a_way_out() -> None:
    """The refusal names the port and how to choose another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(TakenError, match=rf"Port {port} on 127.0.0.1.*PORT=8001"):
            claim_port("127.0.0.1", port)


def test_a_free_port_can_be_claimed() -> None:
    """What is said to be free can be listened on."""
    with claim_port("127.0.0.1", free_port()) as listener:
        assert listener.getsockname()[1] > 0
