"""Chromium without a window, driven by its DevTools protocol: real clicks, keys and screenshots."""

import base64
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from matplotlib import get_data_path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-dev-shm-usage", "--remote-debugging-port=0", "--force-color-profile=srgb"),
)
_PATIENCE = 30.0

_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{}/fonts/ttf</dir><cachedir>{}/fonts</cachedir></fontconfig>
"""
"""The fonts that it has: those that come with matplotlib, on every machine the same."""


class Page:
    """A page in a browser. Places are in CSS pixels from its upper left corner."""

    def __init__(self, socket: Any, session: str) -> None:
        self._socket, self._session, self._number = socket, session, 0
        self.complaints: list[str] = []
        """Errors and warnings on the console, and requests that were made."""

    def send(self, method: str, **values: Any) -> Any:
        """Return what the browser answers."""
        self._number += 1
        call = {"id": self._number, "method": method, "params": values, "sessionId": self._session}
        self._socket.send(json.dumps(call))
        while True:
            said = json.loads(self._socket.recv(timeout=_PATIENCE))
            if said.get("id") == self._number:
                assert "error" not in said, said
                return said["result"]
            self._note(said.get("method"), said.get("params", {}))

    def _note(self, method: str | None, values: Any) -> None:
        if method == "Runtime.exceptionThrown":
            self.complaints.append(str(values["exceptionDetails"]))
        elif method == "Runtime.consoleAPICalled":
            self.complaints.append(str(values["args"]))
        elif method == "Log.entryAdded":
            self.complaints.append(str(values["entry"]))
        elif method == "Network.requestWillBeSent":
            url = values["request"]["url"]
            if not url.startswith(("file:", "data:")) or url.endswith("favicon.ico"):
                self.complaints.append(url)

    def open(self, path: Path, width: int = 1000, height: int = 800, **media: str) -> None:
        """Open a file in a window of that size, for a reader who likes dark pages, say."""
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        self.resize(width, height)
        features = [
            {"name": f"prefers-{key.replace('_', '-')}", "value": media[key]} for key in media
        ]
        self.send("Emulation.setEmulatedMedia", features=features)
        self.send("Page.navigate", url=path.resolve().as_uri())
        self.wait("document.readyState == 'complete' && document.querySelector('.chart path')")

    def resize(self, width: int, height: int) -> None:
        """Make the window that large; a narrow one is that of a phone."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def run(self, code: str) -> Any:
        """Return what JavaScript gives."""
        found = self.send(
            "Runtime.evaluate", expression=code, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def wait(self, code: str) -> None:
        """Wait until something is so."""
        end = time.monotonic() + _PATIENCE
        while not self.run(f"Boolean({code})"):
            assert time.monotonic() < end, f"never: {code}"
            time.sleep(0.02)

    def text(self, selector: str) -> str:
        """Return the text of the first element of a kind."""
        return str(self.run(f"document.querySelector({json.dumps(selector)}).textContent"))

    def texts(self, selector: str) -> list[str]:
        """Return the texts of all elements of a kind."""
        found = f"[...document.querySelectorAll({json.dumps(selector)})]"
        return list(self.run(f"{found}.map((one) => one.textContent)"))

    def box(self, selector: str) -> tuple[float, float, float, float]:
        """Return left, top, width and height of the first element of a kind."""
        box = f"document.querySelector({json.dumps(selector)}).getBoundingClientRect()"
        left, top, width, height = self.run(
            f"(({{x, y, width, height}}) => [x, y, width, height])({box})"
        )
        return left, top, width, height

    def mouse(self, kind: str, x: float, y: float, **values: Any) -> None:
        """Do something with the mouse."""
        self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, **values)

    def hover(self, x: float, y: float) -> None:
        """Move the mouse to a place."""
        self.mouse("mouseMoved", x, y)

    def click(self, selector: str) -> None:
        """Click the middle of an element, as it comes to be in the window."""
        shown = "scrollIntoView({block: 'nearest', behavior: 'instant'})"
        self.run(f"document.querySelector({json.dumps(selector)}).{shown}")
        left, top, width, height = self.box(selector)
        self.drag((left + width / 2, top + height / 2), (left + width / 2, top + height / 2))

    def drag(self, start: tuple[float, float], end: tuple[float, float], clicks: int = 1) -> None:
        """Press the mouse at one place, and release it at another."""
        button: dict[str, Any] = {"button": "left", "clickCount": clicks}
        self.mouse("mouseMoved", *start)
        self.mouse("mousePressed", *start, **button, buttons=1)
        if end != start:
            self.mouse("mouseMoved", *end, button="left", buttons=1)
        self.mouse("mouseReleased", *end, **button)

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        """Put fingers on the page, move or lift them."""
        places = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        self.send("Input.dispatchTouchEvent", type=kind, touchPoints=places)

    def press(self, key: str, shift: bool = False) -> None:
        """Press a key."""
        text = {"text": key} if len(key) == 1 else {}
        codes = {"Tab": 9, "Enter": 13, "Escape": 27}
        code = {"windowsVirtualKeyCode": codes[key]} if key in codes else {}
        values = {"key": key, "modifiers": 8 * shift, **code}
        self.send("Input.dispatchKeyEvent", type="keyDown", **values, **text)
        self.send("Input.dispatchKeyEvent", type="keyUp", **values)

    def picture(self, path: Path | None = None) -> bytes:
        """Return a screenshot of the whole page."""
        data = self.send("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        if path:
            path.write_bytes(base64.b64decode(data))
        return base64.b64decode(data)

    def printed(self) -> bytes:
        """Return the page as it is printed, a PDF."""
        return base64.b64decode(self.send("Page.printToPDF")["data"])


class Browser:
    """A browser that has pages, one after the other."""

    def __init__(self, socket: Any) -> None:
        self._socket, self._number = socket, 10**6

    def _send(self, method: str, **values: Any) -> Any:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": values}))
        while True:
            said = json.loads(self._socket.recv(timeout=_PATIENCE))
            if said.get("id") == self._number:
                return said["result"]

    @contextmanager
    def page(self) -> Iterator[Page]:
        """Have a page as long as it is used; it must have had nothing to complain of."""
        target = self._send("Target.createTarget", url="about:blank")["targetId"]
        session = self._send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self._socket, session)
        yield page
        page.run("1")  # what was said before is heard by then
        self._send("Target.closeTarget", targetId=target)
        assert page.complaints == []


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """Start a browser that keeps what it has in a folder; where there is none, skip the test."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no browser is installed: apt-get install chromium")
    connect = pytest.importorskip("websockets.sync.client").connect
    (folder / "fonts.conf").write_text(_FONTS.format(get_data_path(), folder))
    profile = folder / "profile"
    # No more of what is set for the tests than it needs: without fonts it would stop.
    own = {"PATH": os.defpath, "HOME": str(folder), "FONTCONFIG_FILE": str(folder / "fonts.conf")}
    with subprocess.Popen(
        [found, *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=own,
    ) as process:
        try:
            port, path = _address(profile / "DevToolsActivePort")
            with connect(f"ws://127.0.0.1:{port}{path}", max_size=None, proxy=None) as socket:
                yield Browser(socket)
        finally:
            process.terminate()


def _address(file: Path) -> list[str]:
    """Return the port and the path that a browser is listening at, when it is."""
    end = time.monotonic() + _PATIENCE
    while not (file.exists() and len(lines := file.read_text().split()) == 2):
        assert time.monotonic() < end, "the browser does not start"
        time.sleep(0.02)
    return lines
