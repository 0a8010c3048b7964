"""Plain functions that a framework calls on the event loop."""

from __future__ import annotations

import ast
from typing import Any

from django_uplift.flow.events import LIKELY, POSSIBLE
from django_uplift.syntax.tree import Tree, parent
from django_uplift.types.program import Mod
from django_uplift.types.values import Class, External, Func, Inst, Method

# Words of which a file with such functions holds one.
WORDS = (
    "ObjectType",
    "MutationType",
    "QueryType",
    "InterfaceType",
    "UnionType",
    "SubscriptionType",
    "strawberry",
    "graphene",
)

_ARIADNE = frozenset(
    f"ariadne.{name}"
    for name in (
        "ObjectType",
        "MutationType",
        "QueryType",
        "InterfaceType",
        "UnionType",
        "SubscriptionType",
        "ScalarType",
    )
)
_ARIADNE_DECORATORS = frozenset({"field", "type_resolver", "reference_resolver"})
_STRAWBERRY = frozenset({"strawberry.field", "strawberry.mutation", "strawberry.tools.field"})
_ASYNC_SERVERS = (
    b"ariadne.asgi", b"AsyncGraphQLView", b"strawberry.asgi", b"strawberry.channels", b"strawberry.fastapi",
    b"GraphQLRouter", b"AsyncGraphQLHTTPConsumer", b"graphql_async", b"GraphQLTransportWSHandler", b"ASGI_APPLICATION",
    b"get_asgi_application",
)  # fmt: skip


def run_on_loop(tree: Tree, mod: Mod, frame: Any) -> dict[ast.AST, int]:
    """The sync functions of a file that run on the loop, with how sure that is at most."""
    if not any(word in tree.text for word in WORDS):
        return {}
    found: dict[ast.AST, int] = {}
    resolvers: list[ast.AST] = []
    with frame.quiet():
        for node in tree.nodes(ast.FunctionDef):
            if any(_is_resolver(decorator, frame) for decorator in node.decorator_list):
                resolvers.append(node)
            elif isinstance(parent(node), ast.ClassDef) and _is_graphene(node, parent(node), mod, frame):
                found[node] = POSSIBLE
        for call in tree.nodes(ast.Call):
            function = call.func
            if (
                isinstance(function, ast.Attribute)
                and function.attr in ("set_field", "set_type_resolver")
                and call.args
            ):
                if _is_ariadne(frame.eval(function.value)):
                    held = frame.eval(call.args[-1])
                    if (
                        isinstance(held, Func)
                        and held.module == mod.name
                        and isinstance(held.node, ast.FunctionDef)
                    ):
                        resolvers.append(held.node)
    if resolvers:
        # Asked last: it is a look at every file of the project.
        level = LIKELY if frame.session.mentions(_ASYNC_SERVERS) else POSSIBLE
        found.update(dict.fromkeys(resolvers, level))
    return found


def _is_resolver(decorator: ast.expr, frame: Any) -> bool:
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    if (
        isinstance(target, ast.Attribute)
        and target.attr in _ARIADNE_DECORATORS
        and _is_ariadne(frame.eval(target.value))
    ):
        return True
    value = frame.eval(target)
    return isinstance(value, External) and value.name in _STRAWBERRY


def _is_ariadne(value: Any) -> bool:
    if isinstance(value, Method):
        return False
    return isinstance(value, (Inst, Class)) and value.cls in _ARIADNE


def _is_graphene(node: ast.FunctionDef, cls: Any, mod: Mod, frame: Any) -> bool:
    if not node.name.startswith("resolve_") and node.name != "mutate":
        return False
    order = frame.program.mro(f"{mod.name}.{cls.name}")
    return any(base.startswith(("graphene.", "graphene_django.")) for base in order)
