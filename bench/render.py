"""A rendered handout against barely cloning as many paragraphs with lxml: the price of everything else.

With every choice on, in every format and theme; and its memory against docxtpl's, where that is installed
(`pip install docxtpl`).
"""

from __future__ import annotations

import copy
import importlib.util
import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import docx
from lxml import etree

from zotsync.config import Centre
from zotsync.handout import libreoffice
from zotsync.handout.compose import Library
from zotsync.handout.formats import FORMATS
from zotsync.handout.handoutfile import Handout
from zotsync.handout.render import House, render_handout
from zotsync.handout.theming.themes import list_themes, load_theme
from zotsync.handout.writers.ooxml import NAMESPACE, RELATIONS, tag
from zotsync.model import KEY_ALPHABET
from zotsync.zotero.schema import bundled

RUNS = 7
LIMIT = 2.0
"""Times bare cloning, also where choices have work of their own: sentences sought, names indexed."""
LINEAR = 15.0  # times as long for ten times as many; what is quadratic takes a hundred
SMALL, LARGE = 1_000, 10_000
SENTENCE = "Une réalité multiple : que disent les pratiques ? Des questions, et « bien d’autres ». "
ALL: Mapping[str, Any] = {
    "numbering": True,
    "section_numbers": True,
    "cover": True,
    "indexes": ("authors", "keywords"),
    "abstracts": 40,
    "keywords": True,
    "shelfmarks": True,
    "no_links": ("book", "sans lien"),
    "open_access": True,
    "notes": "imprimer",
    "updated": "2021-10-03",
}
PROXIES = {"cairn.info": ".proxy.example.org", "persee.fr": "http://proxy.example.org/login?url="}
HOSTS = ("www.example.org", "shs.cairn.info", "www.persee.fr", "hal.science")


def item(number: int) -> dict[str, Any]:
    """Return a reference that prints as six paragraphs, one of them a link; eight with all choices."""
    return {
        "itemType": "journalArticle",
        "title": f"Le travailleur pair, ce nouveau collègue ? Étude {number}",
        "creators": [
            {"creatorType": "author", "lastName": f"Nom{number % 977}", "firstName": "Ève"},
            {"creatorType": "author", "lastName": f"Simon{number % 1013}", "firstName": "J-L."},
        ],
        "publicationTitle": "Pratiques en santé mentale",
        "issue": str(number),
        "date": f"{1990 + number % 35}-03",
        "pages": "28-32",
        "libraryCatalog": "Cairn.info",
        "url": f"https://{HOSTS[number % len(HOSTS)]}/articles/{number}",
        "abstractNote": f"{SENTENCE * 4}[Extr. intro.]",
        "callNumber": f"SOC {number}",
        "tags": [{"tag": f"Mot clé {number % n}"} for n in (97, 89, 83)],
    }


def note(number: int, parent: str) -> dict[str, Any]:
    """Return a note that is printed with every tenth reference."""
    return {
        "itemType": "note",
        "parentItem": parent,
        "note": f"<p>À lire <i>avant</i> le numéro {number}.</p>",
        "tags": [{"tag": "imprimer"}],
    }


def key(number: int) -> str:
    """Return a valid item key for a number."""
    letters = []
    for _place in range(8):
        number, digit = divmod(number, len(KEY_ALPHABET))
        letters.append(KEY_ALPHABET[digit])
    return "".join(letters)


def renderer(
    count: int,
    choices: Mapping[str, Any] | None = None,
    form: str = "docx",
    theme: str = "classique",
) -> Callable[[], bytes]:
    """Return what renders a handout of `count` entries."""
    loaded, schema = load_theme(theme), bundled()
    house = House(Centre(institution="Centre"), proxy=PROXIES if choices else {})
    items = {key(n): item(n) for n in range(count)}
    if choices:
        items |= {key(count + n): note(n, key(n)) for n in range(0, count, 10)}
    library = Library(items, {}, lambda _path: None)
    handout = Handout(title="La pair-aidance", date="2021-10", choices=choices or {})
    return lambda: render_handout(handout, library, loaded, schema, house, form=form).data


def cloner(document: bytes) -> Callable[[], bytes]:
    """Return what clones a prototype for every paragraph of `document`, and nothing else.

    Python-docx opens and saves the package, as in what it is compared with.
    """
    body = docx.Document(io.BytesIO(document)).element.body
    texts = ["".join(t.text or "" for t in p.iter(tag("t"))) for p in body.iter(tag("p"))]
    plain = etree.fromstring(
        f'<w:p xmlns:w="{NAMESPACE}" xmlns:r="{RELATIONS}"><w:pPr><w:pStyle w:val="A"/></w:pPr>'
        '<w:r><w:t xml:space="preserve"/></w:r></w:p>'
    )
    linked = copy.deepcopy(plain)
    etree.SubElement(linked, tag("hyperlink")).append(linked[1])
    base = str(load_theme("classique").base)

    def clone() -> bytes:
        package = docx.Document(base)
        relations, end = package.part.rels, package.element.body[-1]
        for number, text in enumerate(texts):
            paragraph = copy.deepcopy(linked if text.startswith("https://") else plain)
            if text.startswith("https://"):
                relation = f"rIdLink{number}"
                relations.add_relationship(
                    f"{RELATIONS}/hyperlink", text, relation, is_external=True
                )
                paragraph[1].set(f"{{{RELATIONS}}}id", relation)
                paragraph[1][0][0].text = text
            else:
                paragraph[1][0].text = text
            end.addprevious(paragraph)
        stream = io.BytesIO()
        package.save(stream)
        return stream.getvalue()

    return clone


