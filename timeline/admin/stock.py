"""Django's admin classes under names that can be typed.

At run time they are the stock classes themselves; only a type checker sees their parameters,
which those classes don't take at run time. Every other module of this room takes them from here.
"""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.http import HttpRequest

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    StackedInline = admin.StackedInline[Any, Any]
    SimpleListFilter = admin.SimpleListFilter
    ModelForm = forms.ModelForm[Any]
    InlineFormSet = forms.BaseInlineFormSet[Any, Any, Any]
    ModelChoiceField = forms.ModelChoiceField[Any]
    ModelMultipleChoiceField = forms.ModelMultipleChoiceField[Any]
else:
    ModelAdmin = admin.ModelAdmin
    StackedInline = admin.StackedInline
    SimpleListFilter = admin.SimpleListFilter
    ModelForm = forms.ModelForm
    InlineFormSet = forms.BaseInlineFormSet
    ModelChoiceField = forms.ModelChoiceField
    ModelMultipleChoiceField = forms.ModelMultipleChoiceField

Person = AbstractBaseUser | AnonymousUser
"""Whoever is signed in, or nobody."""


def person(request: HttpRequest) -> User:
    """Who is signed in. Pages of the desk are reached by nobody else.

    Raises ``PermissionError`` for a request that nobody is signed in to.
    """
    if not isinstance(request.user, User):
        raise PermissionError("The desk's pages need somebody who is signed in.")
    return request.user
