"""A plugin of pytest: several runs share one suite, each class run by one of them.

The runs collect the same tests and walk through them in the same order; whoever comes
to a class first takes it, by making a folder of its number in $NPO_TESTS_SHARED. The
longest classes go first, so that the runs end at about the same time.
"""

import itertools
import os
import re
from pathlib import Path

SHARED = Path(os.environ["NPO_TESTS_SHARED"])
# Classes that take a minute: concurrency, every screen. Not the random walk: what it
# wrote and rolled back slows the accounting of the classes after it down.
LONG = re.compile(r"concurrency|_screens|public_methods|tour|demo|translation")


def pytest_collection_modifyitems(items):
    """Begin with the classes that take long; the order is the same in every run."""
    items.sort(key=lambda item: not LONG.search(_class_of(item)))


def pytest_runtestloop(session):
    """Run the classes that no other run has taken."""
    if session.testsfailed and not session.config.option.continue_on_collection_errors:
        raise session.Interrupted(f"{session.testsfailed} errors during collection")
    classes = itertools.groupby(session.items, key=_class_of)
    for number, (_name, items) in enumerate(classes):
        if _take(number):
            _run(session, list(items))
    return True


def _class_of(item):
    return item.nodeid.rpartition("::")[0]


def _take(number):
    try:
        (SHARED / str(number)).mkdir()
    except FileExistsError:
        return False
    return True


def _run(session, items):
    # the last has no next one: what its class set up is taken down after it
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
