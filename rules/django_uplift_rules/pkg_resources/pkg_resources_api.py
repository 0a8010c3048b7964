from __future__ import annotations

import ast
from collections.abc import Sequence

from django_uplift.api import Change, Context, Edit, Fix, Found, Reference, Rule, Span, parent
from django_uplift_rules.kinds import name_span

_ADVICE = {
    "get_distribution": "use importlib.metadata.version() or distribution()",
    "iter_entry_points": "use importlib.metadata.entry_points(group=...)",
    "load_entry_point": "use importlib.metadata.entry_points()",
    "require": "use importlib.metadata.version() and packaging",
    "working_set": "use importlib.metadata.distributions()",
    "parse_version": "use packaging.version.parse()",
    "parse_requirements": "use packaging.requirements.Requirement",
    "Requirement": "use packaging.requirements.Requirement",
    "DistributionNotFound": "catch importlib.metadata.PackageNotFoundError",
    "VersionConflict": "compare versions with packaging",
    "resource_filename": "use importlib.resources.files() and as_file()",
    "resource_string": "use importlib.resources.files(...).joinpath(...).read_bytes()",
    "resource_stream": "use importlib.resources.files(...).joinpath(...).open('rb')",
    "resource_exists": "use importlib.resources.files(...).joinpath(...).is_file()",
    "resource_isdir": "use importlib.resources.files(...).joinpath(...).is_dir()",
    "resource_listdir": "use importlib.resources.files(...).joinpath(...).iterdir()",
    "declare_namespace": "leave out the __init__.py of namespace packages",
}


class PkgResourcesApi(Rule):
    """The functions of setuptools' old module."""

    names = tuple(f"pkg_resources.{name}" for name in _ADVICE)

    def reference(self, reference: Reference, ctx: Context) -> Found:
        """One finding an import, one an attribute access."""
        node, name = reference.node, reference.name
        advice = _ADVICE[name.rpartition(".")[2]]
        message = f"{name} is gone: setuptools has no pkg_resources since release 82. Instead, {advice}"
        if isinstance(node, ast.alias):
            uses = ctx.uses(node)
            fix = None if ctx.exported(node) else self._fix(node, uses, ctx)
            yield self.finding(ctx, node, message, fix, uses=[ctx.span(use) for use in uses])
        elif isinstance(node, (ast.Attribute, ast.Name)):
            yield self.finding(ctx, name_span(node, ctx), message, self._fix(node, [node], ctx))

    def _fix(self, node: ast.AST, uses: Sequence[ast.Attribute | ast.Name], ctx: Context) -> Fix | None:
        """``get_distribution(name).version``, which is what most code asks for."""
        ends = [_end_of_version(use, ctx) for use in uses]
        found = [end for end in ends if end is not None]
        if not found or len(found) != len(ends):
            return None

        def build() -> Change | None:
            dropped = (node,) if isinstance(node, ast.alias) else ()
            statement = parent(node) if dropped else None
            near = statement if isinstance(statement, ast.ImportFrom) else None
            written, needs = ctx.reference_to("importlib.metadata.version", uses[0], near, dropped)
            edits = [ctx.replace(use, written) for use in uses]
            edits += [Edit(*end, "") for end in found]
            return Change(tuple(edits), needs, drops=dropped)

        reason = "raises PackageNotFoundError where the package is missing"
        return ctx.fix("Use importlib.metadata.version()", build, unsafe=reason)


def _end_of_version(use: ast.AST, ctx: Context) -> Span | None:
    """Where ``.version`` stands in the ``get_distribution(name).version`` around a use of the function."""
    call = parent(use)
    if not isinstance(call, ast.Call) or call.func is not use or call.keywords or len(call.args) != 1:
        return None
    whole = parent(call)
    if (
        not isinstance(whole, ast.Attribute)
        or whole.attr != "version"
        or isinstance(call.args[0], ast.Starred)
    ):
        return None
    end = Span(ctx.span(call).end, ctx.span(whole).end)
    return end if "#" not in ctx.text[end.start : end.end] else None


rule = PkgResourcesApi("DUP5001", link="https://setuptools.pypa.io/en/latest/history.html")
