"""The state of a data set: what each figure can and can not compute, and why."""

from __future__ import annotations

import pandas as pd

from crmkpi.facts.crm import Crm


def state(crm: Crm, lang: str | None = None) -> pd.DataFrame:
    """One row per figure: ``no, figure, title, status, reason, target_status, target_reason``.

    Status and reason are those over all the data; the target's are of the month of the data's own date.
    """
    rows = []
    for name, figure in crm.figures.items():
        month = crm.kpi(name, compare="target", lang=lang)
        whole = month if figure.inputs else crm.kpi(name, period="all", lang=lang)
        rows.append(
            {
                "no": figure.no,
                "figure": name,
                "title": figure.title(lang or crm.language),
                "status": whole.status,
                "reason": whole.reason,
                "target_status": month.total["target_status"] if figure.target else "",
                "target_reason": month.total["target_reason"] if figure.target else "",
            }
        )
    return pd.DataFrame(rows)
