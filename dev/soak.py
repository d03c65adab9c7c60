"""People, a real server and trouble (see dev/soak)."""

import argparse
import hashlib
import http.client
import http.cookiejar
import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
STATE = Path(os.environ["STATE"])
PORT = int(os.environ["PORT"])
LOG = STATE / "log" / "soak-server.log"
# A server of several processes starts one of them by the name of its own program.
LAUNCHER = STATE / "run" / "soak-odoo.py"
# What a person meets whose server is gone, and who then presses again.
GONE = (urllib.error.URLError, http.client.HTTPException, OSError)
PATIENCE = 120  # seconds that a person goes on pressing
OFFICER = "soak_officer"
NUMBER = re.compile(r"CMP/\d{4}/\d{5}")


class Fault(Exception):
    """What was not kept, in a sentence."""


def expect(is_kept, sentence):
    if not is_kept:
        raise Fault(sentence)


# ------------------------------------------------------------
# DATABASE
# ------------------------------------------------------------

PREPARE = """
company = env["res.company"].create({"name": "Soak"})
env.ref("base.SAR").active = True
company.currency_id = env.ref("base.SAR")
company._npo_apply_profile("masaken")
version = company.npo_policy_ids.version_ids
if version.state in ("draft", "under_review"):
    reason = version.state == "draft" and "Test" or None
    version._put_in_force(unevidenced_reason=reason)
company.write({
    "name": "Soak",
    "npo_form_seconds": 0,
    "npo_posts_per_address": 10**6,
    "npo_posts_per_contact": 10**6,
})
env["website"].search([], limit=1).company_id = company
groups = ["npo_relations.group_npo_relations_officer"]
user = env["res.users"].create({
    "name": "Officer", "login": "%(officer)s", "password": "%(officer)s",
    "company_id": company.id, "company_ids": [(6, 0, company.ids)],
    "group_ids": [(6, 0, [env.ref(group).id for group in groups])],
})
env.cr.commit()
"""


def shell(database, code):
    """Run Python in Odoo's shell, and return what it printed."""
    result = subprocess.run(
        [*odoo("shell"), "-d", database, "--no-http", "--log-level=error"],
        input=code,
        capture_output=True,
        text=True,
        check=False,
    )
    expect(
        result.returncode == 0 and "Traceback" not in result.stderr,
        f"the shell failed:\n{result.stderr[-3000:]}",
    )
    return result.stdout


def odoo(*arguments):
    return [sys.executable, "-m", "odoo", *arguments]


def query(database, statement, *arguments):
    with closing(psycopg2.connect(dbname=database)) as connection:
        connection.autocommit = True
        cr = connection.cursor()
        cr.execute(statement, arguments or None)
        return cr.fetchall() if cr.description else []


# ------------------------------------------------------------
# SERVER
# ------------------------------------------------------------


