"""Comparing a profile with the text of its policy, fact by fact (Annex A)."""

import re

from ...tools.arabic import fold
from ...tools.sentence import render_sentence

# What is named or worded by the product, not by the text: codes and translations.
PRODUCT_KEYS = {"code", "codes", "en", "kind", "origin", "reason", "source", "stage"}

# Switches: true where the text has these words, false where it has not.
SWITCH_WORDS = {
    "version.switches.use_definitions": "التعريفات",
    "version.switches.use_proactive_service": "دون الحاجة إلى طلب المستفيد",
    "version.switches.use_policy_circulation": "وتعميمها",
    "version.switches.use_compensation": "سياسة تعويض أصحاب المصالح",
    "version.switches.use_disputes": "سياسة تسوية الشكاوي أو الخلافات",
    "version.switches.use_good_relations": "سياسة بناء علاقات جيدة",
    "version.switches.use_information_access": "سياسة تمكين أصحاب المصالح",
    "version.switches.use_measurement_center": "مركز قياس خدمة المستفيد",
    "version.flow.referral_legal_aspect": "الجوانب التنظيمية والقانونية",
    "version.flow.has_registration_step": "التسجيل مع اكتمال الطلبات",
    "version.flow.has_delivery_step": "تقديم الخدمة اللازمة",
    "version.flow.requires_main_output": "ذات مخرج رئيسي واحد",
    "version.wording.gender_inclusive": "المستفيدين/ات",
    "version.print.print_toc": "جدول المحتويات",
    "version.print.print_info_block": "معلومات الوثيقة",
    "version.print.print_approval_block": "اعتماد مجلس الإدارة",
    "version.print.print_approval_line": "تم اعتمادها في",
    "version.print.print_basmala": "بسم الله الرحمن الرحيم",
    "version.print.print_thanks": "شكراً لكم",
    "version.print.chair_signs": "رئيس مجلس إدارة جمعية",
}

# Choices: the one whose words the text has.
CHOICE_WORDS = {
    "policy.kind": {"policy": "سياسة تنظيم العلاق", "bylaw": "لائحة تنظيم العلاق"},
    "version.flow.stakeholder_scope": {
        "stakeholders": "أصحاب المصالح: كل من له مصلحة",
        "beneficiaries": "",
    },
    "version.flow.referral_default_mode": {
        "phone": "البحث الاجتماعي هاتفياً",
        "any": "",
    },
    "version.wording.declaration_verb": {
        "verify": "التأكد على صحة البيانات",
        "affirm": "لتأكيد على صحة البيانات",
    },
    "version.wording.internal_external": {
        "or": "الداخلي أو الخارجي",
        "and": "الداخلي والخارجي",
    },
}

# Words of the profile inside a phrase of the text.
PHRASES = {
    "association.name.ar": "{}",
    "association.short_name": "{}",
    "association.acronym": "{}",
    "association.slogan": "{}",
    "association.region.printed": "{}",
    "association.supervisor": "الوزارة: {}.",
    "association.license_no": "تصريح رقم {}",
    "policy.name.ar": "{}",
    "version.version_label": "{}",
    "version.wording.parties_label": "من مستفيدين و{} وخلافه",
    "version.wording.rights_party_label": "تحديد حقوق وواجبات {}",
    "version.wording.served_person_label": "الأساليب الإلكترونية في خدمة {}",
    "version.wording.innovation_label": "مفاهيم وتقنيات {} للارتقاء",
    "version.window.response_text": "بشأن قبوله أو رفضه {}.",
    "version.approval.meeting_text": "{}",
    "version.approval.session_no": "بجلسته ({})",
    "version.approval.minutes_no": "رقم ({})",
    "version.approval.approval_year": "لعام {}م",
}
# Where the text has these words, the profile has a value, and the other way round.
MARKS = {
    "association.license_no": "تصريح رقم",
    "association.supervisor": "الوزارة:",
    "version.approval.session_no": "بجلسته (",
    "version.approval.minutes_no": "رقم محضر الاعتماد",
    "version.approval.approval_year": "لعام 20",
}

