"""`lrviz build`: pictures from config files, and whether they are up to date."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lrviz.outputs import figure as figures
from lrviz.outputs import pictures
from tests.conftest import Run, wait_for

pytestmark = pytest.mark.figures

SNAPSHOTS = Path(__file__).parent / "snapshots"
PROGRAM = Path(sys.executable).with_name("lrviz")
CONFIG = """\
steps = 200
size = "4x3"
dpi = 50

[figure.one]
title = "两条曲线"
curves = [
    "smooth=exp:lr=0.01,rate=0.9,steps=20",
    { spec = "exp:lr=0.01,rate=0.9,steps=20,staircase", label = "stairs", color = "C2" },
]
theme = "both"

[figure.two]
output = ["img/two.pdf", "img/two.svg"]
curves = ["run=@run.csv", "plan=linear:lr=0.01,steps=200"]
"""
PICTURES = ["one.png", "one-dark.png", "img/two.pdf", "img/two.svg"]


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in a folder with a config file and a log."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "figures.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "run.csv").write_text("step,lr\n0,0.01\n50,0.008\n199,0.001\n")
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    """Return what is in all files below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_all_figures_of_all_configs_are_drawn(run: Run, docs: Path) -> None:
    (docs / "more.toml").write_text('[figure.three]\ncurves = ["const:lr=1"]\n')
    result = run("build", "figures.toml", "more.toml")
    assert result == (
        0,
        "",
        "".join(f"lrviz: wrote {name}\n" for name in [*PICTURES, "three.png"])
        + "lrviz: 5 pictures: 5 drawn, 0 up to date\n",
    )
    assert set(files(docs)) == {*PICTURES, "three.png", "figures.toml", "more.toml", "run.csv"}
    for name, begin in zip(PICTURES, (b"\x89PNG", b"\x89PNG", b"%PDF", b"<?xml"), strict=True):
        assert (docs / name).read_bytes().startswith(begin)


def test_two_themes_are_two_pictures(run: Run, docs: Path) -> None:
    run("build", "figures.toml")
    light, dark = (Image.open(docs / name).convert("RGB").getpixel((0, 0)) for name in PICTURES[:2])
    assert (light, dark) == ((255, 255, 255), (22, 25, 29))


def test_pictures_that_are_up_to_date_are_left_alone(run: Run, docs: Path) -> None:
    run("build", "figures.toml")
    before = {name: (docs / name).stat().st_mtime_ns for name in PICTURES}
    assert run("build", "figures.toml").err == "lrviz: 4 pictures: 0 drawn, 4 up to date\n"
    assert {name: (docs / name).stat().st_mtime_ns for name in PICTURES} == before
    forced = run("build", "figures.toml", "--force")
    assert "4 drawn" in forced.err
    assert {name: (docs / name).stat().st_mtime_ns for name in PICTURES} != before


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_same_config_gives_the_same_bytes(run: Run, docs: Path, jobs: str) -> None:
    run("build", "figures.toml")
    before = files(docs)
    assert run("build", "figures.toml", "--force", "--jobs", jobs).status == 0
    assert files(docs) == before


def test_what_was_drawn_passes_the_check(run: Run, docs: Path) -> None:
    run("build", "figures.toml")
    before = files(docs)
    assert run("build", "figures.toml", "--check") == (0, "", "lrviz: 4 pictures, up to date\n")
    assert run("build", "figures.toml", "--check", "--pixels").status == 0
    assert run("build", "figures.toml", "--check", "-q", "--jobs", "2") == (0, "", "")
    assert files(docs) == before


def test_the_check_names_what_is_missing_stale_or_edited(run: Run, docs: Path) -> None:
    run("build", "figures.toml")
    edit(docs / "figures.toml", "linear:lr=0.01", "linear:lr=0.02")
    (docs / "one.png").unlink()
    flip_pixel(docs / "one-dark.png")
    before = files(docs)
    result = run("build", "figures.toml", "--check")
    stale = (
        "stale (curves[1] was 'plan=linear:lr=0.01,steps=200' and is "
        "'plan=linear:lr=0.02,steps=200' now)"
    )
    assert result == (
        1,
        (
            "one.png: missing\n"
            "one-dark.png: edited (it is not as it was drawn)\n"
            f"img/two.pdf: {stale}\n"
            f"img/two.svg: {stale}\n"
        ),
        "lrviz: 4 of 4 pictures not up to date; draw with lrviz build figures.toml\n",
    )
    assert files(docs) == before
    assert run("build", "figures.toml").status == 0
    assert run("build", "figures.toml", "--check").status == 0


