"""督促と通知: the rules and their ladder, what is held, the words, mail that does not arrive, and
notices of the office's own.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from municipality.core.addresses import page_address
from municipality.notifications.models import Mail, Wording
from municipality.notifications.restore_guard import is_restored
from municipality.notifications.wording import may_be_reworded, standard_words
from municipality.organisation.models import Member
from municipality.organisation.open_days import open_days
from municipality.organisation.rules import is_office
from municipality.reminders import presenters, queries
from municipality.reminders.forms import AnnouncementForm, LadderForm, WordingForm
from municipality.reminders.models import Announcement, Hold, LadderVersion
from municipality.reminders.operations import announcements, mail_troubles
from municipality.reminders.operations import settings as operations
from municipality.reminders.operations.planning import ladder_of
from municipality.reminders.rules import may_care_for_mail, may_decide_hold
from municipality.web.components.lists import tabs_of
from municipality.web.pages import done, page, show, valid
from municipality.web.paging import page_of

LANGUAGES = {"ja": "日本語", "en": "English"}


def _show(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    labels = {
        "reminders": _("督促の規則"),
        "announcements": _("お知らせを送る"),
        "wordings": pgettext("設定", "文面"),
        "mails": _("メールの送信"),
    }
    here = {"wording": "wordings", "hold": "reminders"}.get(name, name)
    code = request.municipality.pk
    tabs = tabs_of(labels, here, address=lambda key: page_address(f"municipality:{key}", code))
    return show(request, f"municipality/reminders/{name}.html", {"tabs": tabs, **context})


@page(is_office, methods="GET POST")
def reminders_page(request: HttpRequest) -> HttpResponse:
    """Every rule with what it does next, and the ladder with its effect on one date."""
    body, ladder = request.municipality, ladder_of(request.municipality)
    form = LadderForm.of(ladder, request.POST or None)
    if valid(request, form):
        operations.set_ladder(body, **form.cleaned_data, by=request.member, now=request.now)
        return done(
            request,
            _("督促の段階を設定しました。次の督促から使います。"),
            page_address("municipality:reminders", body.pk),
        )
    calendar = open_days(body)
    due_on = calendar.add(request.today, 7)
    versions = LadderVersion.objects.visible_to(request.member)
    holds = Hold.objects.visible_to(request.member)[:20]
    context = {
        "form": form,
        "ladder": ladder,
        "due_on": due_on,
        "example": presenters.example_listing(queries.example_of(ladder, due_on, calendar)),
        "rules": presenters.rules_listing(queries.rule_rows(body, request.today, calendar, ladder)),
        "versions": presenters.versions_listing(versions.select_related("set_by")[:20]),
        "holds": holds,
        "held": presenters.holds_listing(holds),
    }
    return _show(request, "reminders", context)


@page(may_decide_hold, of=Hold, related="decided_by")
def hold_page(request: HttpRequest, hold: Hold) -> HttpResponse:
    """What is held, by rule and stage and by person, with the two ways on."""
    people = page_of(queries.held_people(hold), request.GET.get("page"))
    context = {
        "hold": hold,
        "groups": presenters.held_groups_listing(queries.held_groups(hold)),
        "people": presenters.held_people_listing(people),
    }
    return _show(request, "hold", context)


@page(may_decide_hold, of=Hold, methods="POST", related="municipality")
def hold_release(request: HttpRequest, hold: Hold) -> HttpResponse:
    """Release what is held: it is told now."""
    count = operations.release_hold(hold, by=request.member, now=request.now)
    words = ngettext("%(count)s件の督促を送ります。", "%(count)s件の督促を送ります。", count) % {
        "count": count
    }
    return done(request, words, hold)


@page(may_decide_hold, of=Hold, methods="POST")
def hold_drop(request: HttpRequest, hold: Hold) -> HttpResponse:
    """Drop what is held: it is never told."""
    operations.drop_hold(hold, by=request.member, now=request.now)
    return done(request, _("止めた督促を取りやめました。"), hold)


@page(is_office)
def wordings_page(request: HttpRequest) -> HttpResponse:
    """Every kind of notice with its words, in each language."""
    own = queries.reworded(request.municipality)
    listing = presenters.wordings_listing(
        queries.rewordable(), own, LANGUAGES, request.municipality.pk
    )
    return _show(request, "wordings", {"wordings": listing})


@page(is_office, methods="GET POST")
def wording_page(request: HttpRequest, rule: str, language: str) -> HttpResponse:
    """The words of one kind in one language: tried out, saved, or given back to the product's
    own.
    """
    if not may_be_reworded(rule) or language not in LANGUAGES:
        raise Http404
    current = operations.version_of(request.municipality, rule, language)
    words = _words_of(rule, language, current)
    form = WordingForm(rule, request.POST or None, initial=words)
    if valid(request, form) and "preview" not in request.POST:
        values = form.cleaned_data | (
            {"subject": "", "text": ""} if "default" in request.POST else {}
        )
        operations.set_words(
            request.municipality, rule, language, **values, by=request.member, now=request.now
        )
        return done(
            request,
            _("文面を保存しました。"),
            page_address("municipality:wordings", request.municipality.pk),
        )
    return _show(
        request,
        "wording",
        _words_shown(rule, language, form, own=bool(current and current.subject)),
    )


def _words_of(rule: str, language: str, current: Wording | None) -> dict[str, Any]:
    """What the form begins with: the body's words, else the product's."""
    with override(language):
        subject, text = (
            (current.subject, current.body) if current and current.subject else standard_words(rule)
        )
    return {"version": current.version if current else 0, "subject": subject, "text": text}


def _words_shown(rule: str, language: str, form: WordingForm, *, own: bool) -> dict[str, Any]:
    words = form.cleaned_data if form.is_bound and form.is_valid() else dict(form.initial)
    with override(language):
        standard = standard_words(rule)
    return {
        "form": form,
        "label": queries.label_of(rule),
        "language": LANGUAGES[language],
        "standard": standard,
        "own": own,
        "places": presenters.places_listing(queries.place_rows(rule)),
        "preview": queries.preview_of(rule, words["subject"], words["text"]),
    }


@page(is_office)
def mails_page(request: HttpRequest) -> HttpResponse:
    """Whether mail is sent, what the mail server refused and why, and one's own test mails."""
    refused = (
        Mail.objects.visible_to(request.member).troubled().select_related("member").order_by("-pk")
    )
    listed = page_of(refused, request.GET.get("page"))
    contents = queries.contents_of(listed)
    own = Mail.objects.visible_to(request.member).filter(
        member=request.member, notices__rule="mail.test"
    )
    wrong = (
        Member.objects.visible_to(request.member)
        .filter(wrong_mail=F("mail"))
        .exclude(wrong_mail="")
    )
    context = {
        "listing": presenters.mails_listing(listed, contents),
        "tests": own.order_by("-pk")[:5],
        "wrong": wrong,
        "restored": is_restored(),
    }
    return _show(request, "mails", context)


