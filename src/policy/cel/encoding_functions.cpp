// The encoders extension: base64.encode of bytes and base64.decode of text, with or without
// padding.
#include <algorithm>

#include "base/encoding.hpp"
#include "policy/cel/making.hpp"

namespace holdpoint::policy::cel {
namespace {

bool is_too_long(std::string_view text) { return text.size() > made_text_bytes_max; }

Value too_long(const Call& call) {
  return call.error("base64 takes at most " + std::to_string(made_text_bytes_max) + " bytes");
}

Value encode(const Call& call) {
  if (!call.arguments[0].is(Kind::bytes)) return call.no_overload();
  const auto bytes = call.arguments[0].as_text();
  if (is_too_long(bytes)) return too_long(call);
  call.session.charge(tenth(bytes.size()));
  if (call.session.is_exhausted()) return cost_error(call);
  return call.session.text(to_base64(bytes));
}

Value decode(const Call& call) {
  if (!call.arguments[0].is(Kind::string)) return call.no_overload();
  std::string text(call.arguments[0].as_text().substr(0, made_text_bytes_max + 1));
  if (is_too_long(text)) return too_long(call);
  call.session.charge(tenth(text.size()));
  if (call.session.is_exhausted()) return cost_error(call);
  while (text.size() % 4 != 0) text += '=';
  const auto bytes = from_base64(text);
  return bytes ? call.session.bytes(*bytes) : call.error("the text is not base64");
}

Worst worst_of_encode(Extents&, std::span<const Extent> arguments) {
  const Units bytes = arguments[0].length;
  return {{bytes.count / 10 + 1}, Extents::text(bytes * Units{2} + Units{4})};
}

}  // namespace

std::vector<Function> encoding_functions() {
  return {
      {"base64.encode", Receiver::absent, encode, signatures({"bytes -> string"}), worst_of_encode},
      {"base64.decode", Receiver::absent, decode, signatures({"string -> bytes"}), worst_of_copy}};
}

}  // namespace holdpoint::policy::cel
