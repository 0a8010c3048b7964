"""Shapes that many deprecations share: a rule of one of these kinds is a declaration."""

from django_uplift_rules.kinds.moved_name import MovedName

__all__ = ["MovedName"]
