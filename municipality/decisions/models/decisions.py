"""決裁: the decision, the steps of its route, and what was done at each step."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.addresses import page_address
from municipality.core.models import BodyModel, BodyQuerySet, States
from municipality.core.worded_field import WordedField
from municipality.decisions.models.deputies import Absence, Deputy, not_away
from municipality.decisions.models.routes import StepKind
from municipality.decisions.models.superiors import Superior
from municipality.organisation.models import Department, Member, Post, Posting


def _circulated_to(member):
    """Numbers of the decisions that the member is named to read (供覧)."""
    return Circulation.objects.to(member).values("decision")


class DecisionQuerySet(BodyQuerySet):
    """Decisions, visible to everybody involved in them."""

    def visible_to(self, member) -> Self:
        """Decisions that the member drafted, whose steps are or were at the member's posts, that
        wait at a post the member is deputy of or were answered there today, that the member is to
        read (供覧), and those of the departments the member is responsible for.
        """
        steps = Step.objects.filter(decision=OuterRef("pk"))
        mine = steps.filter(member.authority.holds("department", "post"))
        return self.filter(
            Q(drafter=member)
            | Exists(mine)
            | Exists(steps.filter(acted_by=member))
            | Exists(
                steps.deputised_by(member).filter(
                    Q(state=Step.State.CURRENT) | Q(acted_at__date=member.authority.day)
                )
            )
            | Q(state=Decision.State.DECIDED, pk__in=_circulated_to(member))
            | member.authority.oversees("department__path"),
            municipality_id=member.municipality_id,
        )


class Decision(BodyModel):
    """A matter put to decision (起案). What is asked is frozen in its revisions; the app it comes
    from is its subject.

    One that was decided on paper or in the body's 文書管理 is recorded: `decided_on`,
    `decided_post`, by whom of the office.
    """

    class State(States):
        DRAFT = "draft", pgettext_lazy("決裁", "下書き")
        RUNNING = "running", pgettext_lazy("決裁", "決裁中")
        RETURNED = "returned", pgettext_lazy("決裁", "差戻し")
        WITHDRAWN = "withdrawn", pgettext_lazy("決裁", "取下げ")
        REJECTED = "rejected", pgettext_lazy("決裁", "却下")
        DECIDED = "decided", pgettext_lazy("決裁", "決裁済")

    State.tones = {
        "draft": "neutral",
        "running": "run",
        "returned": "back",
        "withdrawn": "neutral",
        "rejected": "stop",
        "decided": "ok",
    }
    ARROWS = {
        State.DRAFT: {State.RUNNING, State.WITHDRAWN, State.DECIDED},
        State.RUNNING: {
            State.RETURNED,
            State.DRAFT,
            State.WITHDRAWN,
            State.REJECTED,
            State.DECIDED,
        },
        State.RETURNED: {State.RUNNING, State.WITHDRAWN, State.DECIDED},
    }

    matter = models.CharField(_("決裁の対象"), max_length=40)
    subject_id = models.BigIntegerField(_("対象の番号"))
    title = WordedField(pgettext_lazy("決裁", "件名"))
    drafter = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("決裁", "起案者")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("起案した部署")
    )
    route = models.CharField(pgettext_lazy("組織", "決裁区分"), max_length=60, blank=True)
    number = models.CharField(pgettext_lazy("組織", "文書番号"), max_length=40, blank=True)
    retention_years = models.PositiveSmallIntegerField(pgettext_lazy("組織", "保存年限"), default=5)
    state = models.CharField(_("決裁の状態"), max_length=10, choices=State, default=State.DRAFT)
    revision = models.PositiveSmallIntegerField(pgettext_lazy("決裁", "版"), default=0)
    drafted_at = models.DateTimeField(_("起案した日時"))
    submitted_at = models.DateTimeField(_("回議した日時"), null=True, blank=True)
    closed_at = models.DateTimeField(_("終わった日時"), null=True, blank=True)
    decided_on = models.DateField(_("紙・文書管理で決裁された日"), null=True, blank=True)
    decided_post = models.CharField(_("紙・文書管理で決裁した職位"), max_length=120, blank=True)
    recorded_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("決裁を記録した人"),
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("決裁", "決裁")
        verbose_name_plural = pgettext_lazy("決裁", "決裁")
        ordering = ["-drafted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "matter", "subject_id"],
                condition=Q(state__in=["draft", "running", "returned"]),
                name="a_subject_has_one_open_decision",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["withdrawn", "rejected", "decided"], closed_at__isnull=False)
                | Q(state__in=["draft", "running", "returned"], closed_at=None),
                name="a_closed_decision_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(recorded_by=None, decided_on=None)
                | Q(recorded_by__isnull=False, decided_on__isnull=False)
                & ~Q(recorded_by=F("drafter")),
                name="decision_recorded_by_another_than_its_drafter",
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "state", "-drafted_at"], name="decision_list")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The decision's page, where everything is done to it."""
        return page_address("municipality:decision", self.municipality_id, self.pk)


