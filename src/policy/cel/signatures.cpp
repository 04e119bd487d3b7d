// See signatures.hpp.
#include "policy/cel/signatures.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/assert.hpp"

namespace holdpoint::policy::cel {
namespace {

constexpr std::size_t type_depth_max = 16;

/// Thrown inside this file only.
struct Refusal {
  std::string message;
};

struct PlainType {
  std::string_view name;
  TypeKind kind;
};
constexpr std::array<PlainType, 12> plain_types = {{{"dyn", TypeKind::dyn},
                                                    {"null_type", TypeKind::null},
                                                    {"bool", TypeKind::boolean},
                                                    {"int", TypeKind::integer},
                                                    {"uint", TypeKind::unsigned_integer},
                                                    {"double", TypeKind::floating},
                                                    {"string", TypeKind::string},
                                                    {"bytes", TypeKind::bytes},
                                                    {"timestamp", TypeKind::timestamp},
                                                    {"duration", TypeKind::duration},
                                                    {"type", TypeKind::type},
                                                    {"any", TypeKind::dyn}}};

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.';
}

class SignatureReader {
 public:
  SignatureReader(std::string_view text, TypeStore& types) : rest_(text), types_(types) {}

  Overload overload() {
    Overload out;
    if (!take("->")) {
      do {
        out.parameters.push_back(type(0));
      } while (take(","));
      expect("->");
    }
    out.result = type(0);
    finish();
    out.type_parameters = static_cast<std::uint32_t>(letters_.size());
    return out;
  }

  const Type* only_type() {
    const Type* out = type(0);
    finish();
    return out;
  }

 private:
  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }
  bool take(std::string_view symbol) {
    skip_blanks();
    if (!rest_.starts_with(symbol)) return false;
    rest_.remove_prefix(symbol.size());
    return true;
  }
  void expect(std::string_view symbol) {
    if (!take(symbol)) throw Refusal{"'" + std::string(symbol) + "' is missing"};
  }
  void finish() {
    skip_blanks();
    if (!rest_.empty()) throw Refusal{"'" + std::string(rest_) + "' is not expected"};
  }

  std::string_view name() {
    skip_blanks();
    std::size_t length = 0;
    while (length < rest_.size() && is_name_character(rest_[length])) ++length;
    if (length == 0) throw Refusal{"a type is missing"};
    const std::string_view out = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return out;
  }

  const Type* letter(char c) {
    const auto found = std::ranges::find(letters_, c);
    const auto number = static_cast<std::uint32_t>(found - letters_.begin());
    if (found == letters_.end()) letters_.push_back(c);
    return types_.parameter(number);
  }

  const Type* type(std::size_t depth) {
    if (depth > type_depth_max) throw Refusal{"the type nests too deep"};
    const std::string_view word = name();
    if (word.size() == 1 && word[0] >= 'A' && word[0] <= 'Z') return letter(word[0]);
    std::vector<const Type*> parts;
    if (take("(")) {
      do {
        parts.push_back(type(depth + 1));
      } while (take(","));
      expect(")");
    }
    return made(word, std::move(parts));
  }

  const Type* made(std::string_view word, std::vector<const Type*> parts) {
    const Type* dyn = TypeStore::of(TypeKind::dyn);
    if (word == "list" && parts.size() <= 1) {
      return types_.list_of(parts.empty() ? dyn : parts[0]);
    }
    if (word == "map" && (parts.empty() || parts.size() == 2)) {
      return parts.empty() ? types_.map_of(dyn, dyn) : types_.map_of(parts[0], parts[1]);
    }
    if (word == "type" && parts.size() == 1) return types_.type_of(parts[0]);
    if (word == "wrapper" && parts.size() == 1) return types_.nullable(parts[0]);
    if (word == optional_type_name && parts.empty()) return types_.optional_of(dyn);
    const auto* plain = std::ranges::find(plain_types, word, &PlainType::name);
    if (plain == plain_types.end()) return types_.abstract_of(word, std::move(parts));
    if (!parts.empty()) throw Refusal{"'" + std::string(word) + "' has no parts"};
    return TypeStore::of(plain->kind);
  }

