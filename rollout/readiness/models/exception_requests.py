"""Asking for an exception from a 必須条件 (例外の依頼)."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, DepartmentalQuerySet, States
from municipality.organisation.models import Member
from rollout.readiness.models.answers import Answer
from rollout.readiness.models.exceptions import EXCEPTION_TEXT, grants_exceptions


class ExceptionRequestQuerySet(DepartmentalQuerySet):
    """Requests for exceptions, seen by whoever sees the department, and by who grants them."""

    def visible_to(self, member: Member) -> Self:
        """Those of the departments in reach; all of the body for whoever grants exceptions."""
        return self.filter(
            member.authority.reach("answer__assessment__department__path")
            | grants_exceptions(member),
            municipality_id=member.municipality_id,
        )

    def waiting(self) -> Self:
        """Neither granted nor declined, and not dropped with the condition."""
        return self.filter(state=ExceptionRequest.State.ASKED)


class ExceptionRequest(BodyModel):
    """A department or the office asks, with the reason, that an open 必須条件 be passed over. Whoever
    grants exceptions grants one or declines; once the condition is met the request is dropped.
    """

    class State(States):
        ASKED = "asked", pgettext_lazy("例外の依頼", "承認待ち")
        GRANTED = "granted", pgettext_lazy("例外の依頼", "承認済み")
        DECLINED = "declined", pgettext_lazy("例外の依頼", "見送り")
        DROPPED = "dropped", pgettext_lazy("例外の依頼", "不要")

    State.tones = {"asked": "run", "granted": "ok", "declined": "back", "dropped": "neutral"}
    ARROWS = {State.ASKED: {State.GRANTED, State.DECLINED, State.DROPPED}}

    answer = models.ForeignKey(
        Answer,
        models.CASCADE,
        related_name="exception_requests",
        verbose_name=_("準備度の回答"),
    )
    reason = models.TextField(_("例外を求める理由"), max_length=EXCEPTION_TEXT)
    asked_by = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=_("例外の承認を依頼した人")
    )
    asked_at = models.DateTimeField(_("例外の承認を依頼した日時"))
    due_on = models.DateField(_("例外を判断する期限"))
    state = models.CharField(
        _("例外の依頼の状態"), max_length=8, choices=State, default=State.ASKED
    )
    remark = models.TextField(_("見送る理由"), max_length=EXCEPTION_TEXT, blank=True)
    settled_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("例外の依頼を判断した人"),
    )
    settled_at = models.DateTimeField(_("例外の依頼を判断した日時"), null=True, blank=True)

    objects = ExceptionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("必須条件の例外の依頼")
        verbose_name_plural = _("必須条件の例外の依頼")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer"],
                condition=Q(state="asked"),
                name="exception_is_asked_for_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(state="declined", remark=""),
                name="request_for_an_exception_and_its_refusal_say_why",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", settled_by=None, settled_at=None)
                | Q(~Q(state="asked"), settled_by__isnull=False, settled_at__isnull=False),
                name="settled_request_for_an_exception_says_by_whom_and_when",
            ),
        ]

    def __str__(self) -> str:
        return str(self.answer.criterion)

    def get_absolute_url(self) -> str:
        """The page on which it is granted or declined."""
        return page_address("rollout:exception_request", self.municipality_id, self.pk)
