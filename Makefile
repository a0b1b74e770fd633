# Session Guard. `make` alone lists the targets; README.md says how long the first run of each takes.

ARCH ?= arm64#                  of the functions that `build` and `deploy` make: arm64 or x86_64
CHARTER ?= charter.toml#        what `deploy` packs into the functions
OVERWRITE ?=#                   `yes` lets `deploy` replace preferences that differ from the baseline
WITHOUT_RULES ?=#               `yes` lets `deploy` leave out the rules that AWS Config shows
RESERVED_CONCURRENCY ?=#        runs of the guard at one time; empty leaves it as it is
ENDPOINT_URL ?=#                a local account on loopback instead of AWS
SECONDS ?= 60#                  that `fuzz` spends on each reader
ORACLE_TIMES ?= 20#             times the cases of an ordinary test run that `oracle` tries
EVENT ?=#                       the sample that `invoke` sends, a file under events/
PYTHON ?= python3#              3.10 or newer, makes the virtual environment

CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/session-guard
HASH := $(shell { sha256sum tests/requirements.txt || shasum -a 256 tests/requirements.txt; } 2>/dev/null | cut -c 1-12)
VENV := $(CACHE)/venv-$(HASH)
DENY := $(CACHE)/cargo-deny-0.20.2
BUILT := $(abspath $(or $(CARGO_TARGET_DIR),target))
HOST_ARCH := $(subst aarch64,arm64,$(shell uname -m))
TRIPLE := $(subst arm64,aarch64,$(ARCH))-unknown-linux-gnu

$(if $(filter arm64 x86_64,$(ARCH)),,$(error ARCH is arm64 or x86_64, not `$(ARCH)`))

# Recipes that need an installed tool begin with it.
TOOLS := PATH="$(VENV)/bin:$$PATH" SESSION_GUARD_VENV="$(VENV)"
# The targets of the machine itself are always there, so cargo-lambda need not ask for them.
FUNCTIONS := $(TOOLS) cargo lambda build --package preferences-guard --package role-policy-guard --package role-migration --package config-rules

.PHONY: bench fuzz oracle checked help setup demo test e2e-functions fmt lint docs deny advisories build deploy redrive invoke local-account cfn-lint ci

help: ## List the targets
	@test -t 1 && c=$$(printf '\033[36m') && n=$$(printf '\033[0m'); \
	awk -F ':.*## ' -v c="$$c" -v n="$$n" '/^[a-z0-9-]+:.*## / { printf "%s%-14s%s %s\n", c, $$1, n, $$2 }' Makefile

setup: ## Install the pinned tools into a virtual environment in the user's cache
	@$(PYTHON) tests/setup "$(VENV)"

demo: setup ## Show the main job on a local account: set up, deploy, play the story, verify every outcome
	@echo 'cargo lambda build --release: the functions as they are deployed'
	@$(FUNCTIONS) --release --skip-target-check --lambda-dir "$(BUILT)/lambda-$(HOST_ARCH)"
	cargo build --bin session-guard --bin demo
	@$(TOOLS) SESSION_GUARD_LAMBDA_DIR="$(BUILT)/lambda-$(HOST_ARCH)" cargo run --quiet --bin demo

test: setup cfn-lint e2e-functions ## Run all tests, end-to-end included
	$(TOOLS) SESSION_GUARD_LAMBDA_DIR="$(BUILT)/lambda-e2e" cargo test --workspace

e2e-functions: setup
	$(FUNCTIONS) --profile e2e --skip-target-check --lambda-dir "$(BUILT)/lambda-e2e"

fmt: ## Format the code
	cargo fmt --all

lint: ## Run clippy on everything, warnings denied
	cargo clippy --workspace --all-targets -- --deny warnings

docs: ## Make the documentation of all items, warnings denied
	RUSTDOCFLAGS="--deny warnings" cargo doc --workspace --no-deps --document-private-items

# The crates of every platform are fetched first, because the check reads all their manifests and runs offline.
deny: $(DENY)/bin/cargo-deny ## Check licences, duplicates, sources and who may depend on whom
	cargo fetch --locked
	$< --offline --locked check bans licenses sources

