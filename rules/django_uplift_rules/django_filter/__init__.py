"""What django-filter drops on the way."""

from django_uplift_rules.kinds import Package

DJANGO_FILTER = Package(
    "django-filter",
    {
        "1.11": "1.1",
        "2.0": "2.0",
        "3.0": "2.3",
        "3.1": "2.4",
        "3.2": "21.1",
        "4.1": "22.1",
        "4.2": "23.1",
        "5.0": "23.4",
        "5.1": "24.3",
        "5.2": "25.1",
        "6.0": "25.2",
        "6.1": "26.1",
    },
)
