#!/usr/bin/env bash
# Runs one fuzz target for a while, from the corpus that its earlier runs left, with its output in
# $logs_folder. Targets share nothing, so as many run at once as there are cores.
#
# Usage: tools/steps/fuzz.sh SECONDS SOURCE      SOURCE is the target's *_fuzz.cpp
# Exit: 0 nothing was found, 1 an input was found that the target does not bear.
set -euo pipefail

seconds=$1
name=$(basename "$2" .cpp)
log=${logs_folder:-build/logs}/fuzz-$name.log
mkdir -p "build/fuzz/corpus/$name" "$(dirname "$log")"
if "build/fuzz/bin/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
  -artifact_prefix="build/fuzz/corpus/$name-" "build/fuzz/corpus/$name" >"$log" 2>&1; then
  echo "$name: $(grep -oE '^Done [0-9]+ runs' "$log" || echo done)"
else
  echo "$name FAILED; all of its output: $log"
  tail -n 40 "$log"
  exit 1
fi
