"""The releases to stop at on the way."""

from __future__ import annotations

from django_uplift.django.releases import LTS, Release


def route(start: Release, goal: Release) -> tuple[Release, ...]:
    """The releases to raise Django to, one after the other: every LTS release on the way, then the goal.

    That is how Django's own guide wants it: each LTS release still warns of all that the next one drops
    (https://docs.djangoproject.com/en/stable/howto/upgrade-version/, and the API stability policy). Empty where the
    goal is not above the start.
    """
    if goal <= start:
        return ()
    return (*(release for release in sorted(LTS) if start < release < goal), goal)
