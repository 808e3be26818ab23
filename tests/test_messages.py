"""Every marked word has its translation, and the translation fits into the page."""

import ast
import re
from gettext import GNUTranslations

import pytest
from django.utils.translation import override

from tests.messages import (
    KEYWORDS,
    LANGUAGES,
    PUT_IN,
    ROOT,
    in_the_code,
    in_the_file,
    path,
    translated,
)
from timeline.dates import DateError, parse

# Korean particles that change with the sound before them; a name put in has any sound.
CHANGING = re.compile(r"(?:\)s|\})[”’]?(?:은|는|이|가|을|를|과|와|으로|로)(?![가-힣])")


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture(scope="module")
def words(language):
    return in_the_file(language)


def said(message):
    return [message.string] if isinstance(message.string, str) else list(message.string)


def ids(message):
    return [message.id] if isinstance(message.id, str) else list(message.id)


def test_the_file_holds_what_the_code_says(words):
    code = {(message.context, message.id) for message in in_the_code() if message.id}
    file = {(message.context, message.id) for message in words if message.id}
    assert code == file, "make messages"


def test_every_message_is_translated(words):
    assert [message.id for message in words if message.id and not translated(message)] == []
    assert [message.id for message in words if message.id and message.fuzzy] == []


def test_each_has_as_many_forms_as_the_language_and_holds_what_the_program_puts_in(words):
    for message in words:
        if not message.id:
            continue
        forms = said(message)
        assert len(forms) == (words.num_plurals if message.pluralizable else 1), message.id
        # The last form is that for many, with the number in it.
        wanted = sorted(PUT_IN.findall(ids(message)[-1]))
        for form in forms:
            assert sorted(PUT_IN.findall(form)) == wanted, message.id
            assert form.strip() == form or ids(message)[-1].strip() != ids(message)[-1], message.id


def test_no_korean_particle_that_changes_follows_a_name(language, words):
    if language != "ko":
        pytest.skip("about Korean")
    assert [form for message in words for form in said(message) if CHANGING.search(form)] == []


def test_the_compiled_file_is_that_of_the_words(language, words):
    with path(language, "mo").open("rb") as file:
        compiled = GNUTranslations(file)
    for message in words:
        if not message.id:
            continue
        first, *many = ids(message)
        # How gettext itself asks for a message with a context.
        asked = f"{message.context}\x04{first}" if message.context else first
        found = compiled.ngettext(asked, *many, 2) if many else compiled.gettext(asked)
        assert found == said(message)[0]
    assert len(compiled._catalog) == len(words) + 1, "the header is one more"


def test_a_refusal_is_said_in_the_language_of_who_reads_it():
    with pytest.raises(DateError) as refused:
        parse("2024-02-30")
    assert str(refused.value) == "“2024-02-30” is not a day: that month has 29 days."
    with override("ko"):
        assert str(refused.value) == "“2024-02-30” 날짜는 없습니다. 그달은 29일까지입니다."


def early(file):
    """The lines that translate while the module is loaded, when nobody's language is known."""
    found, eager = [], set()

    def look(node):
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            for part in (*getattr(node, "decorator_list", ()), *node.args.defaults):
                look(part)
            return
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in eager:
            found.append(f"{file.relative_to(ROOT)}:{node.lineno}")
        for part in ast.iter_child_nodes(node):
            look(part)

    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            eager |= {each.asname or each.name for each in node.names if "text" in each.name}
            eager -= {each.asname or each.name for each in node.names if "lazy" in each.name}
    look(tree)
    return found


def unseen(file):
    """The lines whose words Babel can't read: inside of an f-string, or not written out."""
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        calls = [
            each
            for each in ast.walk(node)
            if isinstance(each, ast.Call)
            and isinstance(each.func, ast.Name)
            and each.func.id in KEYWORDS
        ]
        if isinstance(node, ast.JoinedStr):
            found += [f"{file.relative_to(ROOT)}:{each.lineno}" for each in calls]
        elif node in calls and not (node.args and isinstance(node.args[0], ast.Constant)):
            found.append(f"{file.relative_to(ROOT)}:{node.lineno}")
    return found


def test_every_marked_word_is_written_out_where_it_is_marked():
    files = [file for top in ("config", "timeline") for file in (ROOT / top).rglob("*.py")]
    assert [line for file in files for line in unseen(file)] == []


def test_nothing_is_translated_while_the_program_loads():
    files = [file for top in ("config", "timeline") for file in (ROOT / top).rglob("*.py")]
    assert [line for file in files for line in early(file)] == []


def test_no_template_writes_a_day_in_the_order_of_one_language():
    templates = (ROOT / "templates").rglob("*.html")
    fixed = re.compile(r"""\|date:["'][^"']*[jFM] """)
    assert [str(each) for each in templates if fixed.search(each.read_text("utf-8"))] == []
