from collections.abc import Iterator

from django_uplift.api import Call, Context, Finding
from django_uplift_rules.kinds import Arguments, last

_EMPTY = {"ArrayAgg": "[]", "JSONBAgg": "[]", "StringAgg": '""'}


class PostgresAggregateDefault(Arguments):
    """What comes of no rows: an empty value before, nothing now."""

    def arguments(self, call: Call, name: str, ctx: Context) -> Iterator[Finding]:
        """A call without a default."""
        if call.unpacks_keywords or call.keyword("default") is not None:
            return
        old = "an empty text" if name.endswith("StringAgg") else "an empty list"
        message = (
            f"{last(name)}() without default gives {old} for no rows before Django 5.0 (deprecated since 4.0), and "
            "None from then on: say which one you mean"
        )
        fix = None
        if name.endswith("ArrayAgg"):
            fix = ctx.fix("Add default=[]", call.add_keyword("default", "[]"))
        elif name.endswith("StringAgg"):
            value, needs = ctx.reference_to("django.db.models.Value", call.node)
            fix = ctx.fix('Add default=Value("")', [call.add_keyword("default", f'{value}("")')], needs=needs)
        else:
            fix = ctx.fix("Add default=[]", call.add_keyword("default", "[]"))
        yield self.finding(ctx, call.node.func, message, fix)


rule = PostgresAggregateDefault(
    "DUR5024",
    [f"django.contrib.postgres.aggregates.{name}" for name in _EMPTY],
    deprecated_in="4.0",
    removed_in="5.0",
    replacement_since="4.0",
    changes_meaning=True,
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)