class StepQuerySet(BodyQuerySet):
    """Steps of decisions."""

    def visible_to(self, member) -> Self:
        """Steps of the decisions one may see."""
        return self.filter(decision__in=Decision.objects.visible_to(member))

    def of_round(self, decision) -> Self:
        """Steps of the decision's present revision, without those that were repeated."""
        return self.filter(decision=decision, revision=decision.revision, past=False)

    def current(self) -> Self:
        """Steps that wait for their approver."""
        return self.filter(state=Step.State.CURRENT)

    def deputised_by(self, member) -> Self:
        """Decision steps at which the member is deputy (代決): named for the post while every holder
        is away.
        """
        day, post = (
            member.authority.day,
            {"department": OuterRef("department"), "post": OuterRef("post")},
        )
        matters = Q(matter="") | Q(matter=OuterRef("decision__matter"))
        named = Deputy.objects.on(day).filter(matters, member=member, **post)
        held = Posting.objects.present(day).filter(**post)
        rows = self.filter(
            Exists(named), Exists(held), ~Exists(not_away(held, day)), kind=StepKind.DECIDE
        )
        return rows.exclude(decision__drafter=member).exclude(
            Exists(Absence.objects.on(day).filter(member=member))
        )

    def unattended(self, day) -> Self:
        """Steps whose post has nobody present on that day except the drafter."""
        held = Posting.objects.present(day).filter(
            department=OuterRef("department"), post=OuterRef("post")
        )
        return self.filter(
            ~Exists(not_away(held, day).exclude(member=OuterRef("decision__drafter")))
        )

    def raisable_by(self, member) -> Self:
        """Steps that the member may approve in place of a lower post (引上げ): holding the nearest
        superior with anybody there.
        """
        day = member.authority.day
        mine = Superior.objects.filter(
            member.authority.holds("department", "post"), step=OuterRef("pk")
        )
        rows = (
            self.current()
            .unattended(day)
            .filter(Exists(mine.nearest(day)))
            .exclude(kind=StepKind.DECIDE)
        )
        return rows.exclude(decision__drafter=member).exclude(
            Exists(Absence.objects.on(day).filter(member=member))
        )

    def awaiting(self, member) -> Self:
        """Current steps at which the member may act: by post, or in place of somebody who is not
        present.
        """
        ways = [
            self.filter(member.authority.holds("department", "post")),
            self.deputised_by(member),
        ]
        wanted = Q(pk__in=self.raisable_by(member).values("pk"))
        for way in ways:
            wanted |= Q(pk__in=way.values("pk"))
        return self.current().filter(wanted).exclude(decision__drafter=member)

    def awaiting_others(self, member) -> Self:
        """Current steps at which somebody other than the member may act by post."""
        rows = self.current().with_holders(member.authority.day)
        return rows.exclude(holder=F("decision__drafter")).exclude(holder=member.pk)

    def with_superiors(self, day) -> Self:
        """Unattended steps, one row for each person who may raise them (引上げ), with that person as
        `holder`.
        """
        away = Absence.objects.on(day).values("member")
        rows = self.current().unattended(day).exclude(kind=StepKind.DECIDE)
        rows = rows.filter(
            Q(superiors__department__postings__ends_on=None)
            | Q(superiors__department__postings__ends_on__gte=day),
            superiors__department__postings__post=F("superiors__post"),
            superiors__department__postings__starts_on__lte=day,
            superiors__department__postings__status=Posting.Status.PRESENT,
            superiors__department__postings__member__is_active=True,
        ).annotate(holder=F("superiors__department__postings__member"), superior=F("superiors__pk"))
        nearest = Superior.objects.filter(pk=OuterRef("superior")).nearest(day)
        return (
            rows.filter(Exists(nearest))
            .exclude(holder__in=away)
            .exclude(holder=F("decision__drafter"))
        )

    def with_deputies(self, day) -> Self:
        """Unattended decision steps, one row for each deputy (代決), with the deputy as `holder`."""
        away = Absence.objects.on(day).values("member")
        held = Posting.objects.present(day).filter(
            department=OuterRef("department"), post=OuterRef("post")
        )
        rows = self.current().filter(
            Exists(held), ~Exists(not_away(held, day)), kind=StepKind.DECIDE
        )
        rows = rows.filter(
            Q(department__deputies__ends_on=None) | Q(department__deputies__ends_on__gte=day),
            Q(department__deputies__matter="")
            | Q(department__deputies__matter=F("decision__matter")),
            department__deputies__post=F("post"),
            department__deputies__starts_on__lte=day,
            department__deputies__member__is_active=True,
        ).annotate(holder=F("department__deputies__member"))
        rows = rows.filter(Exists(Posting.objects.present(day).filter(member=OuterRef("holder"))))
        return rows.exclude(holder__in=away).exclude(holder=F("decision__drafter"))

    def with_holders(self, day) -> Self:
        """Steps, one row for each person who may act by post on that day, with that person as
        `holder`.
        """
        return self.filter(
            Q(department__postings__ends_on=None) | Q(department__postings__ends_on__gte=day),
            department__postings__post=F("post"),
            department__postings__starts_on__lte=day,
            department__postings__status=Posting.Status.PRESENT,
            department__postings__member__is_active=True,
        ).annotate(holder=F("department__postings__member"))


