"""What the tests see of the machine: fonts and an environment of their own."""

import json
import os
import subprocess
import sys

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from tests.conftest import KEPT, MACHINE
from tests.machine.make_font import CHARACTERS, FONT


def test_the_only_font_beside_the_bundled_ones_is_that_of_the_tests() -> None:
    code = "import json, matplotlib.font_manager as m; print(json.dumps(m.findSystemFonts()))"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert json.loads(seen.stdout) == font_manager.findSystemFonts() == [str(FONT)]
    assert FONT.is_relative_to(MACHINE)


def test_the_font_has_what_it_says() -> None:
    assert set(FT2Font(str(FONT)).get_charmap()) == set(map(ord, CHARACTERS))


def test_the_environment_is_always_the_same() -> None:
    own = {name for name in os.environ if not name.startswith(KEPT)}
    assert own == {
        *("FONTCONFIG_FILE", "HOME", "LANG", "MPLCONFIGDIR"),
        *("PYTHONPATH", "TERM", "TZ", "XDG_DATA_HOME"),
    }
