import ast
from collections.abc import Iterator

from django_uplift.api import Call, Change, Context, Edit, Finding, Fix
from django_uplift_rules.kinds import Arguments, last


class ForeignKeyOnDelete(Arguments):
    """What happens to the rows that refer to a deleted one has to be said."""

    def prefilter(self, data: bytes) -> bool:
        """Models are in every other file, and nearly all say it: as often as fields are named."""
        fields = data.count(b"ForeignKey") + data.count(b"OneToOneField")
        return data.count(b"on_delete") < fields and super().prefilter(data)

    def may_concern(self, node: ast.Call, name: str) -> bool:
        """Whether the argument may be missing."""
        return len(node.args) < 2 and all(keyword.arg != "on_delete" for keyword in node.keywords)

    def arguments(self, call: Call, name: str, ctx: Context) -> Iterator[Finding]:
        """A field without the argument."""
        if call.unpacks or call.keyword("on_delete") or len(call.node.args) > 1:
            return
        if not call.node.args and not call.keyword("to"):
            return
        message = f"{last(name)} without on_delete {self.since(ctx.target)}: it has to be given"
        yield self.finding(ctx, call.node.func, message, self._fix(call, ctx))

    def _fix(self, call: Call, ctx: Context) -> Fix:
        def build() -> Change | None:
            cascade, needs = ctx.reference_to("django.db.models.CASCADE", call.node)
            if call.node.args:
                end = ctx.outer_span(call.node.args[0]).end
                if isinstance(call.node.args[0], ast.GeneratorExp):
                    return None
                return Change((Edit(end, end, f", on_delete={cascade}"),), needs)
            return Change((call.add_keyword("on_delete", cascade),), needs)

        return ctx.fix("Add on_delete=CASCADE", build)


rule = ForeignKeyOnDelete(
    "DUR2002",
    ("django.db.models.ForeignKey", "django.db.models.OneToOneField"),
    deprecated_in="1.9",
    removed_in="2.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)
