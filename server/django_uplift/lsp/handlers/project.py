"""Which project a document belongs to, and which Django releases it comes from and goes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_uplift.lsp import uris
from django_uplift.lsp.protocol import Raw
from django_uplift.lsp.schedule import Priority, Token

if TYPE_CHECKING:
    from django_uplift.lsp.server import UpliftServer


async def project_information(ls: UpliftServer, uri: str | None = None, *_: Any) -> Raw | None:
    """What is in force for a document, or for the first root; None where there is neither.

    `target` is the release that the code is checked for, `detected` the one without `target-version`.
    """
    session, analyst = ls.session, ls.session.analyst
    await session.settled.wait()

    def job(_: Token) -> Raw | None:
        from django_uplift import __version__
        from django_uplift.django.releases import RELEASED
        from django_uplift.django.target import detect

        path = uris.to_path(uri) if uri else None
        if path is None:
            root = next(iter(session.folders.values()), None)
            if root is None:
                return None
            path = root / "any.py"
        project = analyst.engine_for(path).project_of(path)
        settings = project.settings
        detected = detect(settings._replace(target_version=None), analyst.store)
        return Raw(
            {
                "version": __version__,
                "root": str(settings.root),
                "configuration": None if settings.origin is None else str(settings.origin),
                "target": {"release": str(project.target.release), "origin": project.target.origin},
                "detected": {"release": str(detected.release), "origin": detected.origin},
                "fromVersion": settings.from_version,
                "releases": [str(release) for release in RELEASED],
            }
        )

    return await ls.worker.submit(job, Priority.ASKED)
