#!/usr/bin/env python3
"""Tests of tools/layers: a check that cannot fail is no check.

Each test builds a small tree in a temporary folder and states which findings it must give.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
loader = importlib.machinery.SourceFileLoader("layers", str(HERE / "layers"))
spec = importlib.util.spec_from_loader("layers", loader)
assert spec is not None
layers = importlib.util.module_from_spec(spec)
sys.modules["layers"] = layers
sys.dont_write_bytecode = True
loader.exec_module(layers)

# Headers that the trees below may include; each is an empty, commented file.
HEADERS = [
    "base/digest.hpp",
    "ledger/ledger.hpp",
    "ledger/merkle.hpp",
    "identity/identity.hpp",
    "catalog/catalog.hpp",
    "workitems/workitems.hpp",
    "policy/policy.hpp",
    "policy/verdict.hpp",
    "policy/cel/program.hpp",
    "certification/certification.hpp",
    "identity/edge/sessions.hpp",
    "engine/ports.hpp",
    "engine/sql.hpp",
    "engine/engine.hpp",
    "engine/edge/api.hpp",
    "platform/files/files.hpp",
    "platform/http/router.hpp",
    "platform/storage/sqlite.hpp",
    "main/server.hpp",
]


def findings(files: dict[str, str]) -> list[str]:
    """The rules broken by a tree of `files`, as "path:line rule"."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        everything = {f"src/{name}": "// A header.\n" for name in HEADERS} | files
        for name, text in everything.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return [f"{f.path}:{f.line} {f.rule}" for f in layers.check(root)]


def including(path: str, *headers: str) -> list[str]:
    lines = [f"#include {h}" if h.startswith("<") else f'#include "{h}"' for h in headers]
    return findings({f"src/{path}": "// A file.\n" + "\n".join(lines) + "\n"})


class LayerTest(unittest.TestCase):
    def open_to(self, path: str, header: str) -> None:
        self.assertEqual(including(path, header), [], f"{path} may include {header}")

    def closed_to(self, path: str, header: str, rule: str = "layer") -> None:
        self.assertEqual(including(path, header), [f"src/{path}:2 {rule}"], f"{path} <- {header}")

    def test_arrows_between_capabilities_go_down_through_the_front_header(self) -> None:
        self.open_to("certification/decide.cpp", "policy/policy.hpp")
        self.open_to("certification/decide.cpp", "policy/verdict.hpp")
        self.open_to("policy/evaluate.cpp", "policy/cel/program.hpp")
        self.closed_to("certification/decide.cpp", "policy/cel/program.hpp")
        self.closed_to("policy/evaluate.cpp", "certification/certification.hpp")
        self.closed_to("catalog/catalog.cpp", "workitems/workitems.hpp")
        self.closed_to("unheard/of.cpp", "policy/policy.hpp")

    def test_a_core_sees_no_engine_platform_or_edge(self) -> None:
        self.open_to("catalog/decide.cpp", "base/digest.hpp")
        self.closed_to("catalog/decide.cpp", "engine/engine.hpp")
        self.closed_to("catalog/decide.cpp", "platform/http/router.hpp")
        self.closed_to("catalog/decide.cpp", "identity/edge/sessions.hpp")

    def test_base_sees_nothing_of_the_project(self) -> None:
        self.closed_to("base/ids.cpp", "ledger/ledger.hpp")
        self.closed_to("base/ids.cpp", "engine/ports.hpp")

    def test_the_engine_knows_no_capability_but_the_ledger(self) -> None:
        self.open_to("engine/sequencer.cpp", "ledger/merkle.hpp")
        self.closed_to("engine/sequencer.cpp", "identity/identity.hpp")
        self.closed_to("engine/sequencer.cpp", "platform/storage/sqlite.hpp")

    def test_a_platform_port_sees_the_ports_and_no_capability(self) -> None:
        self.open_to("platform/storage/sqlite.cpp", "engine/sql.hpp")
        self.open_to("platform/objects/folder.cpp", "platform/files/files.hpp")
        self.closed_to("platform/objects/folder.cpp", "platform/http/router.hpp")
        self.closed_to("platform/storage/sqlite.cpp", "engine/engine.hpp")
        self.closed_to("platform/storage/sqlite.cpp", "ledger/ledger.hpp")

    def test_an_edge_sees_its_core_engine_and_platform_but_no_other_edge(self) -> None:
        self.open_to("catalog/edge/routes.cpp", "catalog/catalog.hpp")
        self.open_to("catalog/edge/routes.cpp", "engine/edge/api.hpp")
        self.open_to("catalog/edge/routes.cpp", "platform/http/router.hpp")
        self.open_to("catalog/edge/routes.cpp", "identity/identity.hpp")
        self.closed_to("catalog/edge/routes.cpp", "identity/edge/sessions.hpp")
        self.closed_to("catalog/edge/routes.cpp", "policy/policy.hpp")

    def test_the_command_line_shares_base_ledger_and_policy_only(self) -> None:
        self.open_to("cli/verify.cpp", "ledger/merkle.hpp")
        self.open_to("cli/lint.cpp", "policy/cel/program.hpp")
        self.closed_to("cli/verify.cpp", "identity/identity.hpp")
        self.closed_to("cli/verify.cpp", "engine/engine.hpp")

    def test_nothing_includes_main_and_main_includes_everything(self) -> None:
        self.open_to("main/main.cpp", "identity/edge/sessions.hpp")
        self.closed_to("cli/verify.cpp", "main/server.hpp")
        self.closed_to("cli/verify_test.cpp", "main/server.hpp")

    def test_a_header_that_does_not_exist_is_named(self) -> None:
        self.closed_to("base/ids.cpp", "base/nowhere.hpp", "path")


