"""Additions to a decision: papers, number and retention period, readers, records of outside
decisions, and the printed sheet.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipality.audit.access_events import note_reading
from municipality.core.refusals import anyone
from municipality.decisions.forms.decisions import CirculationForm, TakeoverForm
from municipality.decisions.forms.papers import (
    MOST_BYTES,
    TYPES,
    DocumentForm,
    PaperForm,
    RecordForm,
    ending_of,
)
from municipality.decisions.models import Decision
from municipality.decisions.operations import circulation, document_numbers, papers, takeovers
from municipality.decisions.presenters.sheet import sheet
from municipality.decisions.rules import (
    may_add_paper,
    may_circulate,
    may_keep_document,
    may_note_reading,
    may_record_decision,
    may_take_over,
    may_withdraw,
)
from municipality.web.pages import done, page, show, valid

RELATED = "drafter department municipality recorded_by"

FORMS = {
    "paper": (
        gettext_lazy("資料を加える"),
        gettext_lazy(
            "加えた資料は照合値を付けて保存し、決裁に回した後は外したり差し替えたりできません。"
        ),
    ),
    "document": (
        gettext_lazy("文書番号と保存年限"),
        gettext_lazy(
            "庁内の文書管理と同じ値にしてください。変更した人と前の値は、履歴に残ります。"
        ),
    ),
    "record": (
        gettext_lazy("紙・文書管理での決裁を記録"),
        gettext_lazy(
            "記録すると、この画面での決裁は終わり、対象は決裁されたものとして扱われます。取り消せません。"
        ),
    ),
    "takeover": (
        gettext_lazy("起案を引き継ぐ"),
        gettext_lazy(
            "引き継ぐと、あなたが起案者になり、内容を直して決裁に回せます。あなた自身は、この件を承認・決裁できなくなります。"
        ),
    ),
    "circulate": (
        gettext_lazy("供覧に加える"),
        gettext_lazy("決裁された後、対応事項に表示されます。閲覧だけで、承認はできません。"),
    ),
}
"""Title and effect of each form beside a decision."""


SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


@page(anyone, of=Decision)
def paper(request: HttpRequest, decision: Decision, number: int) -> HttpResponse:
    """Download of one paper, after checking its hash; it is never shown inside the page."""
    paper = get_object_or_404(decision.attachments.select_related("decision"), number=number)
    content = papers.open_paper(paper, by=request.member)
    response = HttpResponse(content, content_type=TYPES[ending_of(paper.name)][0])
    response.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=paper.name) or ""
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


@page(may_add_paper, of=Decision, methods="GET POST", related=RELATED, most_bytes=MOST_BYTES)
def paper_add(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Add a paper: an attachment before it is sent on its way, 追加資料 while it runs."""
    form = PaperForm(request.POST or None, request.FILES or None)
    if not valid(request, form):
        return _beside(request, decision, form, "paper")
    name, content = form.cleaned_data["file"]
    papers.add_paper(decision, name=name, content=content, by=request.member, now=request.now)
    return done(request, _("資料を加えました。"), decision)


def _beside(request: HttpRequest, decision: Decision, form: Any, name: str) -> HttpResponse:
    title, effect = FORMS[name]
    context = {"decision": decision, "form": form, "title": title, "effect": effect}
    return show(request, "municipality/decisions/decision_form.html", context)


@page(may_withdraw, of=Decision, methods="POST")
def paper_leave_out(request: HttpRequest, decision: Decision, number: int) -> HttpResponse:
    """Leave a paper out of the next revision."""
    paper = get_object_or_404(
        decision.attachments.select_related("decision").light(), number=number
    )
    papers.leave_out(paper, by=request.member, now=request.now)
    return done(request, _("資料を外しました。"), decision)


@page(may_keep_document, of=Decision, methods="GET POST", related=RELATED)
def document(request: HttpRequest, decision: Decision) -> HttpResponse:
    """文書番号 and 保存年限."""
    initial = {name: getattr(decision, name) for name in ("number", "retention_years", "edition")}
    form = DocumentForm(request.POST or None, initial=initial)
    if not valid(request, form):
        return _beside(request, decision, form, "document")
    document_numbers.keep_document(
        decision, **form.cleaned_data, by=request.member, now=request.now
    )
    return done(request, _("文書番号と保存年限を保存しました。"), decision)


@page(may_record_decision, of=Decision, methods="GET POST", related=RELATED, most_bytes=MOST_BYTES)
def record(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Record a decision that was made on paper or in the body's 文書管理."""
    form = RecordForm(
        request.municipality, request.today, request.POST or None, request.FILES or None
    )
    if not valid(request, form):
        return _beside(request, decision, form, "record")
    cleaned = form.cleaned_data
    name, content = cleaned.pop("file")
    document_numbers.record_decision(
        decision, **cleaned, name=name, content=content, by=request.member, now=request.now
    )
    return done(request, _("決裁を記録しました。"), decision)


@page(may_circulate, of=Decision, methods="GET POST", related=RELATED)
def circulate(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Name a reader (供覧)."""
    form = CirculationForm(request.member, request.POST or None)
    if not valid(request, form):
        return _beside(request, decision, form, "circulate")
    circulation.circulate(decision, **form.cleaned_data, by=request.member, now=request.now)
    return done(request, _("供覧に加えました。"), decision)


@page(may_take_over, of=Decision, methods="GET POST", related=RELATED)
def take_over(request: HttpRequest, decision: Decision) -> HttpResponse:
    """The office takes the draft over from somebody who is away or gone."""
    form = TakeoverForm(request.POST or None)
    if not valid(request, form):
        return _beside(request, decision, form, "takeover")
    takeovers.take_over(decision, **form.cleaned_data, by=request.member, now=request.now)
    return done(request, _("起案を引き継ぎました。"), decision)


@page(may_note_reading, of=Decision, methods="POST")
def read(request: HttpRequest, decision: Decision) -> HttpResponse:
    """Record that it was read (供覧)."""
    circulation.note_read(decision, by=request.member, now=request.now)
    return done(request, _("供覧を確認しました。"), decision)


@page(anyone, of=Decision, related=RELATED)
def printed(request: HttpRequest, decision: Decision) -> HttpResponse:
    """決裁書: the printed sheet with its 決裁欄; printing is logged."""
    note_reading("decision.printed", decision, by=request.member)
    return show(
        request,
        "municipality/decisions/decision_print.html",
        sheet(decision, request.member, request.today),
    )
