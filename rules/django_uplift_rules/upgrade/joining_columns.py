from django_uplift_rules.kinds import RemovedMember

_FIELDS = (
    "django.db.models.ForeignKey",
    "django.db.models.ForeignObject",
    "django.db.models.ForeignObjectRel",
    "django.db.models.ManyToOneRel",
    "django.db.models.OneToOneField",
    "django.db.models.OneToOneRel",
    "django.contrib.contenttypes.fields.GenericRelation",
)

rule = RemovedMember(
    "DUR6018",
    {
        "get_joining_columns": "Django calls get_joining_fields(), which gives fields",
        "get_reverse_joining_columns": "Django calls get_reverse_joining_fields(), which gives fields",
    },
    on=(
        *_FIELDS,
        "django.db.models.fields.related.ForeignObject",
        "django.db.models.fields.reverse_related.ForeignObjectRel",
    ),
    instead={
        "get_joining_columns": "get_joining_fields",
        "get_reverse_joining_columns": "get_reverse_joining_fields",
    },
    distinctive=True,
    deprecated_in="5.0",
    removed_in="6.0",
    replacement_since="5.0",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)
