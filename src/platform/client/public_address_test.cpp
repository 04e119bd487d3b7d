// Addresses that are public and those that are not, also in disguise.
#include "platform/client/public_address.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>

#include <string>

namespace holdpoint::client {
namespace {

bool is_public(const std::string& text) {
  sockaddr_in in4{};
  if (::inet_pton(AF_INET, text.c_str(), &in4.sin_addr) == 1) {
    in4.sin_family = AF_INET;
    return is_public_address(reinterpret_cast<const sockaddr&>(in4), sizeof in4);
  }
  sockaddr_in6 in6{};
  in6.sin6_family = AF_INET6;
  REQUIRE(::inet_pton(AF_INET6, text.c_str(), &in6.sin6_addr) == 1);
  return is_public_address(reinterpret_cast<const sockaddr&>(in6), sizeof in6);
}

TEST_CASE("addresses of this machine, of its network and of no place are not public") {
  for (const char* text :
       {"0.0.0.0",     "10.1.2.3",        "100.64.0.1",  "100.127.255.255", "127.0.0.1",
        "127.255.0.9", "169.254.169.254", "172.16.0.1",  "172.31.255.255",  "192.0.0.8",
        "192.0.2.1",   "192.168.0.1",     "198.18.0.1",  "198.19.255.255",  "198.51.100.7",
        "203.0.113.9", "224.0.0.1",       "240.0.0.1",   "255.255.255.255", "::",
        "::1",         "fe80::1",         "febf::1",     "fec0::1",         "fc00::1",
        "fd12::1",     "ff02::1",         "2001:db8::1", "100::1",          "2001::1"}) {
    CAPTURE(text);
    CHECK_FALSE(is_public(text));
  }
}

TEST_CASE("an address of the machine is not public inside an IPv6 address either") {
  for (const char* text :
       {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::127.0.0.1",
        "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::1", "2002:c0a8:101::1"}) {
    CAPTURE(text);
    CHECK_FALSE(is_public(text));
  }
}

TEST_CASE("addresses of the internet are public, up to the edges of what is not") {
  for (const char* text :
       {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.0.0.1",
        "128.0.0.1", "169.253.0.1", "172.15.255.255", "172.32.0.0", "192.167.0.1", "198.17.0.1",
        "198.20.0.1", "223.255.255.255", "2606:4700::1", "2a00:1450::1", "::ffff:1.1.1.1",
        "64:ff9b::1.1.1.1", "2002:101:101::1"}) {
    CAPTURE(text);
    CHECK(is_public(text));
  }
}

TEST_CASE("an address of another family, or one cut short, is not public") {
  sockaddr_in in4{};
  in4.sin_family = AF_UNIX;
  CHECK_FALSE(is_public_address(reinterpret_cast<const sockaddr&>(in4), sizeof in4));
  in4.sin_family = AF_INET;
  in4.sin_addr.s_addr = htonl(0x01010101);
  CHECK_FALSE(is_public_address(reinterpret_cast<const sockaddr&>(in4), 4));
}

}  // namespace
}  // namespace holdpoint::client
