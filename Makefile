# Each command works on a bare machine: it begins with the set-up (setup.sh), which skips what is done already.
#   make demo    watch it work: photographs and a video in; annotated pictures, a video, CSV and JSON out, in out/
#   make test    everything that must hold before a change goes in
# Another Python: make PYTHON=python3.12. Some tests only: make test ARGS='-k tracker'.

PY     := .venv/bin/python
SHARED := ../shared
MODEL  := $(SHARED)/models/mobilenet_v2_140.toml
PHOTOS := $(SHARED)/images
VIDEO  := $(SHARED)/videos/openpose_dance.avi

export PYTHON

.PHONY: demo test lint format types lock clean distclean setup

demo: setup
	@for file in "$(MODEL)" "$(PHOTOS)" "$(VIDEO)"; do test -e "$$file" || missing="$$missing $$file"; done; \
	if [ -n "$$missing" ]; then \
		echo "PoseDesk is set up, but has no net and pictures of its own yet, and the demo's are not here:$$missing"; \
		echo "Download a net, then give it a picture, a folder of pictures or a video of yours:"; \
		echo "    .venv/bin/posedesk models fetch mobilenet-thin"; \
		echo "    .venv/bin/posedesk run clip.mp4 --model mobilenet-thin --record out/clip.mp4 --csv out/clip.csv"; \
		exit 2; \
	fi
	$(PY) -m app run "$(PHOTOS)" --model "$(MODEL)" --record out/photographs --csv out/photographs.csv
	$(PY) -m app run "$(VIDEO)" --end 2 --model "$(MODEL)" --record out/video.mp4 --csv out/video.csv --write-json out/video_json
	@echo "Look in out/: photographs/ and video.mp4 are annotated; the .csv files and video_json/ hold the points."

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
