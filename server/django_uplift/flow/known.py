"""Methods of Django's whose effects are known from tables."""

from __future__ import annotations

import ast

from django_uplift.django.async_api import METHODS, Sync
from django_uplift.django.blocking import FILE
from django_uplift.flow.arguments import argument, short_name
from django_uplift.flow.attributes import PAGINATOR, SESSION
from django_uplift.flow.events import BLOCKING, LIKELY, POSSIBLE, PROVEN, QUERY, SYNC_ONLY
from django_uplift.flow.events import SESSION as SESSION_EVENT
from django_uplift.flow.frame import operand
from django_uplift.flow.functions import Functions
from django_uplift.syntax.tree import parent
from django_uplift.types.values import BOOL, Inst, LazyUser, Manager, Method, Plan, Query, Value

FIELD_FILE = "django.db.models.fields.files.FieldFile"


class Known(Functions):
    """Does what the tables say of a method."""

    def table(self, cls: str, name: str) -> Sync | None:
        """What is known of a method of Django's."""
        for base in self.program.mro(cls):
            found = METHODS.get(base, {}).get(name)
            if found is not None:
                return found
        return None

    def _apply(self, sync: Sync, method: Method, node: ast.AST) -> Value:
        """A method of Django's whose effect is known."""
        receiver = method.receiver
        cls = getattr(receiver, "cls", "")
        if method.name in ("send", "send_robust") and isinstance(receiver, Inst) and receiver.args:
            return self.send(receiver, node)
        what = f"{short_name(cls)}.{method.name}()"
        if cls == FIELD_FILE and sync.effect == "maybe" and _leaves_object(node):
            sync = sync._replace(effect="blocks", why="it writes a file, perhaps over the network")
        if cls == SESSION:
            what = f"request.session.{method.name}()"
        if sync.effect == "blocks":
            instead = (
                f"use 'await ...{sync.twin}()'"
                if sync.twin and sync.since and self.session.target >= sync.since
                else "call it in a thread: 'await sync_to_async(...)(...)'"
            )
            self._blocks(node, what, instead, why=sync.why, twin=sync.twin, since=sync.since)
        else:
            held = dict(receiver.args) if isinstance(receiver, Inst) else {}
            if (sync.effect == "maybe" and held.get("fresh")) or (cls == PAGINATOR and held.get("counted")):
                # A session without a key has nothing to load; pages are slices of what was counted.
                return self._sync_result(sync, method, node)
            level = PROVEN if sync.effect == "query" else LIKELY
            kind = SESSION_EVENT if cls == SESSION else QUERY if sync.twin else SYNC_ONLY
            if method.name in ("send", "send_robust"):
                level = POSSIBLE
            self.report(
                kind,
                node,
                method.name,
                what,
                level=level,
                receiver=receiver,
                twin=sync.twin,
                since=sync.since,
                bypasses=False,
                extra={"why": sync.why},
            )
            if cls == PAGINATOR and isinstance(receiver, Inst):
                self.counted(receiver, operand(node) or node)
        return self._sync_result(sync, method, node)

    def send(self, signal: Inst, node: ast.AST, *, is_async: bool = False) -> Value:
        """`signal.send(...)` and `asend(...)`: receivers run here."""
        raise NotImplementedError

    def _sync_result(self, sync: Sync, method: Method, node: ast.AST) -> Value:
        receiver = method.receiver
        if sync.result == "instance" and getattr(receiver, "model", None):
            return Inst(receiver.model, Plan("fetched"))
        if sync.result == "instance" and isinstance(receiver, (Query, Manager)):
            return None
        if sync.result == "bool":
            return BOOL
        if sync.result == "page":
            held = dict(receiver.args) if isinstance(receiver, Inst) else {}
            return Inst(
                "django.core.paginator.Page",
                args=(("item", held.get("item")), ("object_list", held.get("source"))),
            )
        if sync.result == "form-instance" and isinstance(receiver, Inst):
            model = self.form_model(receiver.cls)
            return Inst(model, Plan("unknown")) if model else None
        return None

    def form_model(self, cls: str) -> str | None:
        """The model of a ModelForm."""
        found = self.program.member(cls, "Meta")
        if found is None or not isinstance(found[1], ast.ClassDef):
            return None
        for statement in found[1].body:
            if (
                isinstance(statement, ast.Assign)
                and isinstance(statement.targets[0], ast.Name)
                and statement.targets[0].id == "model"
            ):
                return self.program.qualified(statement.value, found[0].mod)
        return None

    def _blocks(
        self,
        node: ast.AST,
        what: str,
        instead: str,
        code: str = "",
        *,
        why: str = "",
        twin: str = "",
        since: object = None,
        level: int = PROVEN,
    ) -> None:
        if code and self.session.uses_ruff_async:
            return
        # Local files are quick as a rule: that they are read in some helper is no news.
        if code == FILE.code:
            level = LIKELY if self.is_async else POSSIBLE
        self.report(
            BLOCKING,
            node,
            what,
            what,
            level=level,
            twin=twin,
            since=since,
            extra={"instead": instead, "why": why},
        )

    def asks_server(self, node: ast.AST, what: str, server: str) -> None:
        """A client waits for its server, unless what it gives is awaited: then it is an async one after all."""
        if isinstance(parent(node), ast.Await):
            return
        self._blocks(
            node,
            what,
            "call it in a thread: 'await sync_to_async(...)(...)'",
            why=f"it waits for {server}",
            level=LIKELY,
        )

    def _read_users(self, args: list[Value], keywords: dict[str, Value], node: ast.AST) -> None:
        """`filter(owner=request.user)` reads the lazy user."""
        if not isinstance(node, ast.Call):
            return
        for n, arg in enumerate(args):
            if isinstance(arg, LazyUser):
                self.read_user(arg, argument(node, n))
        for keyword in node.keywords:
            held = keywords.get(keyword.arg or "")
            if isinstance(held, LazyUser):
                self.read_user(held, keyword.value)


def _leaves_object(node: ast.AST) -> bool:
    """Whether ``photo.file.save(..., save=False)`` does not save the object too."""
    return any(
        keyword.arg == "save" and isinstance(keyword.value, ast.Constant) and keyword.value.value is False
        for keyword in getattr(node, "keywords", ())
    )
