#!/usr/bin/env bash
# The evidence of Holdpoint's own build: tests, coverage, static analysis and bill of materials,
# each made by a real tool from the source in this folder. Sourced by ./run, which sets top and
# binary.
#
# What a report depends on is in the name of its folder (build/evidence/<fingerprint>), so that an
# unchanged source gives the very same bytes again, and a changed one never an old report.

evidence_folder=

# source_fingerprint: a digest of everything the tests and the analysis read: sources, build rules
# and the versions of the installed libraries.
source_fingerprint() {
  local folders=(CMakeLists.txt CMakePresets.json cmake src)
  [ ! -d tests ] || folders+=(tests)
  {
    find "${folders[@]}" -type f ! -name '*.md' -print0 | sort -z | xargs -0 sha256sum
    # shellcheck disable=SC2016  # dpkg-query's own variables
    dpkg-query -W -f='${Package} ${Version}\n' '*-dev' clang-19 gcovr
  } | sha256sum | cut -c 1-16
}

# make_evidence: four files in $evidence_folder.
make_evidence() {
  evidence_folder=$top/build/evidence/$(source_fingerprint)
  mkdir -p "$evidence_folder"
  make_test_report
  make_coverage_report
  make_analysis_report
  make_bill_of_materials
}

make_test_report() {
  step "Evidence 1 of 4: unit tests, built for coverage"
  if [ -f "$evidence_folder/passed" ]; then
    note "unchanged source: the report of an earlier run is used"
    return 0
  fi
  rm -f "$evidence_folder"/{tests,coverage}.xml
  note "the first time this builds everything once more, with counters; a few minutes"
  quietly configure-coverage cmake --preset coverage -Wno-dev
  quietly build-coverage ninja -C build/coverage -j"$(nproc)"
  find build/coverage -name '*.gcda' -delete
  local code=0
  # A failed test is a fact for the certification to judge, not an error of this run.
  failure_lines=8 quietly unit-tests ctest --test-dir build/coverage -L unit -j"$(nproc)" \
    --no-tests=error --output-on-failure --output-junit "$evidence_folder/tests.xml" || code=$?
  [ -s "$evidence_folder/tests.xml" ]
  [ "$code" != 0 ] || touch "$evidence_folder/passed"
  note "$(grep -E 'tests passed' "$logs_folder/unit-tests.log" || true)"
}

make_coverage_report() {
  step "Evidence 2 of 4: coverage of the unit tests"
  if [ -s "$evidence_folder/coverage.xml" ]; then
    note "unchanged source: the report of an earlier run is used"
    return 0
  fi
  quietly coverage gcovr --gcov-executable "llvm-cov-19 gcov" --root "$top" -j "$(nproc)" \
    --filter 'src/' --exclude '.*_(test|fuzz)\.cpp$' --exclude-throw-branches \
    --exclude-unreachable-branches --object-directory build/coverage \
    --cobertura "$evidence_folder/coverage.partial" --print-summary build/coverage
  mv "$evidence_folder/coverage.partial" "$evidence_folder/coverage.xml"
  note "$(grep -E '^lines:' "$logs_folder/coverage.log" || true)"
}

make_analysis_report() {
  step "Evidence 3 of 4: static analysis of every source file"
  if [ ! -s "$evidence_folder/analysis.sarif" ]; then
    quietly analysis tools/evidence/analyse.py --build build/release \
      --cache build/evidence/analysis --jobs "$(nproc)" --out "$evidence_folder/analysis.partial"
    mv "$evidence_folder/analysis.partial" "$evidence_folder/analysis.sarif"
    note "$(tail -n 1 "$logs_folder/analysis.log")"
  else
    note "unchanged source: the report of an earlier run is used"
  fi
}

make_bill_of_materials() {
  step "Evidence 4 of 4: bill of materials of the program"
  quietly sbom tools/evidence/sbom.py --binary "$binary" --build build/release --name holdpoint \
    --version "$(project_version)" --out "$evidence_folder/sbom.cdx.json"
  note "$(tail -n 1 "$logs_folder/sbom.log")"
}

project_version() {
  sed -n 's/^project(holdpoint VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt
}
