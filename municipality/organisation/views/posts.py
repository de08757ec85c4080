"""職位: the titles of the body in the order of their rank."""

from __future__ import annotations

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from municipality.organisation.forms import PostForm, PostTitleForm
from municipality.organisation.models import Post, Posting
from municipality.organisation.operations import posts as operations
from municipality.organisation.presenters import posts_listing
from municipality.organisation.rules import is_office
from municipality.organisation.setting_pages import show_setting
from municipality.web.pages import done, page, show, valid


def _list(request: HttpRequest) -> str:
    return reverse("municipality:posts", args=[request.municipality.pk])


@page(is_office, methods="GET POST")
def posts_page(request: HttpRequest) -> HttpResponse:
    """The posts from the highest to the lowest, and a form for one more."""
    form = PostForm(request.municipality, request.POST or None)
    if valid(request, form):
        operations.add_post(
            request.municipality, **form.cleaned_data, by=request.member, now=request.now
        )
        return done(request, _("職位を登録しました。"), _list(request))
    return show_setting(
        request,
        "posts",
        "municipality/organisation/posts.html",
        {"form": form, "listing": posts_listing(_posts(request))},
    )


def _posts(request: HttpRequest) -> QuerySet[Post]:
    """The body's posts: how many people hold each today, and whether anything points to it."""
    held = Posting.objects.of(request.municipality).on(request.today).filter(post=OuterRef("pk"))
    count = held.order_by().values("post").annotate(n=Count("member", distinct=True)).values("n")
    rows = Post.objects.with_use().visible_to(request.member)
    return rows.annotate(people=Coalesce(Subquery(count), 0))


@page(is_office, of=Post, methods="GET POST", related="municipality")
def post_rename(request: HttpRequest, post: Post) -> HttpResponse:
    """Rename a post."""
    form = PostTitleForm(post, request.POST or None)
    if not valid(request, form):
        return show(
            request, "municipality/organisation/post_rename.html", {"form": form, "post": post}
        )
    operations.rename_post(post, **form.cleaned_data, by=request.member, now=request.now)
    return done(request, _("職位の名称を変更しました。"), _list(request))


@page(is_office, of=Post, methods="POST", related="municipality")
def post_move(request: HttpRequest, post: Post) -> HttpResponse:
    """Move a post one place up or down."""
    operations.move_post(post, up="up" in request.POST, by=request.member, now=request.now)
    return done(request, _("職位の順位を変更しました。"), _list(request))


@page(is_office, of=Post, methods="POST", related="municipality")
def post_remove(request: HttpRequest, post: Post) -> HttpResponse:
    """Remove a post that nothing hangs on."""
    operations.remove_post(post, by=request.member, now=request.now)
    return done(request, _("職位を削除しました。"), _list(request))
