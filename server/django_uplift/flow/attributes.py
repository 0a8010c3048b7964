"""Attribute access: where lazy relations hide."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace

from django_uplift.django.async_api import METHODS, PROPERTIES, REQUEST_SINCE
from django_uplift.django.blocking import CALLS
from django_uplift.django.builtin_models import READS
from django_uplift.django.clients import client_of
from django_uplift.django.orm import ASYNC, INSTANCE, LAZY, RELATED, TERMINAL, VALIDATION
from django_uplift.flow.asking import Asking
from django_uplift.flow.entries import WORDS
from django_uplift.flow.events import (
    DEFERRED,
    GENERIC,
    LIKELY,
    MISSING_AWAIT,
    POSSIBLE,
    PROVEN,
    RELATION,
    SYNC_ONLY,
    TOO_NEW,
    USER,
)
from django_uplift.flow.frame import dotted, is_absent
from django_uplift.types.models import MODEL, Field, ModelInfo
from django_uplift.types.program import Assigned
from django_uplift.types.values import (
    BOOL,
    FALSE,
    FLOAT,
    INT,
    NOTHING,
    STR,
    TRUE,
    AsyncIter,
    Awaitable,
    Bridge,
    Class,
    Const,
    External,
    Func,
    Inst,
    LazyUser,
    Manager,
    Method,
    Partial,
    Plan,
    Query,
    Seq,
    Super,
    Tup,
    Value,
)

REQUESTS = frozenset(
    {
        "django.http.HttpRequest",
        "django.core.handlers.asgi.ASGIRequest",
        "django.core.handlers.wsgi.WSGIRequest",
        "rest_framework.request.Request",
        "adrf.requests.AsyncRequest",
    }
)
_REST_REQUEST = "rest_framework.request.Request"
_REST_REQUESTS = frozenset({_REST_REQUEST, "adrf.requests.AsyncRequest"})
LAZY_OBJECT = "django.utils.functional.SimpleLazyObject"
PAGINATOR = "django.core.paginator.Paginator"
SESSION = "django.contrib.sessions.backends.base.SessionBase"
_M2M_DESCRIPTOR = "django.db.models.fields.related_descriptors.ManyToManyDescriptor"
_RESOLVE_INFO = frozenset({"strawberry.Info", "strawberry.types.Info", "strawberry.types.info.Info"})
_RESOLVE_CONTEXT = "strawberry.django.context.StrawberryDjangoContext"
_STRAWBERRY_ON_DJANGO = (b"strawberry.django", b"strawberry_django")
_VIEWS = ("django.views.", "rest_framework.", "adrf.")
# The last one is put there by django-mptt's metaclass.
_DEFAULT_MANAGERS = frozenset({"_default_manager", "_base_manager", "_tree_manager"})
_VIEW_METHODS = frozenset({"get_queryset", "get_object", "filter_queryset", "aget_object"})
_INSTANCES: dict[str, Value] = {
    # The loop's own thread has no open connection, and so no transaction.
    "django.db.connection.connection": NOTHING,
    "django.db.connection.in_atomic_block": FALSE,
    "django.core.cache.cache": Inst("django.core.cache.backends.base.BaseCache"),
    "django.core.files.storage.default_storage": Inst("django.core.files.storage.Storage"),
}
_FIELD_TYPES = {
    "CharField": STR,
    "TextField": STR,
    "SlugField": STR,
    "EmailField": STR,
    "URLField": STR,
    "IntegerField": INT,
    "PositiveIntegerField": INT,
    "BigIntegerField": INT,
    "BooleanField": BOOL,
    "FloatField": FLOAT,
    "DateTimeField": Inst("datetime.datetime"),
    "DateField": Inst("datetime.date"),
    "DecimalField": Inst("decimal.Decimal"),
    "UUIDField": Inst("uuid.UUID"),
    "JSONField": Inst("builtins.dict"),
}
_FILE = Inst("django.db.models.fields.files.FieldFile")
_READ_FIELDS = frozenset(name for methods in READS.values() for name in methods)
_COROUTINE_API = frozenset(
    {"close", "send", "throw", "cr_frame", "add_done_callback", "cancel", "result", "done"}
)


class Attributes(Asking):
    """Reads of attributes."""

    def read(self, node: ast.Attribute) -> Value:
        """Play an attribute access; what it showed is remembered until the name is bound again."""
        key = dotted(node)
        if key is not None:
            known = self.local(key)
            if not is_absent(known):
                return known
        value = self.eval(node.value)
        if value is None:
            value = self.asked(node)
        result = self.each(value, lambda option: self.attribute(option, node.attr, node))
        if key is not None and any(event.node is node for event in self.events.values()):
            self.remember(key, result)
        return result

    def attribute(self, value: Value, name: str, node: ast.AST) -> Value:
        """What `value.name` is."""
        if value is None:
            return None
        kind = type(value)
        if kind is Inst:
            return self._instance(value, name, node)
        if kind is External:
            return self.named(f"{value.name}.{name}")
        if kind is Class:
            return self._of_class(value, name, node)
        if kind is Query or kind is Manager:
            return self._of_query(value, name, node)
        if kind is Super:
            return self._of_super(value, name, node)
        if kind is LazyUser and name in ("_wrapped", "_setupfunc", "__dict__"):
            # Who looks inside knows whether it is there.
            self.refine(node.value if isinstance(node, ast.Attribute) else node, None)
            return None
        if kind is LazyUser:
            self.read_user(value, node, _object(node) or node)
            return self.attribute(Inst(value.user, Plan("fetched")), name, node)
        if kind is Awaitable:
            if name not in _COROUTINE_API and value.origin:
                self.report(MISSING_AWAIT, node, name, value.origin)
            return Method(value, name)
        if (
            kind is Seq
            or kind is Tup
            or kind is Const
            or kind is Bridge
            or kind is Partial
            or kind is AsyncIter
        ):
            return Method(value, name)
        if kind is Method and isinstance(value.receiver, Inst):
            client = client_of(value.receiver.cls)
            return Method(value.receiver, name) if client is not None and client.is_nested else None
        if kind is Func and name in ("delay", "apply_async", "s", "si"):
            return Method(value, name)
        return None

    # Names outside

    def named(self, name: str) -> Value:
        """What a qualified name is: a definition of the project's, or something external."""
        name = self.program.follow(name)
        found = self.program.locate(name)
        if found is None:
            if self.models.info(name) is not None:
                return Class(name)
            return _INSTANCES.get(name) or External(name)
        mod, rest = found
        if not rest:
            return External(name)
        value = self.session_value(mod, rest[0])
        for part in rest[1:]:
            value = self.attribute(value, part, mod.module)
        return value

    def session_value(self, mod: object, identifier: str) -> Value:
        """What a module-level name of the project holds."""
        raise NotImplementedError

    # Instances

    def _instance(self, value: Inst, name: str, node: ast.AST) -> Value:
        for known, held in value.args:
            if known == name:
                return held
        if name == "__class__":
            return Class(value.cls)
        if value.cls == LAZY_OBJECT:
            return self.attribute(self.wake(value, node), name, node)
        if name == "context" and value.cls in _RESOLVE_INFO and self.session.mentions(_STRAWBERRY_ON_DJANGO):
            return Inst(_RESOLVE_CONTEXT)
        if name == "request" and value.cls == _RESOLVE_CONTEXT:
            return Inst("django.http.HttpRequest")
        info = self.models.info(value.cls)
        if info is not None:
            return self._of_model(value, info, name, node)
        if name in ("data", "adata") and self.is_serializer(value.cls):
            self.serialized(value, node, name)
            return Awaitable(None, "") if name == "adata" else None
        found = self.program.member(value.cls, name)
        if found is not None:
            return self.member(value, found, name, node)
        if name == "errors" and self.program.is_a(value.cls, "django.forms.Form", "django.forms.ModelForm"):
            self.form_errors(value, node)
            return None
        if value.cls in REQUESTS or any(base in REQUESTS for base in self.program.mro(value.cls)):
            return self._of_request(value, name, node)
        external = self._external_method(value, name, node)
        if external is not None:
            return external
        if self.program.cls(value.cls) is not None:
            return self._self_attribute(value, name, node)
        return Method(value, name)

    def member(self, value: Value, found: tuple[object, object], name: str, node: ast.AST) -> Value:
        """A class's attribute, read through an instance."""
        info, binding = found
        if isinstance(binding, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return self.method_of(info, binding, value, node)
        if isinstance(binding, ast.ClassDef):
            return Class(f"{info.name}.{name}")  # type: ignore[attr-defined]
        if isinstance(binding, str):
            return self.named(binding)
        if isinstance(binding, Assigned):
            annotated = self.annotation(binding.annotation, info.mod) if binding.annotation else None  # type: ignore[attr-defined]
            held = self.class_value(info, name, binding)
            if isinstance(held, Func) and held.bound is None:
                held = replace(held, bound=value)
            if isinstance(held, Partial) and held.method and isinstance(held.func, Func):
                held = replace(held, func=replace(held.func, bound=value))
            if isinstance(held, Inst) and self.program.member(held.cls, "__get__"):
                return self.dunder(held, "__get__", node, node, value, None)
            return annotated if held is None or isinstance(held, Const) else held
        return None

    def method_of(self, info: object, node: ast.AST, value: Value, at: ast.AST) -> Value:
        """A function of a class's body, bound; a property is played."""
        raise NotImplementedError

    def class_value(self, info: object, name: str, binding: Assigned) -> Value:
        """What a class-level name holds."""
        raise NotImplementedError

    def annotation(self, node: ast.expr | None, mod: object) -> Value:
        """The value that an annotation promises."""
        raise NotImplementedError

    def _self_attribute(self, value: Inst, name: str, node: ast.AST) -> Value:
        held = self.attribute_of(value.cls, name)
        if held is not None:
            return held
        if self.program.member(value.cls, "__getattr__"):
            return self.dunder(value, "__getattr__", node, node, Const(name))
        order = self.program.mro(value.cls)
        if any(base.startswith(_VIEWS) for base in order):
            if name == "request":
                is_rest = any(base.startswith("adrf.") for base in order)
                return Inst(_REST_REQUEST if is_rest else "django.http.HttpRequest")
            model = self.view_model(value.cls)
            if name in _VIEW_METHODS:
                return Method(value, name, model or "")
            if name == "object" and model:
                return Inst(model, Plan("unknown"))
            if name == "object_list" and model:
                return Query(model)
        if name == "scope" and any(base.startswith("channels.") for base in order):
            return Seq("dict", STR, entries=(("user", Inst(self.models.user, Plan())),))
        return Method(value, name)

    def attribute_of(self, cls: str, name: str) -> Value:
        """What the methods of a class assign to ``self.name``."""
        raise NotImplementedError

    def view_model(self, cls: str) -> str | None:
        """The model of a class-based view, by its `model` or `queryset`."""
        for name in ("model", "queryset"):
            found = self.program.member(cls, name)
            if found and isinstance(found[1], Assigned):
                held = self.class_value(found[0], name, found[1])
                if isinstance(held, Class) and self.models.is_model(held.cls):
                    return held.cls
                if isinstance(held, (Query, Manager)):
                    return held.model
        return None

    def is_serializer(self, cls: str) -> bool:
        """Whether a class is a serializer of Django REST framework's."""
        raise NotImplementedError

    def serialized(self, serializer: Inst, node: ast.AST, name: str) -> None:
        """`serializer.data`, or adrf's `adata`: the instance is written out."""
        raise NotImplementedError

    def form_errors(self, form: Inst, node: ast.AST) -> None:
        """`form.errors`: it is validated."""
        raise NotImplementedError

    def wake(self, value: Value, node: ast.AST) -> Value:
        """What a `SimpleLazyObject` wraps, made at `node`; any other value as it is."""
        if not isinstance(value, Inst) or value.cls != LAZY_OBJECT:
            return value
        made = self.call(dict(value.args).get("_setup"), [], {}, node)
        at = node.value if isinstance(node, ast.Attribute) else node
        if made is not None:
            self.keep(at, made)
        return made

    # Models

    def _of_model(self, value: Inst, info: ModelInfo, name: str, node: ast.AST) -> Value:
        plan = value.plan or Plan()
        if plan.has(name) and name not in info.fields:
            # A prefetch's to_attr, or a reverse relation that is on board.
            lookup = dict(plan.aliases).get(name)
            field = self.models.back(value.cls, lookup or name)
            if lookup:
                behind = info.fields.get(lookup) or field
                target = behind.target if behind else None
                below = plan.below(name, many=True)
                if behind and behind.back and target:
                    below = below.adding(loaded=[behind.back])
                return Seq("list", Inst(target, below) if target else None)
            if field is None:
                return Seq("list", None)
            return self._relation(value, info, field, plan, node)
        field = info.fields.get(name)
        if field is not None:
            return self._field(value, info, field, plan, node)
        if name in info.managers:
            return None
        if name == "pk" or name == "id" or name == "_state":
            return INT
        if name.endswith("_id") and name[:-3] in info.fields:
            self._deferred(value, name[:-3], plan, node)
            return INT
        found = self.program.member(value.cls, name)
        if found is not None:
            return self.member(value, found, name, node)
        if name in INSTANCE or name in VALIDATION or name in ("asave", "adelete", "arefresh_from_db"):
            return Method(value, name)
        method = self._external_method(value, name, node)
        if method is not None:
            return method
        if name in _READ_FIELDS and any(name in READS.get(base, ()) for base in self.program.mro(value.cls)):
            return Method(value, name)
        if name.startswith("get_") and (
            name.endswith("_display") or name.startswith(("get_next_by_", "get_previous_by_"))
        ):
            return Method(value, name)
        if name == "_meta":
            return self._of_class(Class(value.cls), name, node)
        if name in _DEFAULT_MANAGERS:
            default = info.default_manager
            return Manager(value.cls, default.cls, default.queryset)
        if name.startswith("_"):
            return None
        back = self.models.back(value.cls, name)
        if back is not None:
            return self._relation(value, info, back, plan, node)
        if name.endswith("_ptr"):
            return self._parent(value, name, plan, node)
        return self._self_attribute(value, name, node) if self.program.cls(value.cls) else None

    def _parent(self, value: Inst, name: str, plan: Plan, node: ast.AST) -> Value:
        """The parent of multi-table inheritance: made of columns on board, unless some were left out."""
        for base in self.program.mro(value.cls)[1:]:
            parent = self.models.info(base)
            if parent is None or parent.abstract or _short(base).lower() != name.removesuffix("_ptr"):
                continue
            plain = {f.name for f in parent.fields.values() if f.kind in ("plain", "fk", "o2o")}
            if plain & plan.deferred or (plan.only is not None and plain - plan.only):
                link = Field(name, "o2o", base)
                what = f"{_short(value.cls)}.{name}"
                self.report(RELATION, node, name, what, receiver=value, extra={"field": link})
                plan = replace(plan, only=None, deferred=frozenset())
            return Inst(base, plan)
        return None

    def _field(self, value: Inst, info: ModelInfo, field: Field, plan: Plan, node: ast.AST) -> Value:
        if field.kind in ("plain", "fk", "o2o"):
            if self._deferred(value, field.name, plan, node) and field.kind == "plain":
                return _of_field(field.type)
        if field.kind == "plain":
            return _of_field(field.type)
        return self._relation(value, info, field, plan, node)

    def _deferred(self, value: Inst, name: str, plan: Plan, node: ast.AST) -> bool:
        """Report a read of a field that the query left out."""
        if name in plan.deferred or (
            plan.only is not None and name not in plan.only and name not in ("id", "pk")
        ):
            self.report(DEFERRED, node, name, f"{_short(value.cls)}.{name}", receiver=value)
            self.board(_object(node), name, deferred=True)
            return True
        return False

    def _relation(self, value: Inst, info: ModelInfo, field: Field, plan: Plan, node: ast.AST) -> Value:
        name, kind, target = field.name, field.kind, field.target
        if kind in ("m2m", "reverse-fk", "reverse-m2m", "generic"):
            behind = self.models.info(target) if target else None
            manager = behind.default_manager if behind is not None else None
            cached = name in plan.prefetched
            if kind == "generic":
                self.report(GENERIC, node, name, f"{_short(value.cls)}.{name}", level=LIKELY, receiver=value)
            back = field.back if kind == "reverse-fk" else ""
            below = plan.below(name, many=True) if cached else Plan()
            if back:
                below = below.adding(loaded=[back, *_from(back, plan.loaded)])
                if plan.deferred or plan.only is not None:
                    below = replace(below, inner=(*below.inner, (back, replace(plan, node=None))))
            return Manager(
                target,
                manager.cls if manager else "django.db.models.Manager",
                manager.queryset if manager else "django.db.models.QuerySet",
                {"reverse-fk": "fk", "generic": "generic"}.get(kind, "m2m"),
                below,
                cached,
                back,
                plan.origin == "unknown" and self.models.is_planned(name, value.cls),
                field.through,
            )
        # What an object of unknown origin leads to may have more on board than we know.
        origin = "unknown" if plan.origin == "unknown" else "fetched"
        followed = plan.every_relation and not field.null and kind in ("fk", "o2o")
        behind_it = replace(plan.below(name), origin=origin, every_relation=followed)
        if kind in ("o2o", "reverse-o2o") and target:
            # Either side of a one-to-one relation sets the other's cache.
            opposite = field.back if kind == "reverse-o2o" else self.models.opposite(value.cls, field)
            if opposite:
                others = (path for path in plan.loaded if path != name)
                behind_it = behind_it.adding(loaded=[opposite, *_from(opposite, others)])
        result = Inst(target, behind_it) if target else None
        if plan.has(name) or followed:
            return result
        if plan.origin == "created":
            return result
        level = PROVEN
        if plan.origin == "unknown":
            level = LIKELY
            if self.models.is_planned(name, value.cls) and not self._is_given_by_framework(node):
                level = POSSIBLE
        if kind == "gfk":
            level = min(level, LIKELY)
        self.report(
            RELATION,
            node,
            name,
            f"{_short(value.cls)}.{name}",
            level=level,
            receiver=value,
            extra={"field": field},
        )
        self.board(_object(node), name)
        if isinstance(result, Inst) and result.plan:
            result = replace(
                result,
                plan=replace(result.plan, place=self.place(node) if hasattr(node, "lineno") else None),
            )
        return result

    def _is_given_by_framework(self, node: ast.AST) -> bool:
        """Whether an object is a parameter of a function that the project nowhere calls.

        Whoever does fetches the object itself: what the project's own queries bring along says nothing then. But
        GraphQL resolvers are given what other resolvers return.
        """
        func, at = self.func, (dotted(_object(node) or node) or "").partition(".")[0]
        if func is None or self.depth or not isinstance(func.node, ast.AsyncFunctionDef):
            return False
        if func.scope is not None or self.mod.holds(WORDS) or at in self.rebound:
            return False
        spec = func.node.args
        names = {a.arg for a in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)}
        return at in names and not self.session.is_called(func.name)

    # Django's objects

    def _of_request(self, value: Inst, name: str, node: ast.AST) -> Value:
        if name == "user" and value.cls in _REST_REQUESTS:
            # Authentication comes first, in a thread.
            return Inst(self.models.user, Plan())
        if name == "user":
            return LazyUser(self.models.user)
        if name == "session":
            return Inst(SESSION)
        if name in REQUEST_SINCE:
            if self.session.target < REQUEST_SINCE[name]:
                self.report(TOO_NEW, node, name, f"request.{name}", since=REQUEST_SINCE[name])
            return Method(value, name)
        if name == "_request" or name == "wsgi_request":
            return value
        return Method(value, name)

    def counted(self, paginator: Inst, node: ast.AST) -> None:
        """The paginator that `node` names knows its count from now on."""
        self.keep(node, replace(paginator, args=(*paginator.args, ("counted", TRUE))))

    def read_user(self, value: LazyUser, node: ast.AST, at: ast.AST | None = None) -> None:
        """The lazy user that `at` holds is read, by what `node` does."""
        self.report(USER, node, "user", "request.user", level=LIKELY)
        self.refine(at or node, Inst(value.user, Plan("fetched")))

    def _external_method(self, value: Inst, name: str, node: ast.AST) -> Value:
        for base in self.program.mro(value.cls):
            if name in METHODS.get(base, ()):
                return Method(value, name)
            sync = PROPERTIES.get(base, {}).get(name)
            if sync is not None and base == PAGINATOR and dict(value.args).get("counted"):
                return INT
            if sync is not None:
                if base == PAGINATOR and isinstance(node, ast.Attribute):
                    self.counted(value, node.value)
                self.report(
                    SYNC_ONLY,
                    node,
                    name,
                    f"{_short(value.cls)}.{name}",
                    receiver=value,
                    extra={"why": sync.why},
                )
                return INT
            if f"{base}.{name}" in CALLS:
                return Method(value, name)
            if name.startswith("a") and name[1:] in METHODS.get(base, ()):
                return Method(value, name)
        return None

    # Classes

    def _of_class(self, value: Class, name: str, node: ast.AST) -> Value:
        info = self.models.info(value.cls)
        if info is not None and name == "_meta":
            own = info.default_manager
            manager_value = Manager(value.cls, own.cls, own.queryset)
            held = (
                ("default_manager", manager_value),
                ("base_manager", Manager(value.cls)),
                ("model", value),
            )
            return Inst("django.db.models.options.Options", args=held)
        if info is not None:
            field = info.fields.get(name)
            if field is not None and field.through:
                return Inst(_M2M_DESCRIPTOR, args=(("through", Class(field.through)),))
            manager = info.managers.get(name)
            if manager is None and name in _DEFAULT_MANAGERS:
                manager = info.default_manager
            if manager is not None:
                return Manager(value.cls, manager.cls, manager.queryset)
            if name in ("DoesNotExist", "MultipleObjectsReturned", "NotUpdated"):
                return External(f"{value.cls}.{name}")
        if value.cls == MODEL and (name == "objects" or name in _DEFAULT_MANAGERS):
            return Manager(None)
        found = self.program.member(value.cls, name)
        if found is not None:
            owner, binding = found
            if isinstance(binding, (ast.FunctionDef, ast.AsyncFunctionDef)):
                return self.unbound(owner, binding, value)
            if isinstance(binding, Assigned) and isinstance(binding.value, ast.Constant):
                if self.program.is_a(value.cls, "enum.Enum"):
                    # The last argument tells the members apart.
                    word = Class(f"{value.cls}.{name}")
                    return Inst(
                        value.cls, args=(("value", self.class_value(owner, name, binding)), ("_self", word))
                    )
                if binding.value.value is None:
                    held = self.attribute_of(value.cls, name)
                    return held if held is not None else self.member(None, found, name, node)
            return self.member(None, found, name, node)
        if info is not None and name in ("save", "delete", "refresh_from_db", "from_db"):
            return Method(value, name)
        if "+" in value.cls or self.models.is_queryset(value.cls) or self.models.is_manager(value.cls):
            return Method(value, name)
        if self.program.cls(value.cls) is None:
            return External(f"{value.cls}.{name}")
        return Method(value, name)

    def unbound(self, info: object, node: ast.AST, cls: Class) -> Value:
        """A function read from a class: class methods are bound to it."""
        raise NotImplementedError

    def _of_super(self, value: Super, name: str, node: ast.AST) -> Value:
        bound = value.bound
        cls = getattr(bound, "cls", None)
        if isinstance(cls, str):
            found = self.program.member(cls, name, after=value.owner)
            if found is not None:
                return self.member(bound, found, name, node)
        if isinstance(bound, (Query, Manager)):
            return Method(bound, name)
        if isinstance(bound, Inst):
            if self.models.is_model(bound.cls) and (name in INSTANCE or name in VALIDATION):
                return Method(bound, name)
            if name in _VIEW_METHODS and any(b.startswith(_VIEWS) for b in self.program.mro(bound.cls)):
                return Method(bound, name, self.view_model(bound.cls) or "")
            external = self._external_method(bound, name, node)
            return external or Method(bound, name)
        return None

    # Managers and querysets

    def _of_query(self, value: Query | Manager, name: str, node: ast.AST) -> Value:
        if name == "model" and value.model:
            return Class(value.model)
        order = [value.cls]
        if isinstance(value, Manager) and value.queryset != value.cls:
            order.append(value.queryset)
        for cls in order:
            found = self.program.member(cls, name)
            if found is not None and isinstance(found[1], (ast.FunctionDef, ast.AsyncFunctionDef)):
                queryset_only = _queryset_only(found[0].node, name)
                if (
                    isinstance(value, Manager)
                    and cls == value.queryset
                    and (name.startswith("_") or queryset_only)
                ):
                    continue
                bound: Value = value
                if isinstance(value, Manager) and self.models.is_queryset(found[0].name):
                    bound = self.base_queryset(value, node)
                if name in TERMINAL or name in LAZY or name in RELATED or name in ASYNC or name == "iterator":
                    return Method(
                        value, name, "manager" if self.models.is_manager(found[0].name) else "queryset"
                    )
                return self.method_of(found[0], found[1], bound, node)
            if found is not None:
                return self.member(value, found, name, node)
        if name == "columns" and isinstance(value, Query) and value.rows == "raw":
            self.report(SYNC_ONLY, node, name, "RawQuerySet.columns", receiver=value)
            return Seq("list", STR)
        if name == "through" and isinstance(value, Manager):
            return Class(value.through) if value.through else None
        if name == "model":
            return None
        if name in ("query", "db", "ordered", "name", "auto_created_name", "_db", "_hints"):
            return External(f"{value.cls}.{name}") if name == "query" else Const("")
        if name == "instance":
            return None
        return Method(value, name)

    def dunder(self, value: Inst, name: str, node: ast.AST, site: ast.AST, *args: Value) -> Value:
        """Call a special method of the project's."""
        raise NotImplementedError

    def base_queryset(self, manager: Manager, node: ast.AST) -> Query:
        """What a manager's `get_queryset` gives."""
        raise NotImplementedError


