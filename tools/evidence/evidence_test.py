#!/usr/bin/env python3
"""Tests of the scripts that make Holdpoint's own evidence.

They run on the real tools of this machine where that is quick (clang on a three-line file, the bill
of materials of /bin/ls), because a parser that was never shown real output proves little.
"""

from __future__ import annotations

import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import analyse  # noqa: E402
import merge_sarif  # noqa: E402
import sbom  # noqa: E402


def run_with(path: str, *rules: str) -> dict:
    """A SARIF document with one finding for each rule at line 3 of `path`."""
    location = {"physicalLocation": {"artifactLocation": {"index": 0, "uri": path},
                                     "region": {"startLine": 3}}}  # fmt: skip
    return {
        "runs": [
            {
                "tool": {"driver": {"name": "clang", "rules": [{"id": rule} for rule in rules]}},
                "artifacts": [{"location": {"index": 0, "uri": path}}],
                "results": [
                    {"ruleId": r, "ruleIndex": i, "message": {"text": r}, "locations": [location]}
                    for i, r in enumerate(rules)
                ],
            }
        ]
    }


class MergeTest(unittest.TestCase):
    def merged(self, *documents: dict, failed: dict[str, str] | None = None) -> dict:
        document = merge_sarif.merge(list(documents), "/tree", [], failed or {})
        self.assertEqual(len(document["runs"]), 1)
        return document["runs"][0]

    def test_rules_and_files_get_new_indices(self) -> None:
        run = self.merged(run_with("file:///tree/a.cpp", "x", "y"),
                          run_with("file:///tree/b.cpp", "y", "z"))  # fmt: skip
        rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        self.assertEqual(rules, ["x", "y", "z"])
        files = [artifact["location"]["uri"] for artifact in run["artifacts"]]
        self.assertEqual(files, ["a.cpp", "b.cpp"])
        for result in run["results"]:
            self.assertEqual(rules[result["ruleIndex"]], result["ruleId"])
            place = result["locations"][0]["physicalLocation"]["artifactLocation"]
            self.assertEqual(files[place["index"]], place["uri"])
            self.assertEqual(place["uriBaseId"], "SRCROOT")

    def test_a_finding_in_a_header_is_counted_once(self) -> None:
        twice = [run_with("file:///tree/a.hpp", "x") for _ in range(2)]
        self.assertEqual(len(self.merged(*twice)["results"]), 1)

    def test_a_path_outside_the_tree_keeps_its_address(self) -> None:
        run = self.merged(run_with("file:///usr/include/a.h", "x"))
        self.assertEqual(run["artifacts"][0]["location"], {"uri": "file:///usr/include/a.h"})

    def test_a_file_that_was_not_analysed_makes_the_run_unsuccessful(self) -> None:
        run = self.merged(failed={"src/a.cpp": "no such header"})
        self.assertIs(run["invocations"][0]["executionSuccessful"], False)
        text = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
        self.assertIn("src/a.cpp", text)
        self.assertIs(self.merged()["invocations"][0]["executionSuccessful"], True)

    def test_a_region_without_a_line_is_dropped(self) -> None:
        document = run_with("file:///tree/a.cpp", "x")
        document["runs"][0]["results"][0]["codeFlows"] = [{"region": {"startColumn": 4}}]
        self.assertEqual(self.merged(document)["results"][0]["codeFlows"], [{}])


class AnalyseTest(unittest.TestCase):
    def test_flags_keep_what_is_analysed_and_drop_what_is_written(self) -> None:
        command = "ccache /usr/bin/clang++-19 -Isrc -std=c++23 -Werror -MD -MF d -o o -c a.cpp"
        self.assertEqual(
            analyse.analysis_flags(command.split(), "a.cpp"), ("-Isrc", "-std=c++23")
        )

    def test_the_analyzer_finds_keeps_and_reports_failure(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "null.cpp")
            source.write_text("int f(int* p) {\n  if (!p) return *p;\n  return 0;\n}\n")
            job = analyse.Job(str(source), ("-std=c++23",), folder)
            kept, reason, reused = analyse.analyse(job, Path(folder), "libraries")
            self.assertEqual((reason, reused), ("", False))
            assert kept is not None
            results = json.loads(kept.read_text())["runs"][0]["results"]
            self.assertEqual([r["ruleId"] for r in results], ["core.NullDereference"])
            self.assertTrue(analyse.analyse(job, Path(folder), "libraries")[2], "kept")
            self.assertFalse(analyse.analyse(job, Path(folder), "newer")[2], "other libraries")
            source.write_text("int f( {\n")
            kept, reason, _ = analyse.analyse(job, Path(folder), "libraries")
            self.assertIsNone(kept)
            self.assertIn("error:", reason)


class BillOfMaterialsTest(unittest.TestCase):
    def test_the_packages_of_a_real_program(self) -> None:
        document = sbom.bill(Path("/bin/ls"), None, "ls", "1")
        by_name = {c["name"]: c for c in document["components"]}
        self.assertIn("libc6", by_name)
        for found in by_name.values():
            self.assertTrue(found["version"])
            self.assertRegex(found["purl"], r"^pkg:deb/debian/\S+@\S+\?arch=\w+&distro=debian-12$")
        refs = {c["bom-ref"] for c in document["components"]} | {"ls@1"}
        for dependency in document["dependencies"]:
            self.assertIn(dependency["ref"], refs)
            self.assertLessEqual(set(dependency["dependsOn"]), refs)

    def test_the_same_program_gives_the_same_bytes(self) -> None:
        first, second = (sbom.bill(Path("/bin/ls"), None, "ls", "1") for _ in range(2))
        self.assertEqual(json.dumps(first), json.dumps(second))

    def test_a_version_is_escaped_in_the_package_url(self) -> None:
        package = sbom.Package("libx", "1:2.0+dfsg-1~a", "x", "1", "amd64")
        self.assertIn("libx@1%3A2.0%2Bdfsg-1~a?", package.purl)


if __name__ == "__main__":
    unittest.main()
