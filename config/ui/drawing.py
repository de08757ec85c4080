"""How a component is drawn: one template in templates/components/ per component, filled with plain facts."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


def draw(component: str, **facts) -> SafeString:
    """The HTML of one component. Its template escapes every fact that is not already safe."""
    return render_to_string(f"components/{component}.html", facts)
