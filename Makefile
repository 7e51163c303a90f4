# The same as `python3 kit.py NAME`; ARGS are passed on: make test ARGS="unit types"
PYTHON ?= python3

.PHONY: run test bench fuzz crash mutate sbom lock clean
run test bench fuzz crash mutate sbom lock clean:
	@$(PYTHON) kit.py $@ $(ARGS)
