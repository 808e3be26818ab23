"""What a browser would send for the form of a page, read from its HTML."""

from html.parser import HTMLParser


class _Form(HTMLParser):
    def __init__(self):
        super().__init__()
        self.data = {}
        self.select = self.textarea = None

    def add(self, name, value):
        self.data.setdefault(name, []).append(value)

    def handle_starttag(self, tag, attrs):
        attrs = {key: value or "" for key, value in attrs}
        name = attrs.get("name", "")
        if tag == "input" and name and "__prefix__" not in name:
            kind = attrs.get("type", "text")
            if kind in ("submit", "button", "file") or name.endswith("_typed"):
                return
            if kind not in ("checkbox", "radio") or "checked" in attrs:
                self.add(name, attrs.get("value", "on" if kind in ("checkbox", "radio") else ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in attrs:
            self.add(self.select, attrs.get("value", ""))
        elif tag == "textarea" and not name.endswith("_typed"):
            self.textarea = name
            self.add(name, "")

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None
        elif tag == "textarea":
            self.textarea = None

    def handle_data(self, text):
        if self.textarea:
            # A browser drops the first line break of a text area.
            self.data[self.textarea][-1] += text.removeprefix("\n")


def sent(response):
    """The fields of the page, by name, as lists of values."""
    form = _Form()
    form.feed(response.content.decode())
    return {name: values for name, values in form.data.items() if "__prefix__" not in name}
