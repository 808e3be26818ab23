"""Two template engines that don't get into each other's folder."""

import pytest
from django.template import TemplateDoesNotExist, engines
from django.template.loader import get_template
from jinja2 import StrictUndefined, UndefinedError


def pages():
    return engines["jinja2"]


def test_public_templates_escape_and_refuse_unknown_names():
    assert pages().from_string("{{ title }}").render({"title": "<b>"}) == "&lt;b&gt;"
    with pytest.raises(UndefinedError):
        pages().from_string("{{ titel }}").render({"title": "x"})
    assert pages().env.undefined is StrictUndefined


def test_public_templates_can_link_and_translate():
    template = pages().from_string(
        "{{ url('robots') }} {{ static('admin/css/base.css') }} {{ _('%(n)s events', n=3) }}"
        "{% trans n=2 %} one{% pluralize n %} many{% endtrans %}"
    )
    assert template.render({}) == "/robots.txt /static/admin/css/base.css 3 events many"


def test_the_desk_keeps_its_own_engine():
    assert get_template("admin/base_site.html").backend.name == "django"
    with pytest.raises(TemplateDoesNotExist):
        pages().get_template("admin/base_site.html")
