"""A headless Chromium without network, driven over a pipe by the DevTools protocol: no port, no package."""

from __future__ import annotations

import base64
import io
import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import matplotlib.image
import numpy as np

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_FLAGS = (
    "--headless", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
    "--no-first-run", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9",
    "--force-device-scale-factor=1",
)  # fmt: skip


def found() -> str | None:
    """The browser on PATH, if any."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _cut_off() -> list[str]:
    """Words before the command that take its network away, where the system allows it."""
    for words in (["unshare", "-n"], ["unshare", "-r", "-n"]):
        if shutil.which("unshare") and subprocess.run([*words, "true"], capture_output=True).returncode == 0:
            return words
    return []


class Browser:
    """One page of a browser; everything that the page asked for or complained about is kept."""

    def __init__(self, profile: Path, *, width: int = 1400, height: int = 1000) -> None:
        command = found()
        assert command is not None, "no chromium on PATH"
        into_read, self._into = os.pipe()
        self._out, out_write = os.pipe()
        self._process = subprocess.Popen(
            ["bash", "-c", f'exec "$0" "$@" 3<&{into_read} 4>&{out_write}', *_cut_off(), command, *_FLAGS,
             f"--user-data-dir={profile}", f"--window-size={width},{height}", "about:blank"],
            pass_fds=(into_read, out_write), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(into_read)
        os.close(out_write)
        self._buffer, self._number, self._session = b"", 0, ""
        self.events: list[dict[str, Any]] = []
        try:
            self._attach()
        except BaseException:
            self.close()
            raise

    def _attach(self) -> None:
        page = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.send(f"{domain}.enable")

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the browser."""
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=10)
        os.close(self._into)
        os.close(self._out)

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The answer to one command."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        message |= {"sessionId": self._session} if self._session else {}
        os.write(self._into, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return dict(answer["result"])
            self.events.append(answer)

    def _next(self, timeout_s: float = 60.0) -> dict[str, Any]:
        until = time.monotonic() + timeout_s
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._out], [], [], max(0.0, until - time.monotonic()))
            assert ready, f"the browser said nothing for {timeout_s} s"
            read = os.read(self._out, 1 << 20)
            assert read, f"the browser ended with {self._process.poll()}"
            self._buffer += read
        message, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(message))

    def evaluate(self, script: str) -> Any:
        """What a piece of JavaScript gives in the page."""
        result = self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def wait_for(self, script: str, *, timeout_s: float = 60.0) -> None:
        """Waits until a piece of JavaScript is true."""
        until = time.monotonic() + timeout_s
        while not self.evaluate(script):
            assert time.monotonic() < until, f"not true after {timeout_s} s: {script}"
            time.sleep(0.1)

    def open(self, path: Path) -> None:
        """Opens a file."""
        self.send("Page.navigate", url=path.resolve().as_uri())
        self.wait_for("document.readyState === 'complete'")

    def picture(self, selector: str = "") -> np.ndarray[Any, Any]:
        """A screenshot of an element, or of the whole page, as (height, width, RGB) from 0 to 1."""
        data = base64.b64decode(self._shot(selector))
        return np.asarray(matplotlib.image.imread(io.BytesIO(data)))[..., :3]

    def _shot(self, selector: str) -> str:
        element = f"document.querySelector({json.dumps(selector or 'html')})"
        box = self.evaluate(
            f"(() => {{ const r = {element}.getBoundingClientRect();"
            " return {x: r.x + scrollX, y: r.y + scrollY, width: r.width, height: r.height, scale: 1}; })()"
        )
        answer = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=box)
        return str(answer["data"])

    def hover(self, x: float, y: float) -> None:
        """Moves the mouse there, in pixels of the window."""
        for step in (2.0, 0.0):
            self.send("Input.dispatchMouseEvent", type="mouseMoved", x=x - step, y=y)
        time.sleep(0.3)

    def _of(self, method: str) -> list[dict[str, Any]]:
        self.evaluate("1")  # what the page said before this is read by now
        return [event["params"] for event in self.events if event.get("method") == method]

    @property
    def requests(self) -> list[str]:
        """Addresses the page asked for, blocked ones too."""
        return [each["request"]["url"] for each in self._of("Network.requestWillBeSent")]

    @property
    def complaints(self) -> list[str]:
        """Errors and warnings: exceptions, console errors, refusals by the page's policy."""
        logged = [each["entry"] for each in self._of("Log.entryAdded")]
        thrown = [str(each["exceptionDetails"]) for each in self._of("Runtime.exceptionThrown")]
        said = [each for each in self._of("Runtime.consoleAPICalled") if each["type"] in ("error", "warning")]
        return (
            [each["text"] for each in logged if each["level"] in ("error", "warning")]
            + thrown
            + [str(each["args"]) for each in said]
        )