@page(is_office, methods="POST")
def mail_test(request: HttpRequest) -> HttpResponse:
    """Send a test mail to oneself."""
    mail_troubles.send_test(by=request.member, now=request.now)
    return done(
        request,
        _("テストメールを用意しました。まもなく送ります。"),
        page_address("municipality:mails", request.municipality.pk),
    )


@page(may_care_for_mail, of=Mail, methods="POST", related="member")
def mail_retry(request: HttpRequest, mail: Mail) -> HttpResponse:
    """Try a refused mail again at once."""
    mail_troubles.retry(mail, by=request.member, now=request.now)
    return done(
        request,
        _("もう一度送ります。"),
        page_address("municipality:mails", request.municipality.pk),
    )


@page(may_care_for_mail, of=Mail, methods="POST", related="member")
def mail_wrong(request: HttpRequest, mail: Mail) -> HttpResponse:
    """Take the address of a mail for wrong: nothing more is sent there."""
    mail_troubles.give_up(mail, by=request.member, now=request.now)
    words = _("アドレスを届かないものとしました。職員のページで正しいアドレスを登録してください。")
    return done(request, words, page_address("municipality:mails", request.municipality.pk))


@page(is_office, methods="GET POST")
def announcements_page(request: HttpRequest) -> HttpResponse:
    """A notice in one's own words: written, its audience counted, then sent."""
    form = AnnouncementForm(request.municipality, request.POST or None)
    preview = _preview(request, form) if valid(request, form) else None
    if preview and preview["count"] and form.cleaned_data["seen"] == preview["seen"]:
        values = {name: form.cleaned_data[name] for name in ("subject", "text", "seen")}
        announcements.announce(
            request.municipality, form.audience, **values, by=request.member, now=request.now
        )
        return done(
            request,
            _("お知らせを送りました。"),
            page_address("municipality:announcements", request.municipality.pk),
        )
    rows = Announcement.objects.visible_to(request.member).select_related("sent_by")
    listing = presenters.announcements_listing(page_of(rows, request.GET.get("page")))
    return _show(request, "announcements", {"form": form, "preview": preview, "listing": listing})


def _preview(request: HttpRequest, form: AnnouncementForm) -> dict[str, Any]:
    """How many are meant and who, and the seal of what is shown."""
    members = announcements.members_meant(request.municipality, form.audience, request.today)
    without = sum(not member.reached_by for member in members)
    values = {"count": len(members), "names": queries.names_of(members), "without": without}
    words = form.cleaned_data["subject"], form.cleaned_data["text"]
    return {**values, "seen": announcements.seal_of(*words, members)}
