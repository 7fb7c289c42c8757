# Works with GNU make 3.81, and in folders whose names hold blanks: every path here is relative.
# Without make (Windows): README.md has the same as plain lines.

PYTHON = .venv/bin/python
ALL_CORES = -n auto --maxprocesses=8 --dist loadfile --no-loadscope-reorder

.PHONY: help demo test lint format messages coverage bench soak pictures gallery site clean run-venv dev-venv
.NOTPARALLEL:

help:
	@echo "make demo       install into .venv, and show the whole thing on sample data"
	@echo "make test       the same, then every check and test"
	@echo "make lint       the static checks alone: ruff, mypy, import arrows"
	@echo "make format     format the code, and mend what ruff can mend"
	@echo "make messages   update the catalogues and the list of error messages"
	@echo "make coverage   the tests, with branch coverage"
	@echo "make bench      the speed, as ratios"
	@echo "make soak       the random tests, deep"
	@echo "make pictures   the pictures of the documentation (wants LibreOffice)"
	@echo "make gallery    a picture of each theme (wants LibreOffice)"
	@echo "make site       the user guide, as web pages in site/"
	@echo "make clean      remove .venv and all that was made, but zotsync-demo/"

run-venv:
	@sh scripts/make_venv.sh run

dev-venv:
	@sh scripts/make_venv.sh dev

demo: run-venv
	@$(PYTHON) -m zotsync demo

# The tools first: one installation in place of two.
test: dev-venv demo
	@$(PYTHON) -m pytest -q $(ALL_CORES)

lint: dev-venv
	@$(PYTHON) scripts/checks.py

format: dev-venv
	@$(PYTHON) -m ruff check --fix-only --quiet .
	@$(PYTHON) -m ruff format .

messages: dev-venv
	@$(PYTHON) scripts/messages.py
	@$(PYTHON) scripts/make_errors.py

coverage: dev-venv
	@$(PYTHON) -m pytest -q --cov --cov-report=term:skip-covered

bench: dev-venv
	@for script in bench/[a-z]*.py; do $(PYTHON) "$$script" || exit 1; done

soak: dev-venv
	@$(PYTHON) -m pytest -q --hypothesis-profile=soak

pictures: dev-venv
	@$(PYTHON) scripts/pictures.py

site: dev-venv
	@$(PYTHON) scripts/make_guide.py

gallery: dev-venv
	@$(PYTHON) scripts/gallery.py

clean:
	rm -rf .venv build dist site .coverage .hypothesis .import_linter_cache
	rm -rf .mypy_cache .pytest_cache .ruff_cache
	find zotsync tests scripts bench -name __pycache__ -prune -exec rm -rf {} +
