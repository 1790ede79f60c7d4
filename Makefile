# The front door. On a fresh Debian 12 git and make are enough: each target installs the
# packages that it needs and that are missing, as listed in cmake/packages-*.txt.
#
#   JOBS=n        parallel compilers and tests (two unless told)
#   HISTORY=path  a recorded history for `make run`, instead of the orchestrator and a generated one
#   ARGS=...      more arguments for `make bench`

.DEFAULT_GOAL := help
.PHONY: help run test check bench soak package docs format setup clean
.NOTPARALLEL:

JOBS ?= 2
install := sh cmake/install-packages.sh

# The thread sanitizer of GCC 12 cannot map its memory where the kernel places programs
# too randomly. A container may forbid to ask for less, and then it mostly works anyway.
steady := $(shell setarch --addr-no-randomize true 2>/dev/null && echo setarch --addr-no-randomize)

configure = cmake --preset $(1)
build = cmake --build --preset $(1) --parallel $(JOBS)
ctest = ctest --preset $(1) --parallel $(JOBS)

help:
	@echo 'make run     run examples/orchestrator over this tree, then record and fold a history'
	@echo '             (HISTORY=path: only the latter, with a recorded history)'
	@echo 'make test    build and run the tests'
	@echo 'make check   format, lint, reference, planted bugs, libFuzzer, tests under Clang and sanitizers'
	@echo 'make bench   run the benchmarks into perf/results/'
	@echo 'make soak    run the long tests'
	@echo 'make package make and try Debian packages, in build/package/packages/'
	@echo 'make docs    write the API reference into build/docs/html/'
	@echo 'make format  format the sources'
	@echo 'make setup   install everything the other targets need'
	@echo 'make clean   remove build/'

run:
	@$(install) run
	@$(call configure,release)
	@$(call build,release) --target example_orchestrator example_record_history
	@$(if $(HISTORY),,build/release/examples/example_orchestrator .)
	@build/release/examples/example_record_history $(if $(HISTORY),--history "$(HISTORY)")

test:
	@$(install) run test
	@$(call configure,dev)
	@$(call build,dev)
	@$(call ctest,dev)
	@sh cmake/show-checks.sh build/dev

check:
	@$(install) run test check docs
	@sh cmake/check-format.sh
	@sh cmake/check-includes.sh
	@sh cmake/check-headers.sh --self-test
	@sh cmake/check-headers.sh $(JOBS)
	@sh cmake/check-hygiene.sh
	@sh cmake/make-reference.sh --self-test
	@sh cmake/make-reference.sh
	@$(call configure,dev)
	@$(call build,planted)
	@$(call ctest,planted)
	@$(call configure,asan-ubsan)
	@sh cmake/check-tidy.sh build/asan-ubsan $(JOBS)
	@$(call build,asan-ubsan)
	@rm -rf build/asan-ubsan/coverage
	@$(call ctest,asan-ubsan)
	@sh cmake/check-coverage.sh build/asan-ubsan 90
	@$(call configure,fuzz)
	@$(call build,fuzz)
	@$(call ctest,fuzz)
	@$(call configure,tsan)
	@$(call build,tsan)
	@$(steady) $(call ctest,tsan)

bench:
	@$(install) run
	@$(call configure,release)
	@$(call build,release) --target swarmlog-perf
	@mkdir -p perf/results
	@build/release/perf/swarmlog-perf --results perf/results $(ARGS)

soak:
	@$(install) run test check
	@$(call configure,soak)
	@$(call build,soak)
	@$(call ctest,soak)
	@sh cmake/show-checks.sh build/soak
	@$(call configure,fuzz)
	@$(call build,fuzz)
	@SWARMLOG_FUZZ_INPUTS=12000000 $(call ctest,fuzz)
	@sh cmake/show-checks.sh build/fuzz

package:
	@$(install) run test package
	@$(call configure,package)
	@$(call build,package)
	@cd build/package && cpack -G DEB
	@$(call ctest,package)
	@ls build/package/packages/*.deb

docs:
	@$(install) docs
	@sh cmake/make-reference.sh

format:
	@$(install) check
	@sh cmake/check-format.sh --fix

setup:
	@$(install) run test check docs

clean:
	@rm -rf build
