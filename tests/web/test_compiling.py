"""Pages come out of our compiler as out of Jinja's own, byte for byte."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.template import engines
from jinja2 import DictLoader, Environment, StrictUndefined
from jinja2.compiler import CodeGenerator
from markupsafe import Markup

from tests.loaded import demo_record
from timeline.models import Event, Source
from timeline.web import drawn
from timeline.web.cached import kept
from timeline.web.compiling import Compiler, Pages, written

ADDRESSES = (
    "/",
    "/?view=compact",
    "/?actor=north-korea&actor=!russia&q=troops&from=2024&verification=disputed",
    "/?q=nothing-has-this",
    "/chart/?from=2024-07&to=2025-06",
    "/chart/by-actor/?q=nothing-has-this",
    "/chart/by-publisher/?year=2024",
    "/compare/",
    "/compare/?a.category=statement&b.year=2024&b.category=deployment",
    "/compare/?a.year=0&b.q=x",
    "/map/?area=europe",
    "/map/?mark=none&q=troops",
    "/?year=20245",
    "/actors/",
    "/actors/north-korea/",
    "/years/2024/",
    "/sources/",
    "/about/",
    "/api/",
    "/corrections/",
    "/changes/",
    "/changes/?since=no-day",
    "/figures/",
    "/figures/killed/",
    "/coverage/",
    "/data/",
    "/?known_by=2024-11-01",
    "/stories/",
    "/stories/who-counted-the-dead/",
    "/stories/the-road-to-kursk/v/1/",
    "/stories/the-road-to-kursk/history/",
    "/embed/stories/the-road-to-kursk/",
    "/share/stories/the-road-to-kursk/",
    "/nowhere/",
    "/embed/?actor=north-korea&year=2024&theme=dark",
    "/embed/?year=0",
    "/share/?actor=north-korea&year=2024",
    "/share/?theme=blue",
)


def use(generator: type[CodeGenerator], monkeypatch: pytest.MonkeyPatch) -> None:
    """The site's environment with another compiler, and nothing kept of the one before."""
    plain = engines["jinja2"].env
    other = plain.overlay()
    other.code_generator_class = generator
    other.said = plain.said
    monkeypatch.setattr(engines["jinja2"], "env", other)
    drawn.kept.forget()


@pytest.fixture
def pages(client, monkeypatch) -> Any:
    demo_record()
    event = Event.objects.public().filter(figures__isnull=False).first()
    source = Source.objects.public().first()
    addresses = (
        *ADDRESSES,
        event.get_absolute_url(),
        source.get_absolute_url(),
        f"/embed/events/{event.public_id}/",
        f"/share/events/{event.public_id}/",
    )

    def ask(generator: type[CodeGenerator]) -> dict[str, str]:
        with monkeypatch.context() as here:
            use(generator, here)
            found = {}
            for address in addresses:
                kept.forget()
                found[address] = client.get(address).content.decode()
            return found

    return ask


@pytest.mark.django_db
@pytest.mark.sqlite  # the same context is drawn twice
def test_every_page_is_the_same(pages):
    ours, plain = pages(Compiler), pages(CodeGenerator)
    for address, page in plain.items():
        assert ours[address] == page, address


def compiled(**templates: str) -> Environment:
    return Pages(loader=DictLoader(templates), autoescape=True, undefined=StrictUndefined)


def test_macros_are_written_out_with_their_arguments():
    made = compiled(
        page='{% from "parts" import twice as two %}'
        '{% for x in xs %}{{ two(x, b="<") }}{% endfor %}',
        parts="{% macro once(x) %}[{{ x }}]{% endmacro %}"
        '{% macro twice(x, a="-", b="+") %}{{ once(x) }}{{ a }}{{ b }}{{ once(x) }}{% endmacro %}',
    )
    assert made.get_template("page").render(xs=["&", 2]) == "[&amp;]-&lt;[&amp;][2]-&lt;[2]"


@pytest.mark.parametrize(
    ("macro", "call"),
    [
        # Names of the caller that the macro gives to something else.
        ("(a, b) %}{% for x in a %}{{ x }}{{ b }}{% endfor %}", "(xs, x)"),
        ("(a, b) %}{% for y in a %}{{ b }}{{ loop.last }}{% endfor %}", "(xs, loop.first)"),
        ("(a, x) %}{{ a }}{{ x }}{{ a }}{% set a = x %}{{ a }}", "(x, x)"),
        ("(a, x) %}{{ a }}-{{ x.real }}{{ x.real }}", "(x, item.n)"),
        ("(x, y) %}{{ x }}{{ y }}{{ x }}", "(item.n, x)"),
        # Fixed values, and conditions that they decide.
        ("(a, b=false, c='') %}{% if b %}{{ a }}{% else %}-{{ c }}{% endif %}{{ b }}", "(x)"),
        ("(a, b=1) %}{% if b %}{{ a }}{% elif a %}2{% endif %}", "(x, 0)"),
    ],
)
def test_an_argument_in_place_of_its_name_is_the_same(macro, call):
    page = '{% from "parts" import m %}{% for x in xs %}{{ m' + call + " }};{% endfor %}"
    templates = {"page": page, "parts": "{% macro m" + macro + "{% endmacro %}"}
    values = {"xs": [1, 2], "item": SimpleNamespace(n=3)}
    plain = Environment(loader=DictLoader(templates), autoescape=True, undefined=StrictUndefined)
    written_out = compiled(**templates).get_template("page").render(values)
    assert written_out == plain.get_template("page").render(values)


@pytest.mark.parametrize(
    ("source", "page"),
    [
        ("{{ _('Plain <b>') }}", "Plain <b>"),
        ("{{ _('<i>%(x)s</i>, 100 %%', x=text) }}", "<i>&lt;&amp;</i>, 100 %"),
        ("{{ _('<i>%(x)s</i>', x=html) }}", "<i><b></i>"),
        ("{{ ngettext('%(num)s one', '%(num)s many', 1) }}", "1 one"),
        ("{{ ngettext('%(num)s %(x)s', '%(num)s %(x)ss', 2, x=text) }}", "2 &lt;&amp;s"),
        ("{{ ngettext('%(n)s one', '%(n)s many', 2, n='two') }}", "two many"),
        ("{{ _(text) }}", "<&"),
    ],
)
def test_messages_come_out_as_jinja_writes_them(source, page):
    plain = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    ours = Pages(autoescape=True, extensions=["jinja2.ext.i18n"])
    for made in (plain, ours):
        made.install_gettext_callables(
            str, lambda one, many, number: one if number == 1 else many, newstyle=True
        )
    ours.said, ours.said_of = str, lambda one, many, number: one if number == 1 else many
    values = {"text": "<&", "html": Markup("<b>")}
    assert plain.from_string(source).render(values) == page
    assert ours.from_string(source).render(values) == page


def test_a_macro_called_in_an_expression_is_still_a_macro():
    made = compiled(
        page='{% from "parts" import mark %}{% set m = mark("&") %}'
        '{{ m|upper }}{{ mark(mark("<")) }}',
        parts="{% macro mark(x) %}<b>{{ x }}</b>{% endmacro %}",
    )
    assert made.get_template("page").render() == "<B>&AMP;</B><b><b>&lt;</b></b>"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("<a href='\"&'>", "&lt;a href=&#39;&#34;&amp;&#39;&gt;"),
        (7, "7"),
        (Markup("<b>"), "<b>"),
    ],
)
def test_what_is_written_is_escaped(value, said):
    assert written(value) == said
