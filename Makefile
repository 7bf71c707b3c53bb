# Every target does its own set-up. `make` alone explains them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
TESTS := tests/FamilyAssistant.Operator

.PHONY: help test demo bench crds format image

help: ## Show the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

test: ## Run all tests; FILTER=Storage runs those with it in their full name
	@.ci/test '$(FILTER)'

demo: ## Bring up a cluster, the operator and two instances with one bot; CHECK=1 checks it without a terminal and cleans up
	@.ci/dotnet
	@dotnet run -c Release --project $(TESTS).LocalCluster -- demo $(if $(CHECK),--check)

bench: ## Measure requests, reaction, start and memory with N=200 instances; prints and writes artifacts/bench.json
	@.ci/dotnet
	@N=$(or $(N),200) dotnet run -c Release --project $(TESTS).Benchmarks

crds: ## Generate crds/ from the records
	@.ci/dotnet
	@dotnet run -c Release --project src/FamilyAssistant.Operator.CrdGenerator -- .

format: ## Format the code
	@.ci/dotnet
	@dotnet format

image: ## Build the container image with docker, podman or buildah
	@.ci/image
