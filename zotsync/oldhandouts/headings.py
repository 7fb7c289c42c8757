"""Lines that say nothing but a kind of document, as headings do: « Sites et ressources en ligne ». Pure."""

from __future__ import annotations

import re

from zotsync.oldhandouts.accounting import fold

_KINDS = frozenset(
    """acte album article audio audiovisuel bande brochure chapitre circulaire contribution decret
    discographie document documentaire dossier dvd essai etude fiction filmographie film guide jeu
    legislation lien litterature livre loi manuel memoire multimedia numero outil ouvrage periodique
    podcast rapport recommandation reglementation ressource revue roman site sitographie temoignage
    texte these video webinaire webographie""".split()  # noqa: SIM905 - words, not code
)
_BESIDE = frozenset(
    """a administratif aller au autre aux bibliographie bibliographique colloque complementaire d dans de
    des dessinee divers du electronique en et etudiant general generaux grise internet jeunesse l la
    le legislatif les ligne loin nos officiel ou plus pour pratique presse principaux professionnel
    professionnelle quelque recherche reference reglementaire scientifique selectif selection
    selective sonore special specialise specialisee sur utile web i ii iii iv v vi""".split()  # noqa: SIM905 - words, not code
)
_MOST = 9


def is_kind_alone(text: str) -> bool:
    """Return whether a line names kinds of documents, and nothing else."""
    words = [fold(word) for word in re.findall(r"[^\W_]+", text)]
    words = [word for word in words if not word.isdigit()]
    if not 0 < len(words) <= _MOST:
        return False
    bare = [word if word in _KINDS or word in _BESIDE else word[:-1] for word in words]
    return all(word in _KINDS or word in _BESIDE for word in bare) and not _KINDS.isdisjoint(bare)