def seconds(work: Callable[[], bytes], clock: Callable[[], float] = time.process_time) -> float:
    """Return how long `work` takes: the processor's time, that of other programs aside."""
    started = clock()
    work()
    return clock() - started


def compared(what: str, render: Callable[[], bytes], limit: float | None) -> tuple[float, bool]:
    """Tell how long `render` takes against bare cloning; return its best time, and if it is in time."""
    clone = cloner(render())
    # by turns, so that a busy moment hits both
    pairs = [(seconds(clone), seconds(render)) for _run in range(RUNS)]
    bare, full = (min(times) for times in zip(*pairs, strict=True))
    told = f"; at most {limit:g}" if limit else ""
    print(f"render {what}: {full:.3f} s, {full / bare:.2f} times bare cloning ({bare:.3f} s){told}")
    return full, limit is None or full / bare <= limit


def others() -> None:
    """Tell what other formats and themes take against the Word document of classique, and dear choices.

    The pages of a table of contents are counted by LibreOffice, where it is installed.
    """
    word = renderer(SMALL, ALL)
    kinds = {
        f"as {form}": renderer(SMALL, ALL, form) for form in FORMATS if form not in {"docx", "pdf"}
    }
    for info in list_themes():
        kinds[f"with the theme {info.name}"] = renderer(SMALL, ALL, theme=info.name)
    kinds["with QR codes"] = renderer(SMALL, {**ALL, "qr": True})
    kinds["with a table of contents"] = renderer(SMALL, {**ALL, "contents": True})
    for what, render in kinds.items():
        pairs = [(seconds(word), seconds(render, time.perf_counter)) for _run in range(2)]
        base, own = (min(times) for times in zip(*pairs, strict=True))
        print(
            f"render {SMALL:,} entries {what}: {own / base:.2f} times the Word document ({base:.3f} s)"
        )


def with_docxtpl(count: int) -> bytes:
    """Return a document of as many entries, made by docxtpl: plain texts and a link each, no styles."""
    from docxtpl import DocxTemplate, RichText  # type: ignore[import-not-found] # noqa: PLC0415

    pattern = docx.Document()
    lines = ("author", "title", "source", "abstract", "access")
    fields = (*(f"{{{{ e.{name} }}}}" for name in lines), "{{r e.url }}")
    for text in ("{%p for e in entries %}", *fields, "{%p endfor %}"):
        pattern.add_paragraph(text)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pattern.docx"
        pattern.save(str(file))
        template = DocxTemplate(file)
        entries = []
        for one in map(item, range(count)):
            row = ("Nom", one["title"], "Revue", one["abstractNote"], "Sur")
            link = RichText(one["url"], url_id=template.build_url_id(one["url"]))
            entries.append({**dict(zip(lines, row, strict=True)), "url": link})
        template.render({"entries": entries}, autoescape=True)
        stream = io.BytesIO()
        template.save(stream)
        return stream.getvalue()


def peak(what: str, count: int) -> int:
    """Return how many bytes a process of its own takes at most for one document."""
    command = [sys.executable, __file__, what, str(count)]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(told.stdout)


def tell_peak(what: str, count: int) -> None:
    """Make one document, and print the most memory that it took."""
    import resource  # noqa: PLC0415 - Windows has none

    if what == "docxtpl":
        with_docxtpl(count)
    else:
        renderer(count, ALL if what == "all" else None)()
    taken = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(taken if sys.platform == "darwin" else taken * 1024)


def memory() -> bool:
    """Tell the memory of a large handout, and of docxtpl's; return whether ours is not the larger."""
    if importlib.util.find_spec("resource") is None:
        return True
    ours, most = peak("plain", LARGE), peak("all", LARGE)
    sizes = f"{ours / 2**20:.0f} MiB, with all choices {most / 2**20:.0f} MiB"
    print(f"render {LARGE:,} entries: {sizes}")
    if importlib.util.find_spec("docxtpl") is None:
        print("docxtpl is not installed, and not compared")
        return True
    theirs = peak("docxtpl", LARGE)
    print(f"docxtpl, {LARGE:,} entries: {theirs / 2**20:.0f} MiB; ours at most as much")
    return ours <= theirs


def main() -> None:
    """Print all ratios; end with 1 where one is over its limit."""
    best, good = {}, memory()  # first: a process starts with the peak of the one that starts it
    for count in (SMALL, LARGE):
        for what, choices in (("", None), (" with all choices", ALL)):
            full, in_time = compared(f"{count:,} entries{what}", renderer(count, choices), LIMIT)
            best[count, what] = full
            good &= in_time
    growth = max(best[LARGE, what] / best[SMALL, what] for what in ("", " with all choices"))
    print(f"render: ten times as many entries take {growth:.1f} times as long; at most {LINEAR:g}")
    others()
    sys.exit(0 if good and growth <= LINEAR else 1)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        tell_peak(sys.argv[1], int(sys.argv[2]))
    else:  # LibreOffice's own time, for the pages of a table of contents, is not ours
        with mock.patch.object(libreoffice, "find", return_value=None):
            main()
