"""The fixed mix of selections that everything is asked: the same for the same seed and record.

8, 35, 32, 17 and 8 in a hundred ask for 0 to 4 things; every kind of filter of the page is among
them, 18.5 in a hundred search the text. Half of the values are drawn as often as events have them,
half without regard to that, all from the record itself. One in ten reads on from a page some way
down the list, one in ten stands on the page of an actor, place, category, topic or year.
"""

import random

from timeline import dates
from timeline.browse.links import query_of
from timeline.index import Choice, Selection, answer
from timeline.models import Event

THINGS_ASKED = {0: 0.08, 1: 0.35, 2: 0.32, 3: 0.17, 4: 0.08}
SEARCHING = 0.185
KINDS = {
    "actor": 6,
    "dates": 5,
    "category": 3,
    "topic": 3,
    "country": 2,
    "citation": 2,
    "role": 1.5,
    "place": 1,
    "publisher": 1,
    "language": 1,
    "verification": 1,
    "importance": 1,
    "has": 1,
    "metric": 0.5,
}
"""What may be asked for beside words, with weights."""
PRESETS = {"actor": "actors", "place": "places", "category": "categories", "topic": "topics"}


def mix(count=200, seed=1, *, deep=True):
    """Draw selections; ``deep``: some read on from a cursor, for which the index is asked."""
    return list(Mix(seed).selections(count, deep=deep))


def address(selection):
    """The path and query of a selection, on the page of its preset."""
    path = "/"
    if selection.within:
        for name, folder in (*PRESETS.items(), ("year", "years")):
            for value in selection.within.chosen(name).include:
                path = f"/{folder}/{value}/"
    query = query_of(selection)
    return f"{path}?{query}" if query else path


class Mix:
    """Draws selections from the values and words of the configured record."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        facets = answer(Selection(), 10_000).facets
        self.values = {name: facet.values for name, facet in facets.items() if facet.values}
        last = Event.objects.public().order_by("pk").values_list("pk", flat=True).last()
        keys = [self.chance.randint(1, last) for _ in range(400)]
        texts = Event.objects.public().filter(pk__in=keys).order_by("pk")
        self.texts = [text.split() for text in texts.values_list("title", flat=True)]
        self.korean = [word for words in self.texts for word in words if "가" <= word[0] <= "힣"]

    def selections(self, count, *, deep):
        chance = self.chance
        numbers = [n for n, share in THINGS_ASKED.items() for _ in range(round(share * count))]
        numbers = (numbers + [1] * count)[:count]
        chance.shuffle(numbers)
        some = [at for at, number in enumerate(numbers) if number]
        searching = set(chance.sample(some, round(SEARCHING * count)))
        for at, number in enumerate(numbers):
            selection = self.selection(number, searching=at in searching)
            yield self.further(selection) if deep and chance.random() < 0.1 else selection

    def selection(self, number, *, searching):
        chance = self.chance
        asked = {"q": self.words()} if searching else {}
        kinds = dict(KINDS)
        for _ in range(number - searching):
            (kind,) = chance.choices(list(kinds), list(kinds.values()))
            del kinds[kind]
            asked |= self.asked(kind, asked)
        sort = chance.choices(["-date", "date", "-updated"], [85, 10, 5])[0]
        within = self.preset() if chance.random() < 0.1 else None
        return Selection(**asked, sort=sort, within=within)

    def asked(self, kind, before):
        """The changes to a selection that one thing asked for makes."""
        match kind:
            case "dates":
                return self.dates()
            case "citation":
                stance = {"stance": self.choice("stance")}
                other = self.chance.choice(["", "speaker", "publisher", "language"])
                return stance | ({other: self.choice(other)} if other else {})
            case "role":
                actor = {} if "actor" in before else {"actor": self.choice("actor")}
                return actor | {"role": Choice((self.value("role"),))}
            case "actor" if "actor" not in before:
                choice = self.choice("actor")
                several = len(choice.include) > 1
                return {
                    "actor": choice,
                    "actors_all": several and self.chance.random() < 0.4,
                    "exact": self.chance.random() < 0.15,
                }
            case "actor":
                return {}
            case _:
                return {kind: self.choice(kind)}

    def choice(self, facet):
        several = self.chance.choices([1, 2, 3], [70, 22, 8])[0]
        values = tuple(sorted({self.value(facet) for _ in range(several)}))
        return Choice((), values) if self.chance.random() < 0.08 else Choice(values)

    def value(self, facet):
        values = self.values[facet]
        if self.chance.random() < 0.5:
            return self.chance.choice(values).value
        return self.chance.choices(values, [each.count for each in values])[0].value

    def dates(self):
        if self.chance.random() < 0.4:
            return {"year": self.choice("year")}
        first, last = sorted(self.chance.sample(range(1950, 2027), 2))
        from_, to = f"{first}-{self.chance.randint(1, 12):02}", f"{last}-12-{last % 28 + 1:02}"
        span = {"from_": dates.parse(from_), "to": dates.parse(to)}
        (kept,) = self.chance.choices([("from_",), ("to",), ("from_", "to")], [25, 10, 65])
        return {name: span[name] for name in kept} | {"certainly": self.chance.random() < 0.1}

    def words(self):
        """One or two words, a phrase, a prefix, a word and one that must be missing, Korean."""
        (shape,) = self.chance.choices(range(6), [45, 20, 10, 10, 7, 8])
        words = self.chance.choice([each for each in self.texts if len(each) > 2])
        at = self.chance.randrange(len(words) - 1)
        first, second = words[at], words[at + 1]
        if shape == 5 and self.korean:
            return self.chance.choice(self.korean)
        shapes = (first, f"{first} {second}", f'"{first} {second}"', f"{first[:3]}*")
        return (*shapes, f"{first} -{second}", first)[shape]

    def preset(self):
        facet = self.chance.choice([*PRESETS, "year"])
        return Selection(**{facet: Choice((self.value(facet),))})

    def further(self, selection):
        """The selection some pages down its list, or where the list ends."""
        for _ in range(self.chance.randint(1, 4)):
            following = answer(selection).next_cursor
            if following is None:
                break
            selection = selection._replace(cursor=following)
        return selection
