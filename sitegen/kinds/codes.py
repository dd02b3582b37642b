"""What can be wrong with kind files (K0..), values (K1..) and documents and tables (K14., K16.)."""

from __future__ import annotations

from sitegen.problems import N_, Severity, code

_E = Severity.ERROR

# Kind files.
KIND_UNKNOWN_KEY = code(
    "K001", _E, N_('kind file: unknown key "{key}"'), N_("the keys here are: {known}")
)
KIND_UNKNOWN_KEY_NEAR = code(
    "K013", _E, N_('kind file: unknown key "{key}"'), N_("did you mean {near}?")
)
KIND_MISSING_KEY = code("K002", _E, N_('kind file: "{key}" is missing'), N_("add {key}: …"))
KIND_SHAPE = code("K003", _E, N_('kind file: "{key}" must be {wanted}'))
KIND_TYPE = code(
    "K004", _E, N_('kind file: unknown field type "{value}"'), N_("the types are: {known}")
)
KIND_PATTERN = code(
    "K005", _E, N_('kind file: the pattern "{value}" is not a regular expression: {reason}')
)
KIND_DUPLICATE = code(
    "K006",
    _E,
    N_('kind file: "{key}" stands for two fields, {one} and {other}'),
    N_("give one of them another name, title or alias"),
)
KIND_FORMAT = code(
    "K009", _E, N_('kind file: unknown format "{value}"'), N_("the formats are: {known}")
)
KIND_VALUE = code("K010", _E, N_('kind file: "{key}" cannot be "{value}"'), N_("allowed: {known}"))
KIND_UNKNOWN_FIELD = code(
    "K011", _E, N_('kind file: "{key}" names the field "{value}", which this table does not have')
)
KIND_REPLACED = code(
    "K012",
    _E,
    N_('two kind files of this site define the kind "{value}"'),
    N_("delete one of them"),
)

# Values.
REQUIRED = code("K101", _E, N_("{title} is missing"), N_("add a line {title}: …"))
SEVERAL_REQUIRED = code(
    "K123",
    _E,
    N_("{number} fields are missing: {titles}"),
    N_("add a line for each, such as {title}: …"),
)
SHAPE_TEXT = code("K102", _E, N_("{title} must be a single value, not a list or a group of lines"))
BAD_DATE = code(
    "K103",
    _E,
    N_('{title}: "{value}" is not a date'),
    N_("write it as year, month and day: {example}"),
)
BAD_NUMBER = code(
    "K104", _E, N_('{title}: "{value}" is not a number'), N_("write digits only, such as {example}")
)
BAD_INTEGER = code(
    "K105",
    _E,
    N_('{title}: "{value}" is not a whole number'),
    N_("write digits only, such as {example}"),
)
BAD_YEARMONTH = code(
    "K106", _E, N_('{title}: "{value}" is not a month'), N_("write it as {example}")
)
BAD_YEAR = code("K107", _E, N_('{title}: "{value}" is not a year'), N_("write it as {example}"))
BAD_BOOLEAN = code("K108", _E, N_('{title}: "{value}" is neither yes nor no'), N_("write 是 or 否"))
BAD_CHOICE = code(
    "K109",
    _E,
    N_('{title}: "{value}" is not one of the values allowed'),
    N_("write one of: {known}"),
)
BAD_CHOICE_NEAR = code(
    "K110",
    _E,
    N_('{title}: "{value}" is not one of the values allowed'),
    N_("did you mean {near}? Allowed: {known}"),
)
TOO_SMALL = code("K111", _E, N_("{title}: {value} is less than {limit}"))
TOO_LARGE = code("K112", _E, N_("{title}: {value} is more than {limit}"))
TOO_SHORT = code("K113", _E, N_("{title} is too short: {length}, at least {limit}"))
TOO_LONG = code("K114", _E, N_("{title} is too long: {length}, at most {limit}"))
PATTERN = code(
    "K115",
    _E,
    N_('{title}: "{value}" does not have the form required'),
    N_("the form is {pattern}"),
)
BAD_REFERENCE = code(
    "K116",
    _E,
    N_('{title}: "{value}" is not the path of a document'),
    N_("write the path of its source file, such as ../zhengce/2026-03.md"),
)
OUTSIDE = code(
    "K117", _E, N_('{title}: "{value}" leads out of content/'), N_("name a file inside content/")
)
BAD_FILE = code(
    "K118",
    _E,
    N_('{title}: "{value}" is not the name of a file'),
    N_("write the file name with its ending, and / between folders"),
)
SHAPE_OBJECT = code(
    "K119",
    _E,
    N_("{title} must be a group of lines"),
    N_("write each part on an indented line of its own: {known}"),
)
UNIT_WRITTEN = code(
    "K120",
    _E,
    N_('{title}: "{value}" is not a number'),
    N_("write {example} without the unit; the unit here is {unit}"),
)
SHAPE_LIST_ITEM = code("K121", _E, N_("{title}: an item must not be a list itself"))
EMPTY_ITEM = code("K122", _E, N_("{title}: an item is empty"), N_("delete the line, or fill it in"))

