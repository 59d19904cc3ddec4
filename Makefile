# make is the cache of the book: a page is executed again when its source, lib/, its networks or its parameters change.
# `make build PY=<python>` uses an environment of your own instead of making .venv.

SHELL  := /bin/bash
PYTHON ?= python3
PY     ?= .venv/bin/python
JOBS   ?= 2
ARGS   ?=

export PYTHONPATH := $(CURDIR)
export OMP_NUM_THREADS ?= 1
export JUPYTER_PREFER_ENV_PATH := 1

JUPYTER_BOOK = $(PY) -c "from jupyter_book.cli.main import main; main()"

B      := _build
STAGE  := $(B)/stage
ENV    := $(if $(filter .venv/bin/python,$(PY)),.venv/installed)
WHERE   = $(abspath $(B)/html/index.html)
# A page has a source, `.py` to be executed or `.md`; a network's page is made of the sections. What has none is left out.
WORKING_EXAMPLE ?= $(shell sed -n 's/^working_example: *\([^ ]*\).*/\1/p' book/networks.yml)
STACK_EXAMPLE ?= $(shell sed -n 's/^stack_example: *\([^ ]*\).*/\1/p' book/networks.yml)
LISTED   := $(shell sed -n 's/^.*\(root\|file\): *//p' _toc.yml)
APPENDIX := $(shell sed -n '/^appendix:/,/^[a-z_]*:/s/^ *- *\([^ ]*\).*/\1/p' book/networks.yml)
SECTIONS := $(shell sed -n '/^sections:/,/^[a-z_]*:/s/^ *- *\([^ ]*\).*/\1/p' book/networks.yml)
STACK_SECTIONS := $(shell sed -n '/^stack_sections:/,/^[a-z_]*:/s/^ *- *\([^ ]*\).*/\1/p' book/networks.yml)
STACKS   := $(shell sed -n '/^stacks:/,/^[a-z_]*:/s/^ *- *\([^ ]*\).*/\1/p' book/networks.yml)
COMPARED := universality contextual non-normality similarity failures what-makes-the-line
DEPTHS   := stacks sling bulk
SUMMARY  := claims index making
COMPUTED := $(patsubst book/%.py,%,$(wildcard $(LISTED:%=book/%.py)))
WRITTEN  := $(patsubst book/%.md,%,$(wildcard $(LISTED:%=book/%.md)))
NETWORKS := $(patsubst networks/%/evidence.safetensors,%,$(wildcard $(APPENDIX:%=networks/%/evidence.safetensors)))
STACKED  := $(if $(filter stacks,$(LISTED)),$(patsubst networks/%/evidence.safetensors,%,$(wildcard $(STACKS:%=networks/%/evidence.safetensors))))
PAGES    := $(filter $(COMPUTED) $(WRITTEN),$(LISTED)) $(NETWORKS:%=networks/%) $(STACKED:%=stacks/%)
NETWORK_PAGES := $(NETWORKS:%=$(STAGE)/networks/%.ipynb)
COMPUTED_PAGES := $(COMPUTED:%=$(STAGE)/%.ipynb)
STACK_PAGES := $(STACKED:%=$(STAGE)/stacks/%.ipynb)
STAGED   := $(COMPUTED_PAGES) $(NETWORK_PAGES) $(STACK_PAGES) $(WRITTEN:%=$(STAGE)/%.md) $(STAGE)/references.bib

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help environment build book test train grid experiment notebook serve bench lint clean FORCE

help:  ## this list (the default)
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|'

environment: $(ENV)
.venv/installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed: make build PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -m venv .venv || \
	  { echo "No virtual environment: install venv (Debian, Ubuntu: apt-get install python3-venv), or make build PY=<python>"; exit 1; }
	.venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

build: environment  ## make the environment on first use, execute the notebooks that changed, build the book
	@$(foreach page,$(filter-out $(PAGES),$(LISTED)),echo "Left out: $(page), which _toc.yml lists, has no source in book/.";)
	@$(foreach name,$(filter-out $(NETWORKS) $(STACKED),$(APPENDIX) $(STACKS)),echo "Left out: $(name), which book/networks.yml lists, has no folder: make train NETWORK=$(name)";)
	@$(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS)) book
	@echo "The book: file://$(WHERE)"

book: $(B)/html/index.html

