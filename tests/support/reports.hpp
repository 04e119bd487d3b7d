// Small reports of every format that Holdpoint reads, with the numbers that a test wants in them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace holdpoint::test {

inline std::string junit(int passed, int failed) {
  std::string cases;
  for (int i = 0; i < passed; ++i) {
    cases += R"(<testcase classname="suite" name="good )" + std::to_string(i) + R"("/>)";
  }
  for (int i = 0; i < failed; ++i) {
    cases += R"(<testcase classname="suite" name="bad )" + std::to_string(i) +
             R"("><failure message="expected 1"/></testcase>)";
  }
  return R"(<?xml version="1.0"?><testsuite name="unit" tests=")" +
         std::to_string(passed + failed) + R"(" failures=")" + std::to_string(failed) +
         R"(" errors="0">)" + cases + "</testsuite>";
}

inline std::string cobertura(int covered, int all) {
  std::string lines;
  for (int i = 1; i <= all; ++i) {
    lines += R"(<line number=")" + std::to_string(i) + R"(" hits=")" +
             std::string(i <= covered ? "1" : "0") + R"("/>)";
  }
  return R"(<?xml version="1.0"?><coverage line-rate="0" lines-valid=")" + std::to_string(all) +
         R"(" lines-covered=")" + std::to_string(covered) +
         R"(" version="1"><packages><package name="p"><classes><class name="c" filename="c.cpp">)" +
         "<lines>" + lines + "</lines></class></classes></package></packages></coverage>";
}

inline std::string lcov(int covered, int all) {
  std::string text = "TN:\nSF:src/lcov.cpp\n";
  for (int i = 1; i <= all; ++i) {
    text += "DA:" + std::to_string(i) + (i <= covered ? ",1\n" : ",0\n");
  }
  return text + "LF:" + std::to_string(all) + "\nLH:" + std::to_string(covered) +
         "\nend_of_record\n";
}

/// One result per level; `successful` is what the tool says about its own run.
inline std::string sarif(const std::vector<std::string>& levels,
                         std::string_view successful = "true") {
  std::string results;
  for (const std::string& level : levels) {
    results += std::string(results.empty() ? "" : ",") + R"({"ruleId":"R)" +
               std::to_string(results.size()) + R"(","level":")" + level +
               R"(","message":{"text":"found"},"locations":[{"physicalLocation":{)" +
               R"("artifactLocation":{"uri":"src/a.cpp"},"region":{"startLine":3}}}]})";
  }
  return R"({"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{)"
         R"("tool":{"driver":{"name":"analyser","version":"1.2"}},)"
         R"("invocations":[{"executionSuccessful":)" +
         std::string(successful) + R"(}],"results":[)" + results + "]}]}";
}

inline std::string cyclonedx(const std::vector<std::string>& names) {
  std::string components;
  for (const std::string& name : names) {
    components += std::string(components.empty() ? "" : ",") + R"({"type":"library","name":")" +
                  name + R"(","version":"1.0","purl":"pkg:deb/debian/)" + name + R"(@1.0"})";
  }
  return R"({"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[)" + components +
         "]}";
}

inline std::string spdx(const std::vector<std::string>& names) {
  std::string packages;
  for (const std::string& name : names) {
    packages += std::string(packages.empty() ? "" : ",") + R"({"SPDXID":"SPDXRef-)" + name +
                R"(","name":")" + name +
                R"(","versionInfo":"1.0","downloadLocation":"NOASSERTION"})";
  }
  return R"({"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"x",)"
         R"("dataLicense":"CC0-1.0",)"
         R"("documentNamespace":"https://example.org/x","creationInfo":{"created":)"
         R"("2026-01-01T00:00:00Z","creators":["Tool: t"]},"packages":[)" +
         packages + "]}";
}

inline std::string declared(std::string_view kind, std::string_view values) {
  return R"({"holdpoint_evidence":1,"kind":")" + std::string(kind) +
         R"(","tool":{"name":"k6","version":"1"},"status":"complete","values":)" +
         std::string(values) + "}";
}

}  // namespace holdpoint::test
