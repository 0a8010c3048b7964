from django_uplift_rules.kinds import RemovedSetting

_OPTIONS = {
    "EMAIL_BACKEND": 'MAILERS["default"]["BACKEND"]',
    **{
        f"EMAIL_{name}": f'MAILERS["default"]["OPTIONS"]["{option}"]'
        for name, option in (
            ("FILE_PATH", "file_path"),
            ("HOST", "host"),
            ("HOST_PASSWORD", "password"),
            ("HOST_USER", "username"),
            ("PORT", "port"),
            ("SSL_CERTFILE", "ssl_certfile"),
            ("SSL_KEYFILE", "ssl_keyfile"),
            ("TIMEOUT", "timeout"),
            ("USE_SSL", "use_ssl"),
            ("USE_TLS", "use_tls"),
        )
    },
}

rule = RemovedSetting(
    "DUR7006",
    {name: f"it is {place}" for name, place in _OPTIONS.items()},
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="6.1",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)
