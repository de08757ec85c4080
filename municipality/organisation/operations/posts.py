"""Posts (職位) and their order: 1 is the highest. What is in use is renamed, never removed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from municipality.audit.log import operation, record
from municipality.core.refusals import Conflict, require
from municipality.core.transitions import change
from municipality.organisation.models import Member, Municipality, Post
from municipality.organisation.operations.setting_versions import keeping
from municipality.organisation.rules import is_office


def posts_of(body: Municipality) -> dict[str, Any]:
    """All posts with their rank, by number."""
    return {str(post.pk): [post.rank, post.title] for post in Post.objects.of(body)}


@operation
def add_post(
    body: Municipality, *, title: str, below: Post | None, by: Member, now: datetime
) -> Post:
    """Add a post directly below another; at the very top without one. Raises Conflict for a title
    that stands.
    """
    require(is_office(by))
    with keeping(body, "posts", lambda: posts_of(body), by=by, now=now):
        _refuse_double(body, title)
        post = Post.objects.create(municipality=body, title=title, rank=0)
        order = [row for row in Post.objects.of(body) if row.pk != post.pk]
        place = order.index(below) + 1 if below in order else 0
        _number([*order[:place], post, *order[place:]])
        record(by, "post.added", post, title=title)
    return post


@operation
def rename_post(post: Post, *, title: str, edition: int, by: Member, now: datetime) -> Post:
    """Give a post another title from now on; decisions that are made keep the seal they bear."""
    require(is_office(by))
    with keeping(post.municipality, "posts", lambda: posts_of(post.municipality), by=by, now=now):
        before = post.title
        if title != before:
            _refuse_double(post.municipality, title)
        change(post, edition=edition, title=title)
        record(by, "post.renamed", post, before=before, after=title)
    return post


@operation
def move_post(post: Post, *, up: bool, by: Member, now: datetime) -> Post:
    """Move a post one place up or down in the order of rank; at its end nothing changes."""
    require(is_office(by))
    with keeping(post.municipality, "posts", lambda: posts_of(post.municipality), by=by, now=now):
        order = list(Post.objects.of(post.municipality_id))
        place = order.index(post)
        other = place - 1 if up else place + 1
        if 0 <= other < len(order):
            order[place], order[other] = order[other], order[place]
        _number(order)
        record(by, "post.moved", post, up=up)
    return post


@operation
def remove_post(post: Post, *, by: Member, now: datetime) -> None:
    """Remove a post that nobody holds or held and that no route names. Raises Conflict for one in
    use.
    """
    require(is_office(by))
    with keeping(post.municipality, "posts", lambda: posts_of(post.municipality), by=by, now=now):
        if Post.objects.of(post.municipality_id).in_use().filter(pk=post.pk).exists():
            raise Conflict(
                _("「%(post)s」は、発令や決裁で使われているため削除できません。") % {"post": post}
            )
        record(by, "post.removed", post, title=post.title)
        post.delete()


def _refuse_double(body: Municipality, title: str) -> None:
    if Post.objects.of(body).filter(title=title).exists():
        raise Conflict(_("「%(post)s」は登録済みです。") % {"post": title})


def _number(order: list[Post]) -> None:
    """Write the order as ranks 1, 2, 3 …; only rows whose rank changes are touched."""
    for rank, post in enumerate(order, 1):
        if post.rank != rank:
            Post.objects.filter(pk=post.pk).update(rank=rank)
            post.rank = rank