def flip_pixel(path: Path) -> None:
    """Change one channel of one pixel by 1, and nothing else."""
    with Image.open(path) as picture:
        picture.load()
        text = picture.text  # type: ignore[attr-defined]
        red, *others = picture.getpixel((5, 5))  # type: ignore[misc]
        picture.putpixel((5, 5), (red ^ 1, *others))
        from PIL.PngImagePlugin import PngInfo

        kept = PngInfo()
        for key, value in text.items():
            kept.add_text(key, value)
        picture.save(path, pnginfo=kept)
    found = pictures.read(path.read_bytes())
    assert found is not None  # its text is still there, and only the digest tells


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rate=0.9,steps=20,staircase", "rate=0.8,steps=20,staircase"),
        ("两条曲线", "三条曲线"),
        ("stairs", "steps"),
        ('"C2"', '"C3"'),
        ("steps = 200", "steps = 201"),
        ("[figure.one]", "[figure.one]\nlog = true"),
        ("[figure.one]", "[figure.one]\ndpi = 149"),
        ("[figure.one]", "[figure.one]\nannotations = { 5 = 'x' }"),
        ("[figure.one]", "[figure.one]\nlegend = false"),
        ("[figure.one]", "[figure.one]\nsteps_per_epoch = 10"),
        ("[figure.one]", "[figure.one]\nzoom = '1:199'"),
        ("[figure.one]", "[figure.one]\ndtype = 'float32'"),
    ],
)
def test_any_change_that_shows_makes_a_picture_stale(
    run: Run, docs: Path, old: str, new: str
) -> None:
    run("build", "figures.toml")
    edit(docs / "figures.toml", old, new)
    result = run("build", "figures.toml", "--check")
    assert result.status == 1
    assert "one.png: stale (" in result.out
    assert "one-dark.png: stale (" in result.out


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("exp:lr=0.01,rate=0.9,steps=20", "exp:steps=20,rate=0.90,lr=1e-2"),
        ("linear:lr=0.01,steps=200", "linear:lr=0.01,steps=100%"),
        ("steps = 200", "steps = '200'"),
        ("steps = 200", "# of all\nsteps = 200"),
    ],
)
def test_what_says_the_same_in_other_words_is_not_stale(
    run: Run, docs: Path, old: str, new: str
) -> None:
    run("build", "figures.toml")
    edit(docs / "figures.toml", old, new)
    assert run("build", "figures.toml", "--check").status == 0


def test_a_log_that_went_on_makes_its_pictures_stale(run: Run, docs: Path) -> None:
    run("build", "figures.toml")
    edit(docs / "run.csv", "50,0.008", "50,0.0081")
    result = run("build", "figures.toml", "--check", "-q")
    stale = "stale (the same settings give other rates now)"
    assert result == (1, f"img/two.pdf: {stale}\nimg/two.svg: {stale}\n", "")


def test_a_picture_that_others_drew_is_named(run: Run, docs: Path) -> None:
    run("build", "figures.toml")
    Image.new("RGB", (10, 10)).save(docs / "one.png")
    (docs / "img" / "two.svg").write_bytes((docs / "img" / "two.pdf").read_bytes())
    assert run("build", "figures.toml", "--check", "-q") == (
        1,
        (
            "one.png: edited (it does not say what it shows)\n"
            "img/two.svg: edited (it does not say what it shows)\n"
        ),
        "",
    )


