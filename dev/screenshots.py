"""Take screenshots of a running Odoo with headless Chromium, over its own protocol."""

import argparse
import base64
import contextlib
import fcntl
import itertools
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import websocket

FLAGS = (
    "--headless=new --disable-gpu --disable-quic --no-first-run --hide-scrollbars "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--disable-extensions --mute-audio --remote-debugging-port=0 "
    "--remote-allow-origins=* about:blank"
).split()
MAX_HEIGHT = 8000

# True when the page shows what it is going to show.
READY = """(() => {
  if (document.readyState !== "complete") return false;
  if (document.fonts.status !== "loaded") return false;
  if ([...document.images].some((i) => i.loading !== "lazy" && !i.complete))
    return false;
  if (!document.body.classList.contains("o_web_client")) return true;
  if (!window.odoo?.isReady && !document.querySelector(".o_action_manager > *"))
    return false;
  if (!document.querySelector(".o_action_manager > *, .o_home_menu")) return false;
  return !document.querySelector(
    ".o_loading_indicator, .o_blockUI, .o_skeleton, .o_loading");
})()"""

# How much higher the window has to be to show all that is scrolled away.
HIDDEN = """(() => {
  const width = window.innerWidth;
  let hidden = document.documentElement.scrollHeight - window.innerHeight;
  for (const el of document.querySelectorAll("body *")) {
    if (el.clientWidth < width / 2 || el.scrollHeight <= el.clientHeight + 1) continue;
    if (/auto|scroll/.test(getComputedStyle(el).overflowY))
      hidden = Math.max(hidden, el.scrollHeight - el.clientHeight);
  }
  return Math.ceil(hidden);
})()"""


# Odoo's onboarding points at buttons; nobody wants that in a picture.
HIDE_POINTER = """document.head.insertAdjacentHTML("beforeend",
  "<style>.o_tour_pointer { display: none !important }</style>")"""


class Failure(Exception):
    """Something that a person can put right, in a sentence."""


class Server:
    """The Odoo that is photographed, spoken to over JSON-RPC."""

    def __init__(self, url):
        self.url = url
        self.database = self.rpc("/web/database/list")[0]

    def rpc(self, path, cookie=None, **params):
        request = urllib.request.Request(
            self.url + path,
            json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode(),
            {"Content-Type": "application/json"},
        )
        if cookie:
            request.add_header("Cookie", f"session_id={cookie}")
        try:
            with urllib.request.urlopen(request, timeout=120) as response:
                answer = json.load(response)
                self.cookie = self._session(response) or cookie
        except (urllib.error.URLError, OSError) as error:
            raise Failure(
                f"No Odoo answers on {self.url} ({error}). Start it with dev/run."
            ) from error
        if "error" in answer:
            data = answer["error"].get("data", {})
            raise Failure(f"{path}: {data.get('message') or answer['error']}")
        return answer.get("result")

    @staticmethod
    def _session(response):
        for header in response.headers.get_all("Set-Cookie") or []:
            if header.startswith("session_id="):
                return header.split(";")[0].partition("=")[2]
        return None

    def login(self, login, password):
        result = self.rpc(
            "/web/session/authenticate",
            db=self.database,
            login=login,
            password=password,
        )
        if not result or not result.get("uid"):
            raise Failure(f"The login {login} was refused.")
        return self.cookie, result["uid"]

    def call(self, cookie, model, method, *args):
        path = f"/web/dataset/call_kw/{model}/{method}"
        return self.rpc(
            path, cookie, model=model, method=method, args=list(args), kwargs={}
        )

    @contextlib.contextmanager
    def session(self, login, password, lang):
        """Log in with the given language, and give the user's own back after."""
        if not login:
            yield None
            return
        cookie, uid = self.login(login, password)
        own = self.call(cookie, "res.users", "read", [uid], ["lang"])[0]["lang"]
        if not lang or own == lang:
            yield cookie
            return
        self.call(cookie, "res.users", "write", [uid], {"lang": lang})
        try:
            yield self.login(login, password)[0]
        finally:
            cookie = self.login(login, password)[0]
            self.call(cookie, "res.users", "write", [uid], {"lang": own})


class Browser:
    """One headless Chromium with one page."""

    def __init__(self):
        program = shutil.which("chromium")
        if not program:
            raise Failure("chromium is missing. Run dev/run once: it installs it.")
        self.profile = tempfile.mkdtemp(prefix="npo-shot-")
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        self.process = subprocess.Popen(
            [program, f"--user-data-dir={self.profile}", *sandbox, *FLAGS],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.numbers = itertools.count(1)
        self.errors = []
        self.socket = websocket.create_connection(self._page_address(), timeout=60)
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")

    def _page_address(self):
        port_file = pathlib.Path(self.profile, "DevToolsActivePort")
        for _try in range(200):
            time.sleep(0.1)
            if not port_file.exists() or not port_file.read_text().strip():
                continue
            port = port_file.read_text().split()[0]
            with contextlib.suppress(OSError):
                url = f"http://127.0.0.1:{port}/json/list"
                targets = json.load(urllib.request.urlopen(url, timeout=10))
                pages = [t for t in targets if t["type"] == "page"]
                if pages:
                    return pages[0]["webSocketDebuggerUrl"]
        self.close()
        raise Failure("Chromium did not start.")

    def send(self, method, **params):
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == number:
                if "error" in message:
                    raise Failure(f"{method}: {message['error']['message']}")
                return message["result"]
            self._note_event(message)

    def _note_event(self, message):
        params = message.get("params", {})
        if message["method"] == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            text = details.get("exception", {}).get("description") or details["text"]
            self.errors.append(text)
        elif message["method"] == "Log.entryAdded":
            entry = params["entry"]
            if entry["level"] == "error":
                self.errors.append(f"{entry['text']} {entry.get('url', '')}")
        elif message["method"] == "Runtime.consoleAPICalled":
            if params["type"] == "error":
                parts = [
                    str(a.get("value", a.get("description"))) for a in params["args"]
                ]
                self.errors.append(" ".join(parts))

    def value(self, expression):
        result = self.send(
            "Runtime.evaluate",
            expression=expression,
            returnByValue=True,
            awaitPromise=True,
        )
        return result["result"].get("value")

    def size(self, width, height):
        phone = width < 700
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if phone else 1,
            mobile=phone,
        )
        self.send("Emulation.setTouchEmulationEnabled", enabled=phone)

    def wait_for(self, expression, seconds, what):
        """Wait until the expression has been true for a while."""
        end = time.monotonic() + seconds
        calm = 0
        while calm < 4:
            if time.monotonic() > end:
                raise Failure(f"{what} was not there after {seconds} s.")
            time.sleep(0.2)
            calm = calm + 1 if self.value(expression) is True else 0

    def close(self):
        with contextlib.suppress(Exception):
            self.socket.close()
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.profile, ignore_errors=True)


