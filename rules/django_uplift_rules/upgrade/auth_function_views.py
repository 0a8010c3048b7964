from django_uplift_rules.kinds import RemovedName

_VIEWS = {
    "login": "LoginView",
    "logout": "LogoutView",
    "password_change": "PasswordChangeView",
    "password_change_done": "PasswordChangeDoneView",
    "password_reset": "PasswordResetView",
    "password_reset_done": "PasswordResetDoneView",
    "password_reset_confirm": "PasswordResetConfirmView",
    "password_reset_complete": "PasswordResetCompleteView",
}

rule = RemovedName(
    "DUR2101",
    {f"django.contrib.auth.views.{old}": f"use {new}.as_view()" for old, new in _VIEWS.items()},
    deprecated_in="1.11",
    removed_in="2.1",
    replacement_since="1.11",
    link="https://docs.djangoproject.com/en/2.1/releases/2.1/#features-removed-in-2-1",
)
