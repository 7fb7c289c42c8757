"""Documents made by hand or at random, for the tests of every writer."""

from __future__ import annotations

from hypothesis import strategies as st
from strategies import keys, messy_text

from zotsync.handout.entry import (
    Block,
    Document,
    Entry,
    Face,
    Index,
    IndexRow,
    Line,
    Mark,
    Properties,
    Role,
    Run,
    plain,
)

HEAD = (Role.AUTHOR, Role.ENTRY_TITLE, Role.ENTRY_SUBTITLE, Role.SOURCE, Role.REFERENCE)
BODY = (Role.ABSTRACT, Role.NOTE, Role.KEYWORDS, Role.SHELFMARK, Role.ACCESS)
MARKUP = (
    "*gras* **b** _x_ __y__ `code` ~~z~~",
    "# titre #",
    "## ",
    "- liste",
    "+ liste",
    "1. un",
    "12) deux",
    "> cité",
    "===",
    "---",
    "***",
    "[texte](http://a.org)",
    "![image](x.png)",
    "[a]: http://b.org",
    "<b onclick='x'>",
    "</p><script>alert(1)</script>",
    "<!-- ",
    "&eacute; &#65; &amp;",
    "\\",
    "\\*",
    "~~~",
    "```",
    "| a | b |",
    "$x^2$",
    "a.b",
    "!",
    "http://nu.example/_x_*y*",
    "-- ",
)


def document(*entries: Entry, title: str = "Titre", heading: str = "Section") -> Document:
    """Return a small document with one section."""
    block = Block(plain(Role.SECTION, heading), entries)
    return Document((plain(Role.TITLE, title),), (block,))


def entry(*lines: Line, key: str = "ABCD2345", number: int = 0) -> Entry:
    return Entry(key, lines, number)


def texts() -> st.SearchStrategy[str]:
    """Texts that are messy, or look like markup."""
    pieces = st.one_of(messy_text(4), st.sampled_from(MARKUP), st.just(" "), st.just("mot"))
    return st.lists(pieces, min_size=1, max_size=6).map("".join)


def runs() -> st.SearchStrategy[Run]:
    """Stretches of text with formatting, some of them links."""
    path = st.text("abcXYZ019-._~:/?@!$&'()*+,;=", max_size=20)
    end = st.sampled_from(["", "%20", "#x"])
    url = st.tuples(path, end).map(lambda both: f"https://example.org/{both[0]}{both[1]}")
    faces = st.frozensets(st.sampled_from(list(Face)), max_size=2)
    return st.one_of(
        st.tuples(texts(), st.sampled_from([None, *Mark]), faces).map(lambda all_: Run(*all_)),
        st.tuples(texts(), st.just(Mark.LINK), faces, url).map(lambda all_: Run(*all_)),
        url.map(lambda each: Run(each, Mark.LINK, url=each)),
        url.map(lambda each: Run(each, code=each)),
    )


def lines(*roles: Role) -> st.SearchStrategy[Line]:
    several = st.lists(runs(), min_size=1, max_size=4).map(tuple)
    return st.builds(Line, st.sampled_from(roles), several)


def entries() -> st.SearchStrategy[Entry]:
    head, body = st.lists(lines(*HEAD), max_size=4), st.lists(lines(*BODY), max_size=4)
    both = st.tuples(head, body).map(lambda pair: (*pair[0], *pair[1]))
    return st.tuples(keys(), both).map(lambda pair: Entry(*pair))


def documents() -> st.SearchStrategy[Document]:
    """Documents with all their parts, any of which may be missing."""
    row = st.builds(IndexRow, texts(), st.just(((1, "ABCD2345"), (2, "WXYZ6789"))))
    index = st.builds(Index, lines(Role.SECTION), st.lists(row, max_size=3).map(tuple))
    heading = st.one_of(st.none(), lines(Role.SECTION))
    block = st.builds(Block, heading, st.lists(entries(), max_size=3))
    front = st.lists(lines(Role.SUBTITLE, Role.INSTITUTION, Role.DATE), max_size=2)
    return st.builds(
        Document,
        st.tuples(lines(Role.TITLE), front).map(lambda pair: (pair[0], *pair[1])),
        st.lists(block, max_size=3).map(tuple),
        st.lists(lines(Role.CONTACT), max_size=2).map(tuple),
        st.builds(Properties, texts(), texts(), texts(), texts()),
        st.just(""),
        st.booleans(),
        st.one_of(st.none(), lines(Role.CONTENTS_HEADING)),
        st.lists(lines(Role.INTRO), max_size=2).map(tuple),
        st.lists(index, max_size=2).map(tuple),
    )


def all_lines(whole: Document) -> list[Line]:
    """Return the lines of a document in order, those of contents and indexes included."""
    headings = [block.heading for block in whole.blocks if block.heading]
    headings += [index.heading for index in whole.indexes]
    contents = [whole.contents, *headings] if whole.contents else []
    found = [*whole.front, *contents, *whole.intro]
    for block in whole.blocks:
        found += [block.heading] if block.heading else []
        found += [line for each in block.entries for line in each.lines]
    for index in whole.indexes:
        found += [index.heading, *(plain(Role.INDEX, said(row)) for row in index.rows)]
    return [*found, *whole.back]


def said(row: IndexRow) -> str:
    return ", ".join((row.name, *(str(number) for number, _ in row.entries)))


def letters(text: str) -> str:
    """Return what can be printed of a text, without any kind of blank."""
    return "".join(c for c in text if not c.isspace() and (ord(c) > 159 or " " < c < "\x7f"))


def printed(line: Line) -> str:
    """Return what `letters` finds in a line, its pictures left out."""
    return letters("".join(run.text for run in line.runs if not run.code))
