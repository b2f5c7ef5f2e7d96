# Each command works on a bare machine: it begins with the set-up (setup.sh), which skips what is done already.
#   make demo    watch it work: the window with a drawn scene; without a screen an annotated video, CSV and JSON in out/
#   make test    everything that must hold before a change goes in
# Another Python: make PYTHON=python3.12. Some tests only: make test ARGS='-k tracker'.

PY     := .venv/bin/python
MODEL  := embedded
VIDEO  := demo:tennis?seconds=8
PHOTOS := ../shared/images
RUN     = $(PY) -m app run --model "$(MODEL)"

export PYTHON

.PHONY: demo demo-files test lint format types lock clean distclean setup

demo: setup
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then $(PY) -m app --model "$(MODEL)" "$(VIDEO)"; \
	else $(MAKE) --no-print-directory demo-files; fi

demo-files: setup
	$(RUN) "$(VIDEO)" --record out/video.mp4 --csv out/video.csv --write-json out/video_json
	@if [ -e "$(PHOTOS)" ]; then $(RUN) "$(PHOTOS)" --record out/photographs --csv out/photographs.csv; fi
	@echo "Look in out/: video.mp4 and the pictures are annotated; the .csv files and video_json/ hold the points."

test: lint types
	$(PY) -m pytest $(ARGS)

lint: setup
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	.venv/bin/lint-imports

format: setup
	$(PY) -m ruff check --fix
	$(PY) -m ruff format

types: setup
	$(PY) -m mypy

# Keeps the pins that still fit; make lock UPGRADE=--upgrade takes the newest. uv lives in a throw-away place.
lock: setup
	@mkdir -p build && $(PY) -m venv build/uv && build/uv/bin/python -m pip install --quiet uv
	build/uv/bin/uv pip compile --quiet --universal --generate-hashes --group dev pyproject.toml --python-version 3.11 \
		--no-emit-index-url --custom-compile-command "make lock" $(UPGRADE) -o requirements.lock
	@rm -rf build/uv

clean:
	rm -rf build dist out .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

distclean: clean
	rm -rf .venv

setup:
	@./setup.sh
