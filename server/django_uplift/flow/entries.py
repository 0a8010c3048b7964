"""Plain functions that a framework calls on the event loop."""

from __future__ import annotations

import ast
import re
from typing import Any

from django_uplift.flow.events import LIKELY, POSSIBLE
from django_uplift.flow.handed import FIELDS, handed
from django_uplift.syntax.tree import Tree, parent
from django_uplift.types.program import Assigned, Mod
from django_uplift.types.values import Bridge, Class, External, Func, Inst, Method, Plan, Value

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
    "reactpy",
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
_PERMISSION = frozenset({"strawberry.permission.BasePermission", "strawberry.BasePermission"})
_NODE = frozenset({"strawberry.relay.Node", "strawberry.relay.types.Node"})
# Permissions are asked before their field is resolved, nodes are fetched by their keys.
_HOOKS = {
    "has_permission": _PERMISSION,
    **dict.fromkeys(("resolve_nodes", "resolve_node", "resolve_id", "resolve_typename"), _NODE),
}
_ARIADNE_DECORATORS = frozenset({"field", "type_resolver", "reference_resolver"})
_ASYNC_SERVERS = (
    b"ariadne.asgi", b"AsyncGraphQLView", b"strawberry.asgi", b"strawberry.channels", b"strawberry.fastapi",
    b"GraphQLRouter", b"AsyncGraphQLHTTPConsumer", b"graphql_async", b"GraphQLTransportWSHandler", b"GraphQLAsyncView",
    b"aiodataloader", b"strawberry.dataloader",
)  # fmt: skip
# Executed synchronously, no schema takes a coroutine.
_ASYNC_RESOLVER = re.compile(
    rb"@(?:\w+\.field\(|strawberry\.(?:field|mutation)\b)[^\n]*\n(?:[ \t]*@[^\n]*\n)*[ \t]*async def "
    rb"|async def resolve_\w+\("
)
# Every project has them, whatever serves its schema.
_ASGI = (b"ASGI_APPLICATION", b"get_asgi_application")
_SYNC_SERVERS = (b"GraphQLView.as_view", b"ariadne.wsgi")


# Of web frameworks whose handlers call their own request so, too.
_OTHERS = (
    "aiohttp.web",
    "starlette.",
    "fastapi.",
    "sanic.",
    "quart.",
    "tornado.",
    "grpc",
    "litestar.",
    "blacksheep.",
)
_REQUEST = "django.http.HttpRequest"
REST_REQUEST = "rest_framework.request.Request"
_REST = ("adrf.", "rest_framework.permissions.", "rest_framework.throttling.")
_DJANGO = (
    "django.http",
    "django.shortcuts",
    "django.views",
    "django.utils.decorators",
    "rest_framework.",
    "channels.",
)


def is_djangos_request(mod: Mod) -> bool:
    """Whether a parameter called `request` is Django's in a module: not in one of another framework's handlers."""
    imported = [binding for binding in mod.names.values() if isinstance(binding, str)]
    return any(name.startswith(_DJANGO) for name in imported) or not any(
        name.startswith(_OTHERS) for name in imported
    )


def request_of(function: Func, mod: Mod | None, program: Any) -> str:
    """The class of a parameter called `request`; '' where that is not known."""
    if mod is None:
        return _REQUEST
    if function.owner and any(base.startswith(_REST) for base in program.mro(function.owner)):
        return REST_REQUEST
    for decorator in getattr(function.node, "decorator_list", ()):
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        if program.qualified(target, mod) == "adrf.decorators.api_view":
            return REST_REQUEST
    return _REQUEST if is_djangos_request(mod) else ""


def run_on_loop(tree: Tree, mod: Mod, frame: Any) -> dict[ast.AST, int]:
    """The sync functions of a file that run on the loop, with how sure that is at most."""
    if not mod.holds(WORDS):
        return {}
    found: dict[ast.AST, int] = {}
    resolvers: list[ast.AST] = []
    graphene: list[ast.AST] = []
    with frame.quiet():
        for node in tree.nodes(ast.FunctionDef):
            hook = _HOOKS.get(node.name)
            asked = hook is not None and _is_a(parent(node), hook, mod, frame)
            if any(_is_component(decorator, mod, frame) for decorator in node.decorator_list):
                found[node] = LIKELY
            elif asked or any(_is_resolver(decorator, frame) for decorator in node.decorator_list):
                if not _is_bridged(node, mod, frame):
                    resolvers.append(node)
            elif isinstance(parent(node), ast.ClassDef) and _is_graphene(node, parent(node), mod, frame):
                graphene.append(node)
        places = {(line, column) for module, line, column in handed(frame.session) if module == mod.name}
        given: list[ast.FunctionDef | ast.Lambda] = []
        if places:
            given = [*tree.nodes(ast.FunctionDef), *tree.nodes(ast.Lambda)]
        for each in given:
            if (each.lineno, each.col_offset) in places and each not in resolvers:
                if isinstance(each, ast.Lambda) or not _is_bridged(each, mod, frame):
                    resolvers.append(each)
    # Asked last: it is a look at every file of the project.
    if resolvers:
        asks = frame.session.mentions
        is_async = asks(_ASYNC_SERVERS) or (asks(_ASGI) and not asks(_SYNC_SERVERS))
        is_async = is_async or frame.session.matches(_ASYNC_RESOLVER)
        found.update(dict.fromkeys(resolvers, LIKELY if is_async else POSSIBLE))
    if graphene:
        is_async = frame.session.matches(_ASYNC_RESOLVER)
        found.update(dict.fromkeys(graphene, LIKELY if is_async else POSSIBLE))
    return found


