# Paths go to os functions and to Django as strings throughout.
# ruff: noqa: PTH100, PTH102, PTH108, PTH112, PTH118, PTH119, PTH120, PTH123
"""Runs generated programs inside one Django, and says where they touch the database on an event loop.

JSON lines in, JSON lines out; it needs Python 3.9, Django and nothing of the product. A job is
``{"id", "module", "files"}``; `Judge.judge` says what comes back. One process serves thousands of programs:
each has modules of its own, and between two the database, the caches and the threads' connections are
put back.

The guard itself tells the place: `async_unsafe` asks the environment whether it may let the call pass exactly
when a loop runs in its thread, so the stack at that moment is recorded there. This sees exceptions that
somebody swallows, and lets a second run go on where the first would have ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import gc
import importlib
import inspect
import json
import logging
import os
import pickle
import shutil
import sys
import tempfile
import traceback
import types
import warnings
from typing import Any

PROJECT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "project")
_ASYNC = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR | inspect.CO_ITERABLE_COROUTINE
Json = dict[str, Any]


class Guard:
    """Stands in for ``os.environ`` in `django.utils.asyncio`: asked only when a loop runs in this thread."""

    def __init__(self, folders: list[str]) -> None:
        self.folders = folders
        self.allow = False
        self.places: list[list[Any]] = []

    def get(self, name: str, default: Any = None) -> Any:
        """Record the innermost asynchronous frame of the project."""
        frame = sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_flags & _ASYNC:
                for folder in self.folders:
                    if frame.f_code.co_filename.startswith(folder):
                        place = [os.path.relpath(frame.f_code.co_filename, folder), frame.f_lineno]
                        if place not in self.places:
                            self.places.append(place)
                        return "1" if self.allow else os.environ.get(name, default)
            frame = frame.f_back
        self.places.append([None, 0])
        return "1" if self.allow else os.environ.get(name, default)


class Judge:
    """A project, its database, and programs one after the other."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.database = os.path.join(folder, "fuzz.sqlite3")
        os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
        os.environ["FUZZ_DATABASE"] = self.database
        os.environ["DJANGO_SETTINGS_MODULE"] = "fuzz_settings"
        os.mkdir(os.path.join(folder, "programs"))
        open(os.path.join(folder, "programs", "__init__.py"), "w").close()
        sys.path[:0] = [PROJECT, folder]
        sys.dont_write_bytecode = True

        import django
        import django.utils.asyncio as guarded

        django.setup()
        self.guard = Guard([PROJECT + os.sep, folder + os.sep])
        guarded.os = types.SimpleNamespace(environ=self.guard)
        self.fill()

    def fill(self) -> None:
        from django.apps import apps
        from django.db import connections

        with connections["default"].schema_editor() as editor:
            for model in apps.get_models():
                if model._meta.managed and not model._meta.proxy:
                    editor.create_model(model)
        importlib.import_module("market.rows").create()
        connections.close_all()
        with open(self.database, "rb") as file:
            self.pristine = file.read()

    def reset(self) -> None:
        """Put back what a program can have changed."""
        from asgiref.sync import SyncToAsync
        from django.contrib.contenttypes.models import ContentType
        from django.core.cache import cache
        from django.db import connections

        cache.clear()
        connections.close_all()
        SyncToAsync.single_thread_executor.submit(connections.close_all).result()
        ContentType.objects.clear_cache()
        with open(self.database, "r+b") as file:
            # The change counter of the file format.
            if file.read(100)[24:28] != self.pristine[24:28]:
                file.seek(0)
                file.write(self.pristine)
                file.truncate()

    def judge(self, job: Json) -> Json:
        """What a program does.

        ``verdict`` is 'raises', 'completes' or 'error'; ``places`` the file and line of the asynchronous
        frame of every call that the guard refused, in order; ``allowed`` the same for a run in which it lets
        them pass; ``result`` what `main` gave in the run that came to its end; ``error`` the exception.
        """
        for path, text in job["files"].items():
            with open(os.path.join(self.folder, path), "w") as file:
                file.write(text)
        importlib.invalidate_caches()
        result, error = self.run(job["module"], allow=False)
        places = list(self.guard.places)
        found: Json = {"id": job["id"], "places": places, "allowed": [], "result": result, "error": error}
        if [None, 0] in places:
            # No asynchronous function of the project is on the stack: there is nowhere to report it.
            return {
                **found,
                "verdict": "error",
                "error": "refused outside of the project's asynchronous code",
            }
        # With a refusal that was swallowed it raised, too, whatever came of it.
        found["verdict"] = "raises" if places else "error" if error else "completes"
        if places:
            found["result"], found["allowed_error"] = self.run(job["module"], allow=True)
            found["allowed"] = list(self.guard.places)
        for path in job["files"]:
            os.unlink(os.path.join(self.folder, path))
        return found

    def run(self, module: str, *, allow: bool) -> tuple[str | None, str | None]:
        """One run: its result, or how it failed."""
        for name in [name for name in sys.modules if name.startswith("programs.")]:
            del sys.modules[name]
        self.reset()
        self.guard.places = []
        self.guard.allow = allow
        try:
            function = importlib.import_module(module).main
            value = asyncio.run(function())
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            last = traceback.extract_tb(error.__traceback__)[-1:]
            where = f" at {os.path.basename(last[0].filename)}:{last[0].lineno}" if last else ""
            return None, f"{type(error).__name__}: {error}{where}"
        finally:
            self.guard.allow = False
        # The loop is gone, so what is lazy may be read; not in the judgement, though.
        places = list(self.guard.places)
        try:
            return describe(value), None
        except Exception as error:
            return f"{type(value).__name__} that fails with {type(error).__name__}", None
        finally:
            self.guard.places = places


def describe(value: Any) -> str:
    """A result as text, to be compared with another's."""
    from django.db.models import Model, QuerySet
    from django.db.models.query import RawQuerySet
    from django.http.response import HttpResponseBase

    if isinstance(value, bytes) and value[:1] == b"\x80":
        # What was pickled, as its bytes hold the caches of whatever ran before.
        return f"pickled {describe(pickle.loads(value))}"
    if value is None or isinstance(value, (bool, int, float, str, bytes)):
        return repr(value)
    if isinstance(value, Model):
        return f"{type(value).__name__}#{value.pk}"
    if isinstance(value, (list, tuple, QuerySet, RawQuerySet)):
        return "[{}]".format(", ".join(map(describe, value)))
    if isinstance(value, dict):
        return "{{{}}}".format(", ".join(f"{describe(k)}: {describe(v)}" for k, v in value.items()))
    if isinstance(value, (set, frozenset)):
        return "{{{}}}".format(", ".join(sorted(map(describe, value))))
    if isinstance(value, (datetime.date, datetime.datetime)):
        return type(value).__name__
    if isinstance(value, HttpResponseBase):
        return f"{type(value).__name__} {value.status_code} {getattr(value, 'content', b'')!r}"
    if inspect.iscoroutine(value):
        value.close()
    if hasattr(value, "__next__"):
        return "<iterator>"
    return f"<{type(value).__name__}>"


def main() -> None:
    """Serve jobs until the input ends."""
    answers = os.fdopen(os.dup(1), "w")
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    sys.unraisablehook = lambda *_: None
    memory = "/dev/shm"
    folder = os.path.realpath(
        tempfile.mkdtemp(prefix="uplift-fuzz-", dir=memory if os.path.isdir(memory) else None)
    )
    try:
        judge = Judge(folder)
        gc.freeze()
        for line in sys.stdin:
            answers.write(json.dumps(judge.judge(json.loads(line))) + "\n")
            answers.flush()
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
