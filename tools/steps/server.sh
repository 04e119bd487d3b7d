#!/usr/bin/env bash
# The server of ./run: one process over var/data, its id, port and log in var/run. Sourced by ./run,
# which sets run_folder, binary, top, port_wanted, port_default and port_last.

pid_file=$run_folder/server.pid
port_file=$run_folder/server.port
built_file=$run_folder/server.sha256
server_log=$run_folder/server.log
readonly ready_seconds_max=60 stop_seconds_max=30

# running_pid: prints the id of our running server, or fails. The id of a process that is gone may
# belong to another one by now, so the command line must be ours.
running_pid() {
  local pid
  [ -f "$pid_file" ] || return 1
  pid=$(<"$pid_file")
  [[ $pid =~ ^[0-9]+$ ]] || return 1
  tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qxF "$top/var/data" || return 1
  printf '%s\n' "$pid"
}

# stop_server: asks it to end, and ends it when it does not.
stop_server() {
  local pid waited=0
  if ! pid=$(running_pid); then
    echo "no server of this folder is running"
    rm -f "$pid_file"
    return 0
  fi
  kill -TERM "$pid"
  while running_pid >/dev/null && [ $waited -lt $((stop_seconds_max * 10)) ]; do
    sleep 0.1
    waited=$((waited + 1))
  done
  if running_pid >/dev/null; then
    echo "the server did not end within $stop_seconds_max s and is killed; its data is safe" >&2
    kill -KILL "$pid"
  fi
  rm -f "$pid_file"
  echo "stopped the server (process $pid)"
}

port_is_free() { ! (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# choose_port: prints the port to listen on.
choose_port() {
  local port
  if [ -n "$port_wanted" ]; then
    if ! port_is_free "$port_wanted"; then
      echo "port $port_wanted is in use; without --port a free one is chosen" >&2
      return 1
    fi
    printf '%s\n' "$port_wanted"
    return 0
  fi
  for ((port = port_default; port <= port_last; port++)); do
    if port_is_free "$port"; then
      printf '%s\n' "$port"
      return 0
    fi
  done
  echo "no free port from $port_default to $port_last; name one with --port" >&2
  return 1
}

# initialise_once: makes the database, the first workspace and the administrator, whose password
# the program generates into a file that only this user can read.
initialise_once() {
  [ ! -f "$run_folder/initialised" ] || return 0
  quietly initialise "$binary" init --data "$top/var/data" --admin-email admin@localhost \
    --admin-name Administrator --admin-password-file "$run_folder/admin-password" --workspace main
  touch "$run_folder/initialised"
}

# close_inherited: the server outlives us, so it must not hold on to anything that we, or who called
# us, have open: a lock would stay taken, a pipe would never end.
close_inherited() {
  local descriptor
  for descriptor in /proc/"$BASHPID"/fd/*; do
    descriptor=${descriptor##*/}
    [ "$descriptor" -le 2 ] || exec {descriptor}>&-
  done
}

# start_server: leaves a ready server of the present build and sets `server` to its address. A
# server of an earlier build, or on another port than the one wanted, is replaced.
start_server() {
  local port built pid waited=0
  built=$(sha256sum "$binary" | cut -d ' ' -f 1)
  if pid=$(running_pid); then
    port=$(<"$port_file")
    if [ "$(cat "$built_file" 2>/dev/null)" = "$built" ] &&
      [ "${port_wanted:-$port}" = "$port" ] &&
      curl -fsS --max-time 5 -o /dev/null "http://127.0.0.1:$port/readyz" 2>/dev/null; then
      server=http://127.0.0.1:$port
      note "already running: process $pid"
      return 0
    fi
    if [ -n "$port_wanted" ] && [ "$port_wanted" != "$port" ]; then
      choose_port >/dev/null # Refuses a port in use while the present server still runs.
    fi
    note "replacing the server of the earlier build or port"
    stop_server >/dev/null
    # Its address stays the same when it can.
    [ -n "$port_wanted" ] || ! port_is_free "$port" || port_wanted=$port
  fi
  port=$(choose_port)
  (
    close_inherited
    exec setsid "$binary" serve --data "$top/var/data" --listen "127.0.0.1:$port"
  ) >>"$server_log" 2>&1 </dev/null &
  pid=$!
  printf '%s\n' "$pid" >"$pid_file"
  printf '%s\n' "$port" >"$port_file"
  printf '%s\n' "$built" >"$built_file"
  server=http://127.0.0.1:$port
  until curl -fsS --max-time 5 -o /dev/null "$server/readyz" 2>/dev/null; do
    if ! kill -0 "$pid" 2>/dev/null || [ $waited -ge $((ready_seconds_max * 5)) ]; then
      tail -n 30 "$server_log" >&2
      echo "the server is not ready; its log: $server_log" >&2
      return 1
    fi
    sleep 0.2
    waited=$((waited + 1))
  done
  note "ready at $server (process $pid, log var/run/server.log)"
}

# sign_in: keeps a session of the administrator in var/run/config, unless one is still good.
sign_in() {
  if "$binary" --server "$server" whoami >/dev/null 2>&1; then
    note "the session of an earlier run is still good"
    return 0
  fi
  quietly sign-in sign_in_with_password
}

sign_in_with_password() {
  "$binary" login --server "$server" --email admin@localhost --password-stdin \
    <"$run_folder/admin-password"
}
