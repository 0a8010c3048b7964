"""What GraphQL servers read of objects that resolvers return: lists are iterated, fields without a resolver are read.

All of that happens on the event loop where the schema is executed asynchronously, which a coroutine function among its
resolvers proves: with synchronous execution none of Strawberry, Graphene and Ariadne takes one. Types of
strawberry-django read their fields in threads.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from django_uplift.flow import sdl
from django_uplift.flow.entries import WORDS
from django_uplift.flow.events import CALL, LIKELY, Effect
from django_uplift.flow.handed import FIELDS, handed
from django_uplift.flow.serializers import Serializers
from django_uplift.types.program import Assigned, ClassInfo, Mod
from django_uplift.types.values import Inst, Manager, Query, Seq, Value, not_none

_TYPES = frozenset({"strawberry.type", "strawberry.interface", "strawberry.federation.type"})
_THREADED = ("strawberry_django.", "strawberry.django.")
_MANY_OF = frozenset({"list", "List", "Sequence", "Iterable", "Collection"})
_MANY = frozenset({"m2m", "reverse-fk", "reverse-m2m"})
_MODEL_TYPE = "graphene_django.types.DjangoObjectType"
_MODEL_TYPES = frozenset({_MODEL_TYPE, "graphene_django.DjangoObjectType"})
_SNAKE = (b"convert_names_case", b"snake_case_fallback_resolvers")
_DEPTH = 3


class _Type(NamedTuple):
    """A type of a schema: a class of Strawberry's or Graphene's, or a name in the schema's own language."""

    kind: str
    name: str


class _Read(NamedTuple):
    """A field that nothing but the object itself resolves."""

    attribute: str
    mod: Mod
    node: ast.AST
    """Where it is declared."""
    behind: _Type | None = None
    iterates: bool = False
    """Whether a related manager is turned into its rows, as only Graphene's types of models do."""


