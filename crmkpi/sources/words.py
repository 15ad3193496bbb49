"""What an import has to say, once in French and once in English, each with the likely fix.

``{rows}`` and ``{cells}`` are counts, ``{what}`` the detail of the case,
``[s]`` the mark of the plural. Below it: nothing.
"""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # files and columns
    "unknown_file": (
        "fichier non lu : {what} ; renommez-le d'après une table canonique, ou utilisez une correspondance (--mapping)",
        "file not read: {what}; rename it after a canonical table, or use a mapping (--mapping)",
    ),
    "unknown_column": (
        "colonne non lue : {what} ; renommez-la si elle doit compter",
        "column not read: {what}; rename it if it should count",
    ),
    "missing_column": (
        "colonne obligatoire absente : laissée vide sur {rows} ligne[s] ; ajoutez-la à l'export",
        "required column absent: left empty on {rows} row[s]; add it to the export",
    ),
    "missing_source": (
        "table non fournie : la source n'a pas {what}",
        "table not supplied: the source has no {what}",
    ),
    # cells that are not kept as they were
    "bad_value": (
        "{cells} valeur[s] illisible[s] comme {what} : laissée[s] vide[s] ; à corriger dans la source",
        "{cells} value[s] not readable as {what}: left empty; to be corrected in the source",
    ),
    "not_in_list": (
        "{cells} valeur[s] hors de la liste ({what}) : laissée[s] vide[s] ; à corriger, ou à traduire dans une correspondance",
        "{cells} value[s] not in the list ({what}): left empty; to be corrected, or translated in a mapping",
    ),
    "out_of_range": (
        "{cells} taux hors de {what} : laissé[s] vide[s] ; à corriger dans la source",
        "{cells} rate[s] outside {what}: left empty; to be corrected in the source",
    ),
    "rounded": (
        "{cells} valeur[s] plus fine[s] que {what} : gardée[s], arrondie[s], la moitié s'éloignant de zéro",
        "{cells} value[s] finer than {what}: kept, rounded, half away from zero",
    ),
    "mixed_format": (
        "{cells} valeur[s] écrite[s] autrement que le reste de la colonne ({what}) : gardée[s], à vérifier",
        "{cells} value[s] written otherwise than the rest of the column ({what}): kept, to be checked",
    ),
    "orphan": (
        "{cells} valeur[s] introuvable[s] dans {what} : gardée[s] ; complétez cette table ou corrigez le code",
        "{cells} value[s] not found in {what}: kept; complete that table or correct the code",
    ),
    "missing_value": (
        "valeur obligatoire vide sur {rows} ligne[s], gardée[s] ; complétez la source",
        "required value empty on {rows} row[s], kept; complete the source",
    ),
    # rows set aside (kept in rejected/)
    "duplicate_row": (
        "{rows} ligne[s] identique[s] à une autre : mise[s] de côté ; extraits qui se recouvrent ?",
        "{rows} row[s] identical to another: set aside; overlapping extracts?",
    ),
    "duplicate_key": (
        "{rows} ligne[s] de même clé qu'une autre, mais différente[s] : mise[s] de côté, la première de chaque clé est gardée ; "
        "choisissez la bonne dans la source",
        "{rows} row[s] with the key of another, but different: set aside, the first of each key is kept; "
        "choose the right one in the source",
    ),
    "no_key": (
        "{rows} ligne[s] sans clé ({what}) : mise[s] de côté ; complétez la clé dans la source",
        "{rows} row[s] without a key ({what}): set aside; complete the key in the source",
    ),
    "bad_key": (
        "{rows} ligne[s] dont la clé n'est pas valable ({what}) : mise[s] de côté ; corrigez-la dans la source",
        "{rows} row[s] whose key is not valid ({what}): set aside; correct it in the source",
    ),
    "bad_period": (
        "{rows} objectif[s] dont la fin précède le début : mis de côté ; corrigez les dates",
        "{rows} target[s] ending before the start: set aside; correct the dates",
    ),
    "target_replaced": (
        "{rows} objectif[s] de la source remplacé[s] par ceux du fichier d'objectifs",
        "{rows} target[s] of the source replaced by the file of targets",
    ),
    "empty_rows": ("{rows} ligne[s] entièrement vide[s] : rien à lire", "{rows} blank row[s]: nothing to read"),
    # choices made for the reader, nothing lost
    "own_name": (
        "{rows} ligne[s] d'un indicateur qui n'est pas de crmkpi : gardée[s], pour un indicateur à vous{what}",
        "{rows} row[s] of a figure that is not crmkpi's: kept, for a figure of your own{what}",
    ),
    "trimmed": (
        "espaces autour de {rows} code[s] : retirés pour que les tables se rejoignent",
        "spaces around {rows} code[s]: taken off, so that tables join",
    ),
    "assumed_number": (
        "hypothèse : {what} ; aucune valeur de la colonne ne le contredit",
        "assumption: {what}; no value of the column says otherwise",
    ),
    "assumed_date": (
        "hypothèse : {what} ({rows} date[s] à double lecture)",
        "assumption: {what} ({rows} date[s] could be read otherwise)",
    ),
    "assumed_rate": ("hypothèse : {what}", "assumption: {what}"),
    "assumed_year": (
        "hypothèse : {rows} année[s] à deux chiffres lue[s] entre 1969 et 2068",
        "assumption: {rows} two-digit year[s] read as 1969 to 2068",
    ),
    "assumed_company": (
        "{rows} objectif[s] de la société sans identifiant : rattaché[s] à « company »",
        "{rows} company target[s] without an id: given to 'company'",
    ),
    "excel_serial": (
        "{rows} nombre[s] lu[s] comme date[s] d'Excel",
        "{rows} number[s] read as Excel date[s]",
    ),
    "time_dropped": (
        "{rows} valeur[s] avec une heure : seul le jour est gardé",
        "{rows} value[s] with a time of day: only the day is kept",
    ),
    "zone_converted": (
        "{rows} moment[s] donné[s] avec leur fuseau : ramené[s] à {what}",
        "{rows} moment[s] given with an offset: brought to {what}",
    ),
}
"""Code -> (French, English)."""

KINDS: dict[str, tuple[str, str]] = {
    "money": ("montant", "money"), "number": ("nombre", "number"), "integer": ("nombre entier", "whole number"),
    "rate": ("taux", "rate"), "date": ("date", "date"), "timestamp": ("date et heure", "moment"),
    "bool": ("oui/non", "yes/no"), "text": ("texte", "text"),
}  # fmt: skip
"""Canonical type -> what to call it."""