# Always from scratch: what a page shows of another page, and the warnings of pages that did not change, are then never stale.
$(B)/html/index.html: $(STAGED) $(B)/toc.yml _config.yml $(ENV) $(wildcard book/_ext/*.py book/_static/*)
	@mkdir -p $(STAGE)/_static && cp -p book/_static/* $(STAGE)/_static/
	@rm -rf $(B)/html $(B)/.doctrees $(B)/jupyter_execute
	@find $(STAGE) \( -name '*.ipynb' -o -name '*.md' \) | { grep -vxF $(STAGED:%=-e %) || true; } | xargs -r rm  # of pages that are gone
	@echo "Building the book"
	@$(JUPYTER_BOOK) build $(STAGE) --toc $(CURDIR)/$(B)/toc.yml --config _config.yml --path-output . \
	  -W -n --keep-going > $(B)/book.log 2>&1 || \
	  { grep -E "WARNING|ERROR|Reason" $(B)/book.log || tail -n 40 $(B)/book.log; echo "The whole log: $(B)/book.log"; exit 1; }

$(STAGE)/%.md: book/%.md
	@mkdir -p $(@D) && cp $< $@
$(STAGE)/%.bib: book/%.bib
	@mkdir -p $(@D) && cp $< $@
$(B)/toc.yml: _toc.yml book/_ext/toc.py $(B)/inputs/pages $(ENV)
	@$(PY) book/_ext/toc.py $(PAGES) > $@

# What a page is made from besides its source: its parameters, networks and the pages it reads
PARAMETERS :=
CODE     := $(wildcard lib/*.py lib/*.yaml) book/reviews.yml book/_ext/execute.py $(ENV)
folders   = $(wildcard $(addsuffix /*,$(addprefix networks/,$(1))))
CONTROLS := $(shell sed -n '/^controls:/,/^[a-z_]*:/s/^ *- *\([^ ]*\).*/\1/p' book/networks.yml)
LIKE_WORKING := $(word 1,$(subst -, ,$(WORKING_EXAMPLE)))-%

$(SECTIONS:%=$(STAGE)/%.ipynb): PARAMETERS = -p network $(WORKING_EXAMPLE)
$(SECTIONS:%=$(STAGE)/%.ipynb): $(B)/inputs/working_example $(call folders,$(WORKING_EXAMPLE) $(filter $(LIKE_WORKING),$(CONTROLS)))
$(STAGE)/known-answer.ipynb: $(call folders,synthetic-*)
$(STAGE)/training.ipynb $(COMPARED:%=$(STAGE)/%.ipynb) $(SUMMARY:%=$(STAGE)/%.ipynb): book/networks.yml \
  $(call folders,$(WORKING_EXAMPLE) $(APPENDIX) $(CONTROLS)) $(wildcard networks/*/claims.json networks/*/metrics.json networks/trials/*.json networks/experiments/*.json)
$(COMPARED:%=$(STAGE)/%.ipynb): $(NETWORK_PAGES)
$(STACK_SECTIONS:%=$(STAGE)/%.ipynb): PARAMETERS = -p network $(STACK_EXAMPLE)
$(STACK_SECTIONS:%=$(STAGE)/%.ipynb): $(B)/inputs/stack_example $(call folders,$(STACK_EXAMPLE))
$(DEPTHS:%=$(STAGE)/%.ipynb): $(STACK_PAGES) $(call folders,$(STACKS)) $(wildcard networks/*/claims.json)
$(COMPARED:%=$(STAGE)/%.ipynb): | $(filter $(STAGE)/training.ipynb,$(COMPUTED_PAGES))
$(patsubst %,$(STAGE)/%.ipynb,$(filter-out universality,$(COMPARED))): | $(filter $(STAGE)/universality.ipynb,$(COMPUTED_PAGES))
$(SUMMARY:%=$(STAGE)/%.ipynb): $(filter-out $(SUMMARY:%=$(STAGE)/%.ipynb),$(COMPUTED_PAGES)) $(NETWORK_PAGES)
# The fixed points are computed once and kept in _build/cache, where the later pages find them.
$(SECTIONS:%=$(STAGE)/%.ipynb): | $(filter $(STAGE)/networks/$(WORKING_EXAMPLE).ipynb,$(NETWORK_PAGES))
$(filter $(STAGE)/making.ipynb,$(COMPUTED_PAGES)): $(filter $(STAGE)/claims.ipynb $(STAGE)/index.ipynb,$(COMPUTED_PAGES))

$(COMPUTED_PAGES): $(STAGE)/%.ipynb: book/%.py $(CODE)
	@$(PY) book/_ext/execute.py $< -o $@ $(PARAMETERS)

SECTION_SOURCES := $(wildcard $(SECTIONS:%=book/%.py))
define network_page
$(STAGE)/networks/$(1).ipynb: $$(SECTION_SOURCES) $$(CODE) $$(call folders,$(1) $$(filter $(word 1,$(subst -, ,$(1)))-%,$$(CONTROLS)))
	@$$(PY) book/_ext/execute.py $$(SECTION_SOURCES) -o $$@ -p network $(1)
endef
$(foreach name,$(NETWORKS),$(eval $(call network_page,$(name))))
STACK_SOURCES := $(wildcard $(STACK_SECTIONS:%=book/%.py))
# A network of one layer has none to be coupled with.
DEEP = $(filter %2 %3 %4,$(word 2,$(subst -, ,$(1))))
define stack_page
$(STAGE)/stacks/$(1).ipynb: $(if $(call DEEP,$(1)),$(STACK_SOURCES),book/layers.py) $$(CODE) $$(call folders,$(1))
	@$$(PY) book/_ext/execute.py $(if $(call DEEP,$(1)),$(STACK_SOURCES),book/layers.py) -o $$@ -p network $(1)
endef
$(foreach name,$(STACKED),$(eval $(call stack_page,$(name))))

# A file that changes when a value does
$(B)/inputs/working_example: VALUE = $(WORKING_EXAMPLE)
$(B)/inputs/stack_example: VALUE = $(STACK_EXAMPLE)
$(B)/inputs/pages: VALUE = $(PAGES)
$(B)/inputs/%: FORCE
	@mkdir -p $(@D); echo "$(VALUE)" | cmp -s - $@ || echo "$(VALUE)" > $@

test: build  ## build the book if needed, then run the tests (ARGS="-k word" chooses)
	$(PY) -m pytest $(ARGS)

train: environment  ## train one network and write its folder: make train NETWORK=sst-gru-seed0
	@test -n "$(NETWORK)" || { echo "Which one? make train NETWORK=sst-gru-seed0"; exit 1; }
	$(PY) -m lib train $(NETWORK)

grid: environment  ## train and measure all that is missing of book/networks.yml, one process a core; goes on where it was stopped
	$(PY) -m lib grid $(ARGS)

experiment: environment  ## perform the runs of what makes the line: make experiment ARGS=<run>; all that are missing without
	$(PY) -m lib experiment $(ARGS)

N := $(B)/notebooks
notebook: environment  ## run one notebook: make notebook NB=fixed-points ARGS="-p network imdb-gru-seed0"
	@test -f "book/$(NB).py" || { echo "Which one? make notebook NB=<name>, one of: $(COMPUTED)"; exit 1; }
	@mkdir -p $(N)/_static && cp -p book/_static/* $(N)/_static/ && cp book/references.* $(N)/
	@CLAIM_RECORDS=$(CURDIR)/$(N)/claims $(PY) book/_ext/execute.py book/$(NB).py -o $(N)/$(NB).ipynb $(ARGS)
	@printf 'format: jb-book\nroot: $(NB)\nchapters:\n  - file: references\n' > $(N)/toc.yml
	@$(JUPYTER_BOOK) build $(N) --toc $(CURDIR)/$(N)/toc.yml --config _config.yml --path-output $(N) --all \
	  > $(N)/book.log 2>&1 || { tail -n 40 $(N)/book.log; exit 1; }
	@echo "The notebook: $(N)/$(NB).ipynb"
	@echo "As a page (what it refers to on other pages is not there): file://$(abspath $(N)/_build/html/$(NB).html)"

serve: build  ## show the book at http://127.0.0.1:8000
	$(PY) -m http.server --bind 127.0.0.1 --directory $(B)/html 8000

bench: environment  ## measure what we claim about speed
	@for benchmark in benchmarks/*.py; do $(PY) $$benchmark || exit 1; done

lint: environment  ## check the code's style
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

clean:  ## remove the built book, its executed pages and cached results; keep the environment and checkpoints
	rm -rf $(addprefix $(B)/,html stage notebooks failed cache claims times inputs .doctrees jupyter_execute book.log toc.yml)
