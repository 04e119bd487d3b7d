#!/usr/bin/env python3
"""Merges the SARIF documents of one analyser, a file each, into one document with one run.

A compiler that analyses writes one document for each source file. A release wants one report that
says what was looked at, what was found once (a header is seen from many files), and whether every
file could be analysed: when one could not, `executionSuccessful` is false and says which.

Usage: merge_sarif.py --root FOLDER --out FILE [--failed SOURCE]… DOCUMENT…
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]
BASE_ID = "SRCROOT"


@dataclass
class Merge:
    """One run under construction; indices of rules and artifacts are given anew."""

    root: str  # absolute, without a slash at the end
    driver: Json = field(default_factory=dict)
    rules: list[Json] = field(default_factory=list)
    rule_index: dict[str, int] = field(default_factory=dict)
    artifacts: list[Json] = field(default_factory=list)
    artifact_index: dict[str, int] = field(default_factory=dict)
    results: list[Json] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def relative(self, uri: str) -> tuple[str, bool]:
        prefix = f"file://{self.root}/"
        return (uri[len(prefix) :], True) if uri.startswith(prefix) else (uri, False)

    def located(self, location: Json) -> Json:
        """An artifactLocation with a path relative to the root, without its old index."""
        uri, inside = self.relative(location.get("uri", ""))
        return {"uri": uri, "uriBaseId": BASE_ID} if inside else {"uri": uri}

    def rewritten(self, node: Any) -> Any:
        """A copy of any part of a result with its locations rewritten."""
        if isinstance(node, list):
            return [self.rewritten(element) for element in node]
        if not isinstance(node, dict):
            return node
        copy: Json = {}
        for key, value in node.items():
            if key == "artifactLocation":
                place = self.located(value)
                index = self.artifact_index.get(place["uri"])
                copy[key] = place if index is None else place | {"index": index}
            elif key == "region" and "startLine" not in value:
                continue  # a region without a line is not valid SARIF, and says nothing
            else:
                copy[key] = self.rewritten(value)
        return copy

    def add_run(self, run: Json) -> None:
        driver = run["tool"]["driver"]
        if not self.driver:
            self.driver = {k: v for k, v in driver.items() if k != "rules"}
        for rule in driver.get("rules", []):
            if rule["id"] not in self.rule_index:
                self.rule_index[rule["id"]] = len(self.rules)
                self.rules.append(rule)
        for artifact in run.get("artifacts", []):
            place = self.located(artifact.get("location", {}))
            if place["uri"] not in self.artifact_index:
                self.artifact_index[place["uri"]] = len(self.artifacts)
                copy = {k: v for k, v in artifact.items() if k != "location"}
                self.artifacts.append(copy | {"location": place})
        for result in run.get("results", []):
            self.add_result(result)

    def add_result(self, result: Json) -> None:
        copy = self.rewritten({k: v for k, v in result.items() if k != "ruleIndex"})
        rule = copy.get("ruleId")
        if rule in self.rule_index:
            copy["ruleIndex"] = self.rule_index[rule]
        identity = json.dumps(
            [rule, copy.get("message"), copy.get("locations")], sort_keys=True
        )
        if identity not in self.seen:
            self.seen.add(identity)
            self.results.append(copy)

    def add_sources(self, sources: list[str]) -> None:
        """Files that were analysed without a finding belong to the report too."""
        for source in sources:
            if source not in self.artifact_index:
                self.artifact_index[source] = len(self.artifacts)
                place = {"uri": source, "uriBaseId": BASE_ID}
                self.artifacts.append({"location": place, "roles": ["analysisTarget"]})


def notification(source: str, reason: str) -> Json:
    place = {"artifactLocation": {"uri": source, "uriBaseId": BASE_ID}}
    return {
        "level": "error",
        "message": {"text": f"{source} could not be analysed: {reason}"},
        "locations": [{"physicalLocation": place}],
    }


def merge(
    documents: list[Json], root: str, sources: list[str], failed: dict[str, str]
) -> Json:
    """One SARIF 2.1.0 document. `failed` names each source that was not analysed, and why."""
    merged = Merge(root.rstrip("/"))
    for document in documents:
        for run in document["runs"]:
            merged.add_run(run)
    merged.add_sources([source for source in sources if source not in failed])
    driver = merged.driver or {"name": "clang"}
    invocation: Json = {"executionSuccessful": not failed}
    if failed:
        invocation["toolExecutionNotifications"] = [
            notification(source, reason) for source, reason in sorted(failed.items())
        ]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver | {"rules": merged.rules}},
                "invocations": [invocation],
                "originalUriBaseIds": {BASE_ID: {"description": {"text": "The source tree"}}},
                "columnKind": "unicodeCodePoints",
                "artifacts": merged.artifacts,
                "results": merged.results,
            }
        ],
    }


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Merge SARIF documents into one run.")
    parser.add_argument("--root", required=True, help="the folder that paths are relative to")
    parser.add_argument("--out", required=True)
    parser.add_argument("--failed", action="append", default=[], metavar="SOURCE")
    parser.add_argument("documents", nargs="*")
    options = parser.parse_args(arguments)
    documents = [json.loads(Path(name).read_text("utf-8")) for name in options.documents]
    failed = {source: "the analyser failed" for source in options.failed}
    document = merge(documents, str(Path(options.root).resolve()), [], failed)
    Path(options.out).write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