class GraphQL(Serializers):
    """Plays what the execution of a schema does with the results of its resolvers."""

    def resolved(self, statement: ast.Return, value: Value) -> None:
        """A resolver returns. What calls one directly gets what it returns, and nothing else happens."""
        if self.depth or self.muted or statement.value is None or value is None:
            return
        if not self.mod.holds(WORDS):
            return
        found = self._returned_type()
        if found is None:
            return
        of, many = found
        for option in getattr(value, "options", (value,)):
            if many != isinstance(option, (Query, Manager, Seq)):
                continue
            if many:
                cap, self.cap = self.cap, min(self.cap, LIKELY)
                option = self._rows(option, statement.value)
                self.cap = cap
            effect = self._read_fields(of, not_none(option), _DEPTH, frozenset())
            if effect is not None:
                self._selected(effect, statement, of)
                return

    def _selected(self, effect: Effect, node: ast.AST, of: _Type) -> None:
        self.report(
            CALL,
            node,
            "response",
            f"The GraphQL type {of.name.rpartition('.')[2]}",
            level=min(effect.level, LIKELY),
            guarded=effect.guarded,
            path=effect.steps,
            extra={"cause": effect.what, "why": effect.why, "through": True, "is_read_later": True},
        )

    # What a resolver returns

    def _returned_type(self) -> tuple[_Type, bool] | None:
        func = self.func
        node = func.node if func is not None else None
        if func is None or not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        for decorator in node.decorator_list:
            target = decorator.func if isinstance(decorator, ast.Call) else decorator
            if self.program.qualified(target, self.mod) in FIELDS:
                extended = isinstance(decorator, ast.Call) and any(
                    k.arg == "extensions" for k in decorator.keywords
                )
                return None if extended or node.returns is None else self._annotated(node.returns, self.mod)
            if isinstance(decorator, ast.Call) and isinstance(target, ast.Attribute) and decorator.args:
                name = decorator.args[0]
                owner = sdl.bindable(target.value, self.mod, self.program)
                if owner and target.attr == "field" and isinstance(name, ast.Constant):
                    return self._in_schema(owner, str(name.value))
        if func.owner and node.name.startswith("resolve_") and self._is_graphene(func.owner):
            declared = self.program.member(func.owner, node.name.removeprefix("resolve_"))
            if declared is not None and isinstance(declared[1], Assigned):
                return self._declared_type(declared[1].value, declared[0].mod)
        use = handed(self.session).get((func.module, func.line, func.column))
        if use is not None and use.field:
            return self._in_schema(use.bindable, use.field)
        if use is not None:
            annotation, mod = (use.annotation, use.mod) if use.annotation else (node.returns, self.mod)
            return self._annotated(annotation, mod) if annotation is not None else None
        return None

    def _annotated(self, annotation: ast.expr, mod: Mod) -> tuple[_Type, bool] | None:
        """The type that an annotation names, and whether it is a list of it."""
        many = False
        for node in ast.walk(annotation):
            if isinstance(node, ast.Subscript):
                outer = self.program.qualified(node.value, mod) or ""
                many = many or outer.rpartition(".")[2] in _MANY_OF
            if isinstance(node, (ast.Name, ast.Attribute)) or (
                isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier()
            ):
                of = self._class_type(self.program.qualified(node, mod) or "")
                if of is not None:
                    return of, many
        return None

    def _class_type(self, cls: str) -> _Type | None:
        info = self.program.cls(cls) if cls else None
        if info is None or info.mod.installed:
            return None
        for decorator in info.node.decorator_list:
            target = decorator.func if isinstance(decorator, ast.Call) else decorator
            name = self.program.qualified(target, info.mod) or ""
            if name in _TYPES:
                return _Type("strawberry", cls)
            if name.startswith(_THREADED):
                return _Type("threads", cls)
        if self._is_graphene(cls):
            models = _MODEL_TYPES & {*self.program.mro(cls)}
            return _Type("models" if models else "graphene", cls)
        return None

    def _is_graphene(self, cls: str) -> bool:
        return any(base.startswith(("graphene.", "graphene_django.")) for base in self.program.mro(cls))

    def _declared_type(self, value: ast.expr | None, mod: Mod) -> tuple[_Type, bool] | None:
        """``Field(OrderType)``, ``List(NonNull(OrderType))`` and the like of Graphene's."""
        many = False
        while isinstance(value, ast.Call) and (value.args or value.keywords):
            name = self.program.qualified(value.func, mod) or ""
            short = name.rpartition(".")[2]
            if not name.startswith("graphene.") or short not in ("Field", "List", "NonNull", "Required"):
                return None
            many = many or short == "List"
            given = {k.arg: k.value for k in value.keywords}
            value = value.args[0] if value.args else given.get("type_") or given.get("of_type")
            if isinstance(value, ast.Lambda):
                value = value.body
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and "." in value.value:
            of = self._class_type(self.program.follow(value.value))
        else:
            of = self._class_type(self.program.qualified(value, mod) or "") if value is not None else None
        return (of, many) if of is not None else None

    def _in_schema(self, owner: str, name: str) -> tuple[_Type, bool] | None:
        field = sdl.of(self.session).fields.get(owner, {}).get(name)
        return (_Type("sdl", field.of), field.many) if field is not None else None

    # What is read of it

    def _read_fields(self, of: _Type, instance: Value, depth: int, seen: frozenset[str]) -> Effect | None:
        """The surest way to a query among the fields of an object that clients may select."""
        if not depth or of.name in seen or not isinstance(instance, Inst):
            return None
        info = self.models.info(instance.cls)
        if info is None:
            return None
        best: Effect | None = None
        for read in self._reads(of, instance):
            field = info.fields.get(read.attribute) or self.models.back(info.name, read.attribute)
            frame = type(self)(self.session, read.mod, None, None, self.depth + 1)
            if field is not None and field.kind in _MANY and not read.iterates:
                continue
            behind = frame.attribute(instance, read.attribute, read.node)
            if read.iterates and isinstance(behind, (Query, Manager)):
                behind = frame._rows(behind, read.node)
            found, _ = frame.effects()
            if found is None and read.behind is not None:
                found = self._read_fields(read.behind, not_none(behind), depth - 1, seen | {of.name})
            if found is not None and (best is None or found.level > best.level):
                best = found
        return best

    def _reads(self, of: _Type, instance: Inst) -> Iterator[_Read]:
        if of.kind == "strawberry":
            yield from self._of_strawberry(of.name)
        elif of.kind == "sdl":
            yield from self._of_schema(of.name, instance)
        elif of.kind in ("graphene", "models"):
            yield from self._of_graphene(of.name)
            if of.kind == "models":
                yield from self._of_model_type(of.name, instance)

    def _own_classes(self, cls: str) -> Iterator[ClassInfo]:
        for base in self.program.mro(cls):
            info = self.program.cls(base)
            if info is not None and not info.mod.installed:
                yield info

    def _of_strawberry(self, cls: str) -> Iterator[_Read]:
        for info in self._own_classes(cls):
            for name, binding in info.members.items():
                if not isinstance(binding, Assigned) or binding.annotation is None:
                    continue
                if binding.value is not None and not self._is_default(binding.value, info.mod):
                    continue
                if "Private" in ast.dump(binding.annotation):
                    continue
                of = self._annotated(binding.annotation, info.mod)
                yield _Read(name, info.mod, binding.annotation, of[0] if of is not None else None)

    def _is_default(self, value: ast.expr, mod: Mod) -> bool:
        """Whether a field of Strawberry's leaves it to the object what it holds."""
        if not isinstance(value, ast.Call):
            return True
        if self.program.qualified(value.func, mod) not in FIELDS:
            return False
        return not value.args and all(k.arg not in ("resolver", "extensions", None) for k in value.keywords)

    def _of_graphene(self, cls: str) -> Iterator[_Read]:
        for info in self._own_classes(cls):
            for name, binding in info.members.items():
                value = binding.value if isinstance(binding, Assigned) else None
                if not isinstance(value, ast.Call) or self.program.member(cls, f"resolve_{name}") is not None:
                    continue
                kind = self.program.qualified(value.func, info.mod) or ""
                keywords = {k.arg: k.value for k in value.keywords}
                if not kind.startswith("graphene.") or "resolver" in keywords:
                    continue
                source = keywords.get("source")
                if isinstance(source, ast.Constant) and isinstance(source.value, str):
                    name = source.value
                of = self._declared_type(value, info.mod)
                yield _Read(name, info.mod, value, of[0] if of is not None else None)

    def _of_model_type(self, cls: str, instance: Inst) -> Iterator[_Read]:
        """The relations of a model that Graphene-Django adds: those to models that have a type themselves."""
        info = self.models.info(instance.cls)
        meta, mod, listed, left_out = self._meta(cls)
        if info is None or meta is None or mod is None:
            return
        declared = {name for base in self._own_classes(cls) for name in base.members}
        for name, field in {**self.models.reverse(info.name), **info.fields}.items():
            if field.target is None or name in declared or f"resolve_{name}" in declared:
                continue
            if name in left_out or (listed is not None and name not in listed):
                continue
            behind = self._exposed().get(field.target)
            if behind is not None:
                node = (listed or {}).get(name, meta)
                yield _Read(name, mod, node, _Type("models", behind), field.kind in _MANY)

    def _meta(self, cls: str) -> tuple[ast.AST | None, Mod | None, dict[str, ast.AST] | None, set[str]]:
        """Where a type of a model says so, its module, the fields that it names, and those that it leaves out."""
        found = self.program.member(cls, "Meta")
        listed: dict[str, ast.AST] | None = None
        left_out: set[str] = set()
        if found is None or not isinstance(found[1], ast.ClassDef):
            return None, None, None, left_out
        at: ast.AST | None = None
        for statement in found[1].body:
            if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
                continue
            name, value = statement.targets[0].id, statement.value
            texts = {
                each.value: each
                for each in getattr(value, "elts", ())
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            }
            if name == "model":
                at = value
            elif name in ("fields", "only_fields") and not isinstance(value, ast.Constant):
                listed = dict(texts)
            elif name in ("exclude", "exclude_fields"):
                left_out = set(texts)
        return at, found[0].mod, listed, left_out

    def _exposed(self) -> dict[str, str]:
        """The types of Graphene-Django's by the model that they show."""
        known = self.session.exposed
        if known is None:
            known = self.session.exposed = {}
            for mod in self.session.modules_with((b"DjangoObjectType",)):
                for name, binding in mod.names.items():
                    cls = f"{mod.name}.{name}"
                    if isinstance(binding, ast.ClassDef) and _MODEL_TYPES & {*self.program.mro(cls)}:
                        at, where, _, _ = self._meta(cls)
                        model = (
                            self.program.qualified(at, where) if isinstance(at, ast.expr) and where else None
                        )
                        if model:
                            known[model] = cls
        return known

    def _of_schema(self, name: str, instance: Inst) -> Iterator[_Read]:
        schema = sdl.of(self.session)
        snake = self.session.mentions(_SNAKE)
        for field_name, field in schema.fields.get(name, {}).items():
            if (name, field_name) in schema.resolved:
                continue
            attribute = sdl.snake_case(field_name) if snake else field_name
            yield _Read(attribute, field.mod, field.node, _Type("sdl", field.of))
