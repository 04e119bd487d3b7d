#!/usr/bin/env python3
"""Runs clang's static analyzer over every source file that is not a test, and writes one SARIF.

Each file's result is kept under a key made of everything it depends on (its text, every header of
the project that it includes, the compiler flags and version, the installed libraries), so a second
run analyses only what changed. A file that cannot be analysed makes the report say so.

Usage: analyse.py --build build/release --cache FOLDER --out FILE [--jobs N]
Exit: 0 a report was written (findings and failures are in it), 3 it could not be made
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import merge_sarif  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent.parent
COMPILER = "clang++-19"
INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
ANALYSIS_SECONDS_MAX = 600
# Flags of a compile command that say what is written, not what is analysed.
WITH_VALUE = {"-o", "-MF", "-MT", "-MQ"}
DROPPED = {"-c", "-MD", "-MMD", "-MP", "-Werror"}


@dataclass(frozen=True)
class Job:
    source: str  # relative to ROOT
    flags: tuple[str, ...]
    folder: str


def analysis_flags(command: list[str], source: str) -> tuple[str, ...]:
    """The flags of a compile command without its compiler, source and outputs."""
    flags: list[str] = []
    words = iter(command)
    for word in words:
        if word.endswith(("clang++-19", "clang++", "g++", "c++")):
            break  # what stands before is a launcher such as ccache
    for word in words:
        if word in WITH_VALUE:
            next(words, None)
        elif word not in DROPPED and word != source:
            flags.append(word)
    return tuple(flags)


def jobs_of(build: Path) -> list[Job]:
    jobs = []
    for entry in json.loads((build / "compile_commands.json").read_text("utf-8")):
        path = Path(entry["directory"], entry["file"]).resolve()
        if not path.is_relative_to(ROOT / "src"):
            continue
        source = path.relative_to(ROOT).as_posix()
        if source.endswith(("_test.cpp", "_fuzz.cpp")):
            continue
        flags = analysis_flags(shlex.split(entry["command"]), entry["file"])
        jobs.append(Job(source, flags, entry["directory"]))
    return sorted({job.source: job for job in jobs}.values(), key=lambda job: job.source)


def project_closure(source: Path, seen: set[Path]) -> set[Path]:
    """The file and every header of the project it includes, directly or not."""
    if source in seen or not source.is_file():
        return seen
    seen.add(source)
    for name in INCLUDE.findall(source.read_bytes()):
        for folder in (ROOT / "src", source.parent):
            header = (folder / name.decode()).resolve()
            if header.is_file():
                project_closure(header, seen)
                break
    return seen


def library_state() -> str:
    """Versions of the compiler and of the packages whose headers are analysed along."""
    version = subprocess.run([COMPILER, "--version"], capture_output=True, check=True).stdout
    packages = subprocess.run(
        ["dpkg-query", "-W", "-f=${Package} ${Version}\n", "*-dev"], capture_output=True
    ).stdout
    return hashlib.sha256(version + packages).hexdigest()


def key_of(job: Job, libraries: str) -> str:
    digest = hashlib.sha256(json.dumps([job.source, job.flags, libraries]).encode())
    for path in sorted(project_closure((ROOT / job.source).resolve(), set())):
        digest.update(path.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def analyse(job: Job, cache: Path, libraries: str) -> tuple[Path | None, str, bool]:
    """(the SARIF or None, why not, whether it was kept from an earlier run)"""
    kept = cache / f"{key_of(job, libraries)}.sarif"
    if kept.is_file():
        return kept, "", True
    fresh = kept.with_suffix(f".{os.getpid()}.partial")
    command = [COMPILER, *job.flags, "-Wno-error", "-w", "--analyze"]
    command += ["-Xclang", "-analyzer-output=sarif", "-o", str(fresh), str(ROOT / job.source)]
    try:
        done = subprocess.run(
            command, cwd=job.folder, capture_output=True, text=True, timeout=ANALYSIS_SECONDS_MAX
        )
    except subprocess.TimeoutExpired:
        return None, f"no end after {ANALYSIS_SECONDS_MAX} s", False
    if done.returncode != 0 or not fresh.is_file():
        errors = [line for line in done.stderr.splitlines() if "error:" in line]
        reason = errors[0] if errors else f"exit code {done.returncode}"
        return None, reason.replace(f"{ROOT}/", ""), False
    fresh.rename(kept)
    return kept, "", False


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Static analysis of the sources, as one SARIF.")
    parser.add_argument("--build", required=True, type=Path, help="has compile_commands.json")
    parser.add_argument("--cache", required=True, type=Path)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args(arguments)
    jobs = jobs_of(options.build)
    if not jobs:
        print(f"no source file in {options.build}/compile_commands.json", file=sys.stderr)
        return 3
    cache: Path = options.cache.resolve()
    cache.mkdir(parents=True, exist_ok=True)
    libraries = library_state()
    documents, failed, kept_count, done_count = [], {}, 0, 0
    with ThreadPoolExecutor(options.jobs) as pool:
        outcomes = pool.map(lambda job: analyse(job, cache, libraries), jobs)
        for job, (kept, reason, reused) in zip(jobs, outcomes):
            done_count += 1
            kept_count += reused
            if kept is None:
                failed[job.source] = reason
            else:
                documents.append(json.loads(kept.read_text("utf-8")))
            if not reused:
                print(f"[{done_count}/{len(jobs)}] {job.source} {reason}", flush=True)
    document = merge_sarif.merge(documents, str(ROOT), [job.source for job in jobs], failed)
    options.out.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    findings = len(document["runs"][0]["results"])
    print(
        f"{len(jobs)} files, {findings} findings, {len(failed)} not analysed, {kept_count} reused"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
