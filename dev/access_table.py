"""Make ACCESS.md of the tables of access: who may do what with which records."""

import csv
import sys

from checks import ROOT, own_models

PAGE = ROOT / "ACCESS.md"
MODELS = ROOT / "security" / "access_table.csv"
FIELDS = ROOT / "security" / "sensitive_fields.csv"
BESIDE = {"model", "records", "attachments"}
# code -> (Arabic, English), in the order of the columns
ROLES = {
    "service_representative": ("ممثل/ممثلة خدمة المستفيد", "Service representative"),
    "relations_officer": ("موظف علاقات المستفيدين", "Beneficiary-relations officer"),
    "branch_delegate": ("مندوب المكتب الفرعي", "Branch delegate"),
    "social_researcher": ("مسؤول البحث الاجتماعي", "Social-research officer"),
    "committee_member": ("عضو لجنة البحث", "Research-committee member"),
    "delivery_officer": ("مسؤول تقديم الخدمة", "Service-delivery officer"),
    "governance_officer": ("مسؤول/مسؤولة الحوكمة", "Governance officer"),
    "health_reader": ("مطّلع على البيانات الصحية", "Health-data reader"),
    "general_manager": ("المدير العام / المدير التنفيذي", "General manager"),
    "data_protection_officer": (
        "مسؤول حماية البيانات الشخصية",
        "Data-protection officer",
    ),
    "complaint_officer": ("مسؤول الشكاوى", "Complaints officer"),
    "sealed_case_officer": ("مسؤول البلاغات السرية", "Sealed-case focal person"),
    "center_officer": ("أخصائي قياس خدمة المستفيد", "Measurement-centre officer"),
    "center_manager": ("مدير مركز قياس خدمة المستفيد", "Measurement-centre manager"),
    "legal_adviser": ("المستشار القانوني", "Legal adviser"),
    "compensation_officer": ("مسؤول التعويضات", "Compensation officer"),
    "compensation_approver": ("صاحب صلاحية اعتماد التعويض", "Compensation approver"),
    "finance_officer": ("المحاسب / المشرف المالي", "Finance"),
    "auditor": ("المراجع الداخلي", "Internal auditor (reads only)"),
    "administrator": ("مدير النظام", "Administrator"),
    "employee": ("موظف بلا دور", "Employee without a role"),
    "portal_beneficiary": ("مستفيد (بوابة)", "Portal user"),
}
INTRO = """# Who may do what

Made by `dev/access-table` of `security/access_table.csv` and
`security/sensitive_fields.csv`; not written by hand. The tests compare both files with
the running system, through RPC: a model or a protected field without its line fails.

A line names who may: **r**ead, **w**rite, **c**reate, **d**elete; who is not named may
nothing. *Records* are what the record rules leave, and *files* are: `talk`, what is
attached beside the record, for whoever reads it; `talk for few`, for fewer than that;
or the fields that hold a file, each for whoever reads the field. What a step checks
beside that (a seat, a duty done before, `npo.duty`) is in no table.

## The roles

| code | | role |
| --- | --- | --- |
"""
WORDS = """
## What the words of *records* mean

| word | shown are |
| --- | --- |
| association | records of the associations that one works for |
| shared | one list for all associations |
| own form | the form that one filled in oneself |
| all | all of them, to at least one role |
| site | those of one's own sites |
| own | those that one handles, asked, owns or is the subject of |
| committee | those raised to one's own committee |
| own area, own kind of file, own audience | those of one's own field of work |
| not sealed | a sealed or restricted case only to whom it is entrusted |
| not barred | never a case about oneself |
| not secret | a secret agreement only to few |
| of complaints, to be handed over | as far as the task goes |
| not drafts | what was handed in or approved |
| nothing | none, to a role that has others of the kind |
| own list beside the shared one | shared lines are read, own lines are written |
"""


def read(path):
    with path.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def domain_of(place):
    """Return the domain of a model by the folder that it stands in."""
    top, *rest = place.split("/")
    if top == "models" and len(rest) > 1:
        return rest[0]
    return "forms" if top == "wizards" else top


def may(line):
    """Return who may what, those with the same letters together."""
    by_letters = {}
    for code in line:
        if code not in BESIDE and line[code]:
            by_letters.setdefault(line[code], []).append(code)
    ordered = sorted(by_letters.items(), key=lambda item: (-len(item[0]), item[0]))
    return "<br>".join(
        f"**{letters}** {', '.join(codes)}" for letters, codes in ordered
    )


def models():
    """Return the tables of the models, one for each domain."""
    domains = {name: domain_of(place) for name, place in own_models()}
    by_domain = {}
    for line in read(MODELS):
        by_domain.setdefault(domains.get(line["model"], "other"), []).append(line)
    text = ""
    for domain, lines in sorted(by_domain.items()):
        text += f"\n## {domain}\n\n| model | who may | records | files |\n"
        text += "| --- | --- | --- | --- |\n"
        for line in lines:
            text += f"| `{line['model']}` | {may(line)} | {line['records']} |"
            text += f" {line['attachments']} |\n"
    return text


def fields():
    """Return the table of the protected fields."""
    text = "\n## Protected fields\n\nRead by those named alone, by whatever way.\n\n"
    text += "| model | field | read by |\n| --- | --- | --- |\n"
    for line in read(FIELDS):
        readers = line["readers"].replace(" ", ", ") or "nobody but the system"
        text += f"| `{line['model']}` | `{line['field']}` | {readers} |\n"
    return text


def page():
    roles = "".join(
        f"| `{code}` | {arabic} | {english} |\n"
        for code, (arabic, english) in ROLES.items()
    )
    return INTRO + roles + WORDS + models() + fields()


def main():
    columns = [name for name in read(MODELS)[0] if name not in BESIDE]
    if columns != list(ROLES):
        print("The roles of the table are not those of dev/access_table.py.")
        return 1
    text = page()
    if "--check" not in sys.argv:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    print("ACCESS.md is not what the tables of access say: run dev/access-table.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
