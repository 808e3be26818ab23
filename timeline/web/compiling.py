"""How public templates become code: macros are written out where they are called.

A list of fifty events calls some two thousand macros, and Jinja spends more time on the calls
than on what they write. Here each call of a macro that is known when the template is compiled
becomes its body, with its arguments as local names; an attribute is Python's own. Each language
has templates of its own, in which a fixed message stands as text. The bytes of every page stay
those of the plain environment, which ``tests/web/test_compiling.py`` holds. A macro called inside
an expression is left to Jinja, and so is one imported ``with context``.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from jinja2 import BaseLoader, Environment, Template, nodes
from jinja2.compiler import CodeGenerator, Frame

# ``_escape_inner`` is what ``escape`` calls, without an object for each piece of text.
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined]

_SAID = frozenset({"_", "gettext"})
_COUNTED = "ngettext"


def written(value: Any) -> str:
    """A value as it stands in a page: escaped, unless it is markup already."""
    if type(value) is str:
        return _escape_inner(value)
    if type(value) is int:
        return str(value)
    return value if type(value) is Markup else escape(value)


@dataclass(frozen=True)
class _Macro:
    """A macro and the ones that its own file knows."""

    node: nodes.Macro
    home: Mapping[str, "_Macro"]


def _macros(environment: Environment, tree: nodes.Template) -> dict[str, _Macro]:
    """The macros that a template defines or imports without its context."""
    known: dict[str, _Macro] = {}
    for node in tree.body:
        if isinstance(node, nodes.FromImport) and not node.with_context:
            theirs = _imported(environment, node)
            for each in node.names:
                name, called = each if isinstance(each, tuple) else (each, each)
                known[called] = theirs[name]
        elif isinstance(node, nodes.Macro):
            known[node.name] = _Macro(node, known)
    return known


def _imported(environment: Environment, node: nodes.FromImport) -> dict[str, _Macro]:
    """The macros of a template, which is read once: whoever writes them out takes copies."""
    name = node.template.as_const()
    source, _file, _fresh = cast("BaseLoader", environment.loader).get_source(environment, name)
    read = cast("Pages", environment).read
    if name not in read or read[name][0] != source:
        read[name] = source, _macros(environment, environment.parse(source, name))
    return read[name][1]


class Compiler(CodeGenerator):
    """Jinja's code generator, for templates whose values are objects with attributes."""

    def visit_Template(  # noqa: N802  (Jinja's names)
        self, node: nodes.Template, frame: Frame | None = None
    ) -> None:
        """Write the template with its macros' calls written out, and what is fixed said."""
        _write_out(node, _macros(self.environment, node))
        _say(node, cast("Pages", self.environment).said)
        _drop_imports(node)
        super().visit_Template(node, frame)

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        """Write the body of a template or block so that it gives one text and not thousands,
        each of which would be handed through the templates around it."""
        listed = list(nodes)
        outermost = frame.block_frame or (frame.rootlevel and not any(map(_extends, listed)))
        if frame.buffer is not None or not outermost:
            super().blockvisit(listed, frame)
            return
        self.buffer(frame)
        super().blockvisit(listed, frame)
        self.writeline(f"yield concat({frame.buffer})")

    def write_commons(self) -> None:
        """Begin each function with the names that the methods below use."""
        super().write_commons()
        self.writeline("written, filled = environment.written, environment.filled")
        self.writeline("counted = environment.counted")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write("written(")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        """An attribute, without a look for an item of that name."""
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def visit_Call(  # noqa: N802
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        """A call; a message needs no context, and what it says is known but for its variables."""
        messages = _messages(node)
        if messages is None:
            super().visit_Call(node, frame, forward_caller=forward_caller)
        elif messages[1:]:
            self.write(f"counted({messages[0]!r}, {messages[1]!r}, ")
            self.visit(node.args[2], frame)
            self._variables(node, frame)
        else:
            said = cast("Pages", self.environment).said(messages[0])
            self.write(f"filled({said!r}")
            self._variables(node, frame)

    def _variables(self, node: nodes.Call, frame: Frame) -> None:
        for each in node.kwargs:
            self.write(f", {each.key}=")
            self.visit(each.value, frame)
        self.write(")")


class Pages(Environment):
    """An environment whose templates are compiled here, for each language by itself. ``said``
    says a message in the language of the moment, which ``spoken`` names; ``said_of`` the form of
    one that goes with a number."""

    code_generator_class = Compiler
    written = staticmethod(written)
    spoken: Callable[[], str] = str
    said: Callable[[str], str] = str
    said_of: Callable[[str, str, int], str]
    tongues: dict[str, "Pages"] | None = None
    """The environments of the languages; one of these has none."""

    read: dict[str, tuple[str, dict[str, _Macro]]]
    """The texts of templates with their macros; no language of theirs is said yet."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.tongues = {}
        self.read = {}

    def overlay(self, *args: Any, **options: Any) -> "Pages":
        """An environment like this one, with no template in any language yet."""
        made = super().overlay(*args, **options)
        made.tongues = {}
        return made

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: Any = None,  # noqa: A002  (Jinja's name)
    ) -> Template:
        """A template in the language of the moment; those that it asks for are in it too."""
        if self.tongues is None:
            return super().get_template(name, parent, globals)
        language = self.spoken()
        tongue = self.tongues.get(language)
        if tongue is None:
            tongue = self.overlay()
            tongue.tongues = None
            self.tongues[language] = tongue
        return tongue.get_template(name, parent, globals)

    @staticmethod
    def filled(message: str, /, **variables: Any) -> Markup:
        """What a message says with its variables, which are escaped."""
        return Markup(message % _escaped(variables))  # noqa: S704  (a text of ours)

    def counted(self, one: str, many: str, num: int, /, **variables: Any) -> Markup:
        """A message that goes with a number, which is its variable ``num`` too."""
        text = self.said_of(one, many, num)
        return Markup(text % _escaped({"num": num, **variables}))  # noqa: S704  (a text of ours)


def _extends(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Extends) or node.find(nodes.Extends) is not None


def _escaped(variables: Mapping[str, Any]) -> dict[str, str]:
    return {name: written(value) for name, value in variables.items()}


def _messages(node: nodes.Call) -> tuple[str, ...] | None:
    """The fixed texts of a call that says a message: one, or two where it goes with a number."""
    if not isinstance(node.node, nodes.Name) or node.dyn_args or node.dyn_kwargs:
        return None
    if node.node.name in _SAID:
        texts, rest = node.args[:1], node.args[1:]
    elif node.node.name == _COUNTED:
        texts, rest = node.args[:2], node.args[3:]
    else:
        return None
    if rest or not all(isinstance(each, nodes.Const) for each in texts):
        return None
    return tuple(str(cast("nodes.Const", each).value) for each in texts)


def _drop_imports(tree: nodes.Template) -> None:
    """Take out the imports of what is written out wherever it was called, so that the templates
    which define it need be neither compiled nor asked for."""
    used = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load"}
    for node in tree.body:
        if isinstance(node, nodes.FromImport) and not node.with_context:
            node.names = [
                each for each in node.names if (each if isinstance(each, str) else each[1]) in used
            ]
    tree.body = [node for node in tree.body if not isinstance(node, nodes.FromImport) or node.names]


def _say(tree: nodes.Node, said: Callable[[str], str]) -> None:
    """Replace each message without variables, wherever it stands, by what it says."""
    for name, value in tree.iter_fields():
        if isinstance(value, list):
            setattr(tree, name, [_spoken(each, said) for each in value])
        else:
            setattr(tree, name, _spoken(value, said))


def _spoken(value: Any, said: Callable[[str], str]) -> Any:
    if not isinstance(value, nodes.Node):
        return value
    if isinstance(value, nodes.Call) and not value.kwargs:
        messages = _messages(value)
        if messages is not None and len(messages) == 1:
            return nodes.TemplateData(said(messages[0]) % {}, lineno=value.lineno)
    _say(value, said)
    return value


def _write_out(tree: nodes.Node, known: Mapping[str, _Macro]) -> None:
    """Replace, in all bodies below ``tree``, each output of a known macro by what it writes."""
    for field in ("body", "else_", "elif_"):
        body = getattr(tree, field, None)
        if body is None:
            continue
        for node in body:
            _write_out(node, known)
        if field != "elif_":
            setattr(tree, field, _joined(made for node in body for made in _parts(node, known)))


def _joined(body: Iterable[nodes.Node]) -> list[nodes.Node]:
    """A body whose outputs that follow one another are one; a fixed condition is decided."""
    joined: list[nodes.Node] = []
    for node in _decided(body):
        last = joined[-1] if joined else None
        if isinstance(node, nodes.Output) and isinstance(last, nodes.Output):
            joined[-1] = nodes.Output([*last.nodes, *node.nodes], lineno=last.lineno)
        else:
            joined.append(node)
    return joined


def _decided(body: Iterable[nodes.Node]) -> Iterator[nodes.Node]:
    for node in body:
        if isinstance(node, nodes.If) and isinstance(node.test, nodes.Const) and not node.elif_:
            yield from _decided(node.body if node.test.value else node.else_)
        else:
            yield node


def _parts(node: nodes.Node, known: Mapping[str, _Macro]) -> Iterator[nodes.Node]:
    if not isinstance(node, nodes.Output):
        yield node
        return
    plain: list[nodes.Expr] = []
    for child in node.nodes:
        if not isinstance(child, nodes.Call) or (macro := _called(child, known)) is None:
            plain.append(child)
            continue
        if plain:
            yield nodes.Output(plain, lineno=node.lineno)
            plain = []
        yield from _body(macro, child)
    if plain:
        yield nodes.Output(plain, lineno=node.lineno)


def _called(call: nodes.Call, known: Mapping[str, _Macro]) -> _Macro | None:
    return known.get(call.node.name) if isinstance(call.node, nodes.Name) else None


def _body(macro: _Macro, call: nodes.Call) -> list[nodes.Node]:
    """What a call writes: the macro's body with its arguments as names of their own, or in place
    of their names where that is no more work."""
    arguments = _arguments(macro.node, call)
    body = _copied(macro.node.body)
    names = [name for node in body for name in node.find_all(nodes.Name)]
    # A loop in the macro has a ``loop`` of its own.
    bound = {name.name for name in names if name.ctx != "load"} | {"loop"}
    uses = Counter(name.name for name in names)
    placed = {
        name: value
        for name, value in arguments.items()
        if name not in bound and _placed(value, uses[name], bound)
    }
    named = arguments.keys() - placed.keys()
    # A name that is another argument's here stays what it was outside.
    while hidden := {name for name, value in placed.items() if _root(value) in named}:
        named |= hidden
        placed = {name: value for name, value in placed.items() if name not in hidden}
    kept = {name: value for name, value in arguments.items() if name in named}
    inside = nodes.With(
        [nodes.Name(name, "param") for name in kept],
        list(kept.values()),
        [_replaced(node, placed) for node in body],
        lineno=call.lineno,
    )
    _write_out(inside, macro.home)
    return [inside] if kept or len(bound) > 1 else inside.body


def _placed(value: nodes.Expr, uses: int, bound: Collection[str]) -> bool:
    """Whether an argument may stand where its name does: a fixed value, a name, or what is asked
    of a name once, unless the macro gives that name to something else."""
    if isinstance(value, nodes.Const):
        return True
    root = _root(value)
    return bool(root) and root not in bound and (uses < 2 or isinstance(value, nodes.Name))


def _root(value: nodes.Expr) -> str:
    """The name at the beginning of a chain of attributes; empty for anything else."""
    while isinstance(value, nodes.Getattr):
        value = value.node
    return value.name if isinstance(value, nodes.Name) else ""


def _replaced(value: Any, by: Mapping[str, nodes.Expr]) -> Any:
    """A node in which some names are other expressions."""
    if isinstance(value, list):
        return [_replaced(each, by) for each in value]
    if isinstance(value, tuple):
        return tuple(_replaced(each, by) for each in value)
    if not isinstance(value, nodes.Node):
        return value
    if isinstance(value, nodes.Name) and value.name in by:
        return _copy(by[value.name])
    for name, held in value.iter_fields():
        setattr(value, name, _replaced(held, by))
    return value


def _arguments(macro: nodes.Macro, call: nodes.Call) -> dict[str, nodes.Expr]:
    names = [arg.name for arg in macro.args]
    given: dict[str, nodes.Expr] = {}
    defaults = macro.defaults
    given.update(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    given.update(zip(names, call.args, strict=False))
    given.update((each.key, each.value) for each in call.kwargs)
    return {name: given[name] for name in names}


def _copied(body: Sequence[nodes.Node]) -> list[nodes.Node]:
    """Nodes of their own, so that one call's body isn't changed by another's."""
    return [_copy(node) for node in body]


def _copy(value: Any) -> Any:
    if isinstance(value, nodes.Node):
        made = type(value)(
            *(_copy(getattr(value, field)) for field in value.fields), lineno=value.lineno
        )
        made.environment = value.environment
        return made
    if isinstance(value, list):
        return [_copy(each) for each in value]
    if isinstance(value, tuple):
        return tuple(_copy(each) for each in value)
    return value
