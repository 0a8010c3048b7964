"""Constructors: of models, forms, serializers, dataclasses and the project's other classes."""

from __future__ import annotations

import ast
from dataclasses import replace

from django_uplift.flow.arguments import short_name
from django_uplift.flow.bridges import BRIDGES
from django_uplift.flow.evaluation import FORMS
from django_uplift.flow.events import GENERIC, LIKELY
from django_uplift.flow.outside import Outside
from django_uplift.types.values import NOTHING, Bridge, Class, Const, Func, Inst, Manager, Plan, Query, Value


class Constructors(Outside):
    """Calls of classes."""

    def _construct(self, cls: str, args: list[Value], keywords: dict[str, Value], node: ast.AST) -> Value:
        info = self.models.info(cls)
        if info is not None:
            for name in keywords:
                field = info.fields.get(name)
                if field is not None and field.kind == "gfk" and keywords[name] != NOTHING:
                    self.report(GENERIC, node, name, f"{short_name(cls)}({name}=...)", level=LIKELY)
            made = self._created(cls, keywords, node)
            self._play_defaults(info, keywords, node)
            found = self.program.member(cls, "__init__")
            if found is not None and isinstance(found[1], ast.FunctionDef):
                function = self.method_of(found[0], found[1], made, node)
                if isinstance(function, Func):
                    self._effects(self.summary(function, args, keywords), function, node)
            return made
        if self.models.is_queryset(cls):
            model = keywords.get("model") or (args[0] if args else None)
            return Query(model.cls if isinstance(model, Class) else None, cls, Plan("fetched"))
        if self.models.is_manager(cls):
            return Manager(None, cls, self.models.queryset_of(cls))
        if self.program.is_a(cls, "asgiref.sync.SyncToAsync") or self.program.is_a(cls, *BRIDGES):
            return Bridge(args[0] if args else None, name=short_name(cls))
        if self.program.cls(cls) is None:
            return self._call_external(cls, args, keywords, node)
        if self.is_serializer(cls):
            return self._effects_of_init(made_serializer(cls, args, keywords), args, keywords, node)
        if self.program.is_a(cls, *FORMS):
            return self._effects_of_init(self.made_form(cls, args, keywords, node), args, keywords, node)
        result = Inst(cls)
        found = self.program.member(cls, "__new__")
        if found is not None and isinstance(found[1], ast.FunctionDef):
            function = Func(
                found[0].mod.name, found[1], found[1].lineno, found[1].col_offset, Class(cls), found[0].name
            )
            summary = self.summary(function, args, keywords)
            self._effects(summary, function, node)
            if isinstance(summary.returns, Inst):
                result = summary.returns
        if not self.program.member(cls, "__init__"):
            # A dataclass: its fields are what it is given.
            names = [n for base in reversed(self.program.mro(cls)) for n in self._annotated_names(base)]
            held = {
                **dict(zip(names, args, strict=False)),
                **{k: v for k, v in keywords.items() if k in names},
            }
            self._play_factories(cls, set(held), node)
            known = tuple((k, v) for k, v in held.items() if v is not None)
            result = Inst(cls, args=(*result.args, *known)) if known else result
        for name in ("__init__", "__post_init__"):
            found = self.program.member(cls, name)
            if found is None or not isinstance(found[1], ast.FunctionDef):
                continue
            function = self.method_of(found[0], found[1], result, node)
            if isinstance(function, Func):
                is_init = name == "__init__"
                given = (args, keywords) if is_init else ([], {})
                summary = self.summary(function, *given, is_call=True)
                self._effects(summary, function, node)
                if summary.attributes:
                    result = Inst(cls, args=tuple({**dict(result.args), **dict(summary.attributes)}.items()))
        return result

    def made_form(self, cls: str, args: list[Value], keywords: dict[str, Value], node: ast.AST) -> Inst:
        """An instance of a form's class."""
        held: list[tuple[str, Value]] = []
        plain = isinstance(node, ast.Call) and all(k.arg for k in node.keywords)
        if plain and not args and not keywords.keys() & {"data", "files"}:
            held.append(("_unbound", Const(True)))
        if isinstance(keywords.get("instance"), Inst):
            held.append(("instance", keywords["instance"]))
        return Inst(cls, args=tuple(held))

    def _effects_of_init(
        self, made: Inst, args: list[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Inst:
        found = self.program.member(made.cls, "__init__")
        if found is not None and isinstance(found[1], ast.FunctionDef):
            function = self.method_of(found[0], found[1], made, node)
            if isinstance(function, Func):
                summary = self.summary(function, args, keywords)
                self._effects(summary, function, node)
                return replace(made, args=tuple({**dict(made.args), **dict(summary.attributes)}.items()))
        return made

    def _play_factories(self, cls: str, given: set[str], node: ast.AST) -> None:
        """The default factories of a dataclass's fields run in its constructor."""
        for base in self.program.mro(cls):
            info = self.program.cls(base)
            for name, binding in info.members.items() if info else ():
                value = getattr(binding, "value", None)
                if name in given or not isinstance(value, ast.Call) or info is None:
                    continue
                for keyword in value.keywords:
                    if keyword.arg == "default_factory":
                        frame = type(self)(self.session, info.mod, None, None, self.depth + 1)
                        with frame.quiet():
                            factory = frame.eval(keyword.value)
                        self.call(factory, [], {}, node)

    def _annotated_names(self, cls: str) -> list[str]:
        info = self.program.cls(cls)
        return (
            [n for n, b in info.members.items() if getattr(b, "annotation", None) is not None] if info else []
        )

    def _play_defaults(self, info: object, keywords: dict[str, Value], node: ast.AST) -> None:
        """Callable defaults of fields run in the constructor."""
        for base in self.program.mro(info.name):  # type: ignore[attr-defined]
            cls = self.program.cls(base)
            for name, binding in cls.members.items() if cls else ():
                value = getattr(binding, "value", None)
                if name in keywords or not isinstance(value, ast.Call):
                    continue
                default = next((k.value for k in value.keywords if k.arg == "default"), None)
                if isinstance(default, (ast.Name, ast.Attribute)):
                    qualified = self.program.qualified(default, cls.mod)  # type: ignore[union-attr]
                    if qualified and self.program.locate(qualified):
                        function = self.named(qualified)
                        if isinstance(function, Func):
                            self.call(function, [], {}, node)


def made_serializer(cls: str, args: list[Value], keywords: dict[str, Value]) -> Inst:
    """An instance of a serializer's class: what it shows, and whether that are many."""
    held: list[tuple[str, Value]] = [("instance", keywords.get("instance") or (args[0] if args else None))]
    if isinstance(keywords.get("many"), Const):
        held.append(("many", keywords["many"]))
    if "data" in keywords or len(args) > 1:
        held.append(("_input", Const(True)))
    if keywords.get("instance", args[0] if args else NOTHING) != NOTHING:
        held.append(("_updates", Const(True)))
    return Inst(cls, args=tuple(held))
