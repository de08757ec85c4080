"""Health checks for monitoring. Components are named; nothing else is shown."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from municipality.setup.system_status import failing


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers. It uses neither database nor broker."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when every component works, else 503 with the names of those that do not. What fails for
    some body alone is a warning: a balancer takes no installation out for it.
    """
    names, warnings = failing(timezone.now())
    state = {"ready": not names, "failing": names, "warnings": warnings}
    return JsonResponse(state, status=503 if names else 200)
