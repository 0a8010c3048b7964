from django_uplift_rules.kinds import RemovedKeyword

rule = RemovedKeyword(
    "DUR2105",
    {"django.contrib.auth.views.logout_then_login": {"extra_context": 2}},
    advice="leave it out, it had no effect",
    deprecated_in="1.11",
    removed_in="2.1",
    replacement_since="1.11",
    link="https://docs.djangoproject.com/en/2.1/releases/2.1/#features-removed-in-2-1",
)
