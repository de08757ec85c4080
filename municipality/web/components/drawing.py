"""Rendering of components: each has one template in templates/municipality/web/components/, filled
with plain values.
"""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


def draw(component: str, **context) -> SafeString:
    """HTML of one component. Its template escapes every value that is not marked as safe."""
    return render_to_string(f"municipality/web/components/{component}.html", context)
