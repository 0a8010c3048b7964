from django_uplift.api import Severity
from django_uplift_rules.kinds import MovedModule

_MODULES = ("urllib.parse", "urllib.request", "urllib.error")


class SixMoves(MovedModule):
    """Modules of the standard library that six found on either Python."""

    words = ("six",)
    default = False
    default_severity = Severity.INFORMATION


rule = SixMoves(
    "DUC006",
    {f"{root}.moves.{module}": module for root in ("six", "django.utils.six") for module in _MODULES},
    introduced_in="2.0",
    link="https://six.readthedocs.io/#module-six.moves",
)
