// See public_address.hpp.
#include "platform/client/public_address.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>

namespace holdpoint::client {
namespace {

struct Network {
  std::array<std::uint8_t, 16> prefix;
  unsigned bits;
};

/// Not globally reachable by the IANA special-purpose registries, and multicast.
constexpr std::array kClosed4{
    Network{{0}, 8},
    Network{{10}, 8},
    Network{{100, 64}, 10},
    Network{{127}, 8},
    Network{{169, 254}, 16},
    Network{{172, 16}, 12},
    Network{{192, 0, 0}, 24},
    Network{{192, 0, 2}, 24},
    Network{{192, 88, 99}, 24},
    Network{{192, 168}, 16},
    Network{{198, 18}, 15},
    Network{{198, 51, 100}, 24},
    Network{{203, 0, 113}, 24},
    Network{{224}, 4},
    Network{{240}, 4},
};
constexpr std::array kClosed6{
    Network{{0x01, 0x00}, 64},              // discard
    Network{{0x20, 0x01, 0x00}, 23},        // protocol assignments, Teredo among them
    Network{{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    Network{{0x3f, 0xff}, 20},              // documentation
    Network{{0x5f, 0x00}, 16},              // segment routing
    Network{{0xfc}, 7},                     // unique local
    Network{{0xfe, 0x80}, 10},              // link-local
    Network{{0xfe, 0xc0}, 10},              // site-local
    Network{{0xff}, 8},                     // multicast
};
constexpr Network kMapped{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96};
constexpr Network kUnspecified{{0}, 96};  // ::, ::1 and the old form with an IPv4 address
constexpr Network kNat64{{0x00, 0x64, 0xff, 0x9b}, 96};
constexpr Network kNat64Local{{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48};
constexpr Network k6to4{{0x20, 0x02}, 16};

using Bytes = std::span<const std::uint8_t>;

bool lies_in(Bytes address, const Network& network) {
  const unsigned whole = network.bits / 8;
  if (!std::equal(address.begin(), address.begin() + whole, network.prefix.begin())) return false;
  const unsigned rest = network.bits % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff << (8 - rest));
  return (address[whole] & mask) == (network.prefix[whole] & mask);
}

bool is_public4(Bytes address) {
  return std::ranges::none_of(kClosed4, [&](const auto& each) { return lies_in(address, each); });
}

bool is_public6(Bytes address) {
  if (lies_in(address, kMapped) || lies_in(address, kNat64)) return is_public4(address.subspan(12));
  if (lies_in(address, k6to4)) return is_public4(address.subspan(2, 4));
  if (lies_in(address, kUnspecified) || lies_in(address, kNat64Local)) return false;
  return std::ranges::none_of(kClosed6, [&](const auto& each) { return lies_in(address, each); });
}

}  // namespace

bool is_public_address(const sockaddr& address, std::size_t size) {
  if (address.sa_family == AF_INET && size >= sizeof(sockaddr_in)) {
    sockaddr_in in4{};
    std::memcpy(&in4, &address, sizeof in4);
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &in4.sin_addr, bytes.size());
    return is_public4(bytes);
  }
  if (address.sa_family == AF_INET6 && size >= sizeof(sockaddr_in6)) {
    sockaddr_in6 in6{};
    std::memcpy(&in6, &address, sizeof in6);
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &in6.sin6_addr, bytes.size());
    return is_public6(bytes);
  }
  return false;
}

}  // namespace holdpoint::client
