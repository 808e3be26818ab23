"""What a browser would send for the form of a page, read from its HTML."""

from html.parser import HTMLParser

from timeline.editing.publishing import copy_of


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


# --- The form of an event or a story, and of the working copy that stands for it --------------


def page(thing):
    return f"/admin/timeline/{thing._meta.model_name}/{thing.pk}/change/"


def opened(client, thing):
    response = client.get(page(thing), follow=True)
    assert response.status_code == 200
    return sent(response)


def save(client, thing, **changes):
    data = opened(client, thing) | {"_save": "Save"} | changes
    return client.post(page(copy_of(thing) or thing), data)


def publish(client, thing, kind="update", note="", **changes):
    told = {"release_kind": kind, "release_note": note, "_publish_changes": "Publish changes"}
    data = opened(client, thing) | told | changes
    return client.post(page(copy_of(thing) or thing), data)
