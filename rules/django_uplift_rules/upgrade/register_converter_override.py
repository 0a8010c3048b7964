import ast
from collections.abc import Iterator

from django_uplift.api import Call, Context, Finding
from django_uplift_rules.kinds import Arguments

_DEFAULT = ("int", "path", "slug", "str", "uuid")


class RegisterConverterOverride(Arguments):
    """A converter takes the place of one of Django's."""

    def arguments(self, call: Call, name: str, ctx: Context) -> Iterator[Finding]:
        """A call with the name of a converter of Django's."""
        type_name = call.argument("type_name", 1)
        if isinstance(type_name, ast.Constant) and type_name.value in _DEFAULT:
            message = (
                f"Registering a path converter as {type_name.value}, which Django has, {self.since(ctx.target)}: "
                "use another name, here and in the routes"
            )
            yield self.finding(ctx, type_name, message)


rule = RegisterConverterOverride(
    "DUR6015",
    ("django.urls.register_converter",),
    deprecated_in="5.1",
    removed_in="6.0",
    replacement_since="2.0",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)
