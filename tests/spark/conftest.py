"""Spark for the tests: one small session for the run, and each set of data opened on DuckDB and on it.

Without Java or PySpark the tests skip with the reason; under ``CI=true`` they fail.
"""

import contextlib
import functools
import warnings

import pytest
from oracles.company import AS_OF, batch, frames

import crmkpi

# Small tables: nothing is worth compiling, planning again or spreading.
SETTINGS = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.default.parallelism": "1",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.constraintPropagation.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.session.timeZone": "Europe/Paris",  # a zone whose days have 23 and 25 hours twice a year
}


@pytest.fixture(scope="session")
def spark(require_tool, require_package, tmp_path_factory):
    """A local session, stopped at the end."""
    require_tool("java")
    require_package("pyspark")
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master("local[2]").appName("crmkpi tests")
        with contextlib.chdir(tmp_path_factory.mktemp("spark")):  # of the Java process: what Spark leaves behind
            session = functools.reduce(lambda made, each: made.config(*each), SETTINGS.items(), builder).getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        yield session
        session.stop()


@pytest.fixture(scope="session")
def twice(spark, companies, sample_data):
    """``twice(name)`` is a set of data on DuckDB and on Spark."""

    @functools.cache
    def opened(name):
        if name == "random":
            tables = frames(batch(range(10)))
            return [crmkpi.open(tables, as_of=AS_OF, currency="EUR", spark=session) for session in (None, spark)]
        folder = sample_data if name == "sample" else companies(name)
        return [crmkpi.open(folder, spark=session) for session in (None, spark)]

    return opened
