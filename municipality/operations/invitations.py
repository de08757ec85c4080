"""Accounts arise here only: an invitation by link or printed slip, accepted once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from municipality.models import Invitation, Member, User
from municipality.rules import Conflict, is_office, require

from .history import operation, record


@operation
def invite(member: Member, *, by: Member | None, now: datetime) -> tuple[Invitation, str]:
    """Invite a member; the secret is returned here once and kept nowhere. An earlier open invitation is revoked.

    `by` None is the command that founds a body. Raises Conflict for somebody who has an account already.
    """
    if by is not None:
        require(is_office(by))
    if member.user_id is not None:
        raise Conflict(_("%(name)sさんは、すでに登録を終えています。") % {"name": member.name})
    Invitation.objects.filter(member=member, accepted_at=None, revoked_at=None).update(revoked_at=now)
    token = secrets.token_urlsafe(24)
    invitation = Invitation.objects.create(
        municipality_id=member.municipality_id, member=member, digest=digest_of(token), invited_by=by, invited_at=now,
        expires_at=now + timedelta(days=settings.INVITATION_DAYS),
    )  # fmt: skip
    record(by, "invitation.sent", member)
    return invitation, token


def digest_of(token: str) -> str:
    """What is kept of an invitation's secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_invitation(token: str, *, now: datetime) -> Invitation | None:
    """The invitation with this secret, if it can still be accepted."""
    found = Invitation.objects.filter(digest=digest_of(token), accepted_at=None, revoked_at=None, expires_at__gt=now)
    return found.select_related("member__municipality", "municipality").first()


@operation
def accept_invitation(invitation: Invitation, *, username: str, password: str, language: str, now: datetime) -> User:
    """Make the account and bind it to the member, once. Raises Conflict when somebody was first."""
    taken = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(accepted_at=now)
    if not taken:
        raise Conflict(_("この招待は、すでに使われているか、取り消されています。"))
    email = username if "@" in username else ""
    user = User.objects.create_user(username, password, email=email, language=language)
    bind(invitation.member, user)
    record(invitation.member, "invitation.accepted", invitation.member)
    return user


@operation
def join_with_account(invitation: Invitation, user: User, *, now: datetime) -> Member:
    """Bind an existing account (of somebody who serves several bodies) to the invited member."""
    taken = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(accepted_at=now)
    if not taken:
        raise Conflict(_("この招待は、すでに使われているか、取り消されています。"))
    bind(invitation.member, user)
    record(invitation.member, "invitation.joined", invitation.member)
    return invitation.member


def bind(member: Member, user: User) -> None:
    """Tie an account to a member that has none."""
    if not Member.objects.filter(pk=member.pk, user=None).update(user=user):
        raise Conflict(_("%(name)sさんは、すでに登録を終えています。") % {"name": member.name})
