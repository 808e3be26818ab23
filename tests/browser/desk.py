"""What the desk's browser tests share: signing in, and saying where the focus is."""

from django.contrib.auth import get_user_model

PASSWORD = "a long enough password"

FOCUSED = """() => {
  const at = document.activeElement;
  const named = at.id || at.name || at.textContent.trim();
  if (at.matches(".select2-search__field, .select2-selection")) {
    return at.closest(".select2").previousElementSibling.id;
  }
  return at.type === "submit" ? at.name : named;
}"""


def sign_in(page, name="ada", **changes):
    """Sign in as a superuser of that name, made if there is none."""
    people = get_user_model().objects
    if not people.filter(username=name).exists():
        people.create_superuser(name, "", PASSWORD, **changes)
    page.goto("/admin/login/?next=/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_selector("#user-tools")


def focused(page):
    return page.evaluate(FOCUSED)


def tab(page):
    page.keyboard.press("Tab")
    return focused(page)