class Server:
    """A server of two processes, and what becomes of it."""

    def __init__(self, database, port=PORT, crons=0, largest_file=None):
        self.database = database
        self.port = port
        self.crons = crons
        self.largest_file = largest_file
        self.process = None

    def start(self):
        arguments = [
            f"--database={self.database}",
            f"--db-filter=^{self.database}$",
            f"--http-port={self.port}",
            f"--gevent-port={self.port + 2}",
            f"--max-cron-threads={self.crons}",
            "--workers=2",
        ]
        output = subprocess.DEVNULL if self.largest_file else LOG.open("ab")
        self.process = subprocess.Popen(
            [sys.executable, LAUNCHER, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=self._limit,
        )
        return self

    def _limit(self):
        if self.largest_file:
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.largest_file,) * 2)

    def wait(self):
        """Wait until it answers."""
        until = time.monotonic() + 180
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(self.url("/web/health"), timeout=5):
                    return self
            except GONE:
                expect(self.process.poll() is None, f"the server ended ({LOG})")
                time.sleep(0.1)
        raise Fault(f"the server did not answer ({LOG})")

    def url(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def kill(self, number=signal.SIGKILL):
        """End all its processes; by kill -9 they are not asked."""
        os.killpg(self.process.pid, number)
        self.process.wait()

    @contextmanager
    def running(self):
        self.start().wait()
        try:
            yield self
        finally:
            if self.process.poll() is None:
                self.kill(signal.SIGTERM)


# ------------------------------------------------------------
# PEOPLE
# ------------------------------------------------------------


class Person:
    """A browser of somebody who presses again until there is an answer."""

    def __init__(self, server):
        self.server = server
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.browser = urllib.request.build_opener(jar)
        self.browser.addheaders = [("Accept-Language", "en")]

    def open(self, path, data=None, headers=None):
        request = urllib.request.Request(self.server.url(path), data, headers or {})
        with self.browser.open(request, timeout=60) as response:
            return response.geturl(), response.read().decode()

    def patiently(self, action):
        """Return what came of an action, or None when patience ran out."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                return action()
            except GONE:
                time.sleep(0.3)
        return None

    def form(self):
        """Return the hidden values of the complaint's form."""
        _url, page = self.open("/complain")
        values = {}
        for name in ("csrf_token", "stamp", "notice"):
            tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
            values[name] = re.search(r'value="([^"]*)"', tag[0])[1]
        return values

    def send(self, values, text, content=None):
        """Send the form; return the number on the page of thanks."""
        body, kind = multipart({**values, "description": text}, content)
        url, page = self.open("/complain", body, {"Content-Type": kind})
        number = NUMBER.search(page)
        return number[0] if "/sent/" in url and number else None

    def complain(self):
        """Return what was sent, and the number if it was acknowledged."""
        sent = Sent()
        if values := self.patiently(self.form):
            sent.number = self.patiently(
                lambda: self.send(values, sent.text, sent.content)
            )
        return sent

    def log_in(self, login):
        _url, page = self.open("/web/login")
        tag = re.search(r'<input[^>]*name="csrf_token"[^>]*>', page)
        token = re.search(r'value="([^"]*)"', tag[0])[1]
        values = {"csrf_token": token, "login": login, "password": login}
        self.open("/web/login", urllib.parse.urlencode(values).encode())
        return self

    def call(self, model, method, *args, **kwargs):
        """Call a method as the web client does; return (result, message)."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        body = json.dumps({"jsonrpc": "2.0", "params": params}).encode()
        kind = {"Content-Type": "application/json"}
        _url, text = self.open(f"/web/dataset/call_kw/{model}/{method}", body, kind)
        answer = json.loads(text)
        error = answer.get("error", {}).get("data", {})
        return answer.get("result"), error.get("message", "")


class Sent:
    """A complaint that a person sent, with a file that no other has."""

    def __init__(self):
        self.text = f"soak {uuid.uuid4()}"
        self.content = b"%PDF-1.4\n" + os.urandom(random.randrange(2_000, 200_000))
        self.number = None

    def digest(self):
        return hashlib.sha1(self.content).hexdigest()


def multipart(values, content=None):
    line = uuid.uuid4().hex
    parts = []
    for name, value in values.items():
        head = f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        parts += [head.encode(), str(value).encode(), b"\r\n"]
    if content:
        head = (
            f'--{line}\r\nContent-Disposition: form-data; name="files";'
            ' filename="letter.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
        )
        parts += [head.encode(), content, b"\r\n"]
    parts.append(f"--{line}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={line}"


class Crowd:
    """People who complain one after the other until they are told to stop."""

    def __init__(self, server, people):
        self.server = server
        self.sent = []
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self._go_on) for _ in range(people)]

    def _go_on(self):
        person = Person(self.server)
        while not self.stop.is_set():
            self.sent.append(person.complain())

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def acknowledged(self):
        return sum(1 for sent in self.sent if sent.number)

    def expect_more(self):
        """Wait until somebody is thanked again: what was down is up."""
        before, end = self.acknowledged(), time.monotonic() + PATIENCE
        while self.acknowledged() == before:
            expect(time.monotonic() < end, "nobody is thanked any more")
            time.sleep(0.2)

    def check(self, database):
        """Raise unless each is there once, as it was sent; return the figures."""
        rows = query(
            database,
            """
            SELECT c.description, c.name, a.checksum, a.store_fname
              FROM npo_complaint c
              LEFT JOIN ir_attachment a
                ON a.res_model = 'npo.complaint' AND a.res_id = c.id
               AND a.res_field IS NULL
             WHERE c.description LIKE 'soak %%'
            """,
        )
        found = {}
        for text, *rest in rows:
            found.setdefault(text, []).append(rest)
        numbers = [name for lines in found.values() for name, *_file in lines]
        expect(len(numbers) == len(set(numbers)), "a number was given twice")
        acknowledged = [sent for sent in self.sent if sent.number]
        doubled = [text for text, lines in found.items() if len(lines) > 1]
        expect(not doubled, f"{len(doubled)} are there twice")
        lost = [sent for sent in acknowledged if sent.text not in found]
        expect(not lost, f"{len(lost)} acknowledged ones are not there")
        for sent in acknowledged:
            [(number, checksum, stored)] = found[sent.text]
            expect(number == sent.number, f"{sent.number} became {number}")
            expect(checksum == sent.digest(), f"the file of {number} is another")
            kept = STATE / "filestore" / "filestore" / database / stored
            expect(kept.read_bytes() == sent.content, f"{number}: its file is damaged")
        expect(acknowledged, "nobody was acknowledged: nothing was tried")
        return (
            f"{len(self.sent)} sent, {len(acknowledged)} acknowledged,"
            f" {len(acknowledged)} found with their files, 0 doubled"
        )


# ------------------------------------------------------------
# TROUBLE
# ------------------------------------------------------------


def kills(database, options):
    """The server is killed at random moments under a load, and started again."""
    server = Server(database)
    with server.running(), Crowd(server, options.people) as crowd:
        for _round in range(options.rounds):
            time.sleep(random.uniform(1.0, 6.0))
            server.kill()
            server.start().wait()
        crowd.expect_more()
        crowd.stop.set()
        for thread in crowd.threads:
            thread.join()
    return f"{options.rounds} kills, {crowd.check(database)}"


def connection(database, options):
    """The database goes away for some seconds, with all connections, and is back."""
    server = Server(database)
    quoted = '"' + database + '"'
    with server.running(), Crowd(server, options.people) as crowd:
        for _time in range(3):
            time.sleep(2)
            query("postgres", f"ALTER DATABASE {quoted} ALLOW_CONNECTIONS false")
            query(
                "postgres",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s",
                database,
            )
            time.sleep(3)
            query("postgres", f"ALTER DATABASE {quoted} ALLOW_CONNECTIONS true")
            crowd.expect_more()
        crowd.stop.set()
        for thread in crowd.threads:
            thread.join()
    return f"3 losses of 3 s, {crowd.check(database)}"


def disk(database, _options):
    """No room for a file: refused in a sentence, and nothing of it is kept."""
    largest = 100_000
    folder = STATE / "filestore" / "filestore" / database
    with Server(database).running() as server:
        Person(server).form()  # what the page needs is there now
    with Server(database, largest_file=largest).running() as server:
        person = Person(server)
        values = person.form()
        text = f"soak {uuid.uuid4()}"
        content = b"%PDF-1.4\n" + os.urandom(3 * largest)
        number = person.send(values, text, content)
        expect(number is None, f"{number} was thanked for without its file")
        rows = query(
            database, "SELECT name FROM npo_complaint WHERE description = %s", text
        )
        expect(not rows, "a complaint was kept without its file")
        digest = hashlib.sha1(content).hexdigest()
        expect(not (folder / digest[:2] / digest).exists(), "half a file was left")
        expect(not list(folder.glob("**/*.part")), "a part of a file was left")
        small = person.send(values, text, b"%PDF-1.4\n" + os.urandom(1000))
        expect(small, "a file that has room was not taken afterwards")
    with Server(database).running() as server:
        again = Person(server)
        number = again.send(again.form(), f"{text} again", content)
        expect(number, "the same file was refused when there was room again")
    return "refused without a trace, a small one taken, the same one taken later"


PRESSED = """
company = env["res.company"].search([("name", "=", "Soak")])
user = env["res.users"].search([("login", "=", "%(officer)s")])
env = env(user=user.id, context={"allowed_company_ids": company.ids})
person = env["npo.beneficiary"].create({
    "name": "Noura Soak", "company_id": company.id, "identity_type": "national_id",
    "identity_number": "1000000008", "phone": "0501234567", "npo_gender": "female",
    "birth_date": "1980-01-01",
})
request = env["npo.request"].create({
    "company_id": company.id, "beneficiary_id": person.id,
    "partner_id": person.partner_id.id, "description": "Pressed",
    "service_id": env["npo.service"].search(
        [("code", "=", "rent_aid"), ("company_id", "=", company.id)], limit=1).id,
    "channel_id": env["npo.channel"].search([("code", "=", "interview")]).id,
})
env.cr.commit()
print("PRESSED", request.id, person.id)
"""


def press_at_once(options, presses):
    with ThreadPoolExecutor(options.press) as pool:
        return list(pool.map(lambda press: press(), presses))


def at_once(database, options):
    """Fifty press one form and one button at the same moment: it is done once."""
    output = shell(database, PRESSED % {"officer": OFFICER})
    request_id, _person = map(int, re.search(r"PRESSED (\d+) (\d+)", output).groups())
    with Server(database).running() as server:
        person = Person(server)
        values = person.form()
        text = f"soak {uuid.uuid4()}"
        numbers = press_at_once(
            options,
            [lambda: person.patiently(lambda: person.send(values, text))]
            * options.press,
        )
        expect(None not in numbers, f"{numbers.count(None)} were not thanked")
        expect(len(set(numbers)) == 1, f"one form made {len(set(numbers))} complaints")
        officer = Person(server).log_in(OFFICER)
        answers = press_at_once(
            options,
            [
                lambda: officer.patiently(
                    lambda: officer.call("npo.request", "action_receive", [request_id])
                )
            ]
            * options.press,
        )
    told = [message for _result, message in answers if message]
    expect(len(told) == options.press - 1, f"{options.press - len(told)} received it")
    expect(
        all("Traceback" not in one for one in told), "somebody was shown a traceback"
    )
    [(lines,)] = query(
        database,
        "SELECT count(*) FROM npo_stage_log l JOIN npo_stage s ON s.id = l.stage_id"
        " WHERE l.res_model = 'npo.request' AND l.res_id = %s"
        " AND s.code = 'data_entry'",
        request_id,
    )
    expect(lines == 1, f"the step was logged {lines} times")
    return (
        f"{options.press} presses of a form: 1 made;"
        f" of a step: 1 done, {len(told)} told"
    )


FIND_BUTTONS = """
import json
from lxml import etree

company = env["npo.request"].search([], limit=1).company_id
users = env["res.users"].search(
    [("company_ids", "in", company.ids), ("share", "=", False), ("id", ">", 2)])
actions = env["ir.actions.act_window"].search([("res_model", "=like", "npo.%%")])
INSERTED = "SELECT relname, n_tup_ins FROM pg_stat_xact_user_tables WHERE n_tup_ins > 0"


def inserted():
    env.cr.execute(INSERTED)
    return dict(env.cr.fetchall())


def press(record, user, button):
    # what one press does, which is then taken back; None: nothing, or what another
    # press does again (a paper is printed as often as somebody wants it)
    pressed = record.with_user(user).with_company(company)
    before, effect = inserted(), {}
    try:
        with env.cr.savepoint():
            answer = getattr(pressed, button)()
            env.flush_all()
            after = inserted()
            if isinstance(answer, dict) and answer.get("target") == "new":
                raise ZeroDivisionError
            effect = {name: n - before.get(name, 0) for name, n in after.items()
                      if n > before.get(name, 0)}
            try:
                with env.cr.savepoint():
                    getattr(pressed, button)()
                    env.flush_all()
                    effect = {} if inserted() != after else effect
            except Exception:
                pass
            raise ZeroDivisionError
    except ZeroDivisionError:
        env.invalidate_all()
    except Exception:
        env.invalidate_all()
        return None
    return effect


for name in sorted(set(actions.mapped("res_model")) & set(env.registry)):
    model = env[name]
    if model._transient or model._abstract or not model._auto:
        continue
    arch = etree.fromstring(model.get_view(view_type="form")["arch"])
    nodes = arch.xpath("//form/header//button[@type='object']")
    buttons = sorted({node.get("name") for node in nodes})
    kinds = {}
    key = next((one for one in ("stage_code", "state") if one in model._fields), None)
    domain = [("company_id", "=", company.id)] if "company_id" in model._fields else []
    for record in model.sudo().search(domain, limit=300):
        kinds.setdefault(key and record[key], record)
    for record in kinds.values():
        for button in buttons:
            for user in users:
                if not record.with_user(user).with_company(company).has_access("read"):
                    continue
                if effect := press(record, user, button):
                    print("BUTTON", json.dumps(
                        [name, record.id, button, user.login, effect]))
                    break
"""
# Who is where and what is still to be sent, not what came of a press; and what is said
# of a message in the talk once it is sent, after the press.
BESIDE = {
    "bus_bus",
    "ir_cron_trigger",
    "mail_message",
    "res_device_log",
    "res_users_log",
}


def buttons(database, options):
    """Each button of each form that does something: fifty presses do what one does."""
    output = shell(database, FIND_BUTTONS)
    found = [json.loads(line) for line in re.findall(r"^BUTTON (.*)$", output, re.M)]
    expect(found, "no button does anything: is there demo data?")
    done, refused, often, people = 0, 0, [], {}
    with Server(database).running() as server:
        for model, record, button, login, effect in found:
            if login not in people:
                people[login] = Person(server).log_in(login)
            tables = sorted(effect.keys() - BESIDE)
            before = count_all(database, tables)
            answers = press_at_once(
                options,
                [pressing(people[login], model, button, record)] * options.press,
            )
            told = [message for _result, message in answers if message]
            name = f"{model}.{button}"
            faults = [one for one in told if "Traceback" in one or "psycopg2" in one]
            expect(not faults, f"{name}: somebody was shown a fault: {faults[:1]}")
            after = count_all(database, tables)
            made = {table: after[table] - before[table] for table in tables}
            if more := {table: n for table, n in made.items() if n > effect[table]}:
                often.append(f"{name} {record}: {more} where one press makes {effect}")
            done += any(made.values())
            refused += len(told)
    expect(not often, "\n  ".join(["done more than once:", *often]))
    return (
        f"{len(found)} buttons pressed by {options.press} at once, {done} done once,"
        f" {refused} people told"
    )


def pressing(person, model, button, record):
    return lambda: person.patiently(lambda: person.call(model, button, [record]))


def count_all(database, tables):
    return {
        table: query(database, f'SELECT count(*) FROM "{table}"')[0][0]
        for table in tables
    }


QUEUED = """
company = env["res.company"].search([("name", "=", "Soak")])
partners = env["res.partner"].create([
    {"name": f"Person {i}", "email": f"person{i}@example.com", "company_id": company.id}
    for i in range(200)
])
template = env.ref("npo_relations.mail_template_req_received")
env["npo.message"].create([
    {
        "company_id": company.id, "partner_id": partner.id, "template_id": template.id,
        "subject": "Soak", "body": "<p>Soak</p>", "res_model": "res.partner",
        "res_id": partner.id, "event_key": f"soak-{partner.id}",
        "channel_id": env.ref("npo_relations.channel_email").id,
    }
    for partner in partners
])
env.ref("npo_relations.ir_cron_npo_message_send").write(
    {"nextcall": "2020-01-01 00:00:00"})
env.cr.commit()
"""


def schedulers(database, _options):
    """Two servers run the scheduled actions: each message goes out once."""
    shell(database, QUEUED)
    servers = [Server(database, PORT + part, crons=2) for part in (0, 1)]
    waiting = (
        "SELECT count(*) FROM npo_message"
        " WHERE event_key LIKE 'soak-%' AND state = 'outgoing'"
    )
    with servers[0].running(), servers[1].running():
        until = time.monotonic() + 150
        while query(database, waiting)[0][0] and time.monotonic() < until:
            time.sleep(1)
    [(left,)] = query(database, waiting)
    expect(not left, f"{left} messages were not sent")
    [(mails, messages)] = query(
        database,
        "SELECT count(*), count(DISTINCT q.npo_message_id) FROM mail_mail q"
        " JOIN npo_message m ON m.id = q.npo_message_id"
        " WHERE m.event_key LIKE 'soak-%'",
    )
    expect(mails == messages == 200, f"{mails} mails of {messages} messages of 200")
    return (
        "200 messages, 2 servers with two scheduler threads each: 200 mails, 0 doubled"
    )


def backup(database, options):
    """A backup under a load, made a database again and compared."""
    server = Server(database)
    with tempfile.TemporaryDirectory(dir=STATE / "run") as folder:
        file = f"{folder}/soak.tar"
        with server.running(), Crowd(server, options.people) as crowd:
            crowd.expect_more()
            before = crowd.acknowledged()
            run("backup", database, file)
            acknowledged = crowd.acknowledged()
        answer = run("restore", file, f"{database}_back")
        restored = f"{database}_back"
        [(kept,)] = query(
            restored,
            "SELECT count(*) FROM npo_complaint WHERE description LIKE 'soak %'",
        )
        expect(kept >= before, f"{before} were acknowledged before, {kept} are kept")
        megabytes = os.path.getsize(file) / 1e6
    with Server(restored).running() as again:
        Person(again).form()
    return (
        f"{answer} {megabytes:.0f} MB with {kept} complaints,"
        f" {acknowledged} sent until it was written"
    )


def run(command, *arguments):
    result = subprocess.run(
        [ROOT / "dev" / command, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    expect(result.returncode == 0, f"dev/{command}: {result.stderr or result.stdout}")
    return result.stdout.splitlines()[-1]


PARTS = {
    "kills": kills,
    "at-once": at_once,
    "buttons": buttons,
    "connection": connection,
    "disk": disk,
    "schedulers": schedulers,
    "backup": backup,
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("database")
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS])
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--people", type=int, default=8)
    parser.add_argument("--press", type=int, default=50)
    options = parser.parse_args()
    LAUNCHER.write_text("from odoo.cli.command import main\n\nmain()\n")
    if options.parts != ["buttons"]:  # those are pressed on the demo's associations
        shell(options.database, PREPARE % {"officer": OFFICER})
    failed = 0
    for name in options.parts or [one for one in PARTS if one != "buttons"]:
        begin = time.monotonic()
        try:
            figures = PARTS[name](options.database, options)
        except Fault as fault:
            failed += 1
            figures = f"FAILED: {fault}"
        print(f"{name}: {figures} ({time.monotonic() - begin:.0f} s)", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
