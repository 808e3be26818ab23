"""Accounts and roles: an administrator keeps users, and can't make anybody more than that.

Only a superuser sees and sets who is a superuser; single permissions are never given, roles are.
What a role may do is the table in ``editing.permissions``.
"""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from timeline.admin import problems, security
from timeline.admin.stock import ModelAdmin, person
from timeline.editing import changes
from timeline.editing.permissions import TABLE
from timeline.models.choices import ChangeKind

# Importing Django's own classes has registered them.
admin.site.unregister([User, Group])

_ROLES = {
    "Contributor": pgettext_lazy("a role of staff", "Contributor"),
    "Editor": pgettext_lazy("a role of staff", "Editor"),
    "Publisher": pgettext_lazy("a role of staff", "Publisher"),
    "Administrator": pgettext_lazy("a role of staff", "Administrator"),
    "Auditor": pgettext_lazy("a role of staff", "Auditor"),
}
_RIGHTS = {
    "view": _("see %(things)s"),
    "add": _("add %(things)s"),
    "change": _("change %(things)s"),
    "change_any": _("change %(things)s of others"),
    "delete": _("delete %(things)s"),
    "publish": _("publish %(things)s"),
    "merge": _("merge %(things)s"),
    "import": _("import %(things)s"),
}


def _role(name: str) -> str:
    return str(_ROLES.get(name, name))


def _right(permission: str) -> str:
    app, _dot, code = permission.partition(".")
    verb, _line, model = code.rpartition("_")
    return str(_RIGHTS[verb]) % {"things": apps.get_model(app, model)._meta.verbose_name_plural}


class RoleFilter(admin.RelatedFieldListFilter):
    """The roles by their names in the reader's language."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: Any
    ) -> list[tuple[str, Any]]:
        roles = super().field_choices(field, request, model_admin)
        return [(pk, _role(str(name))) for pk, name in roles]


@admin.register(User)
class PeopleAdmin(UserAdmin):  # type: ignore[type-arg]
    list_display = ["username", "first_name", "last_name", "roles", "is_active"]
    list_filter = ["is_active", ("groups", RoleFilter)]
    search_fields = ["username", "first_name", "last_name", "email"]
    filter_horizontal = ()
    change_list_template = "admin/desk_list.html"
    change_form_template = "admin/desk_form.html"

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        problems.add_to(context)
        return super().render_change_form(request, context, *args, **kwargs)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup in ("is_active__exact", "groups__id__exact")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        people = super().get_queryset(request).prefetch_related("groups")
        return people if person(request).is_superuser else people.filter(is_superuser=False)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return super().get_fieldsets(request, obj)
        may = ["is_active", "is_staff", "groups"]
        if person(request).is_superuser:
            may.append("is_superuser")
        return [
            (None, {"fields": ["username", "password"]}),
            (_("Who"), {"fields": ["first_name", "last_name", "email"]}),
            (_("Rights"), {"fields": may}),
        ]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if "is_superuser" in form.base_fields and not person(request).is_superuser:
            del form.base_fields["is_superuser"]
        return form

    def formfield_for_manytomany(self, *args: Any, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_manytomany(*args, **kwargs)
        if field is not None and field.queryset.model is Group:
            field.label_from_instance = lambda group: _role(group.name)
        return field

    # --- What the log is told ---------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        kind = ChangeKind.CHANGED if change else ChangeKind.CREATED
        # Never what a password is, but that it is another.
        told = [each for each in form.changed_data if not each.startswith("password")]
        changes.note(kind, obj, what=", ".join(told))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        before = set(form.instance.groups.values_list("name", flat=True))
        super().save_related(request, form, formsets, change)
        after = set(form.instance.groups.values_list("name", flat=True))
        switches = {
            name: form.cleaned_data[name]
            for name in ("is_active", "is_staff", "is_superuser")
            if name in form.changed_data and name in form.cleaned_data
        }
        if before == after and not switches:
            return
        what = [*(f"+{name}" for name in sorted(after - before))]
        what += [f"-{name}" for name in sorted(before - after)]
        what += [f"{name}={value}" for name, value in switches.items()]
        changes.note(ChangeKind.CHANGED, form.instance, what="roles: " + ", ".join(what))
        security.tell(
            request,
            "roles_changed",
            of=form.instance.get_username(),
            added=sorted(after - before),
            removed=sorted(before - after),
            **switches,
        )

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            return super().changeform_view(request, *args, **kwargs)

    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002  (Django names it)
        form_url: str = "",
    ) -> Any:
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            of = User.objects.get(pk=id)
            security.tell(request, "password_changed", of=of.get_username())
            with transaction.atomic():
                changes.note(ChangeKind.CHANGED, of, what="password")
        return response

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(_role(group.name) for group in user.groups.all())


class GroupAdmin(ModelAdmin):
    """The roles are shown, and never changed by hand."""

    list_display = ["role"]
    change_form_template = "admin/desk_form.html"
    fields = ["role", "may"]
    readonly_fields = ["role", "may"]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("role"), ordering="name")
    def role(self, group: Group) -> str:
        return _role(group.name)

    @admin.display(description=_("rights"))
    def may(self, group: Group) -> str:
        held = TABLE.get(group.name, frozenset())
        return ", ".join(sorted(map(_right, held)))


admin.site.register(Group, GroupAdmin)
