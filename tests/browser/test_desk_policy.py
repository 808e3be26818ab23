"""The stock admin works under the site's content security policy (the context fails otherwise)."""

from django.contrib.auth import get_user_model


def test_an_administrator_signs_in_and_adds_an_account(page, transactional_db):  # noqa: ARG001
    get_user_model().objects.create_superuser("ada", "", "a long enough password")
    page.goto("/admin/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("a long enough password")
    page.get_by_role("button", name="Log in").click()
    page.goto("/admin/auth/user/add/")
    page.get_by_label("Username").fill("grace")
    page.locator("#id_password1").fill("another long password")
    page.locator("#id_password2").fill("another long password")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/change/")
    assert get_user_model().objects.filter(username="grace").exists()
