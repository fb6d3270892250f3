"""Which encoding a text file is in, and how it becomes UTF-8 without being held in memory."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from regulars.errors import InputError
from regulars.words import T

CHUNK = 1 << 22
HEAD = 1 << 18
_BLANKS = frozenset(b"\t\n\r\f\x1b")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def open_bytes(path: Path) -> BinaryIO:
    """Open a file for its bytes, unpacking ``.gz``."""
    return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix.lower() == ".gz" else path.open("rb")


def _chunks(path: Path) -> io.BufferedIOBase:
    return cast(io.BufferedIOBase, open_bytes(path))


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with _chunks(path) as stream:
        try:
            while chunk := stream.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


_SIGNS = "¥£€·°×—…“”‘’"


def _looks_chinese(head: bytes) -> bool:
    """Tell GB18030 from a Western code page: most of what is not ASCII must be common Chinese characters.

    Signs that stand in texts of both say nothing: a file of prices may have more of ¥ than of words.
    """
    text = head.decode("gb18030", errors="ignore")
    foreign = [c for c in text if ord(c) > 127 and c not in _SIGNS]
    common = sum("\u4e00" <= c <= "\u9fff" or "\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uffef" for c in foreign)
    return bool(foreign) and common > 0.8 * len(foreign)


def _without_mark(head: bytes) -> str | None:
    if b"\0" not in head:
        return None
    if head[1::2].count(0) > 0.3 * len(head[1::2]):
        return "utf-16-le"
    if head[0::2].count(0) > 0.3 * len(head[0::2]):
        return "utf-16-be"
    return None


def not_a_table(path: Path) -> InputError:
    """Return the error for a file that is no text at all."""
    return InputError(
        T(zh="这不是表格文件", en="this is not a table"),
        where=path.name,
        remedy=T(
            zh="给一个 CSV、TSV、Excel 或 Parquet 文件。",
            en="Give a CSV, TSV, Excel or Parquet file.",
        ),
    )


def detect(path: Path) -> str:
    """Return the encoding of a text file: UTF-8, UTF-16 (by mark or by its zero bytes), GB18030, else Windows-1252.

    Raises
    ------
    InputError
        When the bytes are no text, or the compressed file is damaged.
    """
    try:
        with _chunks(path) as stream:
            head = stream.read(HEAD)
        for mark, name in _MARKS:
            if head.startswith(mark):
                return name
        wide = _without_mark(head)
        if wide is not None:
            return wide
        controls = sum((byte < 32 and byte not in _BLANKS) or byte == 127 for byte in head)
        if controls > 0.01 * len(head):
            raise not_a_table(path)
        if _decodes(path, "utf-8"):
            return "utf-8"
        if _decodes(path, "gb18030"):
            with _chunks(path) as stream:
                foreign = bytearray()
                while (chunk := stream.read(CHUNK)) and len(foreign) < HEAD:
                    if not chunk.isascii():
                        foreign += chunk
            if _looks_chinese(bytes(foreign)):
                return "gb18030"
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(
            T(zh="压缩文件已损坏", en="the compressed file is damaged"),
            where=path.name,
            remedy=T(zh="重新导出或重新压缩这个文件。", en="Export or compress the file again."),
        ) from error
    return "cp1252"


def transcode(path: Path, encoding: str, target: Path) -> None:
    """Write the text of `path` to `target` in UTF-8, a chunk at a time."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    with _chunks(path) as stream, target.open("wb") as out:
        while chunk := stream.read(CHUNK):
            out.write(decoder.decode(chunk).encode("utf-8"))
        out.write(decoder.decode(b"", final=True).encode("utf-8"))


def read_head(path: Path, encoding: str) -> str:
    """Return the first quarter of a megabyte as text, cut at a line's end."""
    with _chunks(path) as stream:
        head = stream.read(HEAD)
        whole = not stream.read(1)
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(head, final=whole)
    if not whole and "\n" in text:
        text = text[: text.rindex("\n") + 1]
    return text.removeprefix("\ufeff")
