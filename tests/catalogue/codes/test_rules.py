"""Codes: parts, wrong characters, check characters."""

from __future__ import annotations

import string

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from stdnum import ean
from stdnum.cn import uscc

from catalogue.codes.rules.checks import check_character
from catalogue.codes.rules.cleaning import Note, clean
from catalogue.codes.rules.kinds import CREDIT_ALPHABET, LAYOUTS, CodeKind, PartName
from catalogue.codes.rules.meanings import Meaning
from catalogue.codes.rules.reading import (
    UnknownCode,
    WrongCode,
    candidates,
    examine,
    parse,
    readings,
    recognise,
)
from kernel.parties.credit import credit_code

CHECKED = [kind for kind, layout in LAYOUTS.items() if layout.checked]
TYPED = string.ascii_uppercase + string.digits + "²中.*+/_"


@st.composite
def valid(draw: st.DrawFn, kinds: list[CodeKind] | None = None) -> tuple[CodeKind, str]:
    """A correct code of any kind."""
    kind = draw(st.sampled_from(kinds or list(CodeKind)))
    text = "".join(draw(st.sampled_from(sorted(slot.allowed))) for slot in LAYOUTS[kind].slots())
    if kind is CodeKind.UDI:
        text = text[:-1] + ean.calc_check_digit(text[:-1])
    if kind is CodeKind.CREDIT:
        text = text[:-1] + uscc.calc_check_digit(text[:-1])
    return kind, text


@given(valid())
def test_a_correct_code_is_read_whole_and_its_parts_join_to_it(code: tuple[CodeKind, str]) -> None:
    kind, text = code
    parsed = parse(text, kind=kind)
    assert "".join(part.value for part in parsed.parts) == parsed.text == text
    assert [part.start for part in parsed.parts[1:]] == [part.end + 1 for part in parsed.parts[:-1]]
    assert parsed.parts[-1].end == len(text) == LAYOUTS[kind].length


@given(valid())
def test_a_correct_code_is_recognised_as_a_kind_of_which_it_is_correct(code: tuple[CodeKind, str]) -> None:
    kind, text = code
    found = recognise(text)
    assert found is kind or (kind is CodeKind.UDI and found is CodeKind.STANDARD and text.startswith("86"))
    assert kind in readings(text)


@given(valid(), st.data())
def test_any_character_that_does_not_fit_is_named_at_its_position(
    code: tuple[CodeKind, str], data: st.DataObject
) -> None:
    kind, text = code
    place = data.draw(st.integers(0, len(text) - 1))
    slot = LAYOUTS[kind].slots()[place]
    char = data.draw(st.sampled_from([each for each in TYPED if each not in slot.allowed]))
    parsed = examine(f"{text[:place]}{char}{text[place + 1 :]}", kind=kind)
    assert [issue.code in ("wrong-character", "lookalike-character") for issue in parsed.issues] == [True]
    facts = parsed.issues[0].facts
    assert (facts["position"], facts["found"], facts["expected"]) == (place + 1, char, slot.expected)
    assert facts["part"] is next(part.name for part in parsed.parts if part.start <= place + 1 <= part.end)


@given(valid([CodeKind.WESTERN, CodeKind.CONSUMABLE_MODEL, CodeKind.CREDIT]), st.data())
def test_without_a_kind_it_is_named_all_the_same_where_no_other_kind_comes_near(
    code: tuple[CodeKind, str], data: st.DataObject
) -> None:
    kind, text = code
    place = data.draw(st.integers(1, len(text) - 1))
    char = data.draw(st.sampled_from([each for each in TYPED if each not in LAYOUTS[kind].slots()[place].allowed]))
    parsed = examine(f"{text[:place]}{char}{text[place + 1 :]}")
    assert (parsed.kind, parsed.wrong_positions) == (kind, (place + 1,))


@given(valid(), st.data())
def test_all_wrong_characters_are_named_at_once(code: tuple[CodeKind, str], data: st.DataObject) -> None:
    kind, text = code
    places = data.draw(st.sets(st.integers(0, len(text) - 1), min_size=1, max_size=5))
    damaged = "".join("?" if place in places else char for place, char in enumerate(text))
    assert examine(damaged, kind=kind).wrong_positions == tuple(sorted(place + 1 for place in places))


@given(valid(CHECKED), st.data())
def test_check_characters_catch_every_exchanged_character(code: tuple[CodeKind, str], data: st.DataObject) -> None:
    kind, text = code
    place = data.draw(st.integers(0, len(text) - 1))
    char = data.draw(st.sampled_from(sorted(LAYOUTS[kind].slots()[place].allowed)))
    assume(char != text[place])
    parsed = examine(f"{text[:place]}{char}{text[place + 1 :]}", kind=kind)
    assert not parsed.valid
    assert parsed.issues[0].facts["position"] == len(text)
    assert parsed.check and parsed.check.steps[-1].passed is False


@given(valid(CHECKED))
def test_the_steps_of_a_check_lead_to_the_librarys_character(code: tuple[CodeKind, str]) -> None:
    kind, text = code
    working = check_character(kind, text)
    number = next(step.value for step in working.steps if step.code == "code-check.complement")
    assert number is not None
    assert CREDIT_ALPHABET[int(number)] == working.value == text[-1]


@given(st.integers(0, 10**9 - 1))
def test_codes_that_organisations_are_kept_under_are_correct_here(number: int) -> None:
    stem = f"91980100{number:09d}"
    text = credit_code(stem + uscc.calc_check_digit(stem))
    assert parse(text).kind is CodeKind.CREDIT


