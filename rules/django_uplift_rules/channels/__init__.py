"""What Channels drops on the way."""

from django_uplift_rules.kinds import Package

CHANNELS = Package(
    "Channels", {"2.2": "2.4", "3.2": "3.0", "4.2": "4.1", "5.1": "4.2", "5.2": "4.2.1", "6.0": "4.3.2"}
)
