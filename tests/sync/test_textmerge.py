from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from zotsync.model import normal_text
from zotsync.sync.merging.textmerge import MERGEABLE, merge_text
from zotsync.sync.merging.units import Change, changes, cut_sentences

# --- sentences ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sentences",
    [
        ["Le pair aide.", "Il écoute !", "Vraiment ?", "Oui."],
        ["Voir p. 28 et pp. 30-32, vol. 2, n°. 5, éd. revue, etc. pour la suite.", "Fin."],
        ["Livres, revues, etc.", "Le reste suit."],
        ["J.-L. Roelandt et M. Dupont, avec le Dr. Martin, signent.", "C. Niard aussi."],
        ["Un recours à développer… mais lequel ?", "Les pairs..."],
        ["Un recours à développer…", "[Extr. intro.]"],
        ["Sans point final", "[Résumé de l'éditeur]"],
        ["Fin.", "[Résumé de l'éditeur]", "[Extr. intro]", "Ajout de Paris."],
        ["Le [grand] Paris et [sic] lui.", "[a] puis rien."],
        ["Ils sont (…) là et [...] ici.", "Puis rien."],
        ["«\u00a0Nous y sommes.\u00a0»", "Elle le dit\u202f!", "Et «\u202fpourquoi\u202f?\u202f»"],
        ["« Nous y sommes. »", "Il dit : « Non. »", "Bien."],
        ["Est-ce etc. ?", "Oui."],
        ["Des villes, p. ex. Paris.", "Voir vol. II et t. X de l’œuvre.", "Il y a p.ex. Lyon."],
        ["<i>Un titre.</i>", "Une suite <b>(grasse.)</b>", "Fin."],
        ["Prix : 3.50 euros sur www.exemple.fr.", "2020 fut autre."],
    ],
    ids=lambda sentences: sentences[0][:20],
)
def test_sentences_are_cut_where_french_readers_would(sentences: list[str]) -> None:
    assert cut_sentences(" ".join(sentences)).units == tuple(sentences)


def test_line_breaks_end_sentences() -> None:
    pieces = cut_sentences("Un titre\n\n- une ligne\n- une autre. Fin")
    assert pieces.units == ("Un titre", "- une ligne", "- une autre.", "Fin")


@given(st.text(alphabet="aÀ.…!?[]«»\u00a0 \n\tp°n-'"))
def test_sentences_put_together_are_the_text(text: str) -> None:
    assert str(cut_sentences(text)) == text


# --- a table of cases -----------------------------------------------------------------------------

ABSTRACT = "La pair-aidance se développe. Elle pose question. Des équipes témoignent."
NOTE = "<p>Lu en comité.</p>\n<p>À garder.</p>\n<p>Voir p. 12.</p>"
ZOTERO_NOTE = f'<div class="zotero-note znv1" data-schema-version="9">{NOTE}</div>'
EXTRA = "PMID: 123\nFonds de la bibliothèque\nCote: B 12"


@dataclass(frozen=True)
class Case:
    field: str
    base: str
    local: str
    remote: str
    merged: str | None


def same_way(
    field: str, base: str, local: list[tuple[str, str]], remote: list[tuple[str, str]]
) -> Case:
    """Replacements of either side that must all be in the result."""

    def changed(pairs: list[tuple[str, str]]) -> str:
        text = base
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        return text

    return Case(field, base, changed(local), changed(remote), changed(local + remote))


