# Sets everything up in a virtual environment and does one job in it. ARGS="..." goes to the program or to pytest.
VENV ?= .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
WHEEL_TEST := build/wheel-test
OFFSCREEN := QT_QPA_PLATFORM=offscreen OMP_WAIT_POLICY=PASSIVE OMP_NUM_THREADS=1
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c '$(SUPPORTED)' 2>/dev/null && { echo $$python; break; }; done)

# The tests start some hundred processes: what Python compiles for the first is there for the others.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test check lint types imports architecture wheel-test
.SILENT:

run: $(VENV)/.with-export
	test -z "$$DISPLAY$$WAYLAND_DISPLAY" || $(BIN)/python -m studio.gui.libraries
	$(BIN)/layerloom $(ARGS)

test: $(VENV)/.with-test
	$(OFFSCREEN) $(BIN)/python -m studio.gui.libraries
	$(OFFSCREEN) $(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check: lint types imports architecture

lint: $(VENV)/.with-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.with-dev
	$(BIN)/mypy --strict

imports: $(VENV)/.with-dev
	$(BIN)/lint-imports --no-logo

architecture: $(VENV)/.with-dev
	$(OFFSCREEN) $(BIN)/python -m pytest --quiet tests/architecture

# The wheel alone, in an environment of its own and away from the checkout: nodes, templates and assets travel in it.
wheel-test: $(VENV)/.made
	rm -rf $(WHEEL_TEST)
	$(UV) build --quiet --wheel --out-dir $(WHEEL_TEST)
	$(UV) venv --quiet --python $(BIN)/python $(WHEEL_TEST)/venv
	$(UV) pip install --python $(WHEEL_TEST)/venv/bin/python --constraint constraints.txt $(WHEEL_TEST)/*.whl
	git ls-files studio nodes templates assets > $(WHEEL_TEST)/files.txt
	cp tests/setup/installed.py $(WHEEL_TEST)
	cd $(WHEEL_TEST) && venv/bin/python installed.py files.txt
	cd $(WHEEL_TEST) && venv/bin/layerloom templates
	cd $(WHEEL_TEST) && venv/bin/layerloom check lenet5 --json

$(VENV)/.with-%: $(VENV)/.made
	$(UV) pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable '.[$*]'
	touch $@

$(VENV)/.made: pyproject.toml constraints.txt
	if [ -z "$(PYTHON)" ]; then \
		echo "Layerloom needs Python 3.11, 3.12 or 3.13, and none was found. On Debian or Ubuntu:"; \
		echo "    sudo apt-get install python3 python3-venv"; exit 1; fi
	if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "Python cannot make virtual environments here. On Debian or Ubuntu:"; \
		echo "    sudo apt-get install $(notdir $(PYTHON))-venv"; exit 1; fi
	if [ -f $@ ]; then rm -rf $(VENV); fi
	echo "Setting up $(VENV). The first time this fetches about 3.3 GB and takes 5.7 GB of disk."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet 'uv>=0.13'
	touch $@
