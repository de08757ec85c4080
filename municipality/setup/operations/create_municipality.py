"""Creating a real body: its posts, its first office member, the initial rows of each app, and the
first invitation.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.accounts.operations.invitations import invite
from municipality.audit.log import operation
from municipality.core.refusals import Conflict
from municipality.core.registry import registrations
from municipality.organisation.models import Department, Member, Municipality, Post
from municipality.organisation.operations.departments import create_body, post_member
from municipality.web.typed_text import UNSEEN, clean_text

HEADS = {
    "prefecture": ("知事", "副知事"),
    "designated": ("市長", "副市長"),
    "city": ("市長", "副市長"),
    "ward": ("区長", "副区長"),
    "town": ("町長", "副町長"),
    "village": ("村長", "副村長"),
    "union": ("管理者", "副管理者"),
}

POSTS = ("教育長", "局長", "部長", "次長", "課長", "課長補佐", "係長", "主査", "主任", "主事")

OFFICE_SERIES = "事務局"
"""Number series of the first office member, so that no 職員番号 of a later file meets theirs by
chance.
"""


def kind_of(name: str) -> str:
    """Kind of body by the last letter of its name; a union when it shows none. The office can
    change it.
    """
    letters = {"都": "prefecture", "道": "prefecture", "府": "prefecture", "県": "prefecture"}
    letters |= {"市": "city", "区": "ward", "町": "town", "村": "village"}
    return letters.get(name[-1:], "union")


@operation
def set_up_body(
    code: str, name: str, *, mail: str, person: str, now: datetime
) -> tuple[Municipality, str]:
    """Create a real body with its usual posts and its first office member; the secret of that
    member's invitation comes with it.

    Raises Conflict for a code whose check digit is wrong or that is known already, and for a name
    or an address that no form would take.
    """
    name = _clean(Municipality, "name", name)
    person, mail = _clean(Member, "name", person), _clean(Member, "mail", mail)
    today = timezone.localdate(now)
    kind = kind_of(name)
    body = create_body(code, name, today=today, kind=kind)
    titles = [*HEADS[kind], *POSTS]
    Post.objects.bulk_create(
        Post(municipality=body, title=title, rank=rank) for rank, title in enumerate(titles, 1)
    )
    office = _first_office(body, mail=mail, name=person, now=now)
    for app in registrations():
        for create_rows in app.founding:
            create_rows(body)
    _invitation, token = invite(office, by=None, now=now)
    return body, token


def _clean(model: type[Model], column: str, text: str) -> str:
    """The text in NFC. Refuses an empty one, one longer than its column, and one with letters that
    nobody sees: nobody meant those, and a shell shows them no more than a page does.
    """
    column_of: Any = model._meta.get_field(column)
    most = column_of.max_length or 0
    if not text.strip() or len(text) > most or UNSEEN.search(text):
        values = {"label": column_of.verbose_name, "most": most}
        raise Conflict(
            _(
                "「%(label)s」は、1文字から%(most)s文字までで指定してください。目に見えない文字は使えません。"
            )
            % values
        )
    return clean_text(text)


def _first_office(body: Municipality, *, mail: str, name: str, now: datetime) -> Member:
    member = Member.objects.create(
        municipality=body, series=OFFICE_SERIES, number="1", name=name, mail=mail
    )
    root = Department.objects.get(municipality=body, code="")
    post = Post.objects.get(municipality=body, title=POSTS[-1])
    post_member(
        member,
        department=root,
        post=post,
        roles=["office", "staff"],
        starts_on=timezone.localdate(now),
    )
    return member
