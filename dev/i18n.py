"""Bring the template of strings and the Arabic translation up to date."""

import argparse
import pathlib
import re
import sys

import polib

HEADER = {
    "Language": "ar",
    "Plural-Forms": (
        "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 "
        "? 3 : n%100>=11 ? 4 : 5;"
    ),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\$\{\w+\}")


def key(entry):
    return entry.msgctxt, entry.msgid


def without_dates(file):
    lines = str(file).splitlines()
    return [line for line in lines if "-Date:" not in line]


def read(path, fallback=None):
    if path.exists():
        return polib.pofile(str(path), wrapwidth=78)
    return fallback


def translated(pot, old, prune):
    """Return the translation of ``pot`` with what ``old`` knows."""
    new = polib.POFile(wrapwidth=78)
    new.header = ""
    new.metadata = dict(pot.metadata, **HEADER)
    known = {key(entry): entry for entry in old} if old is not None else {}
    if old is not None:
        for name in ("PO-Revision-Date", "Last-Translator", "Language-Team"):
            if old.metadata.get(name):
                new.metadata[name] = old.metadata[name]
    for entry in pot:
        before = known.pop(key(entry), None)
        new.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgctxt=entry.msgctxt,
                msgstr=before.msgstr if before else "",
                comment=entry.comment,
                tcomment=before.tcomment if before else "",
                occurrences=entry.occurrences,
                flags=[flag for flag in entry.flags if flag != "fuzzy"],
            )
        )
    for entry in known.values():
        if entry.msgstr and not prune:
            entry.obsolete = True
            entry.occurrences = []
            entry.comment = ""
            new.append(entry)
    return new


def wrong_placeholders(po):
    for entry in po:
        if entry.obsolete or not entry.msgstr:
            continue
        wanted, found = (
            sorted(PLACEHOLDER.findall(text)) for text in (entry.msgid, entry.msgstr)
        )
        if wanted != found and ("odoo-python" in entry.comment or "%(" in entry.msgid):
            yield entry


def save(new, old, path):
    """Write the file when more than its dates has changed; say whether it had."""
    if old is not None and without_dates(old) == without_dates(new):
        return False
    new.save(str(path))
    return True


def options():
    parser = argparse.ArgumentParser(prog="dev/i18n")
    parser.add_argument("exported", type=pathlib.Path)
    parser.add_argument("pot", type=pathlib.Path)
    parser.add_argument("po", type=pathlib.Path)
    for name in ("--check", "--prune", "--list"):
        parser.add_argument(name, action="store_true")
    return parser.parse_args()


def main():
    given = options()
    pot = polib.pofile(str(given.exported), wrapwidth=78)
    pot.header = ""
    old_pot, old_po = read(given.pot), read(given.po)
    po = translated(pot, old_po, given.prune)
    changed = [
        path.name
        for path, new, old in ((given.pot, pot, old_pot), (given.po, po, old_po))
        if old is None or without_dates(new) != without_dates(old)
    ]
    if not given.check:
        save(pot, old_pot, given.pot)
        save(po, old_po, given.po)
    untranslated = po.untranslated_entries()
    wrong = list(wrong_placeholders(po))
    if given.list:
        for entry in untranslated:
            print(repr(entry.msgid))
    for entry in wrong:
        print(f"placeholders differ: {entry.msgid!r} -> {entry.msgstr!r}")
    files = ", ".join(changed) or "no file"
    print(f"{'Stale' if given.check else 'Written'}: {files}.")
    obsolete = len(po.obsolete_entries())
    print(f"Strings: {len(pot)}. Untranslated: {len(untranslated)}. Gone: {obsolete}.")
    return 1 if wrong or (given.check and (changed or untranslated)) else 0


if __name__ == "__main__":
    sys.exit(main())
