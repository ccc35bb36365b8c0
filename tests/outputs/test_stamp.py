"""Figure files say what they show, and whether they were changed since."""

import functools
import io
import re
import tomllib
import warnings
from xml.etree import ElementTree as ET

import matplotlib
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from PIL import Image

from lrviz.outputs import pictures
from lrviz.outputs.pictures import Stamp
from lrviz.outputs.pictures.pdf import Pdf
from lrviz.outputs.pictures.png import Png
from lrviz.outputs.pictures.svg import Svg

pytestmark = pytest.mark.figures

FORMATS = {"png": Png(), "svg": Svg(), "pdf": Pdf()}
HEADS = (b"\x89PNG\r\n\x1a\n", b"<?xml", b"%PDF-1.4\n", b"")
STARTS = (b"tEXtlrviz\0", b"<dc:description>", b"/Keywords (", b"")
LAST_LINE = f'picture = "{"0" * 64}"'

ABOUT = r"""# how to draw it again
title = "a \"b\" \\ (c) \u00e9 \U0001f600 <d> &amp; 'e'"
specs = ["exp:lr=0.1,rate=0.9,steps=10", "StepLR(opt, 30)"]

[paper]
width = 6.4
"""

texts = st.text(st.sampled_from([*map(chr, range(32, 127)), "\t", "\n"]), min_size=1)
forms = pytest.mark.parametrize("form", FORMATS)


def drawn(form: str, about: str) -> bytes:
    """Return a small figure as matplotlib writes it, with zeros for a digest."""
    figure = Figure((1, 0.5))
    figure.text(0, 0.5, "lrviz")
    figure.add_subplot().plot([1, 2])
    file = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "lrviz"}), warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns about metadata that it does not know
        figure.savefig(file, format=form, metadata=FORMATS[form].metadata(about))
    return file.getvalue()


@functools.cache
def picture(form: str, about: str = ABOUT) -> bytes:
    return FORMATS[form].sealed(drawn(form, about))


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        return image.tobytes()


def is_whole(data: bytes) -> bool:
    said = pictures.read(data)
    return said is not None and said.whole


@forms
@settings(max_examples=50)
@given(texts)
@example("\\")
@example("ends with a line feed\n")
@example("\n")
@example(")(\\n\\)\\\n")
@example("</dc:description>&lt;]]><!-- &amp;amp;")
@example(LAST_LINE)
@example(f"{LAST_LINE}\n{LAST_LINE})</dc:description>")
def test_a_text_comes_back_as_it_went_in(form: str, about: str) -> None:
    assert pictures.read(FORMATS[form].sealed(drawn(form, about))) == Stamp(form, about, whole=True)


@forms
def test_a_long_text_comes_back_as_it_went_in(form: str) -> None:
    about = "".join(f'a{i} = "({i}) \\\\ <&>"\n' for i in range(10_000))
    assert pictures.read(picture(form, about)) == Stamp(form, about, whole=True)


@forms
def test_without_a_text_there_is_no_stamp(form: str) -> None:
    data = drawn(form, "")
    assert FORMATS[form].sealed(data) == data
    assert pictures.read(data) is None
    assert b"picture" not in data


@forms
@pytest.mark.parametrize("about", ["é", "\r\n", "\0", "a\x7f", "\U0001f600"])
def test_a_text_that_the_formats_would_not_keep_is_refused(form: str, about: str) -> None:
    with pytest.raises(ValueError, match="write it as an escape"):
        FORMATS[form].metadata(about)


