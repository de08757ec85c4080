"""Headers in which a proxy says whom it speaks for: believed from our own proxies only."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

FORWARDED = ("HTTP_FORWARDED", "HTTP_X_REAL_IP")


class ForwardedMiddleware:
    """Drop the headers where they come from anybody else. It stands before all that reads them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request as it came, or without them."""
        if not is_from_proxy(request):
            for name in list(request.META):
                if name.startswith("HTTP_X_FORWARDED_") or name in FORWARDED:
                    del request.META[name]
        return self.get_response(request)


def is_from_proxy(request: HttpRequest) -> bool:
    """Whether a proxy of our own hands the request on. A socket file, which has no address, is
    reached from this machine only.
    """
    if not settings.TRUSTED_PROXY_COUNT:
        return False
    peer = request.META.get("REMOTE_ADDR", "")
    return not peer or any(ip_address(peer) in network for network in settings.TRUSTED_PROXIES)
