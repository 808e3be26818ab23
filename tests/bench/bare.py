"""The barest Django site: one view that says a word. What any page of ours is measured against."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

settings.configure(ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__)


def word(_request):
    return HttpResponse("Here.")


urlpatterns = [path("", word)]
application = get_wsgi_application()
