// See dsse.hpp.
#include "ledger/dsse.hpp"

#include <optional>
#include <utility>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"

namespace holdpoint::ledger {
namespace {

constexpr JsonLimits limits{.depth_max = 8, .bytes_max = dsse_bytes_max};

/// Both alphabets, padded or not; never a mixture of the two.
std::optional<std::string> from_either_base64(std::string_view text) {
  if (auto standard = from_base64(text)) return standard;
  if (const auto end = text.find('='); end != std::string_view::npos) {
    const std::string_view padding = text.substr(end);
    if (text.size() % 4 != 0 || (padding != "=" && padding != "==")) return std::nullopt;
    return from_base64url(text.substr(0, end));
  }
  if (auto url = from_base64url(text)) return url;
  std::string padded(text);
  padded.append((4 - text.size() % 4) % 4, '=');
  return from_base64(padded);
}

std::optional<std::string_view> text_member(const json::object& object, std::string_view name) {
  const json::value* const member = object.if_contains(name);
  if (member == nullptr || !member->is_string()) return std::nullopt;
  return view(member->get_string());
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  append_json_string(out, name);
  out += ':';
  append_json_string(out, text);
}

}  // namespace

std::string_view sentence(DsseIssue issue) {
  switch (issue) {
    case DsseIssue::too_long: return "the envelope is too long";
    case DsseIssue::not_json: return "the envelope is no JSON object";
    case DsseIssue::wrong_members: return "the envelope lacks a payload, its type or a signature";
    case DsseIssue::wrong_base64: return "the payload or the signature is no base64";
    case DsseIssue::not_one_signature: return "the envelope has not exactly one signature";
    case DsseIssue::wrong_signature: return "the key did not make the signature";
    case DsseIssue::wrong_type: return "the payload is of another type";
  }
  return "";
}

std::string pre_authentication_encoding(std::string_view payload_type, std::string_view payload) {
  std::string out("DSSEv1 ");
  out += std::to_string(payload_type.size());
  out += ' ';
  out += payload_type;
  out += ' ';
  out += std::to_string(payload.size());
  out += ' ';
  out += payload;
  return out;
}

std::string dsse_key_id(const Ed25519PublicKey& key) { return sha256(key.spki()).hex(); }

DsseEnvelope sign_dsse(std::string payload_type, std::string payload, const Ed25519Key& key) {
  const auto signature = key.sign(pre_authentication_encoding(payload_type, payload));
  return {std::move(payload), std::move(payload_type), dsse_key_id(key.public_key()),
          std::string(signature.view())};
}

std::expected<void, DsseIssue> verify_dsse(const DsseEnvelope& envelope,
                                           std::string_view payload_type,
                                           const Ed25519PublicKey& key) {
  if (envelope.payload_type != payload_type) return std::unexpected(DsseIssue::wrong_type);
  const std::string message = pre_authentication_encoding(envelope.payload_type, envelope.payload);
  if (!ed25519_verify(key, message, envelope.signature)) {
    return std::unexpected(DsseIssue::wrong_signature);
  }
  return {};
}

std::string encode_dsse(const DsseEnvelope& envelope) {
  std::string out("{");
  append_member(out, "payload", to_base64(envelope.payload));
  out += ',';
  append_member(out, "payloadType", envelope.payload_type);
  out += R"(,"signatures":[{)";
  append_member(out, "keyid", envelope.key_id);
  out += ',';
  append_member(out, "sig", to_base64(envelope.signature));
  return out + "}]}";
}

std::expected<DsseEnvelope, DsseIssue> parse_dsse(std::string_view bytes) {
  if (bytes.size() > dsse_bytes_max) return std::unexpected(DsseIssue::too_long);
  const auto document = parse_json(bytes, limits);
  if (!document || !document->is_object()) return std::unexpected(DsseIssue::not_json);
  const json::object& object = document->get_object();
  const auto payload = text_member(object, "payload");
  const auto payload_type = text_member(object, "payloadType");
  const json::value* const signatures = object.if_contains("signatures");
  if (!payload || !payload_type || signatures == nullptr || !signatures->is_array()) {
    return std::unexpected(DsseIssue::wrong_members);
  }
  const json::array& array = signatures->get_array();
  if (array.size() != 1) return std::unexpected(DsseIssue::not_one_signature);
  if (!array[0].is_object()) return std::unexpected(DsseIssue::wrong_members);
  const json::object& signature = array[0].get_object();
  const auto sig = text_member(signature, "sig");
  const auto key_id = text_member(signature, "keyid");
  if (!sig || (!key_id && signature.contains("keyid"))) {
    return std::unexpected(DsseIssue::wrong_members);
  }
  auto payload_bytes = from_either_base64(*payload);
  auto sig_bytes = from_either_base64(*sig);
  if (!payload_bytes || !sig_bytes) return std::unexpected(DsseIssue::wrong_base64);
  return DsseEnvelope{*std::move(payload_bytes), std::string(*payload_type),
                      std::string(key_id.value_or("")), *std::move(sig_bytes)};
}

}  // namespace holdpoint::ledger
