"""A long, random day of an editor against the real process: ``python -m tests.lsp.soak --count 20000 --seed 1``.

The client keeps its own texts, edited without the server's code. At the end the server must hold the same ones, say
of them what a server says that has just been started, and have answered every request once.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from django_uplift.syntax.parse import parse
from tests.lsp.conftest import COMMAND, environment
from tests.lsp.test_typing import EXAMPLES
from tests.lsp.wire import Wire

DOCUMENTS = 50
IN_FLIGHT = 40
"""Requests that are left unanswered before the client waits: no editor piles up more."""
SAMPLES = 10
"""How often a quarter of a run the server's memory is looked at."""
MAX_GROWTH = 1000
"""Bytes that an operation may add to the server's memory for good."""
MEASURABLE = 20_000
"""Operations below which the allocator's pages and late imports are more than what such a growth comes to."""
CONFIGURATION = '[tool.django-uplift]\ntarget-version = "{}"\n'
TARGETS = ("3.2", "4.2", "5.2", "6.1")
PIECES = (
    *("é", "\U0001d4b3", "\n", "\r\n", "\r", "\f", "\u2028", "\0", "\t", "    ", "\\\n"),
    *('"""', "'", "(", ")", "[", "]", "@", "await ", "lambda: ", "# noqa: DUR"),
    *("async def f():\n", "x = 1\n", "class A:\n", "    def m(self):\n", "from lib0 import *\n"),
)
LINES = (
    "# \U0001d4b3 é\n",
    "from django.utils.encoding import force_text as ft; ft(1)\n",
    "from shop.models import Order as O\n",
    "async def ask(pk): return O.objects.get(pk=pk).item\n",
    "class Kept:\n    async def m(self): return O.objects.count()\n",
    'x = """\n\f\u2028"""\n',
)
"""What leaves a text whole, so that there is something to compare."""
CAPABILITIES = {
    "workspace": {
        "configuration": True,
        "applyEdit": True,
        "workspaceEdit": {"documentChanges": True},
        "didChangeConfiguration": {"dynamicRegistration": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "diagnostics": {"refreshSupport": True},
    },
    "textDocument": {
        "publishDiagnostics": {"versionSupport": True, "relatedInformation": True, "dataSupport": True},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "refactor", "source"]}},
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
        },
    },
    "window": {"workDoneProgress": True},
}


class Result(NamedTuple):
    """What a run came to."""

    operations: Counter[str]
    requests: int
    wrong_texts: list[str]
    wrong_findings: list[str]
    compared: int
    not_once: list[int | str]
    internal_errors: list[Any]
    errors: list[str]
    memory: tuple[int, int]
    """Resident kilobytes in the second and in the last quarter; zeros where the system does not say."""
    growth: float
    """What each operation between these added, in bytes."""
    exit_code: int


