"""The only place where accounts are created: an invitation by mail or printed slip, accepted
once.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from municipality.accounts.models import Identity, Invitation, Renewal, User
from municipality.accounts.operations.second_factor import forget_devices
from municipality.accounts.operations.sign_in import (
    change_password,
    members_of,
    new_user,
    record_of,
)
from municipality.accounts.rules import may_invite
from municipality.audit.log import operation, record
from municipality.core.encryption import seal_secret
from municipality.core.refusals import Conflict, require
from municipality.notifications.models import Notice
from municipality.notifications.operations.notify import mark_read, notify
from municipality.organisation.models import Grant, Member

TOKEN_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # noqa: S105 - what a secret is made of

ENROLMENT = timedelta(hours=24)
"""How long after accepting one may register the authenticator app; later it takes a new
invitation.
"""


@operation
def invite(member: Member, *, by: Member | None, now: datetime) -> tuple[Invitation, str]:
    """Invite a member to create an account, and return the secret; earlier open invitations are
    revoked.

    `by` is None for the command that creates a body. Raises Conflict for a member who has an
    account already.
    """
    if by is not None:
        require(may_invite(by, member))
    if member.user_id is not None:
        raise Conflict(_("%(name)sさんは、すでに登録を終えています。") % {"name": member.name})
    return _send(member, by=by, now=now, renews=False)


@operation
def renew_access(renewal: Renewal, *, by: Member, now: datetime) -> tuple[Invitation, str]:
    """Invite a person who lost password or second factor to set both again, after two persons
    agreed (operations/credential_resets).

    Nothing changes until the person accepts. Raises Conflict without a confirmation, and for a
    locked person.
    """
    member = renewal.member
    if renewal.state != Renewal.State.CONFIRMED or renewal.answered_by_id != by.pk:
        raise Conflict(_("ログインのやり直しには、2人目の確認が必要です。"))
    if member.locked_at is not None:
        raise Conflict(_("先に%(name)sさんの本人の確認を終えてください。") % {"name": member.name})
    return _send(member, by=by, now=now, renews=True)


def _send(
    member: Member, *, by: Member | None, now: datetime, renews: bool
) -> tuple[Invitation, str]:
    if not member.is_active:
        raise Conflict(
            _("%(name)sさんは、利用を止めているため招待できません。") % {"name": member.name}
        )
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)  # one at a time: one is open
    revoke(member, now=now)
    token = fresh_token()
    invitation = Invitation.objects.create(
        municipality_id=member.municipality_id,
        member=member,
        digest=digest_of(token),
        code_digest=digest_of_code(short_code(token)),
        sealed_token=seal_secret(token.encode()),
        renews=renews,
        invited_by=by,
        invited_at=now,
        expires_at=now + timedelta(days=settings.INVITATION_DAYS),
    )
    verb = "invitation.renewed" if renews else "invitation.sent"
    record(by, verb, member)
    notify(
        member,
        verb,
        invitation,
        now=now,
        until=timezone.localdate(invitation.expires_at).isoformat(),
    )
    return invitation, token


def fresh_token() -> str:
    """New secret of 118 random bits in groups of four, without letters that are easily confused on
    paper.
    """
    groups = ("".join(secrets.choice(TOKEN_LETTERS) for _place in range(4)) for _group in range(6))
    return "-".join(groups)


def revoke(member: Member, *, now: datetime) -> None:
    """Close the member's open invitations and erase their secrets."""
    still_open = Invitation.objects.filter(member=member, accepted_at=None, revoked_at=None)
    still_open.update(revoked_at=now, sealed_token=None)


