// What may be said of a document, what becomes a version of it, and when it has to be looked at.
#include <doctest/doctest.h>

#include "documents/documents.hpp"

namespace holdpoint::documents {
namespace {

CreateDocument plain() { return {"restore", "How to restore", DocumentKind::runbook, {}, {}}; }

Document made() {
  auto document = create(plain(), Owner::none_or_known);
  REQUIRE(document);
  document->id = *DocumentId::parse("doc_01J00000000000000000000000");
  return *document;
}

Bytes bytes(std::string_view text) { return {sha256(text), text.size(), "text/markdown"}; }

Version version(std::int64_t number, std::string_view text) {
  Version version;
  version.document = made().id.text();
  version.version = number;
  version.digest = sha256(text);
  return version;
}

template <class T>
std::string refused_at(const Decided<T>& decided) {
  if (decided) return "";
  return decided.error().issues.size() == 1 ? decided.error().issues.front().path : "many";
}

TEST_CASE("a document is created in use, and is looked at every year unless it says otherwise") {
  CHECK(made().state == RecordState::active);
  CHECK(made().review_days == 365);
}

TEST_CASE("each mistake of a document is refused at its place") {
  const auto refused = [](auto&& spoil, Owner owner = Owner::none_or_known) {
    CreateDocument command = plain();
    spoil(command);
    return refused_at(create(command, owner));
  };
  CHECK(refused([](auto& c) { c.name = "a/b"; }) == "/name");
  CHECK(refused([](auto& c) { c.name = "doc_01J00000000000000000000000"; }) == "/name");
  CHECK(refused([](auto& c) { c.title = "two\nlines"; }) == "/title");
  CHECK(refused([](auto& c) { c.review_days = 0; }) == "/review_days");
  CHECK(refused([](auto& c) { c.review_days = review_days_max + 1; }) == "/review_days");
  CHECK(refused([](auto&) {}, Owner::unknown) == "/owner");
}

TEST_CASE("versions are numbered, and the same bytes again are no new version") {
  const auto first = add_version(made(), std::nullopt, bytes("one"));
  REQUIRE(first);
  REQUIRE(*first);
  CHECK((*first)->version == 1);
  const auto again = add_version(made(), version(1, "one"), bytes("one"));
  REQUIRE(again);
  CHECK_FALSE(again->has_value());
  const auto second = add_version(made(), version(1, "one"), bytes("two"));
  REQUIRE(second);
  CHECK((*second)->version == 2);
}

TEST_CASE("nothing is no version, and a document out of use takes none") {
  CHECK_FALSE(add_version(made(), std::nullopt, bytes("")));
  CHECK_FALSE(add_version(made(), version(versions_max, "old"), bytes("new")));
  Document retired = made();
  retired.state = RecordState::retired;
  const auto refused = add_version(retired, std::nullopt, bytes("one"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == "document_retired");
}

TEST_CASE("a review says what was found, and needs a version to look at") {
  CHECK(review(made(), version(2, "two"), {"still true"})->version == 2);
  CHECK(refused_at(review(made(), version(2, "two"), {""})) == "/reason");
  const auto empty = review(made(), std::nullopt, {"nothing there"});
  REQUIRE_FALSE(empty);
  CHECK(empty.error().code == "document_empty");
}

TEST_CASE("a review is due so many days after somebody looked") {
  Document document = made();
  document.review_days = 2;
  CHECK(review_due(document, Instant{5}).us == 5 + 2LL * 86'400 * 1'000'000);
}

TEST_CASE("a version has one name, and what is signed is these bytes of this version") {
  const std::string id = version_id(made().id.text(), 3);
  const auto name = parse_version_id(id);
  REQUIRE(name);
  CHECK(name->version == 3);
  for (const char* text :
       {"", "doc_01J00000000000000000000000", "doc_01J00000000000000000000000/",
        "doc_01J00000000000000000000000/03", "doc_1/3", "doc_01J00000000000000000000000/3x"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_version_id(text));
  }
  CHECK(signed_digest(version(1, "one")) != signed_digest(version(2, "one")));
  CHECK(signed_digest(version(1, "one")) != signed_digest(version(1, "two")));
}

}  // namespace
}  // namespace holdpoint::documents
