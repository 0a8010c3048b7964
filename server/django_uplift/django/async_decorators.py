"""Django's decorators for views: since when an async view stays async under them (measured)."""

from __future__ import annotations

from django_uplift.django.orm import V50, V51, V52
from django_uplift.django.releases import Release

_AUTH = "django.contrib.auth.decorators."
_VIEWS = "django.views.decorators."
ASYNC_SINCE: dict[str, Release] = {
    **{f"{_AUTH}{name}": V51 for name in ("login_required", "permission_required", "user_passes_test")},
    "django.contrib.admin.views.decorators.staff_member_required": V51,
    "django.utils.decorators.method_decorator": V52,
    **{f"{_VIEWS}cache.{name}": V50 for name in ("never_cache", "cache_control", "cache_page")},
    **{f"{_VIEWS}csrf.{name}": V50 for name in ("csrf_exempt", "csrf_protect", "ensure_csrf_cookie")},
    **{
        f"{_VIEWS}http.{name}": V50
        for name in (
            "require_GET",
            "require_POST",
            "require_safe",
            "require_http_methods",
            "condition",
            "conditional_page",
            "etag",
            "last_modified",
        )
    },
    **{f"{_VIEWS}vary.{name}": V50 for name in ("vary_on_cookie", "vary_on_headers")},
    f"{_VIEWS}gzip.gzip_page": V50,
    **{
        f"{_VIEWS}clickjacking.{name}": V50
        for name in ("xframe_options_exempt", "xframe_options_deny", "xframe_options_sameorigin")
    },
    f"{_VIEWS}common.no_append_slash": V50,
    **{f"{_VIEWS}debug.{name}": V50 for name in ("sensitive_variables", "sensitive_post_parameters")},
}
