// See envelope.hpp. Writing appends in the order of the sorted member names; reading walks the same
// order, so that what reads is what would have been written.
#include "ledger/envelope.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include "base/canonical.hpp"
#include "base/json.hpp"

namespace holdpoint::ledger {
namespace {

constexpr std::int64_t integer_max = (std::int64_t{1} << 53) - 1;
constexpr std::string_view envelope_begin = R"({"actor":{"id":)";
constexpr std::string_view rekor_begin = R"({"apiVersion":"0.0.2","kind":"dsse",)";

enum class Octet : std::uint8_t { plain, escaped, forbidden };

/// What a byte is in an id: visible ASCII, the two of it that JSON escapes, or not allowed.
constexpr std::array<Octet, 256> id_octets = [] {
  std::array<Octet, 256> kinds{};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const bool visible = i > 0x20 && i < 0x7F;
    kinds[i] = !visible ? Octet::forbidden : i == '"' || i == '\\' ? Octet::escaped : Octet::plain;
  }
  return kinds;
}();

enum class IdForm : std::uint8_t { plain, escaped, wrong };

IdForm form_of_id(std::string_view id) {
  if (id.empty() || id.size() > envelope_id_bytes_max) return IdForm::wrong;
  bool escaped = false;
  for (const char c : id) {
    const Octet kind = id_octets[static_cast<unsigned char>(c)];
    if (kind == Octet::forbidden) return IdForm::wrong;
    escaped |= kind == Octet::escaped;
  }
  return escaped ? IdForm::escaped : IdForm::plain;
}

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_word_character(char c) { return is_lower(c) || (c >= '0' && c <= '9') || c == '_'; }

/// The count of snake_case words joined by dots; 0 when the text is anything else.
std::size_t count_words(std::string_view text) {
  std::size_t words = 0;
  bool at_begin = true;
  for (const char c : text) {
    if (at_begin) {
      if (!is_lower(c)) return 0;
      ++words;
      at_begin = false;
    } else if (c == '.') {
      at_begin = true;
    } else if (!is_word_character(c)) {
      return 0;
    }
  }
  return at_begin ? 0 : words;
}

bool is_kind(std::string_view text) {
  return text.size() <= envelope_id_bytes_max && count_words(text) == 1;
}

bool is_type(std::string_view text) {
  return text.size() <= envelope_type_bytes_max && count_words(text) >= 2;
}

/// Writes an envelope, remembering the first flaw.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  void raw(std::string_view text) { out_ += text; }

  void id(std::string_view id, std::string_view field) {
    const IdForm form = form_of_id(id);
    if (form == IdForm::wrong) flaw(EnvelopeFlaw::bad_id, field);
    if (form == IdForm::escaped) {
      append_json_string(out_, id);
    } else {
      quoted(id);
    }
  }

  void optional_id(std::string_view name, const std::optional<std::string>& value,
                   std::string_view field) {
    if (!value) return;
    raw(name);
    id(*value, field);
  }

  void kind(std::string_view kind, std::string_view field) {
    if (!is_kind(kind)) flaw(EnvelopeFlaw::bad_kind, field);
    quoted(kind);
  }

  void type(std::string_view type) {
    if (!is_type(type)) flaw(EnvelopeFlaw::bad_type, "type");
    quoted(type);
  }

  void integer(std::int64_t number, EnvelopeFlaw kind, std::string_view field, std::int64_t min,
               std::int64_t max) {
    if (number < min || number > max) flaw(kind, field);
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out_.append(digits.data(), end);
  }

  void body(std::string_view body) {
    CanonicalReader reader(body);
    const bool good =
        reader.next() == '{' && reader.value(envelope_body_depth_max) && reader.at_end();
    if (!good) flaw(EnvelopeFlaw::bad_body, "body", reader.offset());
    raw(body);
  }

  void sealed(const std::vector<SealedField>& fields) {
    if (fields.empty()) return;
    if (fields.size() > envelope_sealed_max) flaw(EnvelopeFlaw::bad_sealed, "sealed");
    raw(R"(,"sealed":{)");
    const SealedField* before = nullptr;
    for (const SealedField& field : fields) {
      if (before != nullptr) {
        if (before->path >= field.path) flaw(EnvelopeFlaw::bad_sealed, "sealed");
        raw(",");
      }
      id(field.path, "sealed");
      raw(R"(:"sha256:)");
      raw(field.commitment.hex());
      raw("\"");
      before = &field;
    }
    raw("}");
  }