MERGED = {
    "two sentences": same_way(
        "abstractNote", ABSTRACT, [("développe", "répand")], [("témoignent", "racontent")]
    ),
    "neighbouring sentences": same_way(
        "abstractNote", ABSTRACT, [("développe", "répand")], [("pose question", "interroge")]
    ),
    "an edit and an origin mark": Case(
        "abstractNote",
        ABSTRACT,
        ABSTRACT.replace("témoignent", "parlent"),
        ABSTRACT + " [Extr. intro.]",
        ABSTRACT.replace("témoignent", "parlent") + " [Extr. intro.]",
    ),
    "a sentence deleted beside an edit": same_way(
        "abstractNote", ABSTRACT, [("Elle pose question. ", "")], [("témoignent", "racontent")]
    ),
    "the last two sentences deleted, one by each": Case(
        "abstractNote",
        ABSTRACT,
        "La pair-aidance se développe. Elle pose question.",
        "La pair-aidance se développe. Des équipes témoignent.",
        "La pair-aidance se développe.",
    ),
    "a paragraph break and a word": same_way(
        "abstractNote", ABSTRACT, [(". Des", ".\n\nDes")], [("développe", "répand")]
    ),
    "a paragraph break that outlives the sentences around it": Case(
        "abstractNote",
        "Un. Deux.\nTrois. Quatre.",
        "Un.\nTrois. Quatre.",
        "Un. Deux.\nQuatre.",
        "Un.\nQuatre.",
    ),
    "the same correction, and one more": Case(
        "abstractNote",
        ABSTRACT,
        ABSTRACT.replace("Elle", "Cela"),
        ABSTRACT.replace("Elle", "Cela") + " Fin.",
        ABSTRACT.replace("Elle", "Cela") + " Fin.",
    ),
    "one at the front, one at the end": Case(
        "abstractNote",
        ABSTRACT,
        "Résumé. " + ABSTRACT,
        ABSTRACT + " Fin.",
        f"Résumé. {ABSTRACT} Fin.",
    ),
    "two blocks": same_way("note", NOTE, [("comité", "<b>comité</b>")], [("p. 12", "p.&nbsp;14")]),
    "blocks in Zotero's own wrapper": same_way(
        "note", ZOTERO_NOTE, [("comité", "réunion")], [("</div>", "\n<p>Relu.</p></div>")]
    ),
    "a block inserted, another deleted": same_way(
        "note",
        NOTE,
        [("<p>Lu en comité.</p>\n", "")],
        [("<p>Voir", "<ul><li>a</li></ul>\n<p>Voir")],
    ),
    "bare text and a block": Case(
        "note",
        "Vu.<p>Lu.</p>",
        "Vu <i>ici</i>.<p>Lu.</p>",
        "Vu.<p>Relu.</p>",
        "Vu <i>ici</i>.<p>Relu.</p>",
    ),
    "two labels": same_way("extra", EXTRA, [("123", "124")], [("B 12", "C 12")]),
    "a label and a line": same_way("extra", EXTRA, [("123", "124")], [("Fonds", "Don")]),
    "labels added by both": Case(
        "extra",
        EXTRA,
        EXTRA + "\nDOI: 10.1/x",
        EXTRA + "\nOCLC: 7",
        EXTRA + "\nDOI: 10.1/x\nOCLC: 7",
    ),
    "a label added by both, once": Case(
        "extra", EXTRA, "OCLC: 7\n" + EXTRA, EXTRA + "\nOCLC: 7", "OCLC: 7\n" + EXTRA
    ),
    "a label and a line added by both": Case(
        "extra", EXTRA, EXTRA + "\nOCLC: 7", EXTRA + "\nPrêté", EXTRA + "\nPrêté\nOCLC: 7"
    ),
    "a label moved here, edited there": Case(
        "extra",
        "PMID: 1\nDOI: 2\nOCLC: 3",
        "OCLC: 3\nPMID: 1\nDOI: 2",
        "PMID: 1\nDOI: 2\nOCLC: 4",
        "OCLC: 4\nPMID: 1\nDOI: 2",
    ),
    "a repeated label is lines": Case(
        "extra",
        "tex: a\nx\ntex: b",
        "tex: a2\nx\ntex: b",
        "tex: a\nx\ntex: b2",
        "tex: a2\nx\ntex: b2",
    ),
    "equal, no base": Case("abstractNote", "", "Oui.", "Oui.", "Oui."),
    "added here, no base": Case("note", "", "<p>x</p>", "", "<p>x</p>"),
    "emptied here": Case("extra", EXTRA, "", EXTRA, ""),
}

