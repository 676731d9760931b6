# Save Desk in a few words. Each works on a machine with git, make and some Python 3.
# A version manager's `python3` may refuse to run here, so every candidate is tried.
PYTHON ?= $(shell for python in python3 /usr/bin/python3 python3.13 python3.12 python3.11 \
	python3.10 python3.9 python3.8 python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null \
	&& echo "$$python" && break; done)
BIN := .venv/bin
FAST := not (slow or stack or browser or alone)
# No test cuts the power, so the tests' files may lie in memory, where there are two GB of it.
export PYTEST_DEBUG_TEMPROOT := $(shell test "$$(df -k --output=avail /dev/shm 2>/dev/null | \
	tail -n 1)" -gt 2000000 2>/dev/null && echo /dev/shm)

.PHONY: help setup setup-dev train run test check static bench docs lock format prove simulate tune
help:
	@echo "make run     install what is missing and start everything (Ctrl-C stops it)"
	@echo "make test    install what is missing and run every check and test"
	@echo "make check   the quick checks alone, about a minute"
	@echo "make prove   walk every state of the dialogue and hold the exit rules against it (about 5 minutes)"
	@echo "make simulate  let 10,000 simulated customers talk to the assistant (an hour or less)"
	@echo "make train   train a model, if there is none for the current data"
	@echo "make tune    tune the sentence encoder on the examples (half an hour or more; rarely needed)"
	@echo "make setup   install what is missing, and nothing else"
	@echo "make bench   compare speed and memory with stock Rasa on this machine"
	@echo "make docs    write the list of settings and the policy schema again"
	@echo "make format  put the code into its one format"
	@echo "make lock    compile the pinned requirements again from pyproject.toml"

setup setup-dev lock tune: | some-python
setup:
	@exec $(PYTHON) set_up.py
setup-dev:
	@exec $(PYTHON) set_up.py --dev
docs: setup
	@{ sed '/^| variable/,$$d' bot/docs/settings.md; $(BIN)/python -m bot settings; } > .settings.part
	@mv .settings.part bot/docs/settings.md
	@$(BIN)/python -m bot policy schema > .schema.part
	@mv .schema.part bot/docs/retention-policy.schema.json
lock:
	@exec $(PYTHON) set_up.py --lock
.PHONY: some-python
some-python:
	@test -n "$(PYTHON)" || { echo "No Python of at least 3.8 was found. Install one, or name it:" \
	"make PYTHON=/path/to/python3 run" >&2; exit 1; }

# `exec` leaves no shell in between: the signals make gets reach the program itself.
run: setup
	@exec $(BIN)/python -m bot run --stop-with-parent
train: setup
	@exec $(BIN)/python -m bot train
prove: setup
	@exec $(BIN)/python -m bot exit prove
simulate: setup
	@exec $(BIN)/python -m bot simulate --conversations 10000
tune:
	@$(PYTHON) set_up.py --weights
	@exec $(BIN)/python -m bot encoder tune
bench: setup-dev
	@exec $(BIN)/python -m bench.speed

static: setup-dev
	@echo "== format";       $(BIN)/ruff format --check --quiet .
	@echo "== lint";         $(BIN)/ruff check --quiet .
	@echo "== imports";      $(BIN)/lint-imports --no-logo
	@echo "== types";        $(BIN)/mypy
	@echo "== data";         $(BIN)/python -m bot data check
check: static
	@echo "== quick tests";  $(BIN)/python -m pytest -q -n 2 --dist loadfile -m "$(FAST)" -k "not postgresql" \
	--ignore tests/gateway
test: static
	@echo "== the model";    $(BIN)/python -m bot train
	@echo "== the exit, proved"
	@$(BIN)/python -m bot exit prove --unless-proved
	@echo "== tests that run two at a time"
	@CORE_COVERAGE=later $(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder \
	-m "not alone" --cov --cov-report= --cov-fail-under=0 --durations=25
	@echo "== tests that need the machine to themselves"
	@$(BIN)/python -m pytest -m alone --cov --cov-append --cov-report=term
format: setup-dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only --quiet .
