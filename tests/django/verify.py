"""What a page says, against what real Django does.

On the releases that deprecate a thing its `bad` examples warn, on those that removed it they raise, and
`fixed` and `ok` do neither. So a page can't be wrong about a version, and no fix can
leave code that does not run.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django_uplift.engine.pages import Block, Example, Page
from tests.django import envs

RUNNER = Path(__file__).with_name("runner.py")
PROJECT = Path(__file__).with_name("project")
Json = dict[str, Any]
Run = Callable[[Json], Json]
Version = tuple[int, int]

ASYNC_ORM = (4, 1)
"""The release from which on async examples run, unless they say more."""
# Raised by examples that are wrong in themselves: no proof that something was removed.
_NO_PROOF = (
    "NameError",
    "SyntaxError",
    "IndentationError",
    "UnboundLocalError",
    "AppRegistryNotReady",
    "Died",
)


class Versions(NamedTuple):
    """A rule's versions."""

    deprecated: Version | None = None
    removed: Version | None = None
    replacement: Version | None = None


class Django:
    """One release's runner. It starts when it is first asked, and serves many jobs."""

    def __init__(self, release: str) -> None:
        self.release = release
        self._process: subprocess.Popen[str] | None = None

    def run(self, job: Json) -> Json:
        """The result of a job (see runner.py). Raises `envs.Unavailable`."""
        if self._process is None:
            python = envs.environment(self.release)
            self._process = subprocess.Popen(
                [str(python), "-X", "utf8", str(RUNNER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the runner of Django {self.release} ended")
        result: Json = json.loads(line)
        return result

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            assert self._process.stdin and self._process.stdout
            self._process.stdin.close()
            self._process.wait(timeout=30)
            self._process.stdout.close()
            self._process = None


def phase(block: Block, versions: Versions, release: Version) -> str | None:
    """What a `bad` block shows on a release: before, deprecated, removed, always; None: it is not run."""
    since, until = _version(block, "since"), _version(block, "until")
    if (since and release < since) or (until and release >= until):
        return None
    if block.django == "async":
        target = _version(block, "target")
        return "always" if release >= max(ASYNC_ORM, target or ASYNC_ORM) else None
    deprecated = since or versions.deprecated
    if versions.removed and release >= versions.removed:
        return "removed"
    if deprecated:
        return "deprecated" if release >= deprecated else "before"
    return "before" if versions.removed else "always"


def runs_on(block: Block, versions: Versions, release: Version) -> bool:
    """Whether a `fixed` or `ok` block must run on a release."""
    since, until, target = _version(block, "since"), _version(block, "until"), _version(block, "target")
    if until and release >= until:
        return False
    first = versions.deprecated or versions.removed
    if block.role == "ok" and target and first and target < first and release >= first:
        # It shows the old way on an old target.
        return False
    low = [since or versions.replacement if block.role == "fixed" else since, target]
    if block.django == "async" and not since:
        low.append(ASYNC_ORM)
    return all(release >= bound for bound in low if bound)


def planned(page: Page, versions: Versions, release: str) -> bool:
    """Whether a page has anything to be tried on a release.

    The optional ones are tried only where no other can show what the page says.
    """
    at = envs.key(release)
    for example in page.examples:
        if example.block.django in (None, "no"):
            continue
        if example.bad:
            shown = phase(example.block, versions, at)
            if shown in ("deprecated", "removed", "always") and (
                release in envs.DEFAULT
                or shown not in {phase(example.block, versions, envs.key(other)) for other in envs.DEFAULT}
            ):
                return True
        blocks = example.fixed or ([] if example.bad else [example.block])
        if release in envs.DEFAULT and any(runs_on(block, versions, at) for block in blocks):
            return True
    return False


def verify(page: Page, versions: Versions, release: str, run: Run) -> Iterator[str]:
    """What is wrong with a page on one release, a message each."""
    at = envs.key(release)
    for example in page.examples:
        block = example.block
        if block.django in (None, "no"):
            continue
        if example.bad:
            shown = phase(block, versions, at)
            if shown is not None:
                for problem in _bad(example, shown, run):
                    yield f"line {block.line}, bad, Django {release}: {problem}"
            for fixed in example.fixed:
                if fixed.django != "no" and runs_on(fixed, versions, at):
                    for problem in _good(example, fixed, run, compare=shown == "always"):
                        yield f"line {fixed.line}, fixed, Django {release}: {problem}"
        elif runs_on(block, versions, at):
            for problem in _good(example, block, run, compare=False):
                yield f"line {block.line}, ok, Django {release}: {problem}"


def _job(example: Example, block: Block, **more: object) -> Json:
    files = {other.path: other.source for other in example.context}
    return {"mode": block.django, "files": {**files, block.path: block.source}, "path": block.path, **more}


def _bad(example: Example, shown: str, run: Run) -> Iterator[str]:
    block = example.block
    silent, raises, warns = (block.attributes.get(key) for key in ("silent", "raises", "warns"))
    result = run(_job(example, block))
    if block.django == "async":
        yield from _bad_async(block, result)
        return
    raised, warned = list(_raised(result)), list(_warned(result))
    if shown == "before":
        if warned and silent is None:
            yield f"it warns already: {warned}"
    elif shown == "deprecated":
        if raised:
            yield f"it raises: {_told(raised)}"
        elif silent in ("deprecated", "always"):
            if warned:
                yield f"it is not silent: {warned}"
        elif not warned:
            yield "nothing warns"
        elif warns and warns not in [name for name, _ in warned]:
            yield f"no {warns}, but {warned}"
    elif silent in ("yes", "always"):
        if raised:
            yield f"it is not silent: {_told(raised)}"
    elif shown == "always" and warns:
        if warns not in [name for name, _ in warned]:
            yield f"no {warns}, but {warned or _told(raised) or 'silence'}"
    elif not raised:
        yield "nothing raises" + (f" (it warns: {warned})" if warned else "")
    elif raises and raises not in [name for name, _ in raised]:
        yield f"no {raises}, but {_told(raised)}"
    elif not raises and all(name in _NO_PROOF for name, _ in raised):
        yield f"the example itself is wrong: {_told(raised)}"


def _bad_async(block: Block, result: Json) -> Iterator[str]:
    """Each function with a mark raises; without marks, one does."""
    if result["exception"]:
        yield f"its module can't be imported: {_told(list(_raised(result)))}"
        return
    attributes = block.attributes
    wanted = attributes.get("warns") or attributes.get("raises", "SynchronousOnlyOperation")
    lines = {mark.line + 1 for mark in block.marks}
    marked = [call for call in result["calls"] if any(call["line"] <= line <= call["end"] for line in lines)]
    seen = [(call, _names(call)) for call in marked or result["calls"]]
    if not seen:
        yield "it has nothing that was called"
    elif "silent" in attributes:
        for call, _ in seen:
            if call.get("skipped") or call["exception"]:
                why = call.get("skipped") or call["exception"]["message"]
                yield f"{call['name']} does not complete: {why}"
    elif marked:
        for call, names in seen:
            if wanted not in names:
                got = names or call.get("skipped") or call["result"]
                yield f"{call['name']} gives {got} in place of {wanted}"
    elif not any(wanted in names for _, names in seen):
        told = {call["name"]: names or call.get("skipped") or call["result"] for call, names in seen}
        yield f"nothing gives {wanted}: {told}"


def _good(example: Example, block: Block, run: Run, *, compare: bool) -> Iterator[str]:
    """It neither raises nor warns; where the `bad` block has a result when Django lets it, it is the same."""
    result = run(_job(example, block))
    if raised := list(_raised(result)):
        yield f"it raises: {_told(raised)}\n{_traceback(result)}"
    if warned := list(_warned(result)):
        yield f"it warns: {warned}"
    skipped = [call for call in result["calls"] if call.get("skipped")]
    if block.django in ("async", "call"):
        if len(skipped) == len(result["calls"]) and not result["exception"]:
            yield f"nothing in it was called: {[call['skipped'] for call in skipped]}"
        if compare and block.django == "async":
            before = run(_job(example, example.block, allow_unsafe=True))
            results = {
                c["name"]: c["result"]
                for c in before["calls"]
                if not c.get("exception") and not c.get("skipped")
            }
            for call in result["calls"]:
                old = results.get(call["name"])
                if call.get("exception") or call.get("skipped") or old is None or old == call["result"]:
                    continue
                yield f"{call['name']} gives {call['result']}, and gave {old}"


def _raised(result: Json) -> Iterator[tuple[str, str]]:
    for error in (result["exception"], *(call.get("exception") for call in result.get("calls", ()))):
        if error:
            yield error["type"], error["message"]
    for message in result.get("checks", ()):
        if message["level"] >= 40:
            yield message["id"], message["message"]


def _warned(result: Json) -> Iterator[tuple[str, str]]:
    for source in (result, *result.get("calls", ())):
        for warning in source.get("warnings", ()):
            yield warning["category"], warning["message"]
    for message in result.get("checks", ()):
        if message["level"] < 40:
            yield message["id"], message["message"]


def _names(call: Json) -> list[str]:
    names = [warning["category"] for warning in call.get("warnings", ())]
    return [*names, call["exception"]["type"]] if call.get("exception") else names


def _traceback(result: Json) -> str:
    for error in (result["exception"], *(call.get("exception") for call in result.get("calls", ()))):
        if error:
            return str(error["traceback"])
    return ""


def _told(raised: list[tuple[str, str]]) -> str:
    return "; ".join(
        f"{name}: {message.strip().splitlines()[-1] if message.strip() else ''}" for name, message in raised
    )


def _version(block: Block, key: str) -> Version | None:
    value = block.attributes.get(key)
    return envs.key(value) if value else None
