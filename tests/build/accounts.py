"""People at the door: signed out, half signed in, invited; and the codes their authenticators
show.
"""

from __future__ import annotations

import base64
import re
import time
from datetime import datetime, timedelta

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import hotp

from municipality.accounts.models import TOTP_STEP, Authenticator, CodeTable, User, table_code
from municipality.accounts.operations.credential_resets import ask_renewal, confirm_renewal
from municipality.accounts.operations.invitations import invite
from municipality.accounts.secret_links import token_of
from municipality.audit.models import Entry
from municipality.core.rate_limits import Limit
from municipality.notifications.models import Notice
from municipality.notifications.wording import in_mail
from municipality.organisation.models import Member

from .municipality import PASSWORD, a_body, an_account, root_of
from .municipality import a_member as _a_member

LOGIN = "/accounts/login/"
VERIFY = "/accounts/two-factor/"
SETUP = "/accounts/two-factor/setup/"
TABLE = "/accounts/two-factor/table/"


def code_of(key: bytes, *, steps: int = 0, now: datetime | None = None) -> str:
    """The six digits that an authenticator shows for this key now (or some steps of 30 seconds
    away).
    """
    at = now.timestamp() if now else time.time()
    return f"{hotp(key, int(at) // TOTP_STEP + steps):06d}"


def shown(user: User, *, steps: int = 0) -> str:
    """What the user's registered authenticator shows."""
    return code_of(Authenticator.objects.get(user=user).key, steps=steps)


def wrong_for(user: User) -> str:
    """Six digits that are right in no step near now."""
    near = {shown(user, steps=steps) for steps in range(-3, 4)}
    return next(number for number in (f"{n:06d}" for n in range(10)) if number not in near)


def someone(*roles: str, body=None, **fields) -> Member:
    """A member at the root of a body (a new one when none is given), with an account and an
    authenticator.
    """
    member = _a_member(root_of(body or a_body()), *roles, **fields)
    an_account(member)
    return member


def with_table(member: Member, *, used: int = 1, size: int = 60) -> CodeTable:
    """The member has a printed table instead of an authenticator app."""
    Authenticator.objects.filter(user=member.user).delete()
    table = CodeTable(user=member.user, name="table", confirmed=True, used=used, size=size)
    table.key = b"tabletabletabletable"
    table.save()
    return table


def beside(table: CodeTable, number: int) -> str:
    """The digits that stand beside this number on the paper."""
    return table_code(table.key, number)


def half_signed_in(user: User) -> Client:
    """A client whose password was right and who has shown no code yet."""
    client = Client()
    client.force_login(user)
    return client


def signs_in(client: Client, name: str, password: str = PASSWORD, **extra):
    """Send the sign-in form."""
    return client.post(LOGIN, {"login": name, "password": password}, **extra)


def shows(client: Client, token: str, address: str = VERIFY, **extra):
    """Send the form of the second factor."""
    return client.post(address, {"token": token}, **extra)


def key_offered(client: Client) -> bytes:
    """The key that the set-up page offers as text."""
    page = client.get(SETUP).content.decode()
    text = re.search(r'class="secret">([A-Z2-7 ]+)<', page).group(1).replace(" ", "")
    return base64.b32decode(text)


def first_in_table(client: Client) -> str:
    """The digits beside number 1 of the table that the page offers to print."""
    page = client.get(TABLE).content.decode()
    return re.search(r"<b>1</b> <span>([\d ]+)<", page).group(1).replace(" ", "")


def invited(member: Member, *, by: Member | None = None, now: datetime | None = None) -> str:
    """Invite the member; the address they get."""
    _invitation, token = invite(member, by=by, now=now or timezone.now())
    return reverse("municipality_outside:invitation", args=[token])


def renewed(member: Member, *, by: Member, second: Member | None = None) -> str:
    """Two persons agree that the member's sign-in is made anew; the address the member gets."""
    now = timezone.now()
    other = second or someone("office", body=member.municipality, name="二人目 事務")
    renewal = ask_renewal(member, reason="機種変更", by=by, now=now)
    invitation = confirm_renewal(renewal, by=other, now=now)
    return reverse("municipality_outside:invitation", args=[token_of(invitation)])


def address_in_mail(rule: str, member: Member) -> str:
    """The address that the mail of the member's latest notice of this rule carries."""
    return in_mail(Notice.objects.filter(rule=rule, member=member).latest("pk")).address


def gets_in(client: Client) -> bool:
    """Is the session past the second factor?"""
    return client.get("/account/").status_code == 200


def without_authenticator(member: Member) -> Client:
    """Somebody who has just accepted an invitation: half signed in, nothing registered yet."""
    Authenticator.objects.filter(user=member.user).delete()
    User.objects.filter(pk=member.user_id).update(enrols_until=timezone.now() + timedelta(hours=1))
    return half_signed_in(member.user)


def followed(address: str) -> Client:
    """A browser that followed the link of an invitation."""
    client = Client()
    assert client.get(address)["Location"] == "/invitation/"
    return client


def presses(client: Client, what: str, person: Member):
    """Press one of the office's buttons for a person."""
    return client.post(reverse(f"municipality:{what}", args=[person.municipality_id, person.pk]))


def account_verbs() -> list[str]:
    """What the history says of accounts, in order."""
    lines = Entry.objects.filter(verb__regex="^(sign_in|password|second)").order_by("pk")
    return list(lines.values_list("verb", flat=True))


def wait_for_window(limit: Limit, seconds: int = 10) -> None:
    """Wait out the end of a window of counting, so that the tries of a test fall into one."""
    while time.time() % limit.seconds > limit.seconds - seconds:
        time.sleep(0.2)


def dump_of_all_tables() -> str:
    """Everything that lies in the database, as text."""
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows += cursor.fetchall()
    return str(
        [[bytes(cell) if isinstance(cell, memoryview) else cell for cell in row] for row in rows]
    )
