"""``python -m django_uplift`` is the ``django-uplift`` command."""

from django_uplift.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
