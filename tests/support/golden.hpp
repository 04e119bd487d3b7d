// What the golden tests of event bodies say of every one of them: its name and version, its bytes,
// and that the bytes read back as the same.
#pragma once

#include <doctest/doctest.h>

#include <string_view>

#include "base/describe.hpp"
#include "base/digest.hpp"

namespace holdpoint::test {

template <class T>
void frozen(const T& body, std::string_view type, std::string_view bytes, int version = 1) {
  CHECK(T::event_type == type);
  CHECK(T::event_version == version);
  CHECK(to_json_text(body) == bytes);
  const auto again = from_json_text<T>(bytes);
  REQUIRE(again);
  CHECK(to_json_text(*again) == bytes);
}

/// A digest of that byte alone.
inline Digest digest(std::uint8_t byte) {
  Digest digest;
  digest.bytes.fill(byte);
  return digest;
}

}  // namespace holdpoint::test