class VendorTest(unittest.TestCase):
    def closed(self, path: str, header: str) -> None:
        self.assertEqual(including(path, header), [f"src/{path}:2 vendor"], f"{path} <- {header}")

    def test_vendor_headers_stay_behind_our_own(self) -> None:
        self.assertEqual(including("base/xml.cpp", "<pugixml.hpp>"), [])
        self.assertEqual(including("platform/http/socket.cpp", "<boost/asio/post.hpp>"), [])
        self.assertEqual(including("policy/text.cpp", "<fmt/format.h>"), [])
        self.closed("evidence/junit.cpp", "<pugixml.hpp>")
        self.closed("base/xml.hpp", "<pugixml.hpp>")
        self.closed("catalog/edge/routes.cpp", "<boost/asio/post.hpp>")
        self.closed("catalog/catalog.cpp", "<boost/json.hpp>")
        self.closed("platform/http/socket.cpp", "<unknown/vendor.hpp>")
        self.closed("policy/evaluate.cpp", "<doctest/doctest.h>")

    def test_a_costly_vendor_stands_in_one_file(self) -> None:
        text = "// A file.\n#include <simdjson.h>\n"
        self.assertEqual(
            findings({"src/base/a.cpp": text, "src/base/b.cpp": text}),
            ["src/base/b.cpp:2 one-file"],
        )

    def test_a_core_reaches_for_no_clock_thread_file_or_socket(self) -> None:
        for header in ("chrono", "thread", "mutex", "filesystem", "fstream", "random",
                       "sys/socket.h", "unistd.h", "sqlite3.h"):  # fmt: skip
            self.closed("catalog/decide.cpp", f"<{header}>")
        self.closed("base/instant.cpp", "<chrono>")
        self.assertEqual(including("engine/scheduler.cpp", "<thread>", "<chrono>"), [])
        self.assertEqual(including("platform/files/disk.cpp", "<fcntl.h>"), [])

    def test_tests_may_use_what_the_core_may_not(self) -> None:
        self.assertEqual(including("catalog/decide_test.cpp", "<thread>", "engine/engine.hpp"), [])


class StyleTest(unittest.TestCase):
    def test_length_columns_opening_and_promises(self) -> None:
        later = "TO" + "DO"
        self.assertEqual(
            findings(
                {
                    "src/base/a.cpp": "// A file.\n" * 501,
                    "src/base/b.cpp": "// A file.\n//" + "x" * 99 + "\n",
                    "src/base/c.cpp": "int answer = 42;\n",
                    "src/base/d.cpp": f"// A file.\n// {later}: everything.\n",
                }
            ),
            [
                "src/base/a.cpp:501 length",
                "src/base/b.cpp:2 columns",
                "src/base/c.cpp:1 opening",
                "src/base/d.cpp:2 later",
            ],
        )

    def test_a_loop_over_a_part_of_a_temporary(self) -> None:
        parts = '// A file.\nfor (const auto& item : json::parse(text).at("items").as_array()) {\n'
        whole = '// A file.\nfor (const auto& item : document.at("items").as_array()) {\n'
        self.assertEqual(findings({"src/base/a.cpp": parts}), ["src/base/a.cpp:2 loop"])
        self.assertEqual(findings({"src/base/a.cpp": whole}), [])

    def test_columns_are_characters_not_bytes(self) -> None:
        self.assertEqual(findings({"src/base/a.cpp": "// " + "é" * 97 + "\n"}), [])

    def test_names_that_say_nothing(self) -> None:
        self.assertEqual(
            findings({"src/base/string_utils.cpp": "// A file.\n"}),
            ["src/base/string_utils.cpp:1 name"],
        )
        for name in ("base/metadata.cpp", "identity/service_accounts.cpp"):
            self.assertEqual(findings({f"src/{name}": "// A file.\n"}), [])


class AllowanceTest(unittest.TestCase):
    def tearDown(self) -> None:
        layers.ALLOWED.clear()

    def test_an_allowance_covers_its_file_only(self) -> None:
        layers.ALLOWED.append(("src/base/zones.cpp", "<chrono>", "docs/adr/0001-x.md"))
        self.assertEqual(including("base/zones.cpp", "<chrono>"), [])
        self.assertEqual(including("base/other.cpp", "<chrono>"), ["src/base/other.cpp:2 vendor"])

    def test_an_allowance_without_a_record_is_refused(self) -> None:
        layers.ALLOWED.append(("src/base/*", "vendor", "because"))
        with self.assertRaises(ValueError):
            including("base/zones.cpp", "<chrono>")


class CommandTest(unittest.TestCase):
    def test_a_tree_without_sources_is_wrong_use_not_success(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(layers.main([folder]), 2)


if __name__ == "__main__":
    unittest.main()
