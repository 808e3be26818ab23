"""The verification steps of the events that are there already."""

from django.db import migrations

from timeline.verification import Part, Statement, Voice, steps

CHUNK = 5_000


def derive(apps, _schema_editor):
    """Derive the steps of every event, some thousands at a time."""
    event, citation, participation, actor, step = (
        apps.get_model("timeline", name)
        for name in ("event", "citation", "participation", "actor", "verificationstep")
    )
    actors = {pk: rest for pk, *rest in actor.objects.values_list("pk", "slug", "name", "parent")}
    voices = {pk: Voice(f"actor:{slug}", name) for pk, (slug, name, _parent) in actors.items()}
    outlets = {}

    def party(pk):
        passed = set()
        while actors[pk][2] is not None and pk not in passed:
            passed.add(pk)
            pk = actors[pk][2]
        return voices[pk]

    def outlet(pk):
        # The grounds are not asked for here, so an outlet needs no name.
        return outlets.setdefault(pk, Voice(f"publisher:{pk}", ""))

    keys = list(event.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        first, last = keys[start], keys[min(start + CHUNK, len(keys)) - 1]
        parts, said = {}, {}
        among = {"event__gte": first, "event__lte": last}
        took_part = participation.objects.filter(**among).order_by()
        for of, who, role in took_part.values_list("event", "actor", "role"):
            parts.setdefault(of, []).append(Part(voices[who], party(who), role))
        rows = (
            citation.objects.filter(**among)
            .order_by()
            .values_list(
                "event",
                "stance",
                "speaker",
                "source__published_latest",
                "source__accessed_on",
                "source__kind",
                "source__publisher",
                "source__agency",
            )
        )
        for of, stance, speaker, on, seen, kind, publisher, agency in rows:
            statement = Statement(
                stance=stance,
                on=on,
                publisher=outlet(publisher),
                origin=outlet(agency or publisher),
                party=party(speaker) if speaker is not None else None,
                document=kind == "official_document",
                seen=seen,
            )
            said.setdefault(of, []).append(statement)
        step.objects.bulk_create(
            [
                step(event_id=of, day=day, label=label.value)
                for of, statements in said.items()
                for day, label in steps(statements, parts.get(of, ()))
            ],
            batch_size=1_000,
        )


class Migration(migrations.Migration):
    dependencies = [("timeline", "0013_verification_steps")]

    operations = [migrations.RunPython(derive, migrations.RunPython.noop)]
