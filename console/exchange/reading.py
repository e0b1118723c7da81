"""A file becomes rows: compression, encoding, delimiter and kind are found out; what cannot be read is told line by line."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from console.book import Refused

MOST = 1 << 30
"""Bytes that a file may have once it is unpacked."""

MOST_SHEET = 256 << 20
"""The same for a workbook, which takes several times as much memory."""

LAST_ROW = 1_048_576
"""The last row that a workbook can have."""

RESTARTS = 200
"""Rows with broken quoting after which the rest of a file is refused line by line."""

DELIMITERS = ",\t;|"
"""What may stand between two fields."""

csv.field_size_limit(16 << 20)


class Line(NamedTuple):
    """One row of a file."""

    number: int
    """The line of the file on which it begins; the row of the sheet."""

    fields: dict[str, str]
    """Column → value as it came."""

    wrong: str
    """Key of the sentence that says why it cannot be read; empty where it can."""

    facts: dict[str, Any]
    """What stands in that sentence."""


class Table(NamedTuple):
    """A file that was opened."""

    columns: list[str]
    """Its columns; empty for JSON lines, where every line has its own."""

    lines: Iterator[Line]
    """Its rows."""

    size: int
    """Rows where they are known, else 0; for progress."""

    about: str
    """What was found out: ``csv, gb18030, ";"``."""


def open_table(path: Path, encoding: str = "") -> Table:
    """Open a file of rows. Raises ``Refused`` where it cannot be read at all."""
    if path.is_char_device() or path.is_block_device():  # such as /dev/zero, which has no end; a pipe is welcome
        raise Refused("refused.no_file", file=str(path))
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Refused("refused.file", file=str(path), reason=error.strerror or str(error)) from error
    return table(raw, str(path), encoding)


def table(raw: bytes, name: str, encoding: str = "") -> Table:
    """The rows of a file's bytes."""
    try:
        raw, packed = unpack(raw)
    except Exception as error:  # a packed file from outside may break its library in any way
        raise Refused("refused.packed", file=name, reason=str(error)) from error
    if packed == "xlsx":
        return _sheet(raw, name)
    text, found = decode(raw, name, encoding)
    about = ", ".join(part for part in (packed, found) if part)
    if text.lstrip()[:1] == "{":
        return Table([], _json_lines(text), text.count("\n") + 1, f"jsonl, {about}")
    return _csv(text, name, about)


