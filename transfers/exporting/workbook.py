"""A workbook written piece by piece: each call gives the next bytes of the file, and what must be remembered fits in a row of a table.

So memory stays flat whatever the number of rows, and a file goes on where its worker died. A ZIP archive allows it: sizes and sums may
follow an entry, and a deflate stream may be made of blocks that know nothing of one another.
"""

import struct
import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

MOST = 1_048_576  # rows of a sheet in Excel; a further one begins after that
TIME = (1 << 5) | 1  # of every entry, 1 January 1980: the format has no zone
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm:ss"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2">'
    '<fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf numFmtId="164" applyNumberFormat="1"/>'
    '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
PANE = (
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>'
    "</sheetViews>"
)
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days have no zone
Cells = Iterable[object]


class Workbook:
    """A workbook on its way out. `state` is plain data: give it back to go on from there."""

    def __init__(self, title: str, header: list[str], state: dict[str, Any] | None = None) -> None:
        self._title, self._header = title, header
        self.state: dict[str, Any] = state or {"at": 0, "entries": [], "sheet": None}

    def add(self, rows: Iterable[Cells]) -> bytes:
        """The bytes of more rows; a new sheet begins, with its header, where one is needed."""
        out = bytearray()
        waiting: list[str] = []
        for cells in rows:
            sheet = self.state["sheet"]
            if sheet is None or sheet["rows"] == MOST:
                out += self._deflated("".join(waiting)) + self._end_sheet() + self._begin_sheet()
                waiting, sheet = [], self.state["sheet"]
            sheet["rows"] += 1
            waiting.append(_row(cells))
        return bytes(out + self._deflated("".join(waiting)))

    def close(self) -> bytes:
        """The last bytes: what tells a reader where everything is."""
        out = bytearray(self.add([]) if self.state["sheet"] else self._begin_sheet())
        out += self._end_sheet()
        count = len(self.state["entries"])
        for name, text in _frame(self._title, count).items():
            out += self._entry(name, text)
        return bytes(out + self._directory())

    def _begin_sheet(self) -> bytes:
        name = f"xl/worksheets/sheet{len(self.state['entries']) + 1}.xml"
        head = self._grown(_local(name))
        self.state["sheet"] = {"name": name, "offset": self.state["at"] - len(head), "crc": 0, "plain": 0, "packed": 0, "rows": 1}
        return head + self._deflated(f'{HEAD}<worksheet xmlns="{MAIN}">{PANE}<sheetData>{_row(self._header)}')

    def _end_sheet(self) -> bytes:
        sheet = self.state["sheet"]
        if sheet is None:
            return b""
        last = self._deflated("</sheetData></worksheet>", last=True)
        self.state["sheet"] = None
        return last + self._grown(self._sums(sheet))

    def _entry(self, name: str, text: str) -> bytes:
        head = self._grown(_local(name))
        self.state["sheet"] = sheet = {"name": name, "offset": self.state["at"] - len(head), "crc": 0, "plain": 0, "packed": 0, "rows": 0}
        body = self._deflated(text, last=True)
        self.state["sheet"] = None
        return head + body + self._grown(self._sums(sheet))

    def _sums(self, sheet: dict[str, Any]) -> bytes:
        self.state["entries"].append([sheet["name"], sheet["offset"], sheet["crc"], sheet["packed"], sheet["plain"]])
        return b"PK\x07\x08" + struct.pack("<LLL", sheet["crc"], sheet["packed"], sheet["plain"])

    def _deflated(self, text: str, *, last: bool = False) -> bytes:
        if not text:
            return b""
        body, sheet = text.encode("utf-8", "replace"), self.state["sheet"]
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed = packer.compress(body) + packer.flush(zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH)
        sheet["crc"], sheet["plain"] = zlib.crc32(body, sheet["crc"]), sheet["plain"] + len(body)
        sheet["packed"] += len(packed)
        return self._grown(packed)

    def _grown(self, body: bytes) -> bytes:
        self.state["at"] += len(body)
        return body

    def _directory(self) -> bytes:
        out, begins = bytearray(), self.state["at"]
        for name, offset, crc, packed, plain in self.state["entries"]:
            out += b"PK\x01\x02" + struct.pack(
                "<HHHHHHLLLHHHHHLL", 20, 20, 8, 8, 0, TIME, crc, packed, plain, len(name), 0, 0, 0, 0, 0, offset
            )
            out += name.encode()
        count = len(self.state["entries"])
        return bytes(out) + b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, count, count, len(out), begins, 0)


def _local(name: str) -> bytes:
    """The head of an entry whose sizes follow it (flag 8)."""
    return b"PK\x03\x04" + struct.pack("<HHHHHLLLHH", 20, 8, 8, 0, TIME, 0, 0, 0, len(name), 0) + name.encode()


def _row(cells: Cells) -> str:
    return f"<row>{''.join([_cell(cell) for cell in cells])}</row>"


def _cell(cell: object) -> str:
    if cell is None or cell == "":
        return "<c/>"
    if isinstance(cell, str):
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
    if isinstance(cell, datetime):
        return f'<c s="1"><v>{(cell - EPOCH).total_seconds() / 86400:.10f}</v></c>'
    if hasattr(cell, "toordinal"):
        return f'<c s="2"><v>{cell.toordinal() - EPOCH.toordinal()}</v></c>'
    return f"<c><v>{cell}</v></c>"


def _frame(title: str, sheets: int) -> dict[str, str]:
    numbers = range(1, sheets + 1)
    named = "".join(f'<sheet name="{_named(title, n)}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
    linked = "".join(f'<Relationship Id="r{n}" Type="{LINKS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers)
    kinds = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{TYPES}.worksheet+xml"/>' for n in numbers)
    return {
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{linked}'
        f'<Relationship Id="s" Type="{LINKS}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="w" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPES}.styles+xml"/>{kinds}</Types>',
    }


def _named(title: str, number: int) -> str:
    return escape(title if number == 1 else f"{title} {number}", {'"': "&quot;"})[:31]
