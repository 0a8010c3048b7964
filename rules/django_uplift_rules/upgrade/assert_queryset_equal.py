from dataclasses import replace

from django_uplift.api import Context, Found, Reference
from django_uplift_rules.kinds import TEST_CASES, MovedName, RenamedMethod

_RENAMES = {"assertQuerysetEqual": "assertQuerySetEqual", "assertFormsetError": "assertFormSetError"}
_ASSERTS = {f"pytest_django.asserts.{old}": f"pytest_django.asserts.{new}" for old, new in _RENAMES.items()}


class AssertQuerysetEqual(RenamedMethod):
    """The methods of test cases, and the functions that pytest-django makes of them."""

    names = tuple(_ASSERTS)

    def reference(self, reference: Reference, ctx: Context) -> Found:
        """An import from pytest-django, or a use of its module."""
        moved = MovedName(self.code, _ASSERTS, deprecated_in="4.2", removed_in="5.1", replacement_since="4.2")
        for finding in moved.reference(reference, ctx):
            yield replace(finding, rule=self)


rule = AssertQuerysetEqual(
    "DUR5102",
    _RENAMES,
    on=TEST_CASES,
    distinctive=True,
    deprecated_in="4.2",
    removed_in="5.1",
    replacement_since="4.2",
    link="https://docs.djangoproject.com/en/5.1/releases/5.1/#features-removed-in-5-1",
)
