from collections.abc import Iterator

from django_uplift.api import Call, Context, Edit, Finding
from django_uplift_rules.kinds import Arguments


class IsSafeUrlHost(Arguments):
    """One host, where the function wants a set of them."""

    def arguments(self, call: Call, name: str, ctx: Context) -> Iterator[Finding]:
        """The argument by its name: by position it has the place of the new one, which takes a text too."""
        keyword = call.keyword("host")
        if keyword is None:
            return
        message = f"The argument host of is_safe_url {self.since(ctx.target)}: pass allowed_hosts={{host}}"
        fix = None
        if call.keyword("allowed_hosts") is None:
            start, end = ctx.outer_span(keyword.value)
            edits = [
                call.rename_keyword(keyword, "allowed_hosts"),
                Edit(start, start, "{"),
                Edit(end, end, "}"),
            ]
            fix = ctx.fix("Pass allowed_hosts", edits)
        yield self.finding(ctx, call.keyword_span(keyword), message, fix)


rule = IsSafeUrlHost(
    "DUR2109",
    ("django.utils.http.is_safe_url",),
    ("host",),
    deprecated_in="1.11",
    removed_in="2.1",
    replacement_since="1.11",
    link="https://docs.djangoproject.com/en/2.1/releases/2.1/#features-removed-in-2-1",
)
