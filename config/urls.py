"""Where requests go: the staff's desk under /admin/, programs to the API, everybody
else to the public pages."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("timeline.api.urls")),
    path("", include("timeline.web.urls")),
]

handler400 = "timeline.web.errors.bad_request"
handler403 = "timeline.web.errors.forbidden"
handler404 = "timeline.web.errors.not_found"
handler500 = "timeline.web.errors.broken"
