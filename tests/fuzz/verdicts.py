"""What real Django says of programs: a judge in the release's environment, and what it said before."""

from __future__ import annotations

import hashlib
import json
import os
import queue
import subprocess
import threading
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tests.django import envs

HERE = Path(__file__).resolve().parent
PROJECT = HERE / "project"
CACHE = envs.ROOT / ".cache" / "fuzz"
_LOST: dict[str, Any] = {
    "verdict": "error",
    "places": [],
    "allowed": [],
    "result": None,
    "error": "it hangs or dies",
}
# Seconds in which a program has to be done; the slowest take half of one.
PATIENCE = 15


class Place(NamedTuple):
    """A line, from 1, of a file of the project."""

    path: str
    line: int


class Verdict(NamedTuple):
    """What a program does. `kind` is 'raises', 'completes' or 'error'."""

    kind: str
    places: tuple[Place, ...] = ()
    """Where an asynchronous function reached the database, in order: the first is what raises."""
    allowed: tuple[Place, ...] = ()
    """The same in a run that the guard let pass."""
    result: str | None = None
    """What `main` gave; where it raises, what it gave in the run that was let pass."""
    error: str | None = None
    """How it fails by itself: for 'error', or in the run that was let pass."""

    @classmethod
    def of(cls, data: dict[str, Any]) -> Verdict:
        """As the judge says it."""
        return cls(
            data["verdict"],
            tuple(Place(*place) for place in data["places"]),
            tuple(Place(*place) for place in data["allowed"]),
            data["result"],
            data.get("allowed_error") if data["verdict"] == "raises" else data["error"],
        )


class Judge:
    """One release. Verdicts are remembered by the content of programs, project and judge."""

    def __init__(self, release: str, *, remember: bool = True) -> None:
        self.release = release
        self.python = envs.environment(release)
        self.remember = remember
        self._file = CACHE / "verdicts" / f"{release}-{_version(self.python)}-{_judge_key()}.jsonl"
        self._known: dict[str, dict[str, Any]] = {}
        if remember and self._file.exists():
            for line in self._file.read_text().splitlines():
                data = json.loads(line)
                self._known[data["key"]] = data

    def judge(self, programs: Iterable[tuple[str, dict[str, str]]]) -> list[Verdict]:
        """The verdicts on programs: of each the main module and the files."""
        jobs = [(module, files, _key(module, files)) for module, files in programs]
        missing = {key: (module, files) for module, files, key in jobs if key not in self._known}
        if missing:
            found = self._run(missing)
            self._known.update(found)
            if self.remember:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                with self._file.open("a") as file:
                    file.writelines(json.dumps(data) + "\n" for data in found.values())
        return [Verdict.of(self._known[key]) for _, _, key in jobs]

    def _run(self, jobs: dict[str, tuple[str, dict[str, str]]]) -> dict[str, dict[str, Any]]:
        waiting = list(jobs)
        found: dict[str, dict[str, Any]] = {}
        while waiting:
            process = _Process(self.python)
            try:
                for key in list(waiting):
                    module, files = jobs[key]
                    data = process.ask({"id": key, "module": module, "files": files})
                    waiting.remove(key)
                    if data is None:
                        found[key] = {**_LOST, "key": key}
                        break
                    found[key] = {**data, "key": key}
            finally:
                process.close()
        return found


class _Process:
    """A judge's process."""

    def __init__(self, python: Path) -> None:
        environ = {
            name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "PYTHON"))
        }
        self._process = subprocess.Popen(
            [str(python), str(HERE / "judge.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environ,
        )
        self._answers: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._answers.put(line)
        self._answers.put("")

    def ask(self, job: dict[str, Any]) -> dict[str, Any] | None:
        """The answer; None if it doesn't come."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(job) + "\n")
            self._process.stdin.flush()
            line = self._answers.get(timeout=PATIENCE)
        except (queue.Empty, BrokenPipeError):
            return None
        return json.loads(line) if line else None

    def close(self) -> None:
        """End it, politely if it still listens."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.close()
            self._process.wait(timeout=5)
        except (subprocess.TimeoutExpired, BrokenPipeError):
            self._process.kill()
            self._process.wait()


def _key(module: str, files: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps([module, files], sort_keys=True).encode()).hexdigest()[:24]


@cache
def _judge_key() -> str:
    parts = [HERE / "judge.py", *sorted(PROJECT.rglob("*.py"))]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in parts)).hexdigest()[:12]


@cache
def _version(python: Path) -> str:
    done = subprocess.run(
        [str(python), "-c", "import django; print(django.__version__)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
