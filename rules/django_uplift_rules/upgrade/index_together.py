import ast

from django_uplift.api import Change, Context, Edit, Fix, parent
from django_uplift_rules.kinds import Member, RemovedMetaOption, members_of

_MAKE_MIGRATION = "needs a migration that renames the indexes"


class IndexTogether(RemovedMetaOption):
    """`index_together` lists tuples of fields (or is one); each is an index of `Meta.indexes`."""

    def fix(self, member: Member, model: ast.ClassDef, ctx: Context) -> Fix | None:
        """Add to a literal list of indexes, or make one."""
        assignment, value = member.node, member.value
        if not isinstance(assignment, ast.Assign) or len(assignment.targets) != 1 or value is None:
            return None
        groups = _groups(value, ctx)
        if not groups:
            return None
        others = [other for other in members_of(member.cls) if other.name in ("indexes", "index_together")]
        if len({other.name for other in others}) != len(others) or parent(assignment) is not member.cls:
            return None
        existing = next((other for other in others if other.name == "indexes"), None)

        def build() -> Change | None:
            index, needs = ctx.reference_to("django.db.models.Index", assignment)
            indexes = [f"{index}(fields={group})" for group in groups]
            if existing is None:
                start = ctx.span(assignment).start
                edits = [
                    Edit(start, start + len("index_together"), "indexes"),
                    Edit(*ctx.outer_span(value), _listed(value, indexes, ctx)),
                ]
                return Change(tuple(edits), needs)
            if not isinstance(existing.value, ast.List):
                return None
            if not existing.value.elts:
                return Change(
                    (ctx.replace(existing.value, f"[{', '.join(indexes)}]"), *ctx.remove(assignment)), needs
                )
            last = existing.value.elts[-1]
            start, end = ctx.outer_span(last)
            line = ctx.tree.lines.line_text(ctx.tree.lines.line_of(start))
            indent = line[: len(line) - len(line.lstrip())]
            own_line = line.lstrip().startswith(ctx.source(last)[: len(line.lstrip())])
            joint = f",{ctx.newline}{indent}" if own_line and "\n" in ctx.source(existing.value) else ", "
            added = "".join(f"{joint}{index}" for index in indexes)
            return Change((Edit(end, end, added), *ctx.remove(assignment)), needs)

        return ctx.fix("Replace with indexes", build, unsafe=_MAKE_MIGRATION)


def _groups(value: ast.expr, ctx: Context) -> list[str] | None:
    """The text of the field lists; None where they are not written out."""
    if not isinstance(value, (ast.List, ast.Tuple, ast.Set)) or not value.elts:
        return None
    if all(isinstance(element, ast.Constant) for element in value.elts):
        # A single tuple of names is allowed too.
        return [_as_list(value, ctx)]
    if all(isinstance(element, (ast.List, ast.Tuple)) and element.elts for element in value.elts):
        return [_as_list(element, ctx) for element in value.elts]
    return None


def _as_list(value: ast.expr, ctx: Context) -> str:
    assert isinstance(value, (ast.List, ast.Tuple, ast.Set))
    return f"[{', '.join(ctx.source(element) for element in value.elts)}]"


def _listed(value: ast.expr, indexes: list[str], ctx: Context) -> str:
    """The list, on as many lines as the old one."""
    source = ctx.source(value)
    if "\n" not in source:
        return f"[{', '.join(indexes)}]"
    line = ctx.tree.lines.line_text(ctx.tree.lines.line_of(ctx.span(value).start))
    outer = line[: len(line) - len(line.lstrip())]
    body = "".join(f"{outer}    {index},{ctx.newline}" for index in indexes)
    return f"[{ctx.newline}{body}{outer}]"


rule = IndexTogether(
    "DUR5101",
    "index_together",
    advice="list the indexes in Meta.indexes",
    deprecated_in="4.2",
    removed_in="5.1",
    replacement_since="1.11",
    link="https://docs.djangoproject.com/en/5.1/releases/5.1/#features-removed-in-5-1",
)
