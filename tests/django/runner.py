# Paths go to os functions and to Django as strings throughout.
# ruff: noqa: PTH118
"""Runs examples inside one Django: JSON lines in, JSON lines out. It needs Python 3.9 and Django.

One process serves a whole test run, as starting Django costs more than most examples. It forks for every
example, so none sees what another did, and the work is shared between two ancestors: one that has imported
Django and nothing else (for examples that are settings, or models of the project's own app), and one with the
project set up and its database filled (for all others).

A job is ``{"mode", "files", "path"}`` and may have ``"allow_unsafe"``; `run` says what comes back.
"""

from __future__ import annotations

import asyncio
import datetime
import gc
import importlib
import inspect
import io
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import traceback
import types
import unittest
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent / "project"
TIMEOUT = 20
Json = dict[str, Any]


# Processes


def in_child(work: Callable[[], Json]) -> Json:
    """The result of `work`, done in a fork."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(TIMEOUT)
            try:
                result = work()
            except BaseException as error:
                result = {"exception": failure(error)}
            data = json.dumps(result).encode()
            while data:
                data = data[os.write(writing, data) :]
        finally:
            # No clean-up: it belongs to the ancestor whose copy this is.
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        data = stream.read()
    _, status = os.waitpid(child, 0)
    if data:
        return dict(json.loads(data))
    why = (
        f"ran for more than {TIMEOUT} seconds" if status == signal.SIGALRM else f"ended with status {status}"
    )
    message = f"the example's process {why}"
    return {"exception": {"type": "Died", "message": message, "traceback": "", "line": None}}


def failure(error: BaseException) -> Json:
    """An exception, as a result says it."""
    frames = traceback.extract_tb(error.__traceback__)
    place = [frame.lineno for frame in frames if not frame.filename.startswith(sys.prefix)]
    return {
        "type": type(error).__name__,
        "message": str(error),
        "line": place[-1] if place else None,
        "traceback": "".join(traceback.format_exception(type(error), error, error.__traceback__))[-6000:],
    }


# One example


class Example:
    """One job, inside its own process."""

    def __init__(self, job: Json, root: str) -> None:
        self.mode: str = job["mode"]
        self.files: dict[str, str] = job["files"]
        self.path: str = job["path"]
        self.allow_unsafe: bool = job.get("allow_unsafe", False)
        self.root = root
        self.warnings: list[Json] = []
        self.module = re.sub(r"(/__init__)?\.py$", "", self.path).replace("/", ".")

    def listen(self) -> None:
        """Record what Django itself warns of from here on."""

        def show(message: Any, category: Any, filename: str, lineno: int, *rest: Any) -> None:
            # Its own categories only: other deprecations are those of Python and of other packages.
            forgotten = category is RuntimeWarning and "was never awaited" in str(message)
            if forgotten or category.__module__ == "django.utils.deprecation":
                mine = filename.startswith(self.root)
                where = os.path.relpath(filename, self.root) if mine else filename
                self.warnings.append(
                    {"category": category.__name__, "message": str(message), "file": where, "line": lineno}
                )

        warnings.simplefilter("always")
        warnings.showwarning = show

    def write(self) -> None:
        """Put the files down, and make them importable in front of the project's."""
        for path, text in self.files.items():
            file = Path(self.root, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            # Not write_text: newlines stay as they are.
            file.write_bytes(text.encode())
        sys.path.insert(0, self.root)
        for top in {path.partition("/")[0] for path in self.files if "/" in path}:
            package = sys.modules.get(top)
            if package is not None:
                package.__path__.insert(0, os.path.join(self.root, top))
        importlib.invalidate_caches()
        os.chdir(self.root)

    def enter_apps(self) -> None:
        """Let models live in the example's modules, as if each top-level one were an installed app."""
        from django.apps import AppConfig, apps

        for top in {path.partition("/")[0] for path in self.files}:
            label = top[:-3] if top.endswith(".py") else top
            if label in apps.app_configs or not label.isidentifier():
                continue
            config = type("Config", (AppConfig,), {"path": self.root})(label, types.ModuleType(label))
            config.apps = apps
            config.models = apps.all_models[label]
            apps.app_configs[label] = config
        apps.clear_cache()

    def own_models(self) -> list[Any]:
        """The models that the example defines."""
        from django.apps import apps

        mine = {re.sub(r"(/__init__)?\.py$", "", path).replace("/", ".") for path in self.files}
        return [m for m in apps.get_models() if m.__module__ in mine]

    def checks(self) -> list[Json]:
        """What the system checks say: Django announces removed fields there."""
        from django.core import checks

        return [
            {"id": message.id or "", "level": message.level, "message": message.msg}
            for message in checks.run_checks()
            if message.level >= checks.ERROR or re.search(r"\.W9\d\d$", message.id or "")
        ]

    def run(self) -> Json:
        """Do it.

        The result has ``exception`` (of the import; null if none), ``warnings`` (Django's own), ``checks``
        (errors, and warnings about deprecation), ``output`` (what it printed) and ``calls``: for each
        function that was called its ``name``, ``line``, ``end``, ``result``, ``exception``, ``warnings``
        and, if it could not be called, ``skipped``.
        """
        result: Json = {"exception": None, "warnings": self.warnings, "checks": [], "output": "", "calls": []}
        sys.stdout = output = io.StringIO()
        self.listen()
        try:
            if self.mode == "settings":
                self.settings()
                result["checks"] = self.checks()
            else:
                module = importlib.import_module(self.module)
                models = self.own_models()
                if models:
                    result["checks"] = self.checks()
                if self.mode in ("async", "call"):
                    if models and not result["checks"]:
                        make_tables(models)
                    result["calls"] = self.calls(module)
        except BaseException as error:
            result["exception"] = failure(error)
        result["output"] = output.getvalue()
        return result

    def settings(self) -> None:
        """Start the project with these settings, and load what they name."""
        import django

        base = importlib.import_module("project_settings")
        module = types.ModuleType("example_settings")
        mail = {"MAIL", "MAILERS", "EMAIL_BACKEND"}
        given = {name: value for name, value in vars(base).items() if name.isupper() and name not in mail}
        module.__dict__.update(given)
        module.__file__ = os.path.join(self.root, self.path)
        sys.modules[module.__name__] = module
        exec(compile(self.files[self.path], module.__file__, "exec"), module.__dict__)
        os.environ["DJANGO_SETTINGS_MODULE"] = module.__name__
        django.setup()

        from django.conf import settings
        from django.contrib.auth import get_backends
        from django.contrib.auth.hashers import get_hashers
        from django.core.cache import caches
        from django.core.files.storage import default_storage
        from django.core.handlers.wsgi import WSGIHandler
        from django.core.mail import get_connection
        from django.template import engines
        from django.utils.module_loading import import_string

        WSGIHandler()
        get_backends()
        get_hashers()
        engines.all()
        if django.VERSION < (6, 1):
            get_connection()
        for alias in settings.CACHES:
            caches[alias]
        str(default_storage.url)
        importlib.import_module(settings.SESSION_ENGINE)
        import_string(settings.SESSION_SERIALIZER)

    # Calling what the module defines

    def calls(self, module: types.ModuleType) -> list[Json]:
        """Call every function of the module, and every view's handler, each in a process of its own."""
        found: list[Json] = []
        for name, value in list(vars(module).items()):
            if getattr(value, "__module__", None) != module.__name__:
                continue
            if inspect.isclass(value):
                found += self.class_calls(name, value)
            elif inspect.isfunction(value) and inspect.iscoroutinefunction(value) == (self.mode == "async"):
                found.append(self.one(name, value, lambda value=value: (value, arguments(value))))
        return found

    def class_calls(self, name: str, cls: Any) -> list[Json]:
        from django.views import View

        found: list[Json] = []
        if self.mode == "call" and issubclass(cls, unittest.TestCase):
            for test in unittest.TestLoader().getTestCaseNames(cls):
                method = getattr(cls, test)
                found.append(
                    self.one(f"{name}.{test}", method, lambda test=test: (run_test, {"case": cls(test)}))
                )
        elif issubclass(cls, View):
            for handler in cls.http_method_names:
                method = getattr(cls, handler, None)
                if handler == "options" or getattr(method, "__module__", None) != cls.__module__:
                    continue
                if inspect.iscoroutinefunction(method) == (self.mode == "async"):
                    found.append(
                        self.one(f"{name}.{handler}", method, lambda h=handler, m=method: view(cls, h, m))
                    )
        return found

    def one(self, name: str, code: Any, prepare: Callable[[], Any]) -> Json:
        """One call. `prepare` gives the function and its arguments, in the call's process."""
        lines, line = inspect.getsourcelines(code)
        place = {"name": name, "line": line, "end": line + len(lines) - 1}

        def call() -> Json:
            use_database(self.root)
            del self.warnings[:]
            try:
                function, given = prepare()
            except TypeError as error:
                return {"skipped": str(error)}
            from django.db import connections

            result: Json = {"result": None, "exception": None, "warnings": self.warnings}
            connections.close_all()
            try:
                if self.mode == "async":
                    if self.allow_unsafe:
                        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

                    async def main() -> Any:
                        return await function(**given)

                    value = asyncio.run(main())
                else:
                    value = function(**given)
                result["result"] = describe(value)
                # Coroutines that nobody awaited are reported when they go.
                del value
                gc.collect()
            except BaseException as error:
                result["exception"] = failure(error)
            return result

        return {**place, **in_child(call)}


def run_test(case: unittest.TestCase) -> None:
    """Run one test and let its failure out."""
    case.run(result := unittest.TestResult())
    for _, text in [*result.errors, *result.failures]:
        raise AssertionError(text)


def view(cls: Any, handler: str, method: Any) -> Any:
    """A class-based view as it is called for one method."""
    given = arguments(method, {"self"})
    request = given.pop("request", None) or make_request()
    request.method = handler.upper()
    return cls.as_view(), {"request": request, **given}


# What functions are given

_ROWS = {
    "customer": "shop.Customer",
    "order": "shop.Order",
    "product": "shop.Product",
    "profile": "shop.Profile",
    "note": "shop.Note",
    "tag": "shop.Tag",
    "user": "auth.User",
}


def arguments(function: Any, without: Any = ()) -> Json:
    """Arguments by name and annotation. Raises `TypeError` for a parameter that nothing is known of."""
    from django.apps import apps
    from django.db.models import Model

    given: Json = {}
    for parameter in inspect.signature(function).parameters.values():
        name = parameter.name
        if name in without or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        annotation = parameter.annotation
        if isinstance(annotation, str):
            annotation = function.__globals__.get(annotation)
        if parameter.default is not parameter.empty:
            continue
        if name == "request":
            given[name] = make_request()
        elif name in ("pk", "id") or name.endswith(("_pk", "_id")):
            given[name] = 1
        elif inspect.isclass(annotation) and issubclass(annotation, Model):
            given[name] = annotation._default_manager.order_by("pk")[0]
        elif name in _ROWS:
            given[name] = apps.get_model(_ROWS[name])._default_manager.order_by("pk")[0]
        else:
            raise TypeError(f"nothing is known to give for the parameter {name!r}")
    return given


def make_request() -> Any:
    """A request as the middleware leaves it: a session that is not loaded, a user that is not fetched."""
    from django.conf import settings
    from django.contrib.auth import get_user_model, login
    from django.contrib.auth.middleware import AuthenticationMiddleware
    from django.contrib.messages.middleware import MessageMiddleware
    from django.contrib.sessions.middleware import SessionMiddleware
    from django.http import HttpResponse
    from django.test import RequestFactory

    def respond(request: Any) -> Any:
        return HttpResponse()

    first = RequestFactory().get("/")
    SessionMiddleware(respond).process_request(first)
    login(first, get_user_model().objects.order_by("pk")[0], "django.contrib.auth.backends.ModelBackend")
    first.session["cart"] = [1, 2]
    first.session.save()
    request = RequestFactory().get("/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = first.session.session_key
    for middleware in (SessionMiddleware, AuthenticationMiddleware, MessageMiddleware):
        middleware(respond).process_request(request)
    return request


def describe(value: Any) -> str:
    """A result as text, to be compared with another's."""
    from django.db.models import QuerySet
    from django.http.response import HttpResponseBase

    if isinstance(value, HttpResponseBase):
        if hasattr(value, "render") and not getattr(value, "is_rendered", True):
            value.render()
        body = getattr(value, "content", b"(streamed)")
        return f"{type(value).__name__} {value.status_code} {body!r}"
    if isinstance(value, (list, tuple)):
        return "[{}]".format(", ".join(map(describe, value)))
    if isinstance(value, QuerySet):
        return f"QuerySet {describe(list(value))}"
    if isinstance(value, (datetime.datetime, datetime.date)):
        return type(value).__name__
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value))


