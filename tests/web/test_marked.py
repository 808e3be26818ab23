"""A text says which language each part of it is in, and nothing where that is the page's own."""

import pytest

from timeline.web.marked import marked

WHOLE = '<span class="nb">Hwasong-20</span>'


@pytest.mark.parametrize(
    ("about", "run", "attribute", "inner"),
    [
        (("Kim & Co.",), "Kim &amp; Co.", "", "Kim &amp; Co."),
        (("",), "", "", ""),
        (("조선",), '<span lang="ko">조선</span>', ' lang="ko"', "조선"),
        (("조선 <KCNA>",), '<span lang="ko">조선</span> &lt;KCNA&gt;', "", None),
        (("Hwasong-20",), '<span class="nb">Hwasong-20</span>', "", None),
        (("Un essai-2", "fr"), 'Un <span class="nb">essai-2</span>', "", None),
        (
            ("Hwasong-20", "", "ko"),
            '<span lang="en" class="nb">Hwasong-20</span>',
            ' lang="en"',
            WHOLE,
        ),
        (("قناة",), '<span lang="ar" dir="rtl">قناة</span>', ' lang="ar" dir="rtl"', "قناة"),
        (("朝鮮", "ja"), '<span lang="ja">朝鮮</span>', ' lang="ja"', "朝鮮"),
        (("조선 Kim", "", "ko"), '조선<span lang="en"> Kim</span>', "", None),
        (("Reuters", "", "ko", True), "Reuters", "", "Reuters"),
    ],
)
def test_a_text_says_its_languages(about, run, attribute, inner):
    found = marked(*about)
    assert (found.run, found.attribute) == (run, attribute)
    assert found.inner == (run if inner is None else inner)
