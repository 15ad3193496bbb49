# crmkpi: few verbs. `make` alone prints them. Works without root and writes nothing outside this folder
# (pip keeps its usual cache). Variables: make serve DATA=data/mine PORT=9000 PYTHON=python3.13

DATA ?= data/sample
HOST ?=
PORT ?=
PYTEST_ARGS ?=
FILES ?=

PY := .venv/bin/python
READY := .venv/crmkpi-ready
SPARK := .venv/crmkpi-spark
SAMPLE := $(if $(filter-out data/sample,$(DATA)),,data/sample/manifest.json)    # made only where it is what is shown
STRIP := $(PY) -m nbstripout --keep-id --extra-keys "metadata.papermill cell.metadata.papermill cell.metadata.execution metadata.language_info.version metadata.widgets"

# Jupyter, IPython and Matplotlib keep their files in the project, not in the home folder.
export JUPYTER_CONFIG_DIR := $(CURDIR)/.cache/jupyter/config
export JUPYTER_DATA_DIR := $(CURDIR)/.cache/jupyter/data
export JUPYTER_RUNTIME_DIR := $(CURDIR)/.cache/jupyter/runtime
export IPYTHONDIR := $(CURDIR)/.cache/ipython
export MPLCONFIGDIR := $(CURDIR)/.cache/matplotlib
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup serve lab sample test tools oldest lint format docs pictures mutate bench lock clean

help: ## what you are reading
	@sed -n 's/^\([a-z]*\):.*## /\1#/p' Makefile | awk -F'#' '{ printf "make %-8s %s\n", $$1, $$2 }'

setup: $(READY) ## the Python environment in .venv, from requirements.lock (every target below does it by itself)

serve: $(READY) $(SAMPLE) ## the dashboards at a printed address, on the sample company; on yours: make serve DATA=data/mine
	$(PY) -m crmkpi serve --data "$(DATA)" $(if $(HOST),--host "$(HOST)") $(if $(PORT),--port "$(PORT)")

lab: $(READY) $(SAMPLE) ## the same notebooks in JupyterLab
	$(PY) -m jupyter lab notebooks

sample: $(READY) ## the sample company, made again, in data/sample
	$(PY) -m crmkpi sample --to data/sample

test: tools $(READY) $(SPARK) ## every test, the notebooks and the pages in a browser (installs what it needs where it may)
	$(PY) -m pytest -n 2 crmkpi tests notebooks $(PYTEST_ARGS)

oldest: $(READY) ## the tests on the oldest versions that pyproject.toml admits (notebooks, pages, Spark and the broad tests left out)
	$(PY) -m uv venv --quiet --clear --python $(PY) .cache/oldest
	$(PY) -m uv pip install --quiet --python .cache/oldest --resolution lowest-direct --editable '.[test]'
	.cache/oldest/bin/python -m pytest -n 2 crmkpi tests -m "not page and not spark and not broad" $(PYTEST_ARGS)

lint: $(READY) ## style, types, and whether the code is formatted
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

format: $(READY) ## the code formatted, what can be mended by itself mended, notebooks without output
	$(PY) -m ruff check --fix-only --quiet .
	$(PY) -m ruff format .
	@for notebook in notebooks/*.ipynb; do [ ! -e "$$notebook" ] || $(STRIP) "$$notebook"; done

docs: $(READY) ## the reference pages, docs/indicators.*.md and docs/schema.md, made again from the declarations
	$(PY) -m crmkpi.reference docs

pictures: $(READY) $(SAMPLE) ## the pictures of README, docs/img, taken of the real pages in Chromium; look at them
	$(PY) docs/pictures.py "$$(command -v chromium || command -v chromium-browser || command -v google-chrome)"

mutate: $(READY) ## every mutant of the SQL files, and the report docs/mutation.md; some of them: make mutate FILES="dso visits"
	cd tests && PYTHONPATH=. ../$(PY) -m mutation $(FILES)

bench: $(READY) ## speed and memory against hand-written DuckDB and pandas
	$(PY) -m benchmarks

lock: $(READY) ## requirements.lock and requirements.spark.lock, made again from pyproject.toml: newest versions, every platform, Python 3.11 to 3.14
	$(PY) -m uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --upgrade --generate-hashes \
	    --no-annotate --no-header --no-emit-index-url --no-emit-find-links --quiet --output-file requirements.lock
	sed -n 's/^spark = .*"\(pyspark[^"]*\)".*/\1/p' pyproject.toml | $(PY) -m uv pip compile - --constraints requirements.lock \
	    --universal --python-version 3.11 --upgrade --generate-hashes --no-annotate --no-header --no-emit-index-url \
	    --no-emit-find-links --quiet --output-file requirements.spark.lock

clean: ## remove the environment and the caches; data stays
	rm -rf .venv .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist

tools:
	@sh .ci/install-tools

# The environment is made again when the lock or pyproject change, and from nothing when the folder was moved.
ifneq ($(shell cat $(READY) 2>/dev/null),$(CURDIR))
.PHONY: $(READY)
endif
$(READY): requirements.lock pyproject.toml
	@python=$$(sh .ci/find-python) && { [ "$$(cat $@ 2>/dev/null || echo "$(CURDIR)")" = "$(CURDIR)" ] || rm -rf .venv; } && \
	    { [ -x $(PY) ] && $(PY) -m pip --version >/dev/null 2>&1 || "$$python" -m venv --clear .venv; }
	@echo "Installing the locked packages in .venv (a few minutes the first time)"
	@$(PY) -m pip install -qq --require-hashes -r requirements.lock
	@$(PY) -m pip install -qq --no-deps --no-build-isolation -e .
	@printf '%s\n' "$(CURDIR)" > $@

# Spark is for its tests only: half a gigabyte that no dashboard needs. Where it can not be, they skip and say so.
$(SPARK): requirements.spark.lock | $(READY)
	@if java -version >/dev/null 2>&1; then \
	    echo "Installing Spark for its tests (450 MB the first time)"; \
	    $(PY) -m pip install -qq --require-hashes -r requirements.spark.lock && touch $@ || echo "Spark is not installed; its tests skip"; \
	else echo "There is no Java (17 or 21): the Spark tests skip"; fi

data/sample/manifest.json: | $(READY)
	$(PY) -m crmkpi sample --to data/sample
