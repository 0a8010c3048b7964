from django_uplift_rules.kinds import RemovedMember

rule = RemovedMember(
    "DUR6017",
    {"get_prefetch_queryset": "Django calls get_prefetch_querysets(instances, querysets=None)"},
    on=(
        *(
            f"django.db.models.fields.related_descriptors.{name}Descriptor"
            for name in (
                "ForwardManyToOne",
                "ForwardOneToOne",
                "ReverseOneToOne",
                "ReverseManyToOne",
                "ManyToMany",
            )
        ),
        "django.contrib.contenttypes.fields.GenericForeignKey",
        # A manager of related objects, as django-taggit has one.
        "django.db.models.Manager",
    ),
    instead={"get_prefetch_queryset": "get_prefetch_querysets"},
    distinctive=True,
    deprecated_in="5.0",
    removed_in="6.0",
    replacement_since="5.0",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)
