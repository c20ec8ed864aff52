"""A real Synapse of its own for one test run, from the `matrix-synapse` wheel: one process, SQLite, loopback.

All workers of a run share one server; each test registers people and makes rooms of its own. Messages are limited as
Synapse does by default; `register` lifts that for the person unless asked not to.
"""

import base64
import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import yaml

from tests.services.network import free_port
from tests.services.run import one_at_a_time

NAME = "localhost"
SECRET = "registers people in tests"
PATIENCE = 60.0
REGISTRATION = "appservice.yaml"
"""In a server's directory: the registration of an application service."""
UNLIMITED = {"per_second": 100_000, "burst_count": 100_000}


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody on the server, logged in."""

    user_id: str
    access_token: str
    device_id: str
    password: str


@dataclass(frozen=True, slots=True)
class Synapse:
    """A running server. ``admin``: token of a server administrator."""

    url: str
    admin: str = ""

    def register(self, name: str = "person", *, limited: bool = False, admin: bool = False) -> Account:
        """Make an account whose name begins with ``name``; ``limited``: with the default rate limit."""
        path = "/_synapse/admin/v1/register"
        nonce = self.call("GET", path)["nonce"]
        user, password = f"{name}-{uuid4().hex[:10]}", uuid4().hex
        words = "\0".join([nonce, user, password, "admin" if admin else "notadmin"])
        mac = hmac.new(SECRET.encode(), words.encode(), hashlib.sha1).hexdigest()
        request = {"nonce": nonce, "username": user, "password": password, "admin": admin, "mac": mac}
        made = self.call("POST", path, request)
        if not limited and self.admin:
            self.lift_limit(made["user_id"])
        return Account(made["user_id"], made["access_token"], made["device_id"], password)

    def log_in(self, account: Account) -> Account:
        """Give somebody another device."""
        who = {"type": "m.id.user", "user": account.user_id}
        asked = {"type": "m.login.password", "identifier": who, "password": account.password}
        made = self.call("POST", "/_matrix/client/v3/login", asked)
        return Account(account.user_id, made["access_token"], made["device_id"], account.password)

    def lift_limit(self, user_id: str) -> None:
        """Let somebody send as fast as they like."""
        path = f"/_synapse/admin/v1/users/{quote(user_id)}/override_ratelimit"
        self.call("POST", path, {"messages_per_second": 0, "burst_count": 0}, token=self.admin)

    def call(self, method: str, path: str, body: object = None, *, token: str = "") -> Any:
        """Make one request; raises for anything but success."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.loads(answer.read())


def shared_homeserver(directory: Path) -> Synapse:
    """Return the run's server, started by whichever worker asks first."""
    home = directory / "synapse"
    with one_at_a_time(directory, "synapse"):
        ready = home / "ready.json"
        if not ready.exists():
            home.mkdir(exist_ok=True)
            url = start(home, 0)
            admin = Synapse(url).register("admin", admin=True)
            ready.write_text(json.dumps({"url": url, "admin": admin.access_token}))
        return Synapse(**json.loads(ready.read_text()))


def stop_homeserver(directory: Path) -> None:
    """Stop the run's server if it was ever started."""
    if (directory / "synapse" / "pid").exists():
        stop(directory / "synapse", signal.SIGKILL)


def start(home: Path, port: int) -> str:
    """Start a server in its directory, new or used before; returns its address. ``port`` 0: any."""
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    (home / "homeserver.yaml").write_text(yaml.safe_dump(_settings(home, port)))
    server = [sys.executable, "-m", "synapse.app.homeserver", "-c", str(home / "homeserver.yaml")]
    # By way of a shell, which leaves it behind: it outlives the worker that asked first.
    started = subprocess.run(
        ["/bin/sh", "-c", '"$@" </dev/null >>output 2>&1 & echo $!', "sh", *server],
        capture_output=True,
        text=True,
        check=True,
        cwd=home,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        start_new_session=True,
    )
    pid = int(started.stdout)
    (home / "pid").write_text(str(pid))
    _until_healthy(url, pid, home)
    return url


def stop(home: Path, how: signal.Signals = signal.SIGTERM) -> None:
    """Stop the server of a directory; returns once it is gone."""
    pid = int((home / "pid").read_text())
    os.kill(pid, how)
    deadline = time.monotonic() + PATIENCE
    while _alive(pid):
        if time.monotonic() > deadline:
            raise RuntimeError("Synapse does not stop")
        time.sleep(0.02)


def _alive(pid: int) -> bool:
    try:
        # In a container nobody may be there to bury it.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not Path("/proc/self").exists()


def _until_healthy(url: str, pid: int, home: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=1):
                return
        except OSError:
            pass
        if not _alive(pid) or time.monotonic() > deadline:
            raise RuntimeError(f"Synapse does not start:\n{(home / 'output').read_text()[-4000:]}")
        time.sleep(0.05)


def _settings(home: Path, port: int) -> dict[str, object]:
    key = home / "signing.key"
    if not key.exists():
        key.write_text(f"ed25519 a_test {base64.b64encode(os.urandom(32)).decode().rstrip('=')}\n")
    resources = [{"names": ["client", "health"]}]
    service = home / REGISTRATION
    return {
        "server_name": NAME,
        "app_service_config_files": [str(service)] if service.exists() else [],
        "listeners": [{"port": port, "bind_addresses": ["127.0.0.1"], "type": "http", "resources": resources}],
        "database": {
            "name": "sqlite3",
            # Tests ask what the server does, not whether this disk survives a power cut.
            "args": {"database": str(home / "homeserver.db"), "check_same_thread": False},
        },
        "signing_key_path": str(key),
        "media_store_path": str(home / "media"),
        "pid_file": str(home / "homeserver.pid"),
        "registration_shared_secret": SECRET,
        "macaroon_secret_key": "macaroons of tests",
        "form_secret": "forms of tests",
        "trusted_key_servers": [],
        "suppress_key_server_warning": True,
        "federation_domain_whitelist": [],
        "report_stats": False,
        "presence": {"enabled": False},
        "url_preview_enabled": False,
        "bcrypt_rounds": 4,
        "max_upload_size": "5M",
        **dict.fromkeys(("rc_registration", "rc_joins_per_room", "rc_room_creation"), UNLIMITED),
        "rc_login": dict.fromkeys(("address", "account", "failed_attempts"), UNLIMITED),
        "rc_joins": dict.fromkeys(("local", "remote"), UNLIMITED),
        "rc_invites": dict.fromkeys(("per_room", "per_user", "per_issuer"), UNLIMITED),
    }