# Formats.
BAD_USCC = code(
    "K130",
    _E,
    N_('{title}: "{value}" is not a unified social credit code: its check characters do not fit'),
    N_("compare all 18 characters with the certificate"),
)
USCC_FORM = code(
    "K129",
    _E,
    N_('{title}: "{value}" is not a unified social credit code'),
    N_("it has 18 characters, digits and capital letters; this has {length}"),
)
USCC_LOOKALIKE = code(
    "K131",
    _E,
    N_('{title}: "{value}" is not a valid unified social credit code'),
    N_("the letters I, O, Z, S, V do not occur in it; is it {near}?"),
)
BAD_PHONE = code(
    "K132",
    _E,
    N_('{title}: "{value}" is not an office phone number'),
    N_("write it with its area code, such as 0999-86660001; no mobile numbers"),
)
BAD_EMAIL = code(
    "K133",
    _E,
    N_('{title}: "{value}" is not an e-mail address'),
    N_("such as office@shifan.example"),
)
BAD_URI = code(
    "K134",
    _E,
    N_('{title}: "{value}" is not a web address'),
    N_("it begins with https:// or http:// and holds no blanks"),
)
BAD_DOC_NO = code(
    "K135",
    _E,
    N_('{title}: "{value}" is not a document number'),
    N_("the form is 示开管发〔2026〕3号"),
)
DOC_NO_MENDED = code(
    "K136",
    _E,
    N_('{title}: "{value}" is not written as document numbers are'),
    N_("write {near}"),
)
BAD_INDEX_NO = code(
    "K137",
    _E,
    N_('{title}: "{value}" is not an index number'),
    N_("the form is 110000001234567883/2026-00001: credit code, year, serial of 5 digits"),
)
BAD_SITE_ID = code(
    "K138",
    _E,
    N_('{title}: "{value}" is not a site identification code'),
    N_("it has ten characters: a digit or N, then nine digits"),
)
BAD_POSTCODE = code("K139", _E, N_('{title}: "{value}" is not a postcode'), N_("it has six digits"))
BAD_ARTICLE = code(
    "K140",
    _E,
    N_('{title}: "{value}" is not the number of an article'),
    N_("the form is 第十二条第二款第（三）项"),
)
BAD_FUNC_CODE = code(
    "K141",
    _E,
    N_('{title}: "{value}" is not a code of the functional classification'),
    N_("it begins with 2 and has 3, 5 or 7 digits"),
)
BAD_ECON_CODE = code(
    "K142",
    _E,
    N_('{title}: "{value}" is not a code of the economic classification'),
    N_("it begins with 3 or 5 and has 3 or 5 digits"),
)
BAD_SLUG = code(
    "K143",
    _E,
    N_('{title}: "{value}" cannot be part of an address'),
    N_("use lower-case letters, digits and hyphens only, such as 2026-bumen-yusuan"),
)
BAD_ORG_CODE = code(
    "K144",
    _E,
    N_('{title}: "{value}" is not a valid organisation code'),
    N_("it has nine characters; compare it with the certificate"),
)

