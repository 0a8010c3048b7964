"""Everything that makes a lazy value do its work: iteration, length, truth, membership, indexing, formatting."""

from __future__ import annotations

import ast
from dataclasses import replace

from django_uplift.flow.attributes import SESSION, Attributes
from django_uplift.flow.events import (
    EVALUATE,
    LIKELY,
    MISSING_AWAIT,
    POSSIBLE,
    PROVEN,
    SYNC_ONLY,
)
from django_uplift.flow.events import (
    SESSION as SESSION_EVENT,
)
from django_uplift.flow.frame import Pending, dotted, is_absent
from django_uplift.types.values import (
    INT,
    STR,
    Awaitable,
    Class,
    Const,
    External,
    Inst,
    LazyUser,
    Manager,
    Plan,
    Query,
    Seq,
    Tup,
    Union,
    Value,
    join,
    not_none,
    options,
)

_PAGINATOR = "django.core.paginator"
_FRESH = frozenset({"index", "step"})
"""Forms that query by themselves: the queryset keeps nothing of it."""
FORMS = ("django.forms.Form", "django.forms.ModelForm", "django.forms.BaseForm")


class Evaluation(Attributes):
    """The forms in which Python consumes a value. `node` is the value's expression, `site` what consumes it."""

    def iterate(self, value: Value, node: ast.AST, form: str, site: ast.AST | None = None) -> Value:
        """Iterate once; what the items are."""
        return self.each(value, lambda option: self._iterate(option, node, form, site or node))

    def _iterate(self, value: Value, node: ast.AST, form: str, site: ast.AST) -> Value:
        value = self.wake(value, node)
        if isinstance(value, Query):
            self._evaluate(value, node, form, site)
            return self.item_of(value, node)
        if isinstance(value, Seq):
            if value.pending is not None:
                if isinstance(value.pending, Pending):
                    # Muted, somebody else runs it, on a thread of theirs.
                    return value.pending.run(quietly=bool(self.muted))
                if isinstance(value.pending, Query):
                    # One that was made before can't be made an async one where it is used.
                    made_here = isinstance(node, ast.Call)
                    self._evaluate(
                        value.pending,
                        node,
                        "iterator" if form == "for" else form,
                        site if made_here else None,
                    )
                else:
                    self.play_effect(value.pending, site)
            return value.item
        if isinstance(value, Tup):
            result = value.items[0] if value.items else None
            for item in value.items[1:]:
                result = join(result, item)
            return result
        if isinstance(value, Inst):
            if value.cls == f"{_PAGINATOR}.Page":
                self.report(SYNC_ONLY, node, form, "the page's objects", receiver=value)
                item = dict(value.args).get("item")
                # Its objects are a list now.
                self.refine(
                    node, replace(value, cls="builtins.page", args=(("object_list", Seq("list", item)),))
                )
                return item
            if value.cls == "builtins.page":
                return self.iterate(dict(value.args).get("object_list"), node, form, site)
            return self._iterate_method(value, node, form, site)
        if isinstance(value, Awaitable) and value.origin:
            self.report(MISSING_AWAIT, node, form, value.origin)
        if isinstance(value, LazyUser):
            self.read_user(value, node)
        if isinstance(value, Const) and isinstance(value.value, str):
            return STR
        return None

    def iterator(self, value: Value, node: ast.AST, site: ast.AST) -> Value:
        """`iter(value)`: asks for no item yet, though a queryset has all of them by then."""

        def act(option: Value) -> Value:
            if (
                isinstance(option, Seq)
                and option.pending is not None
                and not isinstance(option.pending, Query)
            ):
                return option
            if isinstance(option, Inst) and self.program.member(option.cls, "__iter__"):
                return self.dunder(option, "__iter__", node, site)
            return Seq("iter", self._iterate(option, node, "iter", site))

        return self.each(value, act)

    def _iterate_method(self, value: Inst, node: ast.AST, form: str, site: ast.AST) -> Value:
        if form == "next" and self.program.member(value.cls, "__next__"):
            return self.dunder(value, "__next__", node, site)
        result = self.dunder(value, "__iter__", node, site)
        if isinstance(result, Seq):
            if result.pending is not None:
                self._iterate(result, node, "for", site)
            return result.item
        if isinstance(result, Inst):
            return self.dunder(result, "__next__", node, site)
        return None

    def item_of(self, query: Query, node: ast.AST) -> Value:
        """What one row of a queryset is."""
        if query.rows in ("model", "raw"):
            if query.model is None:
                return None
            plan = query.plan
            if plan.place is None and hasattr(node, "lineno"):
                plan = replace(plan, place=self.place(node), node=node)
            return Inst(query.model, plan)
        return Inst("builtins.dict") if query.rows == "dict" else None

    def _evaluate(self, query: Query, node: ast.AST, form: str, site: ast.AST | None) -> None:
        """A queryset is evaluated by `site`; None where no fix can be made there."""
        if query.cached or query.empty:
            return
        level = POSSIBLE if query.perhaps_cached else PROVEN
        self.report(
            EVALUATE, node, form, self.shown(query, node), level=level, receiver=query, extra={"site": site}
        )
        if form not in _FRESH:
            self.cache_filled(node, query)

    def shown(self, query: Query, node: ast.AST) -> str:
        """A queryset, in words for a message."""
        return (
            f"a queryset of {query.model.rpartition('.')[2].partition('@')[0]}"
            if query.model
            else "a queryset"
        )

    def play_effect(self, effect: object, node: ast.AST) -> None:
        """What a call of the project's came to happens at `node`."""
        raise NotImplementedError

    def dunder(self, value: Inst, name: str, node: ast.AST, site: ast.AST, *args: Value) -> Value:
        """Call a special method, if the class has one of the project's."""
        found = self.program.member(value.cls, name)
        if found is None or not isinstance(found[1], (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        method = self.method_of(found[0], found[1], value, node)
        return self.call(method, list(args), {}, site)

    # Other forms

    def truth(self, value: Value, node: ast.AST, site: ast.AST) -> bool | None:
        """Test for truth; the outcome where it is known."""
        if isinstance(value, Const):
            return bool(value.value)
        self.each(value, lambda option: self._truth(option, node, site))
        return None

    def _truth(self, value: Value, node: ast.AST, site: ast.AST) -> None:
        value = self.wake(value, node)
        if isinstance(value, Query):
            self._evaluate(value, node, "bool", site)
        elif isinstance(value, LazyUser):
            self.read_user(value, node)
        elif isinstance(value, Awaitable) and value.origin and not isinstance(node, ast.Name):
            self.report(MISSING_AWAIT, node, "bool", value.origin)
        elif isinstance(value, Inst):
            if self.program.member(value.cls, "__bool__"):
                self.dunder(value, "__bool__", node, site)
            elif not self.models.is_model(value.cls) or self.program.member(value.cls, "__len__"):
                self.dunder(value, "__len__", node, site)

    def length(self, value: Value, node: ast.AST, site: ast.AST) -> Value:
        """`len(value)`."""

        def act(option: Value) -> Value:
            option = self.wake(option, node)
            if isinstance(option, Query):
                self._evaluate(option, node, "len", site)
            elif isinstance(option, Inst):
                if option.cls.startswith(_PAGINATOR):
                    self.report(SYNC_ONLY, node, "len", "the page's objects", receiver=option)
                else:
                    self.dunder(option, "__len__", node, site)
            return INT

        self.each(value, act)
        return INT

    def contains(self, container: Value, item: Value, node: ast.AST, site: ast.AST) -> None:
        """`item in container`."""

        def act(option: Value) -> Value:
            if isinstance(option, Query):
                self._evaluate(option, node, "in", site)
            elif isinstance(option, Seq) and option.pending is not None:
                self._iterate(option, node, "in", site)
            elif isinstance(option, Inst):
                if option.cls == SESSION and dict(option.args).get("fresh"):
                    pass
                elif option.cls == SESSION:
                    self.report(
                        SESSION_EVENT,
                        site,
                        "__contains__",
                        "request.session",
                        level=LIKELY,
                        receiver=option,
                        twin="ahas_key",
                    )
                elif self.program.member(option.cls, "__contains__"):
                    self.dunder(option, "__contains__", node, site, item)
                else:
                    self.dunder(option, "__iter__", node, site)
            return None

        self.each(container, act)
        if isinstance(item, Inst) and isinstance(container, (Seq, Tup)):
            self.dunder(item, "__eq__", node, site, None)

    def index(self, value: Value, at: ast.expr, key: Value, node: ast.Subscript) -> Value:
        """`value[at]`."""
        return self.each(value, lambda option: self._index(option, at, key, node))

    def _index(self, value: Value, at: ast.expr, key: Value, node: ast.Subscript) -> Value:
        if isinstance(value, Query):
            if isinstance(at, ast.Slice):
                if at.step is None and value.rows != "raw":
                    cut = isinstance(at.upper, ast.Constant) and at.upper.value == 0
                    return replace(value, empty=value.empty or cut, plan=replace(value.plan, node=None))
                self._evaluate(value, node.value, "step", node)
                return Seq("list", self.item_of(value, node))
            self._evaluate(value, node.value, "index", node)
            return self.item_of(value, node)
        if isinstance(value, Seq):
            if isinstance(at, ast.Slice):
                return value
            return self.entry(value, key) if value.kind == "dict" else value.item
        if isinstance(value, Tup):
            if (
                isinstance(key, Const)
                and isinstance(key.value, int)
                and -len(value.items) <= key.value < len(value.items)
            ):
                return value.items[key.value]
            return None
        if isinstance(value, Inst):
            named = self.named_tuple(value)
            if named is not None:
                return self._index(named, at, key, node)
            if value.cls == SESSION and dict(value.args).get("fresh"):
                return None
            if value.cls == SESSION:
                self.report(
                    SESSION_EVENT,
                    node,
                    "__getitem__",
                    "request.session",
                    level=LIKELY,
                    receiver=value,
                    twin="aget",
                )
                return None
            if value.cls == f"{_PAGINATOR}.Page":
                self.report(SYNC_ONLY, node, "index", "the page's objects", receiver=value)
                return dict(value.args).get("item")
            return self.dunder(value, "__getitem__", node, node, key)
        if value == External("django.db.connections"):
            return External("django.db.connection")
        if isinstance(value, Class):
            return value
        if isinstance(value, Awaitable) and value.origin:
            self.report(MISSING_AWAIT, node.value, "index", value.origin)
        return None

    def session_loaded(self, node: ast.AST) -> None:
        """The session that `node` names is loaded: its items are in memory from now on."""
        self.keep(node, Inst(SESSION, args=(("fresh", Const(True)),)))

    def render_form(self, form: Inst, node: ast.AST, site: ast.AST) -> None:
        """Make text of a form."""
        raise NotImplementedError

    def named_tuple(self, value: Value) -> Tup | None:
        """The items of a named tuple."""
        if not isinstance(value, Inst) or not self.program.is_a(value.cls, "typing.NamedTuple"):
            return None
        info, held = self.program.cls(value.cls), dict(value.args)
        names = [n for n, b in info.members.items() if getattr(b, "annotation", None)] if info else []
        return Tup(tuple(held.get(name) for name in names))

    def entry(self, value: Seq, key: Value) -> Value:
        """What a dict holds under a key."""
        if isinstance(key, Const):
            for name, held in value.entries:
                if name == key.value:
                    return held
            told = {option for _, held in value.entries for option in options(held)}
            if told and all(option in told for option in options(value.value)):
                # All that is known of the dict stands under other keys.
                return None
        return value.value

    def text(self, value: Value, node: ast.AST, form: str, site: ast.AST) -> Value:
        """Make text of a value: `str`, `repr`, f-strings, `print`."""

        def act(option: Value) -> Value:
            option = self.wake(option, node)
            if isinstance(option, Query):
                if option.rows != "raw":
                    self._evaluate(option, node, form, site)
            elif isinstance(option, LazyUser):
                self.read_user(option, node)
            elif isinstance(option, Awaitable) and option.origin and not isinstance(node, ast.Name):
                self.report(MISSING_AWAIT, node, form, option.origin)
            elif isinstance(option, Inst) and self.program.is_a(option.cls, *FORMS):
                self.render_form(option, node, site)
            elif isinstance(option, Inst):
                wanted = ("__repr__",) if form == "repr" else ("__format__", "__str__", "__repr__")
                for name in wanted:
                    if self.program.member(option.cls, name):
                        self.dunder(option, name, node, site)
                        break
                else:
                    if self.models.is_model(option.cls) and self.program.member(option.cls, "__str__"):
                        self.dunder(option, "__str__", node, site)
            elif isinstance(option, (Seq, Tup)):
                items = option.items if isinstance(option, Tup) else (option.item,)
                written = node.elts if isinstance(node, (ast.Tuple, ast.List)) else []
                for n, item in enumerate(items):
                    if isinstance(item, (Inst, Query, Union)):
                        at = written[n] if len(written) == len(items) else node
                        if isinstance(item, Query) and at is node:
                            # No text of ours to put a list into.
                            self._evaluate(item, node, "repr", None)
                        else:
                            self.text(item, at, "repr", site)
            return STR

        self.each(value, act)
        return STR

    def unpack(self, target: ast.expr, value: Value, node: ast.AST, site: ast.AST) -> None:
        """Give an unpacking target its values."""
        assert isinstance(target, (ast.Tuple, ast.List))
        value = self.named_tuple(value) or value
        single = value if isinstance(value, Tup) else _joined_tuple(value)
        if (
            single is not None
            and len(single.items) == len(target.elts)
            and not any(isinstance(t, ast.Starred) for t in target.elts)
        ):
            for item, each in zip(target.elts, single.items, strict=True):
                self.assign(item, each, node)
            return
        item_value = self.iterate(value, node, "unpack", site)
        for item in target.elts:
            if isinstance(item, ast.Starred):
                self.assign(item.value, Seq("list", item_value), node)
            else:
                self.assign(item, item_value, node)

    def assign(self, target: ast.expr, value: Value, node: ast.AST) -> None:
        """Give a target a value."""
        if isinstance(target, ast.Name):
            self.bind(target.id, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self.unpack(target, value, node, target)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, value, node)
        elif isinstance(target, ast.Attribute):
            self._assign_attribute(target, value)
        elif isinstance(target, ast.Subscript):
            base = self.eval(target.value)
            key = self.eval(target.slice)
            if isinstance(base, Inst):
                if base.cls == SESSION and dict(base.args).get("fresh"):
                    return
                if base.cls == SESSION:
                    self.report(
                        SESSION_EVENT,
                        target,
                        "__setitem__",
                        "request.session",
                        level=LIKELY,
                        receiver=base,
                        twin="aset",
                    )
                else:
                    self.dunder(base, "__setitem__", target, target, key, value)
            elif isinstance(base, Seq) and base.kind == "dict" and value is not None:
                self.hold(target.value, value, key)

    def hold(self, node: ast.expr, value: Value, key: Value = None) -> None:
        """The dict that `node` names holds `value` now, too."""
        held = self.local(dotted(node) or "")
        if is_absent(held):
            # What an object was made with.
            held = self.eval(node)
        if not isinstance(held, Seq) or held.kind != "dict":
            return
        known = value if held.value is None else join(held.value, value)
        item = held.item if key is None else STR if isinstance(key, Const) else key
        entries = held.entries
        if isinstance(key, Const) and isinstance(key.value, str) and (entries or held.value is None):
            entries = (*(e for e in entries if e[0] != key.value), (key.value, value))[:16]
        self.refine(node, replace(held, item=item, value=known, entries=entries))

    def _assign_attribute(self, target: ast.Attribute, value: Value) -> None:
        base = not_none(self.eval(target.value))
        key = dotted(target)
        if isinstance(base, LazyUser):
            self.read_user(base, target, target.value)
        if isinstance(base, Inst):
            info = self.models.info(base.cls)
            if info is not None:
                owner = dotted(target.value)
                held = not_none(self.local(owner)) if owner else None
                if owner and not is_absent(held) and isinstance(held, Inst) and held.plan is not None:
                    field = info.fields.get(target.attr)
                    if field is not None and field.kind in ("fk", "o2o", "gfk"):
                        self.remember(owner, replace(held, plan=held.plan.adding(loaded=[target.attr])))
                    elif target.attr.endswith("_id") and target.attr[:-3] in info.fields:
                        plan = held.plan.without(target.attr[:-3])
                        if plan.origin == "created":
                            plan = replace(plan, origin="fetched")
                        self.remember(owner, replace(held, plan=plan))
                        self.env.pop(f"{owner}.{target.attr[:-3]}", None)
            else:
                found = self.program.member(base.cls, target.attr)
                setter = self.setter_of(found, base) if found else None
                if setter is not None:
                    self.call(setter, [value], {}, target)
                    return
        if key is not None and not (isinstance(base, Inst) and self.models.is_model(base.cls)):
            prefix = f"{key}."
            for stale in [k for k in self.env if k.startswith(prefix)]:
                del self.env[stale]
            self.remember(key, value)
            self.written.add(key)
            root, _, name = key.partition(".")
            if root != self.own_name() and "." not in name and not isinstance(value, (Const, type(None))):
                # Whoever gets the object finds it there.
                self.keep(target, value)

    def own_name(self) -> str:
        """What the method that is played calls its object; '' elsewhere."""
        raise NotImplementedError

    def setter_of(self, found: object, base: Inst) -> Value:
        """The setter of a property of the project's."""
        return None


__all__ = ["PROVEN", "Evaluation", "Manager", "Plan"]


def _joined_tuple(value: Value) -> Tup | None:
    """``return None, None`` on one way and ``return user, token`` on another, item by item."""
    tuples = [option for option in options(value) if isinstance(option, Tup)]
    size = len(tuples[0].items) if tuples else 0
    if len(tuples) < 2 or len(tuples) < len(options(value)) or any(len(t.items) != size for t in tuples):
        return None
    items = list(tuples[0].items)
    for other in tuples[1:]:
        items = [join(known, item) for known, item in zip(items, other.items, strict=True)]
    return Tup(tuple(items))