def digest_of(token: str) -> str:
    """Digest by which an invitation is looked up from its secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def short_code(token: str) -> str:
    """First twelve letters of the secret (59 bits), to be typed from paper. A rate limit protects
    it.
    """
    return token[:14]


def digest_of_code(code: str) -> str:
    """Digest by which an invitation is looked up from its short code. It is keyed, because a code
    this short could be guessed from a copy of the table.
    """
    letters = "".join(unicodedata.normalize("NFKC", code).lower().split()).replace("-", "")
    return hmac.new(
        settings.HISTORY_KEY.encode(), f"invitation {letters}".encode(), hashlib.sha256
    ).hexdigest()


def invitation_by_code(code: str, *, now: datetime) -> Invitation | None:
    """Invitation with this short code, while it can be accepted and the person still works there;
    else None.
    """
    matches = Invitation.objects.pending(now).filter(
        code_digest=digest_of_code(code), member__is_active=True
    )
    return matches.first()


def open_invitation(token: str, *, now: datetime) -> Invitation | None:
    """Invitation with this secret, while it can be accepted and the person still works there; else
    None.
    """
    matches = Invitation.objects.pending(now).filter(
        digest=digest_of(token.lower()), member__is_active=True
    )
    return matches.select_related("member__municipality", "member__user", "municipality").first()


@operation
def note_slip(invitation: Invitation, *, by: Member) -> None:
    """Log that the office opened the printable slip, which shows the secret."""
    require(may_invite(by, invitation.member))
    record(by, "invitation.printed", invitation.member)


@operation
def accept_invitation(
    invitation: Invitation, *, username: str, password: str, language: str, now: datetime
) -> User:
    """Create the account and link it to the member, once. Raises Conflict when the invitation was
    used meanwhile or the name is taken.
    """
    _take(invitation, now=now)
    email = username if "@" in username else ""
    user = new_user(
        username, password, email=email, language=language, enrols_until=now + ENROLMENT
    )
    bind(invitation.member, user)
    record(invitation.member, "invitation.accepted", invitation.member)
    return user


@operation
def accept_by_identity(
    invitation: Invitation, *, issuer: str, subject: str, language: str, now: datetime
) -> User:
    """Make an account without a password that the identity at the body's own provider opens. Raises
    Conflict as above.
    """
    _take(invitation, now=now)
    if Identity.objects.filter(issuer=issuer, subject=subject).exists():
        raise Conflict(_("この庁内アカウントは、すでに別の利用者に結び付いています。"))
    name = f"oidc-{digest_of(issuer + ' ' + subject)[:24]}"
    user = new_user(name, None, language=language, enrols_until=now + ENROLMENT)
    Identity.objects.create(user=user, issuer=issuer, subject=subject, bound_at=now)
    bind(invitation.member, user)
    record(invitation.member, "invitation.accepted", invitation.member, issuer=issuer)
    return user


@operation
def join_with_account(invitation: Invitation, user: User, *, now: datetime) -> Member:
    """Link an existing account (of a person who works for several bodies) to the invited member."""
    _take(invitation, now=now)
    bind(invitation.member, user)
    record(invitation.member, "invitation.joined", invitation.member)
    return invitation.member


@operation
def accept_renewal(invitation: Invitation, *, password: str, now: datetime) -> User:
    """Set a new password and delete the second factor, which has to be registered again. Raises
    Conflict.

    One body confirmed the person's identity, the person's other bodies did not: they stay locked
    until each confirms.
    """
    _take(invitation, now=now)
    user = invitation.member.user
    if user is None:
        raise Conflict(_("この招待は、すでに使われているか、取り消されています。"))
    change_password(user, password, now=now)
    forget_devices(user)
    User.objects.filter(pk=user.pk).update(enrols_until=now + ENROLMENT)
    record_of(user, "account.renewed", acts=False)
    for other in members_of(user):
        if other.municipality_id != invitation.municipality_id:
            _lock(other, now=now)
    return user


def _lock(member: Member, *, now: datetime) -> None:
    Member.objects.filter(pk=member.pk).update(locked_at=now)
    record(None, "account.locked", member)
    for grant in Grant.objects.on(timezone.localdate(now)).filter(
        municipality=member.municipality_id, role="office"
    ):
        office = grant.posting.member
        notify(
            office, "account.locked", member, stage=f"{now:%y%m%d%H%M%S}", now=now, name=member.name
        )


@operation
def unlock(member: Member, *, by: Member) -> None:
    """Let the person enter the body again, after the office confirmed that it is the same person.
    Raises Conflict when the member was not locked.
    """
    require(may_invite(by, member))
    if not Member.objects.filter(~Q(locked_at=None), pk=member.pk).update(locked_at=None):
        raise Conflict(_("本人の確認は、すでに済んでいます。"))
    record(by, "account.unlocked", member)


def _take(invitation: Invitation, *, now: datetime) -> None:
    """Mark the invitation as used. Of several requests only the first succeeds."""
    taken = (
        Invitation.objects.pending(now)
        .filter(pk=invitation.pk)
        .update(accepted_at=now, sealed_token=None)
    )
    if not taken:
        raise Conflict(_("この招待は、すでに使われているか、取り消されています。"))
    notices = Notice.objects.filter(
        member=invitation.member_id, object_id=invitation.pk, rule__startswith="invitation."
    )
    mark_read(notices, now=now)


def bind(member: Member, user: User) -> None:
    """Link an account to a member that has none. Raises Conflict when the account belongs to
    another member of the same body.
    """
    if Member.objects.filter(municipality=member.municipality_id, user=user).exists():
        raise Conflict(_("このアカウントは、この団体ですでに使われています。"))
    if not Member.objects.filter(pk=member.pk, user=None).update(user=user):
        raise Conflict(_("%(name)sさんは、すでに登録を終えています。") % {"name": member.name})