  [[nodiscard]] const std::optional<EnvelopeIssue>& issue() const { return issue_; }

 private:
  void quoted(std::string_view text) {
    out_ += '"';
    out_ += text;
    out_ += '"';
  }

  void flaw(EnvelopeFlaw flaw, std::string_view field, std::size_t offset = 0) {
    if (!issue_) issue_ = EnvelopeIssue{flaw, field, offset};
  }

  std::string& out_;
  std::optional<EnvelopeIssue> issue_;
};

std::size_t length_estimate(const Envelope& envelope) {
  constexpr std::size_t fixed = 320;
  constexpr std::size_t per_sealed = 80;
  std::size_t length = fixed + envelope.body.size() + envelope.id.size() + envelope.root.size() +
                       envelope.type.size() + envelope.subject.id.size() + envelope.actor.id.size();
  for (const SealedField& field : envelope.sealed) length += per_sealed + field.path.size();
  return length;
}

/// Reads an envelope; false at the first byte that encode() would not have put there.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : in_(bytes) {}

  bool read(Envelope& envelope) {
    return in_.literal(envelope_begin) && read_actor(envelope.actor) && read_at(envelope.at) &&
           read_body(envelope.body) && read_optional(R"(,"cause":)", envelope.cause) &&
           in_.literal(R"(,"depth":)") && small(envelope.depth) && in_.literal(R"(,"id":)") &&
           in_.string(envelope.id) && in_.literal(R"(,"root":)") && in_.string(envelope.root) &&
           read_sealed(envelope.sealed) && in_.literal(R"(,"seq":)") && read_seq(envelope.seq) &&
           in_.literal(R"(,"subject":{"id":)") && in_.string(envelope.subject.id) &&
           in_.literal(R"(,"kind":)") && in_.string(envelope.subject.kind) &&
           in_.literal(R"(},"type":)") && in_.string(envelope.type) && in_.literal(R"(,"v":)") &&
           small(envelope.v) && in_.literal("}") && in_.at_end();
  }

  [[nodiscard]] std::size_t offset() const { return in_.offset(); }

 private:
  bool read_actor(Actor& actor) {
    return in_.string(actor.id) && in_.literal(R"(,"kind":)") && in_.string(actor.kind) &&
           read_optional(R"(,"on_behalf_of":)", actor.on_behalf_of) &&
           read_optional(R"(,"via":)", actor.via) && in_.literal("}");
  }

  bool read_optional(std::string_view name, std::optional<std::string>& out) {
    return !in_.literal(name) || in_.string(out.emplace());
  }

  bool read_at(Instant& at) { return in_.literal(R"(,"at":)") && in_.integer(at.us); }

  bool read_body(std::string& body) {
    if (!in_.literal(R"(,"body":)") || in_.next() != '{') return false;
    const auto bytes = in_.value(envelope_body_depth_max);
    if (!bytes) return false;
    body = *bytes;
    return true;
  }

  bool read_sealed(std::vector<SealedField>& fields) {
    if (!in_.literal(R"(,"sealed":{)")) return true;
    do {
      SealedField field;
      std::string commitment;
      if (fields.size() == envelope_sealed_max) return false;
      if (!in_.string(field.path) || !in_.literal(":") || !in_.string(commitment)) return false;
      const auto digest = Digest::parse(commitment);
      if (!digest || digest->text() != commitment) return false;
      field.commitment = *digest;
      fields.push_back(std::move(field));
    } while (in_.literal(","));
    return in_.literal("}");
  }

  bool read_seq(std::uint64_t& seq) {
    std::int64_t number = 0;
    if (!in_.integer(number) || number < 0) return false;
    seq = static_cast<std::uint64_t>(number);
    return true;
  }

  bool small(int& out) {
    std::int64_t number = 0;
    if (!in_.integer(number) || number < 0 || number > std::numeric_limits<int>::max()) {
      return false;
    }
    out = static_cast<int>(number);
    return true;
  }

  CanonicalReader in_;
};

}  // namespace