  std::string_view rest_;
  TypeStore& types_;
  std::vector<char> letters_;
};

/// Types of the language itself; made once and never changed, so that every thread may read them.
struct LanguageOverloads {
  TypeStore types;
  std::vector<std::vector<Overload>> functions;
  std::map<NodeKind, std::vector<Overload>> operators;

  LanguageOverloads() {
    for (const Function& row : cel::functions()) functions.push_back(overloads_of(row, types));
    const std::vector<std::string_view> numbers = {"int, int -> int", "uint, uint -> uint",
                                                   "double, double -> double"};
    std::vector<std::string_view> sums = numbers;
    for (const std::string_view text :
         {"string, string -> string", "bytes, bytes -> bytes", "list(T), list(T) -> list(T)",
          "timestamp, duration -> timestamp", "duration, timestamp -> timestamp",
          "duration, duration -> duration"}) {
      sums.push_back(text);
    }
    std::vector<std::string_view> differences = numbers;
    for (const std::string_view text :
         {"timestamp, timestamp -> duration", "timestamp, duration -> timestamp",
          "duration, duration -> duration"}) {
      differences.push_back(text);
    }
    add(NodeKind::add, sums);
    add(NodeKind::subtract, differences);
    add(NodeKind::multiply, numbers);
    add(NodeKind::divide, numbers);
    add(NodeKind::modulo, {"int, int -> int", "uint, uint -> uint"});
    add(NodeKind::negate, {"int -> int", "double -> double"});
    add(NodeKind::equal, {"T, T -> bool"});
    add(NodeKind::not_equal, {"T, T -> bool"});
    add(NodeKind::in, {"T, list(T) -> bool", "K, map(K, V) -> bool"});
    for (const NodeKind kind :
         {NodeKind::less, NodeKind::less_equal, NodeKind::greater, NodeKind::greater_equal}) {
      add(kind, {"bool, bool -> bool", "int, int -> bool", "uint, uint -> bool",
                 "double, double -> bool", "string, string -> bool", "bytes, bytes -> bool",
                 "timestamp, timestamp -> bool", "duration, duration -> bool"});
    }
  }

  void add(NodeKind kind, const std::vector<std::string_view>& texts) {
    for (const std::string_view text : texts) {
      auto overload = read_overload(text, types);
      HP_ASSERT(overload.has_value(), "CEL-4: the signatures of the language are well formed");
      operators[kind].push_back(std::move(*overload));
    }
  }
};

const LanguageOverloads& language() {
  static const LanguageOverloads made;
  return made;
}

}  // namespace

std::expected<Overload, std::string> read_overload(std::string_view text, TypeStore& types) {
  try {
    return SignatureReader(text, types).overload();
  } catch (const Refusal& refusal) {
    return std::unexpected(refusal.message);
  }
}

std::expected<const Type*, std::string> read_type(std::string_view text, TypeStore& types) {
  try {
    return SignatureReader(text, types).only_type();
  } catch (const Refusal& refusal) {
    return std::unexpected(refusal.message);
  }
}

std::vector<Overload> overloads_of(const Function& function, TypeStore& types) {
  std::vector<Overload> out;
  for (const Signature& signature : function.signatures) {
    auto overload = read_overload(signature.text, types);
    HP_ASSERT(overload.has_value(), "CEL-4: signatures are well formed");
    out.push_back(std::move(*overload));
  }
  return out;
}

std::span<const Overload> overloads_of(const Function& row) {
  const auto index = static_cast<std::size_t>(&row - functions().data());
  HP_ASSERT(index < functions().size(), "CEL-5: the function is a row of the table");
  return language().functions[index];
}

std::span<const Overload> operator_overloads(NodeKind kind) {
  const auto found = language().operators.find(kind);
  if (found == language().operators.end()) return {};
  return found->second;
}

}  // namespace holdpoint::policy::cel
