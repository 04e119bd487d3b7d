// holdpoint question verify: whether a file is the one that a signed export names. With the key in
// a file nothing is asked of a server.
#include <memory>
#include <ostream>

#include "base/encoding.hpp"
#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/local_file.hpp"
#include "cli/session.hpp"
#include "cli/words.hpp"
#include "ledger/ledger.hpp"

namespace holdpoint::cli {
namespace {

constexpr std::uint64_t file_bytes_max = 64U << 20;
constexpr std::uint64_t key_bytes_max = 4'096;
constexpr std::string_view export_predicate = "https://holdpoint.dev/ns/export/v1";
constexpr std::string_view pem_begin = "-----BEGIN PUBLIC KEY-----";
constexpr std::string_view pem_end = "-----END PUBLIC KEY-----";

struct Options {
  std::string file;
  std::string signature;
  std::string key;
};

/// RFC 7468 §13, of an Ed25519 key alone.
std::optional<Ed25519PublicKey> key_of_pem(std::string_view pem) {
  const auto begin = pem.find(pem_begin);
  const auto end = pem.find(pem_end);
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) {
    return std::nullopt;
  }
  std::string base64;
  for (const char c : pem.substr(begin + pem_begin.size(), end - begin - pem_begin.size())) {
    if (c != '\n' && c != '\r' && c != ' ') base64 += c;
  }
  const auto der = from_base64(base64);
  return der ? Ed25519PublicKey::from_spki(*der) : std::nullopt;
}

Tried<Ed25519PublicKey> trusted_key(const Options& options, Session& session) {
  std::string pem;
  if (options.key.empty()) {
    HP_TRY(pem, session.get_text("/api/v1" + session.in_workspace({"certification-key.pem"})));
  } else {
    HP_TRY(pem, read_file(options.key, key_bytes_max));
  }
  const auto key = key_of_pem(pem);
  if (key) return *key;
  return wrong_use("That is no public key of Ed25519.", "--key",
                   "Give a file that begins with " + std::string(pem_begin) + ".");
}

/// Why the file is not what the envelope signs; "" when it is.
std::string why_not(const ledger::DsseEnvelope& envelope, const Ed25519PublicKey& key,
                    const Digest& digest, json::object& predicate) {
  const auto verified = ledger::verify_dsse(envelope, ledger::in_toto_payload_type, key);
  if (!verified) return std::string(ledger::sentence(verified.error()));
  const auto statement = parse_json(envelope.payload);
  if (!statement || !statement->is_object()) return "What is signed is no statement.";
  const json::object& object = statement->get_object();
  if (shown_at(object, "predicateType") != export_predicate) {
    return "What is signed is no statement of an export.";
  }
  const json::array* subjects = array_at(object, "subject");
  const json::object* subject =
      subjects == nullptr || subjects->size() != 1 ? nullptr : subjects->at(0).if_object();
  const json::object* named = subject == nullptr ? nullptr : object_at(*subject, "digest");
  if (named == nullptr || shown_at(*named, "sha256") != digest.hex()) {
    return "The file is another one than was signed.";
  }
  if (const json::object* told = object_at(object, "predicate")) predicate = *told;
  return "";
}

Exit verify(const Options& options, Session& session) {
  const auto key = trusted_key(options, session);
  if (!key) return session.fail(key.error());
  const auto bytes = read_file(options.file, file_bytes_max);
  if (!bytes) return session.fail(bytes.error());
  const std::string path =
      options.signature.empty() ? options.file + ".dsse.json" : options.signature;
  const auto sealed = read_file(path, ledger::dsse_bytes_max);
  if (!sealed) return session.fail(sealed.error());
  json::object predicate;
  const auto envelope = ledger::parse_dsse(*sealed);
  const std::string reason = envelope ? why_not(*envelope, *key, sha256(*bytes), predicate)
                                      : std::string(ledger::sentence(envelope.error()));
  const bool holds = reason.empty();
  if (session.format() == Format::json) {
    json::object told{{"verified", holds}, {"predicate", std::move(predicate)}};
    if (!holds) told["because"] = reason;
    session.out() << json::serialize(told) << '\n';
    return holds ? Exit::yes : Exit::no;
  }
  const StatusWord word = rule_word(holds ? "passed" : "failed");
  session.out() << session.paint(word.text(), word.tone) << "  " << printable(options.file) << '\n';
  if (!holds) {
    session.out() << indented(reason, 4);
    return Exit::no;
  }
  session.out() << "    " << counted(integer_at(predicate, "rows").value_or(0), "record") << " of "
                << printable(shown_at(predicate, "log")) << ", "
                << integer_at(predicate, "entries").value_or(0) << " entries long, made at "
                << instant_at(predicate, "made_at") << " by "
                << printable(shown_at(predicate, "made_by")) << '\n';
  return Exit::yes;
}

}  // namespace

Command question_verify_command() {
  const auto o = std::make_shared<Options>();
  return {"question verify",
          "Verify that a file is the one that a signed export names",
          {{"file",
            "FILE",
            "The file of the export",
            &o->file,
            Presence::required,
            {},
            ValueKind::path},
           {"--signature",
            "FILE",
            "The envelope (FILE.dsse.json)",
            &o->signature,
            Presence::optional,
            {},
            ValueKind::path},
           {"--key",
            "FILE",
            "The public key that you trust, PEM; without it the server's own",
            &o->key,
            Presence::optional,
            {},
            ValueKind::path}},
          [o](Session& session) { return verify(*o, session); }};
}

}  // namespace holdpoint::cli