def unpack(raw: bytes) -> tuple[bytes, str]:
    """The bytes themselves, and how they were packed; ``xlsx`` stays packed. Raises what the unpackers raise."""
    if raw[:2] == b"\x1f\x8b":
        with gzip.open(io.BytesIO(raw)) as f:
            return _all(f), "gz"
    if raw[:4] == b"\x28\xb5\x2f\xfd":
        import zstandard

        with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(raw), read_across_frames=True) as reader:
            try:
                return _all(reader), "zst"
            except zstandard.ZstdError as error:
                raise ValueError(str(error)) from error
    if raw[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = [each for each in archive.namelist() if not each.endswith("/")]
            if any(each.startswith("xl/") for each in names):
                return raw, "xlsx"
            if len(names) != 1:
                raise ValueError(f"{len(names)} files in it; pack one")
            with archive.open(names[0]) as f:
                return _all(f), "zip"
    return raw, ""


def _all(f: Any) -> bytes:
    """Everything in a packed file, unless it is more than anybody sends."""
    data: bytes = f.read(MOST + 1)
    if len(data) > MOST:
        raise ValueError(f"more than {MOST >> 20} MB unpacked")
    return data


def decode(raw: bytes, name: str, encoding: str = "") -> tuple[str, str]:
    """The text of bytes, and its encoding: the one said, else by mark, UTF-8, GB18030, Latin-1."""
    if encoding:
        try:
            return raw.decode(encoding), encoding
        except (LookupError, ValueError, TypeError) as error:
            raise Refused("refused.encoding", file=name, said=encoding) from error
    for mark, named in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if raw.startswith(mark):
            try:
                return raw.decode(named), named
            except UnicodeDecodeError as error:
                raise Refused("refused.encoding", file=name, said=named) from error
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        return raw.decode("latin-1"), "latin-1"
    if _european(raw):
        return raw.decode("latin-1"), "latin-1"
    return text, "gb18030"


def _european(raw: bytes) -> bool:
    """Whether bytes that could be Chinese are more likely Latin-1: letters with accents stand alone among others."""
    from charset_normalizer import from_bytes

    found = from_bytes(raw[: 1 << 18], cp_isolation=["gb18030", "latin_1", "cp1252"]).best()
    return found is not None and found.encoding != "gb18030"


def _csv(text: str, name: str, about: str) -> Table:
    """Rows with a header; the delimiter is the one that the header has most of."""
    begin = text.lstrip("\r\n")
    head = begin.partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    columns = [column.strip() for column in _first(reader, name)]
    twice = sorted({column for column in columns if column and columns.count(column) > 1})
    if not any(columns) or twice:
        raise Refused("refused.header", file=name, names=twice or "–")
    said = {",": '","', "\t": "tab", ";": '";"', "|": '"|"'}[delimiter]
    return Table(columns, _rows(lines, reader.line_num, delimiter, columns), len(lines), f"csv, {about}, {said}")


def _first(reader: Any, name: str) -> list[str]:
    """The first row that is not empty. Raises ``Refused`` where there is none."""
    try:
        for row in reader:
            if any(field.strip() for field in row):
                return row  # type: ignore[no-any-return]
    except csv.Error as error:
        raise Refused("refused.header", file=name, names=str(error)) from error
    raise Refused("refused.empty", file=name)


def _rows(lines: list[str], start: int, delimiter: str, columns: list[str]) -> Iterator[Line]:
    """The rows after the header; one with too many or too few fields is refused, and so is what breaks the quoting.

    A quote that is not closed takes the lines after it along. So where a refused row is of several lines only the first
    is refused, and the others are read anew: whatever is not taken in is told, line by line, as it came.
    """
    reader, base, again = csv.reader(lines[start:], delimiter=delimiter, strict=True), start, 0
    while True:
        begin = base + reader.line_num
        wrong, facts, row = "", dict[str, Any](), list[str]()
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            wrong, facts = "import.csv", {"reason": str(error)}
        if not wrong and (not row or (len(row) == 1 and not row[0].strip())):
            continue
        if not wrong and len(row) == len(columns):
            yield Line(begin + 1, dict(zip(columns, row, strict=True)), "", {})
            continue
        if not wrong:
            wrong, facts = "import.ragged", {"n": len(row), "of": len(columns)}
        several = base + reader.line_num > begin + 1
        if wrong == "import.ragged" and not several:
            yield Line(begin + 1, dict(zip(columns, row, strict=False)), wrong, facts)
            continue
        yield Line(begin + 1, {columns[0]: lines[begin].rstrip("\r\n")}, wrong, facts)
        if several:
            again += 1
            if again > RESTARTS:
                yield from (
                    Line(n + 1, {columns[0]: lines[n].rstrip("\r\n")}, wrong, facts) for n in range(begin + 1, len(lines))
                )
                return
            base = begin + 1
            reader = csv.reader(lines[base:], delimiter=delimiter, strict=True)


def _json_lines(text: str) -> Iterator[Line]:
    """One JSON object a line."""
    import orjson

    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = orjson.loads(line)
        except ValueError as error:
            yield Line(number, {}, "import.json", {"reason": str(error)})
            continue
        if not isinstance(value, dict):
            yield Line(number, {}, "import.json", {"reason": type(value).__name__})
            continue
        try:
            yield Line(number, {str(key): said(each) for key, each in value.items()}, "", {})
        except TypeError as error:  # nested too deeply to be said as one text
            yield Line(number, {}, "import.json", {"reason": str(error)})


def _sheet(raw: bytes, name: str) -> Table:
    """The first sheet of a workbook; what its size claims to be is not believed."""
    import warnings

    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            if sum(each.file_size for each in packed.infolist()) > MOST_SHEET:
                raise ValueError(f"more than {MOST_SHEET >> 20} MB unpacked")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows: Iterator[Any] = sheet.iter_rows(values_only=True)
        begin = islice(rows, LAST_ROW)
        head: tuple[Any, ...] = next((row for row in begin if any(cell is not None for cell in row)), ())
    except Exception as error:
        raise Refused("refused.packed", file=name, reason=f"xlsx: {error}") from error
    columns = [said(cell).strip() for cell in head]
    twice = sorted({column for column in columns if column and columns.count(column) > 1})
    if twice:
        raise Refused("refused.header", file=name, names=twice)
    while columns and not columns[-1]:
        columns.pop()
    if not columns:
        raise Refused("refused.empty", file=name)
    return Table(columns, _sheet_rows(rows, columns), 0, "xlsx")


def _sheet_rows(rows: Iterator[Any], columns: list[str]) -> Iterator[Line]:
    """The rows of a sheet; trailing empty cells are no fields."""
    for number, row in enumerate(_sound(rows), 2):
        if isinstance(row, Exception):
            yield Line(number, {}, "import.sheet", {"reason": str(row)})
            return
        cells = [said(cell) for cell in row]
        if number > LAST_ROW:  # a row that claims to stand where no workbook has one
            yield Line(number, {}, "import.sheet", {"reason": f"> {LAST_ROW}"})
            return
        if not any(cell.strip() for cell in cells):
            continue
        over = [cell for cell in cells[len(columns) :] if cell.strip()]
        if over:
            fields = dict(zip(columns, cells, strict=False))
            yield Line(number, fields, "import.ragged", {"n": len(columns) + len(over), "of": len(columns)})
            continue
        cells += [""] * (len(columns) - len(cells))
        yield Line(number, dict(zip(columns, cells, strict=False)), "", {})


def _sound(rows: Iterator[Any]) -> Iterator[Any]:
    """The rows of a sheet as far as they can be read, then what is wrong with the next one."""
    while True:
        try:
            yield next(rows)
        except StopIteration:
            return
        except Exception as error:
            yield error
            return


def said(value: Any) -> str:
    """A cell or a JSON value as text: what a table would show."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, (dict, list)):
        import orjson

        return orjson.dumps(value).decode()
    return str(value)


Progress = Callable[[str, int, int], None]
"""What is being done, how much is done, of how much (0 where nobody knows)."""
