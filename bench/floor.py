"""The floor of each page: session, user, second factor, then the page's own rows by the plainest
query, in a bare template.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from municipality.accounts.models import Authenticator
from municipality.decisions.models import Decision, Step
from municipality.organisation.models import Department, Member
from pilots.planning.models import Pilot

LIST = engines["django"].from_string("<ul>{% for row in rows %}<li>{{ row }}</li>{% endfor %}</ul>")


class Bare:
    """The middleware of the floor: its own addresses, and the look at the second factor that every
    page costs.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Turn to the floor's addresses."""
        request.urlconf = __name__
        if request.user.is_authenticated:
            list(Authenticator.objects.filter(user=request.user)[:1])
        return self.get_response(request)


MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    f"{__name__}.Bare",
]


def shows(rows: Callable[[], object]) -> Callable[[HttpRequest], HttpResponse]:
    """A view that lists rows."""
    return lambda request: HttpResponse(LIST.render({"rows": rows()}, request))


urlpatterns = [
    path(
        "home",
        shows(
            lambda: list(
                Step.objects.filter(state="current").values_list("decision__title", "due_on")[:50]
            )
        ),
    ),
    path(
        "decisions",
        shows(lambda: list(Decision.objects.values_list("title", "state", "drafter__name")[:50])),
    ),
    path("departments", shows(lambda: list(Department.objects.values_list("code", "name")))),
    path("people", shows(lambda: list(Member.objects.values_list("number", "name")[:50]))),
    path("pilots", shows(lambda: list(Pilot.objects.values_list("name", "state")[:50]))),
]