@pytest.mark.usefixtures("docs")
def test_another_drawing_of_the_same_curves_passes_but_for_its_pixels(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is what another matplotlib does: the same curves, other pixels."""
    with monkeypatch.context() as patch:
        patch.setitem(figures.THEMES, "light", figures.THEMES["dark"])
        run("build", "figures.toml")
    assert run("build", "figures.toml", "--check").status == 0
    result = run("build", "figures.toml", "--check", "--pixels", "-q")
    assert result.status == 1
    assert re.fullmatch(
        r"one\.png: drawn otherwise \(\d+ of 30000 pixels are others\)\n"
        r"img/two\.pdf: drawn otherwise \(it has other bytes\)\n"
        r"img/two\.svg: drawn otherwise \(it has other bytes\)\n",
        result.out,
    )


def test_other_last_digits_of_cosines_are_no_change(
    run: Run, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Processors and versions of numpy differ in them."""
    (docs / "figures.toml").write_text(
        '[figure.a]\ncurves = ["cosine:lr=0.1,steps=1M", "exp:lr=1,rate=0.5,steps=9,floor=1e-9"]\n'
    )
    run("build", "figures.toml")
    for name in ("cos", "exp"):
        exact = getattr(np, name)
        monkeypatch.setattr(np, name, lambda x, *a, f=exact, **k: f(x, *a, **k) * (1 + 2.3e-16))
    assert np.cos(0.5) != 0.8775825618903728
    assert run("build", "figures.toml", "--check") == (0, "", "lrviz: 1 picture, up to date\n")


def test_pictures_can_go_to_another_folder(run: Run, docs: Path) -> None:
    assert run("build", "figures.toml", "--out-dir", "site/img", "-q").status == 0
    assert set(files(docs / "site" / "img")) == set(PICTURES)
    assert run("build", "figures.toml", "--out-dir", "site/img", "--check", "-q").status == 0
    assert run("build", "figures.toml", "--check", "-q").status == 1


def test_paths_go_out_from_the_folder_of_the_config(
    run: Run, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (docs / "elsewhere").mkdir()
    monkeypatch.chdir(docs / "elsewhere")
    assert run("build", "../figures.toml", "-q") == (0, "", "")
    assert set(PICTURES) < set(files(docs))
    before = files(docs)
    assert run("build", str(docs / "figures.toml"), "--force", "-q").status == 0
    assert files(docs) == before


def test_links_do_not_lead_out_of_the_folder(run: Run, docs: Path, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    (docs / "img").symlink_to(outside)
    result = run("build", "figures.toml")
    assert result.status == 2
    assert result.err == (
        "lrviz: error: figures.toml, line 14: output 'img/two.pdf' lies outside of the folder '.'; "
        "name a file in it, or another folder with --out-dir\n"
    )
    assert not files(outside)
    assert "one.png" not in files(docs)


def test_nothing_is_drawn_if_any_config_is_wrong(run: Run, docs: Path) -> None:
    (docs / "wrong.toml").write_text('[figure.a]\ncurves = ["expo:lr=1"]\n')
    before = files(docs)
    result = run("build", "figures.toml", "wrong.toml")
    assert (result.status, result.out) == (2, "")
    assert result.err == (
        "lrviz: error: wrong.toml, line 2: curves: unknown family 'expo'; did you mean 'exp'?\n"
        "  expo:lr=1\n"
        "  ^^^^\n"
    )
    assert files(docs) == before


def test_what_cannot_be_written_is_said_and_the_old_pictures_stay(run: Run, docs: Path) -> None:
    run("build", "figures.toml")
    (docs / "img" / "two.svg").unlink()
    (docs / "img" / "two.svg").mkdir()
    before = files(docs)
    said = (
        "lrviz: error: figures.toml, line 14: 'img/two.svg' is a folder; name a file in it as "
        "output, or another folder with --out-dir\n"
    )
    assert run("build", "figures.toml", "-q") == (2, "", said)
    assert run("build", "figures.toml", "-q", "--check") == (2, "", said)
    assert files(docs) == before
    assert run("build", "figures.toml", "-q", "--force") == (2, "", said)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")
def test_a_full_disk_is_said_and_the_old_pictures_stay(run: Run, docs: Path) -> None:
    """A limit of 1 kB a file stands in for the disk."""
    run("build", "figures.toml")
    edit(docs / "figures.toml", "steps = 200", "steps = 100")
    before = files(docs)
    words = f"ulimit -f 1; exec {PROGRAM} build figures.toml"
    done = subprocess.run(
        ["bash", "-c", words],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "lrviz: error: 'one.png' cannot be written (file too large); name another file as output, "
        "or another folder with --out-dir\n"
    )
    assert files(docs) == before


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a killed program leaves a draft")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_build_that_is_killed_leaves_whole_pictures_and_nothing_else(
    docs: Path, jobs: str
) -> None:
    text = "".join(
        f'[figure.f{i}]\ncurves = ["exp:lr=1,rate=0.9,steps={i + 1}"]\n' for i in range(30)
    )
    text = f"dpi = 50\n{text}"
    (docs / "figures.toml").write_text(text)
    subprocess.run([PROGRAM, "build", "figures.toml", "-q", "-j", "2"], check=True)
    before = files(docs)
    (docs / "figures.toml").write_text(text.replace("0.9", "0.8"))
    building = subprocess.Popen([PROGRAM, "build", "figures.toml", "--jobs", jobs, "-q"])
    wait_for(lambda: files(docs)["f0.png"] != before["f0.png"])
    time.sleep(0.2)
    building.send_signal(signal.SIGKILL)
    building.wait()
    time.sleep(0.5)  # those who drew for it may finish one more picture each
    after = files(docs)
    assert set(after) == set(before)
    for name, data in after.items():
        said = pictures.read(data)
        assert name in ("figures.toml", "run.csv") or (said is not None and said.whole), name
    assert any(after[f"f{i}.png"] == before[f"f{i}.png"] for i in range(30))
    time.sleep(0.5)
    assert files(docs) == after  # nobody goes on


def test_an_interrupted_build_says_so_alone(docs: Path) -> None:
    (docs / "figures.toml").write_text(
        "".join(f'[figure.f{i}]\ncurves = ["const:lr=1"]\n' for i in range(60))
    )
    building = subprocess.Popen(
        [PROGRAM, "build", "figures.toml", "--jobs", "2", "-q"],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for((docs / "f0.png").exists)
    os.killpg(building.pid, signal.SIGINT)
    _, said = building.communicate(timeout=30)
    assert (building.returncode, said) == (130, "lrviz: interrupted\n")
    assert not [name for name in files(docs) if name.startswith(".")]


def test_notes_are_said_once(run: Run, docs: Path) -> None:
    (docs / "figures.toml").write_text(
        '[figure.a]\nlr = 0.1\ncurves = ["StepLR(optimizer, 30)"]\n'
        '[figure.b]\nlr = 0.1\ncurves = ["StepLR(optimizer, 40)"]\n'
    )
    assert run("build", "figures.toml").err.count("StepLR is read as PyTorch 2.13's") == 1


def test_a_folder_that_cannot_be_written_to(installed: Run, docs: Path) -> None:
    """Root, who may write everywhere, gives that right up first."""
    shutil.copytree(docs, docs / "sealed")
    (docs / "sealed").chmod(0o555)
    result = installed("build", "figures.toml", cwd=docs / "sealed", privileged=False)
    (docs / "sealed").chmod(0o755)
    assert result == (
        2,
        "",
        (
            "lrviz: error: 'one.png' cannot be written (permission denied); name another file as "
            "output, or another folder with --out-dir\n"
        ),
    )


def test_characters_that_no_font_has_are_told_of_once(installed: Run, docs: Path) -> None:
    """In several processes too, and for both themes."""
    result = installed("build", "figures.toml", "-j", "2", env={"XDG_DATA_HOME": str(docs)})
    note, *written = result.err.splitlines()
    assert result.status == 0
    assert note == (
        "lrviz: warning: the labels have characters that no installed font can write, and the "
        "figure shows boxes for them; for Chinese, Japanese and Korean install Noto Sans CJK "
        "(Debian: fonts-noto-cjk)"
    )
    assert not [line for line in written if "warning" in line]
    assert set(PICTURES) <= set(files(docs))


@pytest.mark.usefixtures("docs")
def test_the_check_does_not_import_matplotlib(run: Run) -> None:
    run("build", "figures.toml", "-q")
    code = (
        "import sys\n"
        "sys.argv = ['lrviz', 'build', 'figures.toml', '--check', '-q']\n"
        "from lrviz.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code\n"
        "assert 'matplotlib' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.usefixtures("docs")
def test_a_picture_says_how_to_draw_it_again(run: Run) -> None:
    run("build", "figures.toml")
    said = run("explain", "one-dark.png")
    assert said.out == (
        "[figure.one-dark]\n"
        'title = "两条曲线"\n'
        'size = "4x3"\n'
        "dpi = 50\n"
        'theme = "dark"\n'
        "steps = 200\n"
        "curves = [\n"
        '    "smooth=exp:lr=0.01,rate=0.9,steps=20",\n'
        '    { spec = "stairs=exp:lr=0.01,rate=0.9,steps=20,staircase", color = "C2" },\n'
        "]\n"
    )
    assert said.err == (
        "lrviz: one-dark.png is as it was drawn; as a config for lrviz build this draws it again\n"
    )


@pytest.mark.parametrize("name", PICTURES)
def test_drawn_again_it_has_the_same_bytes(run: Run, docs: Path, name: str) -> None:
    run("build", "figures.toml")
    before = (docs / name).read_bytes()
    config = (docs / name).with_suffix(".toml")
    config.write_text(run("explain", name, "-q").out, encoding="utf-8")
    shutil.copy(docs / "run.csv", config.parent / "run.csv") if config.parent != docs else None
    (docs / name).unlink()
    assert run("build", str(config), "-q") == (0, "", "")
    assert (docs / name).read_bytes() == before


def test_a_picture_that_was_changed_says_so(run: Run, docs: Path) -> None:
    run("build", "figures.toml")
    flip_pixel(docs / "one.png")
    said = run("explain", "one.png")
    assert said.status == 0
    assert said.err.startswith("lrviz: one.png was changed after it was drawn; as a config ")


@pytest.mark.parametrize("form", ["md", "rst"])
def test_snippets_show_the_pictures(
    run: Run, docs: Path, form: str, snapshot: Callable[[Path, str], None]
) -> None:
    more = (
        '\n[figure.three]\nalt = "A [flat] line,\\n  and nothing else"\ncurves = ["const:lr=1"]\n'
        '[figure."a b"]\ncurves = ["warmup:steps=9/cosine:lr=1,steps=9"]\n'
        '[figure.page]\noutput = "{name}.html"\nalt = "one [page] of `two`"\n'
        'curves = ["const:lr=1"]\n'
    )
    (docs / "figures.toml").write_text(CONFIG + more, encoding="utf-8")
    result = run("build", "figures.toml", "--snippet", form, "-q")
    assert (result.status, result.err) == (0, "")
    snapshot(SNAPSHOTS / f"build-snippet-{form}.txt", result.out)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('title = "两条曲线"', 'title = "两条曲线"\nxlabel = ""'),
        ('title = "两条曲线"', 'title = "两条曲线"\nylabel = "rate"'),
        ('title = "两条曲线"', 'title = "两条曲线"\nrates = [0, 0.02]'),
        ('title = "两条曲线"', 'title = "两条曲线"\nsize = "3.3333333x2"'),
        ('title = "两条曲线"', 'title = "两条曲线"\nannotations = { 5 = "a", 9 = "b" }'),
        ('title = "两条曲线"', 'title = "两条曲线"\ndifferences = true'),
        ('title = "两条曲线"', 'title = "两条曲线"\nzoom = "5:5"'),
    ],
)
def test_with_any_setting_the_config_in_the_picture_draws_it_again(
    run: Run, docs: Path, old: str, new: str
) -> None:
    run("build", "figures.toml")
    edit(docs / "figures.toml", old, new)
    assert run("build", "figures.toml", "--check").out.startswith("one.png: stale (")
    assert run("build", "figures.toml", "-q").status == 0
    before = (docs / "one.png").read_bytes()
    (docs / "again.toml").write_text(run("explain", "one.png", "-q").out, encoding="utf-8")
    (docs / "one.png").unlink()
    assert run("build", "again.toml", "-q") == (0, "", "")
    assert (docs / "one.png").read_bytes() == before


def test_a_single_panel_may_have_a_title_beside_that_of_the_figure(run: Run, docs: Path) -> None:
    text = (
        '[figure.a]\ntitle = "one"\ndpi = 90\n[[figure.a.panel]]\ntitle = "two"\n'
        'curves = ["const:lr=1"]\n'
    )
    (docs / "a.toml").write_text(text)
    assert run("build", "a.toml", "-q").status == 0
    assert run("explain", "a.png", "-q").out == text.replace("90\n[[", "90\n\n[[").replace(
        '"two"\n', '"two"\nsteps = 1000\n'
    )
    (docs / "a.toml").write_text(text.replace('"one"', '"three"'))
    assert "title was 'one' and is 'three' now" in run("build", "a.toml", "--check").out


def test_the_column_of_steps_is_a_setting_too(run: Run, docs: Path) -> None:
    (docs / "two.csv").write_text("step,b,lr\n0,0,0.1\n1,10,0.2\n")
    (docs / "a.toml").write_text('[figure.a]\nstep_column = "b"\ncurves = ["@two.csv"]\n')
    assert run("build", "a.toml", "-q").status == 0
    assert run("explain", "a.png", "-q").out == (
        '[figure.a]\nsteps = 11\nstep_column = "b"\ncurves = ["two.csv=@two.csv"]\n'
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [("0.8", "0.80000000001"), ("50,0.8\n51,0.9", "50,0.9\n51,0.8"), ("1e-9", "1e-11")],
)
def test_every_digit_of_a_log_counts(run: Run, docs: Path, old: str, new: str) -> None:
    (docs / "run.csv").write_text("step,lr\n0,1\n50,0.8\n51,0.9\n99999,1e-9\n")
    (docs / "a.toml").write_text('[figure.a]\ncurves = ["@run.csv"]\n')
    run("build", "a.toml")
    edit(docs / "run.csv", old, new)
    assert run("build", "a.toml", "--check", "-q").status == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("rates = [0, 1]", "rates = [0.0, 1.0]"),
        ("steps_per_epoch = 10", "steps_per_epoch = 10.0"),
        ('annotations = { 1 = "x", 2 = "y" }', 'annotations = { 2 = "y", 1 = "x" }'),
        ("columns = 1", "columns = 3"),
        ("", 'zoom = "0:999"\nannotations = { 2000 = "x" }'),
        ('output = "a.png"', 'output = "no/../a.png"'),
    ],
)
def test_what_does_not_show_is_no_change(run: Run, docs: Path, before: str, after: str) -> None:
    for settings in (before, after):
        (docs / "a.toml").write_text(f'[figure.a]\n{settings}\ncurves = ["const:lr=1"]\n')
        result = run("build", "a.toml")
        assert result.status == 0
    assert result.err == "lrviz: 1 picture: 0 drawn, 1 up to date\n"


