"""What Django REST framework drops on the way."""

from django_uplift_rules.kinds import Package

REST_FRAMEWORK = Package(
    "Django REST framework",
    {
        "1.11": "3.5",
        "2.0": "3.7",
        "2.1": "3.9",
        "3.0": "3.11",
        "3.1": "3.12",
        "4.0": "3.13",
        "4.1": "3.14",
        "4.2": "3.15",
        "5.1": "3.16",
        "6.0": "3.17",
        "6.1": "3.18",
    },
)
