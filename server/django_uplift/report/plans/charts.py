"""The charts of a plan's page, as SVG that needs neither script nor style attributes."""

from __future__ import annotations

from django_uplift.plan.model import Counts, Readiness

KINDS = tuple(Readiness)
"""In the order of `Counts`."""

PATTERNS = """<svg width="0" height="0" aria-hidden="true" focusable="false"><defs>
<pattern id="later" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
<rect class="later" width="7" height="7"/><path class="stripes" d="M0 0V7"/></pattern>
<pattern id="person" width="6" height="6" patternUnits="userSpaceOnUse">\
<rect class="person" width="6" height="6"/><circle class="dots" cx="3" cy="3" r="1.1"/></pattern>
</defs></svg>
"""
"""What the charts' fills refer to: later is striped and person dotted, for who can't tell the colours."""

_FILLS = {
    Readiness.NOW: 'class="now"',
    Readiness.LATER: 'fill="url(#later)"',
    Readiness.PERSON: 'fill="url(#person)"',
}


def bar(counts: Counts, most: int) -> str:
    """A bar of `counts` where `most` fills the width. The table around it holds the numbers."""
    parts = ['<rect class="trough" width="100%" height="15" rx="2"/>']
    at = 0.0
    for readiness, count in zip(KINDS, counts, strict=True):
        if count:
            share = 100 * count / most
            parts.append(f'<rect {_FILLS[readiness]} x="{at:.3f}%" width="{share:.3f}%" height="15"/>')
            at += share
    return f'<svg class="bar" aria-hidden="true" focusable="false">{"".join(parts)}</svg>'


def ring(counts: Counts) -> str:
    """A ring with the sum in its middle."""
    said = ", ".join(f"{count} {kind.value}" for kind, count in zip(KINDS, counts, strict=True))
    parts = ['<circle class="trough" cx="21" cy="21" r="15.915"/>']
    at = 0.0
    for readiness, count in zip(KINDS, counts, strict=True):
        if count:
            share = 100 * count / counts.total
            # A gap of half a unit parts the segments, unless there is one alone.
            drawn = share if share == 100 else max(share - 0.6, 0.4)
            parts.append(
                f'<circle class="{readiness.value}" cx="21" cy="21" r="15.915" pathLength="100" '
                f'stroke-dasharray="{drawn:.2f} {100 - drawn:.2f}" stroke-dashoffset="{25 - at:.2f}"/>'
            )
            at += share
    return (
        f'<svg class="ring" viewBox="0 0 42 42" role="img" aria-label="{counts.total} places: {said}">{"".join(parts)}'
        f'<text class="big" x="21" y="22.5">{counts.total}</text>'
        f'<text class="small" x="21" y="27">{"place breaks" if counts.total == 1 else "places break"}</text></svg>'
    )


def key(readiness: Readiness, name: str = "key") -> str:
    """A swatch for legends and lists, with its meaning for who can't see it."""
    return (
        f'<svg class="{name}" viewBox="0 0 14 14" role="img" aria-label="{readiness.value}:">'
        f'<rect {_FILLS[readiness]} width="14" height="14" rx="3"/></svg>'
    )