std::string_view sentence(EnvelopeFlaw flaw) {
  switch (flaw) {
    case EnvelopeFlaw::too_long: return "the entry is longer than 65,535 bytes";
    case EnvelopeFlaw::malformed: return "the bytes are no envelope in canonical form";
    case EnvelopeFlaw::bad_version: return "the version is not 1 or more";
    case EnvelopeFlaw::bad_type:
      return "the type is not two or more lower-case words joined by dots";
    case EnvelopeFlaw::bad_kind: return "the kind is no lower-case word";
    case EnvelopeFlaw::bad_id: return "an id is not 1 to 128 visible ASCII characters";
    case EnvelopeFlaw::bad_number: return "the number is beyond 2^53-1";
    case EnvelopeFlaw::bad_depth: return "the depth is not 0 to 16";
    case EnvelopeFlaw::bad_body: return "the body is no JSON object in canonical form";
    case EnvelopeFlaw::bad_sealed:
      return "the sealed fields are not sorted, given twice, or too many";
  }
  return "";
}

std::string EnvelopeIssue::text() const {
  std::string text(field);
  if (!text.empty()) text += ": ";
  text += sentence(flaw);
  if (offset != 0) text += " (at byte " + std::to_string(offset) + ")";
  return text;
}

std::expected<std::string, EnvelopeIssue> encode(const Envelope& envelope) {
  if (envelope.body.size() > entry_bytes_max) {
    return std::unexpected(EnvelopeIssue{EnvelopeFlaw::too_long, "body", 0});
  }
  std::string out;
  out.reserve(length_estimate(envelope));
  Writer writer(out);
  writer.raw(envelope_begin);
  writer.id(envelope.actor.id, "actor.id");
  writer.raw(R"(,"kind":)");
  writer.kind(envelope.actor.kind, "actor.kind");
  writer.optional_id(R"(,"on_behalf_of":)", envelope.actor.on_behalf_of, "actor.on_behalf_of");
  writer.optional_id(R"(,"via":)", envelope.actor.via, "actor.via");
  writer.raw(R"(},"at":)");
  writer.integer(envelope.at.us, EnvelopeFlaw::bad_number, "at", -integer_max, integer_max);
  writer.raw(R"(,"body":)");
  writer.body(envelope.body);
  writer.optional_id(R"(,"cause":)", envelope.cause, "cause");
  writer.raw(R"(,"depth":)");
  writer.integer(envelope.depth, EnvelopeFlaw::bad_depth, "depth", 0, envelope_depth_max);
  writer.raw(R"(,"id":)");
  writer.id(envelope.id, "id");
  writer.raw(R"(,"root":)");
  writer.id(envelope.root, "root");
  writer.sealed(envelope.sealed);
  writer.raw(R"(,"seq":)");
  const bool seq_fits = envelope.seq <= static_cast<std::uint64_t>(integer_max);
  const auto seq = seq_fits ? static_cast<std::int64_t>(envelope.seq) : -1;
  writer.integer(seq, EnvelopeFlaw::bad_number, "seq", 0, integer_max);
  writer.raw(R"(,"subject":{"id":)");
  writer.id(envelope.subject.id, "subject.id");
  writer.raw(R"(,"kind":)");
  writer.kind(envelope.subject.kind, "subject.kind");
  writer.raw(R"(},"type":)");
  writer.type(envelope.type);
  writer.raw(R"(,"v":)");
  writer.integer(envelope.v, EnvelopeFlaw::bad_version, "v", 1, std::numeric_limits<int>::max());
  writer.raw("}");
  if (writer.issue()) return std::unexpected(*writer.issue());
  if (out.size() > entry_bytes_max) {
    return std::unexpected(EnvelopeIssue{EnvelopeFlaw::too_long, "", 0});
  }
  return out;
}

std::expected<Envelope, EnvelopeIssue> decode(std::string_view bytes) {
  if (bytes.size() > entry_bytes_max) {
    return std::unexpected(EnvelopeIssue{EnvelopeFlaw::too_long, "", 0});
  }
  Envelope envelope;
  Reader reader(bytes);
  if (!reader.read(envelope)) {
    return std::unexpected(EnvelopeIssue{EnvelopeFlaw::malformed, "", reader.offset()});
  }
  // The shape is right; writing again judges what the members hold, and compares every byte.
  const auto again = encode(envelope);
  if (!again) return std::unexpected(again.error());
  if (*again != bytes) return std::unexpected(EnvelopeIssue{EnvelopeFlaw::malformed, "", 0});
  return envelope;
}

std::optional<EntryKind> kind_of(std::string_view bytes) {
  if (bytes.starts_with(envelope_begin)) return EntryKind::envelope;
  if (bytes.starts_with(rekor_begin)) return EntryKind::rekor_dsse;
  return std::nullopt;
}

}  // namespace holdpoint::ledger