# Documents.
UNKNOWN_KEY = code(
    "K150", _E, N_('unknown field "{key}"'), N_("delete the line; the fields here are: {known}")
)
UNKNOWN_KEY_NEAR = code("K151", _E, N_('unknown field "{key}"'), N_("did you mean {near}?"))
GIVEN_TWICE = code(
    "K152",
    _E,
    N_('{title} is given twice: here as "{key}", and in line {line} as "{other}"'),
    N_("delete one of the two"),
)
UNKNOWN_KIND = code("K153", _E, N_('there is no kind "{value}"'), N_("the kinds are: {known}"))
UNKNOWN_KIND_NEAR = code("K156", _E, N_('there is no kind "{value}"'), N_("did you mean {near}?"))
NOT_A_MAPPING = code(
    "K154", _E, N_("this file does not hold fields"), N_("write one field a line, such as 标题: …")
)
EMPTY_DOCUMENT = code("K155", _E, N_("this file is empty"), N_("begin with the line 标题: …"))

# Tables.
NO_DATA_FILE = code(
    "K160",
    _E,
    N_('{title}: there is no file "{value}"'),
    N_("put it into the folder {folder}/ or beside this document"),
)
DATA_FILE_TYPE = code(
    "K161",
    _E,
    N_('{title}: "{value}" is not a data file that can be read'),
    N_("save it as .xlsx or .csv"),
)
NO_HEADER = code(
    "K162",
    _E,
    N_("{title}: no row with the headings of this table was found"),
    N_("the headings are: {known}"),
)
MISSING_COLUMN = code(
    "K163",
    _E,
    N_("{title}: missing columns: {column}"),
    N_("the headings here are: {known}"),
)
UNKNOWN_COLUMN = code(
    "K164", _E, N_('{title}: unknown column "{column}"'), N_("the columns are: {known}")
)
UNKNOWN_COLUMN_NEAR = code(
    "K165", _E, N_('{title}: unknown column "{column}"'), N_("did you mean {near}?")
)
COLUMN_TWICE = code("K166", _E, N_('{title}: "{column}" heads two columns'), N_("keep one of them"))
COLUMN_UNIT = code(
    "K167",
    _E,
    N_('{title}: the heading "{column}" is in {given}, but the amounts here are in {unit}'),
    N_("convert the amounts to {unit} and change the heading"),
)
TABLE_SHAPE = code(
    "K168",
    _E,
    N_("{title} must be a list of rows, or say where its rows are"),
    N_("write 文件: name.xlsx, or 空表说明: why there are no rows"),
)
ROW_SHAPE = code(
    "K169", _E, N_("{title}: a row must have a value for each column"), N_("such as: {example}")
)
DUPLICATE_KEY = code(
    "K170",
    _E,
    N_("{title}: two rows have the same {column}: {value} (also at {other})"),
    N_("delete one of them, or correct it"),
)
TABLE_REQUIRED = code(
    "K171",
    _E,
    N_("the table {title} is missing"),
    N_("give its rows or a file; for a table without rows say why: 空表说明: …"),
)
STATEMENT_AND_ROWS = code(
    "K172", _E, N_("{title} has rows and a statement that it has none"), N_("delete one of the two")
)
NO_COLUMNS = code(
    "K174",
    _E,
    N_("{title}: the columns of this table are not given"),
    N_("write 字段: [事项, 数量]"),
)
TABLE_NAME = code(
    "K175",
    _E,
    N_('"{value}" cannot be the name of a table'),
    N_("use lower-case letters, digits, hyphens and underscores, and write the title under 标题"),
)
TABLE_TWICE = code(
    "K176",
    _E,
    N_('the table {title} is given twice: here, and in line {line} as "{other}"'),
    N_("delete one of the two"),
)
CELL_REQUIRED = code("K177", _E, N_("{title}: this cell must not be empty"))
EXTRA_CELL = code(
    "K178",
    _E,
    N_('{title}: "{value}" stands in a column without a heading'),
    N_("give the column a heading, or clear the cell"),
)
NEAR_DATA_FILE = code(
    "K179", _E, N_('{title}: there is no file "{value}"'), N_("did you mean {near}?")
)
TOO_MANY = code(
    "K180",
    _E,
    N_("{title}: so many cells are wrong that the rest of the rows was not looked at"),
    N_("mend what is listed, or see whether the file and its headings are the right ones"),
)
READ_AS = code("K181", Severity.NOTICE, N_("this file was read as {encoding}"))
