// Checkpoints: their three lines, who must have signed them, and one that Sigstore's own client has
// accepted.
#include "ledger/checkpoint.hpp"

#include <doctest/doctest.h>

#include "base/encoding.hpp"
#include "ledger/merkle.hpp"

namespace holdpoint::ledger {
namespace {

using Keys = std::vector<VerifierKey>;

const std::string root_line = "8xrOMrA8AWA3gxDcWmMJYiAWfl0YRy3NQ70oGEzWwfA=";
const std::string body = "ledger.example/rg1\n1000\n" + root_line + "\n";
const std::string accepted_by_sigstore =
    body +
    "\n\xE2\x80\x94 ledger.example/rg1 "
    "m7dr9PAk/oBxMkMxO4DV9kiMCyuGAryvFU2+2A6ZHVlxxrFK4lV6GuX88o/2V"
    "sArHsTz4K5DojpG8RkJBys+YRBN2gg=\n"
    "\xE2\x80\x94 witness.example/w1 "
    "e+GnOgAAAABq/8XAFoMpd3Nm6vAx27Dt/pcupLs67FiU5sn9G/ZmNXjtKyqF3MLT"
    "84Ai2MA5AThdjNg/T5NaPsZoy45GprbFPfzsBw==\n";

Ed25519PublicKey sigstore_checked_key() {
  return *Ed25519PublicKey::from_spki(
      *from_base64("MCowBQYDK2VwAyEA3Zgwe5OAfQqu1Vvv/WFGgFVgdiG5BewgLp4tfpUZrW4="));
}

Ed25519Key signer(char seed) { return *Ed25519Key::from_seed(std::string(32, seed)); }

CheckpointIssue issue_of(std::string_view text) {
  const auto read = parse_checkpoint_body(text);
  REQUIRE(!read);
  return read.error();
}

TEST_CASE("a checkpoint that Sigstore's client accepted opens with the log's key") {
  const Keys keys{VerifierKey::of("ledger.example/rg1", sigstore_checked_key())};
  const auto opened = open_checkpoint(accepted_by_sigstore, keys);
  REQUIRE(opened);
  CHECK(opened->checkpoint.origin == "ledger.example/rg1");
  CHECK(opened->checkpoint.size == 1000);
  CHECK(to_base64(opened->checkpoint.root.view()) == root_line);
  CHECK(to_base64(key_hash(keys[0]).view()) == "m7dr9OjNnZwkjQTzALIgr/ME/daKCC8Fjq+8dmpIDgc=");
}

TEST_CASE("the body is three lines, read back as written") {
  const auto read = parse_checkpoint_body(body);
  REQUIRE(read);
  CHECK(checkpoint_body(*read) == body);
  const Checkpoint empty{"a/b", 0, empty_root()};
  CHECK(checkpoint_body(empty) == "a/b\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
  CHECK(parse_checkpoint_body(checkpoint_body(empty)) == empty);
  CHECK(parse_checkpoint_body("a\n18446744073709551615\n" + root_line + "\n")->size == UINT64_MAX);
}

TEST_CASE("any other body is refused for what is wrong with it") {
  const std::string root = root_line + "\n";
  CHECK(issue_of("") == CheckpointIssue::malformed_body);
  CHECK(issue_of("a\n1\n" + root_line) == CheckpointIssue::malformed_body);
  CHECK(issue_of("a\n1\n" + root + "extension\n") == CheckpointIssue::malformed_body);
  CHECK(issue_of("a\n1\n" + root + "\n") == CheckpointIssue::malformed_body);
  CHECK(issue_of("\n1\n" + root) == CheckpointIssue::malformed_origin);
  CHECK(issue_of("a b\n1\n" + root) == CheckpointIssue::malformed_origin);
  for (const char* size : {"", "01", "00", "-1", "+1", "1 ", " 1", "0x1", "1.0", "1e3",
                           "18446744073709551616", "\xC2\xB9"}) {
    CAPTURE(size);
    CHECK(issue_of("a\n" + std::string(size) + "\n" + root) == CheckpointIssue::malformed_size);
  }
  CHECK(issue_of("a\n1\nAAAA\n") == CheckpointIssue::malformed_root);
  CHECK(issue_of("a\n1\n" + root_line.substr(0, 43) + "\n") == CheckpointIssue::malformed_root);
  CHECK(issue_of("a\n1\n" + root_line + "\r\n") == CheckpointIssue::malformed_root);
  CHECK(issue_of("a\n0\n" + root) == CheckpointIssue::wrong_empty_root);
}

TEST_CASE("a signed checkpoint opens with the key of its origin only") {
  const Ed25519Key key = signer('k');
  const Checkpoint head{"srv.example/main", 7, leaf_hash("x")};
  const std::string note = sign_checkpoint(head, key);
  const auto log = VerifierKey::of("srv.example/main", key.public_key());
  CHECK(open_checkpoint(note, Keys{log})->checkpoint == head);
  const auto stranger = VerifierKey::of("srv.example/main", signer('s').public_key());
  CHECK(open_checkpoint(note, Keys{stranger}).error() == CheckpointIssue::unverified);
  CHECK(open_checkpoint(note, Keys{log, log}).error() == CheckpointIssue::ambiguous_keys);
  CHECK(open_checkpoint(checkpoint_body(head), Keys{log}).error() ==
        CheckpointIssue::malformed_note);
  std::string larger = note;
  larger.replace(larger.find("\n7\n"), 3, "\n8\n");
  CHECK(open_checkpoint(larger, Keys{log}).error() == CheckpointIssue::wrong_signature);
}

TEST_CASE("a signature under another name does not make a checkpoint") {
  const Ed25519Key key = signer('k');
  const Checkpoint head{"srv.example/main", 7, leaf_hash("x")};
  const std::string note = sign_note(checkpoint_body(head), "other.example", key);
  const auto other = VerifierKey::of("other.example", key.public_key());
  CHECK(open_checkpoint(note, Keys{other}).error() == CheckpointIssue::not_by_the_log);
  CHECK(!sentence(CheckpointIssue::not_by_the_log).empty());
}

TEST_CASE("a second key of the same origin may sign beside the first, as in a rotation") {
  const Checkpoint head{"srv.example/main", 7, leaf_hash("x")};
  const std::string note = sign_checkpoint(head, signer('a')) +
                           note_signature_line(checkpoint_body(head), head.origin, signer('b'));
  const auto first = VerifierKey::of(head.origin, signer('a').public_key());
  const auto second = VerifierKey::of(head.origin, signer('b').public_key());
  CHECK(open_checkpoint(note, Keys{first})->signatures.size() == 1);
  CHECK(open_checkpoint(note, Keys{second})->signatures.size() == 1);
  CHECK(open_checkpoint(note, Keys{first, second})->signatures.size() == 2);
}

}  // namespace
}  // namespace holdpoint::ledger
