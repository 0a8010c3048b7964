from django_uplift_rules.kinds import RemovedMethodKeyword

rule = RemovedMethodKeyword(
    "DUR5014",
    {"datetimes": "is_dst"},
    on=("django.db.models.QuerySet", "django.db.models.Manager"),
    advice="with zoneinfo, the fold of a datetime says which of two moments is meant",
    distinctive=True,
    droppable=(None,),
    deprecated_in="4.0",
    removed_in="5.0",
    replacement_since="4.0",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)
