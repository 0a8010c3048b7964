"""``python -m django_uplift`` is the ``django-uplift`` command.

Python then looks for modules in the working folder first, which may be that of a project nobody has vouched for: it
is taken away before anything else is imported. (What Python imports to get here is beyond us: see SECURITY.md.)
"""

import os
import sys

if __name__ == "__main__" and sys.path and sys.path[0] in ("", os.getcwd()):  # noqa: PTH109 -- pathlib is not loaded yet
    del sys.path[0]

from django_uplift.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
