"""The enumerations of the record, as stored and as exported.

The value is the public form: it stands in addresses, exports and the database. The label is
what staff and readers see. The definitions behind each word are in the codebook; the classes
here know nothing of the models that use them.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(TextChoices):
    """Where an event stands on its way to readers."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    MERGED = "merged", _("Merged")


class Importance(TextChoices):
    KEY = "key", _("Key event")
    NORMAL = "normal", _("Normal")
    MINOR = "minor", _("Minor")


class DateBasis(TextChoices):
    """What the recorded day is the day of."""

    OCCURRED = "occurred", _("The event happened")
    ANNOUNCED = "announced", _("It was announced")
    FIRST_REPORTED = "first_reported", _("It was first reported")
    RECORDED = "recorded", _("It was recorded")


class Role(TextChoices):
    """An actor's part in an event."""

    INITIATOR = "initiator", _("Initiator")
    PARTICIPANT = "participant", _("Participant")
    TARGET = "target", _("Target")
    HOST = "host", _("Host")
    MEDIATOR = "mediator", _("Mediator")
    SIGNATORY = "signatory", _("Signatory")
    SPEAKER = "speaker", _("Speaker")
    CLAIMANT = "claimant", _("Claimant")
    SUPPLIER = "supplier", _("Supplier")
    RECIPIENT = "recipient", _("Recipient")
    PERPETRATOR = "perpetrator", _("Perpetrator")
    VICTIM = "victim", _("Victim")
    OBSERVER = "observer", _("Observer")


class Stance(TextChoices):
    """A passage's stance towards the event as recorded: does it say that it happened so?"""

    REPORTS = "reports", _("Reports")
    CONFIRMS = "confirms", _("Confirms")
    DENIES = "denies", _("Denies")
    DISPUTES = "disputes", _("Disputes")
    ANALYSES = "analyses", _("Analyses")
    CORRECTS = "corrects", _("Corrects")
    RETRACTS = "retracts", _("Retracts")
    BACKGROUND = "background", _("Background")


class Support(TextChoices):
    """The parts of an event that a citation supports."""

    DATE = "date", _("Date")
    PLACE = "place", _("Place")
    ACTORS = "actors", _("Actors")
    FIGURES = "figures", _("Figures")
    OUTCOME = "outcome", _("Outcome")


class ActorKind(TextChoices):
    STATE = "state", _("State")
    GOVERNMENT_BODY = "government_body", _("Government body")
    ARMED_FORCE = "armed_force", _("Armed force")
    INTELLIGENCE_SERVICE = "intelligence_service", _("Intelligence service")
    INTERNATIONAL_ORGANIZATION = "international_organization", _("International organization")
    REBEL_GROUP = "rebel_group", _("Rebel group")
    MILITIA = "militia", _("Militia")
    PARTY = "party", _("Party")
    COMPANY = "company", _("Company")
    MEDIA = "media", _("Media")
    RESEARCH_INSTITUTE = "research_institute", _("Research institute")
    CIVIL_SOCIETY = "civil_society", _("Civil society")
    GROUP = "group", _("Group")
    PERSON = "person", _("Person")
    UNKNOWN = "unknown", _("Unknown")


class NameKind(TextChoices):
    OFFICIAL = "official", _("Official name")
    SHORT = "short", _("Short name")
    ACRONYM = "acronym", _("Acronym")
    ALIAS = "alias", _("Alias")
    TRANSLITERATION = "transliteration", _("Transliteration")
    FORMER = "former", _("Former name")


class PlaceKind(TextChoices):
    COUNTRY = "country", _("Country")
    REGION = "region", _("Region")
    PROVINCE = "province", _("Province")
    DISTRICT = "district", _("District")
    CITY = "city", _("City")
    SETTLEMENT = "settlement", _("Settlement")
    SITE = "site", _("Site")
    BUILDING = "building", _("Building")
    WATER = "water", _("Water")
    AREA = "area", _("Area")


class PlacePrecision(TextChoices):
    """How exactly the place of an event is known."""

    EXACT = "exact", _("Exact")
    NEAR = "near", _("Near")
    SETTLEMENT = "settlement", _("Settlement")
    DISTRICT = "district", _("District")
    PROVINCE = "province", _("Province")
    REGION = "region", _("Region")
    COUNTRY = "country", _("Country")
    WATERS_OR_AIR = "waters_or_air", _("Waters or air")
    UNKNOWN = "unknown", _("Unknown")


class SourceKind(TextChoices):
    NEWS = "news", _("News")
    OFFICIAL_DOCUMENT = "official_document", _("Official document")
    STATEMENT = "statement", _("Statement")
    ANALYSIS = "analysis", _("Analysis")
    REFERENCE = "reference", pgettext_lazy("a kind of source", "Reference")
    DATASET = "dataset", _("Dataset")
    IMAGERY = "imagery", _("Imagery")
    VIDEO = "video", _("Video")
    SOCIAL_POST = "social_post", _("Social post")
    BOOK = "book", _("Book")
    BROADCAST = "broadcast", _("Broadcast")


