from django_uplift_rules.kinds import RemovedKeyword

_TRUNCATIONS = ("Trunc", "TruncSecond", "TruncMinute", "TruncHour", "TruncDay", "TruncWeek", "TruncMonth")

rule = RemovedKeyword(
    "DUR5006",
    {
        "django.utils.timezone.make_aware": {"is_dst": 2},
        **{
            f"django.db.models.functions.{name}": {"is_dst": None}
            for name in (*_TRUNCATIONS, "TruncQuarter", "TruncYear")
        },
    },
    advice="with zoneinfo, the fold of a datetime says which of two moments is meant",
    unsafe="ambiguous moments may be read otherwise",
    deprecated_in="4.0",
    removed_in="5.0",
    replacement_since="4.0",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)
