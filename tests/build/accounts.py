"""People at the door: signed out, half signed in, invited; and the codes their authenticators show."""

from __future__ import annotations

import base64
import re
import time
from datetime import datetime

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import hotp

from municipality.models import Authenticator, Member, Notice, User
from municipality.models.accounts import TOTP_STEP
from municipality.operations.invitations import invite
from municipality.wording import in_mail

from .municipality import PASSWORD, a_body, an_account, root_of
from .municipality import a_member as _a_member

LOGIN = "/accounts/login/"
VERIFY = "/accounts/two-factor/"
SETUP = "/accounts/two-factor/setup/"


def code_of(key: bytes, *, steps: int = 0, now: datetime | None = None) -> str:
    """The six digits that an authenticator shows for this key now (or some steps of 30 seconds away)."""
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
    """A member at the root of a body (a new one when none is given), with an account and an authenticator."""
    member = _a_member(root_of(body or a_body()), *roles, **fields)
    an_account(member)
    return member


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


def invited(member: Member, *, by: Member | None = None, now: datetime | None = None) -> str:
    """Invite the member; the address they get."""
    _invitation, token = invite(member, by=by, now=now or timezone.now())
    return reverse("municipality_outside:invitation", args=[token])


def address_in_mail(rule: str, member: Member) -> str:
    """The address that the mail of the member's latest notice of this rule carries."""
    return in_mail(Notice.objects.filter(rule=rule, member=member).latest("pk")).address