class PublisherKind(TextChoices):
    WIRE = "wire", _("News agency")
    NATIONAL = "national", _("National outlet")
    REGIONAL = "regional", _("Regional outlet")
    INTERNATIONAL = "international", _("International outlet")
    STATE_MEDIA = "state_media", _("State media")
    GOVERNMENT = "government", _("Government")
    IGO = "igo", _("Intergovernmental organization")
    SPECIALIST = "specialist", _("Specialist outlet")
    ACADEMIC = "academic", _("Academic")
    NGO = "ngo", _("Non-governmental organization")
    NEW_MEDIA = "new_media", _("New media")
    OTHER = "other", _("Other")


class LinkState(TextChoices):
    """What the last check of a source's address found."""

    UNKNOWN = "unknown", _("Not checked")
    OK = "ok", _("Works")
    REDIRECTED = "redirected", _("Moved")
    PAYWALLED = "paywalled", _("Behind a paywall")
    DEAD = "dead", _("Gone")


class Qualifier(TextChoices):
    """How the source states a number."""

    EXACT = "exact", _("exactly")
    ABOUT = "about", _("about")
    AT_LEAST = "at_least", _("at least")
    MORE_THAN = "more_than", _("more than")
    UP_TO = "up_to", _("up to")
    LESS_THAN = "less_than", _("less than")


class Basis(TextChoices):
    """What a number counts: this event alone, a running total, or a period."""

    THIS_EVENT = "this_event", _("This event")
    CUMULATIVE = "cumulative", _("Cumulative")
    IN_PERIOD = "in_period", _("In a period")


class FigureState(TextChoices):
    CURRENT = "current", _("Current")
    SUPERSEDED = "superseded", _("Superseded")
    RETRACTED = "retracted", _("Retracted")


class RelationKind(TextChoices):
    PART_OF = "part_of", _("Part of")
    FOLLOWS = "follows", _("Follows")
    RESPONSE_TO = "response_to", _("Response to")
    CONTRADICTS = "contradicts", _("Contradicts")
    SAME_SERIES = "same_series", _("Same series")


class VerificationLabel(TextChoices):
    """What the stances add up to, in order of strength; ``disproved`` by override only."""

    CONFIRMED = "confirmed", _("Confirmed")
    REPORTED = "reported", _("Reported")
    SINGLE_SOURCE = "single_source", _("Single source")
    CLAIMED = "claimed", _("Claimed")
    DISPUTED = "disputed", _("Disputed")
    DISPROVED = "disproved", _("Disproved")
    UNVERIFIED = "unverified", _("Unverified")


class Shape(TextChoices):
    """The mark of a category; its kind of shape names the family."""

    TRIANGLE_UP = "triangle_up", _("Triangle up")
    ARROW = "arrow", _("Arrow")
    DOUBLE_CHEVRON = "double_chevron", _("Double chevron")
    CROSS = "cross", _("Cross")
    TRIANGLE_DOWN = "triangle_down", _("Triangle down")
    BRACKETS = "brackets", _("Brackets with dot")
    DIAMOND = "diamond", _("Open diamond with dot")
    BUBBLE = "bubble", _("Speech bubble")
    DISC = "disc", _("Disc")
    TWO_DISCS = "two_discs", _("Two discs")
    SEAL = "seal", _("Ring with dot")
    BARRED_SQUARE = "barred_square", _("Barred square")
    SQUARE = "square", _("Solid square")


class Family(TextChoices):
    """Groups of categories, in the order in which charts stack them."""

    MILITARY = "military", _("Military")
    INTELLIGENCE = "intelligence", _("Intelligence")
    STATEMENTS = "statements", _("Statements")
    DIPLOMACY = "diplomacy", _("Diplomacy")
    MEASURES = "measures", _("Sanctions and domestic")


class VersionKind(TextChoices):
    """What a publication was, as readers are told."""

    FIRST = "first", _("First publication")
    UPDATE = "update", _("Update")
    CORRECTION = "correction", _("Correction")
    CLARIFICATION = "clarification", _("Clarification")
    MINOR = "minor", _("Minor change")
    RESTORED = "restored", _("Restored")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    MERGED = "merged", _("Merged")


class AmendmentKind(TextChoices):
    """How a shared record changed for readers."""

    CHANGED = "changed", _("Changed")
    MERGED = "merged", _("Merged")


class ChangeKind(TextChoices):
    CREATED = "created", _("Created")
    CHANGED = "changed", _("Changed")
    REMOVED = "removed", _("Removed")
