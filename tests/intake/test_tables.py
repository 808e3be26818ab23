"""Bytes to a table: each oddity of a file has an outcome, and the outcome a name."""

import csv
import datetime as dt
import io
import struct
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.formats import sheets
from timeline.intake import measuring, tables
from timeline.intake.tables import read_table, unguarded


def cells(table):
    return [row.cells for row in table.rows]


def sentences(table, *, fatal=None):
    return [each.sentence for each in table.problems if fatal is None or each.fatal is fatal]


def test_a_plain_table():
    table = read_table(b"Date, Title \n2024,One\n\n2025,Two\n")
    assert table.header == ("Date", "Title")
    assert [(row.number, row.get("Title")) for row in table.rows] == [(2, "One"), (4, "Two")]
    assert table.count == 2
    assert not table.problems


# --- Encodings ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "note"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", "Read as UTF-16, by its mark."),
        ("cp949", "it was read as CP949"),
    ],
)
def test_korean_is_recognised(encoding, note):
    content = "Year,Headline\n2018,북미 정상회담 개최\n".encode(encoding)
    table = read_table(content)
    assert cells(table) == [("2018", "북미 정상회담 개최")]
    assert any(note in each for each in sentences(table, fatal=False)) == bool(note)


def test_big_endian_utf_16_is_recognised():
    table = read_table(b"\xfe\xff" + "Year\n2018\n".encode("utf-16-be"))
    assert cells(table) == [("2018",)]


def test_western_european_is_assumed_and_said():
    table = read_table("Place,Title\nMünchen,Café “Zürich” – “x”\n".encode("cp1252"))
    assert cells(table) == [("München", "Café “Zürich” – “x”")]
    assert "it was read as Windows-1252" in sentences(table)[0]


def test_cyrillic_in_an_old_encoding_is_refused_rather_than_misread():
    content = "Год,Заголовок\n2018,Встреча прошла в столице\n".encode("cp1251")
    table = read_table(content)
    assert table.refused
    assert "line 1 is not UTF-8" in sentences(table)[0]
    assert cells(read_table(content, encoding="cp1251"))[0][1] == "Встреча прошла в столице"


def test_an_encoding_that_is_named_is_held_to():
    assert "can't be read as CP949" in sentences(read_table(b"a\n\xff\n", encoding="cp949"))[0]
    assert "Choose among UTF-8" in sentences(read_table(b"a\n", encoding="klingon"))[0]


def test_utf_16_without_its_mark_is_named():
    table = read_table("Year,Headline\n2018,x\n".encode("utf-16-le"))
    assert "Every other byte" in sentences(table)[0]
    assert table.refused


# --- Separators and quotes --------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_recognised(separator):
    rows = [["Year", "Headline", "Text"], ["2018", "a, b; c", 'said "x"'], ["2019", "", "d\ne"]]
    written = io.StringIO()
    csv.writer(written, delimiter=separator).writerows(rows)
    table = read_table(written.getvalue().encode())
    assert table.header == tuple(rows[0])
    assert cells(table) == [tuple(row) for row in rows[1:]]
    assert bool(table.problems) == (separator != ",")


def test_the_separator_line_of_spreadsheet_programs_is_obeyed():
    table = read_table(b"sep=;\r\nYear;Headline\r\n2018;a,b\r\n")
    assert [(row.number, row.cells) for row in table.rows] == [(3, ("2018", "a,b"))]


def test_an_unclosed_quote_is_named_with_the_row_where_it_begins():
    table = read_table(b'Year,Headline\n2018,fine\n2019,"never closed\n2020,x\n2021,y\n')
    assert [each.row for each in table.problems] == [3]
    assert "quotation mark in row 3" in sentences(table)[0]
    assert cells(table) == [("2018", "fine")]


def test_an_unclosed_quote_before_much_text_is_named():
    content = b'Year,Headline\n2018,"open\n' + b"2019,words\n" * 20_000
    table = read_table(content)
    assert [each.row for each in table.problems if each.fatal] == [2]
    assert "never closed" in sentences(table)[0]


def test_a_mark_that_is_not_doubled_costs_one_row():
    table = read_table(b'Year,Headline\n2018,"he said "x" today"\n2019,y\n')
    assert [(each.row, each.fatal) for each in table.problems] == [(2, True)]
    assert cells(table) == [("2019", "y")]
    assert table.count == 2


# --- Shapes -----------------------------------------------------------------------------------


