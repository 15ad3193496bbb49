"""The words of the page itself, French and English; a figure brings its own. Below it: nothing of crmkpi."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    # filters
    "period": ("Période", "Period"),
    "compare": ("Comparer à", "Compare with"),
    "business_unit": ("Business unit", "Business unit"),
    "team": ("Équipe", "Team"),
    "rep": ("Commercial", "Rep"),
    "customer": ("Client", "Customer"),
    "segment": ("Segment", "Segment"),
    "industry": ("Secteur", "Industry"),
    "month": ("Mois", "Month"),
    "stage": ("Étape", "Stage"),
    "signature": ("Mois de signature prévu", "Expected signature month"),
    "created_quarter": ("Trimestre de création", "Quarter created"),
    "lang": ("Langue", "Language"),
    "from": ("Du", "From"),
    "to": ("au (inclus)", "to (included)"),
    "this_month": ("Ce mois", "This month"),
    "last_month": ("Mois dernier", "Last month"),
    "this_quarter": ("Ce trimestre", "This quarter"),
    "this_year": ("Cette année", "This year"),
    "all": ("Depuis le début", "Since the beginning"),
    "other": ("Autres dates…", "Other dates…"),
    "previous": ("Période précédente", "Previous period"),
    "last_year": ("Même période, année précédente", "Same period last year"),
    "everyone_business_unit": ("Toutes", "All"),
    "everyone_team": ("Toutes", "All"),
    "everyone_rep": ("Tous", "All"),
    "reset": ("Tout afficher", "Reset filters"),
    "filters": ("Filtres", "Filters"),
    # tiles
    "of_target": ("{share} de l'objectif", "{share} of target"),
    "of_target_to_date": ("{share} de l'objectif à ce jour", "{share} of target to date"),
    "target": ("objectif", "target"),
    "target_whole": ("objectif {target}", "target {target}"),
    "target_both": ("{to_date} à ce jour, {target} au total", "{to_date} to date, {target} in all"),
    "partial_target": ("objectif incomplet", "incomplete target"),
    "no_target": ("pas d'objectif", "no target"),
    "against": ("vs {period}", "vs {period}"),
    "against_to_date": ("vs {period} à date", "vs {period} to date"),
    "same_days": ("au même jour ouvré", "at the same working day"),
    "stable": ("stable", "no change"),
    "no_comparison": ("pas de comparaison", "no comparison"),
    "partial": ("Partiel", "Partial"),
    "unavailable": ("Non calculable", "Not available"),
    "coverage": ("calculé sur {share} des données", "computed on {share} of the data"),
    "small": ("sur {n} seulement", "on {n} only"),
    "definition": ("Définition", "Definition"),
    "reference": (
        "Fiche complète : formule, réglages, alertes, exemples",
        "Full reference: formula, settings, alerts, examples",
    ),
    "sql": ("La requête SQL", "The SQL query"),
    "settings": ("Réglages", "Settings"),
    "used": ("{n} lignes utilisées", "{n} rows used"),
    "left_out": ("Laissées de côté, hors du total : {why}", "Left out of the total: {why}"),
    "see_list": ("Voir la liste", "See the list"),
    "trend_of": ("{title}, mois par mois depuis un an", "{title}, month by month over a year"),
    "beside": ("{name} {value}", "{name} {value}"),
    # headline
    "so_far": ("{period}, {done} jours ouvrés sur {total}", "{period}, {done} of {total} working days"),
    "is": ("{subject} : {title} {value}", "{subject}: {title} {value}"),
    "is_with_target": (
        "{subject} : {title} {value}, soit {share} de l'objectif{to_date}",
        "{subject}: {title} {value}, {share} of target{to_date}",
    ),
    "to_date": (" à ce jour", " to date"),
    "lands": ("Au rythme actuel, le mois finirait à {value}", "At this pace it ends at {value}"),
    "lands_period": ("Au rythme actuel, la période finirait à {value}", "At this pace the period ends at {value}"),
    "lands_share": (", soit {share} de l'objectif", ", {share} of target"),
    "gap_behind": ("Le retard de {gap} vient surtout de : {who}", "The gap of {gap} comes mainly from {who}"),
    "gap_ahead": ("L'avance de {gap} vient surtout de : {who}", "The lead of {gap} comes mainly from {who}"),
    "behind": ("En retard sur leur objectif : {who}", "Behind their target: {who}"),
    "and": (" et ", " and "),
    "watch": (
        "À surveiller : {title}, {who} à {value} ({before} un an plus tôt, {whole} pour l'ensemble)",
        "Watch: {title}, {who} at {value} ({before} a year before, {whole} all together)",
    ),
    "at_day": ("Au {day}", "On {day}"),
    "worth": ("{what} pour {amount}", "{what} worth {amount}"),
    "apart": (
        "{who} : {title} {value}, contre {others} pour les autres (médiane)",
        "{who}: {title} {value}, against {others} for the others (median)",
    ),
    "falling": (
        "En recul, {who} : {title} {change}, contre {others} pour les autres (médiane) ; {now} au lieu de {before} un an plus tôt"
        " ({period}), soit {amount}",
        "Falling, {who}: {title} {change}, against {others} for the others (median); {now} instead of {before} a year before"
        " ({period}), {amount}",
    ),
    "running": ("en cours", "so far"),
    "unknown_value": ("{subject} : {title} non calculable ({reason})", "{subject}: {title} not available ({reason})"),
    # data line
    "data_line": (
        "Données au {as_of} · source {source} · chargées le {loaded}",
        "Data as of {as_of} · source {source} · loaded {loaded}",
    ),
    "import_failed": (
        "Données plus anciennes que prévu : l'import du {moment} a échoué. {why}",
        "Data older than they should be: the import of {moment} failed. {why}",
    ),
    "as_of": ("Situation au", "As of"),
    # charts
    "by_month": ("{title} par mois", "{title} by month"),
    "with_target": ("{title} et objectif par mois", "{title} and target by month"),
    "attainment": ("Atteinte de l'objectif par {dim}", "Target attainment by {dim}"),
    "attainment_sub": ("{title}, {period}{to_date}", "{title}, {period}{to_date}"),
    "by": ("{title} par {dim}", "{title} by {dim}"),
    "guarded": ("{title} et {guard}", "{title} and {guard}"),
    "landing": ("atterrissage", "landing"),
    "together": ("ensemble", "all together"),
    "numbers": ("Voir les chiffres", "See the numbers"),
    "no_quarters": (
        "Il faut deux trimestres de création\u00a0: les dates de création manquent, ou sont celles d'un seul chargement.",
        "Two quarters of creation are needed: creation dates are missing, or are those of a single load.",
    ),
    "empty_chart": ("Rien à montrer pour ces filtres.", "Nothing to show for these filters."),
    "year_before": ("un an plus tôt", "a year before"),
    "by_within": ("{title} par {dim} et {part}", "{title} by {dim} and {part}"),
    "others_parts": ("autres", "others"),
    "others_parts_n": ("{n} autres", "{n} others"),
    "others_parts_1": ("1 autre", "1 other"),
    "largest_of": ("Les {shown} plus grands sur {n}", "The {shown} largest of {n}"),
    "latest_of": ("Les {shown} plus en retard sur {n}", "The {shown} furthest behind of {n}"),
    "under": ("moins de {limit}", "under {limit}"),
    "from_on": ("{limit} et plus", "{limit} and more"),
    "gap_title": (
        "{title} : d'où vient l'écart avec {reference}, par {dim}",
        "{title}: what makes the gap to {reference}, by {dim}",
    ),
    "gap_product": ("prix, volume et assortiment", "price, volume and mix"),
    "gap_basket": ("nombre et montant moyen", "number and mean amount"),
    "largest": ("Le plus gros des {title} : {who} ({amount})", "The largest of the {title}: {who} ({amount})"),
    "the_target": ("l'objectif", "the target"),
    "gap_word": ("Écart", "Gap"),
    "effect": ("Effet", "Effect"),
    "target_to_date_word": ("objectif à ce jour", "target to date"),
    "bullets_title": ("{title}, plan par plan", "{title}, plan by plan"),
    "plan": ("Plan", "Plan"),
    "done": ("fait", "done"),
    "planned_by_now": ("prévu à ce jour", "planned by now"),
    "result_word": ("résultat", "result"),
    "by_week": ("{title} par semaine", "{title} by week"),
    "week": ("Semaine", "Week"),
    "week_of": ("Semaine du {day}", "Week of {day}"),
    "value": ("Valeur", "Value"),
    "rows_kept": ("Lignes retenues", "Rows kept"),
    "all_rows": ("Toutes les lignes", "All rows"),
    "shown_of": ("{shown} sur {n}, les plus grands écarts", "{shown} of {n}, the largest gaps"),
    "overdue": ("dépassée", "overdue"),
    "undated": ("sans date", "no date"),
    "later": ("plus tard", "later"),
    "declared": ("montant total", "full amount"),
    "million": ("en {unit}", "in {unit}"),
    "click_filters": ("Cliquez une barre pour filtrer", "Press a bar to filter"),
    # lists and alerts
    "todo": ("À faire", "To do next"),
    "today": ("Aujourd'hui", "Today"),
    "today_sub": (
        "Les {n} premières choses à faire, une ligne par client",
        "The first {n} things to do, one line per customer",
    ),
    "nothing_today": ("Rien d'urgent pour ces filtres.", "Nothing urgent for these filters."),
    "see_rows": ("Voir la liste", "See the list"),
    "one_line": ("Une ligne par {dim}", "One line per {dim}"),
    "number_of": ("{title}, nombre", "{title}, number"),
    "amount_of": ("{title}, montant", "{title}, amount"),
    "judged": (
        "{title} {value} : à surveiller {side} {watch}, agir {side} {act}",
        "{title} {value}: watch {side} {watch}, act {side} {act}",
    ),
    "beyond": ("au-delà de", "beyond"),
    "below": ("en dessous de", "below"),
    "next_todo": ("Les {n} suivantes, sur {of} en tout", "The next {n}, of {of} in all"),
    "nothing_todo": ("Aucune alerte pour ces filtres.", "No alert for these filters."),
    "P1": ("Aujourd'hui", "Today"),
    "P2": ("Cette semaine", "This week"),
    "P3": ("À surveiller", "Watch"),
    "severity": ("Urgence", "Urgency"),
    "who": ("Qui", "Who"),
    "reason": ("Pourquoi", "Why"),
    "due": ("Échéance", "Due"),
    "amount": ("Montant", "Amount"),
    "action": ("Action", "Action"),
    "figure": ("Indicateur", "Figure"),
    "list_behind": ("La liste derrière le chiffre", "The list behind the number"),
    "lists_behind": ("Les listes derrière les chiffres", "The lists behind the figures"),
    "rows": ("{n} lignes", "{n} rows"),
    "one_row": ("1 ligne", "1 row"),
    "no_rows": ("Aucune ligne pour ces filtres.", "No row for these filters."),
    "total": ("Total", "Total"),
    "total_found": ("Total des {n} lignes trouvées", "Total of the {n} rows found"),
    "search": ("Chercher dans la liste", "Search the list"),
    "csv": ("CSV", "CSV"),
    "excel": ("Excel", "Excel"),
    "download": ("Télécharger", "Download"),
    "deleted": ("supprimées dans la source", "deleted in the source"),
    "no_date": ("sans date", "without a date"),
    "page_of": ("Page {page} sur {pages}", "Page {page} of {pages}"),
    "page_previous": ("Page précédente", "Previous page"),
    "page_next": ("Page suivante", "Next page"),
    "first_rows": ("Les {n} premières lignes sur {of}.", "The first {n} of {of} rows."),
    "composed": ("Ce chiffre se calcule à partir de :", "This figure is computed from:"),
    "sorted": ("trié", "sorted"),
    "filters_said": ("Filtres", "Filters"),
    "no_filter": ("aucun filtre", "no filter"),
    "source": ("Source", "Source"),
    "day": ("Date", "Date"),
    "id": ("Identifiant", "Id"),
    "num": ("Valeur", "Value"),
    "den": ("Sur", "Out of"),
    # state
    "lost": (
        "La connexion est perdue : les chiffres ne suivent plus les filtres.",
        "The connection is lost: the figures no longer follow the filters.",
    ),
    "busy": ("Calcul en cours…", "Computing…"),
    "error": ("Cette partie n'a pas pu être calculée : {why}", "This part could not be computed: {why}"),
    "scope": (
        "Vous voyez : {what} ; vos {customers} clients sur {of}.",
        "You see: {what}; your {customers} customers of {of}.",
    ),
    "no_rights": (
        "Aucune règle ne vous donne accès à ces données : demandez-le à qui administre ces tableaux de bord.",
        "No rule gives you access to these data: ask whoever administers these dashboards.",
    ),
    "cannot_open": ("Les données ne peuvent pas être lues : {why}", "The data cannot be read: {why}"),
    "unexpected": ("erreur inattendue ({kind})", "unexpected error ({kind})"),
    # home
    "on_track": ("Dans les clous", "On track"),
    "drifting": ("À surveiller", "Drifting"),
    "act": ("Agir", "Act"),
    "unknown_state": ("Pas d'objectif", "No target"),
    "open_page": ("Ouvrir", "Open"),
    "alerts_count": ("{p1} à traiter aujourd'hui, {p2} cette semaine", "{p1} to handle today, {p2} this week"),
    "freshness": ("Fraîcheur des données", "Freshness of the data"),
    "table": ("Table", "Table"),
    "rows_head": ("Lignes", "Rows"),
    "rejected": ("Rejetées", "Rejected"),
    "cells": (
        "{read} valeurs lues, {reported} signalées à l'import",
        "{read} values read, {reported} reported at import",
    ),
    "cannot": ("Chiffres incomplets ou non calculables", "Figures incomplete or not available"),
    "can_all": ("Tous les indicateurs sont calculables.", "Every figure can be computed."),
}


def say(lang: str, key: str, **values: object) -> str:
    """The words for ``key``, filled with ``values``.

    >>> say("fr", "page_of", page=1, pages=3), say("en", "reset")
    ('Page 1 sur 3', 'Reset filters')
    """
    return _template(lang, key).format(**values)


def _template(lang: str, key: str) -> str:
    """French sets a space before a colon and a semicolon, and the line must not break there."""
    fr, en = WORDS[key]
    return fr.replace(" :", "\u00a0:").replace(" ;", "\u00a0;") if lang == "fr" else en


def named(lang: str, key: str) -> str:
    """The words for ``key``, or the key itself with spaces: a dimension or column that brought no words.

    >>> named("en", "late_reason")
    'late reason'
    """
    return say(lang, key) if key in WORDS else key.replace("_", " ")
