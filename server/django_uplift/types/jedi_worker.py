"""The process in which jedi runs: questions on standard input, answers on standard output, a line of JSON each.

It is started as a file, isolated and without `site`, so that nothing of the checked project or of its environment is
on the import path; see `jedi_bridge` for who starts it. It imports nothing of ours.

A question is ``{"id", "root", "sys_path", "path", "text", "line", "column", "overlays", "files"}``, of which may be
left out what is as in the question before; see `Oracle.answer`.
An answer is ``{"id", "found", "error", "reads", "memory"}``: definitions, as `Definition`; what jedi raised; the files
that it looked at; and the most memory that the process has had so far, in bytes.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

Place = tuple[str, str, str]
"""A class: its module, its name in it, and its file."""
Definition = tuple[str, str, str, bool, "Place | None"]
"""A class, whether it itself is meant or an instance of it, and the class in its brackets."""

MEMORY = 300_000_000
"""Bytes of data that the process may have, where the system can hold it to that."""

PATIENCE = 5.0
"""Seconds of CPU that an answer may take. Not of the clock: what is known must not depend on what else runs."""

# The stubs that people install are beyond jedi, which no longer knows what `Model.objects` is then. Those that it
# brings along are made for it.
_STUBS = f"{os.sep}django-stubs{os.sep}"


def main(folders: Sequence[str]) -> int:
    """Answer until the pipe ends, which it does with the parent. jedi and parso lie in `folders`."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)  # What jedi prints is no answer.
    _limit_memory()
    sys.path[:0] = folders
    import jedi.api  # noqa: F401

    # From here on nothing is imported but the standard library: not what lies beside jedi either, as that may be the
    # environment of the project.
    sys.path[:] = [path for path in sys.path if path not in folders]
    oracle = Oracle(sys.path)
    watch = Watch(PATIENCE)
    for line in _lines(sys.stdin.buffer):
        request = json.loads(line)
        watch.start()
        reply: dict[str, Any] = {"id": request["id"], "found": [], "error": ""}
        try:
            reply["found"] = oracle.answer(request)
        except MemoryError:
            return 1
        except Exception as error:  # jedi raises what it likes; that is no answer, and not the end
            reply["error"] = f"{type(error).__name__}: {error}"
        watch.stop()
        reply["reads"], reply["memory"] = sorted(oracle.files.seen), _memory()
        answers.write(json.dumps(reply) + "\n")
        answers.flush()
    return 0


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines of a pipe. Its end ends the process even in the middle of an answer."""
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def read() -> None:
        for line in stream:
            lines.put(line)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    while True:
        yield lines.get()


class Watch:
    """Ends the process when it has been busy with one thing for too long."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until = 0.0
        self._busy = threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    def start(self) -> None:
        """Something begins."""
        self._until = time.process_time() + self._seconds
        self._busy.set()

    def stop(self) -> None:
        """It is done."""
        self._busy.clear()

    def _look(self) -> None:
        while self._busy.wait():
            time.sleep(0.1)
            if self._busy.is_set() and time.process_time() > self._until:
                os._exit(1)


class _Files:
    """What jedi reads: open buffers instead of their files. Remembers who was asked for."""

    def __init__(self) -> None:
        self.overlays: dict[str, str] = {}
        self.seen: dict[str, object] = {}
        """The files that were asked for, with their times."""

    def install(self) -> None:
        """Stand between jedi and the disk."""
        import jedi
        from parso import cache, file_io

        files, bundled = self, jedi.__file__.rpartition(os.sep)[0]
        known_content: Any = file_io.KnownContentFileIO
        any_file: Any = file_io.FileIO
        read_known, read_file = known_content.read, any_file.read
        last_modified = any_file.get_last_modified

        def from_memory(self: Any) -> Any:
            text = files.overlays.get(str(self.path))
            return read_known(self) if text is None else text

        def from_disk(self: Any) -> Any:
            path = str(self.path)
            if _STUBS in path and not path.startswith(bundled):
                raise FileNotFoundError(self.path)
            text = files.overlays.get(str(self.path))
            return read_file(self) if text is None else text

        def modified(self: Any) -> Any:
            time = files.seen[str(self.path)] = last_modified(self)
            return time

        known_content.read = from_memory
        any_file.read = from_disk
        any_file.get_last_modified = modified
        # No pickles: neither written to the user's disk nor read from there.
        memory: Any = cache
        memory._save_to_file_system = memory._load_from_file_system = lambda *args, **keywords: None

    def have_changed(self) -> bool:
        """Whether a file is not as it was when it was asked for."""
        return any(_modified(path) != time for path, time in self.seen.items())

    def overlay(self, overlays: dict[str, str], path: str) -> None:
        """Let these texts stand for files, and no others; `path` is parsed anew, not from what it was before."""
        from parso import cache

        changed = {
            path
            for path in self.overlays.keys() | overlays.keys()
            if self.overlays.get(path) != overlays.get(path)
        } | {path}
        for trees in cache.parser_cache.values():
            for known in [known for known in trees if str(known) in changed]:
                del trees[known]
        self.overlays = overlays
        self.seen.clear()


