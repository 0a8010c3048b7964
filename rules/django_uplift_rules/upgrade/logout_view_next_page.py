from django_uplift_rules.kinds import RemovedMember

rule = RemovedMember(
    "DUR4105",
    {"get_next_page": "Django calls get_success_url(), and ignores this"},
    on=("django.contrib.auth.views.LogoutView",),
    instead={"get_next_page": "get_success_url"},
    removed_in="4.1",
    replacement_since="4.1",
    link="https://docs.djangoproject.com/en/4.1/releases/4.1/#features-removed-in-4-1",
)
