"""Mail texts with a secret link. The link is made when the mail is sent and is not stored."""

from __future__ import annotations

from cryptography.fernet import InvalidToken
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils import timezone
from django.utils.http import int_to_base36

from municipality.accounts.models import Invitation
from municipality.core.encryption import open_secret
from municipality.notifications.kinds import Letter
from municipality.notifications.models import Notice
from municipality.organisation.models import Member


def token_of(invitation: Invitation) -> str | None:
    """Secret of the invitation; None when it was erased or its key is missing."""
    if invitation.sealed_token is None:
        return None
    try:
        return open_secret(bytes(invitation.sealed_token)).decode()
    except InvalidToken:
        return None


def invitation_mail(notice: Notice) -> Letter | None:
    """Mail with the invitation, to the member's address, while it can be accepted; else None."""
    invitation = (
        Invitation.objects.pending(timezone.now())
        .filter(pk=notice.object_id)
        .select_related("member")
        .first()
    )
    token = token_of(invitation) if invitation else None
    if invitation is None or token is None or not invitation.member.mail:
        return None
    return Letter(invitation.member.mail, reverse("municipality_outside:invitation", args=[token]))


def password_reset_mail(notice: Notice) -> Letter | None:
    """Mail with the link for a new password, to the account's own address. The link is void once
    the password has changed.
    """
    user = Member.objects.select_related("user").get(pk=notice.member_id).user
    if user is None or not user.is_active or not user.email:
        return None
    key = {"uidb36": int_to_base36(user.pk), "key": default_token_generator.make_token(user)}
    return Letter(user.email, reverse("account_reset_password_from_key", kwargs=key))
