"""A rule that takes its time, and leaves a mark in a file so that tests can count its runs."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from django_uplift.api import Context, Finding, Rule


class Slow(Rule):
    """Works for as long as `PROBE_SECONDS` says on files that hold `probe_slow`."""

    any_words = ("probe_slow",)

    def file(self, ctx: Context) -> Iterator[Finding]:
        """No finding."""
        time.sleep(float(os.environ.get("PROBE_SECONDS", "0")))
        if mark := os.environ.get("PROBE_MARK"):
            with Path(mark).open("a") as file:
                file.write(f"{len(ctx.text)}\n")
        return iter(())


rule = Slow("PRB004")
