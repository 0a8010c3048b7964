"""What holds for all tests: they leave no trace in the user's folders."""

import os
import tempfile

os.environ.setdefault("DJANGO_UPLIFT_CACHE_DIR", tempfile.mkdtemp(prefix="django-uplift-tests-"))