WINDOWS = {"أسبوعين": (2, "week"), "شهر": (1, "month")}
POSITIONS = {
    "رئيس مجلس الإدارة": "chair",
    "نائب رئيس مجلس الإدارة": "vice_chair",
    "المشرف المالي": "financial_supervisor",
    "عضو": "member",
    "أمين المجلس": "secretary",
}
STAKEHOLDERS = {
    "employee": "العاملون في الجمعية",
    "client": "العملاء والموردون",
    "supplier": "موردين",
    "government": "الجهات الحكومية",
    "civil": "الجهات الحكومية والأهلية",
    "private": "القطاع الخاص",
    "supporter": "داعمين",
    "volunteer": "متطوعين",
    "other": "وخلافه",
}
REGIONS = (
    "منطقة الرياض",
    "منطقة مكة المكرمة",
    "منطقة المدينة المنورة",
    "منطقة القصيم",
    "المنطقة الشرقية",
    "منطقة عسير",
    "منطقة جازان",
    "منطقة نجران",
    "منطقة الباحة",
    "منطقة الجوف",
    "منطقة الحدود الشمالية",
    "منطقة تبوك",
    "منطقة حائل",
)
LABEL = r"(?:النسخة|الإصدار) (?:الأولى|الأول|الثانية|الثاني|الثالثة|الثالث)"

_ITEM = re.compile(r"^(?:-\s*)?(?:[\d٠-٩]+\s*[-.]\s*)?")
_IS_ITEM = re.compile(r"^(?:-|\d+\s*\.)")
_DATE = re.compile(r"(\d{1,4}) ?/ ?(\d{1,2}) ?/ ?(\d{1,4})")


def clean(text):
    """Return the text folded, without marks of markdown and HTML."""
    return fold(re.sub(r"[#*]|<[^>]*>", " ", str(text)))


