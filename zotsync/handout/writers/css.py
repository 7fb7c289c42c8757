"""A theme's looks as a stylesheet: for screens from a phone's to a wide one, and for paper as in Word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from string import Template

from zotsync.handout.entry import Mark, Role
from zotsync.handout.writers.contrast import LARGE, NORMAL, WHITE, readable
from zotsync.handout.writers.fontstacks import font_stack
from zotsync.handout.writers.looks import Letters, Look, Looks, Page

_READING = 1.0625
"""The size of an abstract on a screen, in rem. Everything else keeps its proportion to it."""
_SMALLEST = 0.8
_FLUID = 1.5
"""Letters from this size on shrink with the screen."""
_SIDES = {"top": "top", "right": "inline-end", "bottom": "bottom", "left": "inline-start"}
"""Sides of a frame, as a document that is read from the right has them too."""
_LARGE_POINTS, _LARGE_BOLD_POINTS = 18, 14
_ALWAYS = """\
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;color-scheme:light;scroll-padding:1rem}
body,h1,h2,h3,p,ul{margin:0;padding:0;font:inherit}
ul{list-style:none}
body{overflow-wrap:break-word}
a{overflow-wrap:anywhere;text-underline-offset:.15em;text-decoration-thickness:.06em}
sub,sup{font-size:.72em;line-height:0}
.small-caps{font-variant-caps:small-caps}
.logo{display:block;height:3.6rem;max-width:100%;object-fit:contain;object-position:left}
.frame>:first-child,article:first-child,article>:first-child{margin-top:0}
.frame>:last-child{padding-bottom:0}
"""
_SCREEN = Template("""\
@media screen{
:root{--lead:1.42;--tight:1.18;--in:1;--justify:start}
body{width:min(100% - 2.5rem,$width);margin:0 auto;padding:2.5rem 0 4rem}
body:has(>header>.bleed:first-child){padding-top:0}
.logo{margin-bottom:1.25rem}
.bleed{margin-inline:0;padding-inline:0;padding-block:clamp(1.5rem,1rem + 2.5vw,2.75rem);\
border-width:0;border-image:conic-gradient(var(--field) 0 0) fill 0//0 100vmax}
.qr{display:none}
header{margin-bottom:2.25rem}
h1,h2{text-wrap:balance}
header>:first-child{margin-top:0}
nav ul{margin:.75rem 0 1.5rem}
nav li+li{margin-top:.25rem}
.abstract+.abstract,.note+.note{margin-top:.45rem}
.names ul{columns:17rem;column-gap:2rem}
a:hover{text-decoration-thickness:.12em}
a:focus-visible{outline:.15rem solid;outline-offset:.15rem;border-radius:.1rem}
article:target{box-shadow:-.75rem 0 0 $background,-1rem 0 0 $link}
}
@media screen and (max-width:40rem){
:root{--in:.35}
body{width:calc(100% - 2rem)}
h1,h2,h3,p{hyphens:auto}
}
""")
_PRINT = Template("""\
@media print{
:root{--lead:1.22;--tight:1.22;--in:1;--justify:justify;font-size:$root}
.frame,.logo{-webkit-print-color-adjust:exact;print-color-adjust:exact}
.logo{height:1.8cm;margin-bottom:.6rem}
.cover{break-after:page}
.cover+nav>*,.cover+main>:first-child{margin-top:0}
.qr{display:inline-block;width:17mm;height:17mm;image-rendering:pixelated;vertical-align:middle}
article>:not(:last-child),h2,.in-section,.in-contents-heading{break-after:avoid}
.head,h2,h3{break-inside:avoid}
nav ul{margin:.4rem 0 1rem}
p,li{orphans:2;widows:2}
li,footer{break-inside:avoid}
footer{break-before:avoid}
.names ul{columns:2;column-gap:1.5rem}
}
""")


def stylesheet(looks: Looks) -> str:
    """Return the whole stylesheet. Classes are `class_of` roles and marks."""
    unit = _Unit(looks.roles[Role.ABSTRACT].size / _READING)
    background = looks.page.background or WHITE
    link = readable(looks.marks[Mark.LINK].color or "", background)
    page, columns = looks.page, looks.page.columns > 1
    values = {
        "width": "78rem" if columns else "46rem",
        "background": f"#{background}",
        "link": f"#{link}",
        "root": f"{_number(unit.points)}pt",
    }
    return "".join([
        _ALWAYS,
        *_roles(looks, unit, background),
        *_marks(looks, unit, background),
        _SCREEN.substitute(values),
        _PRINT.substitute(values),
        *_columns(page, unit),
        _sheet(page, looks.normal),
    ])  # fmt: skip


def class_of(one: Role | Mark) -> str:
    """Return the class of a role or mark."""
    return one.name.lower().replace("_", "-")


def bleeds(look: Look) -> bool:
    """Return whether a frame is one field of colour, and can run across the whole screen."""
    return bool(look.background) and all(
        border.color == look.background for border in look.borders.values()
    )


class _Unit:
    """Points of the printed page as rem."""

    def __init__(self, points: float) -> None:
        self.points = points

    def rem(self, points: float) -> str:
        return f"{_number(points / self.points)}rem" if points else "0"

    def letters(self, points: float) -> str:
        rem = max(points / self.points, _SMALLEST)
        if rem < _FLUID:
            return f"{_number(rem)}rem"
        least = 1 + (rem - 1) / 3
        return f"clamp({_number(least)}rem,{_number(least - 0.6)}rem + 3vw,{_number(rem)}rem)"


def _roles(looks: Looks, unit: _Unit, page: str) -> Iterator[str]:
    yield f"body{{background:#{page};{_letters(looks.normal, unit, page)}}}\n"
    yield f"article,.entries{{margin-top:{unit.rem(looks.roles[Role.AUTHOR].before)}}}\n"
    for role, look in looks.roles.items():
        name = class_of(role)
        background = look.background or page
        framed = bool(look.background or look.borders)
        sides = {"margin-top": unit.rem(look.before), "padding-bottom": unit.rem(look.after)}
        if framed:
            yield f".in-{name}{{{_frame(look, unit, background)}}}\n"
            yield f".end-{name}{{margin-bottom:{unit.rem(look.after)}}}\n" if look.after else ""
        else:
            sides |= {"margin-inline": f"{_indent(look.left, unit)} {unit.rem(look.right)}"}
        said = ";".join(f"{p}:{v}" for p, v in sides.items() if v not in ("0", "0 0"))
        own = replace(look, letters=replace(look.letters, font=_other_font(look, looks.normal)))
        yield f".{name}{{{_letters(own, unit, background)};{_lines(look, unit)};{said}}}\n"
        if look.contextual:
            yield f".{name}+.{name}{{margin-top:0}}\n"


def _letters(look: Look, unit: _Unit, background: str) -> str:
    bold = look.letters.bold and look.size >= _LARGE_BOLD_POINTS
    least = LARGE if bold or look.size >= _LARGE_POINTS else NORMAL
    color = readable(look.letters.color or "", background, least)
    return ";".join([f"color:#{color}", *_letter_rules(look.letters, unit)])


def _other_font(look: Look, normal: Look) -> str | None:
    return None if look.letters.font == normal.letters.font else look.letters.font


def _letter_rules(letters: Letters, unit: _Unit) -> Iterator[str]:
    """Yield what letters say themselves, their colour aside."""
    if letters.font:
        yield f"font-family:{font_stack(letters.font)}"
    if letters.size:
        yield f"font-size:{unit.letters(letters.size)}"
    if letters.tracking:
        yield f"letter-spacing:{unit.rem(letters.tracking)}"
    flags = (
        (letters.bold, "font-weight", "700", "400"),
        (letters.italic, "font-style", "italic", "normal"),
        (letters.caps, "text-transform", "uppercase", "none"),
        (letters.small_caps, "font-variant-caps", "small-caps", "normal"),
        (letters.underline, "text-decoration-line", "underline", "none"),
    )
    for flag, rule, on, off in flags:
        if flag is not None:
            yield f"{rule}:{on if flag else off}"


def _lines(look: Look, unit: _Unit) -> str:
    """Return the rules of a paragraph's lines."""
    times = look.line if look.line_rule == "multiple" else look.line / look.size / 1.22
    lead = "--tight" if look.size / unit.points > _FLUID else "--lead"
    rules = [f"line-height:calc({_number(times)}*var({lead}))"]
    if look.align != "left":
        rules.append(f"text-align:{'var(--justify)' if look.align == 'justify' else look.align}")
    if look.first:
        rules.append(f"text-indent:{unit.rem(look.first)}")
    rules.append(f"hyphens:{'auto' if look.hyphenate else 'manual'}")
    return ";".join(rules)


def _frame(look: Look, unit: _Unit, background: str) -> str:
    """Return the rules of the frame around lines: where Word draws it, outside of the indents."""
    rules = [f"margin-top:{unit.rem(look.before)}"] if look.before else []
    if look.background:
        rules.append(f"background:#{background}")
        if bleeds(look):
            rules.append(f"--field:#{background}")
    for side, start in _SIDES.items():
        border = look.borders.get(side)
        inside = border.space + border.width if border else 0
        if border:
            color = border.color or look.letters.color
            style = "solid" if border.style == "single" else border.style
            line = f"{unit.rem(max(border.width, 0.5))} {style}"
            rules.append(f"border-{start}:{line} {f'#{color}' if color else 'currentColor'}")
            rules.append(f"padding-{start}:{unit.rem(border.space)}")
        elif look.background:
            rules.append(f"padding-{start}:{'.15rem' if side in ('top', 'bottom') else '.4rem'}")
        if side in ("left", "right"):
            outer = (look.left if side == "left" else look.right) - inside
            rules.append(f"margin-{start}:{_indent(max(outer, 0), unit)}")
    return ";".join(rules)


def _indent(points: float, unit: _Unit) -> str:
    """Return an indent, of which little is left on a phone."""
    return f"calc({unit.rem(points)}*var(--in))" if points else "0"


def _marks(looks: Looks, unit: _Unit, page: str) -> Iterator[str]:
    link = looks.marks[Mark.LINK].color or ""
    yield f"a{{color:#{readable(link, page)}}}\n"
    for mark, letters in looks.marks.items():
        rules = list(_letter_rules(letters, unit))
        if letters.background:
            rules.append(f"background:#{letters.background}")
        if letters.color is not None:
            rules.append(f"color:#{readable(letters.color, letters.background or page)}")
        if rules:
            yield f".{class_of(mark)}{{{';'.join(rules)}}}\n"
    for (role, look), (mark, letters) in product(looks.roles.items(), looks.marks.items()):
        if look.background and letters.color is not None and not letters.background:
            color = readable(letters.color, look.background)
            yield f".{class_of(role)} .{class_of(mark)}{{color:#{color}}}\n"
    yield "nav a,.names a{color:inherit}\n"


def _columns(page: Page, unit: _Unit) -> Iterator[str]:
    if page.columns == 1:  # there is room for codes beside entries
        yield "@media print{article:has(.qr){position:relative;padding-inline-end:20mm;min-height:17mm}\n"
        yield ".qr{position:absolute;top:0;inset-inline-end:0}}\n"
    else:
        line = "column-rule:1px solid #0003;" if page.separator else ""
        gap = f"column-gap:{unit.rem(max(page.gap, 18))};{line}"
        rule = f".entries{{columns:{page.columns};{gap}}}"
        whole = "article{break-inside:avoid}"
        yield f"@media print{{{rule}}}\n@media screen and (min-width:64rem){{{rule}{whole}}}\n"


def _sheet(page: Page, normal: Look) -> str:
    size = f"{_number(page.width)}pt {_number(page.height)}pt"
    margins = " ".join(f"{_number(m)}pt" for m in (page.top, page.right, page.bottom, page.left))
    font = font_stack(normal.letters.font or "")
    foot = f"content:counter(page) ' / ' counter(pages);font:9pt {font};color:#595959"
    return f"@page{{size:{size};margin:{margins};@bottom-right{{{foot}}}}}\n"


def _number(value: float) -> str:
    return f"{value:.4g}".lstrip("0") if 0 < value < 1 else f"{value:.4g}"
