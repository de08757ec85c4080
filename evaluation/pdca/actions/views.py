"""Pages of 改善項目: the list, one action, adding, changing, finishing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from evaluation.pdca.actions import exports, operations
from evaluation.pdca.actions.forms import ActionForm, OutcomeForm, people_for
from evaluation.pdca.actions.presenters import action_tabs, actions_listing
from evaluation.pdca.reviews.models import Action, Review
from evaluation.pdca.rules import may_finish, may_write_action, may_write_review
from municipality.core.refusals import anyone
from municipality.organisation.open_days import open_days
from municipality.organisation.rules import may_see_names
from municipality.web.pages import done, page, show, valid
from municipality.web.paging import page_of

JOINED = "review__department review__municipality who municipality carried_from"


@page(anyone)
def action_list(request: HttpRequest) -> HttpResponse:
    """Actions: one's own first, then all open ones, then finished ones."""
    tabs, rows, count = action_tabs(request)
    joined = rows.select_related("review__department", "review__municipality", "who")
    shown = page_of(joined, request.GET.get("page"), count=count)
    persons = bool(may_see_names(request.member))
    listing = actions_listing(request, shown, persons=persons)
    export = exports.actions(joined, request.member, persons=persons)
    context = {"listing": listing, "tabs": tabs, "export": export}
    return show(request, "evaluation/pdca/actions/actions.html", context)


@page(anyone, of=Action, related=JOINED)
def action_page(request: HttpRequest, action: Action) -> HttpResponse:
    """One action: person, due day, origin, and outcome."""
    return _page(request, action, OutcomeForm())


def _page(request: HttpRequest, action: Action, form: OutcomeForm) -> HttpResponse:
    review = action.review
    sees_review = Review.objects.visible_to(request.member).filter(pk=review.pk).exists()
    context = {
        "action": action,
        "form": form,
        "review": review if sees_review else None,
        "later": Action.objects.visible_to(request.member).filter(carried_from=action).first(),
        "persons": bool(may_see_names(request.member)) or action.who_id == request.member.pk,
        "may_finish": action.is_open and may_finish(request.member, action),
        "may_write": action.is_open
        and review.is_open_to_changes
        and may_write_action(request.member, action),
        "left": open_days(request.municipality).between(request.today, action.due_on)
        if action.due_on
        else None,
    }
    return show(request, "evaluation/pdca/actions/action.html", context)


@page(may_write_review, of=Review, methods="GET POST", related="department municipality")
def action_new(request: HttpRequest, review: Review) -> HttpResponse:
    """Add an action to a review."""
    form = ActionForm(request.POST or None, people=people_for(request.member), review=review)
    if valid(request, form):
        values = {name: form.cleaned_data[name] for name in ("what", "who", "due_on")}
        operations.add_action(review, **values, by=request.member, now=request.now)
        return done(request, _("改善項目を加えました。"), review)
    return show(
        request, "evaluation/pdca/actions/action_form.html", {"form": form, "review": review}
    )


@page(may_write_action, of=Action, methods="GET POST", related=JOINED)
def action_edit(request: HttpRequest, action: Action) -> HttpResponse:
    """Change text, person or due day."""
    people = people_for(request.member, action)
    form = ActionForm(
        request.POST or None, people=people, review=action.review, initial=ActionForm.shown(action)
    )
    if valid(request, form):
        values = {name: form.cleaned_data[name] for name in ("what", "who", "due_on")}
        edition = form.cleaned_data["edition"] or 0
        operations.change_action(
            action, **values, edition=edition, by=request.member, now=request.now
        )
        return done(request, _("改善項目を変更しました。"), action.review)
    return show(
        request,
        "evaluation/pdca/actions/action_form.html",
        {"form": form, "review": action.review, "action": action},
    )


@page(may_finish, of=Action, methods="POST", related=JOINED)
def action_finish(request: HttpRequest, action: Action) -> HttpResponse:
    """Finish it."""
    form = OutcomeForm(request.POST)
    if not valid(request, form):
        return _page(request, action, form)
    operations.finish_action(
        action, outcome=form.cleaned_data["outcome"], by=request.member, now=request.now
    )
    return done(request, _("改善項目を完了しました。"), action)


@page(may_write_action, of=Action, methods="POST", related=JOINED)
def action_cancel(request: HttpRequest, action: Action) -> HttpResponse:
    """Cancel it."""
    form = OutcomeForm(request.POST)
    if not valid(request, form):
        return _page(request, action, form)
    operations.cancel_action(
        action, outcome=form.cleaned_data["outcome"], by=request.member, now=request.now
    )
    return done(request, _("改善項目を取りやめました。"), action)
