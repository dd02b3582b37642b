"""Problems that reading files, YAML, front matter and spreadsheets can have (S001 to S699)."""

from __future__ import annotations

from sitegen.problems import N_, Severity, code

_ERROR = Severity.ERROR
_WARNING = Severity.WARNING

# Files and folders ------------------------------------------------------------------------------

NO_CONTENT = code(
    "S001",
    _ERROR,
    N_("there is no folder {path}"),
    N_("go to the folder of the site, the one that holds content/"),
)
LINK_LEAVES = code(
    "S002",
    _ERROR,
    N_("this symbolic link leads out of content/"),
    N_("put a copy of the file here instead"),
)
LINK_BROKEN = code(
    "S003", _ERROR, N_("this symbolic link leads nowhere"), N_("remove it, or restore its target")
)
LINK_LOOP = code(
    "S004",
    _ERROR,
    N_("this symbolic link leads back to a folder that holds it"),
    N_("remove the link"),
)
UNREADABLE = code(
    "S005",
    _ERROR,
    N_("this cannot be read: {reason}"),
    N_("check the permissions of the file, and whether another program has it open"),
)
TOO_LARGE = code(
    "S006",
    _ERROR,
    N_("the file is too large: {size}; at most {limit} is allowed"),
    N_("make it smaller, for instance by splitting it or by compressing its pictures"),
)
SAME_NAME = code(
    "S007",
    _ERROR,
    N_('the names "{name}" and "{other}" differ only in capitals or in how characters are stored'),
    N_("rename one of them: many systems take the two for one file"),
)
BAD_NAME = code(
    "S008",
    _ERROR,
    N_('"{name}" is not a possible file name on Windows'),
    N_('use another name, without the characters < > : " | ? * \\ and not CON, NUL, AUX, COM1 …'),
)
TRAILING_NAME = code(
    "S009",
    _ERROR,
    N_("the name ends with a dot or a space"),
    N_("remove the dot or the space at the end of the name"),
)
UNDECODABLE_NAME = code(
    "S010",
    _ERROR,
    N_("the name is not in UTF-8 (shown as {name})"),
    N_("rename the file; it was probably copied from an old archive"),
)
SPECIAL_FILE = code(
    "S011",
    _ERROR,
    N_("this is not an ordinary file"),
    N_("remove it: only files, folders and links to them belong here"),
)
TOO_DEEP = code(
    "S012", _ERROR, N_("folders are nested too deeply here"), N_("move these files further up")
)

# Text -------------------------------------------------------------------------------------------

NOT_UTF8 = code(
    "S101",
    _ERROR,
    N_("the file is not in UTF-8: byte {byte} does not fit here"),
    N_("open the file in your editor and save it again with the encoding UTF-8"),
)
LOOKS_GB18030 = code(
    "S102",
    _ERROR,
    N_("the file is not in UTF-8; it seems to be in GB18030 (GBK, ANSI)"),
    N_("open the file in your editor and save it again with the encoding UTF-8"),
)
LOOKS_UTF16 = code(
    "S103",
    _ERROR,
    N_("the file is in UTF-16 (“Unicode”), not in UTF-8"),
    N_("open the file in your editor and save it again with the encoding UTF-8"),
)
CONTROL_CHARACTER = code(
    "S104",
    _ERROR,
    N_("an invisible control character ({character}) stands here"),
    N_("delete it, or type this line anew"),
)
STRAY_BOM = code(
    "S105",
    _ERROR,
    N_("an invisible byte order mark (U+FEFF) stands here"),
    N_("delete it, or type this line anew; it comes from joining or copying files"),
)
LINE_SEPARATOR = code(
    "S106",
    _ERROR,
    N_("an invisible line separator ({character}) stands here"),
    N_("delete it and press the Enter key instead; it comes from copying out of another program"),
)

NOT_TEXT = code(
    "S107",
    _ERROR,
    N_("this is not a text file, though its name says so"),
    N_("give the file its right ending (such as .docx, .png), or write the text anew"),
)

# YAML -------------------------------------------------------------------------------------------

