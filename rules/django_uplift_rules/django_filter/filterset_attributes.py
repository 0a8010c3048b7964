from __future__ import annotations

import ast
from collections.abc import Iterator

from django_uplift.api import Confidence, Context, Edit, Finding
from django_uplift_rules.django_filter import DJANGO_FILTER
from django_uplift_rules.kinds import ClassMember, Member, PackageRule, defines, member_span

_RENAMED = {
    "filter_class": "filterset_class",
    "filter_fields": "filterset_fields",
}
_TRUSTED = {"django", "rest_framework"}
_VIEWS = {
    "django_filters.views.FilterMixin",
    "django_filters.views.FilterView",
    "django_filters.views.BaseFilterView",
    "rest_framework.views.APIView",
    *(
        f"rest_framework.generics.{name}"
        for name in (
            "GenericAPIView",
            "ListAPIView",
            "ListCreateAPIView",
            "RetrieveAPIView",
            "RetrieveUpdateAPIView",
            "RetrieveDestroyAPIView",
            "RetrieveUpdateDestroyAPIView",
        )
    ),
    *(
        f"rest_framework.viewsets.{name}"
        for name in ("GenericViewSet", "ReadOnlyModelViewSet", "ModelViewSet", "ViewSet")
    ),
}


class FiltersetAttributes(PackageRule, ClassMember):
    """Views that say ``filter_class`` or ``filter_fields``, which nothing reads any more."""

    def member(self, member: Member, confidence: Confidence, ctx: Context) -> Iterator[Finding]:
        """The attribute of a view whose filter backend is django-filter's."""
        if not isinstance(member.node, (ast.Assign, ast.AnnAssign)) or _is_none(member.value):
            return
        backed = _backed(member.cls, ctx)
        if backed is None:
            return
        new = _RENAMED[member.name]
        gone = self.removed_in is not None and ctx.target >= self.removed_in
        ignored = " and is silently ignored, so the view does not filter" if gone else ""
        message = f"{member.name} of views {self.since(ctx.target)}{ignored}: it is called {new} now"
        place = member_span(member, ctx)
        fix = None
        if not defines(member.cls, new) and not _read(member.name, ctx):
            fix = ctx.fix(
                f"Rename to {new}", Edit(*place, new), unsafe="the view filters again" if gone else ""
            )
        yield self.finding(ctx, place, message, fix, confidence=min(confidence, backed))


def _backed(node: ast.ClassDef, ctx: Context) -> Confidence | None:
    """How sure it is that django-filter reads the class's attributes: no other filter backend stands there."""
    for statement in node.body:
        if isinstance(statement, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "filter_backends" for target in statement.targets
        ):
            if not isinstance(statement.value, (ast.List, ast.Tuple)):
                return Confidence.POSSIBLE
            named = [ctx.resolve(item) or "" for item in statement.value.elts]
            return Confidence.PROVEN if any(name.startswith("django_filters.") for name in named) else None
    names = ctx.ancestry(node).names
    if any(name.startswith("django_filters.") for name in names):
        return Confidence.PROVEN
    own = {ctx.resolve(cls) for cls in ctx.tree.nodes(ast.ClassDef)}
    if any(
        name.partition(".")[0] not in _TRUSTED and name not in own and ctx.modules.bases_of(name) is None
        for name in names
    ):
        # A view of another package, which may read the attributes itself.
        return None
    return Confidence.LIKELY if ctx.read_anywhere("django_filters") else None


def _read(name: str, ctx: Context) -> bool:
    """Whether the file uses the attribute elsewhere: the project's own code may read it."""
    return any(node.attr == name for node in ctx.tree.nodes(ast.Attribute))


def _is_none(value: ast.expr | None) -> bool:
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


rule = FiltersetAttributes(
    "DUP2002",
    tuple(_RENAMED),
    on=_VIEWS,
    package=DJANGO_FILTER,
    deprecated="2.0",
    removed="22.1",
    link="https://django-filter.readthedocs.io/en/stable/guide/migration.html#view-attributes-renamed-867",
)
