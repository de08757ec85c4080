# Everything goes through these. `make run` and `make test` need Python 3.11, make and git; the rest is fetched.
SHELL := /bin/sh
PORT ?= 8000
export PORT

PY := .venv/bin/python
# Real servers, real threads, real pages: these groups run on PostgreSQL and on a server that speaks Redis's protocol.
SLOW := soak or bench
REAL := race or crash or journey or browser
WORKERS ?= auto
WRITTEN := config municipality rollout training pilots evaluation dashboard templates locale

.DEFAULT_GOAL := help
.PHONY: help run setup setup-test test test-fast test-real check bench soak messages lock clean

help: ## what there is to say
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

run: setup ## install, prepare the embedded database with demonstration data, serve on 127.0.0.1:$(PORT)
	@exec $(PY) manage.py serve --prepare --port $(PORT)

setup: .venv/.run .vendor/.run .vendor/.css .vendor/.font ## install what the application needs
setup-test: setup .venv/.test .vendor/.test ## install what the tests need besides

.venv/.run: requirements.txt tools/bootstrap.py tools/uv.txt
	@python=$$(tools/python.sh) && "$$python" tools/bootstrap.py .venv requirements.txt
	@touch $@

.venv/.test: .venv/.run requirements-dev.txt
	@python=$$(tools/python.sh) && "$$python" tools/bootstrap.py .venv requirements-dev.txt
	@touch $@

.vendor/.run: .venv/.run package-lock.json tools/vendor.py tools/font.py tools/node.txt
	@$(PY) -m tools.vendor
	@touch $@

.vendor/.css: .vendor/.run $(wildcard static/css/*.css)
	@$(PY) -m tools.vendor --css
	@touch $@

# Our words may bring a character that the font of the pages has not: it is made anew then.
.vendor/.font: .vendor/.run $(shell find $(WRITTEN) -name '*.html' -o -name '*.py' -o -name '*.po' -o -name '*.toml')
	@$(PY) -m tools.vendor --font
	@touch $@

.vendor/.test: .venv/.test .vendor/.run tools/chromium.py
	@$(PY) -m tools.vendor --test
	@touch $@

test: setup-test ## every test, on SQLite and on real servers; closes with the counts of each group
	@rm -rf var/test/closing; status=0; \
	$(PY) manage.py messages compile -v 0 && $(PY) manage.py messages check || status=1; \
	$(MAKE) --no-print-directory test-fast || status=1; \
	$(MAKE) --no-print-directory test-real || status=1; \
	$(PY) -m tests.closing || status=1; exit $$status

test-fast:
	@CLOSING=sqlite $(PY) -m pytest -q -n $(WORKERS) -m "not ($(REAL) or $(SLOW))" $(ARGS)

test-real:
	@CLOSING=servers $(PY) tools/with_services.py -- $(PY) -m pytest -q -m "($(REAL)) and not ($(SLOW))" $(ARGS)

check: setup-test ## style, types, translations, migrations, production settings, layers
	@status=0; say() { echo "== $$1"; shift; "$$@" || status=1; }; \
	say "ruff check" $(PY) -m ruff check . ; \
	say "ruff format" $(PY) -m ruff format --check . ; \
	say "djlint" $(PY) -m djlint --check templates ; \
	say "mypy" $(PY) -m mypy ; \
	say "translations" $(PY) manage.py messages check ; \
	say "migrations" $(PY) manage.py makemigrations --check --dry-run ; \
	say "check --deploy" $(PY) tools/as_production.py check --deploy --fail-level WARNING ; \
	say "layers" .venv/bin/lint-imports --no-logo ; \
	exit $$status

bench: setup-test ## the measurements, against their floor
	@$(PY) -m bench

soak: setup-test ## the full product of kill points, schedulers, workers and faults, and the long simulations
	@$(PY) tools/with_services.py -- $(PY) -m pytest -m soak $(ARGS)

messages: setup-test ## collect new strings into locale/en/LC_MESSAGES/parts
	@$(PY) manage.py messages update

lock: .venv/.run ## write the lock files anew from pyproject.toml; UPGRADE=--upgrade takes newer versions
	@$(PY) -m tools.lock $(UPGRADE)
	@npm install --package-lock-only --ignore-scripts

clean: ## remove what was installed; data in var/ stays
	rm -rf .venv .vendor node_modules .mypy_cache .ruff_cache .pytest_cache
