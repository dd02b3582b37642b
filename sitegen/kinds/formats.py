"""Formats: the written forms of codes, numbers and addresses that public documents use.

A format is a function from a text to its canonical text, or to a `Fault`. The sources of the rules
are named with each: GB 32100-2015, GB 11714, GB/T 9704-2012, and the practice of public registers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import mul
from string import ascii_uppercase
from typing import Any, final

from sitegen.kinds import codes
from sitegen.problems import Code, Severity


@final
@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text is not a value, before it has a place. `kept`: use this value nevertheless."""

    code: Code
    values: Mapping[str, object]
    kept: Any = None
    severity: Severity | None = None


Format = Callable[[str], "str | Fault"]

_WIDTHS = str.maketrans(
    {0xFF10 + digit: chr(0x30 + digit) for digit in range(10)}
    | {0xFF21 + letter: chr(0x41 + letter) for letter in range(26)}
    | {0xFF41 + letter: chr(0x61 + letter) for letter in range(26)}
    | {
        "－": "-",
        "﹣": "-",
        "−": "-",
        "–": "-",
        "．": ".",
        "，": ",",
        "％": "%",
        "＋": "+",
        "／": "/",
    }
)


def half_width(text: str) -> str:
    """Digits, letters and signs of numbers in their ASCII forms; everything else as it is."""
    return text if text.isascii() else text.translate(_WIDTHS)


# 统一社会信用代码 (GB 32100-2015) and 组织机构代码 (GB 11714).

_USCC = re.compile(r"[0-9ANY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUES = {letter: value for value, letter in enumerate(_USCC_ALPHABET)}
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_LOOKALIKES = str.maketrans("OIZSo", "01250")
_ORG = re.compile(r"[0-9A-Z]{8}-?[0-9X]")
_ORG_VALUES = {letter: int(letter, 36) for letter in "0123456789" + ascii_uppercase}
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def uscc_check(body: str) -> str:
    """The check character of the first 17 characters of a 统一社会信用代码."""
    total = sum(map(mul, map(_USCC_VALUES.__getitem__, body), _USCC_WEIGHTS))
    return _USCC_ALPHABET[-total % 31]


def org_code_check(body: str) -> str:
    """The check character of the first 8 characters of a 组织机构代码."""
    total = sum(map(mul, map(_ORG_VALUES.__getitem__, body), _ORG_WEIGHTS))
    return "0123456789X0"[11 - total % 11]


def is_uscc(text: str) -> bool:
    """Whether form and both check characters are right."""
    return (
        _USCC.fullmatch(text) is not None
        and org_code_check(text[8:16]) == text[16]
        and uscc_check(text[:17]) == text[17]
    )


def uscc(text: str) -> str | Fault:
    """统一社会信用代码: 18 characters with both check characters (GB 32100-2015)."""
    written = half_width(text).replace(" ", "").upper()
    if is_uscc(written):
        return written
    near = written.translate(_LOOKALIKES)
    if near != written and is_uscc(near):
        return Fault(codes.USCC_LOOKALIKE, {"near": near})
    if len(written) == 18:
        return Fault(codes.BAD_USCC, {})
    return Fault(codes.USCC_FORM, {"length": len(written)})


def uscc_of_others(text: str) -> str | Fault:
    """A third party's 统一社会信用代码: as `uscc`, but a fault is only a warning.

    Some registered codes break the rule, and the office cannot mend them.
    """
    found = uscc(text)
    if isinstance(found, Fault):
        return Fault(found.code, found.values, kept=text, severity=Severity.WARNING)
    return found


def org_code(text: str) -> str | Fault:
    """组织机构代码: nine characters, the last a check character (GB 11714)."""
    written = half_width(text).upper()
    if _ORG.fullmatch(written) and org_code_check(written[:8]) == written[-1]:
        return written
    return Fault(codes.BAD_ORG_CODE, {})


# 电话: office lines only, never a mobile number (个人信息).

_PHONE = re.compile(
    r"(?:0[0-9]{2,3}-[0-9]{7,8}(?:-[0-9]{1,6})?"
    r"|[48]00-?[0-9]{3}-?[0-9]{4}"
    r"|[19][0-9]{2,4})"
)
_AREA = re.compile(r"[(（](0[0-9]{2,3})[)）][- ]?")
_AREA_RUN = re.compile(r"(0(?:10|2[0-9]|[3-9][0-9]{2}))[ ]?([0-9]{7,8})(?![0-9])")
_EXTENSION = re.compile(r"\s*(?:转|分机号?)\s*")
_BETWEEN_PHONES = re.compile(r"\s*[、,，;；/]\s*")


def phone(text: str) -> str | Fault:
    """办公电话 with its area code, a hotline, a 400 or 800 number; several with ``、``."""
    numbers = []
    for part in _BETWEEN_PHONES.split(half_width(text).strip()):
        number = _AREA.sub(r"\1-", part, count=1)
        number = _AREA_RUN.sub(r"\1-\2", number, count=1)
        number = _EXTENSION.sub("-", number.replace("—", "-"), count=1)
        if not _PHONE.fullmatch(number):
            return Fault(codes.BAD_PHONE, {})
        numbers.append(number)
    return "、".join(numbers)


# Addresses of mail and web.

_EMAIL = re.compile(
    r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.)+[A-Za-z]{2,24}"
)
_URI = re.compile(
    r"https?://(?:[^\s\x00-\x20/?#@\\\"<>:\[\]]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
    r"(?:[/?#][^\s\x00-\x20\"<>\\]*)?",
    re.IGNORECASE,
)


