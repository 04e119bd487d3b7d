#!/usr/bin/env python3
"""Adds up what ctest reported, for the closing line of ./test: "N passed, N failed".

The numbers come from the JUnit files that ctest wrote and from nowhere else. Tests that were
skipped are named on a line before, so that nobody takes them for passed.

Usage: tools/test_counts.py FOLDER      exit 1 when a test failed or none ran
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    passed = failed = 0
    skipped: list[str] = []
    for report in sorted(Path(arguments[0]).glob("*.xml")):
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            status = case.get("status")
            if case.find("failure") is not None or status == "fail":
                failed += 1
            elif status in ("notrun", "disabled") or case.find("skipped") is not None:
                skipped.append(f"{report.stem}: {case.get('name')}")
            else:
                passed += 1
    if skipped:
        print(f"{len(skipped)} skipped: {', '.join(skipped)}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
