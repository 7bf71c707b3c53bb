# Every target does its own set-up. `make` alone explains them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
TESTS := tests/FamilyAssistant.Operator

.PHONY: help test demo drill bench bench-backup crds format image

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

test: ## Run all tests; FILTER=Storage runs those with it in their full name
	@.ci/test '$(FILTER)'

demo: ## Bring up a cluster, the operator and two instances with one bot; CHECK=1 checks it without a terminal and cleans up
	@.ci/dotnet
	@dotnet run -c Release --project $(TESTS).LocalCluster -- demo $(if $(CHECK),--check)

drill: ## Back up an instance, lose its cluster, bring it back on an empty one, compare every row and file; SIZE=64 MiB; CHECK=1 cleans up
	@.ci/dotnet
	@dotnet run -c Release --project $(TESTS).LocalCluster -- drill $(if $(CHECK),--check) $(if $(SIZE),--size $(SIZE))

bench: ## Measure requests, reaction, start and memory with N=200 instances; prints and writes artifacts/bench.json
	@.ci/dotnet
	@N=$(or $(N),200) dotnet run -c Release --project $(TESTS).Benchmarks

bench-backup: ## Measure backup, verification and restore beside pg_dump and pg_restore: SIZE=1100 MiB, RUNS=3; writes artifacts/bench-backup.json
	@.ci/dotnet
	@SIZE=$(SIZE) RUNS=$(RUNS) dotnet run -c Release --project $(TESTS).Benchmarks -- backup

crds: ## Generate crds/ from the records
	@.ci/dotnet
	@dotnet run -c Release --project src/FamilyAssistant.Operator.CrdGenerator -- .

format: ## Format the code
	@.ci/dotnet
	@dotnet format

image: ## Build the container image with docker, podman or buildah
	@.ci/image