def _of_field(kind: str) -> Value:
    """What a plain field holds; projects have file fields of their own."""
    return _FILE if kind.endswith(("FileField", "ImageField")) else _FIELD_TYPES.get(kind)


def _queryset_only(node: ast.ClassDef, name: str) -> bool:
    return any(
        isinstance(s, ast.Assign)
        and isinstance(s.targets[0], ast.Attribute)
        and s.targets[0].attr == "queryset_only"
        and isinstance(s.targets[0].value, ast.Name)
        and s.targets[0].value.id == name
        for s in node.body
    )


def _from(back: str, paths: Iterable[str]) -> list[str]:
    """The paths as they go from the other side; the longest are left out, since a tree's have no end."""
    return [f"{back}__{path}" for path in paths if path.count("__") < _LONGEST_PATH]


_LONGEST_PATH = 3


def _object(node: ast.AST) -> ast.AST | None:
    """``x`` in ``x.name`` and ``getattr(x, "name")``."""
    if isinstance(node, ast.Call) and node.args:
        return node.args[0]
    return node.value if isinstance(node, ast.Attribute) else None


def _short(cls: str) -> str:
    return cls.rpartition(".")[2].partition("@")[0]


__all__ = ["MODEL", "REQUESTS", "SESSION", "Attributes"]
