"""What the first parameter of a method is: `self`, unless a framework calls the method on something else."""

from __future__ import annotations

import ast
from typing import Any

from django_uplift.syntax.tree import FunctionNode
from django_uplift.types.annotations import annotated
from django_uplift.types.program import Mod
from django_uplift.types.values import Class, Inst, Plan, Value

_MODEL_TYPES = frozenset({"type", "interface", "input", "partial"})
_HINTS = {"select_related": "loaded", "prefetch_related": "prefetched"}


def bound_of(session: Any, mod: Mod, owner: str, cls: ast.ClassDef, node: FunctionNode) -> Value:
    """What a method of `cls` is bound to."""
    names = {d.id for d in node.decorator_list if isinstance(d, ast.Name)}
    if "staticmethod" in names:
        return None
    if "classmethod" in names:
        return Class(owner)
    if session.models.is_model(owner):
        return Inst(owner, Plan())
    return _declared(session, mod, owner, node) or _shown(session, mod, cls, node) or Inst(owner)


def _declared(session: Any, mod: Mod, owner: str, node: FunctionNode) -> Value:
    """``self: models.Fruit``, as resolvers of GraphQL types say what the type stands for."""
    first = next(iter([*node.args.posonlyargs, *node.args.args]), None)
    if first is None or first.annotation is None:
        return None
    value = annotated(first.annotation, mod, session.program, session.models, owner)
    return value if isinstance(value, Inst) and session.models.is_model(value.cls) else None


def _shown(session: Any, mod: Mod, cls: ast.ClassDef, node: FunctionNode) -> Value:
    """The model that a type of strawberry-django shows, with what the field asks its optimizer for."""
    for decorator in cls.decorator_list:
        if not isinstance(decorator, ast.Call) or not decorator.args:
            continue
        name = session.program.qualified(decorator.func, mod) or ""
        if name.startswith(("strawberry_django.", "strawberry.django.")):
            model = session.program.qualified(decorator.args[0], mod) or ""
            if name.rpartition(".")[2] in _MODEL_TYPES and session.models.is_model(model):
                return Inst(model, _hinted(node))
    return None


def _hinted(node: FunctionNode) -> Plan:
    plan = Plan()
    for decorator in node.decorator_list:
        for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
            if keyword.arg in _HINTS:
                paths = [
                    each.value
                    for each in ast.walk(keyword.value)
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                ]
                plan = plan.adding(**{_HINTS[keyword.arg]: paths})
    return plan
