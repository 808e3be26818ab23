"""The public addresses."""

from django.urls import path

from timeline.web import machines

urlpatterns = [
    path("healthz", machines.healthz, name="healthz"),
    path("robots.txt", machines.robots, name="robots"),
]
