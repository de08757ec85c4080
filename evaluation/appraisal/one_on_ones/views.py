"""Pages of 1on1: one's pairs, one pair, one 1on1 with promises and a private note, and whether 1on1
were held.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from evaluation.appraisal.access.evaluators import departments_overseen, people_led_by
from evaluation.appraisal.access.rules import leads_people, may_see_numbers, works_here
from evaluation.appraisal.one_on_ones import exports, operations, presenters, records
from evaluation.appraisal.one_on_ones.forms import NoteForm, PairForm, TalkForm
from evaluation.appraisal.one_on_ones.rules import may_note, may_record
from municipality.core.periods import Period
from municipality.core.refusals import require
from municipality.web.components.lists import Tab, tabs_of
from municipality.web.pages import done, page, show, valid


@page(works_here, personal=True)
def one_on_one_list(request: HttpRequest) -> HttpResponse:
    """One's pairs: as the manager and as the member."""
    pairs = records.own_pairs(request.member, request.today)
    led = [pair for pair in pairs if pair.manager_id == request.member.pk]
    mine = [pair for pair in pairs if pair.member_id == request.member.pk]
    tabs, listed = presenters.led_tabs(led, request.today, request.GET.get("tab", ""))
    context = {
        "tabs": tabs,
        "leads": bool(led),
        "led": presenters.led_listing(listed, request.today),
        "mine": presenters.own_listing(mine, request.today),
        "may_start": leads_people(request.member),
        "may_see_held": may_see_numbers(request.member),
    }
    return show(request, "evaluation/appraisal/one_on_ones/one_on_ones.html", context)


@page(leads_people, methods="GET POST", personal=True)
def pair_new(request: HttpRequest) -> HttpResponse:
    """Begin 1on1 with one of one's people."""
    free = people_led_by(request.member).exclude(pk__in=records.paired_members(request.member))
    form = PairForm(request.POST or None, people=free.order_by("kana", "number"))
    if valid(request, form):
        pair = operations.start_pair(
            form.cleaned_data["member"], by=request.member, today=request.today
        )
        return done(request, _("1on1を始めました。話したら、ここから記録してください。"), pair)
    return show(request, "evaluation/appraisal/one_on_ones/pair_new.html", {"form": form})


@page(may_see_numbers, personal=True)
def held(request: HttpRequest) -> HttpResponse:
    """Pairs that met this month or the month before, without content."""
    this = Period.holding(Period.MONTH, request.today)
    period = this.previous if request.GET.get("month") == "previous" else this
    departments = departments_overseen(request.member)
    rows = records.held(request.member, departments, period, request.GET.get("page"))
    context = {
        "listing": presenters.held_listing(rows, request.today),
        "period": period,
        "tabs": _months(this, period),
        "export": exports.held(period.first, rows.paginator.object_list),
    }
    return show(request, "evaluation/appraisal/one_on_ones/held.html", context)


def _months(this: Period, shown: Period) -> list[Tab]:
    months = {"": pgettext("1on1", "今月"), "month=previous": pgettext("1on1", "先月")}
    current = {this: "", this.previous: "month=previous"}
    return tabs_of(months, current[shown], address="?{}".format)


@page(works_here, personal=True)
def pair_page(request: HttpRequest, pk: int) -> HttpResponse:
    """1on1 of a pair: day, mode, and number of open promises."""
    pair = records.find_pair(request.member, pk)
    talks = records.talks_of(pair, request.GET.get("page"))
    writes = pair.ends_on is None and bool(may_record(request.member, pair))
    listing = presenters.talks_listing(pair, talks, request.today, may_record=writes)
    context = {"pair": pair, "listing": listing, "may_record": writes}
    return show(request, "evaluation/appraisal/one_on_ones/pair.html", context)


@page(works_here, methods="GET POST", personal=True)
def talk_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a 1on1 that was held."""
    pair = records.find_pair(request.member, pk)
    require(may_record(request.member, pair))
    form = TalkForm(
        request.POST or None, pair=pair, today=request.today, initial={"held_on": request.today}
    )
    if valid(request, form):
        cleaned = form.cleaned_data
        talk = operations.record_talk(
            pair,
            content=cleaned["content"],
            promises=cleaned["promises"],
            by=request.member,
            now=request.now,
        )
        return done(request, _("1on1を記録しました。"), talk)
    return show(
        request, "evaluation/appraisal/one_on_ones/talk_form.html", {"form": form, "pair": pair}
    )


@page(works_here, personal=True)
def talk_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One 1on1: topics, shared note, promises, and one's own private note."""
    opened = records.open_talk(request.member, pk)
    form = NoteForm(initial={"text": opened.note, "edition": opened.note_edition})
    context = {
        "opened": opened,
        "talk": opened.talk,
        "form": form,
        "may_record": may_record(request.member, opened.talk.pair),
    }
    return show(request, "evaluation/appraisal/one_on_ones/talk.html", context)


@page(works_here, methods="GET POST", personal=True)
def talk_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a record, or add promises to it."""
    talk = records.read_talk(request.member, pk)
    require(may_record(request.member, talk.pair))
    shown = {"edition": talk.edition, **{name: getattr(talk, name) for name in TalkForm.TALK}}
    form = TalkForm(request.POST or None, pair=talk.pair, today=request.today, initial=shown)
    if valid(request, form):
        cleaned = form.cleaned_data
        changes = {
            "content": cleaned["content"],
            "promises": cleaned["promises"],
            "edition": cleaned["edition"] or 0,
        }
        operations.correct_talk(talk, **changes, by=request.member, now=request.now)
        return done(request, _("1on1の記録を訂正しました。"), talk)
    return show(
        request,
        "evaluation/appraisal/one_on_ones/talk_form.html",
        {"form": form, "pair": talk.pair, "talk": talk},
    )


@page(works_here, methods="POST", personal=True)
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a private note."""
    talk = records.find_talk(request.member, pk)
    require(may_note(request.member, talk))
    form = NoteForm(request.POST)
    if not valid(request, form):
        opened = records.open_talk(request.member, pk)
        return show(
            request,
            "evaluation/appraisal/one_on_ones/talk.html",
            {"opened": opened, "talk": opened.talk, "form": form},
        )
    cleaned = form.cleaned_data
    operations.keep_note(
        talk, text=cleaned["text"], edition=cleaned["edition"], by=request.member, now=request.now
    )
    return done(request, _("自分だけのメモを保存しました。"), talk)


@page(works_here, methods="POST", personal=True)
def promise_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one's own promise as kept."""
    promise = records.find_promise(request.member, pk)
    operations.keep_promise(promise, by=request.member, now=request.now)
    return done(request, _("約束を済みにしました。"), promise.one_on_one)
