"""What changed between two releases, against a plain comparison."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.formats.records import plain_record
from timeline.record.releases import LISTED, Changes, Manifest, compared, packed, unpacked

held = st.dictionaries(
    st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=8, max_size=8),
    st.tuples(st.integers(0, 3), st.sampled_from(["one", "two"])),
    max_size=12,
)


def manifest(events):
    made = Manifest()
    for public_id, (version, title) in events.items():
        made.add(plain_record(public_id=public_id, version=version or None, title=title))
    return unpacked(packed(made.rows()))


@given(held, held)
def test_changes_are_those_of_a_plain_comparison(before, after):
    # Some events that are in both.
    after = {**after, **dict(list(before.items())[::2])}
    both = sorted(before.keys() & after.keys())
    assert compared(manifest(before), manifest(after)) == Changes(
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(
            (each, before[each][0], after[each][0])
            for each in both
            if before[each][0] != after[each][0]
        ),
        touched=tuple(
            each
            for each in both
            if before[each][0] == after[each][0] and before[each][1] != after[each][1]
        ),
        removed=tuple(sorted(before.keys() - after.keys())),
    )


def test_what_an_event_shares_touches_it():
    one = plain_record()
    actor = replace(one.participations[0].actor, name="Kim Jong-un")
    other = replace(one, participations=(replace(one.participations[0], actor=actor),))
    before, after = Manifest(), Manifest()
    before.add(one)
    after.add(other)
    assert compared(before.rows(), after.rows()) == Changes(touched=(one.public_id,))


def test_nothing_is_no_change():
    made = manifest({"A1B2C3D4": (1, "one")})
    assert not compared(made, made)


def test_a_list_names_the_first_and_counts_all():
    ids = tuple(f"{place:08d}" for place in range(LISTED + 5))
    stored = Changes(added=ids).stored()
    assert stored["count"] == {"added": LISTED + 5, "changed": 0, "touched": 0, "removed": 0}
    assert stored["first"]["added"] == list(ids[:LISTED])
    assert len(Changes(added=ids).rows()) == LISTED + 5
