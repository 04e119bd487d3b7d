// Envelopes: golden bytes that are never regenerated, what each member may hold, and that reading
// is the exact inverse of writing.
#include "ledger/envelope.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "base/json.hpp"
#include "ledger/commitment.hpp"
#include "ledger/merkle.hpp"

namespace holdpoint::ledger {
namespace {

Envelope first_of_workspace() {
  Envelope e;
  e.id = "evt_01JD3ZKQ8V5W9XM2T4R6Y7B8NA";
  e.at = {1'795'154'400'000'000};
  e.type = "workspace.created";
  e.subject = {"workspace", "ws_01JD3ZKQ8V5W9XM2T4R6Y7B8NB"};
  e.actor = {"person", "per_01JD3ZKQ8V5W9XM2T4R6Y7B8NC", {}, {}};
  e.root = e.id;
  return e;
}

Envelope with_every_member() {
  CommitmentSalt salt;
  for (std::size_t i = 0; i < salt.size(); ++i) salt[i] = static_cast<std::uint8_t>(i);
  Digest ones;
  ones.bytes.fill(0xFF);
  Envelope e;
  e.v = 3;
  e.id = "evt_2";
  e.seq = 9'007'199'254'740'991;
  e.at = {1'795'154'400'123'456};
  e.type = "approval.stage_2.signed";
  e.subject = {"approval_request", "apr_1\"\\"};
  e.actor = {"agent", "agt_7", "tok_3", "per_9"};
  e.cause = "req_01";
  e.root = "req_00";
  e.depth = 16;
  e.body =
      "{\"decision\":\"approve\",\"digests\":[\"sha256:ab\"],\"note\":\"\\u0001\\n\xE2\x82\xAC "
      "\\\"q\\\"\",\"\xE2\x82\xAC\":-9007199254740991}";
  e.sealed = {{"/comment", commit_field(salt, "/comment", "sehr gut, \"J\xC3\xBCrgen\"\n")},
              {"/device", ones}};
  return e;
}

Envelope by_a_timer() {
  Envelope e;
  e.id = "evt_3";
  e.seq = 2;
  e.at = {-1};
  e.type = "sla.breached";
  e.subject = {"timer", "tmr_1"};
  e.actor = {"system", "system", {}, {}};
  e.cause = "evt_1";
  e.root = "evt_1";
  e.depth = 1;
  e.body = R"({"a":{"b":[]}})";
  return e;
}

struct Golden {
  Envelope envelope;
  std::string bytes;
  std::string leaf;
};

std::vector<Golden> golden() {
  return {
      {first_of_workspace(),
       R"({"actor":{"id":"per_01JD3ZKQ8V5W9XM2T4R6Y7B8NC","kind":"person"},"at":1795154400000000,)"
       R"("body":{},"depth":0,"id":"evt_01JD3ZKQ8V5W9XM2T4R6Y7B8NA",)"
       R"("root":"evt_01JD3ZKQ8V5W9XM2T4R6Y7B8NA","seq":0,)"
       R"("subject":{"id":"ws_01JD3ZKQ8V5W9XM2T4R6Y7B8NB","kind":"workspace"},)"
       R"("type":"workspace.created","v":1})",
       "f1f01435b3277916634a679db85f3ef7c90a17f783eaa43b822a0f7af99d65c1"},
      {with_every_member(),
       R"({"actor":{"id":"agt_7","kind":"agent","on_behalf_of":"per_9","via":"tok_3"},)"
       R"("at":1795154400123456,"body":{"decision":"approve","digests":["sha256:ab"],)"
       "\"note\":\"\\u0001\\n\xE2\x82\xAC \\\"q\\\"\",\"\xE2\x82\xAC\":-9007199254740991},"
       R"("cause":"req_01","depth":16,"id":"evt_2","root":"req_00","sealed":{)"
       R"("/comment":"sha256:b8b32256222911044156e47a87ff314617f096dc35c62d96656861ae44a9b1b2",)"
       R"("/device":"sha256:ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},)"
       R"("seq":9007199254740991,"subject":{"id":"apr_1\"\\","kind":"approval_request"},)"
       R"("type":"approval.stage_2.signed","v":3})",
       "8feaeb8b80bc830714acdd2dda254dbfd9efd61082c310cf83c5850260dee928"},
      {by_a_timer(),
       R"({"actor":{"id":"system","kind":"system"},"at":-1,"body":{"a":{"b":[]}},"cause":"evt_1",)"
       R"("depth":1,"id":"evt_3","root":"evt_1","seq":2,"subject":{"id":"tmr_1","kind":"timer"},)"
       R"("type":"sla.breached","v":1})",
       "aaa1ffeb3dd6eebd2bc6542b8b82190760cfa422f54fab10b6e771292da0f938"},
  };
}

