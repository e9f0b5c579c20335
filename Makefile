# Santun: `make demo` shows it, `make test` proves it. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup plugins build demo test lint bench fuzz simulate soak language ears intents escalation package clean

TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
PLUGINS := escalation order-tracking faq menu
FUZZED := webhook signature component bot_toml ears store
FUZZ_SECONDS ?= 3600
WASM := $(TARGET_DIR)/wasm32-wasip2/plugin
# SQLite without the lock that all connections share at each page and each allocation: a read of a history takes 0.87
# of the time (four readers beside a writer, medians of four). Releases alone: whoever builds with cargo between two
# runs of make would build SQLite and everything above it anew each time.
RELEASED := LIBSQLITE3_FLAGS="-USQLITE_ENABLE_MEMORY_MANAGEMENT -DSQLITE_DEFAULT_MEMSTATUS=0"

help: ## List what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

setup: ## Install what the build needs (the WebAssembly target)
	@.ci/setup

plugins: setup ## Build the plugins into plugins/dist
	@echo "Building the plugins ($(PLUGINS))"
	@cargo build --quiet --profile plugin --target wasm32-wasip2 $(PLUGINS:%=-p santun-plugin-%)
	@mkdir -p plugins/dist
	@for name in $(PLUGINS); do \
	  cmp -s $(WASM)/santun_plugin_$${name//-/_}.wasm plugins/dist/$$name.wasm || \
	  cp $(WASM)/santun_plugin_$${name//-/_}.wasm plugins/dist/$$name.wasm; done

build: plugins ## Build the host, the emulator and the plugins
	@echo "Building the host (the first time takes several minutes: WebAssembly's compiler is in it)"
	@cargo build --workspace

demo: build ## Play a conversation through the real thing, then keep serving (DEMO_ONCE=1: play and exit)
	@SANTUN_CLOCK=var/demo/clock $(TARGET_DIR)/debug/santun demo $(if $(DEMO_ONCE),--once)

test: build ## Run every test
	@.ci/setup cargo-nextest clients
	@SANTUN_PLUGINS=$(CURDIR)/plugins/dist cargo nextest run --workspace --no-fail-fast

lint: ## Check format, lints, documentation and dependencies
	@.ci/setup cargo-deny
	@cargo fmt --all --check
	@cargo clippy --workspace --all-targets --features santun/bench --quiet -- -D warnings
	@RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --quiet
	@cargo deny --log-level error check licenses bans sources

bench: plugins ## Measure, print a table, write target/bench.json
	@cargo build --quiet --profile plugin --target wasm32-wasip2 -p santun-plugin-measured
	@$(RELEASED) cargo run --release -p santun --features bench -- bench --out $(TARGET_DIR)/bench.json --guest $(WASM)/santun_plugin_measured.wasm

simulate: ## Play a whole host under SANTUN_SCHEDULES (2000) seeds, or under SANTUN_SEED
	@SANTUN_SCHEDULES=$(or $(SANTUN_SCHEDULES),2000) cargo test -p santun-tests --test simulation --test fuzzed -- --nocapture

soak: build ## Kill the host SANTUN_KILLS (1000) times under load
	@SANTUN_KILLS=$(or $(SANTUN_KILLS),1000) cargo test -p santun-tests --test crash -- --nocapture

fuzz: ## Fuzz each target for FUZZ_SECONDS (3600), or only TARGET; a finding ends it and stays in tests/fuzz/artifacts
	@.ci/setup cargo-fuzz
	@for target in $(or $(TARGET),$(FUZZED)); do \
	  echo "Fuzzing $$target for $(FUZZ_SECONDS) s"; \
	  mkdir -p $(TARGET_DIR)/corpus/$$target; \
	  RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir tests/fuzz $$target $(abspath $(TARGET_DIR))/corpus/$$target \
	    tests/fuzz/corpus/$$target -- -max_total_time=$(FUZZ_SECONDS) -timeout=20 -rss_limit_mb=4096; done

language: ## Score the ears, the FAQ and the escalation on the language sets
	@cargo run --quiet -p santun-core --example ears
	@cargo run --quiet -p santun-plugin-faq --example faq_scores
	@cargo run --quiet -p santun-plugin-escalation --example escalation_scores

ears: ## Learn the ears anew from their phrases and sets
	@cargo run --quiet --release -p santun-core --example ears -- --learn

escalation: ## Learn anew when a human is called for, from plugins/escalation/training
	@cargo run --quiet --release -p santun-plugin-escalation --example learn

intents: ## Learn anew what businesses are asked and how customers put it, and how the FAQ weighs that
	@cargo run --quiet --release -p santun-concepts --example intents
	@cargo run --quiet --release -p santun-plugin-faq --example sense

package: plugins ## Build a Debian package (SANTUN_BIN=program packages that one)
	@$(if $(SANTUN_BIN),,$(RELEASED) cargo build --release -p santun)
	@host/server/package/build --binary $(or $(SANTUN_BIN),$(TARGET_DIR)/release/santun) \
	  --plugins $(or $(SANTUN_PLUGINS),plugins/dist) --out $(or $(PACKAGE_DIR),$(TARGET_DIR)/package)

clean: ## Remove what was built
	@cargo clean
	@rm -rf plugins/dist
