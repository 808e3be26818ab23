"""The sheet of TimelineJS: dates at the precision that stands there, oddities named."""

import csv
import datetime as dt
import io

import pytest

from timeline.intake.readers import timelinejs_sheet
from timeline.intake.readers.timelinejs_sheet import COLUMNS

NINETEEN = list(COLUMNS)


def sheet(*rows, columns=NINETEEN):
    """The sheet as CSV; each row a dict of its filled cells."""
    written = io.StringIO()
    writer = csv.DictWriter(written, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode()


def read(*rows, **options):
    rows = [{"Headline": "A test is made", **row} for row in rows]
    return timelinejs_sheet.read(sheet(*rows), **options)


def one(**cells):
    found = read({name.replace("_", " "): value for name, value in cells.items()})
    assert len(found.drafts) == 1, found.problems
    return found.drafts[0], found.problems


def refused(**cells):
    found = read({name.replace("_", " "): value for name, value in cells.items()})
    assert not found.drafts
    problem = next(found.fatal())
    assert problem.row == 2
    return problem


@pytest.mark.parametrize(
    ("cells", "edtf"),
    [
        ({"Year": "2018"}, "2018"),
        ({"Year": "2018", "Month": "6"}, "2018-06"),
        ({"Year": "2018", "Month": "06", "Day": "12"}, "2018-06-12"),
        ({"Year": " 2018.0 ", "Month": "6.0"}, "2018-06"),
        ({"Year": "987"}, "0987"),
        ({"Year": "2018", "End Year": "2019"}, "2018/2019"),
        ({"Year": "2018", "Month": "6", "Day": "12", "End Year": "2019"}, "2018-06-12/2019"),
        ({"Year": "2018", "Month": "6", "End Year": "2018", "End Month": "6"}, "2018-06"),
        ({"Year": "2024", "Display Date": "Autumn 2024"}, "2024-23"),
        ({"Year": "2024", "Display Date": "c. 2024"}, "2024~"),
        (
            {
                "Year": "2024",
                "End Year": "2024",
                "End Month": "9",
                "Display Date": "spring 2024 to September 2024",
            },
            "2024-21/2024-09",
        ),
        ({"Year": "2018", "Display Date": "before 2019"}, "[..2018]"),
        ({"Year": "2024", "Month": "10", "Display Date": "since October 2024"}, "2024-10/.."),
        ({"Year": "2024", "Month": "10", "Display Date": "late October 2024"},
         "[2024-10-21..2024-10-31]"),
    ],
)  # fmt: skip
def test_the_precision_of_a_date_is_what_is_filled_in(cells, edtf):
    found = read(cells)
    assert [draft.date for draft in found.drafts] == [edtf]
    assert found.drafts[0].date_note == ""


@pytest.mark.parametrize(
    ("cells", "edtf", "sentence"),
    [
        ({"Year": "2,019"}, "2019", "“2,019” was read as the year 2019."),
        (
            {"Year": "c. 2020"},
            "2020~",
            "“c. 2020” is not a number; the date was read as about 2020",
        ),
        ({"Year": "2020", "Month": "Autumn"}, "2020-23", "the date was read as autumn 2020"),
        ({"Year": "2020", "Month": "October"}, "2020-10", "the date was read as October 2020"),
        ({"Year": "2020", "Month": "Oct", "Day": "5"}, "2020-10-05", "read as 5 October 2020"),
    ],
)
def test_what_timelinejs_breaks_on_is_read_and_named(cells, edtf, sentence):
    found = read(cells)
    assert [draft.date for draft in found.drafts] == [edtf]
    assert [sentence in each.sentence for each in found.problems] == [True]
    assert not list(found.fatal())


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"Year": "2019", "Month": "13"}, "Month", "There is no month 13."),
        ({"Year": "2019", "Month": "0"}, "Month", "There is no month 0."),
        ({"Year": "2019", "Month": "2", "Day": "30"}, "Day", "that month has 28 days"),
        ({"Year": "2019", "Day": "3"}, "Day", "Month is empty"),
        ({"Year": "2019", "Month": "2", "Day": "first"}, "Day", "“first” is not a day"),
        ({"Month": "2"}, "Year", "Year is empty."),
        ({}, "Year", "Year is empty."),
        ({"Time": "10:00"}, "Time", "“10:00” stands in Time, but Year is empty"),
        ({"Year": "2019", "End Time": "10:00"}, "End Time", "but End Year is empty"),
        ({"Year": "2019", "End Month": "3"}, "End Year", "End Year is empty"),
        ({"Year": "2019", "End Year": "2018"}, "End Year", "ends before it starts"),
        (
            {"Year": "2018", "End Year": "2018", "End Month": "3"},
            "Year",
            "less exactly than the end",
        ),
        ({"Year": "-44"}, "Year", "lies before the year 1"),
        ({"Year": "-2,000"}, "Year", "lies before the year 1"),
        ({"Year": "0"}, "Year", "lies before the year 1"),
        ({"Year": "12019"}, "Year", "Years from 1 to 9999"),
        ({"Year": "unknown"}, "Year", "“unknown” in Year can't be read as a number"),
        ({"Year": "2019", "Month": "Smarch"}, "Month", "“Smarch” in Month can't be read"),
        ({"Year": "2019", "Month": "2", "Day": "3", "Time": "25:00"}, "Time", "is not a time"),
    ],
)
def test_what_can_not_be_a_date_is_refused_with_its_column(cells, column, sentence):
    problem = refused(**{name.replace(" ", "_"): value for name, value in cells.items()})
    assert problem.column == column
    assert sentence in problem.sentence


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("14:30", dt.time(14, 30)),
        ("2:30 PM", dt.time(14, 30)),
        ("12:05 am", dt.time(0, 5)),
        ("1430", dt.time(14, 30)),
        ("14.30", dt.time(14, 30)),
        ("14:30:05.2", dt.time(14, 30, 5)),
    ],
)
def test_times(written, time):
    draft, problems = one(Year="2018", Month="6", Day="12", Time=written)
    assert draft.time == time
    assert not problems