def _is_bridged(node: ast.FunctionDef, mod: Mod, frame: Any) -> bool:
    """Whether a decorator runs the function in a thread."""
    held = frame.decorated(Func(mod.name, node, node.lineno, node.col_offset), node, frame)
    return isinstance(held, Bridge) and not held.back


def roots(tree: Tree, mod: Mod, frame: Any) -> dict[ast.AST, Value]:
    """What the first parameter of GraphQL resolvers is, where they do not say so themselves.

    The resolvers of one GraphQL type share their root: what the others declare holds for all of them. Where none
    does, a type that is called as one model of the project's stands for that model.
    """
    if not mod.holds(WORDS):
        return {}
    by_type: dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef]] = {}
    with frame.quiet():
        functions: list[ast.FunctionDef | ast.AsyncFunctionDef] = [
            *tree.nodes(ast.FunctionDef),
            *tree.nodes(ast.AsyncFunctionDef),
        ]
        for node in functions:
            for decorator in node.decorator_list:
                target = decorator.func if isinstance(decorator, ast.Call) else None
                if (
                    isinstance(target, ast.Attribute)
                    and target.attr == "field"
                    and isinstance(target.value, ast.Name)
                    and node.args.args
                    and _is_ariadne(frame.eval(target.value))
                ):
                    by_type.setdefault(target.value.id, []).append(node)
    found: dict[ast.AST, Value] = {}
    for bindable, nodes in by_type.items():
        silent = [node for node in nodes if node.args.args[0].annotation is None]
        if silent and (root := _root(bindable, nodes, mod, frame)) is not None:
            found.update(dict.fromkeys(silent, root))
    return found


def _root(bindable: str, nodes: list[Any], mod: Mod, frame: Any) -> Value:
    declared = {
        value
        for node in nodes
        if (annotation := node.args.args[0].annotation) is not None
        and (value := frame.annotation(annotation, mod)) is not None
    }
    if declared:
        return declared.pop() if len(declared) == 1 else None
    binding = mod.names.get(bindable)
    call = binding.value if isinstance(binding, Assigned) else None
    name = call.args[0] if isinstance(call, ast.Call) and call.args else None
    if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
        return None
    model = frame.models.called(name.value)
    return Inst(model, Plan()) if model else None


def _is_resolver(decorator: ast.expr, frame: Any) -> bool:
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    if (
        isinstance(target, ast.Attribute)
        and target.attr in _ARIADNE_DECORATORS
        and _is_ariadne(frame.eval(target.value))
    ):
        return True
    value = frame.eval(target)
    return isinstance(value, External) and value.name in FIELDS


def _is_component(decorator: ast.expr, mod: Mod, frame: Any) -> bool:
    """ReactPy renders its components on the loop; only what `use_query` and `use_mutation` are given runs elsewhere."""
    return frame.program.qualified(decorator, mod) in (
        "reactpy.component",
        "reactpy.core.component.component",
    )


def _is_ariadne(value: Any) -> bool:
    if isinstance(value, Method):
        return False
    return isinstance(value, (Inst, Class)) and value.cls in _ARIADNE


def _is_a(cls: Any, bases: frozenset[str], mod: Mod, frame: Any) -> bool:
    """Whether a method's class has one of these bases."""
    return isinstance(cls, ast.ClassDef) and not bases.isdisjoint(frame.program.mro(f"{mod.name}.{cls.name}"))


def _is_graphene(node: ast.FunctionDef, cls: Any, mod: Mod, frame: Any) -> bool:
    if not node.name.startswith("resolve_") and node.name != "mutate":
        return False
    order = frame.program.mro(f"{mod.name}.{cls.name}")
    return any(base.startswith(("graphene.", "graphene_django.")) for base in order)
