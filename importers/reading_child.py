"""Reads one upload in processes of its own, under limits, and hands over columns. Started by importers.workbook only.

fd 0 is the upload, fd 1 takes one Arrow stream a sheet, fd 2 one line of JSON. The process gets no environment. It
inspects the zip while a second one, forked from it, loads the parser and parses; a crash of that one (a cell at
XFD1048576 aborts it) ends nothing else, and the first one says what to blame.
"""

from __future__ import annotations

import ctypes
import encodings.cp437
import encodings.gb18030
import encodings.utf_8_sig
import encodings.utf_16
import encodings.utf_16_le  # noqa: F401 - loaded before the user is changed
import io
import json
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from importers import reading_csv, reading_inspect, reading_why, reading_zip
from importers.reading_zip import Refused


def main(memory: str, cpu: str, named: str, task: str) -> None:
    """Read under limits."""
    limit(int(memory), int(cpu))
    leave(*answer(lambda: read(named, task)))


def limit(memory_mb: int, cpu_seconds: int) -> None:
    """Bound memory, time, files and rights of this process and of those that it forks."""
    limits = (
        (resource.RLIMIT_AS, memory_mb << 20),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 2 << 30),
    )
    for what, value in limits:
        resource.setrlimit(what, (value, value))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)  # no_new_privs


NOBODY = 65534


def become_nobody() -> None:
    """Give the rights of root away; whatever is imported later could not be read."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def killable() -> None:
    """Let nobody end this process while it still loads its modules with the rights of root."""
    if os.geteuid() == 0:
        os.setresuid(NOBODY, 0, 0)


def read(named: str, task: str) -> dict[str, Any]:
    """Do the task and return what the parent is told."""
    upload = os.fdopen(0, "rb")
    reading_zip.check_kind(upload, named)
    data = upload.read()
    if task == "locate":
        become_nobody()
        return {"far": reading_why.locate(io.BytesIO(data))}
    if named == "csv":
        return guarded("parse_csv", data, reading_csv.look)
    return guarded("parse_workbook", data, reading_inspect.inspect, reading_why.explain)


def in_parser(task: str, data: bytes, receive: int) -> dict[str, Any]:
    """Load the parser, give the rights away, and let it write."""
    from importers import reading_parse

    reading_parse.warm()
    become_nobody()
    with os.fdopen(1, "wb") as sink:
        told: dict[str, Any] = getattr(reading_parse, task)(data, receive, sink)
        return told


def guarded(
    task: str, data: bytes, inspect: Callable[[bytes], Any], explain: Callable[..., None] | None = None
) -> dict[str, Any]:
    """Inspect a file while a second process of ours parses it; that one writes only what the inspection lets pass."""
    receive, send = os.pipe()
    parser = os.fork()
    if parser == 0:
        os.close(send)
        killable()
        leave(*answer(lambda: in_parser(task, data, receive)))
    os.close(receive)
    become_nobody()
    try:
        found = inspect(data)
    except BaseException:
        with suppress(PermissionError):  # it has not begun; it will find no verdict
            os.kill(parser, signal.SIGKILL)
            os.waitpid(parser, 0)
        raise
    with suppress(BrokenPipeError), os.fdopen(send, "wb") as pipe:  # a parser that died has said why, or shows it
        pickle.dump(found, pipe)
    code = os.waitstatus_to_exitcode(os.waitpid(parser, 0)[1])
    if code < 0 or code in (12, 13):
        if explain:
            explain(data, died=code != 13)
        raise Refused("damaged" if code == 13 else "too-large")
    os._exit(code)


def answer(act: Callable[[], dict[str, Any]]) -> tuple[int, dict[str, Any]]:
    """Turn every ending into an exit code and facts."""
    try:
        return 0, act()
    except Refused as refusal:
        return 10, refusal.told
    except MemoryError:
        return 12, {"code": "too-large"}
    except ImportError as error:  # ours to mend, not the file's fault
        return 14, {"code": "damaged", "facts": {"error": str(error)}}
    except BaseException as error:  # a Rust panic is a BaseException
        return 13, {"code": "damaged", "facts": {"error": type(error).__name__}}


def leave(code: int, told: dict[str, Any]) -> None:
    """End without the interpreter's tidying, which a damaged heap would not survive. These are the only last words."""
    with suppress(OSError):
        os.ftruncate(2, 0)
        os.lseek(2, 0, os.SEEK_SET)
    sys.stderr.write(json.dumps(told))
    sys.stderr.flush()
    os._exit(code)
