#!/usr/bin/env bash
# Progress for people who wait: which step of how many, how long it has taken, and what a long
# command is doing right now. Sourced by ./run and ./test; keeps the full output in log files.

# Set by the caller before the first step.
steps_total=${steps_total:-1}
logs_folder=${logs_folder:-build/logs}
step_number=0

if [ -t 1 ]; then is_terminal=1; else is_terminal=0; fi

# clock: the time since the command began, as m:ss.
clock() { printf '%d:%02d' $((SECONDS / 60)) $((SECONDS % 60)); }

# step TEXT: begins the next step.
step() {
  step_number=$((step_number + 1))
  printf '[%d/%d %s] %s\n' "$step_number" "$steps_total" "$(clock)" "$1"
}

# note TEXT: one line below the present step.
note() { printf '      %s\n' "$1"; }

# quietly NAME COMMAND…: runs the command with its output in $logs_folder/NAME.log, and tells every
# few seconds how far it is (the last "[12/340]" that ninja printed, or the last line). When the
# command fails, prints the last $failure_lines of the log and returns the command's own code.
quietly() {
  local name=$1 log began code=0 seen now last=0
  shift
  mkdir -p "$logs_folder"
  log=$logs_folder/$name.log
  began=$SECONDS
  NINJA_STATUS='[%f/%t] ' "$@" >"$log" 2>&1 </dev/null &
  local command_pid=$!
  # An interrupted wait must not leave the command running.
  trap 'kill "$command_pid" 2>/dev/null || true' INT TERM
  while kill -0 "$command_pid" 2>/dev/null; do
    sleep 0.2
    now=$((SECONDS - began))
    if [ "$is_terminal" = 1 ]; then
      [ $((now - last)) -ge 1 ] || continue
      seen=$(tail -n 1 "$log" | tr -d '\r' | cut -c 1-70)
      printf '\r\033[K      %s  %s' "$(clock)" "$seen"
    else
      [ $((now - last)) -ge 20 ] || continue
      seen=$(tail -n 1 "$log" | tr -d '\r' | cut -c 1-90)
      note "$(clock) $seen"
    fi
    last=$now
  done
  wait "$command_pid" || code=$?
  trap - INT TERM
  [ "$is_terminal" = 0 ] || printf '\r\033[K'
  if [ "$code" != 0 ]; then
    tail -n "${failure_lines:-40}" "$log" >&2
    printf '%s failed with code %d; all of its output: %s\n' "$name" "$code" "$log" >&2
  fi
  return "$code"
}
