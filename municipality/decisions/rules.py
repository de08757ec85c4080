"""Who may act on a decision, its papers and its steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from municipality.core.refusals import Answer, Refusal
from municipality.decisions.approvers import StepActors
from municipality.decisions.models import Decision, StepKind
from municipality.decisions.models.deputies import not_away
from municipality.organisation.models import Posting
from municipality.organisation.rules import is_office, may_change_member

if TYPE_CHECKING:
    from municipality.decisions.models import Absence, Step
    from municipality.organisation.models import Member

OWN_DRAFT = Refusal(_("自分が起案したものは決裁できません。"))


def may_note_absence(member: Member, person: Member) -> Answer:
    """The person or the office may record an absence."""
    if member.pk == person.pk or may_change_member(member, person):
        return True
    return Refusal(_("不在は、本人か事務局の人だけが登録できます。"))


def may_end_absence(member: Member, absence: Absence) -> Answer:
    """The same people who may note it."""
    return may_note_absence(member, absence.member)


def may_act_on(member: Member, step: Step) -> Answer:
    """Only a holder of the step's post today may act, and nobody on their own draft."""
    if step.decision.drafter_id == member.pk:
        return OWN_DRAFT
    if member.authority.holds_post(step.department_id, step.post_id):
        return True
    return Refusal(_("%(post)sの職にある人だけが行えます。") % {"post": step.post})


def may_decide_for(member: Member, step: Step, actors: StepActors | None = None) -> Answer:
    """代決: a named deputy, at the decider's step only, while every holder of the post is away.

    `actors` are those of the step, where they are read already.
    """
    if step.decision.drafter_id == member.pk:
        return OWN_DRAFT
    if step.kind != StepKind.DECIDE:
        return Refusal(_("代決は、決裁者の段階だけで行えます。"))
    actors = actors or StepActors.of([step], member.authority.day)
    if not actors.all_away(step):
        return Refusal(_("決裁者の不在が登録されていないため、代決できません。"))
    if member.pk in actors.deputies_of(step):
        return True
    return Refusal(_("代決する人に指定されていません。"))


def may_raise(member: Member, step: Step, actors: StepActors | None = None) -> Answer:
    """引上げ: the nearest higher post of the route with anybody there, while nobody is at the
    step's post. `actors` are those of the step, where they are read already.
    """
    if step.decision.drafter_id == member.pk:
        return OWN_DRAFT
    if step.kind == StepKind.DECIDE:
        return Refusal(_("決裁者の段階は、引上げできません。"))
    actors = actors or StepActors.of([step], member.authority.day)
    if not actors.lack(step):
        return Refusal(
            _("%(post)sの職にある人がいるため、引上げできません。") % {"post": step.post}
        )
    if member.pk in actors.raisers_of(step):
        return True
    return Refusal(_("引上げは、この決裁の経路で次に上位の職にある人だけが行えます。"))


def may_answer(member: Member, step: Step, actors: StepActors | None = None) -> Answer:
    """Approve, return or reject: by post, as deputy, or in place of a lower post. `actors` are
    those of the step, where they are read already.
    """
    answer = acting_as(member, step, actors)
    return answer if isinstance(answer, Refusal) else True


@dataclass(frozen=True)
class Acting:
    """Capacity in which a member acts at a step. `post` is the post of the seal: the step's own or
    the superior one; empty for a deputy, who seals with a post of their own. `lack` is the reason
    why no holder of the post acts.
    """

    capacity: str
    post: str = ""
    lack: str = ""


def acting_as(member: Member, step: Step, actors: StepActors | None = None) -> Acting | Refusal:
    """In what capacity the member may act at the step, or why not. No query for the post's own
    holder, else those of the step's actors once, where they are not read already.
    """
    own = may_act_on(member, step)
    if own:
        return Acting(step.Capacity.OWN, step.post.title)
    if own is OWN_DRAFT:
        return own
    actors = actors or StepActors.of([step], member.authority.day)
    if step.kind == StepKind.DECIDE:
        deputy = may_decide_for(member, step, actors)
        return Acting(step.Capacity.DEPUTY, lack=actors.lack(step)) if deputy else own
    superior = actors.raising(step)
    if superior is None or not may_raise(member, step, actors):
        return own
    return Acting(step.Capacity.RAISED, superior.post.title, actors.lack(step))


def may_review(member: Member, step: Step) -> Answer:
    """後閲: a holder of the post may confirm reading what another person did in its place."""
    if step.acted_by_id == member.pk:
        return Refusal(_("自分が行ったものに、後閲は必要ありません。"))
    return may_act_on(member, step)


def may_add_paper(member: Member, decision: Decision) -> Answer:
    """The drafter may add papers, and while the decision is running also its current approvers."""
    if decision.drafter_id == member.pk:
        return True
    current = decision.steps.of_round(decision).current().select_related("decision", "post")
    steps = list(current)
    if any(may_act_on(member, step) for step in steps):
        return True
    actors = StepActors.of(steps, member.authority.day)
    if any(may_answer(member, step, actors) for step in steps):
        return True
    return Refusal(_("資料を加えられるのは、起案者と、いま確認している職位の人だけです。"))


def may_keep_document(member: Member, decision: Decision) -> Answer:
    """The office and the drafter may set 文書番号 and 保存年限."""
    if decision.drafter_id == member.pk or member.authority.is_office:
        return True
    return Refusal(_("起案者か、事務局の人だけが行えます。"))


def may_circulate(member: Member, decision: Decision) -> Answer:
    """The drafter or the office may order 供覧."""
    return may_keep_document(member, decision)


def may_note_reading(member: Member, decision: Decision) -> Answer:
    """A person who was named to read it, or holds a post that was, may record the reading."""
    if decision.circulations.to(member).exists():
        return True
    return Refusal(_("供覧の対象になっている人だけが行えます。"))


def may_record_decision(member: Member, decision: Decision) -> Answer:
    """The office may record a decision made outside, but nobody their own draft."""
    if decision.drafter_id == member.pk:
        return OWN_DRAFT
    return is_office(member)


def may_submit(member: Member, decision: Decision) -> Answer:
    """The drafter sends it; whoever else wants to is told whom to ask."""
    if decision.drafter_id == member.pk:
        return True
    return Refusal(
        _(
            "決裁に回せるのは、起案者の%(name)sさんだけです。起案者が不在のときは、事務局が起案を引き継げます。"
        )
        % {"name": decision.drafter.name}
    )


def may_open_draft(member: Member, decision: Decision) -> Answer:
    """Those who see the open draft of their subject may open it; others are told whose it is, not
    shown a page that is not there.
    """
    if Decision.objects.visible_to(member).filter(pk=decision.pk).exists():
        return True
    return may_submit(member, decision)


def may_take_over(member: Member, decision: Decision) -> Answer:
    """The office takes a draft over whose drafter is away or gone, and nobody else does."""
    if decision.drafter_id == member.pk:
        return Refusal(_("あなたが起案者です。"))
    if not (office := is_office(member)):
        return office
    day = member.authority.day
    here = not_away(Posting.objects.present(day).filter(member=decision.drafter_id), day)
    if here.exists():
        return Refusal(
            _("起案者の%(name)sさんがいるため、引き継げません。") % {"name": decision.drafter.name}
        )
    return True


def may_withdraw(member: Member, decision: Decision) -> Answer:
    """The drafter may withdraw (取下げ) a decision that is not decided yet."""
    if decision.drafter_id == member.pk:
        return True
    return Refusal(_("起案者だけが取り下げられます。"))