class Client:
    """One editor, its documents, and its dice."""

    def __init__(self, seed: int, folder: Path, *, pull: bool) -> None:
        self.rng = random.Random(seed)
        self.folder = folder
        self.pull = pull
        self.operations: Counter[str] = Counter()
        self.texts: dict[str, str] = {}
        self.versions: Counter[str] = Counter()
        self.target = "4.2"
        self.actions: list[Any] = []
        self.waiting: list[int] = []
        self.uris = self._write_project()
        self.wire = self.connect()

    def _write_project(self) -> list[str]:
        models = "from django.db import models\n\n\nclass Order(models.Model):\n"
        models += "    item = models.ForeignKey('self', models.CASCADE)\n"
        self._write("pyproject.toml", CONFIGURATION.format(self.target))
        self._write("shop/__init__.py", "")
        self._write("shop/models.py", models)
        uris = []
        for number in range(DOCUMENTS - 6):
            name = f"lib{number}.py" if number % 3 else f"shöp {number}/views.py"
            self._write(name, self._text())
            uris.append((self.folder / name).as_uri())
        self._write("page.html", "{% load staticfiles %}\n{% ifequal a b %}{% endifequal %}\n")
        uris += [
            (self.folder / "page.html").as_uri(),
            (self.folder / "not/written.py").as_uri(),
            (self.folder.parent / "elsewhere.py").as_uri(),
            "untitled:Untitled-1",
            "git:/some/where/views.py?ref=HEAD",
            "vscode-notebook-cell:/some/book.ipynb#ch1",
        ]
        return uris

    def _write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")

    def connect(self) -> Wire:
        capabilities = json.loads(json.dumps(CAPABILITIES))
        if self.pull:
            capabilities["textDocument"]["diagnostic"] = {}
        wire = Wire(COMMAND, self.folder.parent, environment())
        wire.settings = {"targetVersion": self.target}
        wire.start(self.folder, capabilities)
        return wire

    def _text(self) -> str:
        rng = self.rng
        ask = "from shop.models import Order\n\n\nasync def view(pk):\n    return Order.objects.get(pk=pk).item\n"
        text = "\n\n".join([*rng.sample(EXAMPLES, rng.randrange(1, 4)), rng.choice(["", ask])])
        return text.replace("\n", "\r\n") if rng.random() < 0.2 else text

    # What an editor does

    def step(self) -> None:
        """One operation."""
        rng = self.rng
        doing = (
            *((45, self.edit), (25, self.insert_line), (7, self.open), (4, self.close)),
            *((6, self.ask_somewhere), (4, self.ask_for_actions), (2, self.resolve), (2, self.command)),
            *((2, self.ask_for_diagnostics), (1, self.save), (1, self.configure), (1, self.touch_disk)),
            *((0.3, self.folders), (0.5, self.misbehave)),
        )
        do = rng.choices([one for _, one in doing], [weight for weight, _ in doing])[0]
        do()
        self.operations[do.__name__] += 1
        if len(self.waiting) > IN_FLIGHT:
            for id in self.waiting:
                answer = self.wire.answer(id)
                if isinstance(answer.get("result"), list):
                    self.actions += [a for a in answer["result"] if isinstance(a, dict) and "data" in a]
            self.waiting.clear()
            del self.actions[:-20]

    def open(self) -> None:
        uri = self.rng.choice(self.uris)
        self.texts[uri] = text = self._text()
        self.versions[uri] += 1
        language = "html" if uri.endswith(".html") else "python"
        item = {"uri": uri, "languageId": language, "version": self.versions[uri], "text": text}
        # Also for what is open already: a client that lost track must not confuse us.
        self.wire.notify("textDocument/didOpen", {"textDocument": item})

    def close(self) -> None:
        if uri := self._any():
            del self.texts[uri]
            self.wire.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def edit(self) -> None:
        broken = [uri for uri in self.texts if not self._is_kept_whole(uri)]
        if not broken:
            self.open()
            return
        uri = self.rng.choice(broken)
        rng, text = self.rng, self.texts[uri]
        changes: list[Any] = []
        for _ in range(rng.choice([1, 1, 1, 1, 2, 5])):
            if len(text) > 6000 or rng.random() < 0.01:
                text = self._text()
                changes.append({"text": text})
                continue
            start = rng.randrange(len(text) + 1)
            end = min(len(text), start + rng.choice([0, 0, 0, 0, 1, 1, 4, 60]))
            new = rng.choice([rng.choice(PIECES), rng.choice("abc .=:(\n"), "", rng.choice(EXAMPLES)[:200]])
            start, end = _whole(text, start), _whole(text, end)
            changes.append({"range": {"start": place(text, start), "end": place(text, end)}, "text": new})
            text = text[:start] + new + text[end:]
        self.texts[uri] = text
        self._changed(uri, changes)

    def _is_kept_whole(self, uri: str) -> bool:
        return self.uris.index(uri) % 2 == 0

    def insert_line(self) -> None:
        """In a document that is never broken, a line comes or goes."""
        whole = [uri for uri in self.texts if self._is_kept_whole(uri)]
        if not whole:
            self.open()
            return
        uri = self.rng.choice(whole)
        text = self.texts[uri]
        line = self.rng.choice(LINES)
        at, end, new = text.find(line), text.find(line) + len(line), ""
        if at < 0 or (len(text) < 6000 and self.rng.random() < 0.5):
            at = end = text.rfind("\n", 0, self.rng.randrange(len(text) + 1)) + 1
            new = line
        made = text[:at] + new + text[end:]
        if parse(made).tree is None:
            return
        self.texts[uri] = made
        range = {"start": place(text, at), "end": place(text, end)}
        self._changed(uri, [{"range": range, "text": new}])

    def _changed(self, uri: str, changes: list[Any]) -> None:
        self.versions[uri] += 1
        document = {"uri": uri, "version": self.versions[uri]}
        self.wire.notify("textDocument/didChange", {"textDocument": document, "contentChanges": changes})

    def _any(self) -> str | None:
        return self.rng.choice(sorted(self.texts)) if self.texts else None

    def _ask(self, method: str, params: Any) -> int:
        id = self.wire.ask(method, params)
        self.waiting.append(id)
        if self.rng.random() < 0.15:
            self.wire.notify("$/cancelRequest", {"id": id})
        return id

    def _where(self) -> dict[str, Any]:
        uri = self._any() or self.rng.choice(self.uris)
        text = self.texts.get(uri, "")
        at = place(text, self.rng.randrange(len(text) + 1))
        if self.rng.random() < 0.05:
            at = {"line": self.rng.choice([0, 10**6]), "character": 2**31 - 1}
        return {"textDocument": {"uri": uri}, "position": at}

    def ask_somewhere(self) -> None:
        self._ask(
            self.rng.choice(["textDocument/hover", "textDocument/hover", "textDocument/completion"]),
            self._where(),
        )

    def ask_for_actions(self) -> None:
        where = self._where()
        whole = {"start": {"line": 0, "character": 0}, "end": where["position"]}
        here = {"start": where["position"], "end": where["position"]}
        params = {
            "textDocument": where["textDocument"],
            "range": self.rng.choice([whole, here]),
            "context": {"diagnostics": []},
        }
        self._ask("textDocument/codeAction", params)

    def resolve(self) -> None:
        if self.actions:
            self._ask("codeAction/resolve", self.rng.choice(self.actions))

    def command(self) -> None:
        uri = self._any()
        command = self.rng.choice(["debugInformation", "debugInformation", "projectInformation", "reindex"])
        arguments = [uri] if uri and command == "debugInformation" else []
        self._ask("workspace/executeCommand", {"command": f"djangoUplift.{command}", "arguments": arguments})

    def ask_for_diagnostics(self) -> None:
        if self.pull:
            self._ask("textDocument/diagnostic", {"textDocument": self._where()["textDocument"]})

    def save(self) -> None:
        uri = self._any()
        if uri and uri.startswith(self.folder.as_uri()):
            path = self.folder / _name(uri, self.folder)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.texts[uri], encoding="utf-8", newline="")
            self.wire.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
            self._watched(uri, 2)

    def configure(self) -> None:
        self.target = self.rng.choice(TARGETS)
        mode = self.rng.choice(["openFilesOnly", "openFilesOnly", "workspace"])
        self.wire.settings = {"targetVersion": self.target, "diagnosticMode": mode}
        self.wire.notify("workspace/didChangeConfiguration", {"settings": None})

    def touch_disk(self) -> None:
        """A file changes behind the editor's back, or goes, or comes back."""
        uri = self.rng.choice([uri for uri in self.uris if uri.startswith(self.folder.as_uri())])
        path = self.folder / _name(uri, self.folder)
        if path.exists() and self.rng.random() < 0.5:
            path.unlink()
            self._watched(uri, 3)
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(self._text(), encoding="utf-8", newline="")
            self._watched(uri, 2)
        if self.rng.random() < 0.3:
            self._write("pyproject.toml", CONFIGURATION.format(self.rng.choice(TARGETS)))
            self._watched((self.folder / "pyproject.toml").as_uri(), 2)

    def _watched(self, uri: str, kind: int) -> None:
        self.wire.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": kind}]})

    def folders(self) -> None:
        folder = {"uri": (self.folder / "shop").as_uri(), "name": "shop"}
        event = {"added": [folder], "removed": []}
        if self.rng.random() < 0.5:
            event = {"added": [], "removed": [folder]}
        self.wire.notify("workspace/didChangeWorkspaceFolders", {"event": event})

    def misbehave(self) -> None:
        """What a client must not do, and what must not matter."""
        wire, gone = self.wire, "file:///no/such/document.py"
        self.rng.choice(
            [
                lambda: wire.notify("textDocument/didClose", {"textDocument": {"uri": gone}}),
                lambda: wire.notify("textDocument/didSave", {"textDocument": {"uri": gone}}),
                lambda: wire.notify("$/cancelRequest", {"id": 10**9}),
                lambda: wire.notify("$/nonsense", [1]),
                lambda: wire.send({"jsonrpc": "2.0", "id": "unasked", "result": None}),
                lambda: self.waiting.append(wire.ask("no/such/method", {})),
                lambda: self.waiting.append(wire.ask("textDocument/hover", {"textDocument": 3})),
            ]
        )()

    # What must hold

    def memory(self) -> int:
        try:
            status = Path(f"/proc/{self.wire.process.pid}/status").read_text()
        except OSError:
            return 0
        return int(status.split("VmRSS:")[1].split()[0])

    def settle(self) -> None:
        """Wait until all is answered."""
        for id in self.waiting:
            self.wire.answer(id)
        self.waiting.clear()

    def wrong_texts(self) -> list[str]:
        """Documents of which the server has another text."""
        wrong = []
        for uri, text in sorted(self.texts.items()):
            told = self.wire.request(
                "workspace/executeCommand", {"command": "djangoUplift.debugInformation", "arguments": [uri]}
            )
            digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
            if f"version {self.versions[uri]}, {len(text)} characters, digest {digest}\n" not in told:
                wrong.append(uri)
        return wrong

    def calm(self) -> None:
        """Bring everything that is random to one state, the same for any server."""
        self.wire.settings = {"targetVersion": self.target, "diagnosticMode": "openFilesOnly"}
        self.wire.notify(
            "workspace/didChangeWorkspaceFolders",
            {"event": {"added": [], "removed": [{"uri": (self.folder / "shop").as_uri(), "name": "shop"}]}},
        )
        self.wire.notify("workspace/didChangeConfiguration", {"settings": None})
        self.wire.request("workspace/executeCommand", {"command": "djangoUplift.reindex"})

    def diagnostics(self, wire: Wire) -> dict[str, Any]:
        """What a server says of the open documents, once it says nothing new."""
        found: dict[str, Any] = {}
        for uri in sorted(self.texts):
            # A hover is answered after a full check, of which a pull then tells.
            wire.request(
                "textDocument/hover", {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}}
            )
            if self.pull:
                found[uri] = wire.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})["items"]
        if not self.pull:
            found = {uri: wire.published.get(uri, {}).get("diagnostics", []) for uri in self.texts}
        return found

    def wrong_findings(self) -> tuple[list[str], int]:
        """Documents of which a server that has just been started says something else; how many were compared.

        What is pushed comes when it comes: both are asked until they agree, or for as long as anybody would wait.
        """
        fresh = self.connect()
        try:
            for uri, text in self.texts.items():
                language = "html" if uri.endswith(".html") else "python"
                item = {"uri": uri, "languageId": language, "version": self.versions[uri], "text": text}
                fresh.notify("textDocument/didOpen", {"textDocument": item})
            wrong: list[str] = []
            end = time.monotonic() + 30
            while time.monotonic() < end:
                before, now = self.diagnostics(self.wire), self.diagnostics(fresh)
                telling = [uri for uri in now if now[uri] and not _is_broken(now[uri])]
                wrong = [uri for uri in telling if _ordered(now[uri]) != _ordered(before[uri])]
                wrong += [uri for uri in now if before[uri] and not now[uri]]
                if not wrong and telling:
                    return [], len(telling)
            return wrong, 0
        finally:
            fresh.close()