template <class Change>
std::string refusal(Change change) {
  Envelope e = with_every_member();
  change(e);
  const auto bytes = encode(e);
  return bytes ? "written" : bytes.error().text();
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

TEST_CASE("the bytes and leaf hashes of three envelopes are frozen") {
  for (const Golden& g : golden()) {
    CAPTURE(g.envelope.id);
    CHECK(encode(g.envelope).value() == g.bytes);
    CHECK(leaf_hash(g.bytes).hex() == g.leaf);
    CHECK(decode(g.bytes).value() == g.envelope);
    CHECK(kind_of(g.bytes) == EntryKind::envelope);
  }
}

TEST_CASE("the bytes are canonical JSON by every reader's measure") {
  for (const Golden& g : golden()) CHECK(canonical_json(*parse_json(g.bytes)) == g.bytes);
}

TEST_CASE("each member is held to its form, and the refusal names it") {
  CHECK(refusal([](Envelope& e) { e.v = 0; }) == "v: the version is not 1 or more");
  CHECK(refusal([](Envelope& e) { e.id = ""; }).starts_with("id: an id is not"));
  CHECK(refusal([](Envelope& e) { e.id = "a b"; }).starts_with("id: "));
  CHECK(refusal([](Envelope& e) { e.id = "\x7F"; }).starts_with("id: "));
  CHECK(refusal([](Envelope& e) { e.id = "\xC3\xBC"; }).starts_with("id: "));
  CHECK(refusal([](Envelope& e) { e.id = std::string(129, 'a'); }).starts_with("id: "));
  CHECK(refusal([](Envelope& e) { e.id = std::string(128, 'a'); }) == "written");
  CHECK(refusal([](Envelope& e) { e.root = ""; }).starts_with("root: "));
  CHECK(refusal([](Envelope& e) { e.cause = ""; }).starts_with("cause: "));
  CHECK(refusal([](Envelope& e) { e.actor.via = "a\n"; }).starts_with("actor.via: "));
  CHECK(refusal([](Envelope& e) { e.actor.on_behalf_of = ""; }).starts_with("actor.on_behalf_of"));
  CHECK(refusal([](Envelope& e) { e.actor.id = ""; }).starts_with("actor.id: "));
  CHECK(refusal([](Envelope& e) { e.actor.kind = "Person"; }).starts_with("actor.kind: the kind"));
  CHECK(refusal([](Envelope& e) { e.subject.kind = "a.b"; }).starts_with("subject.kind: "));
  CHECK(refusal([](Envelope& e) { e.subject.id = ""; }).starts_with("subject.id: "));
  CHECK(refusal([](Envelope& e) { e.depth = 17; }).starts_with("depth: the depth"));
  CHECK(refusal([](Envelope& e) { e.depth = -1; }).starts_with("depth: "));
  CHECK(refusal([](Envelope& e) { e.seq = 9'007'199'254'740'992; }).starts_with("seq: "));
  CHECK(refusal([](Envelope& e) { e.at.us = 9'007'199'254'740'992; }).starts_with("at: "));
  CHECK(refusal([](Envelope& e) { e.at.us = INT64_MIN; }).starts_with("at: "));
}

TEST_CASE("a type is two or more lower-case words joined by dots") {
  for (const char* type : {"", "approval", "approval.", ".signed", "a..b", "A.b", "a.B", "a.1b",
                           "_a.b", "a b.c", "a.b-c", "a.b\n"}) {
    CAPTURE(type);
    CHECK(refusal([&](Envelope& e) { e.type = type; }).starts_with("type: the type is not"));
  }
  for (const char* type : {"a.b", "sla.clock_1.paused", "x9.y_"}) {
    CHECK(refusal([&](Envelope& e) { e.type = type; }) == "written");
  }
}

TEST_CASE("the body is an object in canonical form") {
  for (const char* body :
       {"", "[]", "1", "null", "{", "{}{}", "{} ", " {}", "{\"a\": 1}", "{\"b\":1,\"a\":2}",
        "{\"a\":1,\"a\":1}", "{\"a\":1.5}", "{\"a\":-0}", "{\"a\":\"\\u0041\"}", "{\"a\":\"\xFF\"}",
        "{\"a\":\"\\u0000\"}", "{\"a\":9007199254740992}"}) {
    CAPTURE(body);
    CHECK(refusal([&](Envelope& e) { e.body = body; }).starts_with("body: the body is no JSON"));
  }
  std::string deep = "{\"a\":";
  deep += std::string(31, '[') + std::string(31, ']') + "}";
  CHECK(refusal([&](Envelope& e) { e.body = deep; }) == "written");
  deep = "{\"a\":" + std::string(32, '[') + std::string(32, ']') + "}";
  CHECK(refusal([&](Envelope& e) { e.body = deep; }).starts_with("body: "));
}

TEST_CASE("sealed fields are sorted, each path once, and bounded in number") {
  CHECK(refusal([](Envelope& e) { std::swap(e.sealed[0], e.sealed[1]); }).starts_with("sealed: "));
  CHECK(refusal([](Envelope& e) { e.sealed[1] = e.sealed[0]; }).starts_with("sealed: "));
  CHECK(refusal([](Envelope& e) { e.sealed[0].path = ""; }).starts_with("sealed: an id"));
  std::vector<SealedField> many;
  for (int i = 1000; i < 1000 + static_cast<int>(envelope_sealed_max); ++i) {
    many.push_back({"/" + std::to_string(i), {}});
  }
  CHECK(refusal([&](Envelope& e) { e.sealed = many; }) == "written");
  many.push_back({"/z", {}});
  CHECK(refusal([&](Envelope& e) { e.sealed = many; }).starts_with("sealed: the sealed fields"));
}

TEST_CASE("an entry has at most 65,535 bytes, and one more is refused") {
  Envelope e = by_a_timer();
  e.body = R"({"a":""})";
  const std::size_t rest = entry_bytes_max - encode(e)->size();
  e.body = "{\"a\":\"" + std::string(rest, 'x') + "\"}";
  CHECK(encode(e)->size() == entry_bytes_max);
  CHECK(decode(*encode(e)) == e);
  e.body = "{\"a\":\"" + std::string(rest + 1, 'x') + "\"}";
  CHECK(encode(e).error().flaw == EnvelopeFlaw::too_long);
  e.body = std::string(1 << 20, 'x');
  CHECK(encode(e).error().flaw == EnvelopeFlaw::too_long);
  CHECK(decode(std::string(entry_bytes_max + 1, '{')).error().flaw == EnvelopeFlaw::too_long);
}

TEST_CASE("bytes that say the same in another way are refused") {
  const std::string bytes = *encode(with_every_member());
  CHECK(!decode(""));
  CHECK(!decode(bytes + "\n"));
  CHECK(!decode(" " + bytes));
  CHECK(!decode(replaced(bytes, "\"at\":1", "\"at\": 1")));
  CHECK(!decode(replaced(bytes, "\"v\":3", "\"v\":3.0")));
  CHECK(!decode(replaced(bytes, "\"v\":3", "\"v\":03")));
  CHECK(!decode(replaced(bytes, "\"v\":3", "\"v\":3,\"w\":1")));
  CHECK(!decode(replaced(bytes, "\"v\":3", "\"v\":99999999999")));
  CHECK(!decode(replaced(bytes, "\"evt_2\"", "\"\\u0065vt_2\"")));
  CHECK(!decode(replaced(bytes, "sha256:ff", "sha256:FF")));
  CHECK(!decode(replaced(bytes, "sha256:ff", "ff")));
  CHECK(!decode(replaced(bytes, "\"root\":\"req_00\",", "")));
  CHECK(!decode(replaced(bytes, "\"cause\":\"req_01\"", "\"cause\":null")));
  CHECK(!decode(replaced(*encode(by_a_timer()), "\"seq\"", "\"sealed\":{},\"seq\"")));
  CHECK(!decode(replaced(*encode(by_a_timer()), ",\"at\":-1", ",\"at\":-0")));
}

TEST_CASE("well-formed bytes with a member out of its form are refused by that member") {
  const std::string bytes = *encode(by_a_timer());
  CHECK(decode(replaced(bytes, "\"v\":1", "\"v\":0")).error().field == "v");
  CHECK(decode(replaced(bytes, "sla.breached", "breached")).error().field == "type");
  CHECK(decode(replaced(bytes, "\"depth\":1", "\"depth\":17")).error().field == "depth");
  CHECK(decode(replaced(bytes, "\"tmr_1\"", "\"\"")).error().field == "subject.id");
}

TEST_CASE("no changed or cut byte is read as the same envelope") {
  const Envelope envelope = with_every_member();
  const std::string bytes = *encode(envelope);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    REQUIRE(!decode(std::string_view(bytes).substr(0, at)));
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ 1 << bit);
      const auto read = decode(changed);
      REQUIRE((!read || (*read != envelope && encode(*read) == changed)));
    }
  }
}

TEST_CASE("the two kinds of entry are told apart by their first bytes") {
  CHECK(kind_of(R"({"apiVersion":"0.0.2","kind":"dsse","spec":{}})") == EntryKind::rekor_dsse);
  CHECK(kind_of(R"({"actor":{"id":"x")") == EntryKind::envelope);
  CHECK(!kind_of(""));
  CHECK(!kind_of(R"({"apiVersion":"0.0.1","kind":"dsse"})"));
  CHECK(!kind_of(R"({"kind":"dsse"})"));
}

rc::Gen<std::string> any_id() {
  return rc::gen::map(rc::gen::container<std::string>(rc::gen::inRange<char>('!', '\x7F')),
                      [](std::string id) { return ("x" + id).substr(0, 128); });
}

std::optional<std::string> maybe_id() {
  if (*rc::gen::arbitrary<bool>()) return std::nullopt;
  return *any_id();
}

Envelope any_envelope() {
  constexpr std::int64_t bound = (std::int64_t{1} << 53) - 1;
  Envelope e;
  e.v = *rc::gen::inRange(1, INT32_MAX);
  e.id = *any_id();
  e.seq = *rc::gen::inRange<std::uint64_t>(0, bound);
  e.at = {*rc::gen::inRange<std::int64_t>(-bound, bound)};
  e.type = *rc::gen::element<std::string>("a.b", "approval.signed", "x_1.y2.z_");
  e.subject = {*rc::gen::element<std::string>("release", "r_2"), *any_id()};
  e.actor = {"person", *any_id(), maybe_id(), maybe_id()};
  e.cause = maybe_id();
  e.root = *any_id();
  e.depth = *rc::gen::inRange(0, envelope_depth_max + 1);
  e.body = *canonical_json(json::object{{*any_id(), json::array{*any_id(), e.v}}});
  for (const auto& path : *rc::gen::container<std::set<std::string>>(any_id())) {
    e.sealed.push_back({path, sha256(path)});
  }
  return e;
}

TEST_CASE("any envelope is read back as it was written") {
  CHECK(rc::check("decode(encode(x)) == x", [] {
    const Envelope envelope = any_envelope();
    const auto bytes = encode(envelope);
    return bytes && decode(*bytes) == envelope && canonical_json(*parse_json(*bytes)) == *bytes;
  }));
}

}  // namespace
}  // namespace holdpoint::ledger