class Step(BodyModel):
    """One stage of a decision's route: whose turn (a post), and what its holder did with it.

    `past`: the stage was asked again after 差戻し to a step. The row stays as it was; another one
    stands in its place. `lack` says why somebody else acted than the post's holder. `instead_of`
    names the post or department for whose missing stage the drafter chose this one.
    """

    class State(States):
        WAITING = "waiting", pgettext_lazy("組織", "これから")
        CURRENT = "current", pgettext_lazy("決裁", "確認中")
        APPROVED = "approved", pgettext_lazy("決裁", "承認")
        SKIPPED = "skipped", _("起案者本人のため省略")
        RETURNED = "returned", pgettext_lazy("決裁", "差戻し")
        REJECTED = "rejected", pgettext_lazy("決裁", "却下")
        ENDED = "ended", pgettext_lazy("組織", "行わず")

    ARROWS = {
        State.WAITING: {State.CURRENT, State.SKIPPED, State.ENDED},
        State.CURRENT: {
            State.APPROVED,
            State.SKIPPED,
            State.RETURNED,
            State.REJECTED,
            State.ENDED,
            State.WAITING,
        },
    }

    class Capacity(models.TextChoices):
        OWN = "own", pgettext_lazy("決裁", "本人")
        DEPUTY = "deputy", pgettext_lazy("決裁", "代決")
        RAISED = "raised", pgettext_lazy("決裁", "引上げ")

    IN_PLACE = (Capacity.DEPUTY, Capacity.RAISED)

    class Lack(models.TextChoices):
        AWAY = "away", pgettext_lazy("決裁", "不在")
        VACANT = "vacant", pgettext_lazy("決裁", "欠員")

    class Opinion(models.TextChoices):
        AGREE = "agree", pgettext_lazy("合議", "同意")
        CONDITIONAL = "conditional", pgettext_lazy("合議", "条件付")
        DISAGREE = "disagree", pgettext_lazy("合議", "不同意")

    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="steps", verbose_name=pgettext_lazy("決裁", "決裁")
    )
    revision = models.PositiveSmallIntegerField(pgettext_lazy("決裁", "版"))
    order = models.PositiveSmallIntegerField(pgettext_lazy("決裁", "順番"))
    kind = models.CharField(_("段階の種類"), max_length=8, choices=StepKind)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("組織", "部署")
    )
    post = models.ForeignKey(
        Post, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("組織", "職位")
    )
    state = models.CharField(_("段階の状態"), max_length=8, choices=State, default=State.WAITING)
    past = models.BooleanField(_("差戻しの前の段階"), default=False)
    capacity = models.CharField(_("行った立場"), max_length=6, choices=Capacity, blank=True)
    lack = models.CharField(_("職位の人がいない理由"), max_length=6, choices=Lack, blank=True)
    opinion = models.CharField(_("合議の意見"), max_length=11, choices=Opinion, blank=True)
    acted_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("組織", "行った人"),
    )
    acted_name = models.CharField(_("行った人の氏名"), max_length=80, blank=True)
    acted_post = models.CharField(_("行った人の職位"), max_length=40, blank=True)
    acted_at = models.DateTimeField(_("行った日時"), null=True, blank=True)
    comment = models.TextField(pgettext_lazy("決裁", "意見"), max_length=2000, blank=True)
    instead_of = models.CharField(_("代わりに置いた段階"), max_length=80, blank=True)
    days = models.PositiveSmallIntegerField(_("確認の日数(開庁日)"), default=3)
    opened_at = models.DateTimeField(_("回ってきた日時"), null=True, blank=True)
    due_on = models.DateField(pgettext_lazy("決裁", "期限"), null=True, blank=True)
    reviewed_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("後閲した人"),
    )
    reviewed_at = models.DateTimeField(_("後閲した日時"), null=True, blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("決裁の段階")
        verbose_name_plural = _("決裁の段階")
        ordering = ["revision", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(acted_by=None, acted_at=None)
                | Q(acted_by__isnull=False, acted_at__isnull=False),
                name="step_both_acted_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None, reviewed_at=None)
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="step_both_reviewed_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["approved", "returned", "rejected"], acted_at__isnull=False)
                | Q(state__in=["waiting", "current", "skipped", "ended"], acted_at=None),
                name="step_is_acted_on_when_it_says_so",
            ),
        ]
        indexes = [models.Index(fields=["state", "department", "post"], name="step_whose_turn")]

    def __str__(self) -> str:
        return f"{self.decision_id}:{self.order} {self.state}"