def test_rows_of_another_length():
    table = read_table(b"a,b,c\n1,2\n1,2,3,4\n1,2,3,,\n")
    assert cells(table) == [("1", "2", ""), ("1", "2", "3")]
    assert [(each.row, each.fatal) for each in table.problems] == [(2, False), (3, True)]
    assert "has 4 cells, the header 3" in sentences(table, fatal=True)[0]


def test_many_short_rows_are_counted_rather_than_listed():
    table = read_table(b"a,b\n" + b"1\n" * 500)
    assert len(table.problems) == 21
    assert "500 rows have fewer cells" in sentences(table)[0]


def test_headers_that_repeat_or_are_empty_are_named():
    table = read_table(b"Date,Date,,Title,,\n1,2,3,4,,\n")
    assert table.header == ("Date", "Date (2)", "Column C", "Title")
    assert table.rows[0].get("Date (2)") == "2"
    assert len(table.problems) == 2
    assert all(not each.fatal and each.row == 1 for each in table.problems)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b" \n ", "The file is empty"),
        (b",,\n,,\n", "holds no text"),
        (b"a\n" + b"1\n" * 50_001, "more than 50,000 rows"),
        (b"a" * 25_000_001, "larger than 25 MB"),
        (b"a," * 1001 + b"\n1\n", "more than 1000 columns"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old .xls workbook"),
        (b"PK\x03\x04 and nothing more", "damaged"),
    ],
)
def test_what_can_not_be_read_at_all(content, sentence):
    table = read_table(content)
    assert sentence in " ".join(sentences(table, fatal=True))
    assert table.refused
    assert not table.rows


def test_a_cell_may_be_100_kb_and_no_more():
    fits = read_table(b"a,b\n1," + b"x" * 100_000 + b"\n")
    assert not fits.problems
    for size in (100_001, 140_000):
        table = read_table(b"a,b\n1," + b"x" * size + b"\n2,y\n")
        assert cells(table) == [("2", "y")]
        assert [each.row for each in table.problems] == [2]
        assert "larger than 100 kB" in sentences(table)[0]
    assert read_table(f"a\n{'핵' * 33_334}\n".encode()).problems


def test_a_nul_costs_its_row():
    table = read_table(b"a,b\n1,x\x00y\n2,z\n")
    assert cells(table) == [("2", "z")]
    assert (table.problems[0].row, table.problems[0].column) == (2, "b")
    assert "NUL" in table.problems[0].sentence


# --- The guard against formulas -----------------------------------------------------------------


@given(st.text(alphabet="'=+-@\t\rab \n\"", max_size=8))
def test_our_own_apostrophes_are_taken_back(text):
    assert unguarded(sheets.cell(text)) == text


def test_only_own_files_lose_their_apostrophe():
    content = b"a\n'=1+1\n"
    assert cells(read_table(content)) == [("'=1+1",)]
    assert cells(read_table(content, own=True)) == [("=1+1",)]


# --- Workbooks ----------------------------------------------------------------------------------


