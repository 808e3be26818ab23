"""The record: one module per concept, constraints in the database, verbs on the QuerySets.

Nothing here knows of a request or a format. Start with :mod:`timeline.models.events`.
"""

from timeline.models.actors import Actor, ActorName
from timeline.models.amendments import Amendment
from timeline.models.categories import Category, Topic
from timeline.models.changes import Change
from timeline.models.events import Event, Participation
from timeline.models.figures import Figure, Metric
from timeline.models.glossary import Term, TermKind
from timeline.models.imports import ExternalId, ImportBatch, ImportedEvent, SavedMapping
from timeline.models.places import Place
from timeline.models.publishers import Publisher, PublisherDomain, PublisherName
from timeline.models.relations import Relation
from timeline.models.releases import DatasetRelease
from timeline.models.site_text import SiteText
from timeline.models.slugs import SlugRedirect
from timeline.models.sources import Citation, Source
from timeline.models.steps import VerificationStep
from timeline.models.stories import Period, Step, Story, StoryVersion
from timeline.models.translations import EventTranslation
from timeline.models.uploads import Upload, UploadRow
from timeline.models.versions import Version

__all__ = [
    "Actor",
    "ActorName",
    "Amendment",
    "Category",
    "Change",
    "Citation",
    "DatasetRelease",
    "Event",
    "EventTranslation",
    "ExternalId",
    "Figure",
    "ImportBatch",
    "ImportedEvent",
    "Metric",
    "Participation",
    "Period",
    "Place",
    "Publisher",
    "PublisherDomain",
    "PublisherName",
    "Relation",
    "SavedMapping",
    "SiteText",
    "SlugRedirect",
    "Source",
    "Step",
    "Story",
    "StoryVersion",
    "Term",
    "TermKind",
    "Topic",
    "Upload",
    "UploadRow",
    "VerificationStep",
    "Version",
]
