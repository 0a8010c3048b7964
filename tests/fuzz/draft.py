"""A program that is being put together, and one that is ready."""

from __future__ import annotations

import ast
import hashlib
import random
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

Render = Callable[[str], str]
"""From a receiver's text to an expression on it."""


class Program(NamedTuple):
    """A generated program: its files by path, and what it is made of."""

    id: str
    files: dict[str, str]
    categories: dict[str, str]
    """What it is made of: 'receiver', 'operation', 'context', 'chain', 'scene'."""
    undecidable: str = ""
    """Why no analysis can know, in which case it does not count."""

    @property
    def path(self) -> str:
        """The main module's path."""
        return f"programs/{self.id}.py"

    @property
    def module(self) -> str:
        """The main module."""
        return f"programs.{self.id}"


@dataclass(frozen=True)
class Subject:
    """What an operation is done to."""

    name: str
    text: str
    """The expression for it in the function that holds it."""
    model: str
    kind: str
    """'manager', 'queryset', 'instance' or 'none'."""
    local: bool = False
    """Whether `text` needs that function's locals."""
    annotation: str = ""

    def called(self, text: str) -> Subject:
        """The same thing under another name."""
        return Subject(self.name, text, self.model, self.kind, True, self.annotation)


@dataclass
class Draft:
    """What is collected on the way."""

    random: random.Random
    imports: set[str] = field(default_factory=set)
    top: list[str] = field(default_factory=list)
    library: list[str] = field(default_factory=list)
    library_names: list[str] = field(default_factory=list)
    setup: list[str] = field(default_factory=list)
    undecidable: str = ""
    _counts: dict[str, int] = field(default_factory=dict)

    def name(self, stem: str) -> str:
        """A name that is new in this program."""
        count = self._counts[stem] = self._counts.get(stem, 0) + 1
        return stem if count == 1 else f"{stem}{count}"

    def need(self, *lines: str) -> None:
        """Imports of the module."""
        self.imports.update(lines)

    def define(self, code: str, *names: str) -> None:
        """Put definitions at the top of the module, or in its second module where they export `names`."""
        code = textwrap.dedent(code).strip("\n")
        # The second module can't name what the first one defines: they would import each other.
        mine = any(
            re.search(rf"^(?:async )?(?:def|class) {word}\b|^{word} =", part, re.MULTILINE)
            for word in _words(code)
            for part in self.top
        )
        if names and not mine and self.random.random() < 0.25:
            self.library.append(code)
            self.library_names += names
        else:
            self.top.append(code)


# Everything that generated code may name, with where it comes from.
_KNOWN = {
    "market.models": (
        "Badge Customer Gadget Invoice Line Member Note OpenOrder Order OrderQuerySet Product Profile Tag "
        "Team Voucher"
    ),
    "market.services": (
        "AsyncScope Basket Closing LazyReport MonthlyReport Progress QuietReport Report "
        "acounted aload_customer aload_order aload_with_customer alogged annotated_orders count_orders "
        "counted customer_name customer_name_of "
        "first_order identity in_thread key_of logged offloaded open_orders run_in_pool threaded uncounted"
    ),
    "market.requests": "amake_request make_request",
    "asgiref.sync": "async_to_sync markcoroutinefunction sync_to_async",
    "django.apps": "apps",
    "django.contrib.auth": (
        "aauthenticate aget_user alogin alogout authenticate get_user_model login logout"
    ),
    "django.contrib.contenttypes.models": "ContentType",
    "django.core": "serializers",
    "django.core.cache": "cache",
    "django.core.management": "call_command",
    "django.core.paginator": "Paginator",
    "django": "forms",
    "django.db": "connection connections models transaction close_old_connections",
    "django.db.models.signals": "post_save",
    "django.dispatch": "Signal receiver",
    "django.utils.decorators": "async_only_middleware sync_and_async_middleware",
    "django.utils.functional": "SimpleLazyObject lazy",
    "django.db.models": (
        "Count Exists F Manager Max OuterRef Prefetch Q QuerySet Subquery Sum aprefetch_related_objects "
        "prefetch_related_objects"
    ),
    "django.forms.models": "model_to_dict",
    "django.forms": "ModelForm",
    "django.http": "Http404 HttpRequest HttpResponse JsonResponse StreamingHttpResponse",
    "django.shortcuts": "aget_list_or_404 aget_object_or_404 get_list_or_404 get_object_or_404 render",
    "django.template": "Context Template",
    "django.template.response": "TemplateResponse",
    "django.test": "AsyncRequestFactory RequestFactory",
    "django.views": "View",
    "django.views.generic": "DetailView ListView",
    "django.contrib.sessions.backends.db": "SessionStore",
    "collections": "Counter defaultdict deque",
    "concurrent.futures": "ThreadPoolExecutor",
    "contextlib": "asynccontextmanager contextmanager nullcontext suppress",
    "dataclasses": "dataclass",
    "functools": "cached_property partial wraps",
    "operator": "attrgetter",
    "typing": "Any Callable Generic Iterable NamedTuple Protocol TypeVar",
}
_HOMES = {name: module for module, names in _KNOWN.items() for name in names.split()}
_MODULES = (
    "abc",
    "asyncio",
    "contextvars",
    "copy",
    "dataclasses",
    "enum",
    "functools",
    "itertools",
    "json",
    "logging",
    "pickle",
    "contextlib",
)


def _words(code: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            # A quoted annotation.
            found.update(word for word in node.value.replace("]", "[").split("[") if word.isidentifier())
    return found


def _header(code: str, draft: Draft, *, style: int) -> list[str]:
    used = _words(code)
    lines = sorted(draft.imports)
    lines += [f"import {module}" for module in _MODULES if module in used]
    homes: dict[str, list[str]] = {}
    for name in sorted(used & set(_HOMES)):
        homes.setdefault(_HOMES[name], []).append(name)
    lines += [f"from {module} import {', '.join(names)}" for module, names in sorted(homes.items())]
    if style:
        lines.insert(0, "from __future__ import annotations")
    return lines


def assemble(draft: Draft, main: list[str], categories: dict[str, str]) -> Program:
    """The program of a draft and the lines of its `main`."""
    style = int(draft.random.random() < 0.3)
    body = "\n\n\n".join([*draft.top, "async def main():\n" + textwrap.indent("\n".join(main), "    ")])
    library = "\n\n\n".join(draft.library)
    key = hashlib.sha256(f"{body}\0{library}\0{style}".encode()).hexdigest()[:12]
    identity = f"p_{key}"
    files = {}
    header = _header(body, draft, style=style)
    if library:
        names = sorted(set(draft.library_names) & _words(body))
        if names:
            relative = draft.random.random() < 0.4
            header.append(f"from {'' if relative else 'programs'}.{identity}_lib import {', '.join(names)}")
        text = "\n".join([*_header(library, draft, style=style), "", "", library, ""])
        files[f"programs/{identity}_lib.py"] = text.lstrip("\n")
    files[f"programs/{identity}.py"] = "\n".join([*header, "", "", body, ""]).lstrip("\n")
    return Program(identity, files, categories, draft.undecidable)
