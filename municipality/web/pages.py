"""What every page has: a declared rule, rows fetched for the viewer, and one way to answer.

The order of answers is 403 (not the role, with the reason) → 404 (out of sight) → 403 (not allowed
for this row) → 409 (not possible now) → 422 (bad input).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from municipality.core.refusals import Answer, Conflict, Refusal, require
from municipality.core.transitions import page_of
from municipality.web.exports import answer, asked_format
from municipality.web.sent_once import done_once, sent_before

if TYPE_CHECKING:
    from municipality.organisation.models import Member


@dataclass(frozen=True)
class Page:
    """Declaration of a view, see `page`. The access matrix and the check at run time read it."""

    rule: Callable[..., Answer]
    of: Any
    methods: tuple[str, ...]
    related: tuple[str, ...] = ()
    again: Callable[..., HttpResponse] | None = None
    personal: bool = False
    most_bytes: int = 0
    asks_network: bool = False

    @cached_property
    def asks_the_row(self) -> bool:
        """Does the rule need the row to answer? Of a role it is asked without one."""
        _member, *rows = signature(self.rule).parameters.values()
        return self.of is not None and rows[0].default is Parameter.empty

    def takes(self, method: str | None) -> bool:
        """Whether the view answers a request of this method."""
        return method in self.methods or (method == "HEAD" and "GET" in self.methods)


def page(
    rule: Callable[..., Answer],
    *,
    of: Any = None,
    methods: str = "GET",
    related: str = "",
    again: Callable[..., HttpResponse] | None = None,
    personal: bool = False,
    most_bytes: int = 0,
    asks_network: bool = False,
):
    """Declare a view under /<code>/.

    A rule that can be asked about the member alone, a role, is asked first (403): whoever lacks the
    role gets the same answer whether or not a row exists. With `of` the address's `pk` is then
    fetched through `visible_to` (404), the rule is asked about that row (403), and the view gets
    `(request, row)`. `related` names relations to join. `again(request, row, conflict)` answers a
    Conflict with the page of the row as it is now, while it is still in sight; a Conflict that
    names no page leads to that of the row. A form is done once, see `sent_once`, but for one that
    `asks_network`: no transaction waits for another server. What is `personal` (goals, talks) is
    not shown through anybody else's eyes, see `previews`. A page that takes a file says with
    `most_bytes` how large it may be; every other form is bounded by the middleware.
    """
    declared = Page(
        rule,
        of,
        tuple(methods.split()),
        tuple(related.split()),
        again,
        personal,
        most_bytes,
        asks_network,
    )

    def declare(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def run(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            kwargs.pop("code", None)
            return respond(declared, view, request, kwargs)

        run.page = declared  # type: ignore[attr-defined]
        return run

    return declare


def respond(
    declared: Page, view: Callable[..., HttpResponse], request: HttpRequest, kwargs: dict[str, Any]
) -> HttpResponse:
    """The answer of a declared view, after all that its declaration asks."""
    if not declared.takes(request.method):
        return HttpResponseNotAllowed(declared.methods)
    if not declared.asks_network and (earlier := sent_before(request)):
        return earlier
    once = answered if declared.asks_network else done_once
    if not declared.asks_the_row:
        require_of_all(request, declared.rule)
    if declared.of is None:
        return once(request, lambda: view(request, **kwargs))
    rows = in_sight_of_all(request, declared)
    row = get_object_or_404(rows, pk=kwargs.pop("pk"))
    require_of_all(request, declared.rule, row)
    try:
        return once(request, lambda: view(request, row, **kwargs))
    except Conflict as conflict:
        now = rows.filter(pk=row.pk).first()
        conflict.address = conflict.address or (page_of(now) if now else "")
        if declared.again is None or now is None:
            raise
        return declared.again(request, now, conflict)


def in_sight_of_all(request: HttpRequest, declared: Page) -> Any:
    """Rows that the member sees, and the real member behind a preview too."""
    rows = declared.of.objects.visible_to(request.member)
    for own in really(request):
        rows = rows.filter(pk__in=declared.of.objects.visible_to(own).values("pk"))
    return rows.select_related(*declared.related) if declared.related else rows


def answered(_request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer, in no transaction of its own."""
    return answer()


def really(request: HttpRequest) -> list[Member]:
    """The real member behind a preview; None otherwise."""
    preview = getattr(request, "preview", None)
    return [preview.own] if preview is not None and preview.own is not None else []


def require_of_all(request: HttpRequest, rule: Callable[..., Answer], *rows: models.Model) -> None:
    """Raises Denied unless the rule holds for the member and for the real member behind a preview,
    so that a preview never raises rights.
    """
    require(rule(request.member, *rows))
    if any(not rule(own, *rows) for own in really(request)):
        require(Refusal(NOT_EVEN_SO))


NOT_EVEN_SO = _("事務局の人が開けない画面は、「所属長から見た画面」でも開けません。")


def valid(request: HttpRequest, form: Any) -> bool:
    """Whether the form was sent and is valid."""
    return request.method == "POST" and form.is_valid()


def show(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """The page; 422 when the form in it was sent and is bad, so that nothing typed is lost and
    machines see the refusal.

    A list in it that was asked for as a file (`export` of the context, see municipality/exports) is
    answered as one.
    """
    if (export := (context or {}).get("export")) and (format_ := asked_format(request)):
        return answer(request, export, format_)
    form = (context or {}).get("form")
    bad = form is not None and form.is_bound and not form.is_valid()
    return render(request, template, context, status=422 if bad else status)


def done(request: HttpRequest, message: str, target: Any) -> HttpResponse:
    """Say what was done, then go to the target: an object with `get_absolute_url`, or an
    address.
    """
    messages.success(request, message)
    return redirect(target)
