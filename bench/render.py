"""A rendered handout against barely cloning as many paragraphs with lxml: the price of everything else."""

from __future__ import annotations

import copy
import io
import sys
import time
from collections.abc import Callable
from typing import Any

import docx
from lxml import etree

from zotsync.config import Centre
from zotsync.handout.compose import Library
from zotsync.handout.handoutfile import Handout
from zotsync.handout.render import House, render_handout
from zotsync.handout.themes import load_theme
from zotsync.handout.writers.ooxml import NAMESPACE, RELATIONS, tag
from zotsync.model import KEY_ALPHABET
from zotsync.zotero.schema import bundled

RUNS = 9
LIMIT = 2.0
LINEAR = 15.0  # times as long for ten times as many; what is quadratic takes a hundred
SIZES = (1_000, 10_000)
ABSTRACT = (
    "Une réalité multiple : que disent les pratiques ? Des questions, et « bien d’autres ». " * 4
)


def item(number: int) -> dict[str, Any]:
    """Return a reference that prints as six paragraphs, one of them a link."""
    return {
        "itemType": "journalArticle",
        "title": f"Le travailleur pair, ce nouveau collègue ? Étude {number}",
        "creators": [
            {"creatorType": "author", "lastName": f"Nom{number % 977}", "firstName": "Ève"},
            {"creatorType": "author", "lastName": "Simon", "firstName": "J-L."},
        ],
        "publicationTitle": "Pratiques en santé mentale",
        "issue": str(number),
        "date": f"{1990 + number % 35}-03",
        "pages": "28-32",
        "libraryCatalog": "Cairn.info",
        "url": f"https://www.example.org/articles/{number}",
        "abstractNote": f"{ABSTRACT}[Extr. intro.]",
    }


def key(number: int) -> str:
    """Return a valid item key for a number."""
    letters = []
    for _place in range(8):
        number, digit = divmod(number, len(KEY_ALPHABET))
        letters.append(KEY_ALPHABET[digit])
    return "".join(letters)


def renderer(count: int) -> Callable[[], bytes]:
    """Return what renders a handout of `count` entries."""
    theme, schema = load_theme("classique"), bundled()
    house = House(Centre(institution="Centre"))
    items = {key(n): item(n) for n in range(count)}
    library = Library(items, {}, lambda _path: None)
    handout = Handout(title="La pair-aidance", date="2021-10")
    return lambda: render_handout(handout, library, theme, schema, house).data


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


def seconds(work: Callable[[], bytes]) -> float:
    """Return how long `work` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    """Print the ratio of the best runs for each size; end with 1 where one is over its limit."""
    best: list[float] = []
    failed = False
    for count in SIZES:
        render = renderer(count)
        clone = cloner(render())
        # by turns, so that a busy moment hits both
        pairs = [(seconds(clone), seconds(render)) for _run in range(RUNS)]
        bare, full = (min(times) for times in zip(*pairs, strict=True))
        best.append(full)
        failed |= count == SIZES[0] and full / bare > LIMIT
        print(
            f"render {count:,} entries: {full:.3f} s, {full / bare:.2f} times bare cloning"
            f" ({bare:.3f} s){f'; at most {LIMIT:g}' if count == SIZES[0] else ''}"
        )
    growth = best[1] / best[0]
    print(f"render: ten times as many entries take {growth:.1f} times as long; at most {LINEAR:g}")
    sys.exit(1 if failed or growth > LINEAR else 0)


if __name__ == "__main__":
    main()
