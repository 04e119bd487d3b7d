// Signed notes: the published examples, our own, and every mutilation that must not open.
#include "ledger/note.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "base/encoding.hpp"

namespace holdpoint::ledger {
namespace {

const std::string dash = "\xE2\x80\x94 ";

constexpr const char* foo_vkey =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const std::string foo_note =
    "This is an example message.\n\n" + dash +
    "example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHj"
    "G1Yu72IneyaQM=\n";

constexpr const char* peter_vkey =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const std::string quote =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
const std::string peter_line =
    dash +
    "PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6"
    "RyyBwJnAM=\n";
constexpr const char* enoch_vkey =
    "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const std::string enoch_line =
    dash +
    "EnochRoot "
    "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1R"
    "vMc+QQ=\n";

using Keys = std::vector<VerifierKey>;

VerifierKey key(std::string_view vkey) { return VerifierKey::parse(vkey).value(); }

Ed25519Key peter() {
  const auto raw = from_base64("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz");
  return *Ed25519Key::from_seed(std::string_view(*raw).substr(1));
}

std::string outcome(std::string_view note, const Keys& keys) {
  const auto opened = open_note(note, keys);
  return std::string(opened ? "opened" : sentence(opened.error()));
}

NoteIssue issue(std::string_view note, const Keys& keys) {
  const auto opened = open_note(note, keys);
  REQUIRE(!opened);
  return opened.error();
}

std::string cosignature_line(const std::string& text, const std::string& name,
                             const Ed25519Key& witness, std::uint64_t at_s) {
  const auto verifier =
      VerifierKey::of(name, witness.public_key(), NoteAlgorithm::ed25519_cosignature);
  std::string payload;
  for (int shift = 24; shift >= 0; shift -= 8) payload += static_cast<char>(verifier.id >> shift);
  for (int shift = 56; shift >= 0; shift -= 8) payload += static_cast<char>(at_s >> shift);
  payload += witness.sign("cosignature/v1\ntime " + std::to_string(at_s) + "\n" + text).view();
  return dash + name + " " + to_base64(payload) + "\n";
}

TEST_CASE("the published notes open with their keys") {
  const auto foo = open_note(foo_note, Keys{key(foo_vkey)});
  REQUIRE(foo);
  CHECK(foo->text == "This is an example message.\n");
  CHECK(foo->signatures == std::vector<VerifiedSignature>{{"example.com/foo", 0x530d903a, {}}});

  const auto both =
      open_note(quote + "\n" + peter_line + enoch_line, Keys{key(peter_vkey), key(enoch_vkey)});
  REQUIRE(both);
  CHECK(both->text == quote);
  CHECK(both->signatures.size() == 2);
}

TEST_CASE("signing gives the published bytes") {
  CHECK(sign_note(quote, "PeterNeumann", peter()) == quote + "\n" + peter_line);
  CHECK(VerifierKey::of("PeterNeumann", peter().public_key()) == key(peter_vkey));
}

TEST_CASE("verifier keys go to text and back") {
  for (const char* vkey :
       {foo_vkey, peter_vkey, enoch_vkey,
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"}) {
    CHECK(key(vkey).text() == vkey);
  }
  CHECK(key("remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2").algorithm ==
        NoteAlgorithm::ed25519_cosignature);
  CHECK(to_hex(key_hash(key(foo_vkey)).view()).starts_with("530d903a"));
}

TEST_CASE("no part of a verifier key, and no key with one byte changed, is a verifier key") {
  const std::string vkey = peter_vkey;
  for (std::size_t begin = 0; begin <= vkey.size(); ++begin) {
    for (std::size_t end = begin; end <= vkey.size(); ++end) {
      if (end - begin == vkey.size()) continue;
      REQUIRE(!VerifierKey::parse(std::string_view(vkey).substr(begin, end - begin)));
    }
  }
  for (std::size_t at = 0; at < vkey.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string changed = vkey;
      changed[at] = static_cast<char>(byte);
      REQUIRE(VerifierKey::parse(changed).has_value() == (changed == vkey));
    }
  }
}

TEST_CASE("a verifier key of another length or algorithm is refused, also with a fitting id") {
  const auto vkey_of = [](std::string_view raw) {
    const Digest hash = sha256("name\n" + std::string(raw));
    return "name+" + to_hex(hash.view().substr(0, 4)) + "+" + to_base64(raw);
  };
  const std::string key_bytes(32, 'k');
  CHECK(VerifierKey::parse(vkey_of("\x01" + key_bytes)).has_value());
  CHECK(VerifierKey::parse(vkey_of("\x01" + key_bytes + "k")).error() == NoteIssue::malformed_key);
  CHECK(VerifierKey::parse(vkey_of("\x01" + key_bytes.substr(1))).error() ==
        NoteIssue::malformed_key);
  CHECK(VerifierKey::parse(vkey_of("\x02" + key_bytes)).error() == NoteIssue::unknown_algorithm);
  CHECK(VerifierKey::parse(vkey_of("\xFF" + key_bytes)).error() == NoteIssue::unknown_algorithm);
  CHECK(VerifierKey::parse("name+00000000+" + to_base64("\x01" + key_bytes)).error() ==
        NoteIssue::wrong_key_id);
}

TEST_CASE("a note opens as soon as one signature is by a known key, and only then") {
  CHECK(outcome(quote + "\n" + peter_line + enoch_line, {key(enoch_vkey)}) == "opened");
  CHECK(issue(quote + "\n" + peter_line, {key(enoch_vkey)}) == NoteIssue::unverified);
  CHECK(issue(quote + "\n" + peter_line, {}) == NoteIssue::unverified);
}

TEST_CASE("one wrong signature by a known key spoils the note, whatever else is right") {
  std::string wrong = enoch_line;
  wrong[wrong.size() - 20] = wrong[wrong.size() - 20] == 'A' ? 'B' : 'A';
  const Keys both{key(peter_vkey), key(enoch_vkey)};
  CHECK(issue(quote + "\n" + peter_line + wrong, both) == NoteIssue::wrong_signature);
  CHECK(issue(quote + "\n" + wrong + peter_line, both) == NoteIssue::wrong_signature);
  CHECK(outcome(quote + "\n" + wrong + peter_line, {key(peter_vkey)}) == "opened");
  CHECK(issue("x" + quote + "\n" + peter_line, both) == NoteIssue::wrong_signature);
}

TEST_CASE("a signature that stands twice counts once, and two equal keys are refused") {
  const auto opened = open_note(quote + "\n" + peter_line + peter_line, Keys{key(peter_vkey)});
  REQUIRE(opened);
  CHECK(opened->signatures.size() == 1);
  CHECK(issue(quote + "\n" + peter_line, {key(peter_vkey), key(peter_vkey)}) ==
        NoteIssue::ambiguous_keys);
}

TEST_CASE("what is no note is refused") {
  const Keys keys{key(peter_vkey)};
  const std::string good = quote + "\n" + peter_line;
  CHECK(issue("", keys) == NoteIssue::malformed);
  CHECK(issue(quote, keys) == NoteIssue::malformed);
  CHECK(issue(quote + "\n", keys) == NoteIssue::malformed);
  CHECK(issue(good.substr(0, good.size() - 1), keys) == NoteIssue::malformed);
  CHECK(issue(good + "x\n", keys) == NoteIssue::malformed_signature);
  CHECK(issue(good + "\n", keys) == NoteIssue::malformed);
  CHECK(issue(good + dash + "name with space AAAAAAAA\n", keys) == NoteIssue::malformed_signature);
  CHECK(issue(good + dash + "a+b AAAAAAAA\n", keys) == NoteIssue::malformed_signature);
  CHECK(issue(good + dash + "short AAAAAA==\n", keys) == NoteIssue::malformed_signature);
  CHECK(issue(good + dash + "nobase64 AAAA*AAA\n", keys) == NoteIssue::malformed_signature);
  CHECK(issue(good + "- dash AAAAAAAA\n", keys) == NoteIssue::malformed_signature);
  CHECK(issue("\xFF" + good, keys) == NoteIssue::malformed);
  CHECK(issue("\x01" + good, keys) == NoteIssue::malformed);
  CHECK(issue("tab\there\n\n" + peter_line, keys) == NoteIssue::malformed);
  CHECK(issue(std::string(note_bytes_max + 1, 'x'), keys) == NoteIssue::too_long);
}

TEST_CASE("a hundred signatures are read, one more is refused") {
  std::string note = quote + "\n";
  for (std::size_t i = 1; i < note_signatures_max; ++i) {
    note += dash + "other" + std::to_string(i) + " AAAAAAAA\n";
  }
  CHECK(outcome(note + peter_line, {key(peter_vkey)}) == "opened");
  CHECK(issue(note + peter_line + enoch_line, {key(peter_vkey)}) == NoteIssue::too_many_signatures);
}

TEST_CASE("a text may hold empty lines: the last one separates") {
  const std::string text = "one\n\ntwo\n\n\nthree\n";
  const auto opened = open_note(sign_note(text, "PeterNeumann", peter()), Keys{key(peter_vkey)});
  REQUIRE(opened);
  CHECK(opened->text == text);
}

TEST_CASE("a witness's cosignature opens with the time it states, and cannot pose as a log's") {
  const Ed25519Key witness = peter();
  const std::string line = cosignature_line(quote, "witness", witness, 1'795'147'200);
  const auto cosigner =
      VerifierKey::of("witness", witness.public_key(), NoteAlgorithm::ed25519_cosignature);
  const auto opened = open_note(quote + "\n" + line, Keys{cosigner});
  REQUIRE(opened);
  CHECK(opened->signatures[0].cosigned_at_s == 1'795'147'200);
  const auto as_log = VerifierKey::of("witness", witness.public_key());
  CHECK(as_log.id != cosigner.id);
  CHECK(issue(quote + "\n" + line, {as_log}) == NoteIssue::unverified);
  VerifierKey forged = as_log;
  forged.id = cosigner.id;
  CHECK(issue(quote + "\n" + line, {forged}) == NoteIssue::wrong_signature);
  const std::string beyond = cosignature_line(quote, "witness", witness, 1ULL << 63);
  CHECK(issue(quote + "\n" + beyond, {cosigner}) == NoteIssue::wrong_signature);
}

TEST_CASE("a key name has no space of any script, no plus, and some length") {
  for (const char* name : {"a", "ledger.example/rg1", "J\xC3\xBCrgen", "\xE2\x80\x94"}) {
    CHECK(is_key_name(name));
  }
  for (const char* name : {"", "a b", "a+b", "a\tb", "a\nb",
                           "a\xC2\xA0"
                           "b",
                           "a\xE2\x80\x83", "\xE3\x80\x80x", "\xFF"}) {
    CHECK(!is_key_name(name));
  }
  CHECK(is_key_name(std::string(key_name_bytes_max, 'a')));
  CHECK(!is_key_name(std::string(key_name_bytes_max + 1, 'a')));
}

TEST_CASE("no note with one byte changed opens as the same note") {
  const std::string good = quote + "\n" + peter_line;
  const Keys keys{key(peter_vkey)};
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string changed = good;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    REQUIRE(outcome(changed, keys) != "opened");
    REQUIRE(outcome(good.substr(0, at), keys) != "opened");
  }
}

TEST_CASE("any text that may be signed opens again") {
  CHECK(rc::check("open_note(sign_note(text)) gives the text", [] {
    std::string text = *rc::gen::container<std::string>(rc::gen::inRange<char>(' ', '~'));
    for (char& c : text) c = c == '#' ? '\n' : c;
    text += '\n';
    const auto opened = open_note(sign_note(text, "PeterNeumann", peter()), Keys{key(peter_vkey)});
    return opened && opened->text == text;
  }));
}

}  // namespace
}  // namespace holdpoint::ledger
