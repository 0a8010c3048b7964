import ast

from django_uplift.api import Confidence, Context, Edit, Found, Rule
from django_uplift_rules.kinds import name_span
from django_uplift_rules.kinds.receivers import is_super, word_for

_COMPILERS = frozenset({"compiler", "qn", "sql_compiler"})


class QuoteNameUnlessAlias(Rule):
    """The method is called, or kept in a variable to be called: nothing else has one of that name."""

    nodes = (ast.Attribute,)
    words = ("quote_name_unless_alias",)
    any_words = ("quote_name_unless_alias",)

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """An access to the method."""
        assert isinstance(node, ast.Attribute)
        if node.attr != "quote_name_unless_alias" or ctx.guarded(node, node.attr):
            return
        sure = word_for(node.value) in _COMPILERS or is_super(node.value)
        place = name_span(node, ctx)
        message = f"quote_name_unless_alias() {self.since(ctx.target)}: it is called quote_name() now"
        fix = ctx.fix("Rename to quote_name", Edit(*place, "quote_name"))
        confidence = Confidence.LIKELY if sure else Confidence.POSSIBLE
        yield self.finding(ctx, place, message, fix, confidence=confidence)


rule = QuoteNameUnlessAlias(
    "DUR7015",
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="6.1",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)
