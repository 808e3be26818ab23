"""Forms of what is published in versions: a published thing's form writes its working copy.

What events and stories have in common at the desk: who may, the copy that a first save begins, the
page that asks what stands when two people saved or the thing was published meanwhile, refusals
that come back with everything typed, the preview. A save is one transaction; a refusal, a preview
and a conflict leave nothing behind.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline import text
from timeline.admin import copying
from timeline.admin.conflict import Sent, as_post, joined
from timeline.admin.desk import Desk, Rows
from timeline.admin.guard import NOTHING, RESOLVE, replace_post
from timeline.admin.published_form import PUBLISH_CHANGES
from timeline.admin.snapshots import Snapshot, sealed, sealed_new, unsealed, unsealed_new
from timeline.admin.stock import person
from timeline.editing import changes, rights, rules
from timeline.editing.publishing import StepRefused, copy_of, held
from timeline.models.choices import ChangeKind, Status
from timeline.models.fields import drawn_public_id
from timeline.models.published import Published

NEVER = -1
"""A lock that nothing has: a form with it is joined, whatever stands now."""


class OwnRows(Rows):
    """Rows of a thing: who may change the thing may change them."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None or obj.pk is None:
            return person(request).has_perm(f"timeline.add_{self._kind}")
        return rights.may_write(person(request), obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return person(request).has_perm(f"timeline.view_{self._kind}")

    @property
    def _kind(self) -> str:
        return str(self.parent_model._meta.model_name)


class Revising(Desk):
    """An admin class for things that are published in versions.

    ``editing`` is the module that settles and deletes them, ``copies`` the one that begins and
    publishes their working copies; ``previewed`` answers with the public page of one.
    """

    editing: Any
    copies: Any
    previewed: Callable[[Any], HttpResponse]

    # --- Who may -----------------------------------------------------------------------------

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return bool(super().has_view_permission(request))
        return rights.may_see(person(request), obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return bool(super().has_change_permission(request))
        return rights.may_write(person(request), obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return bool(super().has_delete_permission(request))
        return rights.may_delete(person(request), obj)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return rights.may_publish(person(request), self.model)

    # --- Columns ------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def headline(self, thing: Any) -> str:
        if thing.revises_id is not None:
            return _("Changes to: %(title)s") % {"title": thing.title}
        return str(thing.title)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, thing: Any) -> SafeString:
        return format_html(
            '<span class="status {}">{}</span>', thing.status, thing.get_status_display()
        )

    # --- The form ------------------------------------------------------------------------------

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.person = person(request)
        form.refused = getattr(request, "refused", ())
        return form

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        *args: Any,
        obj: Any = None,
        **kwargs: Any,
    ) -> TemplateResponse:
        writes = obj is None or obj.pk is None or self.has_change_permission(request, obj)
        if writes:
            context["opened"] = self.opened(request, obj)
        context |= {
            "may_write": writes,
            "may_publish": self.has_publish_permission(request),
            "revised": self._revised(obj),
            "outdated": self._is_outdated(obj),
        }
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def opened(self, request: HttpRequest, thing: Any) -> str:
        """As anywhere; the seal of a new thing draws its id, so that it is made once."""
        again = getattr(request, "saved_before", False)
        if request.method == "POST" and request.POST.get("opened") and not again:
            return str(request.POST["opened"])
        if thing is None or thing.pk is None:
            return sealed_new(drawn_public_id())
        return sealed(thing.lock, self.snapshot(request, thing))

    def _revised(self, obj: Any) -> Published | None:
        """The published thing that the form is about, if it is about one."""
        if obj is None or obj.pk is None:
            return None
        if obj.revises_id is not None:
            found: Published = self.model.objects.get(pk=obj.revises_id)
            return found
        return obj if obj.status == Status.PUBLISHED else None

    def _is_outdated(self, obj: Any) -> bool:
        thing = self._revised(obj)
        return thing is not None and thing.pk != obj.pk and thing.version != obj.revises_version

    # --- Saving -------------------------------------------------------------------------------

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        if request.method == "POST" and object_id is None and "_preview" in request.POST:
            self._as_draft(request)
        thing = self._meant(request, object_id) if object_id is not None else None
        if thing is not None and request.method == "GET":
            copy = copy_of(thing)
            if copy is not None:
                return redirect(self._name("change"), copy.pk)
        if thing is not None and request.method == "POST":
            with transaction.atomic():
                changes.begin()
                direct = str(thing.pk) == object_id
                copy = self._onto_copy(request, thing, direct=direct)
                address = reverse(self._name("change"), args=[copy.pk])
                response = self._save_form(request, str(copy.pk), address, extra_context)
                if "_preview" in request.POST:
                    transaction.set_rollback(True)
                return response
        return self._save_form(request, object_id, form_url, extra_context)

    def _name(self, page: str) -> str:
        return f"admin:timeline_{self.opts.model_name}_{page}"

    def _meant(self, request: HttpRequest, object_id: str) -> Any:
        """The published thing at this address that the person may revise, None if it is no such.

        A form of a working copy that is gone, because somebody published or discarded it, means
        the thing itself: what was typed is joined with what stands there now.
        """
        found = self.get_object(request, unquote(object_id))
        if found is None and request.method == "POST":
            key = request.POST.get("revises", "")
            found = self.get_object(request, key) if key.isascii() and key.isdigit() else None
        return found if found is not None and rights.may_revise(person(request), found) else None

    def _onto_copy(self, request: HttpRequest, thing: Any, *, direct: bool) -> Any:
        """The thing's working copy, made now if there is none, and what was sent meant for it.

        ``direct``: the form was opened on the thing itself, so its seal speaks of that.
        """
        made = copy_of(thing) is None
        copy = self.copies.begin(thing, by=person(request))
        keys = copy.revises_base["rows"]
        if made:
            copy.revises_base["was"] = self.snapshot(request, copy)
            self.model.objects.filter(pk=copy.pk).update(revises_base=copy.revises_base)
        data = copying.renamed_post(request.POST, keys, copy.pk)
        opened = unsealed(request.POST.get("opened", ""))
        if (
            direct
            and made
            and opened is not None
            and opened[0] == self.model.objects.get(pk=thing.pk).lock
        ):
            data["opened"] = sealed(copy.lock, copy.revises_base["was"])
        else:
            was: Snapshot = opened[1] if opened else NOTHING
            data["opened"] = sealed(NEVER, copying.renamed(was, keys))
        replace_post(request, data)
        return copy

    def _save_form(
        self, request: HttpRequest, object_id: str | None, form_url: str, extra_context: Any
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (rules.Hindered, StepRefused) as refusal:
            # Nothing was saved; the form comes back with everything typed and the reasons.
            request.refused = _reasons(refusal)  # type: ignore[attr-defined]
        return super().changeform_view(request, object_id, form_url, extra_context)

    def before_saving(self, request: HttpRequest, object_id: str | None) -> HttpResponse | None:
        """Lock the thing; a conflict page when the form was made from an older state of it."""
        if object_id is None:
            return self.sent_before(request)
        found = self.get_object(request, object_id)
        if found is None or not self.has_change_permission(request, found):
            return None
        thing: Any = held(self.model, found.pk)
        if "_preview" in request.POST and not thing.was_public:
            self._as_draft(request)
        opened = unsealed(request.POST.get("opened", ""))
        if opened is not None and opened[0] == thing.lock:
            return self._catch_up(request, thing)
        # A form without a seal of ours may be stale: everything that differs becomes a question.
        was: Snapshot = opened[1] if opened else NOTHING
        resolved = request.POST.get(RESOLVE) == str(thing.lock)
        made = self.joined(request, thing, was, request.POST if resolved else {})
        if not resolved:
            return self.ask_what_stands(
                request, thing, made, question=RESOLVE, stand=str(thing.lock)
            )
        now = sealed(thing.lock, self.snapshot(request, thing))
        keys = dict.fromkeys(made.rows, "id")
        replace_post(request, as_post(request.POST, made, now, keys))
        return self._catch_up(request, thing)

    def sent_before(self, request: HttpRequest) -> HttpResponse | None:
        """A form that was sent twice, by a double click or after going back, makes one thing."""
        if "_preview" in request.POST:
            return None
        drawn = unsealed_new(request.POST.get("opened", ""))
        made = self.model.objects.filter(public_id=drawn).first() if drawn else None
        if made is None:
            return None
        if text.clean_line(request.POST.get("title", "")) == made.title:
            self.message_user(
                request, _("“%(event)s” is saved, once.") % {"event": made}, messages.SUCCESS
            )
            answer: HttpResponse = self.response_post_save_add(request, made)
            return answer
        sentence = _(
            "This form is saved already, as “%(event)s”. Change that one, or save once more to "
            "make another."
        )
        request.refused = ((NON_FIELD_ERRORS, sentence % {"event": made}),)  # type: ignore[attr-defined]
        request.saved_before = True  # type: ignore[attr-defined]
        return None

    def name_by_form(self, request: HttpRequest, thing: Any) -> None:
        """Give a new thing the id that its form drew, so that the form makes it once."""
        if "_preview" not in request.POST:
            thing.public_id = unsealed_new(request.POST.get("opened", "")) or ""

    def _catch_up(self, request: HttpRequest, copy: Any) -> HttpResponse | None:
        """Before a copy is published: what the thing got meanwhile is joined with it, by choice."""
        if PUBLISH_CHANGES not in request.POST or not self._is_outdated(copy):
            return None
        thing: Any = held(self.model, copy.revises_id or 0)
        if thing.status != Status.PUBLISHED:
            return None  # which refuses the publication with its own sentence
        was = copy.revises_base.get("was") or NOTHING
        now = copying.renamed(self.snapshot(request, thing), copy.revises_base["rows"])
        sent = self.sent(request, copy)
        own = copying.own_rows(sent.rows, was, now)
        rest = Sent(
            sent.form,
            {
                name: [row for row in rows if row not in own[name]]
                for name, rows in sent.rows.items()
            },
        )
        resolved = request.POST.get("_catch_up") == str(thing.version)
        choices = request.POST if resolved else {}
        made = joined(was, rest, now, choices, self.teller(request, copy))
        if not resolved:
            return self.ask_what_stands(
                request,
                thing,
                made,
                question="_catch_up",
                stand=str(thing.version),
                address=reverse(self._name("change"), args=[copy.pk]),
            )
        copying.settle_rows(made, sent.rows, own)
        copy.revises_version = thing.version
        copy.revises_base["was"] = now
        self.model.objects.filter(pk=copy.pk).update(
            revises_version=copy.revises_version, revises_base=copy.revises_base
        )
        changes.note(ChangeKind.CHANGED, copy)
        now_sealed = sealed(copy.lock, self.snapshot(request, copy))
        replace_post(
            request, as_post(request.POST, made, now_sealed, dict.fromkeys(made.rows, "id"))
        )
        return None

    def _as_draft(self, request: HttpRequest) -> None:
        """A preview is saved as a draft, so that nothing that is missing stops it."""
        data = request.POST.copy()
        data["status"] = Status.DRAFT
        replace_post(request, data)

    def settle(self, request: HttpRequest, form: Any, formsets: Sequence[Any]) -> None:
        """Finish a save whose fields and rows are written; put a working copy that is to be
        published onto its thing. Raises ``rules.Hindered``, ``StepRefused``."""
        thing, by = form.instance, person(request)
        rows = [formset.prefix for formset in formsets if formset.has_changed()]
        changes.say(", ".join([*form.changed_data, *rows]))
        written, last = form.says_more(formsets), thing.updated_by_id
        self.editing.settle(thing, by=by, before=form.status_before, written=written)
        if not form.asks_to_publish:
            return
        if not written:
            # Who only publishes hasn't written: the words stay whose they were.
            self.model.objects.filter(pk=thing.pk).update(updated_by=last)
        request.published = self.copies.publish(  # type: ignore[attr-defined]
            thing, by=by, release=form.release, written=written
        )

    # --- Deleting -----------------------------------------------------------------------------

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The things with the rows that are theirs. Django itself would stop at an event's figure,
        which holds on to its source; ``editing.delete`` takes the figures first."""
        counts: dict[str, int] = {str(self.opts.verbose_name_plural): len(objs)}
        listed: list[Any] = []
        for thing in objs:
            # With what each row names, which is how it is called.
            owned = [getattr(thing, name).select_related() for name in self.copies.ROWS]
            rows = [row for some in owned for row in some]
            for row in rows:
                name = str(row._meta.verbose_name_plural)
                counts[name] = counts.get(name, 0) + 1
            listed += [str(thing), list(map(str, rows))]
        return listed, counts, set(), []

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.editing.delete(obj)

    # --- After saving -------------------------------------------------------------------------

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: Any = None
    ) -> HttpResponse:
        if "_preview" in request.POST:
            return self._preview(obj)
        response: HttpResponse = super().response_add(request, obj, post_url_continue)
        self.say_more(request, obj)
        return response

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if "_preview" in request.POST:
            return self._preview(obj)
        published: Any = getattr(request, "published", None)
        if published is not None:
            self.message_user(
                request,
                _("“%(event)s” is published as version %(number)s.")
                % {"event": published, "number": published.version},
                messages.SUCCESS,
            )
            self.say_more(request, published)
            return redirect(self._name("change"), published.pk)
        response: HttpResponse = super().response_change(request, obj)
        self.say_more(request, obj)
        return response

    def _preview(self, thing: Any) -> HttpResponse:
        page = self.previewed(thing)
        transaction.set_rollback(True)
        return page

    def say_more(self, request: HttpRequest, thing: Any) -> None:
        """Where readers find it."""
        if thing.status == Status.PUBLISHED:
            messages.info(
                request,
                format_html(
                    '<a href="{}">{}</a>', thing.get_absolute_url(), _("See its public page")
                ),
            )


def _reasons(refusal: rules.Hindered | StepRefused) -> Sequence[tuple[str, str]]:
    if isinstance(refusal, rules.Hindered):
        return tuple((problem.field, problem.sentence) for problem in refusal.problems)
    return (("status", str(refusal)),)
