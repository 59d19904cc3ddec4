# make is the cache of the book: a page is executed again when anything changes that it is made from. What that is, lib/book/build.py
# finds out and writes to _build/pages.mk. `make build PY=<python>` uses an environment of your own instead of making .venv, and
# `make build WORKING_EXAMPLE=<network>` (STACK_EXAMPLE for stacks) runs the sections for another network than book/networks.yml names.

SHELL  := /bin/bash
PYTHON ?= python3
PY     ?= .venv/bin/python
JOBS   ?= 2

export PYTHONPATH := $(CURDIR)
export OMP_NUM_THREADS ?= 1
export JUPYTER_PREFER_ENV_PATH := 1
export PYTHONUTF8 := 1
# What tools would write into the home folder, which may be read-only.
export JUPYTER_RUNTIME_DIR := $(CURDIR)/_build/jupyter
export IPYTHONDIR := $(CURDIR)/_build/ipython
export MPLCONFIGDIR := $(CURDIR)/_build/matplotlib

B   := _build
S   := $(B)/stage
N   := $(B)/notebooks
ENV := $(if $(filter .venv/bin/python,$(PY)),.venv/installed)
EXAMPLES     = --working-example "$(WORKING_EXAMPLE)" --stack-example "$(STACK_EXAMPLE)"
JUPYTER_BOOK = $(PY) -c "from jupyter_book.cli.main import main; main()" build --config _config.yml

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help environment build book test train grid experiment notebook pdf serve bench lint clean FORCE

help:  ## this list (the default)
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

environment: $(ENV)
.venv/installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make build PYTHON=python3.11")'
	@$(PYTHON) -m venv .venv || \
	  { echo "No virtual environment: install venv (Debian, Ubuntu: apt-get install python3-venv), or make build PY=<python>"; exit 1; }
	.venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

build: $(B)/graph  ## make the environment on first use, execute the notebooks that changed, build the book
	@cat $(B)/left-out
	@$(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS)) book
	@echo "The book: file://$$PWD/$(B)/html/index.html"

# The rules of the pages are written again when a source, a folder or an example comes, goes or changes.
-include $(B)/pages.mk
$(B)/graph: $(B)/examples _toc.yml $(wildcard book/. book/* lib/*.py lib/*/*.py lib/*/*/*.py networks/. networks/*) $(ENV)
	@$(PY) -m lib.book.build $(EXAMPLES) && touch $@
$(B)/examples: FORCE
	@mkdir -p $(B); echo '$(EXAMPLES)' | cmp -s - $@ || echo '$(EXAMPLES)' > $@

# Always from scratch: what a page shows of another page, and the warnings of pages that did not change, are then never stale.
book: $(B)/html/index.html
$(B)/html/index.html: $(STAGED) $(EXPLORED) $(S)/references.bib $(B)/toc.yml _config.yml $(ENV) $(wildcard book/_ext/*.py book/_static/*)
	@mkdir -p $(S)/_static && cp -p book/_static/* $(S)/_static/
	@rm -rf $(B)/new
	@echo "Building the book"
	@$(JUPYTER_BOOK) $(S) --toc "$$PWD/$(B)/toc.yml" --path-output $(B)/new -W -n --keep-going > $(B)/book.log 2>&1 || \
	  { grep -E "WARNING|ERROR|Reason" $(B)/book.log || tail -n 40 $(B)/book.log; echo "The whole log: $(B)/book.log"; exit 1; }
	@rm -f $@ && rm -rf $(B)/html && mv $(B)/new/_build/html $(B)/html && rm -rf $(B)/new
$(S)/%: book/%
	@mkdir -p $(@D) && cp $< $@.partial && mv $@.partial $@

test: build  ## build the book if needed, then run the tests (ARGS="-k word" chooses)
	$(PY) -m pytest $(ARGS)

train: environment  ## train one network and write its folder: make train NETWORK=sst-gru-seed0
	@test -n "$(NETWORK)" || { echo "Which one? make train NETWORK=sst-gru-seed0"; exit 1; }
	$(PY) -m lib train $(NETWORK)
grid: environment  ## train and measure all that is missing of book/networks.yml, one process a core; goes on where it was stopped
	$(PY) -m lib grid $(addprefix --engine ,$(ENGINE)) $(addprefix --partition ,$(PARTITION)) $(addprefix --minutes ,$(MINUTES)) \
	  $(addprefix --gpus ,$(GPUS)) $(ARGS)
experiment: environment  ## perform the runs of what makes the line: make experiment ARGS=<run>; all that are missing without
	$(PY) -m lib experiment $(ARGS)

# Written beside its place and renamed, a folder for each notebook and ARGS: two that run at once leave each other alone.
PAGE = $(firstword $(NB))
notebook: export ARGS := $(ARGS)
notebook: environment  ## run a notebook, or several as one page: make notebook NB=fixed-points ARGS="-p network imdb-gru-seed0"
	@test -n "$(NB)" && ls $(NB:%=book/%.py) > /dev/null || \
	  { echo "Which one? make notebook NB=<name>, one of: $(basename $(notdir $(wildcard book/*.py)))"; exit 1; }
	@mkdir -p $(N) && run=$$(mktemp -d $(N)/running-XXXXXX) && trap 'rm -rf "$$run"' EXIT && chmod 755 "$$run" && mkdir "$$run/_static" && \
	  cp -p book/_static/* "$$run/_static/" && cp book/references.* "$$run/" && \
	  CLAIM_RECORDS="$$PWD/$(N)/claims" $(PY) -m lib.book.execution $(NB:%=book/%.py) -o "$$run/$(PAGE).ipynb" $(ARGS) && \
	  printf 'format: jb-book\nroot: $(PAGE)\nchapters:\n  - file: references\n' > "$$run/toc.yml" && \
	  { $(JUPYTER_BOOK) "$$run" --toc "$$PWD/$$run/toc.yml" --path-output "$$run" --all > "$$run/book.log" 2>&1 || \
	    { tail -n 40 "$$run/book.log"; exit 1; }; } && \
	  at=$(N)/$(PAGE)$(if $(ARGS),-$$(printf %s "$$ARGS" | cksum | cut -d' ' -f1)) && rm -rf "$$at" && mv "$$run" "$$at" && \
	  echo "The notebook: $$at/$(PAGE).ipynb" && \
	  echo "As a page (what it refers to on other pages is not there): file://$$PWD/$$at/_build/html/$(PAGE).html"

pdf: build  ## print the whole book into _build/book.pdf, with the system's Chromium
	@$(PY) -m lib.book.printing -o $(B)/book.pdf
serve: build  ## show the book at http://127.0.0.1:8000
	$(PY) -m http.server --bind 127.0.0.1 --directory $(B)/html 8000
bench: environment  ## measure what we claim about speed, and write the table that the book shows
	$(PY) -m benchmarks
lint: environment  ## check the code's style and types
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m ty check
clean:  ## remove the built book, its executed pages and cached results; keep the environment and checkpoints
	rm -rf $(addprefix $(B)/,html stage explored notebooks failed cache claims times inputs book.pdf book.log toc.yml pages.mk graph examples left-out new running jupyter ipython matplotlib)
