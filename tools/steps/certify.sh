#!/usr/bin/env bash
# Holdpoint certifies its own build: declares itself, opens the release, hands in the evidence,
# asks for the certification, and asks the gate as a pipeline would. Sourced by ./run, after the
# server is ready and the evidence is made.

release=
verdict=3

# hp ARGUMENT…: the program, talking to our server.
hp() { "$binary" "$@" --server "$server"; }

# release_version: the project's version and the commit it was built from. A tree that differs from
# its commit gets a version of its own, because a release never changes.
release_version() {
  local version
  version=$(project_version)
  if ! git rev-parse --verify -q HEAD >/dev/null 2>&1; then
    printf '%s+source.%s\n' "$version" "$(basename "$evidence_folder" | cut -c 1-8)"
    return 0
  fi
  version+=+$(git rev-parse --short=9 HEAD)
  if [ -n "$(git status --porcelain 2>/dev/null | head -n 1)" ]; then
    version+=.modified.$(git_state | cut -c 1-8)
  fi
  printf '%s\n' "$version"
}

# git_state: a digest of everything in the folder that git does not ignore, and of the program.
git_state() {
  {
    git ls-files -z --cached --others --exclude-standard | sort -zu |
      xargs -0 sha256sum 2>/dev/null || true
    sha256sum "$binary"
  } | sha256sum
}

# commit_options: sets `commits` to the options that name the commits of the release. A shallow
# clone does not know which they are, so there the present one stands alone.
commit_options() {
  commits=()
  git rev-parse --verify -q HEAD >/dev/null 2>&1 || return 0
  if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
    commits=(--commit "$(git rev-parse HEAD)")
  else
    commits=(--git)
  fi
}

# indented COMMAND…: shows the output of a command below the present step.
indented() {
  local code=0 output
  output=$("$@" 2>&1) || code=$?
  printf '%s\n' "$output" | sed 's/^/      /'
  return "$code"
}

# answered CODE COMMAND: 0 and 1 are answers; anything else is none, and stops the run.
answered() {
  [ "$1" -le 1 ] || echo "holdpoint $2 gave no answer: exit code $1" >&2
  [ "$1" -le 1 ]
}

certify_own_build() {
  local code=0 commits report
  # git asks whose folder this is; as root in a user's checkout the answer is: ours.
  export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0=$top
  release=holdpoint@$(release_version)

  step "Declaring Holdpoint to itself (examples/self)"
  quietly apply hp apply --file examples/self/application.yaml \
    --file examples/self/environments.yaml --file examples/self/criteria.yaml

  step "Release $release"
  commit_options
  quietly release-create hp release create "$release" --artifact "holdpoint=$binary" \
    ${commits[@]+"${commits[@]}"}
  note "$(head -n 1 "$logs_folder/release-create.log")"

  step "Handing in the evidence"
  for report in tests.xml coverage.xml analysis.sarif sbom.cdx.json; do
    # Evidence that says of itself "the tool failed" is code 1: the certification will judge it.
    code=0
    quietly "evidence-$report" hp evidence add "$release" "$evidence_folder/$report" || code=$?
    answered "$code" "evidence add"
    note "$(head -n 1 "$logs_folder/evidence-$report.log")"
  done

  step "Certification"
  verdict=0
  indented hp certify "$release" || verdict=$?
  answered "$verdict" "certify"

  step "The gate to production, as a pipeline asks it"
  code=0
  indented hp gate check "$release" --env production || code=$?
  answered "$code" "gate check"
  note "exit code $code: a pipeline $([ "$code" = 0 ] && echo goes on || echo stops) here"
  [ "$code" = 0 ] || verdict=1
}

tell_what_next() {
  cat >"$run_folder/env" <<EOT
# Source this to use the server of ./run: . var/run/env
export XDG_CONFIG_HOME='$run_folder/config' PATH='$top/build/release/bin':"\$PATH"
EOT
  cat <<EOT

Holdpoint runs at $server, after $(clock).
  sign in as   admin@localhost
  password in  var/run/admin-password
  stop it      ./run --stop

Try next:
  . var/run/env                                        # the program, signed in
  holdpoint release status $release
  holdpoint audit verify                               # the whole trail, folded and hashed again

Break one thing and see it stopped:
  holdpoint release create holdpoint@0.0.0-broken --artifact notes=README.md
  holdpoint evidence add holdpoint@0.0.0-broken examples/self/failing-tests.xml
  holdpoint certify holdpoint@0.0.0-broken             # refused: what failed, who can act
  holdpoint gate check holdpoint@0.0.0-broken --env production; echo \$?   # 1
EOT
}