def leaves(value, path=""):
    """Yield (path, value) of all that a profile states."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value and not isinstance(value[0], str):
        for number, item in enumerate(value):
            yield from leaves(item, f"{path}.{number}")
    else:
        yield path, value


def get(profile, path):
    """Return what a profile states at a path; None where a part of it is empty."""
    value = profile
    for key in path.split("."):
        if isinstance(value, list):
            value = value[int(key)]
        else:
            value = value.get(key) if isinstance(value, dict) else None
    return value


class ProfileText:
    """One profile beside one text; ``mismatches`` tells where they disagree."""

    def __init__(self, profile, text):
        self.profile = profile
        self.raw_lines = text.splitlines()
        self.lines = [clean(line) for line in self.raw_lines]
        self.flat = fold(" ".join(self.lines))
        self.checked = set()
        self.mismatches = []

    def run(self):
        """Compare in both directions and return the list of disagreements."""
        self._check_title()
        self._check_phrases()
        self._check_choices()
        self._check_region()
        self._check_label()
        self._check_dates()
        self._check_approval()
        self._check_sentence()
        self._check_window()
        self._check_lists()
        self._check_nothing_else()
        return self.mismatches

    def _has(self, words):
        return clean(words) in self.flat

    def _expect(self, path, is_right, words=""):
        """Note that a fact was looked for, and whether it is as the text says."""
        self.checked.add(path)
        if not is_right:
            value = get(self.profile, path)
            self.mismatches.append(f"{path}: {value!r} is not in the text ({words})")

    def _printed(self, path):
        """Return what to look for: the printed form where a slip was corrected.

        A correction changes one or two letters, else it is no correction.
        """
        value = get(self.profile, path)
        for erratum in self.profile["errata"]:
            printed = erratum["printed"]
            if erratum["path"] == path and len(printed) == len(value):
                changes = sum(a != b for a, b in zip(printed, value, strict=True))
                return printed if changes <= 2 else value
        return value

    # ------------------------------------------------------------
    # FACTS
    # ------------------------------------------------------------

    def _check_title(self):
        path = "version.title_as_approved"
        self._expect(path, clean(get(self.profile, path)) in self.lines)

    def _check_phrases(self):
        for path, phrase in PHRASES.items():
            value = self._printed(path)
            self._expect(path, not value or self._has(phrase.format(value)), phrase)
        for path, words in MARKS.items():
            value = bool(get(self.profile, path))
            self._expect(path, value == self._has(words), words)

    def _check_choices(self):
        for path, words in SWITCH_WORDS.items():
            self._expect(path, get(self.profile, path) is self._has(words), words)
        for path, options in CHOICE_WORDS.items():
            found = [
                key for key, words in options.items() if words and self._has(words)
            ]
            found = found or [key for key, words in options.items() if not words]
            self._expect(path, [get(self.profile, path)] == found)

    def _check_region(self):
        found = [region for region in REGIONS if self._has(region)]
        printed = get(self.profile, "association.region.printed")
        expected = [clean(printed)] if printed else []
        is_right = [clean(region) for region in found] == expected
        self._expect("association.region.printed", is_right)
        if not get(self.profile, "association.region"):
            self._expect("association.region", not found)

    def _check_label(self):
        found = {fold(label) for label in re.findall(fold(LABEL), self.flat)}
        value = get(self.profile, "version.version_label")
        self._expect("version.version_label", found == ({fold(value)} - {""}))

    def _dates(self):
        """Return the dates of the text as (year, month, day), day first where a year
        stands last."""
        for first, month, last in _DATE.findall(self.flat):
            year_first = len(first) == 4
            year, day = (first, last) if year_first else (last, first)
            yield int(year), int(month), int(day)

    def _check_dates(self):
        approval = get(self.profile, "version.approval")
        dates = set(self._dates())
        hijri = {f"{y}/{m:02}/{d:02}" for y, m, d in dates if y < 1700}
        gregorian = {f"{y}-{m:02}-{d:02}" for y, m, d in dates if y >= 1700}
        stated = {approval["approval_date"], approval["issue_date"]} - {False}
        self._expect("version.approval.approval_date", gregorian == stated)
        self._expect(
            "version.approval.approval_hijri",
            hijri == {approval["approval_hijri"]} - {False},
        )
        self._expect(
            "version.approval.issue_date",
            bool(approval["issue_date"]) == self._has("تاريخ الاصدار")
            and approval["issue_date"] in (False, approval["approval_date"]),
        )
        uncertain = not hijri and any(d <= 12 and d != m for _y, m, d in dates)
        self._expect(
            "version.approval.date_uncertain",
            approval["date_uncertain"] is uncertain,
        )

    def _check_approval(self):
        body = get(self.profile, "version.approval.approved_by_body")
        by_board = self._has("مجلس الإدارة")
        self._expect(
            "version.approval.approved_by_body",
            body == ("board" if by_board else False),
        )
        prepared = get(self.profile, "version.approval.prepared_by_title")
        is_named = any(line.startswith(clean("إعداد:")) for line in self.lines)
        self._expect(
            "version.approval.prepared_by_title",
            f"({clean(prepared)})" in self.lines if prepared else not is_named,
        )
        meeting = get(self.profile, "version.approval.meeting_text")
        is_told = any(self._has(word) for word in ("الاجتماع الأول", "محضر", "بجلسته"))
        self._expect("version.approval.meeting_text", bool(meeting) == is_told)
        positions = [
            POSITIONS.get(position, position) for position in self._table_positions()
        ]
        self._expect(
            "version.signatories", get(self.profile, "version.signatories") == positions
        )

    def _check_sentence(self):
        """The form of the sentence, filled in, is the printed one (R010)."""
        path = "version.approval_template"
        template = get(self.profile, path)
        approval = get(self.profile, "version.approval")
        day = (approval["approval_date"] or "").split("-")
        hijri = (approval["approval_hijri"] or "").split("/")
        sentence = render_sentence(
            template or "",
            {
                "policy": get(self.profile, "policy.name.ar"),
                "association": get(self.profile, "association.name.ar"),
                "meeting": approval["meeting_text"],
                "gregorian": " / ".join(part.lstrip("0") for part in day[::-1]),
                "hijri": " / ".join(part.lstrip("0") for part in hijri[::-1]),
            },
        )
        is_printed = any(self._has(word) for word in ("تم اعتماد", "اعتمدت في"))
        is_right = (
            bool(sentence) and self._has(sentence) if template else not is_printed
        )
        self._expect(path, is_right, sentence)

    def _table_positions(self):
        """Return the last column of the table of signatories."""
        is_in_table = False
        for raw, line in zip(self.raw_lines, self.lines, strict=True):
            if line.endswith(clean("الاسم المنصب")):
                is_in_table = True
            elif is_in_table:
                if not line:
                    return
                yield raw.split("\t")[-1].strip()

    def _check_window(self):
        found = [
            value
            for words, value in WINDOWS.items()
            if self._has(f"خلال مدة لا تقل عن {words}.")
        ]
        window = get(self.profile, "version.window")
        for number, name in enumerate(("study_min_value", "study_min_unit")):
            self._expect(
                f"version.window.{name}",
                [window[name]] == [value[number] for value in found],
            )

    # ------------------------------------------------------------
    # LISTS, IN THEIR ORDER
    # ------------------------------------------------------------

    def _section(self, heading):
        """Return the items below a heading, without their numbers and full stops.

        The pages of contents have other words («المستخدمين»), so that a heading is
        found in the body. The list ends with the first paragraph that is no item.
        """
        starts = [
            number
            for number, line in enumerate(self.lines)
            if line.startswith(clean(heading))
        ]
        items, is_after_blank = [], False
        for line in self.lines[starts[-1] + 1 :] if starts else ():
            if not line:
                is_after_blank = bool(items)
            elif _IS_ITEM.match(line):
                items.append(_ITEM.sub("", line).strip(" ."))
                is_after_blank = False
            elif items and not is_after_blank:
                items[-1] = f"{items[-1]} {line.strip(' .')}"
            elif items:
                break
        return items

    def _of_policy(self, key):
        lines = self.profile[key]
        return [line for line in lines if line.get("origin", "policy") == "policy"]

    def _check_lists(self):
        for key, heading in (
            ("channels", "القنوات المستخدمة للتواصل مع المستفيدين"),
            ("tools", "الأدوات المتاحة لموظف علاقات المستفيدين"),
        ):
            names = [clean(line["name"]["ar"]) for line in self._of_policy(key)]
            self._expect(key, names == self._section(heading), heading)
        self._check_stakeholders()
        self._check_steps()
        self._check_complaint_channels()

    def _check_stakeholders(self):
        """The kinds of stakeholders are those that the text names (R022, R023)."""
        kinds = set(self.profile["stakeholders"])
        named = {code for code, words in STAKEHOLDERS.items() if self._has(words)}
        self._expect("stakeholders", kinds == named | {"beneficiary"})

    def _check_steps(self):
        """The steps are in our own words: each names a term of its sentence."""
        items = self._section("ويتم التعامل مع المستفيد")
        terms = [clean(step.get("term", "")) for step in self._of_policy("steps")]
        is_right = len(items) == len(terms) and all(
            term and term in item for term, item in zip(terms, items, strict=False)
        )
        self._expect("steps", is_right)

    def _check_complaint_channels(self):
        """What the text lists between the brackets, in this order and nothing more."""
        listed = re.search(fold(r"عبر عدة قنوات \(([^)]*)\)"), self.flat)
        lines = self._of_policy("complaint_channels")
        names = " ".join(clean(line["name"]["ar"]) for line in lines)
        self._expect("complaint_channels", names == (listed[1] if listed else ""))

    # ------------------------------------------------------------
    # THE OTHER DIRECTION
    # ------------------------------------------------------------

    def _check_nothing_else(self):
        """Each value is a fact looked for, a default marked as such, or a code."""
        for path, _value in leaves(self.profile):
            if not self._is_accounted(path):
                self.mismatches.append(
                    f"{path} was not looked for in the text and is no product default"
                )

    def _is_accounted(self, path):
        keys = path.split(".")
        if keys[0] in ("errata", "product_defaults", "code", "source"):
            return True
        if any(
            path == marked or path.startswith(f"{marked}.")
            for marked in (*self.checked, *self.profile["product_defaults"])
        ):
            return True
        return keys[-1] in PRODUCT_KEYS
