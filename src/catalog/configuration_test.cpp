// Snapshots of configurations: one content has one form, secrets are refused with their path, and
// two snapshots are compared path by path.
#include "catalog/configuration.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace holdpoint::catalog {
namespace {

RecordConfiguration recorded(std::string_view document) {
  return {"payments", json::parse(document).as_object(), std::nullopt};
}

/// The path of the only issue; "" when there is none, "many" when there are more.
std::string refused_at(const RecordConfiguration& command) {
  const auto text = canonical_configuration(command);
  if (text) return "";
  CHECK(text.error().kind == RefusalKind::invalid);
  CHECK(text.error().code == "invalid_configuration");
  return text.error().issues.size() == 1 ? text.error().issues.front().path : "many";
}

const std::string kDigest = "sha256:" + std::string(64, 'a');

TEST_CASE("the same configuration has the same form, however it is written") {
  const auto one = canonical_configuration(recorded(R"({"b": 1, "a": {"y": [1, 2], "x": "t"}})"));
  const auto other = canonical_configuration(recorded(R"({"a":{"x":"t","y":[1,2]},"b":1})"));
  REQUIRE(one);
  REQUIRE(other);
  CHECK(*one == *other);
  CHECK(*one == R"({"a":{"x":"t","y":[1,2]},"b":1})");
}

TEST_CASE("what has no canonical form, or is too large, is refused with its path") {
  CHECK(refused_at(recorded(R"({"pool":{"ratio":0.5}})")) == "/document/pool/ratio");
  RecordConfiguration large = recorded("{}");
  // The braces, the name with its quotes and colon, and the quotes of the text are 8 bytes.
  large.document["a"] = std::string(configuration_bytes_max - 8, 'x');
  CHECK(refused_at(large).empty());
  large.document["a"] = std::string(configuration_bytes_max - 7, 'x');
  CHECK(refused_at(large) == "/document");
  RecordConfiguration nowhere = recorded("{}");
  nowhere.source = "";
  CHECK(refused_at(nowhere) == "/source");
}

TEST_CASE("a value under a name of a secret is refused with its path, and its digest is taken") {
  struct Row {
    std::string document;
    std::string path;
  };
  const std::vector<Row> rows{
      {R"({"password":"x"})", "/document/password"},
      {R"({"database":{"DB_PASSWORD":"x"}})", "/document/database/DB_PASSWORD"},
      {R"({"clientSecret":"x"})", "/document/clientSecret"},
      {R"({"APIKey":"x"})", "/document/APIKey"},
      {R"({"api-key-2":"x"})", "/document/api-key-2"},
      {R"({"password2":"x"})", "/document/password2"},
      {R"({"pin_token":12345})", "/document/pin_token"},
      {R"({"hosts":[{"privateKey":"x"}]})", "/document/hosts/0/privateKey"},
      {R"({"secrets":{"db":"x"}})", "/document/secrets/db"},
      {R"({"secrets":["x"]})", "/document/secrets/0"},
      {R"({"a/b":{"pwd":"x"}})", "/document/a~1b/pwd"},
      {R"({"key":"-----BEGIN RSA PRIVATE KEY-----"})", "/document/key"},
      {R"({"database":"postgres://app:hunter2@db/main"})", "/document/database"},
      {R"({"password":")" + kDigest + R"("})", ""},
      {R"({"password":"sha256:abc"})", "/document/password"},
      {R"({"password":")" + kDigest.substr(7) + R"("})", "/document/password"},
      {R"({"database":"postgres://app@db/main"})", ""},
      {R"({"mail":"see https://example.org/a:b@c"})", ""},
      {R"({"token_ttl_seconds":300})", ""},
      {R"({"password_file":"/run/secrets/db"})", ""},
      {R"({"max_tokens":100})", ""},
      {R"({"secret_rotation":true,"password":null,"token":""})", ""},
      {R"({"key":"value","keyboard":"de","passport":"no","tokenizer":"bpe"})", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.document);
    CHECK(refused_at(recorded(row.document)) == row.path);
  }
}

TEST_CASE("all secrets of a document are told at once, up to a bound") {
  RecordConfiguration command = recorded("{}");
  for (int i = 0; i < 100; ++i) command.document["password" + std::to_string(i)] = "x";
  const auto text = canonical_configuration(command);
  REQUIRE_FALSE(text);
  CHECK(text.error().issues.size() == configuration_issues_max);
}

TEST_CASE("two configurations are compared path by path") {
  const auto found =
      difference(json::parse(R"({"a":1,"b":{"x":"t","y":[1,2,3]},"gone":{"z":1},"same":[1]})"),
                 json::parse(R"({"a":2,"b":{"x":"t","y":[1,9]},"new":null,"same":[1]})"));
  CHECK(found.added == 1);
  CHECK(found.removed == 2);
  CHECK(found.changed == 2);
  std::string lines;
  for (const auto& one : found.changes) {
    lines += one.path + " " + one.from.value_or("-") + " " + one.to.value_or("-") + "\n";
  }
  CHECK(lines == "/a 1 2\n/b/y/1 2 9\n/b/y/2 3 -\n/gone {\"z\":1} -\n/new - null\n");
  CHECK(difference(json::parse("{}"), json::parse("{}")).changes.empty());
  CHECK(difference(json::parse(R"({"a":{}})"), json::parse(R"({"a":[]})")).changed == 1);
}

TEST_CASE("a comparison lists a bounded number of changes, each cut between characters") {
  json::object many;
  for (int i = 0; i < 1'500; ++i) many["k" + std::to_string(i)] = i;
  const auto found = difference(json::object{}, many);
  CHECK(found.added == 1'500);
  CHECK(found.changes.size() == configuration_changes_max);
  std::string umlauts;
  for (int i = 0; i < 300; ++i) umlauts += "ä";
  const auto cut = difference(json::object{}, json::object{{"a", umlauts}});
  REQUIRE(cut.changes.size() == 1);
  // 199 bytes of text and a quote would split the last character.
  CHECK(cut.changes[0].to->size() == 199 + std::string("…").size());
}

}  // namespace
}  // namespace holdpoint::catalog
