import ast

from django_uplift.api import Change, Context, Edit, Fix, Found, Rule, Setting, parent
from django_uplift_rules.kinds import name_span, remove_setting

_KEYS = {"DEFAULT_FILE_STORAGE": "default", "STATICFILES_STORAGE": "staticfiles"}
_DEFAULTS = {
    "default": '"django.core.files.storage.FileSystemStorage"',
    "staticfiles": '"django.contrib.staticfiles.storage.StaticFilesStorage"',
}


class FileStorageSettings(Rule):
    """Both settings are entries of `STORAGES`, which has to have the two of them."""

    settings = tuple(_KEYS)
    names = tuple(f"django.conf.settings.{name}" for name in _KEYS)

    def setting(self, setting: Setting, ctx: Context) -> Found:
        """The setting is given a value."""
        gone = self.removed_in is not None and ctx.target >= self.removed_in
        silently = " and is silently ignored" if gone else ""
        message = f'{setting.name} {self.since(ctx.target)}{silently}: set STORAGES["{_KEYS[setting.name]}"]'
        yield self.finding(ctx, setting.place, message, self._fix(setting, ctx))

    def reference(self, reference: object, ctx: Context) -> Found:
        """The setting is read: there is none any more."""
        node = getattr(reference, "node", None)
        if isinstance(node, ast.Attribute):
            message = f'{node.attr} {self.since(ctx.target)}: read settings.STORAGES["{_KEYS[node.attr]}"]'
            yield self.finding(ctx, name_span(node, ctx), message)

    def _fix(self, setting: Setting, ctx: Context) -> Fix | None:
        node = setting.node
        if not isinstance(node, ast.Assign) or len(node.targets) != 1:
            return None
        if ctx.names.bindings("STORAGES") or ctx.names.star_imports or ctx.star_imported:
            # Another module may set the rest of it.
            return None
        places: dict[str, ast.Assign] = {}
        for name in _KEYS:
            bindings = ctx.names.bindings(name)
            statements = [parent(binding.node) for binding in bindings]
            if len(statements) > 1 or any(not isinstance(s, ast.Assign) for s in statements):
                return None
            places.update((_KEYS[name], s) for s in statements if isinstance(s, ast.Assign))
        if len({parent(statement) for statement in places.values()}) != 1:
            # One of them holds under a condition.
            return None
        first = min(places.values(), key=lambda statement: statement.lineno)

        def build() -> Change | None:
            values = {key: _DEFAULTS[key] for key in _KEYS.values()}
            values.update((key, ctx.text[slice(*ctx.outer_span(s.value))]) for key, s in places.items())
            lines = ["STORAGES = {"]
            for key, value in values.items():
                lines += [f'    "{key}": {{', f'        "BACKEND": {value},', "    },"]
            start = ctx.span(first).start
            indent = ctx.text[ctx.tree.lines.starts[ctx.tree.lines.line_of(start)] : start]
            joint = f"{ctx.newline}{indent if not indent.strip() else ''}"
            edits = [Edit(*ctx.span(first), joint.join([*lines, "}"]))]
            for name, key in _KEYS.items():
                other = places.get(key)
                if other is not None and other is not first:
                    edits += remove_setting(Setting(name, other, setting.place, other.value), ctx)
            return Change(tuple(edits))

        return ctx.fix("Replace with STORAGES", build)


rule = FileStorageSettings(
    "DUR5103",
    deprecated_in="4.2",
    removed_in="5.1",
    replacement_since="4.2",
    link="https://docs.djangoproject.com/en/5.1/releases/5.1/#features-removed-in-5-1",
)
