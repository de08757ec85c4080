"""How a component is drawn: one template in templates/municipality/web/components/ per component,
filled with plain facts.
"""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


def draw(component: str, **facts) -> SafeString:
    """The HTML of one component. Its template escapes every fact that is not already safe."""
    return render_to_string(f"municipality/web/components/{component}.html", facts)
