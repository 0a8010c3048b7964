"""What rules are written against: the only module of the engine that a pack of rules may import."""

from typing import TYPE_CHECKING

from django_uplift.django.lacking import Lack, Lacking, may_lack
from django_uplift.django.names_table import Presence, names_table
from django_uplift.django.releases import Release
from django_uplift.engine.context import Ancestry, Context, Reference, Setting
from django_uplift.engine.findings import Change, Confidence, Finding, Fix, Hop, Root, Safety, Severity
from django_uplift.engine.rule import Found, Reported, Rule
from django_uplift.names.canonical import canonical
from django_uplift.syntax import glimpse
from django_uplift.syntax.calls import Call
from django_uplift.syntax.imports import Need
from django_uplift.syntax.templates import Bit, Template, Token
from django_uplift.syntax.tree import ancestors, parent
from django_uplift.text.edits import Edit
from django_uplift.text.lines import Span

if TYPE_CHECKING:
    # Only a type: projects without async code never load the analysis.
    from django_uplift.flow.events import Event  # noqa: TC004 -- listed for type checkers, not there at run time
    from django_uplift.types.values import Place  # noqa: TC004 -- the same

__all__ = [
    "Ancestry",
    "Bit",
    "Call",
    "Change",
    "Confidence",
    "Context",
    "Edit",
    "Event",
    "Finding",
    "Fix",
    "Found",
    "Hop",
    "Lack",
    "Lacking",
    "Need",
    "Place",
    "Presence",
    "Reference",
    "Release",
    "Reported",
    "Root",
    "Rule",
    "Safety",
    "Setting",
    "Severity",
    "Span",
    "Template",
    "Token",
    "ancestors",
    "canonical",
    "glimpse",
    "may_lack",
    "names_table",
    "parent",
]
