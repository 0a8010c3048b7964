from django_uplift_rules.kinds import RemovedMember

rule = RemovedMember(
    "DUR6019",
    {"get_cache_name": "Django reads the cached property cache_name"},
    on=(
        "django.db.models.fields.mixins.FieldCacheMixin",
        "django.db.models.ForeignKey",
        "django.db.models.ForeignObject",
        "django.db.models.OneToOneField",
        "django.contrib.contenttypes.fields.GenericForeignKey",
    ),
    instead={"get_cache_name": "cache_name"},
    deprecated_in="5.1",
    removed_in="6.0",
    replacement_since="5.1",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)