def open_page(browser, server, shot, cookie):
    browser.errors.clear()
    browser.send("Network.clearBrowserCookies")
    cookies = {"session_id": cookie, "frontend_lang": shot.lang}
    for name, value in cookies.items():
        if value:
            browser.send("Network.setCookie", name=name, value=value, url=server.url)
    height = 780 if shot.width < 700 else 900
    browser.size(shot.width, height)
    answer = browser.send("Page.navigate", url=server.url + shot.url)
    if answer.get("errorText"):
        raise Failure(f"{shot.url}: {answer['errorText']}")
    browser.wait_for(READY, shot.timeout, shot.url)
    for selector in shot.click or []:
        found = f"!!document.querySelector({json.dumps(selector)})"
        browser.wait_for(found, shot.timeout, selector)
        browser.value(f"document.querySelector({json.dumps(selector)}).click()")
        browser.wait_for(READY, shot.timeout, f"the page after {selector}")
    if shot.wait:
        found = f"!!document.querySelector({json.dumps(shot.wait)})"
        browser.wait_for(found, shot.timeout, shot.wait)
    return height


def grow(browser, width, height):
    """Make the window as high as its content."""
    for _try in range(3):
        hidden = browser.value(HIDDEN) or 0
        if hidden <= 0 or height >= MAX_HEIGHT:
            return
        height = min(height + hidden, MAX_HEIGHT)
        browser.size(width, height)
        time.sleep(0.5)


def take(browser, server, shot):
    password = shot.password or shot.login
    with server.session(shot.login, password, shot.lang) as cookie:
        height = open_page(browser, server, shot, cookie)
        if not shot.window:
            grow(browser, shot.width, height)
        browser.wait_for(READY, shot.timeout, shot.url)
        browser.value(HIDE_POINTER)
        image = browser.send("Page.captureScreenshot", format="png")
    shot.out.parent.mkdir(parents=True, exist_ok=True)
    shot.out.write_bytes(base64.b64decode(image["data"]))
    print(shot.out)
    for error in dict.fromkeys(browser.errors):
        print(f"  console error: {error.strip()[:400]}", file=sys.stderr)


def options():
    parser = argparse.ArgumentParser(prog="dev/screenshots")
    parser.add_argument("--server", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--table", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--only", help="only the names that contain this")
    parser.add_argument("--url", help="one page: its path, such as /odoo or /my")
    parser.add_argument("--login", help="whose page; nobody's when left out")
    parser.add_argument("--password", help="the login's own name when left out")
    parser.add_argument("--lang", default="", help="ar or en; else the user's, or both")
    parser.add_argument("--width", type=int, default=1440)
    parser.add_argument("--window", action="store_true", help="not the whole page")
    parser.add_argument("--click", action="append", help="selector to click on first")
    parser.add_argument("--wait", help="selector to wait for")
    parser.add_argument("--timeout", type=int, default=60)
    parser.add_argument("--out", type=pathlib.Path)
    return parser.parse_args()


def shots_of_table(given):
    """Lines of: name | path | login | widths; each in Arabic and English, or in one."""
    for line in given.table.read_text().splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, url, login, widths = (part.strip() for part in line.split("|"))
        if given.only and given.only not in name:
            continue
        languages = [given.lang] if given.lang else ["ar", "en"]
        for lang, width in itertools.product(languages, widths.split()):
            out = given.folder / f"{name}-{lang}-{width}.png"
            shot = {"url": url, "login": login, "width": int(width), "out": out}
            yield argparse.Namespace(**{**vars(given), **shot, "lang": lang})


def main():
    given = options()
    if given.url:
        given.out = given.out or given.folder / "shot.png"
        shots = [given]
    else:
        shots = list(shots_of_table(given))
    languages = {"ar": "ar_001", "en": "en_US"}
    failures = 0
    server = Server(given.server)
    # the language is the user's: two shots at once would see each other's
    with open(given.folder / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        browser = Browser()
        try:
            for shot in shots:
                shot.lang = languages.get(shot.lang, shot.lang)
                try:
                    take(browser, server, shot)
                except Failure as failure:
                    failures += 1
                    print(f"dev/screenshots: {shot.url}: {failure}", file=sys.stderr)
        finally:
            browser.close()
    return 1 if failures else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        sys.exit(f"dev/screenshots: {failure}")
