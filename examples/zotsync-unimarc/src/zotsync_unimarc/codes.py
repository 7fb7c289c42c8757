"""The codes of UNIMARC for what Zotero says in words."""

from __future__ import annotations

from collections.abc import Mapping

AUTHOR, EDITOR, TRANSLATOR = "070", "340", "730"
FUNCTIONS: Mapping[str, str] = {
    "author": AUTHOR,
    "editor": EDITOR,
    "translator": TRANSLATOR,
    "seriesEditor": EDITOR,
    "bookAuthor": AUTHOR,
    "artist": "040",
    "cartographer": "180",
    "castMember": "005",
    "commenter": "212",
    "composer": "230",
    "contributor": "205",
    "cosponsor": "723",
    "director": "300",
    "guest": "205",
    "interviewee": "460",
    "interviewer": "470",
    "inventor": "584",
    "performer": "590",
    "podcaster": AUTHOR,
    "presenter": AUTHOR,
    "producer": "630",
    "programmer": "635",
    "recipient": "660",
    "scriptwriter": "690",
    "sponsor": "723",
    "wordsBy": "520",
}
"""Zotero's creator type -> the function code of $4."""
OTHER = "570"
"""The function code of all others."""

KINDS: Mapping[str, str] = {
    "artwork": "k",
    "audioRecording": "j",
    "blogPost": "l",
    "computerProgram": "l",
    "dataset": "l",
    "film": "g",
    "forumPost": "l",
    "letter": "b",
    "manuscript": "b",
    "map": "e",
    "podcast": "i",
    "radioBroadcast": "i",
    "tvBroadcast": "g",
    "videoRecording": "g",
    "webpage": "l",
}
"""Zotero's item type -> the type of record, in the label; "a", printed text, for all others."""

PERIODICALS: Mapping[str, str] = {
    "journalArticle": "publicationTitle",
    "magazineArticle": "publicationTitle",
    "newspaperArticle": "publicationTitle",
}
"""Item types that are parts of a periodical -> the field with its title."""
BOOKS: Mapping[str, str] = {
    "bookSection": "bookTitle",
    "conferencePaper": "proceedingsTitle",
    "dictionaryEntry": "dictionaryTitle",
    "encyclopediaArticle": "encyclopediaTitle",
}
"""Item types that are parts of a book -> the field with its title."""

LANGUAGES: Mapping[str, str] = {
    "ar": "ara",
    "br": "bre",
    "ca": "cat",
    "cs": "cze",
    "de": "ger",
    "el": "gre",
    "en": "eng",
    "es": "spa",
    "eu": "baq",
    "fr": "fre",
    "he": "heb",
    "it": "ita",
    "ja": "jpn",
    "nl": "dut",
    "oc": "oci",
    "pl": "pol",
    "pt": "por",
    "ro": "rum",
    "ru": "rus",
    "sv": "swe",
    "tr": "tur",
    "uk": "ukr",
    "zh": "chi",
}
"""ISO 639-1 -> the code of three letters that libraries use (ISO 639-2/B)."""
LANGUAGE_NAMES: Mapping[str, str] = {
    "allemand": "ger",
    "anglais": "eng",
    "arabe": "ara",
    "deu": "ger",
    "deutsch": "ger",
    "english": "eng",
    "espagnol": "spa",
    "fra": "fre",
    "français": "fre",
    "francais": "fre",
    "french": "fre",
    "italien": "ita",
    "nld": "dut",
    "portugais": "por",
}
"""Other ways in which languages are written."""


def language_code(text: str) -> str:
    """Return the code of three letters for a language (`fr`, `fr-FR`, `Français`); "" if it is not known."""
    plain = text.strip().casefold()
    short = plain.replace("_", "-").partition("-")[0]
    if short in LANGUAGES:
        return LANGUAGES[short]
    if plain in LANGUAGE_NAMES:
        return LANGUAGE_NAMES[plain]
    return plain if plain in LANGUAGES.values() else ""