CONFLICTS = {
    "one sentence on both sides": Case(
        "abstractNote",
        ABSTRACT,
        ABSTRACT.replace("Elle", "Cela"),
        ABSTRACT.replace("Elle", "Ceci"),
        None,
    ),
    "edited here, deleted there": Case(
        "abstractNote",
        ABSTRACT,
        ABSTRACT.replace("Elle", "Cela"),
        ABSTRACT.replace("Elle pose question. ", ""),
        None,
    ),
    "two additions in one place": Case(
        "abstractNote", ABSTRACT, ABSTRACT + " Un.", ABSTRACT + " Deux.", None
    ),
    "an edit that goes on, and an addition behind it": Case(
        "abstractNote", "Un. Deux.", "Un. Deux ou trois. Quatre.", "Un. Deux. Cinq.", None
    ),
    "one of two equal sentences deleted, the other edited around": Case(
        "abstractNote", "Un. Un.", "Un.", "Un. Deux. Un.", None
    ),
    "lines replaced by what the other side adds twice": Case(
        "extra", "x\nx", "y", "y\nx\nx\ny", None
    ),
    "deleted here, grown together with its neighbour there": Case(
        "abstractNote", "Vu [a] [b]", "[b]", "Vu [a] puis revu.", None
    ),
    "moved here, deleted there": Case(
        "abstractNote", "Un. Deux. Trois.", "Deux. Trois. Un.", "Deux. Trois.", None
    ),
    "moved to two places": Case(
        "abstractNote",
        "Un. Deux. Trois. Quatre.",
        "Deux. Un. Trois. Quatre.",
        "Deux. Trois. Quatre. Un.",
        None,
    ),
    "emptied here, edited there": Case("abstractNote", ABSTRACT, "", ABSTRACT + " Fin.", None),
    "everything deleted, half by each": Case("abstractNote", "Un. Deux.", "Un.", "Deux.", None),
    "no base": Case("abstractNote", "", "Un. Deux.", "Un.", None),
    "no base, other labels": Case("extra", "", "DOI: 1", "PMID: 2", None),
    "a text that is not in normal form": Case("extra", "x\ny", "x\x01\ny", "x\nz", None),
    "a gap that both want otherwise": Case(
        "abstractNote", "Un. Deux.", "Un.\nDeux.", "Un.\n\nDeux.", None
    ),
    "one block on both sides": Case(
        "note", NOTE, NOTE.replace("comité", "réunion"), NOTE.replace("comité", "groupe"), None
    ),
    "a note that is not balanced": Case(
        "note", NOTE, NOTE.replace("Lu", "<b>Lu"), NOTE.replace("12", "13"), None
    ),
    "a note whose list items are not closed": Case(
        "note", "<ul><li>a</ul><p>b</p>", "<ul><li>a2</ul><p>b</p>", "<ul><li>a</ul><p>b2</p>", None
    ),
    "a note that reads differently": Case(
        "note", "<P>a</P><P>b</P>", "<P>a2</P><P>b</P>", "<P>a</P><P>b2</P>", None
    ),
    "bare texts that would run together": Case(
        "note", "a<p>b</p><p>c</p>d", "a<p>c</p>d", "a<p>b</p>d", None
    ),
    "a label with two values": Case(
        "extra", EXTRA, EXTRA.replace("123", "124"), EXTRA.replace("123", "125"), None
    ),
    "a label added with two values": Case(
        "extra", EXTRA, EXTRA + "\nOCLC: 7", "OCLC: 8\n" + EXTRA, None
    ),
    "a label edited here, deleted there": Case(
        "extra", EXTRA, EXTRA.replace("123", "124"), EXTRA.removeprefix("PMID: 123\n"), None
    ),
    "two lines added in one place": Case("extra", EXTRA, EXTRA + "\nPrêté", EXTRA + "\nVolé", None),
    "a field without units": Case("title", "Un. Deux.", "Un a. Deux.", "Un. Deux b.", None),
}


@pytest.mark.parametrize("name", MERGED)
def test_both_sides_edits_are_in_the_result(name: str) -> None:
    case = MERGED[name]
    assert merge_text(case.field, case.base, case.local, case.remote) == case.merged
    assert merge_text(case.field, case.base, case.remote, case.local) == case.merged


