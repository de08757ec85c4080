"""Papers of a decision (添付・追加資料): added with their hash, left out of a later revision, never
replaced.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.decisions.models import Attachment, Decision
from municipality.decisions.operations.workflow import hold
from municipality.decisions.rules import may_add_paper, may_withdraw
from municipality.organisation.models import Member

MOST_PAPERS = 20

MOST_BYTES_TOGETHER = 60 * 2**20


@operation
def add_paper(
    decision: Decision, *, name: str, content: bytes, by: Member, now: datetime
) -> Attachment:
    """Add a paper: before it is sent on its way an attachment (添付) of the coming revision, while
    it runs 追加資料 with a hash of its own. Raises Conflict when the decision is closed or holds
    too much.
    """
    hold(decision)
    decision.refresh_from_db(fields=["state", "revision"])
    require(may_add_paper(by, decision))
    if decision.state == Decision.State.RUNNING:
        return keep_paper(decision, Attachment.Role.LATER, name, content, by=by, now=now)
    if decision.state not in (Decision.State.DRAFT, Decision.State.RETURNED):
        raise Conflict(_("終わった決裁には、資料を加えられません。"), decision.get_absolute_url())
    return keep_paper(decision, Attachment.Role.ATTACHED, name, content, by=by, now=now)


def keep_paper(
    decision: Decision,
    role: Attachment.Role,
    name: str,
    content: bytes,
    *,
    by: Member,
    now: datetime,
) -> Attachment:
    """Store the paper under the next number and log it. It runs inside the operation that adds
    it.
    """
    held = decision.attachments.aggregate(last=Max("number"), bytes=Sum("size"))
    number = (held["last"] or 0) + 1
    if number > MOST_PAPERS or (held["bytes"] or 0) + len(content) > MOST_BYTES_TOGETHER:
        raise Conflict(
            _("1つの決裁に加えられる資料は、20件、合わせて60MBまでです。"),
            decision.get_absolute_url(),
        )
    coming = decision.revision + (role == Attachment.Role.ATTACHED)
    paper = Attachment.objects.create(
        municipality_id=decision.municipality_id,
        decision=decision,
        number=number,
        role=role,
        name=name,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        first_revision=coming,
        added_by=by,
        added_at=now,
    )
    record(by, "decision.paper_added", decision, name=name, sha256=paper.sha256, role=role)
    return paper


@operation
def leave_out(paper: Attachment, *, by: Member, now: datetime) -> None:
    """Leave a paper out of the next revision, by the drafter. It stays in the revisions frozen
    before.
    """
    decision = paper.decision
    hold(decision)
    decision.refresh_from_db(fields=["state", "revision"])
    require(may_withdraw(by, decision))
    if decision.state not in (Decision.State.DRAFT, Decision.State.RETURNED):
        raise Conflict(
            _("決裁に回した資料は、外したり差し替えたりできません。"), decision.get_absolute_url()
        )
    record(by, "decision.paper_left_out", decision, name=paper.name, sha256=paper.sha256)
    if paper.first_revision > decision.revision:
        paper.delete()
    else:
        Attachment.objects.filter(pk=paper.pk, last_revision=None).update(
            last_revision=decision.revision
        )


@operation
def open_paper(paper: Attachment, *, by: Member) -> bytes:
    """Bytes of a paper, after checking its hash; the access is logged. Raises Conflict when the
    hash differs.
    """
    content = bytes(paper.content)
    if hashlib.sha256(content).hexdigest() != paper.sha256:
        raise Conflict(_("資料が加えられた時の照合値と合いません。事務局に連絡してください。"))
    record(by, "decision.paper_read", paper.decision, name=paper.name)
    return content