def email(text: str) -> str | Fault:
    """An e-mail address."""
    written = text.replace("＠", "@")
    return written if _EMAIL.fullmatch(written) else Fault(codes.BAD_EMAIL, {})


def uri(text: str) -> str | Fault:
    """A web address with http or https, without a user name."""
    return text if len(text) <= 2000 and _URI.fullmatch(text) else Fault(codes.BAD_URI, {})


# 文号 (GB/T 9704-2012, 7.2.5) and 索引号.

_DOC_NO = re.compile(r"[一-鿿]{1,15}〔(?:19[4-9][0-9]|20[0-9]{2})〕[1-9][0-9]{0,4}号")
_ORDER = re.compile(r"[一-鿿]{2,20}令(?:\s?\(?第)[1-9][0-9]{0,3}号\)?")
_NOTICE = re.compile(r"(?:19|20)[0-9]{2}年第[1-9][0-9]{0,3}号")
_DOC_NO_LOOSE = re.compile(
    r"(?P<org>[一-鿿]{1,15})\s*[\[［【(（﹝„〈<＜{｛〔「]\s*(?P<year>(?:19|20)?[0-9]{2})\s*年?\s*"
    r"[\]］】)）﹞‟”〉>＞}｝〕」]\s*第?\s*(?P<seq>[0-9]{1,5})\s*号?"
)
_INDEX_USCC = re.compile(r"([0-9A-HJ-NPQRTUWXY]{18})/[0-9]{4}-[0-9]{5,6}")
_INDEX_OLD = re.compile(
    r"[0-9A-Z]{9}/[0-9]{4}-[0-9]{5,6}|[0-9]{8}-[0-9X](?:-[0-9_]+)?/[0-9]{4,8}-[0-9]{4,7}"
)


def doc_no(text: str) -> str | Fault:
    """发文字号: ``示开管发〔2026〕3号``, an order (``…令第3号``) or a notice (``2026年第3号``)."""
    if _DOC_NO.fullmatch(text) or _ORDER.fullmatch(text) or _NOTICE.fullmatch(text):
        return text
    near = mended_doc_no(text)
    if near and near != text:
        return Fault(codes.DOC_NO_MENDED, {"near": near})
    return Fault(codes.BAD_DOC_NO, {})


def mended_doc_no(text: str) -> str:
    """The number that a wrongly written one (wrong brackets, 第, zeros …) means; "" if unclear."""
    loose = _DOC_NO_LOOSE.fullmatch(half_width(text).strip())
    if not loose:
        return ""
    year, serial = loose["year"], loose["seq"].lstrip("0")
    if len(year) == 2:
        year = ("19" if year >= "49" else "20") + year
    mended = f"{loose['org']}〔{year}〕{serial}号"
    return mended if _DOC_NO.fullmatch(mended) else ""


def index_no(text: str) -> str | Fault:
    """索引号: ``{统一社会信用代码}/{year}-{serial}``; also the older forms."""
    written = half_width(text)
    headed = _INDEX_USCC.fullmatch(written)
    if headed:
        head = uscc(headed[1])
        return head if isinstance(head, Fault) else written
    return written if _INDEX_OLD.fullmatch(written) else Fault(codes.BAD_INDEX_NO, {})


# Codes of one pattern.

_HAN_NUMBER = "[一二三四五六七八九十百千零〇0-9]+"
_ARTICLE_ONE = (
    f"第{_HAN_NUMBER}条(?:之{_HAN_NUMBER})?(?:第{_HAN_NUMBER}款)?"
    f"(?:第[（(]?{_HAN_NUMBER}[）)]?项)?(?:第{_HAN_NUMBER}目)?"
)


def _of_pattern(pattern: str, fault: Code, doc: str) -> Format:
    compiled = re.compile(pattern)

    def check(text: str) -> str | Fault:
        written = half_width(text)
        return written if compiled.fullmatch(written) else Fault(fault, {})

    check.__doc__ = doc
    return check


FORMATS: Mapping[str, Format] = {
    "cn-uscc": uscc,
    "cn-uscc-other": uscc_of_others,
    "cn-org-code": org_code,
    "cn-phone": phone,
    "cn-doc-no": doc_no,
    "cn-index-no": index_no,
    "cn-site-id": _of_pattern(
        r"[0-9N][0-9]{9}", codes.BAD_SITE_ID, "网站标识码 (国办发〔2017〕47号)"
    ),
    "cn-postcode": _of_pattern(r"[0-9]{6}", codes.BAD_POSTCODE, "邮政编码"),
    "cn-article": _of_pattern(
        f"{_ARTICLE_ONE}(?:[、,和至]{_ARTICLE_ONE})*", codes.BAD_ARTICLE, "条款号"
    ),
    "cn-func-code": _of_pattern(
        r"2[0-9]{2}(?:[0-9]{2}){0,2}", codes.BAD_FUNC_CODE, "支出功能分类科目编码"
    ),
    "cn-econ-code": _of_pattern(
        r"[35][0-9]{2}(?:[0-9]{2})?", codes.BAD_ECON_CODE, "支出经济分类科目编码"
    ),
    "email": email,
    "uri": uri,
    "slug": _of_pattern(r"[a-z0-9]+(?:-[a-z0-9]+)*", codes.BAD_SLUG, "a part of an address"),
}
"""All formats, by the name that kind files use."""
