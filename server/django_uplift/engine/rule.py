"""What a rule is.

A rule declares what concerns it, and the engine calls it with that and nothing else: the declarations are at once the
prefilter (a file without a rule's words is never parsed for it) and the dispatch table.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from django_uplift.django.releases import Release
from django_uplift.engine.findings import Confidence, Finding, Fix, Hop, Root, Severity
from django_uplift.syntax.templates import Language
from django_uplift.text.lines import Span

if TYPE_CHECKING:
    from django_uplift.engine.context import Context, Reference, Setting
    from django_uplift.syntax.calls import Call

Found = Iterable[Finding]


class Rule:
    """Base of all rules.

    A rule module makes one instance and calls it ``rule``. Its slug is the module's name, its family the folder's;
    code and versions are given here. Override the hooks whose triggers you set; each yields findings, best made with
    `finding`.

    `deprecated_in`, `removed_in` and `replacement_since` are Django feature releases such as "4.2". Severity follows
    from them and the target version. Rules without versions set `severity` instead.

    `until` is the first release for which there is nothing left to say. `changes_meaning` says that what is gone does
    not fail, but means something else from `removed_in` on, as the default of an argument that was left out: there it
    is reported in projects that say which older release they come from, as new code may want just that.

    `introduced_in` is for rules that suggest what is new where the old way stays: before it there is nothing to say.
    """

    # Triggers. Each is matched by qualified name, in Django's documented spelling.
    names: Sequence[str] = ()
    """References: imports of these names, and attribute accesses that lead to them -> `reference`."""
    calls: Sequence[str] = ()
    """Calls of these functions or classes -> `call`."""
    methods: Sequence[str] = ()
    """Calls of attributes with these names, on any receiver -> `method`."""
    settings: Sequence[str] = ()
    """Django settings that are assigned -> `setting`."""
    strings: Sequence[str] = ()
    """String literals that equal one of these (dotted paths) -> `string`."""
    nodes: Sequence[type[ast.AST]] = ()
    """Node types -> `node`."""
    words: Sequence[str] = ()
    """Identifiers that must all occur in a file for this rule to be run on it, beside its triggers."""
    any_words: Sequence[str] = ()
    """Identifiers of which one must occur, where no trigger above names any."""

    default_severity: ClassVar[Severity] = Severity.WARNING
    languages: Sequence[Language] = ("python",)
    """The files it looks at. Of a template, only words, `concerns` and `file` are asked."""
    default: bool = True
    """Whether the rule runs unless it is deselected."""

    slug: str = ""
    family: str = ""
    module: str = ""

    def __init__(
        self,
        code: str,
        *,
        deprecated_in: str | None = None,
        removed_in: str | None = None,
        replacement_since: str | None = None,
        until: str | None = None,
        introduced_in: str | None = None,
        changes_meaning: bool = False,
        link: str = "",
    ) -> None:
        self.code = code
        self.deprecated_in = Release.parse(deprecated_in) if deprecated_in else None
        self.removed_in = Release.parse(removed_in) if removed_in else None
        self.introduced_in = Release.parse(introduced_in) if introduced_in else None
        self.replacement_since = Release.parse(replacement_since) if replacement_since else self.introduced_in
        self.until = Release.parse(until) if until else None
        self.changes_meaning = changes_meaning
        self.link = link

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rule) and self.code == other.code

    def __hash__(self) -> int:
        return hash(self.code)

    def load(self) -> Rule:
        """The rule itself, where this is only what it declares (see `engine.manifest`)."""
        return self

    @property
    def is_asked(self) -> bool:
        """Whether `concerns` is the rule's own, so that it can do without triggers."""
        return type(self).concerns is not Rule.concerns

    def matters(self, target: Release, origin: Release | None) -> bool:
        """Whether there is anything to say on a target, to a project that comes from `origin` (None: unknown)."""
        if self.until is not None and target >= self.until:
            return False
        if self.introduced_in is not None and target < self.introduced_in:
            return False
        if self.removed_in is None:
            return True
        if origin is not None:
            # What the project runs on already had to do without.
            return self.removed_in > origin
        return target < self.removed_in or not self.changes_meaning

    def prefilter(self, data: bytes) -> bool:
        """A last cheap look at a file's bytes, when its words fit: False spares it from being parsed for this rule."""
        return True

    def concerns(self, data: bytes, words: frozenset[bytes], target: Release) -> bool:
        """As `prefilter`, for rules whose look depends on the target; override one of the two.

        `words` are those of all rules' words that stand in the file. A rule that overrides this and has
        no triggers is asked about every file.
        """
        return self.prefilter(data)

    def glance(self, node: ast.AST) -> bool:
        """A first look at a node of `nodes`, remembered while a file is typed in: False spares it from the hook.

        It must look at nothing but the node, the one around it and the expressions below, and not at their places.
        """
        return True

    # Hooks

    def reference(self, reference: Reference, ctx: Context) -> Found:
        """A name of `names` is referred to."""
        return ()

    def call(self, call: Call, ctx: Context) -> Found:
        """A callable of `calls` is called; `call.name` says which."""
        return ()

    def method(self, call: Call, ctx: Context) -> Found:
        """An attribute of `methods` is called; what its receiver is, is not known yet."""
        return ()

    def setting(self, setting: Setting, ctx: Context) -> Found:
        """A setting of `settings` is given a value."""
        return ()

    def string(self, node: ast.Constant, ctx: Context) -> Found:
        """A string of `strings` stands in the code."""
        return ()

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """A node of a type of `nodes` stands in the code."""
        return ()

    def file(self, ctx: Context) -> Found:
        """Called once for every file that holds the rule's words."""
        return ()

    # What rules build

    def severity(self, target: Release) -> Severity:
        """How bad a finding is on the target: removed, deprecated, or deprecated only later."""
        if self.removed_in is not None and target >= self.removed_in:
            return Severity.ERROR
        if self.deprecated_in is not None:
            return Severity.WARNING if target >= self.deprecated_in else Severity.HINT
        return Severity.HINT if self.removed_in is not None else self.default_severity

    def finding(
        self,
        ctx: Context,
        where: ast.AST | Span,
        message: str,
        *fixes: Fix | None,
        confidence: Confidence = Confidence.PROVEN,
        trace: Sequence[Hop] = (),
        root: Root | None = None,
        uses: Sequence[Span] = (),
        severity: Severity | None = None,
        gone_in: Release | None = None,
    ) -> Finding:
        """A finding at a node or a range. Fixes that need a newer Django than the target are left out."""
        span = where if isinstance(where, Span) else ctx.span(where)
        level = severity or self.severity(ctx.target)
        available = self.replacement_since is None or ctx.target >= self.replacement_since
        return Finding(
            rule=self,
            span=span,
            message=message,
            severity=level,
            confidence=confidence,
            fixes=tuple(fix for fix in fixes if fix is not None) if available else (),
            trace=tuple(trace),
            root=root,
            uses=tuple(uses),
            deprecated=level is not Severity.ERROR and self.deprecated_in is not None,
            gone_in=gone_in,
        )

    def since(self, target: Release) -> str:
        """When the thing goes away, for messages: 'deprecated since Django 3.0 and removed in 4.0'."""
        deprecated, removed = self.deprecated_in, self.removed_in
        if removed is not None and target >= removed:
            return f"was removed in Django {removed}"
        if deprecated is not None and removed is not None:
            return f"is deprecated since Django {deprecated} and is removed in {removed}"
        if deprecated is None:
            return f"has been superseded since Django {self.introduced_in}"
        return f"is deprecated since Django {deprecated}"


class Reported(Rule):
    """A rule without triggers: the engine itself makes its findings, by slug, with a severity of its own."""
