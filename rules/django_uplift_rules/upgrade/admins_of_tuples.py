import ast

from django_uplift.api import Change, Context, Fix, Found, Rule, Setting


class AdminsOfTuples(Rule):
    """Addresses, not pairs of names and addresses; the names were never used."""

    settings = ("ADMINS", "MANAGERS")

    def setting(self, setting: Setting, ctx: Context) -> Found:
        """The setting is a list of pairs."""
        value = setting.value
        if not isinstance(value, (ast.List, ast.Tuple)):
            return
        pairs = [element for element in value.elts if isinstance(element, (ast.Tuple, ast.List))]
        if not pairs or any(len(pair.elts) != 2 for pair in pairs):
            return
        message = f"Pairs in {setting.name} {self.since(ctx.target)}: list the addresses alone"
        yield self.finding(ctx, setting.place, message, self._fix(value, pairs, ctx))

    def _fix(
        self, value: ast.List | ast.Tuple, pairs: list[ast.Tuple | ast.List], ctx: Context
    ) -> Fix | None:
        if any("#" in ctx.source(pair) for pair in pairs):
            return None

        def build() -> Change | None:
            edits = [ctx.replace(pair, ctx.source(pair.elts[1])) for pair in pairs]
            return Change(tuple(edits))

        return ctx.fix("Keep the addresses", build)


rule = AdminsOfTuples(
    "DUR7003",
    deprecated_in="6.0",
    removed_in="7.0",
    replacement_since="6.0",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-deprecated-in-6-0",
)
