"""How a public address becomes a thing: found, moved, gone or unknown, decided in one place.

Everything goes through ``.public()`` or ``index.naming``, which gives the same; a draft is as
unknown as an address that never was. The decorator ``public_page`` is on every public view: safe
methods only, kept bytes and 304 where nothing changed, and the redirects and refusals below
turned into answers.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.http import require_safe

from timeline.index import naming
from timeline.models import Event, SlugRedirect, Source, Story
from timeline.web import errors
from timeline.web.cached import answered

_HOPS = 10
Asked = ParamSpec("Asked")
Thing = TypeVar("Thing", bound=Model)
View = Callable[Concatenate[HttpRequest, Asked], HttpResponse]


class Moved(Exception):
    """The thing has another address now; ``key`` is its present public id or slug where it is
    another thing, or has another name."""

    def __init__(self, href: str, key: str = "") -> None:
        super().__init__(href)
        self.href = href
        self.key = key


class Gone(Exception):
    """An event or a story that was withdrawn: readers learn when and why, nothing else."""

    def __init__(self, thing: Event | Story) -> None:
        super().__init__(thing.public_id)
        self.thing = thing


def public_page(view: View[Asked]) -> View[Asked]:
    """Make a view public: GET and HEAD only, gzip, 304, redirects and 410."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Asked.args, **kwargs: Asked.kwargs) -> HttpResponse:
        def make() -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except Moved as moved:
                query = request.META.get("QUERY_STRING", "")
                return HttpResponsePermanentRedirect(
                    f"{moved.href}?{query}" if query else moved.href
                )
            except Gone as gone:
                return errors.gone(gone.thing)

        return answered(request, make)

    return cast("View[Asked]", require_safe(answer))


def always(headers: Mapping[str, str]) -> Callable[[View[Asked]], View[Asked]]:
    """Give every answer of a view these headers: a 304 too, whose own would replace them in what
    the browser keeps."""

    def wrap(view: View[Asked]) -> View[Asked]:
        @wraps(view)
        def answer(request: HttpRequest, *args: Asked.args, **kwargs: Asked.kwargs) -> HttpResponse:
            response = view(request, *args, **kwargs)
            for name, value in headers.items():
                response.headers[name] = value
            return response

        return cast("View[Asked]", answer)

    return wrap


def named(model: type[Thing], slug: str) -> Thing:
    """The public thing with this slug.

    Raises Moved for the old slug of a renamed or merged thing, Http404 otherwise.
    """
    found = naming.one(model, slug)
    if found is not None:
        return found
    present = naming.moved(model, [slug]).get(slug)
    if present is not None:
        href = model(slug=present[0]).get_absolute_url()  # type: ignore[attr-defined]  # named
        raise Moved(href, present[0])
    raise Http404(f"No public {model._meta.model_name} is called {slug}.")


def event(public_id: str) -> Event:
    """The public event with this id.

    Raises Moved for one that was merged, Gone for one that was withdrawn, Http404 otherwise.
    """
    found = Event.objects.public().filter(public_id=public_id.upper()).first()
    if found is not None:
        return found
    gone = Event.objects.gone().filter(public_id=public_id.upper()).first()
    for _hop in range(_HOPS):
        if gone is None:
            break
        if gone.merged_into_id is None:
            if gone.published_at is None:
                break
            raise Gone(gone)
        target = Event.objects.public().filter(pk=gone.merged_into_id).first()
        if target is not None:
            raise Moved(target.get_absolute_url(), target.public_id)
        gone = Event.objects.gone().filter(pk=gone.merged_into_id).first()
    raise Http404("No public event has this address.")


def source(public_id: str) -> Source:
    """The public source with this id.

    Raises Moved for one that was merged, Http404 otherwise.
    """
    public = Source.objects.public().select_related("publisher", "agency")
    found = public.filter(public_id=public_id.upper()).first()
    if found is not None:
        return found
    merged = SlugRedirect.objects.filter(kind="source", old_slug=public_id.upper())
    present = public.filter(pk__in=merged.values("object_id")).first()
    if present is not None:
        raise Moved(present.get_absolute_url(), present.public_id)
    raise Http404("No public source has this address.")


def story(slug: str) -> Story:
    """The public story with this slug.

    Raises Moved for the old slug of a renamed one, Gone for one that was withdrawn, Http404
    otherwise.
    """
    found = Story.objects.public().filter(slug=slug).first()
    if found is not None:
        return found
    gone = Story.objects.gone().filter(slug=slug).first()
    if gone is not None:
        raise Gone(gone)
    renamed = SlugRedirect.objects.filter(kind="story", old_slug=slug).values("object_id")
    present = Story.objects.public().filter(pk__in=renamed).first()
    if present is not None:
        raise Moved(present.get_absolute_url(), present.slug)
    raise Http404(f"No public story is called {slug}.")
