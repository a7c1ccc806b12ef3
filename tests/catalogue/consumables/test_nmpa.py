"""Device identifiers as the drug authority publishes them: read as they are, refused where the file is not one."""

from __future__ import annotations

import json
import pathlib

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from catalogue.consumables.cli import udi
from catalogue.consumables.models import ConsumableUdi, Device
from catalogue.consumables.rules.nmpa import UnreadableDevices, read
from kernel.db import Database, make_engine

ONE = "<device><zxxsdycpbs>{di}</zxxsdycpbs><ybbm>{codes}</ybbm></device>"
GOOD, CODE = "06972253600013", "C9901010010000198001"


def book(folder: pathlib.Path, *devices: str, head: str = "") -> pathlib.Path:
    path = folder / "udi.xml"
    path.write_text(f'<?xml version="1.0"?>{head}<udid><devices>{"".join(devices)}</devices></udid>', "utf-8")
    return path


def run(path: pathlib.Path, folder: pathlib.Path, *more: str) -> Result:
    return CliRunner().invoke(udi, [str(path), "--database", f"sqlite:///{folder / 'u.db'}", *more])


@pytest.fixture
def folder(tmp_path: pathlib.Path, sqlite_template: pathlib.Path) -> pathlib.Path:
    (tmp_path / "u.db").write_bytes(sqlite_template.read_bytes())
    return tmp_path


def test_the_published_sample_is_read_as_it_is(shared: pathlib.Path, folder: pathlib.Path) -> None:
    path = shared / "data/consumables/nmpa_udi_sample.xml"
    assert json.loads(run(path, folder).stdout) | {"first_wrong": []} == {
        "devices": 2, "changed": 0, "pairs": 0, "written": False, "wrong": 0, "first_wrong": [],
    }  # fmt: skip
    assert json.loads(run(path, folder, "--apply").stdout)["changed"] == 2
    assert json.loads(run(path, folder, "--apply").stdout)["changed"] == 0, "the same file changes nothing"
    with Database(make_engine(f"sqlite:///{folder / 'u.db'}")).transaction(write=False) as session:
        first, second = session.scalars(select(Device).order_by(Device.di)).all()
        assert (first.name, first.certificate, first.model) == ("PTCA球囊扩张导管", "国械注准20193030166", "CBC-1210")
        assert [each["di"] for each in second.packings] == ["26975737430209", "16975737430493"]


def test_identifiers_and_codes_are_many_to_many_and_told_anew_by_each_file(folder: pathlib.Path) -> None:
    other = CODE[:-1] + "2"
    run(book(folder, ONE.format(di=GOOD, codes=f"{CODE},{other}")), folder, "--apply")
    done = run(
        book(folder, ONE.format(di=GOOD, codes=other), ONE.format(di="09529800000016", codes=other)), folder, "--apply"
    )
    assert json.loads(done.stdout)["pairs"] == 2
    with Database(make_engine(f"sqlite:///{folder / 'u.db'}")).transaction(write=False) as session:
        pairs = session.execute(select(ConsumableUdi.code, ConsumableUdi.di).order_by(ConsumableUdi.di))
        assert [tuple(pair) for pair in pairs] == [(other, GOOD), (other, "09529800000016")]


def test_wrong_identifiers_are_left_out_and_told(folder: pathlib.Path) -> None:
    done = run(book(folder, ONE.format(di=GOOD, codes=""), ONE.format(di=GOOD[:-1] + "4", codes="")), folder, "--apply")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["devices"], told["first_wrong"]) == (1, 1, [GOOD[:-1] + "4"])


ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"{ENTITY}<udid><devices>&b;</devices></udid>", "declares-entities"),
        (f"{OUTSIDE}<udid><devices>&f;</devices></udid>", "declares-entities"),
        ('<!DOCTYPE x SYSTEM "http://example.org/x.dtd"><udid><devices/></udid>', "declares-entities"),
        ("<a>" * 9 + "</a>" * 9, "too-deep"),
        (f"<udid><devices><device><ggxh>{'x' * 30_000}</ggxh></device></devices></udid>", "too-long"),
        ("<udid><devices><device>", "not-xml"),
        ("name,code\n", "not-xml"),
        ("", "not-xml"),
        ("<rss/>", "no-devices"),
    ],
)
def test_a_file_that_is_none_is_refused_with_the_reason(text: str, reason: str, folder: pathlib.Path) -> None:
    path = folder / "bad.xml"
    path.write_text(text, "utf-8")
    done = run(path, folder, "--apply")
    assert (done.exit_code, reason in done.stderr) == (2, True), done.stderr


def test_pieces_of_any_size_read_the_same() -> None:
    text = f"<udid><devices>{ONE.format(di=GOOD, codes=CODE)}</devices></udid>".encode()
    for size in (1, 7, 1000):
        (device,) = read(text[at : at + size] for at in range(0, len(text), size))
        assert (device.di, device.codes) == (GOOD, CODE)
    with pytest.raises(UnreadableDevices):
        list(read([b"\xff\xfe\x00"]))


def test_an_encoding_that_the_parser_does_not_know_is_refused() -> None:
    with pytest.raises(UnreadableDevices):
        list(read([b'<?xml version="1.0" encoding="gb18030"?><udid/>']))