@given(valid(), st.data())
def test_full_width_characters_spaces_and_hyphens_change_nothing(
    code: tuple[CodeKind, str], data: st.DataObject
) -> None:
    kind, text = code
    forms = ["{}", "{wide}", "{small}", " {}", "{}-", "\u3000{}"]
    typed = "".join(
        data.draw(st.sampled_from(forms)).format(char, wide=chr(ord(char) + 0xFEE0), small=char.lower())
        for char in text
    )
    parsed = examine(typed, kind=kind)
    assert (parsed.text, parsed.valid) == (text, True)


@given(st.text(max_size=80), st.sampled_from([None, *CodeKind]))
@example("1" * 5000, None)
@example("(01)", CodeKind.UDI)
def test_no_text_is_too_strange_to_be_answered(text: str, kind: CodeKind | None) -> None:
    parsed = examine(text, kind=kind)
    assert parsed.valid is not bool(parsed.issues)
    assert len(parsed.text) <= 60


@pytest.mark.parametrize("kind", CodeKind)
def test_the_example_of_a_kind_is_correct(kind: CodeKind) -> None:
    assert readings(LAYOUTS[kind].example) == (kind,)


@pytest.mark.parametrize(
    ("kind", "length"),
    [
        (CodeKind.WESTERN, 23), (CodeKind.PATENT, 20), (CodeKind.GRANULES, 20), (CodeKind.CONSUMABLE, 20),
        (CodeKind.CONSUMABLE_MODEL, 27), (CodeKind.UDI, 14), (CodeKind.STANDARD, 14), (CodeKind.CREDIT, 18),
    ],
)  # fmt: skip
def test_lengths_are_those_of_the_handbook(kind: CodeKind, length: int) -> None:
    assert LAYOUTS[kind].length == length


def test_superscripts_and_circled_digits_are_no_digits() -> None:
    assert examine("8699800100012²").wrong_positions == (14,)
    assert clean("①²ｘ１")[0] == "①²X1"


def test_notes_say_what_was_put_right() -> None:
    assert clean("(01)09529800100013(17)271231(10)A1") == ("09529800100013", (Note.IDENTIFIER,))
    assert clean(" ｘj-01 ")[1] == (Note.FULL_WIDTH, Note.SEPARATORS, Note.LOWER_CASE)
    assert clean(" XJ01 ")[1] == ()


def test_a_letter_that_looks_like_a_digit_is_suggested_back() -> None:
    parsed = examine("XJO1CAA040A00101O198O01")
    assert [issue.code for issue in parsed.issues] == ["lookalike-character"] * 3
    assert parsed.corrected == "XJ01CAA040A001010198001"
    assert examine("XJO1CAA040A00101?198001").corrected == ""


@pytest.mark.parametrize("text", ["1.23E+17", "9.1980100E17", "１.２３ｅ＋１７", "9E+17"])
def test_a_number_that_excel_has_shortened_is_refused_with_the_cure(text: str) -> None:
    assert [issue.code for issue in examine(text).issues] == ["shortened-number"]


def test_a_number_that_excel_has_rounded_is_told_from_a_slip() -> None:
    assert [issue.code for issue in examine("912345678901234000").issues] == ["rounded-number"]
    assert [issue.code for issue in examine("912345678901234567").issues] == ["wrong-check-character"]


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("XJ01CAA040A0010101980", CodeKind.WESTERN, "code-too-short"),
        ("XJO1CAAO40A00101O198", CodeKind.WESTERN, "lookalike-character"),
        ("C9901020030010298001000", CodeKind.CONSUMABLE, "code-too-long"),
        ("C990102003", CodeKind.CONSUMABLE, "code-of-category"),
        ("C990102", CodeKind.CONSUMABLE, "code-of-category"),
        ("9529800100013", CodeKind.UDI, "code-of-13-digits"),
        ("869980010001", CodeKind.STANDARD, "code-too-short"),
    ],
)
def test_codes_of_a_wrong_length_keep_their_kind(text: str, kind: CodeKind, code: str) -> None:
    parsed = examine(text)
    assert (parsed.kind, parsed.issues[0].code) == (kind, code)


@pytest.mark.parametrize("text", ["", "  ", "阿莫西林", "国药准字H20045678", "hello world", "98001", "A" * 61])
def test_what_is_no_code_is_said_to_be_none(text: str) -> None:
    assert [issue.code for issue in examine(text).issues] == ["unknown-code"]
    with pytest.raises(UnknownCode):
        recognise(text)


def test_fourteen_digits_that_begin_with_86_may_be_two_codes() -> None:
    text = "8699800100012" + ean.calc_check_digit("8699800100012")
    assert readings(text) == (CodeKind.STANDARD, CodeKind.UDI)
    assert candidates(text)[0] is CodeKind.STANDARD


def test_parts_say_what_they_mean_by_themselves() -> None:
    parsed = parse("12980100MADEM00101"[:17] + uscc.calc_check_digit("12980100MADEM0010"))
    said = {part.name: part.meaning for part in parsed.parts}
    assert said[PartName.AUTHORITY] is Meaning.STAFFING_AUTHORITY
    assert said[PartName.ORGANISATION_TYPE] is Meaning.PUBLIC_INSTITUTION
    assert examine("QJ01CAA040A001010198001").parts[0].meaning is None


def test_a_refusal_names_every_place() -> None:
    with pytest.raises(WrongCode) as refusal:
        parse("XJO1CAA040A00101?198001")
    assert refusal.value.facts["positions"] == [3, 17]
    assert [issue.facts["found"] for issue in refusal.value.issues] == ["O", "?"]