@pytest.mark.parametrize("name", CONFLICTS)
def test_what_cannot_stand_together_is_a_conflict(name: str) -> None:
    case = CONFLICTS[name]
    assert merge_text(case.field, case.base, case.local, case.remote) is None
    assert merge_text(case.field, case.base, case.remote, case.local) is None


# --- properties -----------------------------------------------------------------------------------

SHAPES: dict[str, list[Callable[[int], str]]] = {
    "abstractNote": [
        "Phrase t{}t.".format,
        "« Dit t{}t ! »".format,
        "Voir p. 3, t{}t…".format,
        "[Extr. t{}t]".format,
    ],
    "note": [
        "<p>t{}t</p>".format,
        "<ul><li>t{}t</li></ul>".format,
        "<h1>a &amp; t{}t<br/></h1>".format,
        '<p class="x">t{}t\n</p>'.format,
    ],
    "extra": ["ligne t{}t".format, "Label t{}t: valeur".format, "https://exemple.fr/t{}t".format],
}
GAPS = {
    "abstractNote": [" ", " ", "\n", "\n\n"],
    "note": ["", "\n", " "],
    "extra": ["\n", "\n", "\n\n"],
}
Units = list[tuple[str, str]]
"""(gap before, unit)"""


@st.composite
def edited(draw: st.DrawFn, field: str, base: Units, numbers: range) -> Units:
    """Return `base` after a person's few edits; what she types has numbers of her own."""
    units = list(base)
    for number in numbers[: draw(st.integers(0, len(numbers)))]:
        unit = draw(st.sampled_from(SHAPES[field]))(number)
        gap = draw(st.sampled_from(GAPS[field]))
        at = draw(st.integers(0, len(units)))
        act = draw(st.sampled_from(["insert", "edit", "edit", "delete", "gap", "move"]))
        if act == "insert" or at == len(units):
            units.insert(at, (gap, unit))
        elif act == "edit":
            units[at] = (units[at][0], unit)
        elif act == "gap":
            units[at] = (gap, units[at][1])
        else:
            taken = units.pop(at)
            if act == "move":
                units.insert(draw(st.integers(0, len(units))), taken)
    return units


def written(units: Units) -> str:
    return normal_text("".join(gap + unit for gap, unit in units))


@st.composite
def triples(draw: st.DrawFn) -> tuple[str, str, str, str]:
    """Return a field, a base and two edits of it; each unit of the base has a number of its own."""
    field = draw(st.sampled_from(sorted(MERGEABLE)))
    size = draw(st.integers(1, 12))
    base = [
        (draw(st.sampled_from(GAPS[field])), draw(st.sampled_from(SHAPES[field]))(n))
        for n in range(size)
    ]
    one = draw(edited(field, base, range(100, 104)))
    two = draw(edited(field, base, range(200, 204)))
    both = draw(st.booleans())
    if both:  # the same edit on both sides
        one, two = ([("\n", SHAPES[field][0](300)), *side] for side in (one, two))
    return field, written(base), written(one), written(two)


PARTS = {
    "abstractNote": ["A.", "B.", "B", "etc.", "p.", "m", "«", "»", "…", "[", "x]", " ", " ", "\n", "\u00a0"],
    "note": ["<p>", "</p>", "<p>A</p>", "<p>B</p>", "<div>", "</div>", "<br>", "<br/>", "&amp;", "x", "<",
             "<!-- -->", "\n", " "],
    "extra": ["A: 1", "A: 2", "a: 1", "B: 1", "B:", "x", "y", ":", "http://x", "\n", "\n", " "],
}  # fmt: skip


@st.composite
def messy_triples(draw: st.DrawFn) -> tuple[str, str, str, str]:
    """Return a field and three texts of few parts, with repetitions and broken ones."""
    field = draw(st.sampled_from(sorted(MERGEABLE)))
    parts = st.lists(st.sampled_from(PARTS[field]), max_size=8)
    head, middle, tail = draw(parts), draw(parts), draw(parts)
    base = head + middle + tail
    one = draw(parts) + middle + tail
    two = head + middle + draw(parts)
    if draw(st.booleans()):
        two = head + draw(parts) + tail
    return (field, *(normal_text("".join(text)) for text in (base, one, two)))  # type: ignore[return-value]


