"""Where requests go: the staff's desk under /admin/, everything else to the public pages."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("timeline.web.urls")),
]
