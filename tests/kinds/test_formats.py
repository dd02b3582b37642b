"""Formats: good and bad vectors of each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as reference

from sitegen.kinds import codes
from sitegen.kinds.formats import FORMATS, Fault, is_uscc, mended_doc_no, uscc, uscc_check
from sitegen.problems import Severity

GOOD = {
    "cn-uscc": ["91000000123456788T", "110000001234567883", "N2000000123456788A"],
    "cn-org-code": ["123456788", "12345678-8"],
    "cn-phone": [
        "0999-86660001", "010-66660001", "0999-8666001", "0999-86660001-8001", "12345", "110",
        "96666", "400-123-4567", "8001234567", "0999-86660001、0999-86660002",
    ],
    "cn-doc-no": [
        "示开管发〔2026〕3号", "国务院令第711号", "示范区管委会令第3号", "2026年第3号",
        "示府办〔1998〕12345号",
    ],
    "cn-index-no": [
        "110000001234567883/2026-00001", "000014349/2018-00222", "01525612-1/20230104-00012",
    ],
    "cn-site-id": ["0000000001", "N000000001"],
    "cn-postcode": ["000000", "999999"],
    "cn-article": [
        "第五条", "第十二条第二款第（三）项", "第十二条第二款第三项", "第3条", "第二十条之一",
        "第五条、第六条",
    ],
    "cn-func-code": ["201", "20103", "2010301"],
    "cn-econ-code": ["301", "30101", "50101"],
    "email": ["office@shifan.example", "a.b+c@mail.shifan.example"],
    "uri": ["https://xxgk.shifan.example/", "http://shifan.example:8080/a?b=c#d", "http://[::1]/"],
    "slug": ["2026-bumen-yusuan", "a", "0"],
}  # fmt: skip

BAD = {
    "cn-uscc": [
        "91000000123456788U", "91000000123456780T", "9100000012345678IT", "9100000012345678",
        "Z1000000123456788T", "", "91000000123456788T1",
    ],
    "cn-org-code": ["123456787", "12345678", "1234567889"],
    "cn-phone": [
        "13800000000", "86660001", "0999-1", "电话", "12", "0999-86660001、13800000000", "",
    ],
    "cn-doc-no": ["示开管发[2026]3号", "第3号", "示开管发〔2026〕号", "关于印发的通知", ""],
    "cn-index-no": ["110000001234567884/2026-00001", "110000001234567883/2026-001", "2026-00001"],
    "cn-site-id": ["000000001", "A000000001", "00000000011"],
    "cn-postcode": ["12345", "1234567", "12345a"],
    "cn-article": ["五条", "第条", "第五款", "第五条第"],
    "cn-func-code": ["301", "2010", "201030101", "20"],
    "cn-econ-code": ["201", "3010", "30101001"],
    "email": ["office", "@shifan.example", "a@b", "甲@shifan.example", "a b@shifan.example"],
    "uri": [
        "xxgk.shifan.example", "ftp://shifan.example/", "javascript:alert(1)", "https://",
        "http://a b/",
        "https://user@shifan.example/", "//shifan.example/",
    ],
    "slug": ["", "A", "预算", "a--b", "-a", "a-", "a_b", "a/b", "a.b"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, ts in GOOD.items() for t in ts])
def test_good_texts_stay_as_they_are(name: str, text: str) -> None:
    assert not isinstance(FORMATS[name](text), Fault)


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, ts in BAD.items() for t in ts])
def test_bad_texts_are_faults(name: str, text: str) -> None:
    assert isinstance(FORMATS[name](text), Fault)


def test_every_format_has_vectors() -> None:
    assert set(GOOD) == set(BAD) == set(FORMATS) - {"cn-uscc-other"}


@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    for check in FORMATS.values():
        found = check(text)
        assert isinstance(found, str | Fault)


@given(st.from_regex(r"[0-9ANY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}", fullmatch=True))
def test_check_character_of_credit_codes_is_that_of_the_reference(body: str) -> None:
    assert uscc_check(body) == reference.calc_check_digit(body)


def test_letters_taken_for_digits_are_pointed_out() -> None:
    fault = uscc("9100000O123456788T")
    assert isinstance(fault, Fault)
    assert fault.code is codes.USCC_LOOKALIKE
    assert fault.values["near"] == "91000000123456788T"


def test_width_case_and_blanks_of_credit_codes_are_mended() -> None:
    assert uscc("９１0000001234 56788t") == "91000000123456788T"
    assert is_uscc("91000000123456788T")


def test_codes_of_third_parties_are_kept_with_a_warning() -> None:
    fault = FORMATS["cn-uscc-other"]("91000000123456788U")
    assert isinstance(fault, Fault)
    assert (fault.kept, fault.severity) == ("91000000123456788U", Severity.WARNING)
    assert FORMATS["cn-uscc-other"]("91000000123456788T") == "91000000123456788T"


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("（0999）86660001", "0999-86660001"),
        ("(010) 66660001", "010-66660001"),
        ("01066660001", "010-66660001"),
        ("0999—86660001", "0999-86660001"),
        ("0999-86660001转8001", "0999-86660001-8001"),
        ("０９９９－８６６６０００１", "0999-86660001"),
        ("0999-86660001/0999-86660002", "0999-86660001、0999-86660002"),
    ],
)
def test_phones_have_one_form(written: str, canonical: str) -> None:
    assert FORMATS["cn-phone"](written) == canonical


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("海府办[2018]118号", "海府办〔2018〕118号"),  # DN1
        ("鄂政发［2018］12号", "鄂政发〔2018〕12号"),  # DN2
        ("黄开管【2018】3号", "黄开管〔2018〕3号"),  # DN3
        ("财金(2018)366号", "财金〔2018〕366号"),  # DN4
        ("财金（2018）366号", "财金〔2018〕366号"),
        ("琼府办﹝2015﹞162号", "琼府办〔2015〕162号"),  # DN5
        ("国办发„2018‟10 号", "国办发〔2018〕10号"),  # DN6
        ("国办发<2018>10号", "国办发〔2018〕10号"),  # DN7
        ("鄂政发〔2018〕12", "鄂政发〔2018〕12号"),  # DN8
        ("鄂政发〔2018〕第12号", "鄂政发〔2018〕12号"),  # DN9
        ("鄂政发〔2018〕012号", "鄂政发〔2018〕12号"),  # DN10
        ("鄂政发〔18〕12号", "鄂政发〔2018〕12号"),  # DN11
        ("鄂政发〔98〕12号", "鄂政发〔1998〕12号"),
        ("鄂政发〔2018年〕12号", "鄂政发〔2018〕12号"),  # DN12
        ("鄂政发 〔2018〕 10 号", "鄂政发〔2018〕10号"),  # DN13
        ("鄂政发〔２０１８〕12号", "鄂政发〔2018〕12号"),  # DN18
    ],
)
def test_document_numbers_come_with_the_mended_form(written: str, mended: str) -> None:
    fault = FORMATS["cn-doc-no"](written)
    assert isinstance(fault, Fault)
    assert (fault.code, fault.values) == (codes.DOC_NO_MENDED, {"near": mended})
    assert FORMATS["cn-doc-no"](mended) == mended


@pytest.mark.parametrize("text", ["鄂政发〔2018〕000号", "（2020）鄂01民初1号", "通知"])
def test_what_is_no_document_number_is_not_mended(text: str) -> None:
    assert mended_doc_no(text) == ""
