"""The public addresses. Names are plain: templates and models reverse them."""

from django.urls import path, register_converter

from timeline.web import (
    chart,
    charted,
    compare,
    coverage,
    downloads,
    embeds,
    indexes,
    ledgers,
    machines,
    maps,
    metrics,
    oembed,
    outgoing,
    past,
    pictured,
    releases,
    sitemap,
    stories,
    trying,
    views,
)


class FourDigits:
    """A year as four digits, so that 2024 has one address."""

    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{int(value):04}"


class PublicId:
    """Eight letters and digits of Crockford's base 32; small letters are redirected."""

    regex = "[0-9A-Za-z]{8}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Suggested:
    """The indexes whose things are found by typing."""

    regex = "actors|topics|places|publishers"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Digest:
    """The hash of what a picture shows."""

    regex = "[0-9a-f]{16}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Listing:
    """The folders of pages that are a list of events."""

    regex = "actors|categories|topics|places|publishers|years"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FourDigits, "yyyy")
register_converter(downloads.FormConverter, "form")
register_converter(downloads.StoryFormConverter, "story_form")
register_converter(Digest, "digest")
register_converter(charted.DrawnConverter, "drawn")
register_converter(Listing, "listing")
register_converter(Suggested, "suggested")
register_converter(PublicId, "id")

urlpatterns = [
    path("", views.timeline, name="home"),
    path("chart/", chart.chart, name="chart"),
    path("chart/by-actor/", chart.chart, {"by": "actor"}, name="chart_actor"),
    path("chart/by-country/", chart.chart, {"by": "country"}, name="chart_country"),
    path("chart/by-publisher/", chart.chart, {"by": "side"}, name="chart_side"),
    path("compare/", compare.compare, name="compare"),
    path("map/", maps.world, name="map"),
    path("events/", views.events, name="events"),
    path("events/<id:public_id>/", views.event, name="event_bare"),
    path("events/<id:public_id>-<slug:slug>/", views.event, name="event"),
    path("events/<id:public_id>/history/", past.event_history, name="history_bare"),
    path("events/<id:public_id>-<slug:slug>/history/", past.event_history, name="history"),
    path("events/<id:public_id>/v/<int:number>/", past.event_version, name="version_bare"),
    path("events/<id:public_id>-<slug:slug>/v/<int:number>/", past.event_version, name="version"),
    path("events/<id:public_id>/v/<int:number>.json", past.event_version_json),
    path("events/<id:public_id>-<slug:slug>/v/<int:number>.json", past.event_version_json),
    path("corrections/", ledgers.corrections, name="corrections"),
    path("corrections.atom", ledgers.corrections_feed, name="corrections_feed"),
    path("changes/", ledgers.changes, name="changes"),
    path("changes.atom", ledgers.changes_feed, name="changes_feed"),
    path("changes.json", ledgers.changes_json, name="changes_json"),
    path("e/<id:public_id>", views.event_short, name="event_short"),
    path("e/<id:public_id>/v/<int:number>", past.version_short, name="version_short"),
    path("<suggested:things>/suggest", views.suggest, name="suggest"),
    path("actors/", indexes.actors, name="actors"),
    path("actors/<slug:slug>/", views.actor, name="actor"),
    path("sources/", indexes.sources, name="sources"),
    path("sources/<id:public_id>/", views.source, name="source"),
    path("publishers/", indexes.publishers, name="publishers"),
    path("publishers/<slug:slug>/", views.publisher, name="publisher"),
    path("categories/", indexes.categories, name="categories"),
    path("categories/<slug:slug>/", views.category, name="category"),
    path("topics/", indexes.topics, name="topics"),
    path("topics/<slug:slug>/", views.topic, name="topic"),
    path("places/", indexes.places, name="places"),
    path("places/<slug:slug>/", views.place, name="place"),
    path("years/", indexes.years, name="years"),
    path("years/<yyyy:year>/", views.year, name="year"),
    path("figures/", indexes.figures, name="figures"),
    path("figures/<slug:code>/", metrics.metric, name="metric"),
    path("figures/<slug:code>.csv", metrics.metric_csv, name="metric_csv"),
    # The same events as files: the page's address without its last slash, and a form.
    path("events.<form:form>", downloads.everything, name="download"),
    path("<listing:kind>/<slug:slug>.<form:form>", downloads.thing, name="download_thing"),
    path("events/<id:public_id>.<form:form>", downloads.event, name="download_event"),
    path("events/<id:public_id>-<slug:slug>.<form:form>", downloads.event),
    path("stories/", stories.stories, name="stories"),
    path("stories/<slug:slug>/", stories.story, name="story"),
    path("stories/<slug:slug>/history/", stories.history, name="story_history"),
    path("stories/<slug:slug>/v/<int:number>/", stories.version, name="story_version"),
    path("stories/<slug:slug>.<story_form:form>", downloads.story, name="download_story"),
    path("embed/stories/<slug:slug>/", embeds.story, name="embed_story"),
    path("share/stories/<slug:slug>/", trying.story, name="share_story"),
    path("data/releases/", releases.listed),
    path("data/releases/<int:number>/", releases.page_of, name="release"),
    path("data/releases/<int:number>/dateline-<int:named>.zip", releases.file, name="release_file"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("about/", views.about, name="about"),
    path("data/", outgoing.outgoing, name="outgoing"),
    # Sharing: the page's own address below /embed and /share.
    path("embed/", embeds.timeline, name="embed"),
    path("embed/<listing:kind>/<slug:slug>/", embeds.thing, name="embed_thing"),
    path("embed/events/<id:public_id>/", embeds.event, name="embed_event"),
    path("embed/events/<id:public_id>-<slug:slug>/", embeds.event),
    path("share/", trying.timeline, name="share"),
    path("share/<listing:kind>/<slug:slug>/", trying.thing, name="share_thing"),
    path("share/events/<id:public_id>/", trying.event, name="share_event"),
    path("share/events/<id:public_id>-<slug:slug>/", trying.event),
    path("chart.<drawn:form>", charted.chart_file, name="chart_file"),
    path("chart/by-actor.<drawn:form>", charted.chart_file, {"by": "actor"}, "chart_actor_file"),
    path(
        "chart/by-country.<drawn:form>", charted.chart_file, {"by": "country"}, "chart_country_file"
    ),
    path("chart/by-publisher.<drawn:form>", charted.chart_file, {"by": "side"}, "chart_side_file"),
    # What other sites show of a page: its own address below /picture, with the content's hash.
    path("picture.png", pictured.timeline, name="picture_now"),
    path("picture/<digest:digest>.png", pictured.timeline, name="picture"),
    path("picture/<listing:kind>/<slug:slug>.png", pictured.thing, name="picture_thing_now"),
    path(
        "picture/<listing:kind>/<slug:slug>/<digest:digest>.png",
        pictured.thing,
        name="picture_thing",
    ),
    path("picture/stories/<slug:slug>.png", pictured.story, name="picture_story_now"),
    path("picture/stories/<slug:slug>/<digest:digest>.png", pictured.story, name="picture_story"),
    path("picture/events/<id:public_id>.png", pictured.event, name="picture_event_now"),
    path(
        "picture/events/<id:public_id>/<digest:digest>.png",
        pictured.event,
        name="picture_event",
    ),
    path("oembed", oembed.oembed, name="oembed"),
    path("healthz", machines.healthz, name="healthz"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemap-<slug:part>.xml", sitemap.addresses, name="sitemap_part"),
    path("robots.txt", machines.robots, name="robots"),
]
