"""Pages of PDCA: the list of reviews, one review and its texts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from evaluation.pdca.actions.forms import ActionForm, people_for
from evaluation.pdca.actions.operations import add_action
from evaluation.pdca.reviews import exports as reviews_exports
from evaluation.pdca.reviews.forms import RemarkForm, ReopenReviewForm, ReviewForm
from evaluation.pdca.reviews.models import Review
from evaluation.pdca.reviews.operations import reviews as operations
from evaluation.pdca.reviews.operations.revisions import reopen_review, require_closed
from evaluation.pdca.reviews.presenters import listed, reviews_listing, sheet, writing
from evaluation.pdca.rules import may_remark, may_write_review
from municipality.core.refusals import anyone
from municipality.organisation.open_days import open_days
from municipality.web.pages import done, page, show, valid
from municipality.web.paging import page_of

JOINED = "department municipality closed_by"


@page(anyone)
def review_list(request: HttpRequest) -> HttpResponse:
    """Reviews that the member may see: open ones, and those of each cadence."""
    tabs, rows = listed(request)
    shown = page_of(
        rows.select_related("department", "municipality", "closed_by"), request.GET.get("page")
    )
    context: dict[str, Any] = {"rows": shown, "tabs": tabs}
    context["listing"] = reviews_listing(shown, request.today, waiting=tabs[0].current)
    context["export"] = reviews_exports.reviews(shown.paginator.object_list)
    return show(request, "evaluation/pdca/reviews/reviews.html", context)


@page(anyone, of=Review, related=JOINED)
def review_page(request: HttpRequest, review: Review) -> HttpResponse:
    """One review: missing items, P, D, C, A, and remarks."""
    return _sheet(request, review, RemarkForm())


def _sheet(request: HttpRequest, review: Review, form: RemarkForm) -> HttpResponse:
    context: dict[str, Any] = {"form": form, **sheet(review, request.member, request.today)}
    return show(request, "evaluation/pdca/reviews/review.html", context)


@page(may_write_review, of=Review, methods="GET POST", related=JOINED)
def review_edit(request: HttpRequest, review: Review) -> HttpResponse:
    """Edit the texts of a review."""
    operations.require_open_to_changes(review)
    form = ReviewForm(request.POST or None, initial=ReviewForm.shown(review))
    if valid(request, form):
        operations.save_review(review, **form.cleaned_data, by=request.member)
        return done(request, _("レビューの内容を保存しました。"), review)
    context = {"form": form, **writing(review, request.member)}
    return show(request, "evaluation/pdca/reviews/review_edit.html", context)


@page(may_write_review, of=Review, methods="POST", related=JOINED)
def review_close(request: HttpRequest, review: Review) -> HttpResponse:
    """締め: close a review and freeze its figures."""
    operations.close_review(review, by=request.member, now=request.now)
    return done(request, _("レビューを締め、数値を固定しました。"), review)


@page(may_write_review, of=Review, methods="GET POST", related=JOINED)
def review_reopen(request: HttpRequest, review: Review) -> HttpResponse:
    """締めを解く: open a closed review again, with the reason."""
    require_closed(review)
    form = ReopenReviewForm(request.POST or None)
    if valid(request, form):
        reopen_review(
            review, reason=form.cleaned_data["reason"], by=request.member, now=request.now
        )
        return done(request, _("レビューの締めを解きました。"), review)
    return show(
        request, "evaluation/pdca/reviews/review_reopen.html", {"form": form, "review": review}
    )


@page(may_write_review, of=Review, methods="POST", related=JOINED)
def review_request(request: HttpRequest, review: Review) -> HttpResponse:
    """起案: on to the decision's page, which shows the route and sends it."""
    decision = operations.draft_review_decision(review, by=request.member, now=request.now)
    return redirect(decision)


@page(may_write_review, of=Review, methods="POST", related=JOINED)
def review_ask_for_route(request: HttpRequest, review: Review) -> HttpResponse:
    """Ask the office for help where one has no route for the review."""
    operations.ask_for_review_route(review, by=request.member, now=request.now)
    return done(request, _("事務局に依頼しました。"), review)


@page(may_remark, of=Review, methods="POST", related=JOINED)
def review_remark(request: HttpRequest, review: Review) -> HttpResponse:
    """Add a remark to a review (所見; 助言 from outside)."""
    form = RemarkForm(request.POST)
    if not valid(request, form):
        return _sheet(request, review, form)
    operations.add_remark(
        review, text=form.cleaned_data["text"], by=request.member, now=request.now
    )
    return done(request, _("所見を加えました。"), review)


@page(may_write_review, of=Review, methods="GET POST", related="department municipality")
def action_new(request: HttpRequest, review: Review) -> HttpResponse:
    """Add an action to a review."""
    operations.require_open_to_changes(review)
    form = ActionForm(
        request.POST or None,
        people=people_for(request.member),
        review=review,
        calendar=open_days(request.municipality),
        today=request.today,
    )
    if valid(request, form):
        chosen = {name: form.cleaned_data[name] for name in ("what", "who", "due_on")}
        add_action(review, **chosen, by=request.member, now=request.now)
        return done(request, _("改善項目を加えました。"), review)
    return show(
        request, "evaluation/pdca/actions/action_form.html", {"form": form, "review": review}
    )
