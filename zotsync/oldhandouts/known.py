"""Facts that no layout tells: publishers and their cities, magazines, kinds of documents. Pure."""

from __future__ import annotations

import re

CITIES = frozenset(
    name.strip().casefold()
    for name in """
    Paris, Lyon, Marseille, Toulouse, Nice, Nantes, Montpellier, Strasbourg, Bordeaux, Lille,
    Rennes, Reims, Toulon, Grenoble, Dijon, Angers, Nîmes, Villeurbanne, Clermont-Ferrand, Aix-en-
    Provence, Brest, Tours, Limoges, Amiens, Metz, Besançon, Perpignan, Orléans, Rouen, Caen,
    Nancy, Mulhouse, Montreuil, Montrouge, Issy-les-Moulineaux, Levallois-Perret, Malakoff,
    Boulogne-Billancourt, Saint-Denis, La Plaine Saint-Denis, Vanves, Ivry-sur-Seine, Vincennes,
    Nanterre, Courbevoie, Puteaux, Poitiers, Pau, La Rochelle, Saint-Étienne, Saint-Etienne, Le
    Mans, Avignon, Valence, Chambéry, Annecy, Quimper, Vannes, Lorient, Saint-Brieuc, Ramonville,
    Ramonville-Saint-Agne, Villeneuve-d’Ascq, Villeneuve-d'Ascq, Arles, Sceaux, Antony, Neuilly,
    Rueil-Malmaison, Voiron, Lormont, Latresne, Bruxelles, Louvain-la-Neuve, Liège, Namur, Genève,
    Lausanne, Fribourg, Berne, Neuchâtel, Zurich, Montréal, Québec, Sherbrooke, Ottawa, Londres,
    London, New York, Oxford, Cambridge, Berlin, Luxembourg, Rome, Madrid, Barcelone, Genebra,
    Chicago, Boston, Washington
    """.split(",")  # noqa: SIM905 - words, not code
)
PUBLISHER = re.compile(
    r"(?i)(?:\b[ée]d(?:itions?|iteurs?|s?\.)(?!\w)|\bpresses\b|\bPU[A-Z]{1,3}\b|\b(?:dunod|érès|"
    r"eres|esf|puf|pug|pur|pus|l['’]harmattan|"
    r"harmattan|ehesp|ensp|chronique sociale|de boeck|seli arslan|la découverte|champ social|"
    r"armand colin|seuil|gallimard|payot|"
    r"odile jacob|elsevier|masson|lamarre|doin|vuibert|nathan|hachette|albin michel|fayard|"
    r"flammarion|puq|ies|in press|"
    r"tom pousse|le cavalier bleu|documentation française|privat|belin|larousse|autrement|syros|"
    r"l['’]atelier|lexis ?nexis|dalloz|berger-levrault|"
    r"retz|springer|routledge|que sais-je|yapaka|fabert|mardaga|lavoisier|matrice|théétète|cnrs|"
    r"ined|enssib)\b)"
)
MAGAZINES = frozenset(
    (
        "direction(s)",
        "directions",
        "lien social",
        "tsa",
        "tsa - travail social actualités",
        "travail social actualités",
        "le média social",
        "la gazette des communes",
        "la gazette santé-social",
        "sciences humaines",
        "le journal des psychologues",
        "alternatives économiques",
        "cerveau & psycho",
        "psychologies",
        "l'express",
        "l’express",
        "le point",
        "l'obs",
        "politis",
        "alternatives non-violentes",
        "être",
        "faire face",
        "ombres et lumière",
        "déclic",
        "la santé en action",
        "valeurs mutualistes",
    )
)
NEWSPAPERS = frozenset(
    (
        "le monde",
        "libération",
        "la croix",
        "le figaro",
        "ouest-france",
        "l'humanité",
        "l’humanité",
        "le télégramme",
        "les échos",
        "le parisien",
    )
)
JOURNAL = re.compile(
    r"(?i)\b(?:revue|cahiers?|journal|actualités|lettre|bulletin|annales|archives|pratiques|empan|"
    r"vst|espace social|vie sociale|"
    r"perspective|dialogue|enfances|esprit|informations sociales|forum|gérontologie|reliance|"
    r"sociographe|ash|rhizome|review|magazine)\b"
)
_KINDS = (
    (r"th[èe]ses?|th\. (?:de )?doct\w*\.?", "thesis"),
    (
        (
            r"m[ée]moires? (?:de|d['’]|professionnel|pour|caferuis|deis|cafdes|dea|dess|master|"
            r"(?-i:[A-Z]{3,8}(?!\w)))"
        ),
        "thesis",
    ),
    (
        (
            r"(?:enregistrement|captation)[^,.]*|webinaires?|communications?|interventions?|"
            r"conf[ée]rences?|s[ée]minaires?|diaporama"
        ),
        "presentation",
    ),
    (r"podcasts?|[ée]mission(?: de radio)?", "podcast"),
    (r"dvd|films?|documentaires?|vid[ée]os?|court[- ]m[ée]trage", "videoRecording"),
)
_REPORTS = re.compile(
    r"(?i)\b(?P<kind>guides? pratiques?|guides? m[ée]thodologiques?|guides?|"
    r"rapports?(?: d['’](?:étude|activité|évaluation|information)| de recherche| annuel)?|"
    r"recommandations?(?: de bonnes pratiques)?(?: professionnelles)?|livret|r[ée]f[ée]rentiel|"
    r"plan d['’]action|"
    r"[ée]tude|enqu[êe]te|synth[èe]se|dossier (?:technique|documentaire|thématique)|barom[èe]tre|"
    r"[ée]tat des lieux|bilan)\b"
)
_KIND_SIGNS = tuple(
    (re.compile(rf"(?i)(?<!\w)(?P<kind>{words})(?!\w)"), kind) for words, kind in _KINDS
)


def is_city(text: str) -> bool:
    """Return whether a text names a city that publishers have."""
    plain = re.sub(r"\s*\([^)]*\)", "", text).strip(" ,;[]").casefold()
    return plain in CITIES or all(
        part.strip() in CITIES for part in re.split(r"[/;&]|\bet\b", plain)
    )


def is_paper(text: str) -> bool:
    """Return whether a text is the name of a magazine or a newspaper that is known."""
    name = text.casefold().strip(" .«»")
    return name in MAGAZINES or name in NEWSPAPERS


def is_periodical(text: str) -> bool:
    """Return whether a text names a periodical that is known, or has a word that they are called by."""
    return is_paper(text) or JOURNAL.search(text) is not None


def kind_of_source(text: str) -> tuple[str, str]:
    """Return the item type that words of a source line tell, and those words; ("", "") for none."""
    for sign, kind in _KIND_SIGNS:
        if found := sign.search(text):
            return kind, found["kind"]
    return "", ""


def kind_of_report(title: str) -> str:
    """Return the kind of report that a title names: « guide pratique »; "" for none."""
    found = _REPORTS.search(title)
    return found["kind"] if found else ""
