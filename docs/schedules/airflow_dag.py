"""The four dashboards of a team each Monday, with Airflow's PapermillOperator (pip install apache-airflow-providers-papermill)."""

from datetime import datetime

from airflow import DAG
from airflow.providers.papermill.operators.papermill import PapermillOperator

DATA, NOTEBOOKS, REPORTS = "/srv/crmkpi/data/mine", "/srv/crmkpi/notebooks", "/srv/crmkpi/executed"
NAMES = ("1_commercial", "2_organisation", "3_data_health", "4_field")

with DAG("crmkpi", schedule="0 7 * * 1", start_date=datetime(2026, 1, 5), catchup=False, max_active_tasks=2):
    for name in NAMES:
        PapermillOperator(
            task_id=name,
            input_nb=f"{NOTEBOOKS}/{name}.ipynb",
            output_nb=f"{REPORTS}/{name}-{{{{ ds }}}}.ipynb",
            parameters={"data": DATA, "team": "Sud", "lang": "fr"},
            kernel_name="python3",
            language_name="python",
        )