advisories: $(DENY)/bin/cargo-deny ## Check for known vulnerabilities; fetches the RustSec database from GitHub
	$< --locked check advisories

$(DENY)/bin/cargo-deny:
	env -u CARGO_TARGET_DIR cargo install --quiet --locked --root "$(DENY)" cargo-deny@0.20.2

build: setup ## Build the functions for ARCH as they are deployed
	@test -d "$$(rustc --print target-libdir --target $(TRIPLE))" || rustup target add $(TRIPLE) || \
	{ echo 'Rust cannot build for $(ARCH) here: `rustup target add $(TRIPLE)`, or `make ARCH=$(HOST_ARCH) ...`' >&2; exit 1; }
	$(FUNCTIONS) --release --skip-target-check --target $(TRIPLE) --lambda-dir "$(BUILT)/lambda-$(ARCH)"

deploy: checked build ## Deploy to every Region of CHARTER; ARCH, OVERWRITE=yes, WITHOUT_RULES=yes, RESERVED_CONCURRENCY, ENDPOINT_URL
	@$(TOOLS) cargo run --quiet --bin session-guard -- deploy --charter "$(CHARTER)" --lambda-dir "$(BUILT)/lambda-$(ARCH)" \
	$(if $(OVERWRITE),--overwrite) $(if $(WITHOUT_RULES),--without-rules) $(if $(RESERVED_CONCURRENCY),--reserved-concurrency "$(RESERVED_CONCURRENCY)") \
	$(if $(ENDPOINT_URL),--endpoint-url "$(ENDPOINT_URL)")

checked: # What is wrong with the wish is said before anything is built for long.
	@case "$(OVERWRITE)" in ''|yes) ;; *) echo 'OVERWRITE is `yes` or nothing' >&2; exit 2;; esac
	@case "$(WITHOUT_RULES)" in ''|yes) ;; *) echo 'WITHOUT_RULES is `yes` or nothing' >&2; exit 2;; esac
	cargo build --bin session-guard
	@cargo run --quiet --bin session-guard -- charter check "$(CHARTER)"

redrive: setup ## Give the events of the failure queue back to the function, in the Region of the AWS settings
	@$(TOOLS) "$(VENV)/bin/python" infra/redrive $(if $(ENDPOINT_URL),--endpoint-url "$(ENDPOINT_URL)")

invoke: setup ## Run the sample EVENT through the function on a local account
	cargo build --bin local-account --bin session-guard
	@$(TOOLS) "$(VENV)/bin/python" tests/invoke "$(EVENT)"

local-account: setup ## Run the local account until Ctrl-C; prints how to speak to it
	cargo build --bin local-account
	@$(TOOLS) cargo run --quiet --bin local-account

bench: ## Measure the policy engine beside iam-rs, and whole accounts; takes minutes
	cd tests/bench && cargo bench && cargo run --release --bin account

oracle: ## Try the policy engine against its oracle, ORACLE_TIMES the cases of the tests
	ORACLE_TIMES="$(ORACLE_TIMES)" cargo test --release --package guard-core --test it oracle

# Coverage by the compiler's own pass, without a sanitizer, works with the stable compiler. What was found once is kept.
FUZZED := --cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
	-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
	-Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1

fuzz: ## Fuzz the readers of policies and of requests for SECONDS each; needs a C++ compiler
	RUSTFLAGS="$(FUZZED)" cargo build --release --manifest-path fuzz/Cargo.toml --target-dir "$(BUILT)/fuzz" \
	--target "$$(rustc --print host-tuple)"
	@for target in policy simulate; do \
	mkdir -p "$(CACHE)/corpus/$$target" && \
	"$(BUILT)/fuzz/$$(rustc --print host-tuple)/release/$$target" -max_total_time="$(SECONDS)" -max_len=65536 -timeout=5 \
	-artifact_prefix="$(BUILT)/fuzz/" -print_final_stats=1 "$(CACHE)/corpus/$$target" "fuzz/seeds/$$target" || exit 1; done

cfn-lint: setup ## Check the CloudFormation templates
	$(TOOLS) cfn-lint --include-checks I -- infra/*.yaml

ci: ## Run everything that must pass before a change is merged
	.ci/run