def test_a_time_without_a_day_is_kept_aside():
    draft, problems = one(Year="2018", Month="6", Time="10:00")
    assert draft.time is None
    assert "Time: 10:00" in draft.internal_note
    assert [each.column for each in problems] == ["Time"]


def test_a_display_date_that_says_the_same_says_nothing():
    for display in ("June 12, 2018", "12 June 2018", "12 Jun 2018", "2018-06-12"):
        draft, problems = one(Year="2018", Month="6", Day="12", Display_Date=display)
        assert (draft.date, draft.date_note, problems) == ("2018-06-12", "", [])


def test_a_display_date_in_other_words_is_a_note():
    draft, problems = one(Year="2018", Display_Date="Year of the <b>Dog</b>")
    assert draft.date_note == "Year of the Dog"
    assert not problems


def test_a_display_date_that_contradicts_is_a_note_and_named():
    draft, problems = one(Year="2018", Month="6", Display_Date="July 2018")
    assert (draft.date, draft.date_note) == ("2018-06", "July 2018")
    assert "is not the same as June 2018" in problems[0].sentence


# --- Rows that are no events ----------------------------------------------------------------------


def test_title_and_era_are_skipped_and_counted():
    found = read({"Type": "title"}, {"Year": "2018"}, {"Type": "era", "Year": "2018"})
    assert (found.rows, len(found.drafts), found.skipped) == (3, 1, 2)
    assert [(each.row, each.fatal) for each in found.problems] == [(2, False), (4, False)]


def test_a_type_in_the_wrong_case_is_the_event_that_timelinejs_shows():
    found = read({"Year": "2018", "Type": "Title"})
    assert len(found.drafts) == 1
    assert "written with a capital" in found.problems[0].sentence
    assert "Year is empty" in next(read({"Type": "Title"}).fatal()).sentence


def test_a_second_title_is_an_event_and_named():
    found = read({"Type": "title"}, {"Type": "title", "Year": "2018"})
    assert len(found.drafts) == 1
    assert "a title slide before this one" in found.problems[1].sentence


# --- Headers --------------------------------------------------------------------------------------


def test_eighteen_columns_and_trimmed_headers_in_any_order():
    columns = [f" {name} " for name in reversed(NINETEEN) if name != "Alt Text"]
    content = sheet({" Year ": "2018", " Headline ": " A test "}, columns=columns)
    assert [(each.date, each.title) for each in timelinejs_sheet.read(content).drafts] == [
        ("2018", "A test")
    ]


def test_tag_is_the_old_name_of_group_and_other_columns_are_named():
    columns = ["Year", "Headline", "Tag", "Colour"]
    found = timelinejs_sheet.read(
        sheet({"Year": "2018", "Headline": "x", "Tag": "Tests"}, columns=columns)
    )
    assert found.drafts[0].category.name == "Tests"
    assert "not TimelineJS's and were left out: Colour" in found.problems[0].sentence


OLD = ["Start Date", "End Date", "Headline"]


