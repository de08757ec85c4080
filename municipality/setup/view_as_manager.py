"""「所属長から見た画面」: the office looks at a page as the manager of a department sees it. It is
only ever looked at.

The guard stands here, before every page: nothing but GET, no personal records, no other body,
fifteen minutes. What the office itself may not see stays out of sight, since `page` asks both for
the viewer's rows and for the office's own.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from municipality.organisation.models import Authority, Department, Member, Posting
from municipality.organisation.rules import is_office
from municipality.setup.operations.previews import end_preview, note_previewed
from municipality.web.middleware import refused, view_name_of

SESSION_KEY = "preview"

MINUTES = 15

LOOKING = ("GET", "HEAD")

WAYS_OUT = ("municipality:preview_end", "account_logout")


ONLY_LOOKING = _(
    "「所属長から見た画面」では、見ることだけができます。操作するときは、表示を終わってください。"
)

PERSONAL = _("本人と所属長の間の記録は、「所属長から見た画面」でも見られません。")

ELSEWHERE = _(
    "「所属長から見た画面」を表示している間は、別の団体の画面を開けません。表示を終わってください。"
)

LAPSED = _(
    "「所属長から見た画面」の時間が過ぎたため、この操作は行いませんでした。内容を確かめて、もう一度行ってください。"
)


@dataclass(frozen=True)
class ManagerView:
    """Preview in a session: the department, its end, and the real member (None outside the
    bodies).
    """

    department: Department
    own: Member | None
    until: datetime


def begin(request: HttpRequest, department: Department) -> None:
    """Start the preview in the session, as the manager of this department."""
    until = request.now.timestamp() + MINUTES * 60
    request.session[SESSION_KEY] = {
        "department": department.pk,
        "body": department.municipality_id,
        "until": until,
    }


def end(request: HttpRequest, how: str) -> None:
    """Remove the preview from the session, and log its end in the body in which it began."""
    kept = request.session.pop(SESSION_KEY, None)
    if kept is not None:
        member = Member.objects.filter(user=request.user.pk, municipality=kept["body"]).first()
        department = Department.objects.of(kept["body"]).filter(pk=kept["department"]).first()
        if member is not None:
            end_preview(member, department, how=how)


def as_manager(member: Member, department: Department, day: Any) -> Member:
    """The same member with the manager's role and posts in the department, and no others."""
    held = Posting.objects.on(day).filter(department=department, grants__role="manager")
    posts = sorted(set(held.values_list("department_id", "post_id")))
    viewer = copy.copy(member)
    viewer.authority = Authority(
        viewer,
        day,
        grants=[("manager", department.path)],
        posts=posts,
        home_paths=[department.path],
        postings=member.authority.postings,
    )
    return viewer


class PreviewMiddleware:
    """Restricts a session with a preview to reading pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Reset the preview of the request before its view is known."""
        request.preview = None
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse views that are not for reading; for the others replace the member by the previewed
        one.
        """
        kept = request.session.get(SESSION_KEY)
        if kept is None:
            return None
        if view_name_of(request) == "account_logout" and request.method not in LOOKING:
            end(request, "signed out")
            return None
        department = self._department(request, kept)
        if department is None:
            end(request, "lapsed")
            return None if request.method in LOOKING else self._refuse(request, LAPSED)
        until = datetime.fromtimestamp(kept["until"], timezone.get_default_timezone())
        request.preview = ManagerView(department, request.member, until)
        return self._guard(request, view, kept)

    def _department(self, request: HttpRequest, kept: dict[str, Any]) -> Department | None:
        """The department, as long as the time is not up and the person is of the office still."""
        member: Member | None = request.member
        if request.now.timestamp() >= kept["until"]:
            return None
        if member is not None and member.municipality_id == kept["body"] and not is_office(member):
            return None
        return (
            Department.objects.of(kept["body"])
            .on(request.today)
            .filter(pk=kept["department"])
            .first()
        )

    def _guard(self, request: HttpRequest, view: Any, kept: dict[str, Any]) -> HttpResponse | None:
        if view_name_of(request) in WAYS_OUT:
            return None
        if request.method not in LOOKING:
            return self._refuse(request, ONLY_LOOKING)
        member: Member | None = request.member
        if member is None:
            return None
        if member.municipality_id != kept["body"]:
            return self._refuse(request, ELSEWHERE)
        if view.page.personal:
            return self._refuse(request, PERSONAL)
        self._look(request)
        return None

    def _look(self, request: HttpRequest) -> None:
        match, preview = request.resolver_match, request.preview
        number = match.kwargs.get("pk") if match else None
        note_previewed(
            preview.department, by=preview.own, page=view_name_of(request), number=number
        )
        request.member = as_manager(preview.own, preview.department, request.today)

    def _refuse(self, request: HttpRequest, reason: str | Promise) -> HttpResponse:
        refused(request)
        return render(request, "403.html", {"reason": reason}, status=403)
