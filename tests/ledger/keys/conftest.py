"""Keys that OpenSSH made, and an agent to hold them."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest
from openssh import SESAME, openssh_key

ROOT = Path(__file__).parents[3]
VECTORS = ROOT / "../shared/data/vectors/openssh-sshsig"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return openssh_key(tmp_path / "id", "-t", "ed25519")


@pytest.fixture
def locked_file(tmp_path: Path) -> Path:
    return openssh_key(tmp_path / "locked", "-t", "ed25519", passphrase=SESAME)


@pytest.fixture
def vectors() -> Path:
    if not VECTORS.exists():
        pytest.skip(f"no OpenSSH vectors at {VECTORS}")
    return VECTORS


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Start an ssh-agent of our own, for the length of a test."""
    socket = tmp_path / "agent"
    running = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL)
    monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
    try:
        until = time.monotonic() + 5
        while not socket.exists() and time.monotonic() < until:
            time.sleep(0.005)
        yield socket
    finally:
        running.terminate()
        running.wait()


@pytest.fixture
def no_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