@pytest.mark.parametrize("name", ["run.csv", "figures.toml"])
def test_what_is_read_is_never_replaced(run: Run, docs: Path, name: str) -> None:
    """Whatever its name; a picture is TOML as well as anything."""
    (docs / name).rename(docs / "x.png")
    text = CONFIG.replace("@run.csv", "@x.png") if name == "run.csv" else CONFIG
    config = "figures.toml" if name == "run.csv" else "x.png"
    (docs / config).write_text(text.replace("[figure.one]", "[figure.x]"), encoding="utf-8")
    before = files(docs)
    if name == "run.csv":
        (docs / config).write_text(
            '[figure.x]\ncurves = ["@x.png"]\n',
        )
        before = files(docs)
    result = run("build", config)
    assert result.status == 2
    assert "'x.png' is read for the figures; name another as output" in result.err
    assert files(docs) == before


def test_a_pipe_is_no_picture(run: Run, docs: Path) -> None:
    os.mkfifo(docs / "one.png")
    said = (
        "lrviz: error: figures.toml, line 5: 'one.png' is a device or a pipe; name a file as "
        "output, or another folder with --out-dir\n"
    )
    for words in ([], ["--check"], ["--force"]):
        assert run("build", "figures.toml", *words) == (2, "", said)


def test_a_name_that_no_file_can_have(run: Run, docs: Path) -> None:
    name = "q" * 300
    (docs / "figures.toml").write_text(
        f"[figure.a]\noutput = '{name}.png'\ncurves = ['const:lr=1']\n"
    )
    said = (
        f"lrviz: error: figures.toml, line 2: '{name}.png' cannot be written (file name too long); "
        "name another file as output, or another folder with --out-dir\n"
    )
    for words in ([], ["--check"]):
        assert run("build", "figures.toml", *words) == (2, "", said)


def test_a_picture_with_an_odd_name_says_how_to_draw_it_again(run: Run, docs: Path) -> None:
    (docs / "a.toml").write_text("[figure.a]\noutput = '\\x.png'\ncurves = ['const:lr=1']\n")
    assert run("build", "a.toml", "-q").status == 0
    assert run("explain", "\\x.png", "-q").out.startswith("[figure.figure]\n")