TAB_INDENT = code(
    "S201",
    _ERROR,
    N_("the line is indented with a tab"),
    N_("indent with spaces (two for each level), not with the Tab key"),
)
FULL_WIDTH_COLON = code(
    "S202",
    _ERROR,
    N_('after "{key}" stands a full-width colon'),
    N_('write "{key}: …" with an English colon and a space; for plain text, begin it with |'),
)
NO_SPACE = code(
    "S203",
    _ERROR,
    N_('after "{key}:" a space is missing'),
    N_('write "{key}: {value}"'),
)
DUPLICATE_KEY = code(
    "S204",
    _ERROR,
    N_('"{key}" is written twice, first in line {first}'),
    N_("keep only one of the two"),
)
ANCHOR = code(
    "S205",
    _ERROR,
    N_("a value begins with &, which YAML takes for an anchor"),
    N_('put the text in quotes: "&…"; anchors are not supported'),
)
ALIAS = code(
    "S206",
    _ERROR,
    N_("a value begins with *, which YAML takes for an alias"),
    N_('put the text in quotes: "*…"; aliases are not supported'),
)
MERGE_KEY = code(
    "S207", _ERROR, N_("merge keys (<<) are not supported"), N_("write the entries out")
)
TAG = code(
    "S208",
    _ERROR,
    N_("a value begins with !, which YAML takes for a tag"),
    N_('put the text in quotes: "!…"; tags are not needed, every text is kept as written'),
)
UNCLOSED_QUOTE = code(
    "S209",
    _ERROR,
    N_("the quote {quote} opened here is not closed"),
    N_("write the same quote {quote} at the end of the text"),
)
TEXT_AFTER_QUOTE = code(
    "S210",
    _ERROR,
    N_("text follows after the closing quote {quote}"),
    N_("put the whole text in quotes, or use Chinese quotes “ ” inside it"),
)
INDENTATION = code(
    "S211",
    _ERROR,
    N_("the line does not begin in the same column as its neighbours"),
    N_("begin entries of one level in the same column; indent with two spaces for each level"),
)
UNQUOTED_COLON = code(
    "S212",
    _ERROR,
    N_('the value contains ": ", which YAML takes for another entry'),
    N_("put the whole value in single quotes: '…'; Chinese quotes do not count"),
)
SPECIAL_START = code(
    "S213",
    _ERROR,
    N_("a value cannot begin with {character}"),
    N_("put the whole value in quotes: '…'"),
)
NO_COLON = code(
    "S214",
    _ERROR,
    N_("this line has no colon"),
    N_('write it as "name: value"; for a text of several lines, write "name: |" above it'),
)
UNCLOSED_BRACKET = code(
    "S215",
    _ERROR,
    N_("the bracket {bracket} opened here is not closed as it should be"),
    N_("close the bracket, and separate its entries by English commas"),
)
TEXT_AFTER_BRACKET = code(
    "S216",
    _ERROR,
    N_("text follows after the closing bracket {bracket}"),
    N_("put the whole value in quotes: '…'"),
)
LIST_ON_LINE = code(
    "S217",
    _ERROR,
    N_("a list cannot begin on the line of its name"),
    N_("begin each entry on a line of its own: - …; put a text that begins with - in quotes"),
)
BAD_ESCAPE = code(
    "S218",
    _ERROR,
    N_("a backslash inside double quotes has a special meaning"),
    N_("use single quotes: '…'"),
)
FULL_WIDTH_DASH = code(
    "S219",
    _ERROR,
    N_('a list entry begins with "{character}" instead of a hyphen'),
    N_('write an English hyphen and a space: "- …"; for plain text, begin it with |'),
)
FULL_WIDTH_COMMA = code(
    "S220",
    _WARNING,
    N_("a full-width comma or enumeration comma does not separate the entries of a list"),
    N_('write ", " (an English comma and a space); put the text in quotes if it is one entry'),
)
TOO_NESTED = code(
    "S221",
    _ERROR,
    N_("entries are nested more than {limit} levels deep"),
    N_("write it more simply"),
)
SEVERAL_DOCUMENTS = code(
    "S222",
    _ERROR,
    N_("a second document begins here"),
    N_("remove the line with --- or ...; one file holds one document"),
)
DIRECTIVE = code(
    "S223",
    _ERROR,
    N_("a line cannot begin with %"),
    N_("put the text in quotes, or remove the line"),
)
NOT_TEXT_KEY = code(
    "S224",
    _ERROR,
    N_("the name of an entry must be a simple text"),
    N_('write "name: value"; put a text that begins with a bracket in quotes'),
)
EMPTY_KEY = code(
    "S225",
    _ERROR,
    N_("the name before the colon is missing"),
    N_('write "name: value"'),
)
FULL_WIDTH_QUOTE = code(
    "S226",
    _ERROR,
    N_('Chinese quotes do not protect ": " inside a value'),
    N_("put the whole value in single quotes: '…'"),
)
FULL_WIDTH_BRACKET = code(
    "S227",
    _ERROR,
    N_("the bracket {bracket} is closed with a full-width bracket"),
    N_("write English brackets and commas: [a, b]"),
)
WIDE_INDENT = code(
    "S228",
    _ERROR,
    N_("the line is indented with a full-width or a non-breaking space"),
    N_("indent with ordinary spaces (two for each level)"),
)
BAD_YAML = code(
    "S299",
    _ERROR,
    N_("this line cannot be understood"),
    N_('write "name: value", and put unusual values in quotes'),
)

# Front matter -----------------------------------------------------------------------------------

