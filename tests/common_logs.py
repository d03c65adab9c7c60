import logging
from contextlib import contextmanager

NAMES = ("odoo", "werkzeug")


@contextmanager
def server_log():
    """Collect the lines that the server writes, whatever is turned off for tests."""
    lines = []
    handler = logging.Handler(logging.INFO)
    handler.emit = lambda record: lines.append(record.getMessage())
    disabled = logging.root.manager.disable
    loggers = [
        logging.getLogger(name)
        for name in (*NAMES, *logging.root.manager.loggerDict)
        if name.partition(".")[0] in NAMES
    ]
    levels = [logger.level for logger in loggers]
    logging.disable(logging.NOTSET)
    for logger in loggers:
        logger.setLevel(logging.INFO)
    for name in NAMES:
        logging.getLogger(name).addHandler(handler)
    try:
        yield lines
    finally:
        for name in NAMES:
            logging.getLogger(name).removeHandler(handler)
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        logging.disable(disabled)
