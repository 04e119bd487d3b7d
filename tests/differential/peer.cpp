// See peer.hpp.
#include "differential/peer.hpp"

#include <sys/wait.h>

#include <cstdlib>

namespace holdpoint::differential {

Peer::Peer(const std::string& arguments)
    // Paths of the build folder stand in single quotes and hold none.
    : lines_(::popen(("exec '" HP_NODE "' '" HP_DIFFERENTIAL "/generate.mjs' " + arguments).c_str(),
                     "r")) {}

Peer::~Peer() {
  if (lines_ != nullptr) ::pclose(lines_);
  std::free(buffer_);  // NOLINT(cppcoreguidelines-no-malloc): getline allocates it
}

std::optional<json::object> Peer::next() {
  if (lines_ == nullptr) return std::nullopt;
  const ssize_t count = ::getline(&buffer_, &buffer_bytes_, lines_);
  if (count <= 0) return std::nullopt;
  return json::parse(std::string_view(buffer_, static_cast<std::size_t>(count))).as_object();
}

bool Peer::succeeded() {
  if (lines_ != nullptr) {
    status_ = ::pclose(lines_);
    lines_ = nullptr;
  }
  return WIFEXITED(status_) && WEXITSTATUS(status_) == 0;
}

}  // namespace holdpoint::differential