NO_OPENING_FENCE = code(
    "S301",
    _ERROR,
    N_("the file does not begin with ---"),
    N_("write --- on the first line, the fields below it, and --- again before the text"),
)
NO_CLOSING_FENCE = code(
    "S302",
    _ERROR,
    N_("the line --- after the fields is missing"),
    N_("write --- on a line of its own between the fields and the text"),
)
BAD_FENCE = code(
    "S303",
    _ERROR,
    N_('"{text}" is not the line --- that encloses the fields'),
    N_("write three English hyphens: ---, without anything before or after"),
)

# CSV --------------------------------------------------------------------------------------------

CSV_UNCLOSED_QUOTE = code(
    "S401",
    _ERROR,
    N_('the quote " opened here is not closed'),
    N_('close it with another "; inside a quoted cell, write a quote twice'),
)
CSV_TEXT_AFTER_QUOTE = code(
    "S402",
    _ERROR,
    N_('text follows after the closing quote " of a cell'),
    N_('put the whole cell in quotes, and write a quote inside it twice: ""'),
)
CSV_DELIMITER = code(
    "S403",
    _ERROR,
    N_("the cells are separated by {delimiter}, not by commas"),
    N_("save the file as “CSV UTF-8 (comma delimited)”"),
)
CSV_ENCODING = code(
    "S404",
    _ERROR,
    N_("the file is not in {encoding}, as was said"),
    N_("give the right encoding (utf-8 or gb18030), or save the file as “CSV UTF-8”"),
)
CSV_UNKNOWN_ENCODING = code(
    "S405",
    _ERROR,
    N_('"{encoding}" is not an encoding that can be read'),
    N_("write utf-8 or gb18030"),
)
CSV_LARGE_CELL = code(
    "S406",
    _ERROR,
    N_("a cell holds more than {limit} characters"),
    N_("look for a quote that is not closed"),
)
CSV_UNREADABLE = code(
    "S407", _ERROR, N_("the table cannot be read"), N_("save the file again as “CSV UTF-8”")
)
EMPTY_TABLE = code(
    "S408", _ERROR, N_("the file holds no rows"), N_("write the headings in the first row")
)

CSV_IS_WORKBOOK = code(
    "S409",
    _ERROR,
    N_("this is an Excel workbook, though its name ends in .csv"),
    N_("save it in Excel or WPS as “CSV UTF-8”, or give it its right ending: .xlsx or .xls"),
)

# XLSX -------------------------------------------------------------------------------------------

XLSX_NOT_ZIP = code(
    "S501",
    _ERROR,
    N_("this is not an Excel workbook (.xlsx), or it is damaged"),
    N_("open it in Excel or WPS and save it as “Excel workbook (.xlsx)”"),
)
XLSX_ENCRYPTED = code(
    "S502",
    _ERROR,
    N_("the workbook is protected by a password"),
    N_("remove the password in Excel or WPS and save the file again"),
)
XLSX_OTHER_FORMAT = code(
    "S503",
    _ERROR,
    N_("this is a {format} file, not an .xlsx workbook"),
    N_("open it in Excel or WPS and save it as “Excel workbook (.xlsx)”"),
)
XLSX_TOO_LARGE = code(
    "S504",
    _ERROR,
    N_("the workbook is too large to read: {reason}"),
    N_("copy the table into a new workbook and save that"),
)
XLSX_FAR_CELL = code(
    "S505",
    _ERROR,
    N_("the sheet reaches as far as this cell: {rows} rows and {columns} columns"),
    N_("delete the empty rows and columns after the table, or copy it into a new workbook"),
)
XLSX_DAMAGED = code(
    "S506",
    _ERROR,
    N_("the workbook is damaged and cannot be read"),
    N_("open it in Excel or WPS, save it again, or copy the table into a new workbook"),
)
XLSX_NO_SHEET = code(
    "S507",
    _ERROR,
    N_('there is no sheet "{sheet}"; the workbook has: {sheets}'),
    N_("write the name of the sheet as it stands at the bottom of the Excel window"),
)
XLSX_HIDDEN_SHEET = code(
    "S508",
    _ERROR,
    N_('the sheet "{sheet}" is hidden'),
    N_("unhide it in Excel if it may be published, or name another sheet"),
)
XLSX_ALL_HIDDEN = code(
    "S509",
    _ERROR,
    N_("the workbook has no visible sheet"),
    N_("unhide the sheet that may be published in Excel"),
)
XLSX_ERROR_CELL = code(
    "S510",
    _ERROR,
    N_("the cell holds the error {error}"),
    N_("mend the formula in Excel and save the file"),
)
XLSX_NO_CACHED_VALUE = code(
    "S511",
    _ERROR,
    N_("the cell holds a formula whose result was not saved"),
    N_("open the file in Excel or WPS, save it, and try again"),
)
XLSX_ENTITY = code(
    "S512",
    _ERROR,
    N_("the workbook contains a document type definition, which is not safe to read"),
    N_("copy the table into a new workbook and save that"),
)
XLSX_LONG_NUMBER = code(
    "S513",
    _ERROR,
    N_("the number {number} has more than 15 digits, of which Excel keeps only the first 15"),
    N_("format the cell as text and type the number again"),
)
