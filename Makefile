# Everything a newcomer needs: make demo, make test.

SWIFT ?= swift
# A program that runs on any machine with libc, libcurl, SQLite, libcrypto and zlib: Swift's library is in it, and of C++'s and GCC's what
# Swift needs of them, since a folder that holds nothing but libstdc++.a is searched first. Its table of foreign functions is
# filled at start and then read-only. It looks for libraries where the system has them, not beside itself. lld keeps the linker silent.
STATIC_CXX := $(CURDIR)/.build/static-c++
RELEASE := -c release --disable-local-rpath --static-swift-stdlib -Xswiftc -use-ld=lld -Xswiftc -L$(STATIC_CXX) \
	-Xswiftc -Xclang-linker -Xswiftc -static-libgcc -Xlinker -z -Xlinker now
RELEASE_BIN = $(shell $(SWIFT) build $(RELEASE) --show-bin-path)
PREFIX ?= /usr/local
DESTDIR ?=
FOLDERS := Package.swift Sources Adapters Tests

.PHONY: help demo build release test lint format imports schema-test rules reference train-language eval-language eval-triage bench fuzz mutations \
	crash-test integration-test install uninstall deb clean libraries

help:
	@echo "make demo     build, run the main job on Samples/ against a ticket endpoint on loopback, show the result"
	@echo "make test     build and run all tests"
	@echo "make release  build the program for use: .build/release/gatehouse"
	@echo "make lint     check format and style        make format   put them right"
	@echo "make bench    measure beside peers          make install  into $(PREFIX)"
	@echo "make deb      a Debian package              make uninstall  take it away again"
	@echo "make integration-test  with Postfix, Dovecot, nginx and others, in sandboxes"
	@echo "make crash-test  SIGKILL a thousand times: nothing lost, nothing doubled"
	@echo "make fuzz     fuzz every reader: SECONDS=60 each, TARGET=mime for one"

libraries:
	@sh deploy/install-libraries.sh
	@mkdir -p "$(STATIC_CXX)"
	@archive=$$($(CC) -print-file-name=libstdc++.a); if [ -f "$$archive" ]; then ln -sf "$$archive" "$(STATIC_CXX)/libstdc++.a"; fi

build: libraries
	$(SWIFT) build

release: libraries
	$(SWIFT) build $(RELEASE) --product gatehouse
	$(SWIFT) build $(RELEASE) --product ticket-sink

demo: release
	@sh deploy/demo/run.sh "$(RELEASE_BIN)"

test: libraries
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build

# The samples' envelopes against the published schema, by a validator that is not ours.
schema-test: build
	sh Tests/Conformance/schema.sh "$$($(SWIFT) build --show-bin-path)"

lint:
	$(SWIFT) format lint --strict --recursive --parallel $(FOLDERS)
	@if command -v shellcheck >/dev/null 2>&1; then git ls-files -z '*.sh' .ci/run | xargs -0 shellcheck -S warning; fi

format:
	$(SWIFT) format --in-place --recursive --parallel $(FOLDERS)

# An import of a module that is not a declared dependency compiles by chance; here it is an error.
imports: libraries
	$(SWIFT) build --explicit-target-dependency-import-check error

# The tables of urgency words and rules, as the program embeds them: after each change to the .tsv files.
rules:
	$(SWIFT) run compile-rules Sources/CTables/data

# The manual's list of every key, from the configuration's schema: after each change to it.
reference: build
	"$$($(SWIFT) build --show-bin-path)/gatehouse" completion reference >deploy/docs/configuration-reference.md

# The language model's table from train.tar.xz and opencc/ in DATA. The same
# data gives the same bytes, in some ten minutes of one core.
train-language:
	@test -d "$(DATA)" || { echo "$@: DATA=FOLDER is missing" >&2; exit 64; }
	$(SWIFT) build $(RELEASE) --product train-language
	@sh Sources/train-language/run.sh "$(RELEASE_BIN)" "$(DATA)" Sources/CTables/data/language-model.bin

# How often triage is right, on sets of texts outside of the project: the tables in the READMEs of language and triage.
eval-language eval-triage:
	@test -d "$(DATA)" || { echo "$@: DATA=FOLDER is missing" >&2; exit 64; }
	$(SWIFT) build $(RELEASE) --product evaluate
	@sh Tests/Benchmarks/evaluate.sh "$(RELEASE_BIN)" $(@:eval-%=%) "$(DATA)"

bench: release
	$(SWIFT) build $(RELEASE) --product evaluate
	sh Tests/Benchmarks/run.sh "$(RELEASE_BIN)"

# libFuzzer with AddressSanitizer, in a build of its own; Tests/Fuzz/README.md.
SECONDS ?= 60
TARGET ?=
FUZZ := --scratch-path .build/fuzz -c release -Xswiftc -sanitize=fuzzer,address --product fuzz
fuzz: libraries
	GATEHOUSE_FUZZ=1 $(SWIFT) build $(FUZZ)
	@sh Tests/Fuzz/run.sh .build/fuzz/release/fuzz $(SECONDS) $(TARGET)

# Every prefix and every change of one byte of the sample mails, some three million mails, with a program as it is for use.
mutations: libraries
	GATEHOUSE_FUZZ=1 $(SWIFT) build $(RELEASE) --product mutations
	@sh Tests/Fuzz/mutations.sh "$(RELEASE_BIN)/mutations"

# SIGKILL at random moments over every kind of source and forwarding; the table is for deploy/docs/crash-test.md.
KILLS ?= 1000
INPUTS ?= 20000
crash-test: libraries
	$(SWIFT) build --build-tests
	GATEHOUSE_CRASH_KILLS=$(KILLS) GATEHOUSE_CRASH_INPUTS=$(INPUTS) GATEHOUSE_CRASH_REPORT=.build/crash-test.md \
		$(SWIFT) test --skip-build --filter 'CrashTests|AdversityTests|PowerLossTests'
	@cat .build/crash-test.md

# Program, manual pages, completions, units, manual: the list is in deploy/install-files.sh.
install: release
	DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)" sh deploy/install-files.sh install "$(RELEASE_BIN)/gatehouse"

uninstall:
	DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)" sh deploy/install-files.sh uninstall

# .build/gatehouse_VERSION_ARCHITECTURE.deb; needs dpkg-dev, and no root.
deb: release
	sh deploy/debian/build-deb.sh "$(RELEASE_BIN)/gatehouse" .build

# With real mail servers, web servers and schedulers, each in a sandbox that leaves nothing behind; needs root, on Debian.
# NAMES="postfix sieve" for some of them.
NAMES ?=
integration-test: release
	@sh Tests/EndToEndTests/integrations/run.sh "$(RELEASE_BIN)" $(NAMES)

clean:
	rm -rf .build
