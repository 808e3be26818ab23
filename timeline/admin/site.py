"""The desk: Django's admin site with our name on it. Knows no model."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class DeskSite(AdminSite):
    site_header = _("Dateline desk")
    site_title = _("Dateline desk")
    index_title = _("What would you like to work on?")
    enable_nav_sidebar = False