@pytest.mark.parametrize(
    ("start", "end", "edtf"),
    [
        ("2018", "", "2018"),
        ("2018-06", "", "2018-06"),
        ("2018-06-12", "2018-06-13", "2018-06-12/2018-06-13"),
        ("6/2018", "", "2018-06"),
        ("6/13/2018", "6/14/2018", "2018-06-13/2018-06-14"),
        ("6/6/2018", "", "2018-06-06"),
        ("6/13/2018 10:00:00", "", "2018-06-13"),
        ("June 2018", "", "2018-06"),
    ],
)
def test_the_older_sheet(start, end, edtf):
    content = sheet({"Start Date": start, "End Date": end, "Headline": "x"}, columns=OLD)
    found = timelinejs_sheet.read(content)
    assert [each.date for each in found.drafts] == [edtf]


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        ("6/12/2018", "can be read in two ways. Write it as 2018-06-12"),
        ("13/13/2018", "There is no month 13"),
        ("31/12/2018", "There is no month 31"),
        ("5.10.2024", "can't be read as a number"),
        ("-44", "lies before the year 1"),
        ("", "Start Date is empty"),
    ],
)
def test_the_older_sheet_refuses(start, sentence):
    content = sheet({"Start Date": start, "Headline": "x"}, columns=OLD)
    found = timelinejs_sheet.read(content)
    assert not found.drafts
    problem = next(found.fatal())
    assert problem.column == "Start Date"
    assert sentence in problem.sentence


def test_another_table_is_named():
    found = timelinejs_sheet.read(b"Date,Title\n2018,x\n")
    assert "This is no TimelineJS sheet" in found.problems[0].sentence
    assert found.rows == 1


# --- Texts and sources ----------------------------------------------------------------------


def test_links_in_texts_become_sources_for_review():
    draft, _ = one(
        Year="2018",
        Headline="<b>The summit</b> is held",
        Text='<p>It was held, <a href="https://a.example/1">said A</a>. https://b.example/2.</p>',
        Media_Credit='<a href="https://c.example/3">C</a>',
    )
    assert draft.title == "The summit is held"
    assert draft.summary == "It was held, said A. https://b.example/2."
    assert [(each.source.url, each.source.title, each.stance) for each in draft.citations] == [
        ("https://a.example/1", "said A", "reports"),
        ("https://b.example/2", "", "reports"),
        ("https://c.example/3", "C", "reports"),
    ]
    assert draft.citations[0].source.title_is_description


@pytest.mark.parametrize(
    ("media", "url", "kind"),
    [
        ("https://a.example/photo.JPG", "https://a.example/photo.JPG", "imagery"),
        ("https://www.youtube.com/watch?v=1", "https://www.youtube.com/watch?v=1", "video"),
        ('<iframe src="https://v.example/1"></iframe>', "https://v.example/1", ""),
        ("https://t.me/channel/5", "https://t.me/channel/5", "social_post"),
    ],
)
def test_media_is_background_of_its_kind(media, url, kind):
    draft, _ = one(Year="2018", Media=media, Media_Caption="A <i>launch</i>")
    (citation,) = draft.citations
    assert (citation.source.url, citation.source.kind) == (url, kind)
    assert (citation.stance, citation.source.title) == ("background", "A launch")


def test_the_background_column_may_hold_the_source():
    row = {"Year": "2018", "Background": "https://a.example/article"}
    found = read(row, background_is_source=True)
    assert found.drafts[0].citations[0].source.url == "https://a.example/article"
    assert not found.problems
    assert "taken as a source" in read(row).problems[0].sentence
    assert not read({"Year": "2018", "Background": "https://a.example/b.png"}).drafts[0].citations
    assert not read({"Year": "2018", "Background": "#336699"}).drafts[0].citations


def test_long_texts_are_shortened_at_a_word_and_kept_whole():
    headline, text = "word " * 40, "A sentence of words. " * 50
    draft, problems = one(Year="2018", Headline=headline, Text=text)
    assert draft.title.endswith("word…")
    assert len(draft.title) <= 140
    assert draft.summary.endswith("words.")
    assert 500 < len(draft.summary) <= 600
    assert headline.strip() in draft.internal_note
    assert [each.column for each in problems] == ["Headline", "Text"]


def test_without_a_headline_the_first_sentence_stands_for_it():
    draft, problems = one(Year="2018", Headline="", Text="It rained. Then it stopped.")
    assert draft.title == "It rained."
    assert problems[0].column == "Headline"
    assert refused(Year="2018", Headline="<p> </p>").column == "Headline"


# --- Ids ------------------------------------------------------------------------------------------


def test_a_row_is_found_again_by_its_date_and_headline():
    first, again = read({"Year": "2018"}).drafts, read({}, {"Year": "2018"}).drafts
    assert first[0].external == again[0].external
    other = read({"Year": "2019"}).drafts[0]
    assert other.external != first[0].external
    assert first[0].external[0].system == "timelinejs"


def test_the_same_row_twice_is_named_and_kept_apart():
    found = read({"Year": "2018"}, {"Year": "2018"})
    first, second = (draft.external[0].value for draft in found.drafts)
    assert second == f"{first}-2"
    assert "Is it there twice?" in found.problems[0].sentence
