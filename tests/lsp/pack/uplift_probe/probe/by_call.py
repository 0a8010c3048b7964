"""A rule about a call whose name may lead through the project's other modules."""

from collections.abc import Iterator

from django_uplift.api import Call, Context, Finding, Rule


class ByCall(Rule):
    """Reports calls of `probe_lib.thing`."""

    calls = ("probe_lib.thing",)

    def call(self, call: Call, ctx: Context) -> Iterator[Finding]:
        """One finding a call."""
        yield self.finding(ctx, call.node, "probe_lib.thing is called")


rule = ByCall("PRB005")