class CirculationQuerySet(BodyQuerySet):
    """Readers of decisions (供覧)."""

    def visible_to(self, member) -> Self:
        """Those of the decisions one may see."""
        return self.filter(decision__in=Decision.objects.visible_to(member))

    def unread(self) -> Self:
        """Open to be read and not read yet."""
        return self.filter(read_at=None, due_on__isnull=False)

    def with_readers(self, day) -> Self:
        """Circulations to a post, one row for each holder on that day, with that person as
        `holder`.
        """
        return self.filter(
            Q(department__postings__ends_on=None) | Q(department__postings__ends_on__gte=day),
            department__postings__post=F("post"),
            department__postings__starts_on__lte=day,
            department__postings__status=Posting.Status.PRESENT,
            department__postings__member__is_active=True,
        ).annotate(holder=F("department__postings__member"))

    def to(self, member) -> Self:
        """Circulations to the member: by name, or to a post that they hold."""
        return self.filter(Q(member=member) | member.authority.holds("department", "post"))


class Circulation(BodyModel):
    """供覧: a person, or each holder of a post, reads the decision after it is made. Reading decides
    nothing.
    """

    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        related_name="circulations",
        verbose_name=pgettext_lazy("決裁", "決裁"),
    )
    member = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("供覧する人"),
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("組織", "部署"),
    )
    post = models.ForeignKey(
        Post,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("組織", "職位"),
    )
    named_at = models.DateTimeField(_("供覧に加えた日時"))
    opened_at = models.DateTimeField(_("供覧を始めた日時"), null=True, blank=True)
    due_on = models.DateField(pgettext_lazy("決裁", "期限"), null=True, blank=True)
    read_by = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("決裁", "読んだ人"),
    )
    read_at = models.DateTimeField(_("読んだ日時"), null=True, blank=True)

    objects = CirculationQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("決裁", "供覧")
        verbose_name_plural = pgettext_lazy("決裁", "供覧")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=False, department=None, post=None)
                | Q(member=None, department__isnull=False, post__isnull=False),
                name="circulated_to_a_person_or_a_post",
            ),
            models.CheckConstraint(
                condition=Q(read_by=None, read_at=None)
                | Q(read_by__isnull=False, read_at__isnull=False),
                name="circulation_both_read_by_and_at",
            ),
            models.UniqueConstraint(
                fields=["decision", "member"], name="circulated_to_a_person_once"
            ),
            models.UniqueConstraint(
                fields=["decision", "department", "post"], name="circulated_to_a_post_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} → {self.member_id or self.post_id}"
