from django_uplift_rules.kinds import RemovedMethodKeyword

_SIGNALS = (
    "class_prepared m2m_changed post_delete post_init post_migrate post_save pre_delete pre_init pre_migrate pre_save "
    "request_finished request_started got_request_exception setting_changed user_logged_in user_logged_out "
    "user_login_failed connection_created signal"
)

rule = RemovedMethodKeyword(
    "DUR2024",
    {"disconnect": "weak"},
    on=("django.dispatch.Signal",),
    called=_SIGNALS.split(),
    advice="leave it out, it never had an effect",
    distinctive=True,
    droppable=(True, False),
    deprecated_in="1.9",
    removed_in="2.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)
