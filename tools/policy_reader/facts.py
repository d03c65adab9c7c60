"""What a policy says, for the fields of its version: Annex A, cell by cell.

Nothing is guessed: a fact is read from words of the text, else it stays empty.
"""

import re

from ..arabic import fold
from . import lexicon
from .approval import read_approval, read_preparer, read_version
from .cover import Cover
from .keys import Keyed, arabic
from .model import ChannelFact, Clause, Facts, StepFact, ToolFact, WindowFact
from .names import short_name
from .windows import find_windows

_PARTIES = arabic(
    r"(?:الاطراف|للاطراف|الاطراف\s+ذات\s+العلاقه)\s*:?\s*من\s+(?:ال)?مستفيدين\s+و(.{2,80}?)(?:\s+و(?:خلافه|غيرهم|خلافهم|سواهم)|\s*[،,.])"
)
_RIGHTS = arabic(r"تحديد\s+حقوق\s+وواجبات\s+(.{2,60}?)(?:\s+وطريقه|\s*[،,.]|$)")
_SERVED = arabic(r"الالكترونيه\s+في\s+خدمه\s+(\w{3,12})")
_INTERNAL = (
    ("or", arabic(r"الداخلي[ن]?\s+او\s+(?:ال)?خارجي")),
    ("and", arabic(r"الداخلي[ن]?\s+و\s?(?:ال)?خارجي")),
)
_INNOVATION = arabic(r"مفاهيم\s+وتقنيات\s+(\w{3,12})\s+ل")
_INCLUSIVE = arabic(r"\w(?:/|\()ات(?!\w)|\w/ه(?!\w)")
_DECLARATION = (
    ("verify", arabic(r"(?:ال)?تاكد\s+(?:علي|من)\s+صحه\s+(?:ال)?(?:بيانات|معلومات)")),
    (
        "affirm",
        arabic(r"ل?(?:ال)?تاكيد\s+(?:علي|من)\s+صحه\s+(?:ال)?(?:بيانات|معلومات)"),
    ),
)
_REFERRAL = (
    ("phone", arabic(r"هاتفيا|بالهاتف|عبر\s+الهاتف|اتصال\s+هاتفي")),
    ("in_person", arabic(r"حضوريا|شخصيا|بالحضور")),
)
_LEGAL = arabic(r"القانوني|والنظاميه")
_PROACTIVE = arabic(r"دون\s+(?:ال)?حاجه\s+(?:الي|ل)\s*طلب")
_CIRCULATION = arabic(r"وتعميمها|تعميم\s+(?:هذه\s+)?(?:ال)?(?:سياسه|لائحه|لايحه)")
_VIA = arabic(
    r"(?:شكاو|شكوي|تظلم).{0,120}?(?:عبر|من\s+خلال|عن\s+طريق)\s.{0,40}?(?:\(([^()]{4,300})\)|:\s*(.{4,300}?)(?:\.|$))"
)
_PARTS = re.compile(r"\s*(?:[،,؛;/]|\s[-–]\s|\n)\s*(?:و(?=ال))?")
_LICENCE_LABEL = arabic(r"(?:رقم\s+)?(?:ال)?(?:ترخيص|تصريح)")


def read_facts(cover: Cover, clauses: list[Clause]) -> Facts:
    """Return the facts of a policy; ``clauses`` are the roots of its tree."""
    return _FactReader(cover, clauses).read()