def _modified(path: str) -> float | None:
    try:
        return Path(path).stat().st_mtime
    except OSError:
        return None


class Oracle:
    """jedi, kept from doing anything but reading source. `safe` is the standard library's part of the import path."""

    def __init__(self, safe: Sequence[str]) -> None:
        import jedi
        from jedi.api.environment import InterpreterEnvironment

        self.files = _Files()
        self.files.install()
        settings = jedi.settings
        # Looks for callers all over the project: our own analysis does.
        settings.dynamic_params = False
        settings.dynamic_params_for_other_modules = False
        # jedi imports these.
        settings.auto_import_modules = []
        self._safe = list(safe)

        class Project(jedi.Project):  # type: ignore[misc]
            """Where jedi may import from what it can't read as source: nowhere but from built-in modules.

            A compiled file in the project has the name that its author likes, and modules of the standard library
            do things when they are imported: antigravity starts a browser.
            """

            def _get_base_sys_path(self, inference_state: object) -> list[str]:
                return []

        self._project = Project
        # This very process: no interpreter is started for it.
        self._environment = InterpreterEnvironment()
        self._told: dict[str, Any] = {}
        self._of: tuple[Any, ...] = ()
        self._script: Any = None

    def answer(self, request: dict[str, Any]) -> list[Definition]:
        """The definitions of the expression that ends at a place of `text`.

        `overlays` are texts of files that differ from what is on the disk; `files` changes when files come or go.
        """
        import jedi

        self._told.update(request)
        request = self._told
        path, text, overlays = request["path"], request["text"], request["overlays"]
        of = path, text, request["root"], request["sys_path"], request["files"], overlays
        if of != self._of or self.files.have_changed():
            self.files.overlay(overlays, path)
            project = self._project(
                request["root"],
                sys_path=[*request["sys_path"], *self._safe],
                smart_sys_path=False,
                load_unsafe_extensions=False,
            )
            self._script = jedi.Script(text, path=path, project=project, environment=self._environment)
            self._of = of
        found = (_definition(value) for value in self._infer((request["line"], request["column"])))
        return sorted((definition for definition in set(found) if definition is not None), key=repr)

    def _infer(self, place: tuple[int, int]) -> Iterable[Any]:
        """What `Script.infer` tells, of what ends in a bracket too, and with the arguments of generic classes.

        There is no public way to ask for either.
        """
        from jedi.api import helpers
        from jedi.inference.helpers import infer_call_of_leaf

        script = self._script
        leaf = script._module_node.get_leaf_for_position(place)
        if leaf is None:
            return ()
        script._inference_state.reset_recursion_limitations()
        context = script._get_module_context().create_context(leaf)
        if leaf.type == "name":
            return tuple(helpers.infer(script._inference_state, context, leaf))
        return tuple(infer_call_of_leaf(context, leaf))


def _definition(value: Any) -> Definition | None:
    """The class of an instance, or a class; None for what is neither."""
    if not value.is_class() and not value.is_instance():
        return None
    cls = value if value.is_class() else value.py__class__()
    place = _place(cls)
    if place is None:
        return None
    arguments = cls.get_generics() if hasattr(cls, "get_generics") else ()
    first = [found for argument in arguments[:1] for each in argument if (found := _place(each)) is not None]
    return *place, value.is_class(), first[0] if len(first) == 1 else None


def _place(cls: Any) -> Place | None:
    """A class by module, name in it, and file."""
    names, module = cls.get_qualified_names(), cls.get_root_context()
    if not names or module.py__name__() is None:
        return None
    return module.py__name__(), ".".join(names), str(module.py__file__() or "")


def _limit_memory() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    except (ImportError, OSError, ValueError):
        pass  # The bridge looks at how much it was after each answer.


def _memory() -> int:
    """The most bytes that were in use; 0 where the system doesn't say."""
    try:
        # Linux counts in ru_maxrss what the process that started us had in use.
        with Path("/proc/self/status").open(encoding="ascii", errors="replace") as status:
            return next((int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:")), 0)
    except OSError:
        pass
    try:
        import resource
    except ImportError:
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
