import ast

from django_uplift.api import Call, Context, Found, Rule, glimpse
from django_uplift_rules.kinds import members_of


class PaginatorOrphans(Rule):
    """A last page that is put with the one before is smaller than a page."""

    calls = ("django.core.paginator.Paginator", "django.core.paginator.AsyncPaginator")
    nodes = (ast.ClassDef,)
    any_words = ("paginate_orphans",)

    def prefilter(self, data: bytes) -> bool:
        """Whether the number is given, by name or by position."""
        if b"orphans" in data or glimpse.renamed(b"Paginator", data):
            return True
        return any(call is None or len(call.args) > 2 for call in glimpse.calls(b"Paginator", data))

    def call(self, call: Call, ctx: Context) -> Found:
        """A paginator with numbers that are written out."""
        yield from self._compare(
            call.argument("per_page", 1), call.argument("orphans", 2), "orphans", "per_page", ctx
        )

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """A list view with both."""
        assert isinstance(node, ast.ClassDef)
        values = {member.name: member.value for member in members_of(node)}
        if "paginate_by" in values and "paginate_orphans" in values:
            yield from self._compare(
                values["paginate_by"], values["paginate_orphans"], "paginate_orphans", "paginate_by", ctx
            )

    def _compare(
        self, size: ast.expr | None, orphans: ast.expr | None, name: str, bound: str, ctx: Context
    ) -> Found:
        at_most, given = _number(size), _number(orphans)
        if orphans is not None and at_most is not None and given is not None and given >= at_most:
            message = (
                f"{name} of {given} for {bound} of {at_most} {self.since(ctx.target)}: it has to be smaller"
            )
            yield self.finding(ctx, orphans, message)


def _number(node: ast.expr | None) -> int | None:
    return node.value if isinstance(node, ast.Constant) and type(node.value) is int else None


rule = PaginatorOrphans(
    "DUR7024",
    deprecated_in="6.0",
    removed_in="7.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-deprecated-in-6-0",
)