class _FactReader:
    def __init__(self, cover: Cover, clauses: list[Clause]):
        self.cover = cover
        self.roots = clauses
        self.all = [clause for root in clauses for clause in root.walk()]
        self.text = " \n ".join(clause.text for clause in self.all)
        self.keyed = Keyed(self.text)
        self.facts = Facts()

    def read(self) -> Facts:
        facts = self.facts
        facts.info_block = self.cover.info_rows()
        self._read_document()
        read_version(self.cover, facts)
        read_preparer(self.cover, facts)
        read_approval(self.cover, self.roots, facts)
        self._read_definitions()
        self._read_association()
        self._read_lists()
        self._read_windows()
        self._read_parts()
        self._read_wording()
        self._read_switches()
        return facts

    def _role(self, *roles: str) -> list[Clause]:
        return [clause for clause in self.all if clause.role in roles]

    # ------------------------------------------------------------
    # DOCUMENT AND ASSOCIATION
    # ------------------------------------------------------------

    def _read_document(self):
        facts, parts = self.facts, self.cover.parts
        facts.title_as_approved = self.cover.title or self._title_of_block()
        key = fold(facts.title_as_approved).replace("لايحه", "لائحه".replace("ئ", "ي"))
        for kind, word in lexicon.KINDS:
            if re.match(rf"(?:وثيقه\s+)?{fold(word)}", key):
                facts.kind = kind
        facts.has_toc = bool(parts["toc"])
        facts.has_info_block = len(parts["info_block"]) > 1
        facts.has_basmala = bool(parts["basmala"])
        facts.has_thanks = bool(parts["thanks"])

    def _title_of_block(self) -> str | None:
        for label, value in self.facts.info_block:
            if re.match(r"(?:اسم|عنوان)\s", fold(label)):
                return value
        return None

    def _read_association(self):
        facts, cover = self.facts, self.cover
        facts.acronym = self._acronym()
        facts.association_name = correct_words(cover.names.name)
        names = [cover.names.name, *cover.names.variants]
        facts.association_variants = [
            name for name in names if name and name != facts.association_name
        ]
        facts.short_name = short_name(facts.association_name, facts.acronym)
        slogans = {line.squeezed: line.text.strip() for line in cover.parts["slogan"]}
        facts.slogan = next(iter(slogans.values()), None)
        self._read_region(names)
        facts.license_no = self._licence()
        facts.supervisor = self._supervisor()

    def _acronym(self) -> str | None:
        for line in self.cover.parts["acronym"]:
            if line.text.isupper():
                return line.text.strip()
        return None

    def _read_region(self, names):
        """The region that the name or the cover states, no other: R016."""
        lines = [line.text for line in self.cover.parts["association"]]
        lines += [line.text for line in self.cover.parts["region"]]
        lines += [line.text for line in self.cover.parts["cover"]]
        for text in (*(name for name in names if name), " ".join(lines), *lines):
            keyed = Keyed(text)
            for code, region in lexicon.REGIONS:
                start = keyed.key.find(fold(region))
                if start >= 0:
                    words = keyed.quote(start, start + len(fold(region)))
                    self.facts.region_text, self.facts.region_code = words, code
                    return

    def _licence(self) -> str | None:
        for label, value in self.facts.info_block:
            if _LICENCE_LABEL.match(fold(label)) and re.search(r"\d", value):
                return re.search(r"\d{1,12}", fold(value))[0]
        around = [line for lines in self.cover.parts.values() for line in lines]
        for line in around:
            if match := lexicon.LICENCE.search(line.key[:300]):
                return match[1]
        match = lexicon.LICENCE.search(self.keyed.key)
        return match[1] if match else None

    def _supervisor(self) -> str | None:
        for term, meaning in self.facts.definitions:
            if lexicon.SUPERVISOR_TERM.match(fold(term)):
                return correct_words(meaning.rstrip(" ."))
        for line in self.cover.parts["cover"]:
            if name := Keyed(line.text).find(lexicon.SUPERVISOR_LINE):
                return correct_words(name)
        return None

    # ------------------------------------------------------------
    # LISTS
    # ------------------------------------------------------------

    def _read_lists(self):
        facts = self.facts
        for root in self._role("channels"):
            facts.channels += self._channels(root)
        for root in self._role("complaint_channels"):
            facts.complaint_channels += self._channels(root)
        if not facts.complaint_channels:
            facts.complaint_channels = self._channels_in_sentences()
        for clause in self._role("tool"):
            facts.tools.append(_tool(clause.text, clause.key))
        if not facts.tools:
            facts.tools = [
                _tool(part, clause.key)
                for root in self._role("tools")
                for clause in root.children
                if not clause.lines
                for part in _PARTS.split(clause.text.strip(" ."))
                if part.strip(" .")
            ]
        for clause in (step for root in self._role("steps") for step in root.children):
            if clause.role == "step":
                stage = _code(lexicon.STAGES, clause.text)
                facts.steps.append(StepFact(clause.text, stage, clause.key))

    def _channels(self, root: Clause) -> list[ChannelFact]:
        listed = [clause for clause in root.children if clause.role == "channel"]
        if not listed:
            return self._channels_inline(root)
        return [
            _channel(part, clause.label, clause.key)
            for clause in listed
            for part in _listed_parts(clause.text)
            if part.strip(" .")
        ]

    def _channels_inline(self, root: Clause) -> list[ChannelFact]:
        """«القنوات: المقابلة، الهاتف، الموقع الإلكتروني.» on one line."""
        return [
            _channel(part, "", clause.key or root.key)
            for clause in root.children
            for part in split_channels(clause.text)
        ]

    def _channels_in_sentences(self) -> list[ChannelFact]:
        for clause in self.all:
            keyed = Keyed(clause.text[:3000])
            match = _VIA.search(keyed.key)
            if match:
                group = 1 if match[1] else 2
                words = keyed.quote(*match.span(group))
                found = [
                    _channel(part, "", clause.key) for part in split_channels(words)
                ]
                if group == 1 or any(channel.codes for channel in found):
                    return found
        return []

    def _read_windows(self):
        facts = self.facts
        for root in self.roots:
            is_complaint = root.role in ("complaints", "complaint_channels")
            for clause in root.walk():
                found = find_windows(clause.text, clause.key)
                if is_complaint or lexicon.COMPLAINT.search(fold(clause.text[:3000])):
                    facts.complaint_deadlines += found
                elif clause.role in ("step", "channel") or root.role in (
                    "steps",
                    "deadline",
                ):
                    facts.windows += found
        facts.window = self._main_window()

    def _main_window(self) -> WindowFact | None:
        """The period of the step that raises the request to the committee, else the
        first of the handling."""
        stages = {step.clause_key: step.stage for step in self.facts.steps}
        windows = self.facts.windows
        for window in windows:
            if stages.get(window.clause_key) == "committee":
                return window
        return windows[0] if windows else None

    # ------------------------------------------------------------
    # SECTIONS
    # ------------------------------------------------------------

    def _read_definitions(self):
        facts = self.facts
        for clause in self._role("definition"):
            facts.definitions.append((clause.term, clause.text.rstrip(" .:")))
        facts.stakeholder_classes = [
            clause.text.rstrip(" .،") for clause in self._role("stakeholder_class")
        ]

    def _read_parts(self):
        facts = self.facts
        for clause in self._role("sub_policy"):
            title = clause.text.rstrip(" .:-")
            topic = _code(lexicon.TOPICS, title)
            facts.sub_policies.append((title, topic, clause.key))
        for name in ("organisational", "supervisory"):
            tasks = [
                task.text
                for section in self._role(f"centre_{name}")
                for task in section.children
                if task.role == "centre_task"
            ]
            if tasks:
                facts.centre_tasks[name] = tasks

    def _read_wording(self):
        facts, keyed = self.facts, self.keyed
        facts.parties_label = keyed.find(_PARTIES)
        facts.rights_party_label = keyed.find(_RIGHTS)
        facts.served_person_label = keyed.find(_SERVED)
        facts.innovation_label = keyed.find(_INNOVATION)
        facts.internal_external = _code(_INTERNAL, self.text)
        facts.gender_inclusive = bool(_INCLUSIVE.search(keyed.key))
        facts.declaration_verb = _code(_DECLARATION, self.text)
        referral = next((s for s in facts.steps if s.stage == "clarification"), None)
        if referral:
            facts.referral_mode = _code(_REFERRAL, referral.text) or "any"
            facts.referral_legal_aspect = bool(_LEGAL.search(fold(referral.text)))

    def _read_switches(self):
        facts = self.facts
        topics = {topic for _title, topic, _key in facts.sub_policies}
        stages = {step.stage for step in facts.steps}
        switches = {
            "use_definitions": bool(facts.definitions),
            "use_proactive_service": bool(_PROACTIVE.search(self.keyed.key)),
            "use_policy_circulation": bool(_CIRCULATION.search(self.keyed.key)),
            "use_measurement_center": bool(self._role("centre")),
            "has_registration_step": "registration" in stages,
            "has_delivery_step": "delivery" in stages,
            "requires_main_output": bool(lexicon.MAIN_OUTPUT.search(self.keyed.key)),
            "stakeholder_scope": "stakeholders"
            if facts.stakeholder_classes
            or any(
                lexicon.STAKEHOLDER_TERM.match(fold(term))
                for term, _meaning in facts.definitions
            )
            else "beneficiaries",
        }
        for topic, switch in lexicon.SWITCH_BY_TOPIC.items():
            switches[switch] = topic in topics
        facts.switches = switches


