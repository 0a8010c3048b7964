import ast
import re
from collections.abc import Iterator

from django_uplift.api import Call, Context, Finding
from django_uplift_rules.kinds import Arguments

# What is escaped, and sets of characters, can't open a group.
_GROUP = re.compile(r"\\.|\[\^?\]?[^\]]*\]|(\(\?[aiLmsux]+(?:-[imsx]+)?[):])", re.DOTALL)


_FLAGS = re.compile(rb"\(\?[aiLmsux]")


class UrlInlineFlags(Arguments):
    """Flags can't be kept when Django makes a URL of the pattern."""

    def prefilter(self, data: bytes) -> bool:
        """Whether flags can stand in a pattern."""
        return _FLAGS.search(data) is not None

    def arguments(self, call: Call, name: str, ctx: Context) -> Iterator[Finding]:
        """A pattern that is written out."""
        pattern = call.argument("regex" if name.endswith("url") else "route", 0)
        if not isinstance(pattern, ast.Constant) or not isinstance(pattern.value, str):
            return
        flags = next((match[1] for match in _GROUP.finditer(pattern.value) if match[1]), None)
        if flags is not None:
            message = (
                f"{flags.rstrip(':)')}...) in the pattern of a URL {self.since(ctx.target)}: reverse() raises "
                "ValueError for every name; write the pattern without flags"
            )
            yield self.finding(ctx, pattern, message)


rule = UrlInlineFlags(
    "DUR2110",
    ("django.conf.urls.url", "django.urls.re_path"),
    deprecated_in="1.11",
    removed_in="2.1",
    replacement_since="1.11",
    link="https://docs.djangoproject.com/en/2.1/releases/2.1/#features-removed-in-2-1",
)