# The database


def use_database(root: str) -> None:
    """Give this process a database of its own."""
    from django.db import connections

    connections.close_all()
    old = str(connections["default"].settings_dict["NAME"])
    new = os.path.join(root, f"{os.getpid()}.sqlite3")
    shutil.copyfile(old, new)
    name_database(new)


def name_database(path: str) -> None:
    from django.conf import settings
    from django.db import connections

    connections["default"].settings_dict["NAME"] = path
    settings.DATABASES["default"]["NAME"] = path
    # Threads make their connections from these.
    connections.databases["default"]["NAME"] = path


def make_database(path: str, models: list[Any] | None = None) -> None:
    """Tables for all models, and the project's rows; no rows where an example brings the app's models."""
    from django.apps import apps
    from django.db import connections

    Path(path).touch()
    name_database(path)
    with connections["default"].schema_editor() as editor:
        for model in apps.get_models():
            if model._meta.managed and not model._meta.proxy:
                editor.create_model(model)
    if models is None:
        importlib.import_module("shop.rows").create()
    else:
        from django.contrib.auth.models import User

        User.objects.create_superuser("ada", "ada@example.com", "secret")
        fill(models)
    connections.close_all()


def make_tables(models: list[Any]) -> None:
    """Tables and rows for models that appeared after the set-up."""
    from django.db import connections

    connection = connections["default"]
    missing = [m for m in models if m._meta.managed and not m._meta.proxy]
    tables = set(connection.introspection.table_names())
    new = [m for m in missing if m._meta.db_table not in tables]
    if new:
        use_database(tempfile.gettempdir())
        with connections["default"].schema_editor() as editor:
            for model in new:
                editor.create_model(model)
        fill(new)
        connections.close_all()