def _code(patterns, text: str) -> str | None:
    key = fold(text[:20_000])
    return next((code for code, pattern in patterns if pattern.search(key)), None)


def channel_codes(text: str) -> tuple[str, ...]:
    """Return the codes of a printed channel in the order of its words.

    «الخطابات والفاكسات» is two; what a longer name covers is not counted twice.
    """
    key, found = fold(text[:300]), []
    for code, pattern in lexicon.CHANNELS:
        for match in pattern.finditer(key):
            if not any(match.start() < end and s < match.end() for s, end, _c in found):
                found.append((*match.span(), code))
    return tuple(dict.fromkeys(code for _s, _e, code in sorted(found)))


def _listed_parts(text: str) -> list[str]:
    """Part an item that is several known channels: «المقابلة، الهاتف»."""
    parts = _PARTS.split(text[:1000].strip(" ."))
    if len(parts) > 1 and all(channel_codes(part) for part in parts):
        return parts
    return [text]


def _tool(text: str, key: str) -> ToolFact:
    text = text.strip(" .،,؛")
    return ToolFact(text, _code(lexicon.TOOLS, text), key)


def _channel(text: str, label: str, key: str) -> ChannelFact:
    text = text.strip(" .،,؛")
    return ChannelFact(text, channel_codes(text), label, key)


def split_channels(text: str) -> list[str]:
    """Part a run of channels: at its separators, else where a known one begins."""
    text = text.strip(" .")
    parts = [part.strip(" .") for part in _PARTS.split(text) if part.strip(" .")]
    if len(parts) > 1:
        return parts
    keyed = Keyed(text)
    spans = sorted(
        match.span()
        for _code_, pattern in lexicon.CHANNELS
        for match in pattern.finditer(keyed.key)
    )
    starts = []
    for start, end in spans:
        if not starts or start >= starts[-1][1]:
            starts.append((start, end))
    if not starts:
        return parts
    starts[0] = (0, 0)
    ends = [start for start, _end in starts[1:]] + [len(keyed.key)]
    pieces = [
        keyed.quote(start, end) for (start, _e), end in zip(starts, ends, strict=True)
    ]
    return [re.sub(r"\s+و$", "", piece) for piece in pieces if piece]


def correct_words(text: str | None) -> str | None:
    """Return a name with the spellings that the lexicon is sure of: D, Annex A."""
    from .slips import corrected_word

    if not text:
        return text
    return " ".join(corrected_word(word) or word for word in text.split())
