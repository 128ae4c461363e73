"""`guildhall demo` as a process, and what a visitor needs beside the browser.

Every journey has a demonstration of its own, so that none depends on another. Nothing here knows
pages. Where minutes would have to pass, the moments in its database are moved back.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import shutil
import signal
import sqlite3
import struct
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

STEP_SECONDS = 30


def code_of(secret: str, ahead: int = 0) -> str:
    """The code of an authenticator app (RFC 6238), now or so many steps ahead."""
    padded = secret.replace(" ", "").upper()
    key = base64.b32decode(padded + "=" * (-len(padded) % 8))
    step = int(time.time()) // STEP_SECONDS + ahead
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    at = digest[-1] & 15
    number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


@dataclass
class Answer:
    """What a server answered to a program."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def data(self) -> object:
        return json.loads(self.body)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object) -> None:
        return None


class Demonstration:
    """A demonstration on a free loopback port; it is ended, and its files are gone, at the end."""

    def __init__(self, binary: Path) -> None:
        self._binary = binary
        self._files = Path(tempfile.mkdtemp(prefix="guildhall-browser-"))
        environment = dict(os.environ, TMPDIR=str(self._files))
        self._log = (self._files / "log.txt").open("wb+")
        begin = time.monotonic()
        self._process = subprocess.Popen(
            [binary, "demo", "--listen", "127.0.0.1:0"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        told = ""
        assert self._process.stdout is not None
        while "Ctrl-C" not in told:
            line = self._process.stdout.readline()
            if not line:
                self.close()
                raise AssertionError(f"the demonstration ended early: {told}")
            told += line
        self.started_in = time.monotonic() - begin
        self.told = told
        self.base = _found(r"^Open (http://\S+)", told)
        self.password = _found(r"^Everybody's password: (.+)$", told)
        self._secret = _found(r"authenticator app make it, from (\S+)", told)
        lines = [line for line in told.splitlines() if "@" in line]
        self.asks_code = {line.strip("* ").split()[0]: line.startswith("*") for line in lines}
        self._last_step: dict[str, int] = {}

    def code(self, email: str) -> str:
        """The code that this person's app shows: each works once, so the next one where the
        present one was used."""
        last = self._last_step.get(email, 0)
        # The step after the present one is taken, too; the one before might be over on arrival.
        while last >= int(time.time()) // STEP_SECONDS + 1:
            time.sleep(1)
        now = int(time.time()) // STEP_SECONDS
        step = max(now, last + 1)
        self._last_step[email] = step
        return code_of(self._secret, step - now)

    def database(self) -> Path:
        return next(self._files.glob("guildhall-demo-*/demonstration.db"))

    def move_back(self, email: str, column: str, minutes: int) -> None:
        """Lets minutes pass for all sessions of somebody: `proved_at` or `seen_at`."""
        with sqlite3.connect(self.database(), timeout=20) as database:
            rows = database.execute(
                f'select s."number", s."{column}" from "sessions" s'
                ' join "users" u on u."id" = s."user" where u."email" = ?',
                (email,),
            ).fetchall()
            assert rows, f"{email} has no session"
            for number, moment in rows:
                database.execute(
                    f'update "sessions" set "{column}" = ? where "number" = ?',
                    (_earlier(moment, minutes), number),
                )
        database.close()

    def command(self, *arguments: str) -> str:
        """What a command prints, run against this demonstration's database."""
        done = subprocess.run(
            [self._binary, *arguments, "--database", f"sqlite:{self.database()}"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout

    def invitation(self, email: str, role: str, *more: str) -> str:
        """The path of a link that invites somebody, as the command line prints it."""
        printed = self.command(
            "user", "create", "--email", email, "--name", "Somebody", "--role", role, *more
        )
        return _found(r"(/invitations/\S+)", printed)

    def ask(
        self,
        path: str,
        *,
        method: str | None = None,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Asks as a program does, following no redirect."""
        request = urllib.request.Request(
            self.base + path, data=body, method=method, headers=headers or {}
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects())
        try:
            with opener.open(request, timeout=30) as answer:
                return Answer(answer.status, _lower(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, _lower(error.headers), error.read())

    def log(self) -> str:
        """What the server has complained about."""
        self._log.flush()
        return (self._files / "log.txt").read_text("utf-8", "replace")

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._log.close()
        shutil.rmtree(self._files, ignore_errors=True)

    def __enter__(self) -> Demonstration:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.MULTILINE)
    assert match, f"{pattern} is not in: {text}"
    return match.group(1).strip()


def _lower(headers: object) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}  # type: ignore[attr-defined]


def _earlier(moment: str, minutes: int) -> str:
    from datetime import datetime, timedelta

    read = datetime.fromisoformat(moment.replace("Z", "+00:00")[:32])
    earlier = read - timedelta(minutes=minutes)
    fraction = re.search(r"\.\d+", moment)
    return earlier.strftime("%Y-%m-%dT%H:%M:%S") + (fraction.group(0) if fraction else "") + "Z"