def workbook(*rows, change=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def test_values_of_a_workbook_become_text():
    content = workbook(
        ["Day", "Moment", "Hour", "Year", "Share", "Yes", "Text"],
        [
            dt.date(2024, 10, 5),
            dt.datetime(2024, 10, 5, 14, 30),  # noqa: DTZ001 - a cell has no zone
            dt.time(9, 5),
            2019.0,
            0.1 + 0.2,
            True,
            "핵실험",
        ],
    )
    table = read_table(content)
    assert cells(table) == [
        ("2024-10-05", "2024-10-05T14:30", "09:05", "2019", "0.3", "TRUE", "핵실험")
    ]
    assert not table.problems


def test_rows_keep_their_numbers_on_the_screen():
    content = workbook([], [], ["Year"], [], [2018], change=None)
    assert [row.number for row in read_table(content).rows] == [5]


def test_the_first_sheet_that_is_not_hidden_or_the_one_named():
    def change(book):
        book.active.sheet_state = "hidden"
        book.create_sheet("Seen").append(["Seen"])
        book["Seen"].append([1])

    content = workbook(["Hidden"], [2], change=change)
    assert read_table(content).header == ("Seen",)
    assert read_table(content, sheet="Sheet").header == ("Hidden",)
    table = read_table(content, sheet="Nothing")
    assert "has no sheet “Nothing”. It has: Sheet, Seen." in sentences(table)[0]


def test_formulas_are_said_and_those_without_a_value_cost_their_row():
    table = read_table(workbook(["a", "b"], ["=1+1", 2], [3, 4]))
    assert cells(table) == [("3", "4")]
    assert [(each.row, each.value, each.fatal) for each in table.problems] == [
        (0, "A2", False),
        (2, "A2", True),
    ]


def test_a_formula_whose_value_is_stored_is_read():
    content = workbook(["a"], ["=1+1"])
    table = read_table(changed(content, SHEET, lambda part: part.replace(b"<v></v>", b"<v>2</v>")))
    assert cells(table) == [("2",)]
    assert "1 cells hold formulas" in sentences(table, fatal=False)[0]


SHEET = "xl/worksheets/sheet1.xml"


def changed(content, name, change):
    """The workbook with one part changed."""
    before, after = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(after, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in before.namelist():
            part = before.read(each)
            archive.writestr(each, change(part) if each == name else part)
    return after.getvalue()


def test_a_bomb_is_not_opened(monkeypatch):
    """A hundred kilobytes that unpack to more than a hundred megabytes."""
    content = changed(workbook(["a"], [1]), SHEET, lambda part: part + b" " * 110_000_000)
    assert len(content) < 200_000
    monkeypatch.setattr("python_calamine.CalamineWorkbook", None)
    assert "unpacks to more than 100 MB" in sentences(read_table(content))[0]


def test_a_bomb_that_lies_about_its_size_is_not_opened(monkeypatch):
    content = changed(workbook(["a"], [1]), SHEET, lambda part: part + b" " * 110_000_000)
    real = zipfile.ZipFile(io.BytesIO(content)).getinfo(SHEET).file_size
    content = content.replace(struct.pack("<L", real), struct.pack("<L", 500))
    monkeypatch.setattr("python_calamine.CalamineWorkbook", None)
    assert read_table(content).refused


@pytest.mark.parametrize("cell", ["XFD1048576", "ZZ50000", "A9999999"])
def test_a_cell_far_out_is_not_laid_out(monkeypatch, cell):
    content = changed(
        workbook(["a"], [1]),
        SHEET,
        lambda part: part.replace(b'r="A2"', f'r="{cell}"'.encode()),
    )
    monkeypatch.setattr("python_calamine.CalamineWorkbook", None)
    assert "more than 5,000,000 cells" in sentences(read_table(content))[0]


def test_a_shared_text_that_would_be_copied_too_often_is_refused(monkeypatch):
    monkeypatch.setattr(measuring, "MAX_UNPACKED", 1_000_000)
    shared = b"<sst><si><t>" + b"x" * 100_000 + b"</t></si></sst>"
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(200))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", shared)
        archive.writestr(SHEET, rows)
    assert read_table(content.getvalue()).refused


ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
    '<office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet>'
    "</office:body></office:document-content>"
)


def ods(rows):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            "<manifest:manifest "
            'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            "</manifest:manifest>",
        )
        archive.writestr("content.xml", ODS.format(rows=rows))
    return content.getvalue()


def ods_cell(text, more=""):
    return (
        f'<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p>'
        "</table:table-cell>"
    )


EMPTY_END = (
    '<table:table-row table:number-rows-repeated="1048000">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)


def test_an_ods_is_read_without_its_empty_end():
    rows = "".join(
        f"<table:table-row>{ods_cell(a)}{ods_cell(b)}<table:table-cell "
        'table:number-columns-repeated="16382"/></table:table-row>'
        for a, b in (("Year", "Title"), ("2018", "One"))
    )
    table = read_table(ods(rows + EMPTY_END))
    assert table.header == ("Year", "Title")
    assert cells(table) == [("2018", "One")]


@pytest.mark.parametrize(
    "row",
    [
        '<table:table-row table:number-rows-repeated="1000000">' + ods_cell("x" * 500),
        "<table:table-row>" + ods_cell("x", 'table:number-columns-repeated="9999999"'),
        '<table:table-row table:number-rows-repeated="900000"><table:table-cell/></table:table-row>'
        '<table:table-row><table:table-cell table:number-columns-repeated="9000"/>' + ods_cell("x"),
    ],
)
def test_an_ods_that_repeats_itself_to_death_is_refused(monkeypatch, row):
    monkeypatch.setattr("python_calamine.CalamineWorkbook", None)
    assert read_table(ods(f"{row}</table:table-row>")).refused


def test_a_locked_workbook_is_named():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
    table = read_table(ole + "EncryptedPackage".encode("utf-16-le"))
    assert "protected by a password" in sentences(table)[0]


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_workbook_that_was_cut_off_is_named(share):
    content = workbook(["a"], [1])
    table = read_table(content[: int(len(content) * share)])
    assert "damaged" in sentences(table)[0]


def test_letters_of_columns():
    assert [tables.letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