def _ordered(diagnostics: list[Any]) -> list[str]:
    return sorted(json.dumps(one, sort_keys=True) for one in diagnostics)


def _is_broken(diagnostics: list[Any]) -> bool:
    """Whether a text does not parse: what is said of it then depends on what it was before."""
    return any(one.get("code") == "DUX001" for one in diagnostics)


def _name(uri: str, folder: Path) -> str:
    from urllib.parse import unquote

    return unquote(uri[len(folder.as_uri()) + 1 :])


def _whole(text: str, at: int) -> int:
    """A place that a client can name: none lies between the two characters of a line end."""
    return at - 1 if text[at - 1 : at + 1] == "\r\n" else at


def place(text: str, at: int) -> dict[str, int]:
    """An offset as a position in UTF-16 units; lines end as the protocol says."""
    before = (
        text[:at].replace("\r\n", "\n" if text[at - 1 : at + 1] != "\r\n" else "\r\n").replace("\r", "\n")
    )
    line, _, rest = before.rpartition("\n")
    return {
        "line": line.count("\n") + 1 if "\n" in before else 0,
        "character": len(rest.encode("utf-16-le", "surrogatepass")) // 2,
    }


def slope(resident: list[int], every: int) -> tuple[tuple[int, int], float]:
    """The middle of what was resident in the second and in the last quarter, and the bytes an operation between.

    The first quarter fills what is kept for good: imports, rules, tables. `every` is the operations between samples.
    """
    quarter = len(resident) // 4
    warm, end = (int(median(part)) for part in (resident[quarter : 2 * quarter], resident[-quarter:]))
    return (warm, end), (end - warm) * 1024 / (2 * quarter * every)