@forms
def test_the_same_figure_and_text_give_the_same_bytes(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    assert FORMATS[form].sealed(drawn(form, ABOUT)) == picture(form)


@forms
@pytest.mark.parametrize("about", ["", ABOUT])
def test_neither_version_nor_date_nor_matplotlib_is_in_the_file(form: str, about: str) -> None:
    data = picture(form, about)
    assert b"Matplotlib" not in data
    assert b"matplotlib.org" not in data
    assert matplotlib.__version__.encode() not in data
    assert not re.search(rb"Date|dc:date|\b20\d\d-\d\d|D:20\d\d|tIME", data)


@forms
def test_sealing_changes_nothing_but_the_zeros(form: str) -> None:
    before, after = drawn(form, ABOUT), picture(form)
    place = before.index(b"0" * 64)
    crc = 5 if form == "png" else 0  # after the closing quote
    assert len(after) == len(before)
    assert after[:place] == before[:place]
    assert after[place + 64 + crc :] == before[place + 64 + crc :]
    assert re.fullmatch(rb"[0-9a-f]{64}", after[place : place + 64])


@forms
def test_sealing_twice_is_sealing_once(form: str) -> None:
    assert FORMATS[form].sealed(picture(form)) == picture(form)


@forms
def test_what_was_never_sealed_is_not_whole(form: str) -> None:
    assert pictures.read(drawn(form, ABOUT)) == Stamp(form, ABOUT, whole=False)


@forms
@settings(max_examples=5)
@given(st.integers(1, 255))
@example(ord("a") ^ ord("A"))
def test_a_change_of_any_byte_is_noticed(form: str, flipped: int) -> None:
    data = bytearray(picture(form))
    for place, old in enumerate(picture(form)):
        data[place] = old ^ flipped
        if not (form == "svg" and bytes([old]).isspace() and bytes([data[place]]).isspace()):
            assert not is_whole(bytes(data)), place
        data[place] = old
    assert is_whole(bytes(data))


@forms
@settings(max_examples=200)
@given(st.data())
def test_bytes_put_in_or_taken_out_are_noticed(form: str, draw: st.DataObject) -> None:
    data = picture(form)
    start = draw.draw(st.integers(0, len(data)))
    end = draw.draw(st.integers(start, min(start + 20, len(data))))
    changed = data[:start] + draw.draw(st.binary(max_size=20)) + data[end:]
    if form == "svg":
        assert is_whole(changed) <= (changed.split() == data.split())
    else:
        assert is_whole(changed) == (changed == data)


@forms
def test_a_file_cut_off_anywhere_is_noticed(form: str) -> None:
    data = picture(form)
    for size in range(len(data.rstrip()) if form == "svg" else len(data)):
        assert not is_whole(data[:size]), size


@forms
def test_another_text_in_the_file_is_read_and_noticed(form: str) -> None:
    changed = picture(form).replace(b"width = 6.4", b"width = 6.5")
    assert pictures.read(changed) == Stamp(form, ABOUT.replace("6.4", "6.5"), whole=False)


@forms
def test_the_stamp_of_another_file_does_not_fit(form: str) -> None:
    """Files that differ in nothing but the text have different digests."""
    changed, place = drawn(form, ABOUT), drawn(form, ABOUT).index(b"0" * 64)
    other = picture(form, ABOUT.replace("6.4", "6.5"))
    digest = other[place : place + 64]
    assert re.fullmatch(rb"[0-9a-f]{64}", digest)
    assert pictures.read(changed.replace(b"0" * 64, digest)) == Stamp(form, ABOUT, whole=False)


def test_an_svg_is_whole_with_other_line_ends() -> None:
    assert pictures.read(picture("svg").replace(b"\n", b"\r\n")) == Stamp("svg", ABOUT, whole=True)


def test_an_svg_is_whole_without_spaces_at_the_ends_of_lines() -> None:
    data = picture("svg")
    padded = data.replace(b"\n", b" \t\n")
    for changed in (padded, b"\n".join(line.rstrip() for line in padded.split(b"\n"))):
        assert changed != data
        assert is_whole(changed)
    assert pictures.read(data.rstrip()) == Stamp("svg", ABOUT, whole=True)


def test_words_of_an_svg_that_run_together_are_noticed() -> None:
    data = picture("svg")
    for space in re.finditer(rb"(?<=\S)\s(?=\S)", data):
        assert not is_whole(data[: space.start()] + data[space.end() :]), space


@settings(max_examples=300)
@given(
    st.sampled_from(HEADS),
    st.lists(
        st.sampled_from((*STARTS, LAST_LINE.encode(), b"\n", b"\\n", b")", b"</dc:description>"))
        | st.binary(max_size=10)
    ),
)
def test_anything_can_be_read(head: bytes, pieces: list[bytes]) -> None:
    said = pictures.read(head + b"".join(pieces))
    assert said is None or not said.whole


@pytest.mark.parametrize(("head", "start"), list(zip(HEADS, STARTS, strict=True))[:3])
def test_a_file_made_to_keep_the_reader_busy_is_read_at_once(head: bytes, start: bytes) -> None:
    """Were the time to grow with the square of the length, this would take hours."""
    almost = LAST_LINE.encode()[:-1]
    assert pictures.read(head + start * 100_000) is None
    assert pictures.read(head + start + b"\n" * 1_000_000) is None
    assert pictures.read(head + start + (b"\n" + almost + b"\\n" + almost) * 10_000) is None


@forms
def test_a_file_with_a_picture_somewhere_in_it_is_none(form: str) -> None:
    assert pictures.read(b"see: " + picture(form)) is None


@forms
def test_a_file_made_by_others_says_nothing(form: str) -> None:
    file = io.BytesIO()
    Figure((1, 1)).savefig(file, format=form)
    assert pictures.read(file.getvalue()) is None


def test_a_png_is_shown_by_others_with_its_stamp() -> None:
    with Image.open(io.BytesIO(picture("png"))) as image:
        image.load()  # checks the CRC of every chunk
        assert image.text["lrviz"].startswith(f"{ABOUT}\npicture = ")  # type: ignore[attr-defined]
    assert pixels(picture("png")) == pixels(picture("png", ""))


def test_an_svg_is_read_by_others_with_its_stamp() -> None:
    tree = ET.fromstring(picture("svg"))  # noqa: S314, drawn a moment ago
    (said,) = tree.iter("{http://purl.org/dc/elements/1.1/}description")
    assert said.text
    assert said.text.startswith(f"{ABOUT}\npicture = ")


def test_a_pdf_still_has_its_objects_where_its_table_says() -> None:
    data = picture("pdf")
    table = data[int(data.split(b"startxref")[1].split()[0]) :]
    places = [int(place) for place in re.findall(rb"(\d{10}) \d{5} n", table)]
    assert len(places) > 5
    assert all(re.match(rb"\d+ 0 obj", data[place:]) for place in places)


def test_the_stamp_as_others_show_it_is_toml() -> None:
    with Image.open(io.BytesIO(picture("png"))) as image:
        said = tomllib.loads(image.text["lrviz"])  # type: ignore[attr-defined]
    assert said["title"] == "a \"b\" \\ (c) é 😀 <d> &amp; 'e'"
    assert said["paper"].keys() == {"width", "picture"}
