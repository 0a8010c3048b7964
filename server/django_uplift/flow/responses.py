"""What frameworks read of objects when they write them out: Django REST framework's serializers, Ninja's schemas."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from django_uplift.flow.events import CALL, LIKELY
from django_uplift.flow.signals import Signals
from django_uplift.types.program import Assigned, ClassInfo
from django_uplift.types.values import (
    TRUE,
    Const,
    Func,
    Inst,
    Manager,
    Method,
    Query,
    Seq,
    Tup,
    Value,
    not_none,
)

_SERIALIZERS = ("rest_framework.serializers.", "adrf.serializers.")
_SCHEMAS = frozenset({"ninja.Schema", "ninja.schema.Schema", "ninja.ModelSchema", "ninja.orm.ModelSchema"})
_VERBS = frozenset({"get", "post", "put", "patch", "delete", "api_operation"})
_MANY = frozenset({"m2m", "reverse-fk", "reverse-m2m"})
_DEPTH = 4


class Responses(Signals):
    """Plays what serializers and response schemas read. The reads stand in their own classes' files."""

    # Django REST framework

    def is_serializer(self, cls: str) -> bool:
        """Whether a class is a serializer of Django REST framework's."""
        return any(base.startswith(_SERIALIZERS) for base in self.program.mro(cls))

    def serialized(self, serializer: Inst, node: ast.AST, name: str) -> None:
        """`serializer.data`, or adrf's `adata`: its fields read the instance, or every one of many."""
        held = dict(serializer.args)
        instance = not_none(held.get("instance"))
        if held.get("_input") == TRUE or instance is None:
            # What was sent is shown again.
            return
        frame, info = self._beside(serializer.cls), self.program.cls(serializer.cls)
        if frame is not None and info is not None:
            if held.get("many") == TRUE and name == "adata":
                instance = frame._async_rows(instance, info.node)
            elif held.get("many") == TRUE:
                instance = frame._rows(instance, info.node)
            if name == "adata":
                frame.represent_async(serializer.cls, instance, _DEPTH)
            else:
                frame.represent(serializer.cls, instance, _DEPTH)
            self._take(frame, node, f"{_short(serializer.cls)}.{name}")

    def _async_rows(self, value: Value, node: ast.AST) -> Value:
        """What adrf's lists and Ninja's pages iterate without blocking."""
        if isinstance(value, Manager):
            value = self.base_queryset(value, node)
        return self.item_of(value, node) if isinstance(value, Query) else getattr(value, "item", None)

    def represent_async(self, cls: str, instance: Value, depth: int) -> None:
        """Plain fields are read in a thread by adrf, nested serializers on the loop."""
        if not depth or instance is None or self.program.member(cls, "ato_representation") is not None:
            return
        listed = self._listed(cls)
        for name, (info, call) in self._written_fields(cls).items():
            kind = self.program.qualified(call.func, info.mod) or ""
            keywords = {k.arg: k.value for k in call.keywords if k.arg}
            if not any(base.startswith("adrf.serializers.") for base in self.program.mro(kind)):
                continue
            if (listed is not None and name not in listed) or _is_true(keywords.get("write_only")):
                continue
            value = instance
            source = _text(keywords.get("source")) or name
            for part in source.split(".") if source != "*" else ():
                value = not_none(self._part(value, part, call))
            if _is_true(keywords.get("many")):
                value = self._async_rows(value, call)
            self.represent_async(kind, value, depth - 1)

    def _rows(self, value: Value, node: ast.AST) -> Value:
        """What a manager, a queryset or a list gives, iterated at `node`."""
        if isinstance(value, Manager):
            value = self.base_queryset(value, node)
        return self.iterate(value, node, "for", node)

    def represent(self, cls: str, instance: Value, depth: int) -> None:
        """A serializer writes one instance out."""
        own = self.program.member(cls, "to_representation")
        if not depth or instance is None:
            return
        if (
            own is not None
            and isinstance(own[1], ast.FunctionDef)
            and not own[0].name.startswith(_SERIALIZERS)
        ):
            self.call(self.method_of(own[0], own[1], Inst(cls), own[1]), [instance], {}, own[1])
            return
        declared = self._written_fields(cls)
        listed = self._listed(cls)
        for name, (info, call) in declared.items():
            if listed is not None and info.name != cls and name not in listed:
                # Fields of bases are left out where `Meta.fields` does not name them.
                continue
            self._field_of(cls, name, info, call, instance, depth)
        for name, node in self._named(cls):
            if name not in declared:
                self._plain(instance, name, node)

    def _written_fields(self, cls: str) -> dict[str, tuple[ClassInfo, ast.Call]]:
        found: dict[str, tuple[ClassInfo, ast.Call]] = {}
        for base in self.program.mro(cls):
            info = None if base.startswith(_SERIALIZERS) else self.program.cls(base)
            for name, binding in info.members.items() if info is not None else ():
                if isinstance(binding, Assigned) and isinstance(binding.value, ast.Call) and info is not None:
                    found.setdefault(name, (info, binding.value))
        return found

    def _listed(self, cls: str, depth: int = 4) -> set[str] | None:
        """The names in `Meta.fields`, also by way of other serializers' lists; None where all fields are meant."""
        found = self.program.member(cls, "Meta")
        for statement in found[1].body if found and isinstance(found[1], ast.ClassDef) else ():
            if isinstance(statement, ast.Assign) and getattr(statement.targets[0], "id", "") == "fields":
                if isinstance(statement.value, ast.Constant):
                    return None
                names: set[str] = set()
                for node in ast.walk(statement.value):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str):
                        names.add(node.value)
                    elif isinstance(node, ast.Attribute) and node.attr == "fields" and depth and found:
                        owner = node.value.value if isinstance(node.value, ast.Attribute) else None
                        other = self.program.qualified(owner, found[0].mod) if owner is not None else None
                        names |= (self._listed(other, depth - 1) or set()) if other else set()
                return names
        return None

    def _named(self, cls: str) -> Iterator[tuple[str, ast.AST]]:
        """The model's fields that `Meta.fields` lists, one by one."""
        found = self.program.member(cls, "Meta")
        for statement in found[1].body if found and isinstance(found[1], ast.ClassDef) else ():
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                if statement.targets[0].id == "fields" and isinstance(statement.value, (ast.List, ast.Tuple)):
                    for each in statement.value.elts:
                        if isinstance(each, ast.Constant) and isinstance(each.value, str):
                            yield each.value, each

    def _plain(self, instance: Value, name: str, node: ast.AST) -> None:
        """A field without a declaration: a foreign key's is its key, which is there."""
        info = self.models.info(instance.cls) if isinstance(instance, Inst) else None
        if info is None:
            return
        field = info.fields.get(name) or self.models.back(info.name, name)
        if field is not None and field.kind in ("fk", "o2o"):
            return
        value = self._part(instance, name, node)
        if field is not None and field.kind in _MANY:
            self._rows(value, node)

    def _field_of(
        self, cls: str, name: str, info: ClassInfo, call: ast.Call, instance: Value, depth: int
    ) -> None:
        kind = self.program.qualified(call.func, info.mod) or ""
        keywords = {k.arg: k.value for k in call.keywords if k.arg}
        if _is_true(keywords.get("write_only")):
            return
        if kind.endswith(".SerializerMethodField"):
            method = _text(keywords.get("method_name")) or f"get_{name}"
            found = self.program.member(cls, method)
            if found is not None and isinstance(found[1], ast.FunctionDef):
                self.call(self.method_of(found[0], found[1], Inst(cls), call), [instance], {}, call)
            return
        nested = self.is_serializer(kind) and self.program.cls(kind) is not None
        related = kind.rpartition(".")[2]
        if not nested and not kind.startswith("rest_framework."):
            return
        source = _text(keywords.get("source")) or name
        many = _is_true(keywords.get("many"))
        if related == "PrimaryKeyRelatedField" and not many:
            return
        value = instance
        for part in source.split(".") if source != "*" else ():
            value = not_none(self._part(value, part, call))
        if many:
            value = self._rows(value, call)
        if nested:
            self.represent(kind, value, depth - 1)
        elif related == "StringRelatedField":
            self.text(value, call, "str", call)

    def _part(self, value: Value, name: str, node: ast.AST) -> Value:
        made = self.each(value, lambda option: self.attribute(option, name, node))
        return self.call(made, [], {}, node) if isinstance(made, (Func, Method)) else made

    # Django Ninja

    def responded(self, statement: ast.Return, value: Value) -> None:
        """An async operation's result is written out by its response schema, on the event loop."""
        node = self.func.node if self.func is not None else None
        for decorator in getattr(node, "decorator_list", ()):
            status = 200
            if isinstance(value, Tup) and len(value.items) == 2 and isinstance(value.items[0], Const):
                # `return 201, order`
                status, value = value.items[0].value, value.items[1]
            schema = self._response(decorator, status)
            if schema is None or statement.value is None:
                continue
            cls, many = schema
            if isinstance(value, (Query, Manager)) and self._is_paginated(node):
                value = self._async_rows(value, statement.value)
            elif isinstance(value, (Query, Manager, Seq)):
                value = self._rows(value, statement.value)
            elif many:
                continue
            frame = self._beside(cls)
            if frame is not None:
                frame.read_by_schema(cls, not_none(value), _DEPTH)
                self._take(frame, statement, f"the response schema {_short(cls)}")

    def _is_paginated(self, function: Any) -> bool:
        """Whether Ninja takes a page of the queryset, which it iterates as async code has to."""
        targets = [d.func if isinstance(d, ast.Call) else d for d in function.decorator_list]
        names = [self.program.qualified(target, self.mod) or "" for target in targets]
        return any(name.startswith("ninja") and name.endswith(".paginate") for name in names)

    def _response(self, decorator: ast.expr, status: object) -> tuple[str, bool] | None:
        """The schema that a decorator of Ninja's names for the response, and whether it is one of many."""
        if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Attribute):
            return None
        given = next((k.value for k in decorator.keywords if k.arg == "response"), None)
        if given is None or decorator.func.attr not in _VERBS:
            return None
        with self.quiet():
            api = self.eval(decorator.func.value)
        if not isinstance(api, Inst) or not api.cls.startswith(("ninja.", "ninja_extra.")):
            return None
        if isinstance(given, ast.Dict):
            by_status = zip(given.keys, given.values, strict=True)
            given = next((v for k, v in by_status if isinstance(k, ast.Constant) and k.value == status), None)
        many = isinstance(given, ast.Subscript)
        inner = given.slice if isinstance(given, ast.Subscript) else given
        cls = self.program.qualified(inner, self.mod) if isinstance(inner, ast.expr) else None
        return (cls, many) if cls and self.program.cls(cls) is not None else None

    def read_by_schema(self, cls: str, instance: Value, depth: int) -> None:
        """A schema writes one instance out."""
        if not depth or not isinstance(instance, Inst) or not _SCHEMAS & {*self.program.mro(cls)}:
            return
        for base in self.program.mro(cls):
            info = self.program.cls(base)
            for name, binding in info.members.items() if info is not None and base not in _SCHEMAS else ():
                if not isinstance(binding, Assigned) or binding.annotation is None or info is None:
                    continue
                at = binding.annotation
                own = self.program.member(cls, f"resolve_{name}")
                if own is not None and isinstance(own[1], ast.FunctionDef):
                    self.call(self.method_of(own[0], own[1], Inst(cls), at), [instance], {}, at)
                    continue
                value = instance
                for part in (_alias(binding.value) or name).split("."):
                    value = not_none(self._part(value, part, at))
                if isinstance(value, (Query, Manager)):
                    value = self._rows(value, at)
                for inner in ast.walk(at):
                    schema = self.program.qualified(inner, info.mod) if isinstance(inner, ast.Name) else None
                    if schema:
                        self.read_by_schema(schema, value, depth - 1)
        for name, node in self._named(cls):
            self._plain(instance, name, node)

    # Both

    def _beside(self, cls: str) -> Any:
        """A frame in the file of a class, to read there."""
        info = self.program.cls(cls)
        if info is None or self.depth > _DEPTH * 2:
            return None
        return type(self)(self.session, info.mod, None, None, self.depth + 1)

    def _take(self, frame: Any, node: ast.AST, what: str) -> None:
        """What happened in a frame beside happens at `node`, by the framework's contract."""
        raising, _ = frame.effects()
        if raising is not None:
            self.report(
                CALL,
                node,
                "response",
                what,
                level=min(raising.level, LIKELY),
                guarded=raising.guarded,
                path=raising.steps,
                extra={"cause": raising.what, "why": raising.why, "through": True},
            )


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _alias(value: ast.expr | None) -> str:
    """``"customer.name"`` in ``Field(..., alias="customer.name")``."""
    if not isinstance(value, ast.Call):
        return ""
    return next((_text(k.value) for k in value.keywords if k.arg == "alias"), "")


def _short(cls: str) -> str:
    return cls.rpartition(".")[2].partition("@")[0]