def fill(models: list[Any]) -> None:
    """Two rows for each model, with values that its fields accept."""
    from django.db import IntegrityError

    waiting = list(models)
    for _ in range(len(models)):
        for model in list(waiting):
            try:
                for number in (1, 2):
                    model(
                        **{f.attname: plain(f, number) for f in model._meta.concrete_fields if wanted(f)}
                    ).save()
            except (IntegrityError, LookupError):
                continue
            waiting.remove(model)


def wanted(field: Any) -> bool:
    return not (field.auto_created or field.has_default() or field.null or field.primary_key)


def plain(field: Any, number: int) -> Any:
    """Some value for a field."""
    from django.db import models
    from django.utils import timezone

    if field.is_relation:
        if not field.related_model._base_manager.filter(pk=number).exists():
            raise LookupError
        return number
    if isinstance(field, models.BooleanField):
        return True
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return datetime.date(2024, 1, number)
    if isinstance(field, (models.IntegerField, models.DecimalField, models.FloatField)):
        return number
    if isinstance(field, models.EmailField):
        return f"row{number}@example.com"
    return str(number)


# The two ancestors


def is_heavy(job: Json) -> bool:
    """Whether the job needs a set-up of its own."""
    return job["mode"] == "settings" or any((PROJECT / path).exists() for path in job["files"])


