// Which network addresses are public. A call to a URL that somebody else chose must not reach what
// only this machine or its network can reach (server-side request forgery): the address is looked
// at after the name was resolved and before anything is sent to it, since a name may lead anywhere.
#pragma once

#include <cstddef>

struct sockaddr;

namespace holdpoint::client {

/// Whether the address is on the public internet: not loopback, private, link-local, shared,
/// multicast, reserved or for documentation (the registries of RFC 6890), also when an IPv4 address
/// stands inside an IPv6 one. Any other family is not.
bool is_public_address(const sockaddr& address, std::size_t size);

}  // namespace holdpoint::client
