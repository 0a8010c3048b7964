"""Serializers of Django REST framework that take input: what validating and saving it asks the database."""

from __future__ import annotations

import ast

from django_uplift.flow.events import LIKELY, SYNC_ONLY
from django_uplift.flow.responses import Responses
from django_uplift.types.program import Binding
from django_uplift.types.values import BOOL, TRUE, Inst, Value

_MODEL_SERIALIZERS = tuple(
    f"{package}.serializers.{name}ModelSerializer"
    for package, name in (("rest_framework", ""), ("rest_framework", "Hyperlinked"), ("adrf", ""))
)
_QUERYING = ("UniqueValidator", "UniqueTogetherValidator", "UniqueForDateValidator", "UniqueForYearValidator")
_RELATED = frozenset({"PrimaryKeyRelatedField", "SlugRelatedField", "HyperlinkedRelatedField"})
_WHY = "validation queries for unique and related fields"
_DEPTH = 4


class Serializers(Responses):
    """Plays `is_valid()` and `save()` of serializers."""

    def serializer_method(self, serializer: Inst, name: str, node: ast.AST) -> tuple[bool, Value]:
        cap, self.cap = self.cap, min(self.cap, LIKELY)
        try:
            if name == "is_valid":
                self._validate_input(serializer, node)
                return True, BOOL
            updates = dict(serializer.args).get("_updates") == TRUE
            own = self._own(serializer.cls, "update" if updates else "create")
            if own is not None:
                given = [dict(serializer.args).get("instance"), None] if updates else [None]
                return True, self.call(self.method_of(*own, serializer, node), given, {}, node)
            return False, None
        finally:
            self.cap = cap

    def _own(self, cls: str, name: str) -> tuple[object, ast.FunctionDef] | None:
        """A method of the project's."""
        found = self.program.member(cls, name)
        if found is None or found[0].mod.installed or not isinstance(found[1], ast.FunctionDef):
            return None
        return found[0], found[1]

    def _validate_input(self, serializer: Inst, node: ast.AST) -> None:
        cls = serializer.cls
        if self._asks(cls, _DEPTH):
            shown = f"{cls.rpartition('.')[2].partition('@')[0]}.is_valid()"
            self.report(
                SYNC_ONLY, node, "is_valid", shown, level=LIKELY, receiver=serializer, extra={"why": _WHY}
            )
        names = {name for base in self.program.mro(cls) for name in self._members(base)}
        for name in sorted(names):
            if name == "validate" or (
                name.startswith("validate_") and name.removeprefix("validate_") in names
            ):
                own = self._own(cls, name)
                if own is not None:
                    self.call(self.method_of(*own, serializer, node), [None], {}, node)

    def _members(self, cls: str) -> dict[str, Binding]:
        info = self.program.cls(cls)
        return info.members if info is not None else {}

    def _asks(self, cls: str, depth: int) -> bool:
        """Whether a field that takes input queries for it."""
        meta = self._options(cls)
        declared = self._written_fields(cls)
        read_only = _texts(meta.get("read_only_fields"))
        for name, (info, call) in declared.items():
            keywords = {k.arg: k.value for k in call.keywords if k.arg}
            if _is_true(keywords.get("read_only")):
                continue
            kind = self.program.qualified(call.func, info.mod) or ""
            if kind.rpartition(".")[2] in _RELATED and "queryset" in keywords:
                return True
            if _names_querying(keywords.get("validators")):
                return True
            if depth and name not in read_only and self.is_serializer(kind) and self._asks(kind, depth - 1):
                return True
        if _names_querying(meta.get("validators")):
            return True
        return self._asks_for_model(cls, meta, read_only | set(declared))

    def _asks_for_model(self, cls: str, meta: dict[str, ast.expr], known: set[str]) -> bool:
        """The fields that a serializer takes over from its model: unique and related ones query."""
        if not self.program.is_a(cls, *_MODEL_SERIALIZERS):
            return False
        info = self.models.info(self.form_model(cls) or "")
        listed = self._listed(cls) if "fields" in meta else None
        if info is None or "extra_kwargs" in meta:
            return False
        for name, field in info.fields.items():
            if (
                name in known
                or name in _texts(meta.get("exclude"))
                or (listed is not None and name not in listed)
            ):
                continue
            if field.kind in ("fk", "o2o", "m2m") or (field.unique and name not in ("id", "pk")):
                return True
        return False

    def _options(self, cls: str) -> dict[str, ast.expr]:
        found = self.program.member(cls, "Meta")
        options: dict[str, ast.expr] = {}
        for statement in found[1].body if found and isinstance(found[1], ast.ClassDef) else ():
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                options[statement.targets[0].id] = statement.value
        return options


def _names_querying(validators: ast.expr | None) -> bool:
    for node in ast.walk(validators) if validators is not None else ():
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if name in _QUERYING:
            return True
    return False


def _texts(node: ast.expr | None) -> set[str]:
    return {
        each.value
        for each in getattr(node, "elts", ())
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True
