"""Firefox without a window, driven by WebDriver BiDi: as much of a window as the tests ask for."""

import json
import re
import subprocess
import time
from pathlib import Path

SECONDS = 60
#: A page on the disk may read no other file, as it is set everywhere by default.
SETTINGS = 'user_pref("security.fileuri.strict_origin_policy", true);\n'


class Firefox:
    """One page in one window; its methods are those of playwright's page."""

    def __init__(self, command, profile):
        from websockets.sync.client import connect  # noqa: PLC0415 - only where it is installed

        Path(profile, "user.js").write_text(SETTINGS)
        arguments = ("--headless", "--no-remote", "--profile", str(profile))
        self._process = subprocess.Popen(
            [command, *arguments, "--remote-debugging-port=0", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        listening = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
        place = next(filter(None, map(listening.search, self._process.stderr)))[1]
        self._lent = connect(f"{place}/session", max_size=None)
        self._socket = self._lent.__enter__()
        self._sent = 0
        self.failed = []
        self._call("session.new", capabilities={})
        self._context = self._call("browsingContext.getTree")["contexts"][0]["context"]

    def close(self):
        self._lent.__exit__(None, None, None)
        self._process.kill()
        self._process.communicate()

    def _call(self, method, **parameters):
        self._sent += 1
        self._socket.send(json.dumps({"id": self._sent, "method": method, "params": parameters}))
        while True:
            heard = json.loads(self._socket.recv(timeout=SECONDS))
            if heard.get("id") == self._sent:
                assert heard["type"] == "success", heard
                return heard["result"]

    def _evaluated(self, expression):
        said = self._call(
            "script.evaluate",
            expression=expression,
            target={"context": self._context},
            awaitPromise=True,
        )
        assert said["type"] == "success", said["exceptionDetails"]["text"]
        return said["result"]

    def goto(self, place):
        self._call("browsingContext.navigate", context=self._context, url=place, wait="complete")

    def evaluate(self, expression, *given):
        """Evaluate an expression; or a function, of what is given."""
        called = f"({expression})({json.dumps(given[0])})" if given else expression
        is_function = not given and expression.lstrip().startswith("() =>")
        called = f"({expression})()" if is_function else called
        told = self._evaluated(f"Promise.resolve({called}).then(JSON.stringify)").get("value")
        return None if told is None else json.loads(told)

    def set_input_files(self, selector, path):
        found = self._evaluated(f"document.querySelector({json.dumps(selector)})")
        element = {"sharedId": found["sharedId"]}
        self._call("input.setFiles", context=self._context, element=element, files=[path])

    def fill(self, selector, text):
        self.evaluate(f"(document.querySelector('{selector}').value = {json.dumps(text)}, null)")

    def click(self, selector):
        self.evaluate(f"(document.querySelector('{selector}').click(), null)")

    def wait_for_selector(self, selector):
        until = time.monotonic() + SECONDS
        while not self.evaluate(f"Boolean(document.querySelector('{selector}'))"):
            assert time.monotonic() < until, f"{selector} did not come"
            time.sleep(0.02)

    def inner_text(self, selector):
        return self.evaluate(f"document.querySelector('{selector}').innerText")