def run_light(job: Json) -> Json:
    """An example in the project that is set up already."""

    def work() -> Json:
        with tempfile.TemporaryDirectory(prefix="uplift-") as root:
            os.environ["TMPDIR"] = tempfile.tempdir = root
            example = Example(job, root)
            example.write()
            example.enter_apps()
            return example.run()

    return in_child(work)


def run_heavy(job: Json) -> Json:
    """An example that is, or changes, what the project is set up from."""

    def work() -> Json:
        import django

        with tempfile.TemporaryDirectory(prefix="uplift-") as root:
            os.environ["TMPDIR"] = tempfile.tempdir = root
            example = Example(job, root)
            if job["mode"] == "settings":
                example.write()
                return example.run()
            shutil.copytree(str(PROJECT), root, dirs_exist_ok=True)
            sys.path.remove(str(PROJECT))
            example.write()
            example.listen()
            try:
                django.setup()
                example.enter_apps()
                if job["mode"] in ("async", "call"):
                    own = example.own_models()
                    make_database(
                        os.path.join(root, "filled.sqlite3"),
                        own if "shop/models.py" in job["files"] else None,
                    )
            except Exception as error:
                found = {"exception": failure(error), "warnings": example.warnings}
                return {**found, "checks": [], "output": "", "calls": []}
            return example.run()

    return in_child(work)


def main() -> None:
    """Serve jobs until the input ends."""
    # Fork-safe and fast: everything that is the same for all examples is imported before any fork.
    import django.contrib.auth.hashers
    import django.core.handlers.wsgi
    import django.core.management
    import django.db.backends.sqlite3.base
    import django.db.models
    import django.forms
    import django.shortcuts
    import django.template
    import django.test
    import django.views.generic

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "project_settings"
    sys.path.insert(0, str(PROJECT))
    sys.dont_write_bytecode = True

    to_bare, from_bare = os.pipe(), os.pipe()
    if os.fork() == 0:
        try:
            os.close(to_bare[1])
            with os.fdopen(to_bare[0]) as jobs, os.fdopen(from_bare[1], "w") as results:
                for line in jobs:
                    results.write(json.dumps(run_heavy(json.loads(line))) + "\n")
                    results.flush()
        finally:
            os._exit(0)
    os.close(to_bare[0])
    os.close(from_bare[1])
    bare_jobs, bare_results = os.fdopen(to_bare[1], "w"), os.fdopen(from_bare[0])

    base = tempfile.mkdtemp(prefix="uplift-")
    try:
        django.setup()
        make_database(os.path.join(base, "filled.sqlite3"))
        for line in sys.stdin:
            job = json.loads(line)
            if is_heavy(job):
                bare_jobs.write(line.rstrip("\n") + "\n")
                bare_jobs.flush()
                result = json.loads(bare_results.readline())
            else:
                result = run_light(job)
            answers.write(json.dumps(result) + "\n")
            answers.flush()
    finally:
        shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    main()