def run(count: int, seed: int, folder: Path, *, pull: bool, show: bool = False) -> Result:
    """A day of `count` operations. The server has left when this returns."""
    client = Client(seed, folder, pull=pull)
    wire = client.wire
    try:
        for _ in range(DOCUMENTS):
            client.open()
        resident: list[int] = []
        every = max(count // (4 * SAMPLES), 1)
        for number in range(count):
            if number % every == every - 1:
                client.settle()
                resident.append(client.memory())
            if show and number % 500 == 0:
                print(
                    f"{number} operations, {client.memory() // 1024} MB, {len(wire.errors())} errors",
                    flush=True,
                )
            client.step()
        client.settle()
        client.calm()
        wrong_texts = client.wrong_texts()
        wrong_findings, compared = client.wrong_findings()
        code = wire.leave()
        not_once = [id for id in wire.asked if wire.counts[id] != 1]
        internal = [
            a["error"] for a in wire.answers.values() if a.get("error", {}).get("code") in (-32603, -32001)
        ]
        errors = wire.errors() + [line for line in wire.stderr().splitlines() if "WARNING" not in line]
        return Result(
            client.operations, len(wire.asked), wrong_texts, wrong_findings, compared, not_once, internal, errors,
            *slope(resident, every), code,
        )  # fmt: skip
    finally:
        wire.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pull", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve() / "wörk space"
        root.mkdir()
        result = run(given.count, given.seed, root, pull=given.pull, show=True)
    for name, value in result._asdict().items():
        print(f"{name}: {value}")
    return int(bool(wrong(result)))


def wrong(result: Result) -> list[str]:
    """What is not as it must be."""
    found = [
        name
        for name in ("wrong_texts", "wrong_findings", "not_once", "internal_errors", "errors", "exit_code")
        if getattr(result, name)
    ]
    if result.growth > MAX_GROWTH and sum(result.operations.values()) >= MEASURABLE:
        found.append("growth")
    return found


if __name__ == "__main__":
    sys.exit(main())
