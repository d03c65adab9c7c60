"""Finding the name of another association in a text: R019. Plain functions.

A policy is often written from somebody else's, so that a sentence still says who wrote
it first. A name is known from the associations at hand, or by its form: «جمعية» without
the article and a word that is no common adjective.
"""

import re

from .arabic import fold, strip_invisible

# Letters that Arabic joins to the word after them: and, so, by, for, like.
_JOINED = "[وفبلك]{0,2}"
_WORD = re.compile(r"[^\s،؛:.,;!?؟()\[\]«»\"“”/]+")
_NAMED = re.compile(r"(?<!\w)[وفبلك]{0,2}(جمعي[ةه]\s+)(?=\w)")
_PARENTHESIS = re.compile(r"\s*\([^)]*\)")
# After «جمعية» these make a kind of association and no name.
_COMMON = {
    fold(word)
    for word in (
        "أهلية عمومية عامة خيرية تعاونية أخرى أو من في على هي لا أي غير ما"
    ).split()
}
_LONGEST = 4  # words of a name that are shown


def variants(*names):
    """Return the folded forms in which a text may give the names of one association.

    «جمعية» stands before a short name or not, a part in brackets is left out, and
    «في منطقة» is written «بمنطقة».
    """
    forms = set()
    for name in filter(None, names):
        for form in (name, _PARENTHESIS.sub("", name)):
            key = fold(form)
            bare = key.removeprefix("جمعيه ")
            forms |= {key, f"جمعيه {bare}"}
            forms |= {other.replace(" في ", " ب") for other in (key, f"جمعيه {bare}")}
    return forms - {""}


def foreign_names(text, own, others=()):
    """Return the names in a text that are not of the association itself.

    :param set own: the association's `variants`
    :param others: names of other associations; one of a single word counts with
        «جمعية» before it only, for it is a common word too
    :return: the names as written, without repetition
    """
    text = strip_invisible(text).replace("{association}", " ")
    found = []
    for match in _NAMED.finditer(text):
        rest = text[match.start(1) :]
        key = fold(rest)
        if any(re.match(rf"{re.escape(form)}(?!\w)", key) for form in own):
            continue
        words = _leading_words(rest)
        if len(words) > 1 and fold(words[1]) not in _COMMON:
            found.append(" ".join(words))
    key = fold(text)
    for name in others:
        form = fold(name)
        if " " not in form or form in own:
            continue
        if re.search(rf"(?<!\w){_JOINED}{re.escape(form)}(?!\w)", key) and not any(
            fold(shown).startswith(form) or form.startswith(fold(shown))
            for shown in found
        ):
            found.append(name)
    return list(dict.fromkeys(found))


def with_placeholder(text, name):
    """Return the text with ``{association}`` for the exact name of the association.

    A name of a single word is left: it may be a common word of the language.
    """
    name = (name or "").strip()
    if not text or " " not in name or name not in text:
        return text
    pattern = rf"(?<!\w)({_JOINED}){re.escape(name)}(?!\w)"
    return re.sub(pattern, r"\1{association}", text)


def _leading_words(text):
    """Return the first words up to a punctuation mark."""
    words, end = [], 0
    for match in _WORD.finditer(text):
        if words and text[end : match.start()].strip():
            break
        words.append(match.group())
        end = match.end()
        if len(words) == _LONGEST:
            break
    return words
