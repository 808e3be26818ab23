"""The addresses of imports at the desk, in the order of the way that a file takes."""

from typing import Any

from django.contrib.admin import AdminSite
from django.urls import path

from timeline.admin import import_check, import_columns, imports


def of(site: AdminSite) -> list[Any]:
    """Each behind the site's sign-in."""
    addresses = (
        ("", imports.overview, "imports"),
        ("new/", imports.begin, "import_new"),
        ("past/<int:pk>/", import_check.past, "import_past"),
        ("<int:pk>/", import_check.one, "import"),
        ("<int:pk>/columns/", import_columns.columns, "import_columns"),
        ("<int:pk>/check/", import_check.check_again, "import_check"),
        ("<int:pk>/decide/", import_check.decide, "import_decide"),
        ("<int:pk>/apply/", import_check.apply, "import_apply"),
        ("<int:pk>/remove/", imports.drop, "import_drop"),
        ("<int:pk>/problems.csv", imports.problems, "import_problems"),
    )
    return [
        path(f"imports/{address}", site.admin_view(view), name=name)
        for address, view, name in addresses
    ]