any_triples = triples() | messy_triples()


def tokens(text: str) -> set[str]:
    return set(re.findall(r"t\d+t", text))


@given(any_triples)
def test_merging_is_symmetric(triple: tuple[str, str, str, str]) -> None:
    field, base, one, two = triple
    assert merge_text(field, base, one, two) == merge_text(field, base, two, one)


@given(any_triples)
def test_merging_the_result_again_changes_nothing(triple: tuple[str, str, str, str]) -> None:
    field, base, one, two = triple
    result = merge_text(field, base, one, two)
    event("merged" if result is not None else "conflict")
    assume(result is not None)
    assert result is not None
    for side in (one, two):
        assert merge_text(field, base, result, side) == result
        assert merge_text(field, side, result, side) == result


@given(any_triples)
def test_one_sided_and_equal_edits_are_taken_as_they_are(triple: tuple[str, str, str, str]) -> None:
    field, base, one, _ = triple
    assert merge_text(field, base, base, one) == one
    assert merge_text(field, base, one, base) == one
    assert merge_text(field, base, one, one) == one


@given(triples())
def test_no_value_is_dropped_and_none_comes_back(triple: tuple[str, str, str, str]) -> None:
    field, base, one, two = triple
    result = merge_text(field, base, one, two)
    assume(result is not None)
    was, here, there = tokens(base), tokens(one), tokens(two)
    expected = (here & there) | (here - was) | (there - was)
    assert tokens(result or "") == expected


@given(any_triples)
def test_the_result_is_in_normal_form(triple: tuple[str, str, str, str]) -> None:
    result = merge_text(*triple)
    assume(result is not None)
    assert normal_text(result or "") == result


@given(
    st.sampled_from(sorted(MERGEABLE)),
    st.lists(st.sampled_from(["", "", "here", "there", "same"]), min_size=1, max_size=15),
)
def test_edits_of_different_units_always_merge(field: str, owners: list[str]) -> None:
    shape = SHAPES[field][0]
    gap = GAPS[field][1]

    def version(*mine: str) -> str:
        return gap.join(shape(n + 100 * (owner in mine)) for n, owner in enumerate(owners))

    one, two = version("here", "same"), version("there", "same")
    expected = version("here", "there", "same")
    assert merge_text(field, version("-"), one, two) == expected


# --- large texts ----------------------------------------------------------------------------------


def test_a_large_note_merges_in_full() -> None:
    blocks = [f"<p>{'mot ' * 40} t{n}t</p>" for n in range(3000)]
    one = [b.replace("mot", "nom", 1) if n % 3 == 0 else b for n, b in enumerate(blocks)]
    two = [b.replace("mot", "dit", 1) if n % 3 == 1 else b for n, b in enumerate(blocks)]
    merged = [a if a != b else c for a, b, c in zip(one, blocks, two, strict=True)]
    texts = ["\n".join(text) for text in (blocks, one, two)]
    assert merge_text("note", *texts) == "\n".join(merged)


def test_large_texts_of_equal_units_merge_or_conflict_but_end() -> None:
    base = "<p>x</p>" * 5_000
    one, two = "<p>y</p>" + base, base + "<p>z</p>"
    assert merge_text("note", base, one, two) == f"<p>y</p>{base}<p>z</p>"
    half = "<p>x</p><p>y</p>" * 2_500
    assert merge_text("note", base, half, "<p>z</p>" + half + "<p>x</p>") is None


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abcd")))
def test_changes_turn_the_old_into_the_new(old: list[str], new: list[str]) -> None:
    result: list[str] = []
    done = 0
    for change in changes(old, new):
        result += old[done : change.start] + new[change.to_start : change.to_end]
        done = change.end
    assert result + old[done:] == new


def test_equal_units_are_never_matched_twice() -> None:
    assert changes("aa", "aaa") == [Change(2, 2, 2, 3)]
    assert changes("aaa", "aa") == [Change(2, 3, 2, 2)]
    assert changes("caba", "caaba") == [Change(2, 2, 2, 3)]
